"""The command `scalinglib`: from a file of runs to a law, a comparison of forms, or a plan.

Results go to the standard output; what was guessed, left out or is in doubt goes to standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the rest is loaded when a command runs: help comes at once
    import pandas as pd

    from .allocation import AllocationFit
    from .fits import LawFit

FINE, REFUSED, USAGE, DOUBTS = 0, 1, 2, 3

_STATUS = """exit status:
  0  fine
  1  refused: these runs (or this law) cannot tell; the message says what would
  2  the command, the file or a column is not understood
  3  done, with doubts that standard error names (or forms not told apart)"""
_FORMS = """forms (columns; :constants can be fixed or tied, as in chinchilla:E=1.69 or
chinchilla:alpha=beta):
  chinchilla   E + A / N^alpha + B / D^beta (N, D)      kaplan     Kaplan's L(N, D), no floor
  power-sum    power sum of both limits, no floor       skaling    power sum with a floor
  power-law    floor + (scale / x)^exponent (x)         line       the same without a floor
  rising       power law that rises (x)                 rising-line
  steps        Kaplan's L(N, S) (N, S)                  repeated, penalty (N, D, unique)
  mixture      loss of a share (share)                  coverage   of k samples (k)
  answers      score through the loss (loss)"""
_CONDITIONS = """conditions: columns of the file or N, D, C, loss; numbers, "text", + - * / **,
comparisons, and, or, not. C is 6 N D where the file has none. "C > 1e21", "N < 1e9 and D/N > 5"."""
_COLUMNS = ("N", "D", "C", "loss", "x", "S", "unique")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status (see `scalinglib --help`)."""
    asked = _parser().parse_args(argv)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                status = asked.run(asked)
            finally:
                doubts = _tell_warnings(caught)
        if status == DOUBTS or (status == FINE and doubts):
            status = DOUBTS
            _say("done, with doubts (exit status 3)")
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except OSError as error:
        _say(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        return USAGE
    except ValueError as error:
        from ._doubts import UndeterminedError

        refused = isinstance(error, UndeterminedError)
        _say(f"refused: {error}" if refused else str(error))
        return REFUSED if refused else USAGE


def _say(text: str) -> None:
    print(f"scalinglib: {text}", file=sys.stderr)


def _report(text: str) -> None:
    """Results to the standard output, what is in doubt or missing to standard error."""
    for line in text.splitlines():
        (_say if line.startswith(("doubt", "no interval", "no coverage")) else print)(line)


def _tell_warnings(caught) -> bool:
    """Say each of our warnings once; others are for developers."""
    from ._doubts import FitWarning

    doubts = dict.fromkeys(str(one.message) for one in caught if one.category is FitWarning)
    for doubt in doubts:
        _say(f"doubt: {doubt}")
    return bool(doubts)


# ---- the words of the command ----------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    text: dict[str, Any] = {"formatter_class": argparse.RawDescriptionHelpFormatter}
    parser = argparse.ArgumentParser("scalinglib", description=__doc__, epilog=_STATUS, **text)
    parser.add_argument("--version", action=_Version, nargs=0, help="which version this is")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    epilog = f"{_FORMS}\n\n{_CONDITIONS}\n\n{_STATUS}"

    fit = commands.add_parser("fit", help="a law from runs", epilog=epilog, **text)
    _file(fit)
    fit.add_argument("--form", default="chinchilla", help="which form (default: %(default)s)")
    fit.add_argument("--hold-out", metavar="CONDITION", help="runs to predict instead of fitting")
    _how(fit, bootstrap=1000)
    _budgets(fit, "--plan", "for what FLOPs (or x of a power law)", default=[], metavar="C")
    _tokens(fit)
    told = "save the fit for `scalinglib plan`; - for standard output, and the rest to the other"
    fit.add_argument("--json", metavar="FILE", help=told)
    fit.add_argument("--plot", metavar="FILE", help="a picture: .svg, .pdf or .png")
    fit.set_defaults(run=_fit)

    plan = commands.add_parser("plan", help="what a saved fit says", epilog=_STATUS, **text)
    plan.add_argument("fit", help="a file that `scalinglib fit --json` wrote, or - ")
    _budgets(plan, "C", "budgets in FLOPs (or x of a power law)")
    _tokens(plan)
    _level(plan)
    plan.set_defaults(run=_plan)

    compare = commands.add_parser("compare", help="forms on held-out runs", epilog=epilog, **text)
    _file(compare)
    compare.add_argument("--forms", nargs="+", required=True, metavar="FORM", help="which forms")
    compare.add_argument(
        "--hold-out", required=True, metavar="CONDITION", help="runs to predict, or a share: 0.2"
    )
    _how(compare, bootstrap=400)
    compare.set_defaults(run=_compare)

    isoflop = commands.add_parser("isoflop", help="a parabola a budget", epilog=_STATUS, **text)
    _file(isoflop)
    isoflop.add_argument("--bootstrap", type=int, default=1000, help="draws (%(default)s)")
    isoflop.add_argument("--seed", type=int, default=0, help="of the draws (%(default)s)")
    _level(isoflop)
    _budgets(isoflop, "--plan", "for what FLOPs", default=[], metavar="C")
    isoflop.add_argument("--plot", metavar="FILE", help="the valleys: .svg, .pdf or .png")
    isoflop.set_defaults(run=_isoflop)

    published = commands.add_parser(
        "published", help="laws in print, or two beside each other", epilog=_STATUS, **text
    )
    published.add_argument("law", nargs="*", help="none: all are listed; one or more: in full")
    _budgets(published, "--plan", "budgets, FLOPs", default=[1e21, 1e24], metavar="C")
    published.set_defaults(run=_published)
    return parser


class _Version(argparse.Action):
    """Looked up only when it is asked for."""

    def __call__(self, parser, *_: Any, **more: Any) -> None:
        from . import __version__

        print(f"scalinglib {__version__}")
        parser.exit()


def _file(parser) -> None:
    parser.add_argument("runs", help="CSV, TSV or JSON lines with a header; - for standard input")
    for name in _COLUMNS:
        parser.add_argument(f"--{name}", metavar="HEADER", help=f"which column is {name}")
    units = "N=M D=B: k, M, B, T, PF-days, a number, or 1 for plain counts; loss=bits"
    many: dict[str, Any] = {"nargs": "+", "action": "extend", "default": []}
    parser.add_argument("--unit", metavar="COLUMN=UNIT", help=units, **many)
    parser.add_argument("--where", metavar="CONDITION", help="leave all other runs out")
    lost = "leave out runs without loss, or marked as diverged, crashed, failed or killed"
    parser.add_argument("--drop-diverged", action="store_true", help=lost)


def _how(parser, bootstrap) -> None:
    parser.add_argument("--bootstrap", type=int, default=bootstrap, help="refits (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the refits (%(default)s)")
    _level(parser)
    parser.add_argument("--groups", metavar="COLUMN", help='one piece of evidence each; or "cell"')
    objectives = "huber, squares, raw-huber, raw-squares (%(default)s)"
    parser.add_argument("--objective", default="huber", help=objectives)


def _level(parser) -> None:
    share = _number("is no share between 0 and 1", below=1)
    parser.add_argument("--level", type=share, default=0.9, help="of the intervals (%(default)s)")


def _budgets(parser, name, words, **more) -> None:
    amount = _number("is no budget: it must be a positive number of FLOPs, as in 1e22")
    parser.add_argument(name, type=amount, nargs="+", help=words, **more)


def _tokens(parser) -> None:
    count, words = _number("is no number of tokens"), "how many different tokens a plan may read"
    parser.add_argument("--different-tokens", type=count, metavar="T", help=words)


def _number(wrong: str, below=float("inf")) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            if 0 < float(text) < below:
                return float(text)
        except ValueError:
            pass
        raise argparse.ArgumentTypeError(f"{text} {wrong}")

    return read


# ---- fit -------------------------------------------------------------------------------------


def _fit(asked) -> int:
    from ._doubts import FitWarning
    from .comparing import compare
    from .fitting import fit as fit_law
    from .forms import find_form

    form = find_form(asked.form)[1]
    _refuse_early(asked, form)
    runs, more = _read(asked, form.columns, form.target), _options(asked)
    found = held = None
    if asked.hold_out is None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FitWarning)  # summary tells them
            fit = fit_law(asked.form, runs, **more)
    else:
        found = compare([asked.form], runs, hold_out=asked.hold_out, level=asked.level, **more)
        fit, held, runs = found.first, runs[found.held_out], runs[~found.held_out]
    piped = asked.json == "-"
    with contextlib.redirect_stdout(sys.stderr if piped else sys.stdout):
        _report(f"{fit.summary(asked.level)}\n{_far_runs(fit, runs)}")
        if found is not None:
            _report(f"\nheld out: {asked.hold_out}\n{found.scores()}")
        if asked.plan:
            _report(f"\n{_plan_table(fit, asked.plan, asked)}")
    if piped:
        print(fit.to_json())
    elif asked.json:
        _write(asked.json, lambda path: path.write_text(fit.to_json(), encoding="utf-8"))
    if asked.plot:
        _write(asked.plot, lambda path: _draw(fit, path, held))
    unsure = found is not None and (found.missed or found.silent)
    return DOUBTS if fit.doubts or fit.no_interval or unsure else FINE


def _isoflop(asked) -> int:
    from ._doubts import FitWarning
    from .allocation import fit_isoflop

    _refuse_files(asked.plot)
    runs = _read(asked, ("C", "N", "D"), "loss")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FitWarning)  # summary tells them
        more = {"bootstrap": asked.bootstrap, "seed": asked.seed}
        fit = fit_isoflop(runs.C, runs.N, runs.loss, D=runs.D, **more)
    _report(fit.summary(asked.level))
    for best in fit.minima.itertuples():
        mark = "" if best.interior else "   left out"
        print(f"  C {best.C:.4g}: N {best.N:.4g}, D {best.D:.4g}, loss {best.loss:.4f}{mark}")
    if asked.plan:
        _report(f"\n{_plan_table(fit, asked.plan, asked)}")
    if asked.plot:
        _write(asked.plot, lambda path: _draw(fit, path, None))
    return DOUBTS if fit.doubts or fit.no_interval else FINE


def _refuse_files(*names) -> None:
    """What cannot be written is told before a fit, not after it. The last name is a picture's."""
    for name in filter(None, names):
        folder = Path(name).parent
        if not (folder.is_dir() and os.access(folder, os.W_OK)):
            raise ValueError(f"{name}: there is no folder {folder} to write to")
    if names[-1] and Path(names[-1]).suffix.lower() not in (".svg", ".pdf", ".png"):
        raise ValueError(f"--plot {names[-1]}: a picture is .svg, .pdf or .png")


def _refuse_early(asked, form) -> None:
    """What can be known to fail is told before a fit, not after it."""
    _refuse_files(asked.json, asked.plot)
    if asked.plan:
        _refuse_plan(form, asked.different_tokens)


def _refuse_plan(form, tokens) -> None:
    if "unique" in form.columns and tokens is None:
        raise ValueError(
            f"the form {form.name!r} plans for a number of different tokens: give it, "
            "--different-tokens 1e11"
        )
    if tokens is not None and len(form.columns) == 1:
        raise ValueError(f"--different-tokens is for a form of N and D, not for {form.name!r}")
    from ._doubts import UndeterminedError
    from .forms import FORMS

    if form.columns[:2] != ("N", "D") and len(form.columns) > 1:
        raise UndeterminedError(f"the form {form.name!r} plans no N and D for a budget")
    if form == FORMS["kaplan"]:
        raise UndeterminedError(
            "the form 'kaplan' is the loss of D unique tokens read until it stops falling, which "
            "tells no best run of a budget: leave --plan out, or fit 'chinchilla' or 'power-sum'"
        )


def _options(asked) -> dict[str, Any]:
    names = ("bootstrap", "seed", "groups", "objective")
    return {name: getattr(asked, name) for name in names}


def _read(asked, columns, target) -> pd.DataFrame:
    from .reading import read

    units = {}
    for given in asked.unit:
        key, equals, value = given.partition("=")
        if not equals:
            raise ValueError(f"--unit {given}: write COLUMN=UNIT, as in N=M")
        units[key] = value
    source = sys.stdin.buffer.read() if asked.runs == "-" else asked.runs
    flags = {name: getattr(asked, name) for name in _COLUMNS if getattr(asked, name) is not None}
    runs = read(
        source,
        columns=flags,
        units=units,
        where=asked.where,
        drop_diverged=asked.drop_diverged,
        needed=(*columns, target),
    )
    for note in runs.attrs["notes"]:
        _say(note)
    return runs


def _far_runs(fit: LawFit[Any], runs) -> str:
    """The runs that end farthest from the law, by their line in the file."""
    far = abs(fit.residuals).argsort()[::-1][:3]
    unit = "of loss" if fit.report.objective.startswith("raw") else "in log loss"
    told = ", ".join(f"line {runs.index[k]} ({fit.residuals[k]:+.3f})" for k in far)
    return f"farthest from the law, {unit}: {told}"


def _draw(fit: LawFit[Any] | AllocationFit, path: Path, held) -> None:
    import matplotlib

    matplotlib.use("Agg")
    ax: Any = fit.plot() if held is None else fit.plot(kind="hold-out", runs=held)
    with matplotlib.rc_context({"svg.fonttype": "none"}):
        ax.figure.savefig(path)


def _write(name: str, write: Callable[[Path], Any]) -> None:
    """Under another name first: a file is there whole, or not at all."""
    path = Path(name)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        write(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _say(f"wrote {name}")


# ---- plan ------------------------------------------------------------------------------------


def _plan(asked) -> int:
    from .fits import LawFit

    text = sys.stdin.read() if asked.fit == "-" else Path(asked.fit).read_text(encoding="utf-8")
    no_fit = f"{asked.fit} is no fit: write one with scalinglib fit --json"
    if not text.lstrip().startswith("{"):  # else it would be taken for a path
        raise ValueError(no_fit)
    try:
        fit = LawFit.from_json(text)
    except (KeyError, TypeError):
        raise ValueError(no_fit) from None
    _refuse_plan(fit.form, asked.different_tokens)
    print(f"{fit.report.form}, {fit.report.runs} runs, data {fit.report.digest[:12]}")
    print(_plan_table(fit, asked.C, asked))
    for doubt in fit.doubts:
        _say(f"doubt: {doubt}")
    return DOUBTS if fit.doubts or fit.no_interval else FINE


def _plan_table(fit: LawFit[Any] | AllocationFit, targets, asked) -> str:
    """The best run of each budget, or what a law of one column says there, and one new run."""
    import pandas as pd

    from ._doubts import UndeterminedError
    from .fits import LawFit, interval_in_words

    level, tokens = asked.level, getattr(asked, "different_tokens", None)
    for doubt in fit.doubts:  # the summary, or `plan`, tells them
        warnings.filterwarnings("ignore", re.escape(doubt))
    columns = fit.form.columns if isinstance(fit, LawFit) else ()
    if isinstance(fit, LawFit) and len(columns) == 1:
        told = pd.DataFrame(fit.predict(targets, level=level))
        table, ends = told.assign(x=targets), [("value", "low", "high")]
        table = table[["x", *told]]
    else:
        try:
            table = fit.optimum(targets, level, **({} if tokens is None else {"unique": tokens}))
        except ArithmeticError as error:
            raise UndeterminedError(f"this law has no best run at such a budget: {error}") from None
        table = table.assign(value=table["loss"])
        if tokens and len(columns) == 2 and (table["D"] > 0.999 * tokens).any():
            _say("the different tokens bind: each is taken to be read once (epochs=1)")
        names = ("N", "D", "loss", "tokens_per_parameter", "epochs")
        ends = [(name, f"{name}_low", f"{name}_high") for name in names]
    ends.append(("one new run", "run_low", "run_high"))
    lines = [f"plan ({level:.0%} intervals)" if fit.samples is not None else "plan (no intervals)"]
    for _, row in table.iterrows():
        lines.append(f"  at {table.columns[0]} = {row.iloc[0]:.4g}")
        for name, low, high in ends:
            value = f"{row[name]:.4g}" if name in row and row[name] == row[name] else ""
            middle = row[name] if value else row.get("value")
            between = interval_in_words(middle, row[low], row[high]) if low in row else ""
            if value or between:
                lines.append(f"    {name.replace('_', ' '):<22} {value:>10}   {between}".rstrip())
    return "\n".join(lines)


# ---- compare, published ----------------------------------------------------------------------


def _compare(asked) -> int:
    from .comparing import compare
    from .forms import find_form

    forms = [find_form(form)[1] for form in asked.forms]
    wanted = dict.fromkeys(name for form in forms for name in form.columns)
    runs = _read(asked, wanted, forms[0].target)
    more = {"hold_out": asked.hold_out, "level": asked.level}
    found = compare(asked.forms, runs, **more, **_options(asked))
    _report(found.summary())
    if not found.fits:
        return REFUSED
    unsure = any(one.doubts for one in found.fits.values()) or found.missed or found.silent
    if not found.told_apart:
        _say("doubt: the forms are not told apart")
    return DOUBTS if unsure or not found.told_apart else FINE


def _published(asked) -> int:
    import pandas as pd

    from . import published

    if not asked.law:
        table = published.laws()[["name", "a", "digits", "N", "citation"]]
        print(table.to_string(float_format="{:.3f}".format, na_rep="-"))
        return FINE
    columns = {}
    for key in asked.law:
        one = published.get(key)
        told = {"name": one.name, "digits": one.digits, "N counts": one.N, "C counts": one.C}
        told |= {name: f"{value:.6g}" for name, value in one.constants.items()}
        told["a"] = f"{one.a:.4g}"
        optimum: Any = getattr(one.law, "optimum", None)
        for C in asked.plan if optimum else []:
            best = optimum(C)
            told |= {f"N at {C:.3g}": f"{best.N:.4g}", f"D at {C:.3g}": f"{best.D:.4g}"}
        columns[one.key] = told
    names = dict.fromkeys(name for told in columns.values() for name in told)
    rows = sorted(names, key=lambda name: " at " in name)  # what is computed comes last
    table = {name: [told.get(name, "-") for told in columns.values()] for name in rows}
    print(pd.DataFrame.from_dict(table, orient="index", columns=[*columns]).to_string())
    for key in columns:
        one = published.get(key)
        print(f"{key}: {one.citation}" + (f"; {one.note}" if one.note else ""))
    return FINE
