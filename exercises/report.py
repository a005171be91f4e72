"""The class report: one HTML page that holds everything it shows.

Distribution of scores, hardest exercises, discrimination of every item, time, and groups of
identical programs. It is for the instructor: it names students.
"""

from __future__ import annotations

import ast
import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from scalinglib import plots
from scalinglib.checks.kinds import TO_READ

from .campus import shown_points
from .feedback import as_html, page
from .inside import programs
from .questions import title_of

SHORT = 40
"""Programs of fewer syntax nodes are often alike by themselves."""


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

    Mean share, students with all, some and no points, discrimination, and what was said most often
    to those without full points.
    """
    marks = shares(grades)
    lost = grades[grades.points < grades.possible]
    said = (
        lost[lost.status == "not yet"]
        .groupby("exercise")
        .message.agg(lambda texts: texts.value_counts().sort_index().idxmax())
    )
    return pd.DataFrame(
        {
            "mean": marks.mean(),
            "full": (marks >= 1).sum(),
            "some": ((marks > 0) & (marks < 1)).sum(),
            "none": (marks <= 0).sum(),
            "discrimination": discrimination(marks),
            "said": said.reindex(marks.columns).fillna(""),
        }
    ).sort_values("mean", kind="stable")


# ---- identical programs --------------------------------------------------------------------------


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


# ---- pictures ------------------------------------------------------------------------------------


def _picture(fig, alt: str) -> str:
    """The figure as an image that the page holds itself."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", metadata={"Software": None})
    plt.close(fig)
    return (
        f'<p><img src="data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}" '
        f'alt="{as_html(alt)}"></p>'
    )


def _distribution(total: pd.Series) -> str:
    fig, ax = plots.figure(height=2.8)
    ax.hist(100 * total, bins=list(range(0, 101, 10)), color=plots.MUTED, edgecolor="white")
    ax.axvline(100 * total.median(), color=plots.COLOURS["measured"], linewidth=1.5)
    plots.direct_label(
        ax,
        100 * total.median(),
        ax.get_ylim()[1],
        f"median {100 * total.median():.0f} %",
        offset=(0, 3),
    )
    ax.set(xlabel="points reached (%)", ylabel="students", xlim=(0, 100))
    ax.locator_params(axis="y", integer=True)
    return _picture(
        fig,
        f"Histogram of the points of {len(total)} students: median {100 * total.median():.0f} %, "
        f"from {100 * total.min():.0f} to {100 * total.max():.0f} %",
    )


def _hardest(table: pd.DataFrame) -> str:
    fig, ax = plots.figure(height=0.8 + 0.32 * len(table))
    count, left = (table.full + table.some + table.none).clip(lower=1), np.zeros(len(table))
    place = np.arange(len(table))[::-1]
    for column, colour in (
        ("full", plots.COLOURS["measured"]),
        ("some", "#8b97a8"),
        ("none", "#e3e6ea"),
    ):
        width = (100 * table[column] / count).to_numpy()
        ax.barh(
            place,
            width,
            left=left,
            color=colour,
            height=0.7,
            label={"full": "all points", "some": "some", "none": "none"}[column],
        )
        left += width
    ax.set_yticks(place, table.index)
    ax.set(xlabel="students (%)", xlim=(0, 100))
    ax.grid(axis="y", visible=False)
    ax.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1), fontsize=10, frameon=False)
    return _picture(
        fig,
        f"Share of students with all, some and no points; hardest: {', '.join(table.index[:3])}",
    )


def _separation(table: pd.DataFrame) -> str:
    known = table.discrimination.dropna()
    if known.empty:
        return "<p>No exercise has enough spread for this.</p>"
    fig, ax = plots.figure(height=0.8 + 0.3 * len(known))
    place = np.arange(len(known))[::-1]
    plots.measured(ax, known, place)
    ax.axvline(0, color=plots.MUTED, linewidth=1)
    ax.set_yticks(place, known.index)
    ax.set(xlabel="correlation with the rest", xlim=(min(-0.2, known.min() - 0.1), 1))
    weakest = known.idxmin()
    return _picture(
        fig,
        f"Corrected item-total correlation of {len(known)} exercises; "
        f"lowest {weakest} with {known.min():.2f}",
    )


def _time(seconds: pd.Series) -> str:
    seconds = seconds[seconds > 0].dropna()
    if seconds.empty:
        return "<p>No times are recorded.</p>"
    fig, ax = plots.figure(height=2.6)
    bins = np.geomspace(seconds.min() / 1.05, seconds.max() * 1.05, 16)
    ax.hist(seconds, bins=bins.tolist(), color=plots.MUTED, edgecolor="white")
    plots.power_axis(ax, "x", "seconds to run a submission")
    ax.set(ylabel="submissions")
    ax.locator_params(axis="y", integer=True)
    return _picture(
        fig,
        f"Time of {len(seconds)} submissions: "
        f"median {seconds.median():.2g} s, longest {seconds.max():.2g} s",
    )


# ---- the page ------------------------------------------------------------------------------------


def _table(header: list[str], rows: list[list], numeric: set[int]) -> str:
    def line(cells, tag):
        return (
            "<tr>"
            + "".join(
                f"<{tag}{_class(cell, place in numeric)}>{as_html(cell)}</{tag}>"
                for place, cell in enumerate(cells)
            )
            + "</tr>"
        )

    return (
        '<div class="scroll" tabindex="0"><table><thead>'
        + line(header, "th")
        + "</thead><tbody>"
        + "\n".join(line(row, "td") for row in rows)
        + "</tbody></table></div>"
    )


def _class(cell, numeric: bool) -> str:
    return ' class="number"' if numeric else ' class="wide"' if len(str(cell)) > 40 else ""


def _group(group: Alike, names: Mapping[str, str]) -> str:
    who = ", ".join(f"{names.get(student, '')} ({student})" for student in group.students)
    what = " Their program is the published solution." if group.published else ""
    return (
        f"<p><strong>{as_html(title_of(group.exercise))}</strong>: "
        f"{len(group.students)} students, {as_html(who)}.{what}</p>"
    )


def report(grades: pd.DataFrame, submissions: pd.DataFrame, tasks: Mapping, note: str = "") -> str:
    """The page.

    grades and submissions : as export.rows and export.submissions give them; tasks : see
    `identical`; note : a sentence for the top. Chapters that a student has not answered at all do
    not count in the statistics, nor exercises of which a text waits to be read; they are in the
    table of submissions.
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
    own = submissions[submissions.chapter.str.isdigit()]
    names = dict(zip(own.student, own.name, strict=True))
    own = own[own.points.notna()]  # what is earned
    table = items(counted)
    sums = own.groupby("student")[["points", "possible"]].sum()  # as in grades.csv
    total = (sums.points / sums.possible)[sorted(set(counted.student) & set(sums.index))]
    rows = [
        [
            title_of(id),
            f"{100 * row['mean']:.0f} %",
            row["full"],
            row["some"],
            row["none"],
            "" if np.isnan(row["discrimination"]) else f"{row['discrimination']:.2f}",
            row["said"],
        ]
        for id, row in zip(table.index, table.to_dict("records"), strict=True)
    ]
    odd = submissions[submissions.reason != ""]
    alike = identical(counted, tasks)
    body = [
        "<h1>Class report</h1>",
        f"<p>{as_html(note)}</p>" if note else "",
        (
            f"<p>{len(set(counted.student))} students with at least one answer; "
            f"{len(table)} exercises; "
            + (
                f"mean {100 * total.mean():.0f} %, median {100 * total.median():.0f} %. "
                if len(total)
                else ""
            )
            + "This page names students: keep it to yourself.</p>"
        ),
        (
            f"<p>{len(unread)} {'text waits' if len(unread) == 1 else 'texts wait'} to be read; "
            "the exercises concerned are left out below.</p>"
        )
        if len(unread)
        else "",
        "<h2>Scores</h2>",
        _distribution(total) if len(total) else "<p>No chapter has its points yet.</p>",
        "<h2>Hardest exercises first</h2>",
        _hardest(table),
        _table(
            [
                "exercise",
                "mean",
                "all",
                "some",
                "none",
                "discrimination",
                "said most often to the others",
            ],
            rows,
            {1, 2, 3, 4, 5},
        ),
        "<h2>Which exercises tell students apart?</h2>",
        (
            "<p>The correlation of an exercise's points with the mean share of the other "
            "exercises (corrected item-total correlation). Above about 0.3 it measures what the "
            f"others measure; near 0 or below, look at the question. With {len(total)} students "
            f"a value is known to about &plusmn;{2 / np.sqrt(max(len(total) - 2, 1)):.1f}.</p>"
        ),
        _separation(table),
        "<h2>Time</h2>",
        _time(submissions.seconds),
        "<h2>Identical programs</h2>",
        (
            "<p>Programs that are the same once comments, layout and the names that "
            "students choose are taken away. That is a reason to talk, not a proof: who follows "
            "the hints may end there alone. Exercises that a line or two answers are left out.</p>"
        ),
        "\n".join(_group(group, names) for group in alike) or "<p>None.</p>",
        "<h2>Submissions to look at</h2>",
        _table(
            ["student", "chapter", "reason"],
            odd[["student", "chapter", "reason"]].to_numpy().tolist(),
            set(),
        )
        if len(odd)
        else "<p>All were graded without a remark.</p>",
        "<h2>Students</h2>",
        _table(
            ["student", "name", "points", "of", "share"],
            [
                [
                    student,
                    names[student],
                    shown_points(row["points"]),
                    shown_points(row["possible"]),
                    f"{100 * row['points'] / row['possible']:.0f} %",
                ]
                for student, row in zip(sums.index, sums.to_dict("records"), strict=True)
            ],
            {2, 3, 4},
        ),
    ]
    return page("Class report", "\n".join(filter(None, body)))
