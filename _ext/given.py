"""What stands under an exercise: tables of its data, and the constants of the laws that it names.

A column of numbers has a name in the page's scratchpad (assets/pad.js), which stands in its head.
Constants come from scalinglib.published, as the table of all laws in Notation does.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import api

from scalinglib import published
from scalinglib.laws import PF_DAY, ChinchillaLaw, DataConstrainedLaw, KaplanLaw

NOTATION = "chapters/notation"
MARK = "<!-- laws -->"
#: more rows than these are folded
OPEN = 8
#: the name of a table of lists that are parameters
GIVEN = "given"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

# ---- data ----------------------------------------------------------------------------------------

Table = dict[str, Any]  # name, and columns: name -> numbers or texts


def tables_of(box: dict) -> list[Table]:
    """The tables of a box: its data, then the lists among what it is given, one table a length."""
    lists: dict[int, dict] = {}
    for name, value in box.get("given", {}).items():
        if isinstance(value, list):
            lists.setdefault(len(value), {})[name] = value
    given = [{"name": GIVEN, "columns": columns} for columns in lists.values()]
    return [*box.get("data", []), *given]


def is_numbers(column: list) -> bool:
    return all(isinstance(value, int | float) for value in column)


def names_on_page(tables: dict[str, list[Table]]) -> dict[tuple[str, str, str], str]:
    """(exercise, table, column) -> what the page's scratchpad calls the column.

    Its own name; where two have it, with the table's name in front (`before_loss`); where that is
    not enough, with the exercise's place on the page behind (`loss_3`). Raises ValueError for a
    name that cannot be typed into a sum.
    """
    found = [
        (exercise, table["name"], column)
        for exercise, own in tables.items()
        for table in own
        for column, values in table["columns"].items()
        if is_numbers(values)
    ]
    for exercise, table, column in found:
        if not (NAME.fullmatch(table) and NAME.fullmatch(column)):
            raise ValueError(
                f"{exercise}: table {table!r}, column {column!r}: "
                "a name is letters, digits and _, with a letter first"
            )
    plain = Counter(column for *_, column in found)
    longer = Counter(f"{table}_{column}" for _, table, column in found)
    places = {exercise: place for place, exercise in enumerate(tables, 1)}

    def name(exercise: str, table: str, column: str) -> str:
        if plain[column] == 1:
            return column
        both = f"{table}_{column}"
        return both if longer[both] == 1 else f"{column}_{places[exercise]}"

    made = {one: name(*one) for one in found}
    if twice := [name for name, count in Counter(made.values()).items() if count > 1]:
        raise ValueError(f"two columns of the page would be called {twice[0]!r}: rename one")
    return made


def number(value: float) -> str:
    """As it was rounded, in the shortest form: 4148800, 0.0402, 1.3e8."""
    if isinstance(value, int) and abs(value) < 1e7:
        return str(value)
    size = abs(value)
    text = repr(float(value)).removesuffix(".0")
    if (size == 0 or 1e-4 <= size < 1e7) and "e" not in text:
        return text
    exact = (f"{value:.{n}e}" for n in range(17))
    digits, _, power = next(one for one in exact if float(one) == value).partition("e")
    return f"{digits}e{int(power)}"


def drawn(exercise: str, table: Table, names: dict[tuple[str, str, str], str]) -> str:
    """The table as HTML on one line, folded where it is long; pad.js adds a button to copy it."""
    columns = table["columns"]
    if len(rows := {len(values) for values in columns.values()}) != 1:
        raise ValueError(f"{exercise}: the columns of {table['name']!r} differ in length")
    heads, cells = [], []
    for column, values in columns.items():
        name, numbers = names.get((exercise, table["name"], column)), is_numbers(values)
        kind = "" if numbers else ' class="sl-label"'
        heads.append(
            f'<th scope="col"{kind}{f" data-name={json.dumps(name)}" if name else ""}>'
            f"{html.escape(column)}</th>"
        )
        cells.append(
            [
                f"<td{kind}>{html.escape(number(value) if numbers else str(value))}</td>"
                for value in values
            ]
        )
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*cells, strict=True))
    count = rows.pop()
    of = "" if table["name"] == GIVEN else f"{table['name'].replace('_', ' ')}, "
    what = f"Data: {of}{count} row{'s' if count != 1 else ''}"
    known = {column: names.get((exercise, table["name"], column)) for column in columns}
    called = [
        f"<code>{name}</code>" + (f" for {html.escape(column)}" if name != column else "")
        for column, name in known.items()
        if name and any(other and other != of for of, other in known.items())
    ]
    note = f"<p>In the scratchpad: {', '.join(called)}.</p>" if called else ""
    inner = (
        f'<div class="sl-scroll" tabindex="0" role="region" aria-label="{html.escape(what)}">'
        f"<table><thead><tr>{''.join(heads)}</tr></thead><tbody>{body}</tbody></table></div>{note}"
    )
    if count > OPEN:
        return f'<details class="sl-data"><summary>{what}</summary>{inner}</details>'
    return f'<div class="sl-data"><p>{what}</p>{inner}</div>'


# ---- laws ----------------------------------------------------------------------------------------

#: the four constants of Kaplan's law of size and data together, which differ from those of each
JOINT = ("N_c", "D_c", "alpha_N", "alpha_D")
LETTERS = {"alpha": "α", "beta": "β", "omega": "ω", "delta": "δ"}
FORMULAS = {
    "ChinchillaLaw": r"$L = E + A/N^{\alpha} + B/D^{\beta}$",
    "DataConstrainedLaw": r"the same, of what repeated data ($R_D$) and surplus size ($R_N$) "
    "are worth",
    "KaplanLaw": r"$L = \left((N_c/N)^{\alpha_N/\alpha_D} + D_c/D\right)^{\alpha_D}$;"
    r" each of size, data, compute, steps: $(\text{scale}/x)^{\text{exponent}}$",
    "Allocation": r"best $N = N_{\text{coef}} C^a$, $D = D_{\text{coef}} C^b$",
}


def entries() -> list[published.Published]:
    """All registered laws."""
    return [published.get(key) for key in published.laws().index]


def five(law: Any) -> list[float] | None:
    """E, A, alpha, B, beta of a law that the calculator knows; with repeated data, of those read
    once.
    """
    if isinstance(law, DataConstrainedLaw):
        law = law.fresh
    if isinstance(law, ChinchillaLaw):
        return [law.E, law.A, law.alpha, law.B, law.beta]
    return None


def for_the_pad() -> dict[str, list[float]]:
    """Key -> the constants with which the calculator works out `key.loss(N, D)`."""
    return {one.key: found for one in entries() if (found := five(one.law))}


def told(one: published.Published) -> list[str]:
    """The names of the constants that are printed; floors of 0 are left out."""
    return [
        name for name, value in one.constants.items() if not (name.endswith("floor") and value == 0)
    ]


def constants(one: published.Published) -> Iterator[tuple[str, str]]:
    """Name and value of each constant, as they are printed."""
    for name in told(one):
        shown = re.sub("|".join(LETTERS), lambda found: LETTERS[found[0]], name)
        yield shown, number(float(f"{one.constants[name]:.6g}"))


def laws_table() -> str:
    """One row a law, in Markdown."""
    rows = [
        [
            f'<span id="law-{one.key}"></span>{one.name}<br>`{one.key}`',
            "<br>".join(
                filter(
                    None,
                    (
                        FORMULAS.get(type(one.law).__name__, ""),
                        ", ".join(f"{name} {value}" for name, value in constants(one)),
                    ),
                )
            ),
            "; ".join(filter(None, (f"N {one.N}", one.digits, one.citation, one.note))),
        ]
        for one in entries()
    ]
    return api.table(["law", "form and constants", "what it counts, whose digits"], rows)


def laws_named(texts: Iterable[str]) -> list[published.Published]:
    """The registered laws that the texts name, as `KAPLAN_2020` or as "kaplan_2020"."""
    keys, text = set(published.laws().index), "\n".join(texts)
    words = [*re.findall(r"\b[A-Z]+_\d{4}\w*", text), *re.findall(r'"([a-z0-9_]+)"', text)]
    found = dict.fromkeys(word.lower() for word in words if word.lower() in keys)
    return [published.get(key) for key in found]


#: what a method of Kaplan's law works with
USES = {
    "loss": JOINT,
    "loss_of_size": ("size",),
    "loss_of_data": ("data",),
    "loss_of_compute": ("compute",),
    "loss_of_steps": ("steps_N", "steps_S"),
    "critical_batch": ("batch_scale", "batch_exponent"),
    "optimum": ("optimal_size_coef", "optimal_size_exponent"),
}


def needed(one: published.Published, text: str) -> set[str]:
    """The constants that the code in `text` uses of a law of several fits, by attribute or method.

    All of them, of any other law or where the code does not tell.
    """
    names = set(one.constants)
    if not isinstance(one.law, KaplanLaw):
        return names
    used = re.findall(rf"\b{one.key.upper()}\.(\w+(?:\.\w+)?)", text)
    found = set()
    for word in used:
        first, _, second = word.partition(".")
        for part in USES.get(first, (word if second in ("scale", "exponent") else first,)):
            found |= {name for name in names if name == part or name.startswith(f"{part}.")}
    return found or names


def law_line(one: published.Published, text: str = "") -> str:
    """A law's constants in one paragraph of HTML, those that `text` needs, with the way to all.

    Those of Kaplan's law of size and data together are called joint: the laws of size alone and of
    data alone have others.
    """
    own = needed(one, text)
    joint = JOINT if isinstance(one.law, KaplanLaw) else ()
    rows: dict[str, list[str]] = {"of the joint law ": [], "": []}
    for name, (shown, value) in zip(told(one), constants(one), strict=True):
        if name in own:
            group = rows["of the joint law " if name in joint else ""]
            group.append(f"{html.escape(shown)} = {value}")
    shown = "; ".join(head + ", ".join(words) for head, words in rows.items() if words)
    if joint and own & {"optimal_size_coef", "compute.scale"}:
        shown += f"; C in PF-days, each {number(PF_DAY)} FLOPs"
    typed = f"; in the scratchpad <code>{one.key}.loss(N, D)</code>" if five(one.law) else ""
    return (
        f'<p class="sl-laws"><a href="notation.html#law-{one.key}">{html.escape(one.name)}</a>: '
        f"{shown}{typed}.</p>"
    )


def named(texts: Iterable[str]) -> dict[str, float]:
    """The constants of those lines that have a name of their own, batch_scale, as printed.

    A letter is left out: it is another number in the next law.
    """
    found: dict[str, set[float]] = {}
    texts = list(texts)
    for one in laws_named(texts):
        for name in needed(one, "\n".join(texts)):
            found.setdefault(name, set()).add(float(f"{one.constants[name]:.6g}"))
    return {
        name: values.pop()
        for name, values in found.items()
        if len(values) == 1 and re.search("[_.]", name)
    }


def fill(app: Any, name: str, source: list[str]) -> None:
    """Put the table of all laws into Notation."""
    if name == NOTATION:
        source[0] = source[0].replace(MARK, laws_table())


# ---- an exercise ---------------------------------------------------------------------------------


def under(boxes: dict[str, dict], texts: dict[str, list[str]]) -> dict[str, str]:
    """Exercise -> the HTML of its data and laws, a line each; only where there is something.

    boxes: by exercise, as the page has them. texts: of each exercise's cells, its question first.
    """
    tables = {exercise: tables_of(boxes.get(exercise, {})) for exercise in texts}
    names = names_on_page(tables)
    made = {
        exercise: [
            *(drawn(exercise, table, names) for table in tables[exercise]),
            *(law_line(one, "\n".join(own)) for one in laws_named(own)),
        ]
        for exercise, own in texts.items()
    }
    return {exercise: "\n\n".join(lines) for exercise, lines in made.items() if lines}
