"""Checks of chapter 3, counting: what students may see."""

import math

from .. import Number, Option, Part, Prediction, Question, Several
from ..slips import apart

_INSIDE = "n_layer * d_model * (4 * d_model + 2 * d_ff)"
_ODDS = "ctx_share / (1 - ctx_share)"
_REST = "(24 * ctx_layers * ctx_width + 2 * ctx_vocab)"  # FLOPs for a token, over the width

# of a misprinted row: how many of its entries are changed, and whether what is printed agrees
_CHANGED = (
    "("
    + " + ".join(
        f"min(1, 1e6 * abs({name} - printed_{name}))"
        for name in ("layers", "width", "heads", "head_width")
    )
    + ")"
)
_COUNTED = "near(12 * layers * width ** 2 + printed_vocab * width, 1e6 * printed_millions, 0.003)"
_WIDE = "near(width, heads * head_width, 1e-9)"
_HEADS_FIT = "near(printed_width, printed_heads * printed_head_width, 1e-9)"
_ONLY = {  # the one entry that is changed
    name: f"{_CHANGED} < 1.5 and not near({name}, printed_{name}, 1e-9)"
    for name in ("layers", "width", "heads", "head_width")
}
_OTHER_LAYERS = "not near(layers, printed_layers, 1e-9) and not near(layers, true_layers, 1e-9)"


_INSIDES = apart(
    "inside_layers",
    _INSIDE,
    (
        (
            "12 * n_layer * d_ff ** 2",
            "12 d² a layer is for the width d_model, and where d_ff is four times as wide",
        ),
        (
            f"{_INSIDE} + n_layer * n_vocab * d_model",
            "no layer has a vocabulary table: both lie outside",
        ),
        (
            f"{_INSIDE} + 2 * n_layer * n_vocab * d_model",
            "no layer has a vocabulary table: both lie outside",
        ),
    ),
)
_OTHER_VOCABULARY = apart(
    "vocabulary",
    f"{_ODDS} * {_REST} / (4 * ctx_layers)",
    (
        (
            f"{_ODDS} * (24 * ctx_layers * ctx_width + 2 * 50257) / (4 * ctx_layers)",
            "the chapter's vocabulary has 50,257; yours has {ctx_vocab} tokens",
        ),
    ),
    share=0.012,
)
_CONTEXTS = apart(
    "context_needed",
    f"{_ODDS} * {_REST} / (4 * ctx_layers)",
    (
        *(
            (
                f"{_ODDS} * ({flops} * ctx_layers * ctx_width + 2 * ctx_vocab) / (4 * ctx_layers)",
                "a layer has 12 squares, four of attention and eight of the feed-forward block",
            )
            for flops in (26, 28)
        ),
        (
            f"sqrt({_ODDS} * {_REST} / (4 * ctx_layers))",
            "for one token the scores grow as the context, not as its square: take no root",
        ),
        ("share_in_1", "the share {ctx_share:g} was rounded to one decimal"),
    ),
    {
        "share_in_1": lambda ctx_layers, ctx_width, ctx_vocab, ctx_share: (
            round(ctx_share, 1)
            / (1 - round(ctx_share, 1))
            * (24 * ctx_layers * ctx_width + 2 * ctx_vocab)
            / (4 * ctx_layers)
        )
    },
)


def _mended(
    printed_layers,
    printed_width,
    printed_heads,
    printed_head_width,
    printed_vocab,
    printed_millions,
):
    """Layers, width, heads and their width as they were before the misprint."""
    layers, width, heads, head_width = (
        printed_layers,
        printed_width,
        printed_heads,
        printed_head_width,
    )
    count = 12 * layers * width**2 + printed_vocab * width
    if heads * head_width == width:  # what is left is the layers
        layers = round((1e6 * printed_millions - printed_vocab * width) / (12 * width**2))
    elif abs(count / (1e6 * printed_millions) - 1) >= 0.003:
        width = heads * head_width
    elif width % head_width:
        head_width = width / heads
    else:
        heads = width / head_width
    return {"layers": layers, "width": width, "heads": heads, "head_width": head_width}


# what somebody may take in place of the run's own hours: a factor on them, and the words
_OTHER_HOURS = {
    "1 / 6": "the 6 of 6 N D is missing",
    "1 / 3": "2 N D is the forward pass alone; training costs three times that",
    "2 / 3": "4 N D is the backward pass alone; the forward pass comes on top",
    "4 / 3": "8 N D repeats the forward pass to save memory; plain training costs 6",
    "utilisation / 0.4": "that takes the chapter's 40 % of the peak; here {utilisation:g} is "
    "reached",
    "chip_peak / 1e15": "that takes the chapter's chip of 1e15 FLOP/s; yours has {chip_peak:g}",
    "chip_peak * utilisation / 0.4e15": "that takes the chapter's chip, 1e15 FLOP/s and 40 % of "
    "it; here both are others",
}


def _context(of_odds):
    """A context from other odds, as a derived quantity; nan where it is nearly right."""

    def said(ctx_layers, ctx_width, ctx_vocab, ctx_share):
        odds = ctx_share / (1 - ctx_share)
        rest = (24 * ctx_layers * ctx_width + 2 * ctx_vocab) / (4 * ctx_layers)
        right, found = odds * rest, of_odds(ctx_share, odds) * rest
        third_digit = 10 ** (math.floor(math.log10(right)) - 2)
        return found if abs(found - right) > max(1.1 * third_digit, 0.003 * right) else math.nan

    return said


def _with_an_a100(n_params, n_tokens, chip_peak, utilisation, **_):
    """The hours of another chip; nan where yours has nearly its peak."""
    hours = 6 * n_params * n_tokens / 312e12 / 3600 / utilisation
    return hours if abs(chip_peak / 312e12 - 1) > 0.05 else math.nan


def _bill_of_page(n_params, n_tokens, chip_peak, utilisation, chip_price, **_):
    """What GPT-3 costs on the page; nan where this run costs nearly that."""
    right = 6 * n_params * n_tokens / chip_peak / utilisation / 3600 * chip_price
    return 436e3 if abs(436e3 / right - 1) > 0.1 else math.nan


def _width_rounded(n_layer, d_model, d_ff, **_):
    """What the layers hold, the width in two digits; nan where it is nearly right."""
    rounded = float(f"{d_model:.1e}")
    found, right = (n_layer * width * (4 * width + 2 * d_ff) for width in (rounded, d_model))
    return found if abs(found / right - 1) > 0.02 else math.nan


EXERCISES = (
    Number(
        id="03-layers-only",
        answer="inside_layers",
        given=("n_layer", "d_model", "d_ff", "n_vocab"),
        derived={"width_rounded": _width_rounded, **_INSIDES.derived},
        truth=_INSIDE,
        unit="parameters",
        bounds=(
            (
                "x > 1e5",
                "that is far too few for {n_layer} layers of width {d_model}: "
                "count the entries of every matrix",
            ),
        ),
        mistakes=(
            (
                f"{_INSIDE} + 2 * n_vocab * d_model",
                "that is the whole model; both vocabulary tables lie outside the layers",
            ),
            (
                f"{_INSIDE} + n_vocab * d_model",
                "a vocabulary table is still in it: neither of the two lies in a layer",
            ),
            *_INSIDES.mistakes,
            (
                "2 * n_vocab * d_model",
                "those are the two vocabulary tables, which lie outside the layers",
            ),
            (
                "n_vocab * d_model",
                "that is a vocabulary table, which lies outside the layers",
            ),
            (
                "12 * n_layer * d_model ** 2",
                "12 n_layer d_model^2 takes d_ff as 4 d_model; here d_ff is {d_ff}",
            ),
            (
                "width_rounded",
                "a width was rounded first; take the width {d_model} with all its digits",
            ),
            (
                "12 * d_model ** 2",
                "that is one layer, and with d_ff as 4 d_model; here d_ff is {d_ff}",
            ),
            (
                "n_layer * d_model * (4 * d_model + d_ff)",
                "the feed-forward block has two matrices: there and back",
            ),
            (
                "n_layer * d_model * (8 * d_model + 2 * d_ff)",
                "attention has four square matrices, not eight",
            ),
            (
                "n_layer * d_model * (4 * d_model + 3 * d_ff)",
                "three feed-forward matrices belong to a gated block; this one has two",
            ),
            (
                "n_layer * d_model * (12 * d_model + 2 * d_ff)",
                "12 d_model^2 holds a feed-forward block already, with d_ff as 4 d_model; here "
                "d_ff is {d_ff}",
            ),
            (
                "8 * n_layer * d_model ** 2",
                "that is the feed-forward block alone, and with d_ff as 4 d_model; here d_ff is "
                "{d_ff}",
            ),
            (
                "24 * n_layer * d_model ** 2",
                "those are FLOPs for a token, and with d_ff as 4 d_model; parameters are asked "
                "for, and here d_ff is {d_ff}",
            ),
            (
                "4 * n_layer * d_model ** 2 + 2 * n_vocab * d_model",
                "the feed-forward block is missing, and the vocabulary tables lie outside the "
                "layers",
            ),
            *(
                (f"{_INSIDE} * {zeros}", "that is off by a power of ten: count the zeros")
                for zeros in (10, 0.1)
            ),
            ("d_model * (4 * d_model + 2 * d_ff)", "that is one layer; there are {n_layer}"),
            *(
                (
                    f"12 * n_layer * d_model ** 2 + {tables} * n_vocab * d_model",
                    "12 n_layer d_model^2 takes d_ff as 4 d_model; here d_ff is {d_ff}. And no "
                    "vocabulary table lies in a layer",
                )
                for tables in (1, 2)
            ),
            *(
                (
                    f"{_INSIDE} - {tables} * n_vocab * d_model",
                    "the six matrices of a layer hold no vocabulary table: subtract none",
                )
                for tables in (1, 2)
            ),
            *(
                (
                    f"d_model * (4 * d_model + 2 * d_ff) + {tables} * n_vocab * d_model",
                    "that is one layer and a vocabulary table; there are {n_layer} layers, and no "
                    "table lies in them",
                )
                for tables in (1, 2)
            ),
            (
                "4 * d_model ** 2 + 2 * n_layer * d_model * d_ff",
                "every layer has its own attention: that counts one of {n_layer}",
            ),
            (
                "4 * n_layer * d_model ** 2 + 2 * d_model * d_ff",
                "every layer has its own feed-forward block: that counts one of {n_layer}",
            ),
            (
                "6 * n_layer * d_model ** 2",
                "only four of the six matrices are square; two are {d_model} by {d_ff}",
            ),
            (
                "6 * n_layer * d_model * d_ff",
                "four of the six matrices are square; only two are {d_model} by {d_ff}",
            ),
            (
                "n_layer * d_model * (2 * d_model + 4 * d_ff)",
                "four square ones and two of {d_model} by {d_ff}: the numbers changed places",
            ),
            (
                "n_layer * d_model * (4 * d_model + 8 * d_ff)",
                "d_ff is the width of the feed-forward block already: do not multiply it by 4",
            ),
            (
                "n_layer * d_model * (4 * d_model + 4 * d_ff)",
                "the feed-forward block has two matrices, there and back, not four",
            ),
            *(
                (
                    f"n_layer * d_model * (4{other} + 2 * d_ff)",
                    "attention's matrices are {d_model} by {d_model}: a width is missing there",
                )
                for other in ("", " * n_layer")
            ),
            (
                f"{_INSIDE} * (n_layer + 1) / n_layer",
                "that is one layer too many: there are {n_layer}",
            ),
            (
                f"3 * {_INSIDE}",
                "that is three times too many: parameters are counted once, forward or backward",
            ),
            (
                f"4 * {_INSIDE}",
                "that is four times too many: those are FLOPs of the backward pass",
            ),
            (
                "n_layer * (d_model + d_ff) * d_model",
                "a layer has four square matrices and two wide ones, not one of each",
            ),
            ("n_layer * d_model * d_ff", "that is one wide matrix a layer; five more follow"),
            ("4 * d_model ** 2", "that is the attention of one layer alone"),
            ("2 * d_model * d_ff", "that is the feed-forward block of one layer alone"),
            (
                "4 * n_layer * d_model ** 2",
                "that is the attention alone; the feed-forward block lies in the layers too",
            ),
            (
                "2 * n_layer * d_model * d_ff",
                "that is the feed-forward block alone; attention lies in the layers too",
            ),
            (
                "n_layer * d_model * (5 * d_model + 2 * d_ff)",
                "the fifth square matrix belongs to Chinchilla's positions; this model has none",
            ),
            (
                "n_layer * d_model * (d_model + 2 * d_ff)",
                "attention has four square matrices: query, key, value, output",
            ),
            (
                "n_layer * d_model * (2 * d_model + 2 * d_ff)",
                "attention has four square matrices: query, key, value, output",
            ),
            (
                f"{_INSIDE} / 2",
                "that is half of it: every layer has four square matrices and two wide ones",
            ),
            (
                f"{_INSIDE} * (n_layer - 1) / n_layer",
                "that is one layer too few: all {n_layer} have the same six matrices",
            ),
            (
                "n_layer * d_model * (3 * d_model + 2 * d_ff)",
                "attention has four square matrices: the output of the heads is multiplied too",
            ),
            (
                "n_layer * (4 * d_model ** 2 + 2 * d_ff ** 2)",
                "the feed-forward matrices are not square: {d_model} by {d_ff}",
            ),
            (
                "n_layer * (4 * d_model + 2 * d_ff)",
                "a matrix has rows times columns: a width of {d_model} is missing",
            ),
            (
                f"2 * {_INSIDE}",
                "that is twice too many: each entry of a matrix is one parameter, whatever "
                "its FLOPs",
            ),
            (
                f"6 * {_INSIDE}",
                "those are FLOPs for a token of training; parameters are asked for",
            ),
            (
                "n_layer * d_model ** 2",
                "that is one square matrix a layer; attention has four, and two more follow",
            ),
            (f"{_INSIDE} / 1e6", "that is in millions; parameters are asked for"),
            (f"{_INSIDE} / 1e9", "that is in billions; parameters are asked for"),
        ),
        generic="that is not {n_layer} layers of four square matrices and two of {d_model} by "
        "{d_ff}: work out one layer first, then all. (If you are near: carry more digits of it)",
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
        given=("ctx_layers", "ctx_width", "ctx_vocab", "ctx_share"),
        derived={
            "odds_tenth": _context(lambda _, odds: round(odds, 1)),
            "odds_rounded": _context(lambda _, odds: round(odds, 2)),
            "rest_for_odds": _context(lambda share, _: 1 - share),
            "a_third": _context(lambda *_: 0.5),
            **_OTHER_VOCABULARY.derived,
            **_CONTEXTS.derived,
        },
        truth=f"{_ODDS} * {_REST} / (4 * ctx_layers)",
        unit="tokens",
        bounds=(
            ("x > 0", "a context is a number of tokens"),
            (
                f"not near(x, {_ODDS} * {_REST} / (4 * ctx_layers), 0.05) "
                f"or near(x, {_ODDS} * {_REST} / (4 * ctx_layers), 1e-6)",
                "that is within five per cent: was it rounded, or share over 1 - share? Carry four "
                "digits",
            ),
        ),
        mistakes=(
            *(
                (
                    f"{_ODDS} * {_REST} / (4 * ctx_layers) * {tens}",
                    "a decimal point has moved: that is off by a power of ten",
                )
                for tens in (10, 0.1)
            ),
            (
                f"{_ODDS} * 6 * ctx_width",
                "the output layer is missing from the whole: 2 FLOPs for each of its weights",
            ),
            (
                f"{_ODDS} * 12 * ctx_width",
                "that is Kaplan's half square, and without the output layer; "
                "here every score of the square is computed",
            ),
            (
                "6 * ctx_share * ctx_width",
                "that is the share {ctx_share:g} of the layers' matrices; "
                "everything counts, the output layer and the scores too",
            ),
            (
                f"{_ODDS} * {_REST} / (2 * ctx_layers)",
                "that counts half of the square; here all scores are computed, and mixed",
            ),
            *(
                (
                    f"{_ODDS} * {_REST} / {scores}ctx_layers)",
                    "a score costs 4 FLOPs for each number of the width: 2 to compare, 2 to mix",
                )
                for scores in ("(", "(24 * ")
            ),
            (
                f"ctx_share * {_REST} / (4 * ctx_layers)",
                "that is the share {ctx_share:g} of the rest; "
                "the scores are to be that share of everything, themselves included",
            ),
            (
                f"{_REST} / (4 * ctx_layers * (1 - ctx_share))",
                "that is the context at which everything together costs as much: "
                "take the scores' share of it",
            ),
            (
                f"{_REST} / (4 * ctx_layers * ctx_share)",
                "that divides by the share; the scores are a share of the whole, "
                "so whole = rest + scores",
            ),
            (
                "12 * ctx_width",
                "12 widths is where Kaplan's half of the scores equals the matrices of a layer",
            ),
            (
                "6 * ctx_width",
                "6 widths is where the scores equal the matrices of a layer, output layer left out",
            ),
            (
                f"{_ODDS} * (24 * ctx_width + 2 * ctx_vocab) / 4",
                "the output layer comes once, not once a layer",
            ),
            (
                f"{_ODDS} * (24 * ctx_layers * ctx_width + 4 * ctx_vocab) / (4 * ctx_layers)",
                "the look-up at the input multiplies nothing: "
                "the table costs FLOPs at the output only",
            ),
            (
                f"(1 - ctx_share) / ctx_share * {_REST} / (4 * ctx_layers)",
                "the odds are the wrong way round: a small share needs a short context",
            ),
            (
                f"{_ODDS} * (12 * ctx_layers * ctx_width + ctx_vocab) / (4 * ctx_layers)",
                "those are weights, not FLOPs: each weight of a matrix costs 2 for a token",
            ),
            (
                f"{_ODDS} * (24 * ctx_layers * ctx_width + ctx_vocab) / (4 * ctx_layers)",
                "a weight of the output layer costs 2 FLOPs a token, as every other",
            ),
            (
                f"{_ODDS} * (16 * ctx_layers * ctx_width + 2 * ctx_vocab) / (4 * ctx_layers)",
                "the attention's four matrices multiply as well: a layer has 12 squares, not 8",
            ),
            (
                f"{_ODDS} * (8 * ctx_layers * ctx_width + 2 * ctx_vocab) / (4 * ctx_layers)",
                "the feed-forward block multiplies as well: a layer has 12 squares, not 4",
            ),
            (
                f"ctx_share / (1 + ctx_share) * {_REST} / (4 * ctx_layers)",
                "the rest is one less the share, not one more",
            ),
            (
                f"{_ODDS} * 3 * {_REST} / (4 * ctx_layers)",
                "there the matrices are counted forward and backward "
                "and the scores only forward; both triple",
            ),
            (
                f"{_ODDS} * {_REST} / (12 * ctx_layers)",
                "there the scores are counted forward and backward and the matrices only forward; "
                "both triple",
            ),
            (
                f"{_ODDS} * {_REST} / (8 * ctx_layers)",
                "the scores are counted twice: comparing and mixing are the 4 n_ctx d together",
            ),
            (
                f"{_ODDS} * 2 * ctx_vocab / (4 * ctx_layers)",
                "the matrices of the layers are missing from the whole",
            ),
            (
                f"{_ODDS} * 24 * ctx_width / 4 + 2 * {_ODDS} * ctx_vocab / 4",
                "the output layer comes once, not once a layer",
            ),
            (
                f"{_ODDS} * {_REST} / (4 * ctx_layers * ctx_width)",
                "that is a multiple of the width; a number of tokens is asked for",
            ),
            (
                f"{_ODDS} * {_REST} / (4 * ctx_layers) / 1000",
                "that is in thousands of tokens; tokens are asked for",
            ),
            (
                f"{_ODDS} * {_REST}",
                "those are the scores' FLOPs over the width: divide by what one token of context "
                "costs in all layers",
            ),
            (
                f"{_ODDS} * (24 * ctx_layers * ctx_width ** 2 + 2 * ctx_vocab) / "
                "(4 * ctx_layers * ctx_width)",
                "the output layer has a width: {ctx_vocab} tokens times {ctx_width}",
            ),
            *(
                (context, "2,048 is the context of the chapter's models; find yours")
                for context in ("2048", "2048 * ctx_share")
            ),
            (
                _ODDS,
                "that is how many times the rest the scores are to cost; with which context do "
                "they?",
            ),
            (
                f"{_ODDS} * {_REST} * ctx_width",
                "those are the FLOPs of the scores for a token; with which context are they so "
                "many?",
            ),
            (
                f"{_REST} * ctx_width",
                "those are the FLOPs of the layers and the output layer for a token; which "
                "context gives the scores their share?",
            ),
            (
                f"{_ODDS} * (96 * ctx_layers * ctx_width + 2 * ctx_vocab) / (4 * ctx_layers)",
                "the 12 squares of a layer hold d_ff = 4 d already: they cost 24 d_model^2 FLOPs",
            ),
            *(
                (
                    f"odds_{rounded}",
                    f"share over 1 - share was rounded to {decimals}; keep four digits of it",
                )
                for rounded, decimals in (("rounded", "two decimals"), ("tenth", "one decimal"))
            ),
            (
                "rest_for_odds",
                "1 - share belongs to the rest; scores over rest is share / (1 - share)",
            ),
            (
                "a_third",
                "there the scores are a third of everything; find where they are the share "
                "{ctx_share:g}",
            ),
            (
                f"{_ODDS} * 3 * ctx_width",
                "those are the weights of the layers; each costs 2 FLOPs for a token, and the "
                "output layer is missing",
            ),
            *(
                (
                    f"{_ODDS} * ({n} * ctx_layers * ctx_width + 2 * ctx_vocab) / (4 * ctx_layers)",
                    f"the 12 squares of a layer cost 24 d_model^2 FLOPs for a token, not {n}",
                )
                for n in (48, 32)
            ),
            (
                f"{_ODDS} * 6 * ctx_width + ctx_vocab / (2 * ctx_layers)",
                "the output layer is a part of the rest: the odds multiply all of it",
            ),
            (
                f"{_ODDS} * (24 * ctx_layers * ctx_width - 2 * ctx_vocab) / (4 * ctx_layers)",
                "the output layer is a part of the rest: add it to the layers",
            ),
            *(
                (
                    f"{_ODDS} * (24 * ctx_layers * ctx_width + {times} * ctx_vocab) "
                    "/ (4 * ctx_layers)",
                    "count all three forward only, or all forward and backward: the output layer "
                    "is counted otherwise than the layers",
                )
                for times in ("6", "2 / 3")
            ),
            (
                f"{_ODDS} * 12 * {_REST} / (24 * ctx_layers)",
                "that counts half of the square; here all scores are computed, and mixed",
            ),
            (
                f"{_ODDS} * {_REST} / 4",
                "those are the scores of one layer; every one of the {ctx_layers} layers has them",
            ),
            (
                f"{_ODDS} * {_REST} * ctx_width / (4 * ctx_layers)",
                "the width is in the scores too: it drops out of scores over matrices",
            ),
            (
                f"{_REST} / (4 * ctx_layers)",
                "there the scores cost as much as all the rest: "
                "a share of one half, not of {ctx_share:g}",
            ),
            (
                f"{_ODDS} * (12 * ctx_layers * ctx_width + 2 * ctx_vocab) / (4 * ctx_layers)",
                "the layers have 12 squares each, and each weight costs 2 FLOPs a token",
            ),
            (
                f"{_ODDS} * (24 * ctx_width + 2 * ctx_vocab) / (4 * ctx_layers)",
                "the matrices of one layer are in it; all {ctx_layers} layers have them",
            ),
            (
                f"100 * {_ODDS} * {_REST} / (4 * ctx_layers)",
                "the share {ctx_share:g} is a fraction: that is a hundred times as much",
            ),
            *_OTHER_VOCABULARY.mistakes,
            *_CONTEXTS.mistakes,
        ),
        generic="check it backwards: with that context the scores are not the share "
        "{ctx_share:g} of scores, layers and output layer together. (If you are near: carry more "
        "digits on the way)",
        hints=(
            "Forward FLOPs for one token: scores, matrices of the layers, output layer. "
            "Backward is twice all of them.",
            "With L layers of width d, 4 L d n_ctx is to be the share of "
            "4 L d n_ctx + 24 L d^2 + 2 V d: solve for n_ctx.",
            "`rest = 24 * ctx_layers * ctx_width**2 + 2 * ctx_vocab * ctx_width`",
        ),
        praise="at that context the scores take the share that you were given",
    ),
    Several(
        id="03-training-bill",
        answer="run_bill",
        given=(
            "n_params",
            "n_tokens",
            "chip_peak",
            "utilisation",
            "chip_price",
            "chip_watts",
            "building_pue",
        ),
        derived={
            "ideal": lambda n_params, n_tokens, chip_peak, **_: (
                6 * n_params * n_tokens / chip_peak / 3600
            ),
            "a100": _with_an_a100,
            "bill_of_page": _bill_of_page,
        },
        parts=(
            Part(
                name="gpu_hours",
                truth="ideal / utilisation",
                unit="GPU-hours",
                mistakes=(
                    (
                        "ideal",
                        "that is a chip that always reaches its peak: the utilisation is missing",
                    ),
                    (
                        "utilisation / ideal",
                        "that is upside down: FLOPs over FLOPs an hour are hours",
                    ),
                    (
                        "ideal * utilisation",
                        "a chip that reaches less of its peak needs more hours, not fewer",
                    ),
                    (
                        "ideal / (1 - utilisation)",
                        "the utilisation is what is reached, not what is lost",
                    ),
                    (
                        "ideal * (1 - utilisation)",
                        "fewer hours than at full peak cannot be: divide by the utilisation",
                    ),
                    (
                        "ideal / utilisation / 100",
                        "the utilisation is a share: {utilisation:g}, not a number of per cent",
                    ),
                    ("6 * ideal / utilisation", "the 6 is counted twice: C is 6 N D"),
                    ("3600 * ideal / utilisation", "those are seconds: an hour has 3600 of them"),
                    ("60 * ideal / utilisation", "those are minutes: an hour has 3600 seconds"),
                    ("ideal / utilisation / 24", "those are days of a chip; hours are asked for"),
                    ("ideal / utilisation * 24", "hours are asked for: no 24 is needed"),
                    (
                        "ideal / utilisation / chip_price",
                        "the price belongs to the money; hours are asked for here",
                    ),
                    (
                        "a100",
                        "that takes an A100's 312e12 FLOP/s; yours has {chip_peak:g}",
                    ),
                    (
                        "ideal / utilisation / 6",
                        "the 6 is missing: each token costs 6 FLOPs a parameter, "
                        "forward and backward",
                    ),
                    *(
                        (f"ideal / utilisation * {factor}", words)
                        for factor, words in _OTHER_HOURS.items()
                        if factor != "1 / 6"
                    ),
                    (
                        "ideal / utilisation * n_params / 6",
                        "N is squared in it: C is 6 N D, not N^2 D",
                    ),
                    (
                        "ideal / utilisation * 120 * n_params / n_tokens / 6",
                        "that takes 20 tokens a parameter; this run reads {n_tokens:.3g} tokens",
                    ),
                    (
                        "ideal * chip_peak",
                        "the peak is missing: divide by what a chip does in an hour",
                    ),
                    (
                        "ideal / utilisation / 1000",
                        "those are thousands of hours; hours are asked for",
                    ),
                    (
                        "ideal / utilisation * building_pue",
                        "the PUE is for energy; it makes no hours",
                    ),
                    (
                        "ideal / utilisation / building_pue",
                        "the PUE is for energy; it saves no hours",
                    ),
                    (
                        "ideal / utilisation ** 2",
                        "the utilisation is counted twice; the hours have it once",
                    ),
                    ("ideal / utilisation / 3600", "the 3600 seconds are counted twice"),
                    (
                        "3600 * ideal",
                        "those are seconds, and at full peak: the utilisation is missing",
                    ),
                    (
                        "ideal / utilisation / 24 / 365",
                        "those are years of a chip; hours are asked for",
                    ),
                    (
                        "ideal / utilisation * 1e12",
                        "the peak is in FLOP/s: {chip_peak:g}, not its trillions",
                    ),
                    ("ideal / utilisation / n_params", "the parameters are missing: C is 6 N D"),
                    ("ideal / utilisation / n_tokens", "the tokens are missing: C is 6 N D"),
                    (
                        "ideal / utilisation * n_tokens / n_params",
                        "the tokens are counted twice, the parameters not at all: C is 6 N D",
                    ),
                    (
                        "ideal / utilisation * n_params / n_tokens",
                        "the parameters are counted twice, the tokens not at all: C is 6 N D",
                    ),
                    (
                        "ideal / utilisation * chip_price",
                        "that is the money; hours are asked for here",
                    ),
                    (
                        "ideal / utilisation * chip_watts * building_pue / 1000",
                        "that is the energy; hours are asked for here",
                    ),
                    (
                        "ideal / 6",
                        "two things are missing: the 6 of 6 N D, and the utilisation",
                    ),
                    (
                        "ideal * 3600 * chip_peak",
                        "those are the FLOPs; divide by what a chip does in an hour",
                    ),
                    *(
                        (
                            f"ideal / utilisation * {zeros}",
                            "that is off by a power of ten: count the zeros of N, D and the peak",
                        )
                        for zeros in (100, 10, 0.1)
                    ),
                ),
                generic="check it backwards: that many hours, 3600 seconds each, at "
                "{utilisation:g} of the peak do not make 6 N D FLOPs. (If you are near: carry more "
                "digits on the way)",
            ),
            Part(
                name="money",
                truth="gpu_hours * chip_price",
                unit="dollars",
                mistakes=(
                    *(
                        (
                            f"gpu_hours * chip_price * {tens}",
                            "a decimal point has moved: that is off by a power of ten",
                        )
                        for tens in (10, 0.1)
                    ),
                    ("kwh * chip_price", "the price is for a GPU-hour, not for a kilowatt-hour"),
                    (
                        "gpu_hours / chip_price",
                        "an hour costs {chip_price:g} dollars: multiply, do not divide",
                    ),
                    ("gpu_hours", "those are the hours; each costs {chip_price:g} dollars"),
                    (
                        "ideal * chip_price",
                        "that is the price at full peak: chips are rented while they wait, too",
                    ),
                    (
                        "gpu_hours * chip_price * building_pue",
                        "the PUE is for energy; the price of an hour is given as it is",
                    ),
                    (
                        "gpu_hours * chip_price * utilisation",
                        "the utilisation is in the hours already; all rented hours are paid",
                    ),
                    (
                        "gpu_hours * chip_price / utilisation",
                        "the utilisation is in the hours already",
                    ),
                    (
                        "gpu_hours * chip_price * 3600",
                        "the price is for an hour, not for a second",
                    ),
                    (
                        "gpu_hours * chip_price * 24",
                        "the price is for an hour, not for a day",
                    ),
                    (
                        "gpu_hours * chip_price / 1000",
                        "those are thousands of dollars; dollars are asked for",
                    ),
                    (
                        "gpu_hours * chip_price / 1e6",
                        "those are millions of dollars; dollars are asked for",
                    ),
                    *(
                        (
                            f"gpu_hours * {factor} * chip_price",
                            f"that is the price of other hours: {words}",
                        )
                        for factor, words in _OTHER_HOURS.items()
                    ),
                    *(
                        (
                            f"gpu_hours * 2{and_}",
                            "2 dollars is the chapter's price; yours is {chip_price:g}",
                        )
                        for and_ in ("", " * building_pue")
                    ),
                    (
                        "gpu_hours * chip_price / 24",
                        "the price is for an hour, and there are as many as you found",
                    ),
                    (
                        "gpu_hours * chip_price / 3600",
                        "the hours are hours already: no 3600 is needed",
                    ),
                    (
                        "gpu_hours * chip_price * 100",
                        "those are cents; dollars are asked for",
                    ),
                    (
                        "gpu_hours * (chip_price + chip_watts / 1000)",
                        "that adds kilowatts to dollars; the price of the hours is all",
                    ),
                    (
                        "gpu_hours * chip_price + kwh",
                        "that adds kilowatt-hours to dollars; the price of the hours is all",
                    ),
                    (
                        "gpu_hours * chip_price ** 2",
                        "the price is counted twice",
                    ),
                    (
                        "gpu_hours * chip_watts * building_pue / 1000",
                        "those are kilowatt-hours; dollars are asked for",
                    ),
                    (
                        "gpu_hours * chip_watts * building_pue",
                        "those are watt-hours; dollars are asked for",
                    ),
                    (
                        "bill_of_page",
                        "about 436,000 dollars is the page's bill for GPT-3; this run is another",
                    ),
                    (
                        "gpu_hours * chip_watts / 1000 * chip_price",
                        "the price is for a GPU-hour, not for a kilowatt-hour",
                    ),
                    (
                        "gpu_hours * chip_price * chip_watts",
                        "the watts belong to the energy; the price of the hours is all",
                    ),
                    (
                        "6 * n_params * n_tokens / 1e18 * 1.39",
                        "that takes the chapter's price of an exaFLOP, with its chip; yours is "
                        "another",
                    ),
                ),
                generic="that is not your hours times {chip_price:g} dollars; see which hours went "
                "in. (If you are near: with all their digits)",
            ),
            Part(
                name="kwh",
                truth="gpu_hours * chip_watts * building_pue / 1000",
                unit="kWh",
                mistakes=(
                    *(
                        (
                            f"gpu_hours * chip_watts * building_pue / 1000 * {tens}",
                            "a decimal point has moved: that is off by a power of ten",
                        )
                        for tens in (10, 0.1)
                    ),
                    (
                        "gpu_hours * chip_watts * building_pue",
                        "those are watt-hours; a kilowatt is 1000 watts",
                    ),
                    (
                        "gpu_hours * chip_watts * building_pue / 1e6",
                        "those are megawatt-hours; kilowatt-hours are asked for",
                    ),
                    (
                        "gpu_hours * chip_watts / 1000",
                        "the building draws more than its chips: the PUE is missing",
                    ),
                    (
                        "gpu_hours * chip_watts",
                        "those are watt-hours, and the PUE is missing",
                    ),
                    (
                        "gpu_hours * building_pue",
                        "the watts of a chip are missing",
                    ),
                    ("gpu_hours", "those are the hours; energy is watts times hours"),
                    *(
                        (
                            f"gpu_hours * {factor} * chip_watts * building_pue / 1000",
                            f"that is the energy of other hours: {words}",
                        )
                        for factor, words in _OTHER_HOURS.items()
                    ),
                    (
                        "gpu_hours * 700 * building_pue / 1000",
                        "700 W is the chapter's chip; yours draws {chip_watts:g}",
                    ),
                    (
                        "gpu_hours * chip_watts * 1.1 / 1000",
                        "1.1 is the PUE of the chapter's building; yours has {building_pue:g}",
                    ),
                    (
                        "gpu_hours * 700 * 1.1 / 1000",
                        "700 W and a PUE of 1.1 are the chapter's; yours are {chip_watts:g} and "
                        "{building_pue:g}",
                    ),
                    (
                        "gpu_hours * 700 / 1000",
                        "700 W is the chapter's chip, and the PUE is missing",
                    ),
                    (
                        "gpu_hours * chip_watts * building_pue ** 2 / 1000",
                        "the PUE is counted twice",
                    ),
                    (
                        "gpu_hours * chip_watts * building_pue / utilisation / 1000",
                        "the utilisation is in the hours already",
                    ),
                    (
                        "ideal * chip_watts * building_pue",
                        "those are watt-hours, and at full peak: the utilisation is missing",
                    ),
                    (
                        "gpu_hours * chip_watts * building_pue / 1e9",
                        "those are gigawatt-hours; kilowatt-hours are asked for",
                    ),
                    (
                        "gpu_hours * building_pue / 1000",
                        "the watts of a chip are missing",
                    ),
                    (
                        "gpu_hours / chip_watts * building_pue / 1000",
                        "watts times hours are watt-hours: multiply, do not divide",
                    ),
                    (
                        "gpu_hours * chip_price",
                        "that is the money; kilowatt-hours are asked for",
                    ),
                    (
                        "gpu_hours * chip_watts * building_pue * 24 / 1000",
                        "hours stay hours here: no 24 is needed",
                    ),
                    *(
                        (
                            f"gpu_hours * (chip_watts / 1000 + {pue})",
                            "the PUE multiplies the kilowatts; there it is added to them",
                        )
                        for pue in ("building_pue", "building_pue - 1")
                    ),
                    (
                        "chip_watts * building_pue / 1000",
                        "those are the kilowatts of one chip; for how many hours does it run?",
                    ),
                    *(
                        (text, "hours stay hours here: watts times hours are watt-hours")
                        for text in (
                            "gpu_hours * chip_watts * building_pue / 24 / 1000",
                            "gpu_hours * chip_watts * building_pue * 60 / 1000",
                        )
                    ),
                    (
                        "gpu_hours * chip_price * chip_watts * building_pue / 1000",
                        "the price has no place in the energy",
                    ),
                    (
                        "gpu_hours * chip_watts * building_pue / 1000 / chip_price",
                        "the price has no place in the energy",
                    ),
                    (
                        "gpu_hours * chip_watts * building_pue / 100",
                        "a kilowatt is 1000 watts, not 100",
                    ),
                    (
                        "gpu_hours * chip_watts / building_pue / 1000",
                        "the PUE makes the energy larger, not smaller",
                    ),
                    (
                        "gpu_hours * chip_watts * (building_pue - 1) / 1000",
                        "that is what the building adds; the chips draw power themselves",
                    ),
                    (
                        "gpu_hours * chip_watts * (1 + building_pue) / 1000",
                        "the PUE is the total over the chips' own: it holds the chips already",
                    ),
                    (
                        "ideal * chip_watts * building_pue / 1000",
                        "that is the energy at full peak: a chip draws power while it waits, too",
                    ),
                    (
                        "gpu_hours * chip_watts * building_pue * utilisation / 1000",
                        "the utilisation is in the hours already; "
                        "a chip draws its watts all the time",
                    ),
                    (
                        "gpu_hours * chip_watts * building_pue * 3600",
                        "those are joules: a kilowatt-hour is 3.6 million of them",
                    ),
                    (
                        "gpu_hours * chip_watts * building_pue * 3.6",
                        "those are thousands of joules: a kilowatt-hour is 3600 of them",
                    ),
                    (
                        "gpu_hours * chip_watts * building_pue * 3.6 / 1000",
                        "those are millions of joules: a kilowatt-hour is 3.6 of them",
                    ),
                    *(
                        (
                            f"1000 * gpu_hours / chip_watts{and_}",
                            "hours times kilowatts: multiply by them, do not divide",
                        )
                        for and_ in ("", " * building_pue")
                    ),
                    *(
                        (
                            f"gpu_hours * chip_watts * building_pue / {seconds}",
                            "hours stay hours here: watts times hours are watt-hours",
                        )
                        for seconds in ("3600", "3600 / 1000")
                    ),
                ),
                generic="that is not your hours, times {chip_watts:g} W, times {building_pue:g}, "
                "over 1000; see which factor is another. (If you are near: take the hours with all "
                "their digits)",
            ),
        ),
        bounds=(
            ("gpu_hours > 0", "hours are positive"),
            ("money > 0", "a bill in dollars is positive"),
            ("kwh > 0", "the energy used is positive"),
        ),
        hints=(
            "Go one step at a time: FLOPs, seconds of one chip, hours; "
            "then hours to money, and hours to energy.",
            "hours = 6 N D / (peak x utilisation x 3600); money = hours x price; "
            "kWh = hours x watts x PUE / 1000.",
            "`hours = planning.gpu_hours(6 * n_params * n_tokens, chip_peak, utilisation)`",
        ),
        praise="hours, money and energy all follow from 6 N D and your assumptions",
    ),
    Several(
        id="03-misprint",
        answer="mended_row",
        given=(
            "printed_layers",
            "printed_width",
            "printed_heads",
            "printed_head_width",
            "printed_vocab",
            "printed_millions",
        ),
        derived={
            f"true_{name}": lambda name=name, **row: _mended(**row)[name]
            for name in ("layers", "width", "heads", "head_width")
        },
        parts=tuple(
            Part(
                name=name,
                truth=f"true_{name}",
                exact=True,
                generic="only one of the four entries was misprinted; keep the other three",
            )
            for name in ("layers", "width", "heads", "head_width")
        ),
        quiet=True,
        bounds=(
            (
                f"{_CHANGED} > 1e-9",
                "that is the row as printed. Compare heads times their width with the width, "
                "and the count with the matrices",
            ),
            (
                "layers > 0 and width > 0 and heads > 0 and head_width > 0",
                "all four are counts, so they are positive",
            ),
            (
                f"not ({_COUNTED} and {_WIDE} and {_CHANGED} < 1.5)"
                " or (near(heads, true_heads, 1e-9) and near(head_width, true_head_width, 1e-9)"
                " and near(width, true_width, 1e-9))",
                "the product is right, but heads are counted and so are the directions of a head: "
                "neither has a fraction",
            ),
            (
                "not (near(heads, printed_head_width, 1e-9) "
                "and near(head_width, printed_heads, 1e-9))",
                "heads and head width have changed places, which corrects no product and no count",
            ),
            (
                f"not ({_CHANGED} > 1.5 and near(heads * head_width, "
                "printed_heads * printed_head_width, 1e-9)"
                " and not near(heads, printed_heads, 1e-9))",
                "other heads with the same product change two entries; one was misprinted",
            ),
            (
                f"{_CHANGED} < 1.5",
                "more than one entry is changed in your row; only one was misprinted, so the "
                "other three stay as they are printed",
            ),
            (
                f"not ({_ONLY['layers']} and not {_HEADS_FIT})",
                "other layers cannot make the heads as wide as the model: "
                "look at the width, the heads and their width",
            ),
            (
                f"not ({_HEADS_FIT} and {_OTHER_LAYERS}"
                " and abs(layers - 1e6 * printed_millions / (12 * width ** 2)) <= 0.5)",
                "the layers are what is wrong, but the vocabulary's table "
                "is in the printed parameters too: take it off first",
            ),
            (
                f"not ({_HEADS_FIT} and {_OTHER_LAYERS}"
                " and abs(layers - (1e6 * printed_millions - 2 * printed_vocab * width)"
                " / (12 * width ** 2)) <= 0.5)",
                "the layers are what is wrong, but here the vocabulary has one table, not two",
            ),
            (
                f"not ({_HEADS_FIT} and near(layers, true_layers, 0.02)"
                " and abs(layers - true_layers) < 0.5 and not near(layers, true_layers, 1e-9))",
                "layers are counted: the printed parameters are rounded, and a layer has "
                "no fraction",
            ),
            (
                f"not ({_ONLY['layers']})",
                "the layers are what is wrong, but with yours the matrices "
                "do not add up to {printed_millions:g} million",
            ),
            (
                f"not ({_HEADS_FIT})",
                "in the printed row the heads side by side are as wide as the model, so width and "
                "heads were right: look at the layers",
            ),
            (
                f"not ({_ONLY['width']} and {_WIDE})",
                "that makes the width agree with the heads, "
                "but then the parameters are not {printed_millions:g} million: the width was right",
            ),
            (
                f"not ({_ONLY['width']} and {_COUNTED})",
                "that width gives about the printed parameters, "
                "but the heads side by side are to be exactly as wide",
            ),
            (
                f"not ({_ONLY['width']} and abs(12 * layers * width ** 2 "
                "/ (1e6 * printed_millions) - 1) < 0.002)",
                "the vocabulary's table is in the printed parameters too; and the heads side by "
                "side are exactly as wide",
            ),
            (
                f"not ({_ONLY['width']} and abs((12 * layers * width ** 2 + 2 * printed_vocab "
                "* width) / (1e6 * printed_millions) - 1) < 0.002)",
                "here the vocabulary has one table, not two; and the heads side by side are "
                "exactly as wide",
            ),
            (
                f"not ({_ONLY['width']})",
                "that width gives neither the printed parameters nor what {printed_heads} "
                "heads of {printed_head_width} make side by side",
            ),
            (
                f"not {_WIDE} or {_COUNTED}",
                "that makes the heads agree with the width, but the parameters are not "
                "{printed_millions:g} million with {printed_width}: so the width was misprinted",
            ),
            (
                f"{_WIDE} or {_COUNTED}",
                "the parameters are not {printed_millions:g} million with the width as printed: "
                "look at the width, not at the heads",
            ),
            (
                _WIDE,
                "the width gives the parameters, so it is right; but your heads times their width "
                "are not {printed_width}",
            ),
        ),
        hints=(
            "A row tells one thing twice: the heads side by side are the width, "
            "and the matrices add up to the parameters.",
            "heads x head width = width, and 12 layers width^2 + vocabulary x width "
            "= millions x 10^6.",
            "`count = lambda layers, width: 12 * layers * width**2 + printed_vocab * width`",
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
                why="Some programs do that to save memory, and it costs 2 more on top. The 4 "
                "are there without it.",
                key="a",
            ),
            Option(
                "A derivative needs two function values, so everything is done twice.",
                why="That is how finite differences work. Backpropagation uses the chain rule: "
                "two exact products, no second evaluation.",
                key="c",
            ),
            Option(
                "Two matrix products are needed: one for the gradient of the weights, one "
                "to pass the gradient on to the layer below.",
                right=True,
                why="Each of the two multiplies as often as the forward product, so they cost "
                "2 + 2.",
                key="b",
            ),
            Option(
                "The update of the weights costs as much as computing their gradient.",
                why="The update happens once a step, not once a token. With many thousand "
                "tokens in a step it is next to nothing.",
                key="d",
            ),
        ),
    ),
    Question(
        id="03-longer-context",
        prompt="You train the same model on the same number of tokens, cut into pieces twice as "
        "long. What changes?",
        options=(
            Option(
                "The FLOPs of the scores double; the matrices cost what they did.",
                right=True,
                why="The cost of the scores is proportional to the context, that of the "
                "matrices is not.",
                key="c",
            ),
            Option(
                "Nothing: C = 6 N D, and neither N nor D has changed.",
                why="6 N D does not depend on the context. The scores between tokens have no "
                "parameters, and each token now has twice as many to compare with.",
                key="a",
            ),
            Option(
                "Parameters and FLOPs both double.",
                why="No matrix has grown. Only a table of positions, where there is one, gets "
                "longer.",
                key="b",
            ),
            Option(
                "The FLOPs of the scores grow fourfold, because the square of scores is "
                "four times as large.",
                why="The square is four times as large for one piece, but there are half as "
                "many pieces. For a token it doubles.",
                key="d",
            ),
        ),
    ),
    Question(
        id="03-twice-the-utilisation",
        prompt="Better software lifts the utilisation from 20 % to 40 %; nothing else changes. "
        "What happens to the bill for energy, if a chip draws its full power all the time?",
        options=(
            Option(
                "It halves: so do the hours.",
                right=True,
                why="Energy is power times hours. At twice the utilisation the FLOPs are done "
                "in half the hours, and the rent halves too.",
                key="c",
            ),
            Option(
                "It stays: the same FLOPs need the same energy.",
                why="That would hold if waiting were free. A chip that waits for data draws "
                "much of its power all the same, and here all of it.",
                key="a",
            ),
            Option(
                "It doubles: the chips work twice as hard.",
                why="They compute twice as much in an hour, but the power is the same by "
                "assumption, and the hours are fewer.",
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
        prompt="Pythia 70M has about 70 million parameters. Two of its tables have 50,304 rows "
        "each, one for each token and a few for padding. What share of its parameters lies in "
        "these two tables?",
        truth=73.2,
        says="The count says 73 %: 50,304 rows of 512 numbers, twice, of 70.4 million.",
    ),
    Prediction(
        id="03-half-scores",
        options=("a smaller width", "more layers", "a longer context"),
        prompt="GPT-3 Small is 768 wide, has 12 layers and a context of 2,048. You may change one "
        "of the three. Which change can make the scores between tokens take half of the FLOPs?",
        truth="c",
        says="Only the context can. In a narrow model the output layer takes what the scores "
        "gain, and more layers multiply scores and matrices alike.",
    ),
    Prediction(
        id="03-gpt3-bill",
        unit="dollars",
        lo=1,
        hi=10**10,
        prompt="Train GPT-3 once, on rented chips: 10^15 FLOP/s at their peak, 40 % of it reached, "
        "2 dollars an hour. What does it cost?",
        truth=436_000,
        says="The bill says 436,000 dollars: 218,000 GPU-hours at 2 dollars.",
    ),
    Prediction(
        id="03-reached",
        unit="%",
        lo=0,
        hi=100,
        prompt="The model cards of six Llama models print the GPU-hours. In one of these runs the "
        "chips reached the lowest share of their peak. What was that share?",
        truth=16,
        says="By 6ND the hours of Llama-3 8B say 16 %; the other five reached 28 to 43 %.",
    ),
)
