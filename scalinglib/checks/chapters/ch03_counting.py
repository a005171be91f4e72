"""Checks of chapter 3, counting: what students may see."""

from .. import Number, Option, Part, Prediction, Question, Several

_CHANGED = " + ".join(
    f"min(1, abs({mine} - {printed}))"
    for mine, printed in (
        ("layers", "n_layer"),
        ("width", "d_model"),
        ("heads", "n_head"),
        ("head_width", "d_head"),
    )
)
_COUNTED = "near(12 * layers * width ** 2 + n_vocab * width, 1e6 * n_millions, 0.003)"


def _mended(n_layer, d_model, n_head, d_head, n_vocab, n_millions):
    """Layers, width, heads and their width as they were before the misprint."""
    counted = abs((12 * n_layer * d_model**2 + n_vocab * d_model) / (1e6 * n_millions) - 1) < 0.003
    if n_head * d_head == d_model:  # what is left is the layers
        n_layer = round((1e6 * n_millions - n_vocab * d_model) / (12 * d_model**2))
    elif not counted:
        d_model = n_head * d_head
    elif d_model % d_head:
        d_head = d_model / n_head
    else:
        n_head = d_model / d_head
    return {"layers": n_layer, "width": d_model, "heads": n_head, "head_width": d_head}


_ONE_CHANGED = f"abs({_CHANGED} - 1) < 0.5"

EXERCISES = (
    Number(
        id="03-layers-only",
        answer="inside_layers",
        given=("n_layer", "d_model", "d_ff", "n_vocab"),
        truth="n_layer * d_model * (4 * d_model + 2 * d_ff)",
        unit="parameters",
        bounds=(
            (
                "x > 1e5",
                "that is far too few for {n_layer} layers of width {d_model}; count every matrix, not every layer",
            ),
        ),
        mistakes=(
            (
                "n_layer * d_model * (4 * d_model + 2 * d_ff) + 2 * n_vocab * d_model",
                "that is the whole model; both vocabulary tables lie outside the layers",
            ),
            (
                "n_layer * d_model * (4 * d_model + 2 * d_ff) + n_vocab * d_model",
                "a vocabulary table is still in it: neither of the two lies in a layer",
            ),
            (
                "12 * n_layer * d_model ** 2",
                "12 n_layer d_model^2 takes d_ff as 4 d_model; here d_ff is {d_ff}",
            ),
            (
                "n_layer * d_model * (4 * d_model + d_ff)",
                "the feed-forward block has two matrices: there and back",
            ),
            ("d_model * (4 * d_model + 2 * d_ff)", "that is one layer; there are {n_layer}"),
            (
                "n_layer * d_model * (5 * d_model + 2 * d_ff)",
                "the fifth square matrix belongs to Chinchilla's positions; this model has none",
            ),
            (
                "n_layer * d_model * (d_model + 2 * d_ff)",
                "attention has four square matrices: query, key, value, output",
            ),
            (
                "n_layer * d_model * (3 * d_model + 2 * d_ff)",
                "attention has four square matrices: the output of the heads is multiplied too",
            ),
            (
                "n_layer * (4 * d_model ** 2 + 2 * d_ff ** 2)",
                "the feed-forward matrices are not square: {d_model} by {d_ff}",
            ),
        ),
        generic="put your number back: it is not {n_layer} layers of four square matrices and two of {d_model} by {d_ff}",
        hints=(
            "Write down the shape of every matrix of one layer. There are six.",
            "Four of them are d_model by d_model, two are d_model by d_ff.",
            "`one_layer = 4 * d_model**2 + ...`",
        ),
        praise="six matrices a layer, and no table",
    ),
    Number(
        id="03-context-share",
        answer="context_needed",
        given=("n_layer", "d_model", "n_vocab", "share"),
        truth="share / (1 - share) * (24 * n_layer * d_model + 2 * n_vocab) / (4 * n_layer)",
        unit="tokens",
        rtol=0.003,
        bounds=(("x > 0", "a context is a number of tokens"),),
        mistakes=(
            (
                "share / (1 - share) * 6 * d_model",
                "the output layer is missing from the whole: 2 n_vocab d_model a token",
            ),
            (
                "share / (1 - share) * 12 * d_model",
                "that is Kaplan's half square, and without the output layer; here every score of the square is computed",
            ),
            (
                "share / (1 - share) * (24 * n_layer * d_model + 2 * n_vocab) / (2 * n_layer)",
                "that counts half of the square; here every score is computed, 4 x d_model a layer",
            ),
            (
                "share * (24 * n_layer * d_model + 2 * n_vocab) / (4 * n_layer)",
                "that is the share {share:g} of the rest; the scores are to be that share of everything, themselves included",
            ),
            (
                "12 * d_model",
                "12 d_model is where Kaplan's half of the scores equals the matrices of a layer",
            ),
            (
                "6 * d_model",
                "6 d_model is where the scores equal the matrices of a layer, output layer left out",
            ),
            (
                "share / (1 - share) * (24 * d_model + 2 * n_vocab) / 4",
                "the output layer comes once, not once a layer",
            ),
            (
                "share / (1 - share) * (24 * n_layer * d_model + 4 * n_vocab) / (4 * n_layer)",
                "the look-up at the input multiplies nothing: the table costs FLOPs at the output only",
            ),
            (
                "(1 - share) / share * (24 * n_layer * d_model + 2 * n_vocab) / (4 * n_layer)",
                "the odds are the wrong way round: a small share needs a short context",
            ),
            (
                "share / (1 - share) * (12 * n_layer * d_model + n_vocab) / (4 * n_layer)",
                "those are weights, not FLOPs: each weight of a matrix costs 2 for a token",
            ),
            (
                "share / (1 - share) * (24 * n_layer * d_model + n_vocab) / (4 * n_layer)",
                "a weight of the output layer costs 2 FLOPs a token, as every other",
            ),
            (
                "share / (1 - share) * (72 * n_layer * d_model + 6 * n_vocab) / (4 * n_layer)",
                "there the matrices are counted forward and backward and the scores only forward; both triple",
            ),
            (
                "share / (1 - share) * (24 * n_layer * d_model + 2 * n_vocab) / 4",
                "those are the scores of one layer; every one of the {n_layer} layers has them",
            ),
            (
                "(24 * n_layer * d_model + 2 * n_vocab) / (4 * n_layer)",
                "there the scores cost as much as all the rest: a share of one half, not of {share:g}",
            ),
            (
                "share / (1 - share) * (12 * n_layer * d_model + 2 * n_vocab) / (4 * n_layer)",
                "the layers have 12 d_model^2 weights each, and each weight costs 2 FLOPs a token",
            ),
        ),
        generic="put your context back: the scores do not take the share {share:g} of the whole",
        hints=(
            "Forward FLOPs for one token: scores, matrices of the layers, output layer. Backward is twice all of them.",
            "With L layers, 4 L d n_ctx is to be `share` of 4 L d n_ctx + 24 L d^2 + 2 V d: solve for n_ctx.",
            "`rest = 24 * n_layer * d_model**2 + 2 * n_vocab * d_model`",
        ),
        praise="at that context the scores take the share that you were given",
    ),
    Several(
        id="03-training-bill",
        answer="bill",
        given=("n_params", "n_tokens", "peak_flops", "utilisation", "per_hour", "watts", "pue"),
        derived={
            "ideal": lambda n_params, n_tokens, peak_flops, **_: (
                6 * n_params * n_tokens / peak_flops / 3600
            )
        },
        parts=(
            Part(
                name="gpu_hours",
                truth="ideal / utilisation",
                unit="GPU-hours",
                rtol=0.01,
                mistakes=(
                    (
                        "ideal",
                        "that is a chip that always reaches its peak: the utilisation is missing",
                    ),
                    (
                        "ideal * utilisation",
                        "a chip that reaches less of its peak needs more hours, not fewer",
                    ),
                    ("3600 * ideal / utilisation", "those are seconds: an hour has 3600 of them"),
                    (
                        "ideal / utilisation / 6",
                        "the 6 is missing: each token costs 6 FLOPs a parameter, forward and backward",
                    ),
                    (
                        "ideal / utilisation / 3",
                        "2 N D is the forward pass alone; training costs three times that",
                    ),
                    (
                        "ideal / utilisation * n_params / 6",
                        "N is squared in it: C is 6 N D, not N^2 D",
                    ),
                ),
                generic="your GPU-hours at {utilisation:g} of the peak do not make 6 N D FLOPs",
            ),
            Part(
                name="money",
                truth="gpu_hours * per_hour",
                unit="dollars",
                rtol=0.01,
                mistakes=(
                    ("kwh * per_hour", "the price is for a GPU-hour, not for a kilowatt-hour"),
                ),
                generic="the money is not your hours times the price of one",
            ),
            Part(
                name="kwh",
                truth="gpu_hours * watts * pue / 1000",
                unit="kWh",
                rtol=0.01,
                mistakes=(
                    ("gpu_hours * watts * pue", "those are watt-hours; a kilowatt is 1000 watts"),
                    (
                        "gpu_hours * watts / 1000",
                        "the building draws more than its chips: the PUE is missing",
                    ),
                    (
                        "gpu_hours * watts / pue / 1000",
                        "the PUE makes the energy larger, not smaller",
                    ),
                ),
                generic="the energy is not that of your hours: watts times hours are watt-hours, and the building adds its share",
            ),
        ),
        bounds=(("gpu_hours > 0", "hours are positive"),),
        hints=(
            "Go one step at a time: FLOPs, seconds of one chip, hours; then hours to money, and hours to energy.",
            "hours = 6 N D / (peak x utilisation x 3600); money = hours x price; kWh = hours x watts x PUE / 1000.",
            "`hours = planning.gpu_hours(6 * n_params * n_tokens, peak_flops, utilisation)`",
        ),
        praise="hours, money and energy all follow from 6 N D and your assumptions",
    ),
    Several(
        id="03-misprint",
        answer="mended",
        given=("n_layer", "d_model", "n_head", "d_head", "n_vocab", "n_millions"),
        derived={
            f"true_{name}": lambda name=name, **row: _mended(**row)[name]
            for name in ("layers", "width", "heads", "head_width")
        },
        parts=(
            Part(
                name="layers",
                truth="true_layers",
                exact=True,
                generic="only one of the four entries was misprinted; keep the other three",
            ),
            Part(
                name="width",
                truth="true_width",
                exact=True,
                generic="only one of the four entries was misprinted; keep the other three",
            ),
            Part(
                name="heads",
                truth="true_heads",
                exact=True,
                generic="only one of the four entries was misprinted; keep the other three",
            ),
            Part(
                name="head_width",
                truth="true_head_width",
                exact=True,
                generic="only one of the four entries was misprinted; keep the other three",
            ),
        ),
        quiet=True,
        bounds=(
            (
                "not (min(1, abs(layers - n_layer)) + min(1, abs(width - d_model)) + min(1, abs(heads - n_head)) + min(1, abs(head_width - d_head)) < 0.5)",
                "that is the row as printed. Compare heads times their width with the width, and the count with the matrices",
            ),
            (
                "not (near(12 * layers * width ** 2 + n_vocab * width, 1e6 * n_millions, 0.003) and near(width, heads * head_width, 1e-9) and abs(min(1, abs(layers - n_layer)) + min(1, abs(width - d_model)) + min(1, abs(heads - n_head)) + min(1, abs(head_width - d_head)) - 1) < 0.5 and not (near(heads, true_heads, 1e-9) and near(head_width, true_head_width, 1e-9)))",
                "the product is right, but heads are counted and so are the directions of a head: neither has a fraction",
            ),
            (
                "not (near(heads, d_head, 1e-9) and near(head_width, n_head, 1e-9))",
                "heads and head width have changed places, which mends no product and no count",
            ),
            (
                "not (not near(width, d_model, 1e-9) and near(width, n_head * d_head, 1e-9) and near(layers, n_layer, 1e-9) and not near(12 * layers * width ** 2 + n_vocab * width, 1e6 * n_millions, 0.003))",
                "that makes the width agree with the heads, but then the parameters are not {n_millions:g} million: the width was right",
            ),
            (
                "not (near(width, d_model, 1e-9) and near(layers, n_layer, 1e-9) and not near(width, heads * head_width, 1e-9))",
                "heads and their width are whole numbers whose product is the width; yours do not multiply to {d_model}",
            ),
            (
                "not (not near(layers, n_layer, 1e-9) and near(d_model, n_head * d_head, 1e-9) and not near(12 * layers * width ** 2 + n_vocab * width, 1e6 * n_millions, 0.003))",
                "the layers are what is wrong, but with yours the matrices do not add up to {n_millions:g} million",
            ),
            (
                "not (not near(layers, n_layer, 1e-9) and not near(d_model, n_head * d_head, 1e-9))",
                "other layers cannot make the heads as wide as the model: look at the width, the heads and their width",
            ),
            (
                "layers > 0 and width > 0 and heads > 0 and head_width > 0",
                "all four are counts, so they are positive",
            ),
            (
                "near(width, heads * head_width, 1e-9)",
                "in your row the heads side by side are not as wide as the model",
            ),
            (
                "near(12 * layers * width ** 2 + n_vocab * width, 1e6 * n_millions, 0.003)",
                "your row does not have {n_millions:g} million parameters",
            ),
        ),
        hints=(
            "A row tells one thing twice: the heads side by side are the width, and the matrices add up to the parameters.",
            "heads x head_width = width, and 12 layers width^2 + n_vocab width = n_millions x 10^6.",
            "`count = lambda layers, width: 12 * layers * width**2 + n_vocab * width`",
        ),
        praise="three witnesses agree, and one entry was wrong",
    ),
)

QUESTIONS = (
    Question(
        id="03-why-four",
        prompt="Forward, a weight costs 2 FLOPs for each token. Why does the backward pass cost 4?",
        options=(
            Option(
                "Every value is computed a second time before its gradient is taken.",
                why="Some programs do that to save memory, and it costs 2 more on top. The 4 are there without it.",
                key="a",
            ),
            Option(
                "A derivative needs two function values, so everything is done twice.",
                why="That is how finite differences work. Backpropagation uses the chain rule: two exact products, no second evaluation.",
                key="c",
            ),
            Option(
                "Two matrix products are needed: one for the gradient of the weights, one to pass the gradient on to the layer below.",
                right=True,
                why="Each of the two multiplies as often as the forward product, so they cost 2 + 2.",
                key="b",
            ),
            Option(
                "The update of the weights costs as much as computing their gradient.",
                why="The update happens once a step, not once a token. With many thousand tokens in a step it is next to nothing.",
                key="d",
            ),
        ),
    ),
    Question(
        id="03-longer-context",
        prompt="You train the same model on the same number of tokens, cut into pieces twice as long. What changes?",
        options=(
            Option(
                "The FLOPs of the scores double; the matrices cost what they did.",
                right=True,
                why="The cost of the scores is proportional to the context, that of the matrices is not.",
                key="c",
            ),
            Option(
                "Nothing: C = 6 N D, and neither N nor D has changed.",
                why="6 N D does not know the context. The scores between tokens have no parameters, and each token now has twice as many to compare with.",
                key="a",
            ),
            Option(
                "Parameters and FLOPs both double.",
                why="No matrix has grown. Only a table of positions, where there is one, gets longer.",
                key="b",
            ),
            Option(
                "The FLOPs of the scores grow fourfold, because the square of scores is four times as large.",
                why="The square is four times as large for one piece, but there are half as many pieces. For a token it doubles.",
                key="d",
            ),
        ),
    ),
    Question(
        id="03-twice-the-utilisation",
        prompt="Better software lifts the utilisation from 20 % to 40 %; nothing else changes. What happens to the bill for energy, if a chip draws its full power all the time?",
        options=(
            Option(
                "It halves: so do the hours.",
                right=True,
                why="Energy is power times hours. At twice the utilisation the FLOPs are done in half the hours, and the rent halves too.",
                key="c",
            ),
            Option(
                "It stays: the same FLOPs need the same energy.",
                why="That would hold if waiting were free. A chip that waits for data draws much of its power all the same, and here all of it.",
                key="a",
            ),
            Option(
                "It doubles: the chips work twice as hard.",
                why="They compute twice as much in an hour, but the power is the same by assumption, and the hours are fewer.",
                key="b",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="03-tables-share",
        unit="%",
        lo=0,
        hi=100,
        prompt="Pythia 70M has about 70 million parameters. Two of its tables have 50,304 rows each, one for each token and a "
        "few for padding. What share of its parameters lies in these two tables?",
    ),
    Prediction(
        id="03-gpt3-bill",
        unit="dollars",
        lo=1,
        hi=10**10,
        prompt="Train GPT-3 once, on rented chips of today: 10^15 FLOP/s at their peak, 40 % of it reached, 2 dollars an "
        "hour. What does it cost?",
    ),
)
