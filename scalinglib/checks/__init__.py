"""Formative checks: `check(id, answer, **params)`, `hint(id)`, `ask(id)` and `predict(id)`.

The kinds of exercise that chapters fill in; questions and predictions.

A chapter's module scalinglib/checks/chapters/chNN_name.py holds what students may see, as data:
EXERCISES, a tuple of `Number`, `Several`, `Plan`, `Choice`, `Function` and `Text`. It is found by
its name. In short (for the instructor's side, the notebook's cells and a fit to personal data see
exercises/README.md, whose example is run by the tests):

    from scalinglib.checks import Function, Number, Part, Several

    EXERCISES = (
        Number(
            id="99-halve-loss", answer="factor", given=("exponent",), truth="2 ** (1 / exponent)",
            bounds=(("x > 1", "a lower loss needs more data: the factor is above 1"),),
            mistakes=(("2 ** exponent", "you have the power upside down"),
                      ("2 / exponent", "the exponent is a power, not a share: take logarithms")),
            generic="with that many times the data the loss is not half of what it was",
            hints=("Write the loss before and after, and divide.",
                   "factor ** -exponent = 1/2.",
                   "`factor = 2 ** (1 / ...)`"),
        ),
        Function(
            id="99-power-law", answer="loss_at", arguments=("x", "scale", "exponent"),
            probes=((1e6, 1e9, 0.3), (np.array([1e6, 1e8]), 1e9, 0.3)),
            properties=((lambda f: f(1e9, 1e9, 0.3) == 1, "one nat where x equals the scale"), ...),
            mistakes=((lambda x, scale, exponent: (x / scale) ** exponent, "the loss must fall"),),
            hints=(...),
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
from .verdicts import Part

__all__ = [
    "Choice",
    "Function",
    "Number",
    "Option",
    "Outcome",
    "Part",
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
