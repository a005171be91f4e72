"""One student's feedback as HTML and Markdown: points and what was wrong, and nobody else's.

Whatever may come from a student (a name, a file's name) is escaped. The grader's own inputs are
never shown, nor anything through which a program that has seen them could tell them.
"""

from __future__ import annotations

import builtins
import html
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from scalinglib.checks.kinds import RIGHT, TO_READ

from .campus import shown_points
from .questions import answer_of, chapter_title, title_of

_MADE_FOR = re.compile(r"the notebook was made for '.*?'(?=;|$)")
_FROM = re.compile(r"it came from .*?, whom the roster does not name(?=;|$)")
_RAISED = {
    "NameError": "a name is used that has no value",
    "SyntaxError": "it is not Python as it stands",
    "IndentationError": "its indentation is not Python's",
    "TypeError": "something is used as what it is not",
    "ZeroDivisionError": "a division by zero",
    "ImportError": "something cannot be imported",
    "ModuleNotFoundError": "a module cannot be imported",
    "FileNotFoundError": "a file is not there (the grader has no files of yours)",
    "TimeoutError": "it took too long and was stopped",
    "MemoryError": "it wanted too much memory",
}
_TYPES = {
    "int",
    "float",
    "str",
    "list",
    "tuple",
    "set",
    "dict",
    "bool",
    "function",
    "complex",
    "number",
    "True",
    "array",
}

STYLE = """
:root { color-scheme: light dark;
  --ink: #222832; --muted: #48566b; --line: #d1d5da; --ground: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --muted: #a9b4c2; --line: #454c57; --ground: #14181e; }
  img { filter: invert(0.93) hue-rotate(180deg); }
}
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground);
  max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.25rem; margin-top: 2rem; }
h3 { font-size: 1rem; margin-bottom: 0; }
p { margin: 0.4rem 0; } .muted { color: var(--muted); } code { overflow-wrap: anywhere; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; }
img { max-width: 100%; height: auto; }
th, td { border-bottom: 1px solid var(--line); padding: 0.3rem 0.8rem 0.3rem 0;
  text-align: left; vertical-align: top; }
td:last-child { min-width: 4rem; } td.wide { min-width: 16rem; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
"""


def page(title: str, body: str) -> str:
    """A whole HTML page that asks nothing of any other place and runs no script."""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
        f"<title>{as_html(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def printable(text: object) -> str:
    """One line without control characters and without marks that turn the direction of reading."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())


def as_html(text: object) -> str:
    """Text for HTML, attributes included."""
    return html.escape(printable(text))


def as_markdown(text: object) -> str:
    """Text for Markdown: no markup, link, address or HTML comes to life."""
    return re.sub(r"([\\`*_{}\[\]<>()#!|~:@$&])", r"\\\1", printable(text))


def public_message(message: str, rule: str) -> str:
    """What the grader said, without text that the student's program could have put there.

    A program has seen the grader's own inputs and could smuggle them out in an exception's text, or
    in a type's name. All other messages are the course's own.
    """
    if rule != "form":
        return message
    if found := re.search(r"\b(the cell|your function) raised (\w+)", message):
        what, kind = found.groups()
        known = isinstance(getattr(builtins, kind, None), type) and issubclass(
            getattr(builtins, kind), BaseException
        )
        said = f": {_RAISED[kind]}" if kind in _RAISED else ""
        return (
            f"{what} raised {kind if known else 'an exception of its own'}{said}; "
            "run it in your notebook to see where"
        )
    return re.sub(
        r"\b(this is|returned) an? (\w+)",
        lambda found: found[0] if found[2] in _TYPES else f"{found[1]} something else",
        message,
    )


def receipt(digests: Sequence[str], sent: str, counts: bool = True, *, packed: bool = False) -> str:
    """What a student can hold against their own files; "" where there is none.

    counts : is it known that these files count? packed : they came in a zip file.
    """
    if not all(digests):
        return ""
    there = f", there by {sent[:16].replace('T', ' ')}" if sent else ""
    s, has, yours = ("", "has", "Yours is") if len(digests) == 1 else ("s", "have", "Yours are")
    file = f"notebook{s} in your zip file" if packed else f"file{s}"
    file += f" that count{'' if s else 's'}" if counts else " that came"
    return (
        f"Receipt: the {file}{there}, {has} the SHA-256 {' and '.join(digests)}. {yours} the same "
        f"if {'you unpack the zip file and ' if packed else ''}"
        "sha256sum FILE (Windows: certutil -hashfile FILE SHA256) says the same."
    )


def _sum_of(counted: Sequence[tuple[str, float, float | None]]) -> str:
    points, possible = sum(own or 0 for _, _, own in counted), sum(most for _, most, _ in counted)
    return f"{shown_points(points)} of {shown_points(possible)} points"


def _without(left_out: Sequence[str]) -> str:
    """What the sum leaves out."""
    word = "chapter" if len(left_out) == 1 else "chapters"
    numbers = ", ".join(str(int(number)) for number in sorted(left_out))
    return f", without {word} {numbers}, your lowest" if left_out else ""


def feedback(
    student: str,
    name: str,
    rows: Any,
    chapters: Mapping[str, tuple[str, float, float | None]],
    receipts: Mapping[str, str] = MappingProxyType({}),
    left_out: Sequence[str] = (),
    remarks: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> tuple[str, str]:
    """(HTML, Markdown) for one student.

    rows : the student's own rows of the gradebook (see export.rows), in the order of the exercises;
    chapters : number -> (what was said of the submission as a whole, the points that could be had,
    those that are earned or None), handed in or not; receipts : number -> its line; left_out : the
    chapters that the sum leaves out; remarks : number -> lines on how its points count. Nothing
    else is looked at, so nothing of another student can appear. A ValueError where a row is
    another's.
    """
    if set(rows.student) - {student}:
        raise ValueError(f"feedback for {student} was given rows of another student")
    own = name if name and name != student else ""
    counted = [told for number, told in chapters.items() if number not in left_out]
    reached = _sum_of(counted) + _without(left_out)
    web = [
        f"<h1>Feedback{' for ' + as_html(own) if own else ''}</h1>",
        f'<p class="muted">{as_html(student)}</p>',
        f"<p>{reached}</p>",
    ]
    text = [f"# Feedback{' for ' + as_markdown(own) if own else ''}", as_markdown(student), reached]
    for number, (reason, most, earned) in sorted(chapters.items()):
        chapter = rows[rows.chapter == number]
        title = f"Chapter {int(number)}: {chapter_title(number)}"
        none = earned is None
        lines = [] if none else [f"{shown_points(earned)} of {shown_points(most)} points"]
        lines += remarks.get(number, ())
        lines += (
            [
                _FROM.sub(
                    "it came under another name",
                    _MADE_FOR.sub("the notebook was made for somebody else", reason),
                )
            ]
            if reason
            else []
        )
        lines += [receipts[number]] if receipts.get(number) else []
        if right := [title_of(row.exercise) for row in chapter.itertuples() if row.status == RIGHT]:
            lines.append(f"Right: {'; '.join(right)}.")
        web += [f"<h2>{as_html(title)}</h2>", *(f"<p>{as_html(line)}</p>" for line in lines)]
        text += [f"## {title}", *map(as_markdown, lines)]
        for row in chapter.itertuples():
            line = (
                "" if row.status == TO_READ else f"{shown_points(row.points)} of "
            ) + f"{shown_points(row.possible)} points: {row.status}"
            line += f": {said}" if (said := public_message(row.message, row.rule)) else ""
            if row.status not in (RIGHT, TO_READ) and (answer := answer_of(row.exercise)):
                line += f"{'' if line[-1] in '.?!' else '.'} Look at the cell that makes {answer}."
            web += [f"<h3>{as_html(title_of(row.exercise))}</h3>", f"<p>{as_html(line)}</p>"]
            text += [f"### {as_markdown(title_of(row.exercise))}", as_markdown(line)]
    return page(f"Feedback {own or student}", "\n".join(web)), "\n\n".join(text) + "\n"
