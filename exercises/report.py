"""The class report: one HTML page that holds everything it shows and runs no script.

How points are spread, what the class gets wrong most, who is stuck, which points a blind search can
find, whose programs and numbers are the same. It is for the instructor: it names students.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scalinglib.checks import Choice, Function, Text
from scalinglib.checks.kinds import NOT_ATTEMPTED, NOT_YET, TO_READ

from .campus import shown_points
from .feedback import as_html, page, public_message
from .inside import programs
from .questions import title_of

SHORT = 40
"""Programs of fewer syntax nodes are often alike by themselves."""
DIGITS = 6
"""Of 300 students two have so many in common by chance, but in one of 20 exercises only."""
TRIES = 3
"""Who hands in an exercise so often without getting it right is stuck."""
MISTAKES = 10
"""So many of the class's mistakes are listed."""


# ---- statistics ----------------------------------------------------------------------------------


def shares(grades: pd.DataFrame) -> pd.DataFrame:
    """Students by exercises: the share of each exercise's points, nan where there is no row."""
    return grades.assign(share=grades.points / grades.possible).pivot_table(
        index="student", columns="exercise", values="share", aggfunc="max", sort=True
    )


def discrimination(marks: pd.DataFrame) -> pd.Series:
    """Corrected item-total correlation: an exercise's share with the mean share of all others.

    marks : students by exercises, shares of points. nan where an exercise or the rest has no
    spread, or under three students have both. About 0.3 and more is usual for an item that measures
    what the others measure; a negative one is worth a look at its question (Nunnally and Bernstein
    1994).
    """
    found = {}
    for id in marks.columns:
        both = pd.DataFrame(
            {"item": marks[id], "rest": marks.drop(columns=id).mean(axis=1)}
        ).dropna()
        spread = len(both) >= 3 and both.item.std() > 1e-12 and both.rest.std() > 1e-12
        found[id] = float(np.corrcoef(both.item, both.rest)[0, 1]) if spread else np.nan
    return pd.Series(found, dtype=float)


def items(grades: pd.DataFrame) -> pd.DataFrame:
    """One row for each exercise, hardest first.

    Mean share; students with all, some and no points, and of the last those who have not tried
    (`open`); discrimination.
    """
    marks = shares(grades)
    untried = grades[(grades.status == NOT_ATTEMPTED) & (grades.points <= 0)]
    return pd.DataFrame(
        {
            "mean": marks.mean(),
            "full": (marks >= 1).sum(),
            "some": ((marks > 0) & (marks < 1)).sum(),
            "none": (marks <= 0).sum(),
            "open": untried.groupby("exercise")
            .student.nunique()
            .reindex(marks.columns, fill_value=0),
            "discrimination": discrimination(marks),
        }
    ).sort_values("mean", kind="stable")


def mistakes(grades: pd.DataFrame) -> pd.DataFrame:
    """What was said to those without full points, most often first: exercise, students, message.

    A known mistake is one however its message words it for each student, and is shown as most
    often worded; what no rule knows is told apart by its words, whatever the numbers in them.
    """
    lost = grades[(grades.status == NOT_YET) & (grades.points < grades.possible)]
    groups: dict[tuple, list[str]] = defaultdict(list)
    for id, rule, message in zip(lost.exercise, lost["rule"], lost.message, strict=True):
        told = public_message(message, rule)
        known = re.match(r"(mistake|bound|property) ", rule)
        groups[id, rule if known else re.sub(r"[0-9][0-9.e+]*", "#", told)].append(told)
    found = [
        (id, len(told), max(sorted(set(told)), key=told.count)) for (id, _), told in groups.items()
    ]
    found.sort(key=lambda row: (-row[1], row[0], row[2]))
    return pd.DataFrame(found, columns=["exercise", "students", "message"])


def stuck(grades: pd.DataFrame, submissions: pd.DataFrame) -> dict[str, list[str]]:
    """Student -> where they are stuck, those with most places first.

    A chapter of which nothing was handed in, or nothing is right though something was tried; an
    exercise that was handed in TRIES times (column `tries`) and is not right.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for row in submissions[submissions.status == "missing"].itertuples():
        found[str(row.student)].append(f"chapter {int(str(row.chapter))}: nothing handed in")
    for (student, chapter), own in grades.groupby(["student", "chapter"]):
        tried = own[own.status != NOT_ATTEMPTED]
        if len(tried) and not (own.points > 0).any() and (tried.status == NOT_YET).all():
            found[str(student)].append(
                f"chapter {int(str(chapter))}: {len(tried)} of {len(own)} tried, none right"
            )
    again = grades[(grades.tries >= TRIES) & (grades.status == NOT_YET)]
    for row in again.itertuples():
        found[str(row.student)].append(
            f"{title_of(str(row.exercise))}: handed in {row.tries} times"
        )
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))


# ---- what the points rest on ---------------------------------------------------------------------


def can_be_found(exercise: object) -> bool:
    """Can an answer be found by asking the notebook's check again and again?

    Numbers and choices can. A function is also tried on inputs that its check does not have, and a
    text is read by a person.
    """
    return not isinstance(exercise, (Function, Text))


def typed(grades: pd.DataFrame, tasks: Mapping) -> dict[str, list[str]]:
    """Student -> exercises with points for a number that just stands there (column `typed`).

    No line works it out: it came from paper, from the page, from somebody, or from a search.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for row in grades[grades.typed & (grades.points > 0)].itertuples():
        task = tasks.get(str(row.exercise))
        if task and can_be_found(task.exercise) and not isinstance(task.exercise, Choice):
            found[str(row.student)].append(str(row.exercise))
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))


# ---- identical programs and answers --------------------------------------------------------------


@dataclass(frozen=True)
class Alike:
    """Students whose programs for one exercise are the same.

    `published` where the site's own solution is the same too.
    """

    exercise: str
    students: tuple[str, ...]
    published: bool


def identical(grades: pd.DataFrame, tasks: Mapping) -> list[Alike]:
    """Groups of at least two students with one program for one exercise, smallest first.

    See inside.normalised.

    grades : with the columns student, exercise, status, program; tasks : exercise -> its
    chapter.Task. Left out are stubs and exercises that a published solution of under SHORT syntax
    nodes answers: there programs are alike by themselves.
    """
    answered = grades[(grades.status != "not attempted") & (grades.program != "")]
    found = []
    for key, group in answered.groupby(["exercise", "program"]):
        exercise, program = map(str, key)
        if len(group) < 2 or exercise not in tasks:
            continue
        published, stub = (
            programs([(exercise, source)])[exercise]
            for source in (tasks[exercise].solution, tasks[exercise].stub)
        )
        size = sum(1 for _ in ast.walk(ast.parse(tasks[exercise].solution)))
        if size >= SHORT and program != stub:
            found.append(Alike(exercise, tuple(sorted(group.student)), program == published))
    return sorted(
        found,
        key=lambda group: (group.published, len(group.students), group.exercise, group.students),
    )


def equal_answers(grades: pd.DataFrame, tasks: Mapping) -> list[tuple[str, tuple[str, ...]]]:
    """(exercise, students) with the same long number as answer to questions that are not the same.

    grades : with the columns answer and rule; see judging.numbers_of. Who was asked the same is
    judged the same, so a group counts only where the verdicts differ: then the number was somebody
    else's.
    """
    personal = {id for id, task in tasks.items() if task.parameters}
    rows = grades[grades.exercise.isin(personal) & (grades.answer != "")]
    found = []
    rows = rows.assign(answer=rows.answer.map(_rounded))
    for key, group in rows.groupby(["exercise", "answer"]):
        verdicts = set(zip(group.status, group["rule"], strict=True))
        if len(verdicts) > 1 and max(map(_digits, str(key[1]).split())) >= DIGITS:
            found.append((str(key[0]), tuple(sorted(map(str, group.student)))))
    return sorted(found)


def _rounded(answer: str) -> str:
    """One may have typed what another has worked out."""
    return " ".join(f"{float(number):.{DIGITS}g}" for number in answer.split())


def _digits(number: str) -> int:
    """Significant digits of a number as it is written."""
    return len(number.partition("e")[0].replace(".", "").strip("-0"))


# ---- the page ------------------------------------------------------------------------------------

_STYLE = """
<style>
nav ul { columns: 16rem; padding-left: 1.2rem; }
a { color: inherit; } a:focus-visible, [tabindex]:focus-visible {
  outline: 3px solid currentColor; outline-offset: 2px; }
.bar { display: flex; height: 1rem; max-width: 40rem; margin: 0.3rem 0; }
.bar span, .key span, td .bar { border: 1px solid var(--ink); box-sizing: border-box; }
.bar span + span { border-left: 0; }
.key span { display: inline-block; width: 1rem; height: 1rem; vertical-align: -0.15rem;
  margin-right: 0.3rem; }
.key { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; list-style: none; padding: 0; }
table + .scroll { margin-top: 1rem; }
.full { background: var(--ink); } .some { background: var(--muted); }
.none { background: repeating-linear-gradient(45deg, var(--muted) 0 2px, var(--ground) 2px 7px); }
td .bar { border: 0; margin: 0.2rem 0; width: min(16rem, 28vw); }
h3 { margin-top: 1.2rem; } ul { margin: 0.3rem 0; padding-left: 1.2rem; }
</style>"""


def _table(header: list[str], rows: list[list], numeric: set[int], label: str) -> str:
    def line(cells, tag, scope=""):
        return (
            "<tr>"
            + "".join(
                f"<{tag}{scope}{_class(cell, place in numeric)}>{as_html(cell)}</{tag}>"
                for place, cell in enumerate(cells)
            )
            + "</tr>"
        )

    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{as_html(label)}">'
        "<table><thead>"
        + line(header, "th", ' scope="col"')
        + "</thead><tbody>"
        + "\n".join(line(row, "td") for row in rows)
        + "</tbody></table></div>"
    )


def _class(cell, numeric: bool) -> str:
    return ' class="number"' if numeric else ' class="wide"' if len(str(cell)) > 40 else ""


def _list(lines: Iterable[str]) -> str:
    """Lines of HTML as a list; "None." where there are none."""
    shown = "\n".join(f"<li>{line}</li>" for line in lines)
    return f"<ul>{shown}</ul>" if shown else "<p>None.</p>"


def _section(key: str, title: str, *parts: str) -> tuple[str, str, str]:
    body = "\n".join(filter(None, parts))
    return key, title, f'<h2 id="{key}">{as_html(title)}</h2>\n{body}'


def _bar(parts: Iterable[tuple[str, float]]) -> str:
    """A bar of (class, share); what it shows stands in words beside it."""
    shown = "".join(
        f'<span class="{kind}" style="width:{100 * share:.2f}%"></span>'
        for kind, share in parts
        if share > 0
    )
    return f'<div class="bar" aria-hidden="true">{shown}</div>'


def _spread(total: pd.Series) -> str:
    """How many students reached each tenth of the points."""
    tenths = np.minimum((10 * total.to_numpy() + 1e-9).astype(int), 9)
    count = np.bincount(tenths, minlength=10)
    rows = "\n".join(
        f'<tr><th scope="row" class="number">{10 * place} to {10 * place + 10} %</th>'
        f'<td class="number">{number}</td><td>{_bar([("full", number / count.max())])}</td></tr>'
        for place, number in enumerate(count)
    )
    return (
        '<table><thead><tr><th scope="col" class="number">points reached</th>'
        f'<th scope="col">students</th><td></td></tr></thead><tbody>{rows}</tbody></table>'
    )


def _chapters(own: pd.DataFrame) -> str:
    rows = []
    for number, found in own.groupby("chapter"):
        part = (found.points / found.possible).dropna()
        rows.append(
            [
                int(str(number)),
                len(part),
                f"{100 * part.mean():.0f} %" if len(part) else "",
                f"{100 * part.median():.0f} %" if len(part) else "",
                int((found.status == "missing").sum()),
                int((found.points.isna() & (found.status != "missing")).sum()),
            ]
        )
    header = ["chapter", "with points", "mean", "median", "missing", "open or excused"]
    return _table(header, rows, set(range(6)), "Chapters")


_KEY = (
    '<ul class="key"><li><span class="full"></span>all points</li>'
    '<li><span class="some"></span>some points</li>'
    '<li><span class="none"></span>tried, no points</li>'
    "<li><span></span>not tried</li></ul>"
)


def _exercises(table: pd.DataFrame, wrong: pd.DataFrame, tasks: Mapping) -> str:
    """A heading, a bar and a sentence for each exercise, and what was said most often there."""
    parts = []
    for id, row in zip(table.index, table.to_dict("records"), strict=True):
        count = max(row["full"] + row["some"] + row["none"], 1)
        tried = row["none"] - row["open"]
        kinds = (("full", row["full"]), ("some", row["some"]), ("none", tried), ("", row["open"]))
        apart = row["discrimination"]
        said = wrong[wrong.exercise == id].head(3)
        kind = tasks[id].exercise if id in tasks else None
        parts += [
            f"<h3>{as_html(title_of(id))}</h3>",
            _bar((name, number / count) for name, number in kinds),
            f"<p>mean {100 * row['mean']:.0f} %: {row['full']} with all points, {row['some']} with "
            f"some, {tried} with none, {row['open']} not tried"
            + ("" if np.isnan(apart) else f"; correlation with the rest {apart:.2f}")
            + ("; can be found by a search" if kind and can_be_found(kind) else "")
            + ".</p>",
            _list(f"{row.students} &times; {as_html(row.message)}" for row in said.itertuples())
            if len(said)
            else "",
        ]
    return "\n".join(parts)


def _people(students: Iterable[str], names: Mapping[str, str]) -> str:
    return as_html(", ".join(f"{names.get(one, '')} ({one})".strip() for one in students))


def _titles(ids: Iterable[str]) -> str:
    return as_html("; ".join(map(title_of, ids)))


def _groups(alike: list[Alike], names: Mapping[str, str]) -> str:
    """Each group of students once, with all exercises in which their programs are the same."""
    found: dict[tuple, list[str]] = defaultdict(list)
    for group in alike:
        found[group.published, group.students].append(group.exercise)
    order = sorted(found, key=lambda key: (key[0], -len(found[key]), key[1]))
    return _list(
        f"<strong>{_people(students, names)}</strong>: {_titles(found[published, students])}."
        + (" Their program is the published solution." if published else "")
        for published, students in order
    )


def _rests(tasks: Mapping, ids: Iterable[str], possible: Mapping[str, float]) -> str:
    """How many points a search could find, and which are safe from one."""
    ids = sorted(ids)
    safe = [id for id in ids if id in tasks and not can_be_found(tasks[id].exercise)]
    points = [sum(possible[id] for id in part) for part in (ids, safe)]
    found = shown_points(points[0] - points[1])
    told = (
        f"<p>{found} of the {shown_points(points[0])} points here are for numbers and choices. The "
        "notebook's check and the page answer as often as they are asked, so a blind search can "
        "find them. Nothing that counts should rest on these alone: let students explain in a "
        "short talk how they got there.</p>"
    )
    if not safe:
        return told + "<p>No exercise is safe from a search.</p>"
    return told + (
        f"<p>Safe from a search ({shown_points(points[1])} points), as hidden inputs are tried or "
        f"a person reads: {_titles(safe)}.</p>"
    )


def report(
    grades: pd.DataFrame,
    submissions: pd.DataFrame,
    tasks: Mapping,
    note: str = "",
    undecided: Iterable[str] = (),
) -> str:
    """The page.

    grades and submissions : as export.tables gives them; tasks : see `identical`; note : a
    sentence for the top; undecided : what waits for a person, a line each. Chapters that a student
    has not answered at all do not count in the statistics, nor exercises of which a text waits to
    be read; they are in the table of submissions.
    """
    answered = grades[grades.status != "not attempted"][["student", "chapter"]].drop_duplicates()
    unread = grades[grades.status == TO_READ]
    counted = grades[~grades.exercise.isin(unread.exercise)].merge(
        answered, on=["student", "chapter"]
    )
    if counted.empty:
        return page(
            "Class report", "<h1>Class report</h1>\n<p>Nobody has answered anything yet.</p>"
        )
    known = submissions[submissions.chapter.str.isdigit()]
    names = dict(zip(known.student, known.name, strict=True))
    own = known[known.points.notna()]  # what is earned
    table, wrong = items(counted), mistakes(counted)
    sums = own.groupby("student")[["points", "possible"]].sum()  # as in grades.csv
    total = (sums.points / sums.possible)[sorted(set(counted.student) & set(sums.index))]
    odd = submissions[submissions.reason != ""]
    seconds = submissions.seconds[submissions.seconds > 0]
    possible = {str(key): value for key, value in grades.groupby("exercise").possible.max().items()}
    waiting = [as_html(line) for line in undecided]
    bare = typed(counted, tasks)
    sections = [
        _section("decide", "To decide", _list(waiting)) if waiting else None,
        _section(
            "scores",
            "Scores",
            _spread(total) if len(total) else "<p>No chapter has its points yet.</p>",
            _chapters(known),
        ),
        _section(
            "mistakes",
            "What the class gets wrong most",
            "<p>With what they were told, in the words that most of them got.</p>",
            _list(
                f"{row.students} &times; <strong>{as_html(title_of(str(row.exercise)))}</strong>: "
                f"{as_html(row.message)}"
                for row in wrong.head(MISTAKES).itertuples()
            ),
        ),
        _section(
            "exercises",
            "Hardest exercises first",
            _KEY,
            "<p>The correlation is that of an exercise's points with the mean share of the other "
            "exercises (corrected item-total correlation). Above about 0.3 it measures what the "
            f"others measure; near 0 or below, look at the question. With {len(total)} students "
            f"it is known to about &plusmn;{2 / np.sqrt(max(len(total) - 2, 1)):.1f}.</p>",
            _exercises(table, wrong, tasks),
        ),
        _section(
            "stuck",
            "Who is stuck",
            _list(
                f"<strong>{_people([student], names)}</strong>: {as_html('; '.join(places))}"
                for student, places in stuck(grades, known).items()
            ),
        ),
        _section(
            "safe",
            "Points that a search can find",
            _rests(tasks, set(grades.exercise.astype(str)), possible),
            "<h3>Points for a number that just stands there</h3>",
            "<p>No line of the notebook works it out. It may come from paper or from the page.</p>",
            _list(
                f"<strong>{_people([student], names)}</strong>: {_titles(ids)}"
                for student, ids in bare.items()
            ),
        ),
        _section(
            "equal",
            "Equal answers to different questions",
            "<p>The same number of many digits, though it is not as right for one as for the "
            "other. A reason to talk.</p>",
            _list(
                f"{as_html(title_of(id))}: <strong>{_people(students, names)}</strong>"
                for id, students in equal_answers(counted, tasks)
            ),
        ),
        _section(
            "programs",
            "Identical programs",
            "<p>Programs that are the same once comments, layout and the names that "
            "students choose are taken away. That is a reason to talk, not a proof: who follows "
            "the hints may end there alone. Exercises that a line or two answers are left out.</p>",
            _groups(identical(counted, tasks), names),
        ),
        _section(
            "submissions",
            "Submissions to look at",
            _table(
                ["student", "chapter", "reason"],
                odd[["student", "chapter", "reason"]].to_numpy().tolist(),
                set(),
                "Submissions to look at",
            )
            if len(odd)
            else "<p>All were graded without a remark.</p>",
            f"<p>To run a submission took {seconds.median():.2g} s in the middle, "
            f"{seconds.max():.2g} s at most.</p>"
            if len(seconds)
            else "",
        ),
        _section(
            "students",
            "Students",
            _table(
                ["student", "name", "points", "of", "share"],
                [
                    [
                        student,
                        names[student],
                        shown_points(row["points"]),
                        shown_points(row["possible"]),
                        f"{100 * row['points'] / (row['possible'] or 1):.0f} %",
                    ]
                    for student, row in zip(sums.index, sums.to_dict("records"), strict=True)
                ],
                {2, 3, 4},
                "Students",
            ),
        ),
    ]
    sections = list(filter(None, sections))
    middle = (
        f"mean {100 * total.mean():.0f} %, median {100 * total.median():.0f} %. "
        if len(total)
        else ""
    )
    left_out = (
        f"<p>{len(unread)} {'text waits' if len(unread) == 1 else 'texts wait'} to be read; "
        "the exercises concerned are left out below.</p>"
    )
    body = [
        _STYLE,
        "<h1>Class report</h1>",
        f"<p>{as_html(note)}</p>" if note else "",
        f"<p>{len(set(counted.student))} students with at least one answer; "
        f"{len(table)} exercises; {middle}"
        "This page names students: keep it to yourself.</p>",
        left_out if len(unread) else "",
        '<nav aria-label="On this page">',
        _list(f'<a href="#{key}">{as_html(title)}</a>' for key, title, _ in sections),
        "</nav>",
        *(text for _, _, text in sections),
    ]
    return page("Class report", "\n".join(filter(None, body)))
