"""The reference of the library on the site: pages made from its docstrings by autodoc.

The docstrings are prose: "N, D, loss: parameters, tokens, nats per token." inside a paragraph says
what arguments are, formulas are written as on a keyboard. `as_rst` makes them what Sphinx reads. In
the pages of library/ a comment alone on its line, such as `<!-- forms -->`, stands for a table.
"""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from scalinglib import cli, forms, published, runs

FOLDER = "library/"
#: of Sphinx: how signatures look and what is shown of a class
SETTINGS = {
    "add_module_names": True,  # where a name is imported from
    "autoclass_content": "class",
    "autodoc_member_order": "bysource",
    "autodoc_preserve_defaults": True,
    "autodoc_typehints": "none",
    "toc_object_entries_show_parents": "hide",
}
CODE = re.compile(r"`([^`]+)`")
NAME = r"[A-Za-z_]\w*"
DRAWN = re.compile(r"^(-+|=+)$")
#: words in quotation marks are values to give: Sphinx would make their quotes round; code stays
VALUE = re.compile(r'`[^`]+`|"[\w .:,=<>+*/%-]+"')
#: what ends the words about an argument
AFTER = re.compile(r"(?<=[.;] )(?=Raises |Warns |Returns |Source: )")


# ---- docstrings ----------------------------------------------------------------------------------


def as_rst(text: str, names: frozenset[str] = frozenset()) -> str:
    """A docstring as reStructuredText; `names` are the arguments that it may explain."""
    blocks = [block for block in re.split(r"\n[ \t]*\n", text.strip("\n")) if block.strip()]
    return "\n\n".join(part for block in blocks for part in _block(block, names)) + "\n"


def _block(block: str, names: frozenset[str]) -> Iterator[str]:
    lines = block.split("\n")
    if lines[0].startswith(">>>"):
        yield block
    elif len(lines) > 1 and DRAWN.match(lines[1]):  # numpydoc: its heading says what is seen
        yield from _terms("\n".join(lines[2:]))
    elif lines[0].startswith("* "):
        items = re.split(r"^\* ", block, flags=re.M)[1:]
        yield "\n".join(f"* {_inline(_joined(item))}" for item in items)
    else:
        yield from _paragraph(_joined(block), names)


def _terms(block: str) -> Iterator[str]:
    """Lines "name : type", each with its meaning indented below it."""
    for term, meaning in re.findall(r"^(\S.*)\n((?:[ ]+.*\n?)+)", block, re.M):
        name, _, kind = term.partition(" : ")
        yield _item(name, (f"{kind}. " if kind else "") + _joined(meaning))


def _paragraph(text: str, names: frozenset[str]) -> Iterator[str]:
    """Prose, and a list item for each place where "name: " or "name, name: " begins a sentence."""
    if not names:
        yield _inline(text)
        return
    one = rf"(?:{'|'.join(sorted(map(re.escape, names)))})(?: \{{[^}}]*\}})?"
    label = re.compile(rf"(?:^|(?<=[.;?] ))({one}(?:(?:, | and ){one})*): ")
    first, *rest = label.split(text)
    if first:
        yield _inline(first.strip())
    for name, meaning in zip(rest[::2], rest[1::2], strict=True):
        meaning, *after = AFTER.split(meaning)
        yield _item(name, meaning.strip().removesuffix(";"))
        yield from (_inline(sentence.strip()) for sentence in after)


def _item(name: str, meaning: str) -> str:
    return f"**{_escaped(name)}**\n    {_inline(meaning)}"


def _joined(text: str) -> str:
    return " ".join(text.split())


def _inline(text: str) -> str:
    """Code and names between backticks, values in quotes; all else is what it says."""
    parts = CODE.split(VALUE.sub(lambda found: f"`{found[0].strip('`')}`", text))
    told = [_code(part) if place % 2 else _escaped(part) for place, part in enumerate(parts)]
    for place in range(2, len(told), 2):  # the end of a word, as in `batch`es
        told[place] = ("\\ " if told[place][:1].isalnum() else "") + told[place]
    return "".join(told)


def _code(text: str) -> str:
    if re.fullmatch(rf"[a-z]+\.{NAME}", text):
        return f":py:obj:`{text} <scalinglib.{text}>`"
    return f":py:obj:`{text}`" if re.fullmatch(NAME, text) else f"``{text}``"


def _escaped(text: str) -> str:
    return re.sub(r"([\\*|_`])", r"\\\1", text)


def arguments(found: Any) -> frozenset[str]:
    """The names that a signature has: of a function, or of the fields of a class."""
    try:
        return frozenset(inspect.signature(found).parameters)
    except (TypeError, ValueError):
        return frozenset()


def read_docstring(
    app: Any, what: str, name: str, found: Any, options: Any, lines: list[str]
) -> None:
    lines[:] = as_rst("\n".join(lines), arguments(found)).split("\n")


def leave_out(app: Any, what: str, name: str, found: Any, skip: bool, options: Any) -> bool | None:
    """Python's own words about the fields of a named tuple."""
    return True if (inspect.getdoc(found) or "").startswith("Alias for field number") else None


# ---- tables --------------------------------------------------------------------------------------


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def forms_table() -> str:
    rows = []
    for key, form in forms.FORMS.items():
        columns = ", ".join(form.columns)
        law = getattr(form.law, "__name__", "")
        rows.append([f"`{key}`", form.name, columns, f"{{py:obj}}`~scalinglib.laws.{law}`"])
    return table(["name", "form", "columns", "law"], rows)


def _records(found: pd.DataFrame) -> Iterator[tuple[Any, dict[Any, Any]]]:
    return zip(found.index, found.to_dict("records"), strict=True)


def _digits(number: float) -> str:
    return "" if np.isnan(number) else f"{number:.3f}"


def published_table() -> str:
    found = published.laws()
    rows = [
        [f"`{key}`", one["name"], _digits(one["a"]), one["digits"], one["N"]]
        for key, one in _records(found)
    ]
    return table(["key", "law", "a", "digits", "N counts"], rows)


def data_table() -> str:
    found = runs.describe()
    rows = [
        [f"`{key}`", one["kind"], one["what"], f"{one['rows']:,}", one["licence"]]
        for key, one in _records(found)
    ]
    return table(["name", "kind", "what", "rows", "licence"], rows)


def commands() -> str:
    """Every command of the shell with its options, as argparse knows them."""
    parser = cli._parser()
    found = next(one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    said = {one.dest: one.help for one in found._choices_actions}
    own = [one for one in parser._actions if one.option_strings and one.dest != "help"]
    parts = [table(["option", "meaning"], [_option(one, parser) for one in own])]
    for name, command in found.choices.items():
        asked = [one for one in command._actions if one.dest != "help"]
        words = " ".join(one.dest.upper() for one in asked if not one.option_strings)
        parts += [
            f"## scalinglib {name}",
            f"{str(said[name]).capitalize()}: `scalinglib {name} {words} [options]`.",
            table(["option", "meaning"], [_option(one, command) for one in asked]),
        ]
    longest = max((str(command.epilog) for command in found.choices.values()), key=len)
    return "\n\n".join([*parts, "## Forms, conditions, exit status", f"```text\n{longest}\n```"])


def _option(one: argparse.Action, command: argparse.ArgumentParser) -> list[str]:
    """What to write, and what argparse says of it."""
    value = str(one.metavar or ("" if one.nargs == 0 else one.dest.upper()))
    given = f"{', '.join(one.option_strings)} {value}" if one.option_strings else one.dest.upper()
    many = " ..." if one.nargs in ("+", "*") else ""
    help_ = command._get_formatter()._expand_help(one) if one.help else ""
    return [f"`{given.strip()}{many}`", help_]


TABLES: dict[str, Callable[[], str]] = {
    "forms": forms_table,
    "published laws": published_table,
    "data sets": data_table,
    "commands": commands,
}


def fill(app: Any, name: str, source: list[str]) -> None:
    """Put the tables into the pages of the reference."""
    if name.startswith(FOLDER):
        for mark, made in TABLES.items():
            if f"<!-- {mark} -->" in source[0]:
                source[0] = source[0].replace(f"<!-- {mark} -->", made())


def setup(app: Any) -> dict[str, bool]:
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", read_docstring)
    app.connect("autodoc-skip-member", leave_out)
    app.connect("source-read", fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
