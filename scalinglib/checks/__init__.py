"""Formative checks: `check(id, answer, **params)`, `hint(id)`, `ask(id)` and `predict(id)`.

The kinds of exercise that chapters fill in; questions and predictions.

A chapter's module scalinglib/checks/chapters/chNN_name.py holds what students may see, as data:
EXERCISES, a tuple of `Number`, `Several`, `Plan`, `Choice`, `Function` and `Text`. It is found by
its name. In short (for the instructor's side, the notebook's cells and a fit to personal data see
exercises/README.md, whose example is run by the tests):

    from scalinglib.checks import Function, Number

    EXERCISES = (
        Number(
            id="99-halve-loss", answer="factor", given=("exponent",), properties=(("x > 1", "more
            data are needed for a lower loss, not fewer: the factor is above 1"),
                        ("near(x ** -exponent, 0.5, 1e-3)", "with that many times the data the loss
                        is not halved")),
            mistakes=(("2 ** exponent", "you have the power upside down: solve factor ** -exponent =
            1/2"),
                      ("2 / exponent", "the exponent is a power, not a share: take logarithms")),
            hints=("Write the loss before and after, and divide.",
                   "factor ** -exponent = 1/2.",
                   "`factor = 2 ** (1 / ...)`"),
        ),
        Function(
            id="99-power-law", answer="loss_at", arguments=("x", "scale", "exponent"), probes=((1e6,
            1e9, 0.3), (np.array([1e6, 1e8]), 1e9, 0.3)), properties=((lambda f:
            np.shape(f(np.array([1e6, 1e8]), 1e9, 0.3)) == (2,), "x may be an array"),
                        (lambda f: f(1e9, 1e9, 0.3) == 1, "where x equals the scale the loss is one
                        nat"), (lambda f: np.isclose(f(2e6, 1e9, 0.3) / f(1e6, 1e9, 0.3), 2 **
                        -0.3), "a doubling ...")),
            mistakes=((lambda x, scale, exponent: (x / scale) ** exponent, "the loss must fall as x
            grows"),), hints=(...),
        ),
    )

    QUESTIONS = (Question(id="99-why-log", prompt="...?", options=(
        Option("...", why="..."), Option("...", right=True, why="..."))),)
    PREDICTIONS = (Prediction(id="99-tenfold", prompt="...?", unit="%", lo=0, hi=100),)     # or
    options=("...", "...")

`judge(exercise, answer, params)` is the same verdict without a look-up: the grader's way in.
"""

from .kinds import Choice, Function, Number, Outcome, Plan, Several, Text, judge
from .questions import Option, Prediction, Question
from .registry import ask, check, hint, predict

__all__ = [
    "Choice",
    "Function",
    "Number",
    "Option",
    "Outcome",
    "Plan",
    "Prediction",
    "Question",
    "Several",
    "Text",
    "ask",
    "check",
    "hint",
    "judge",
    "predict",
]
