"""An autograder for Gradescope: one chapter's exercises as a zip file, and what runs in it.

Contract: gradescope-autograders.readthedocs.io, "Autograder Specifications" and "Submission
Metadata". Gradescope unpacks the zip file into /autograder/source, runs setup.sh once, and for each
submission starts /autograder/run_autograder in a new container, which writes results/results.json.

The zip file has two folders: library/ (scalinglib) and grader/ (the rest, and of the class's secret
what was drawn from it for this chapter and class: the key itself is not there). Before students'
code runs, grader/ and what judges answers are closed to all but root; that code has a user of its
own. What cannot be graded has no results.json: Gradescope then shows it to a person.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from scalinglib.checks.kinds import TO_READ

from . import PUBLIC, Stream, chapter_specs, sandbox
from .assign import ROOT, read_key
from .campus import shown_points
from .feedback import public_message
from .grade import Job, course_chapters, grade_one, own_cells, version_of
from .gradebook import Row, misjudged
from .judging import chapter_of
from .questions import notebook_of, title_of
from .roster import Student, found_in
from .submissions import Owners, Seen, Unreadable, claims, code_cells, files, looked_at

VISIBILITIES = ("after_due_date", "after_published", "visible", "hidden")
_NEEDED = (
    *("numpy", "scipy", "pandas", "matplotlib", "ipywidgets", "anywidget", "pooch", "tqdm"),
    *("nbformat", "ipython"),
)
_SETUP = """\
#!/usr/bin/env bash
# Run once by Gradescope, when it builds the image.
set -e
apt-get update
for version in 3.13 3.12 3.11; do
    apt-get install --yes --no-install-recommends python$version-venv && break
done
python$version -m venv /autograder/venv
/autograder/venv/bin/pip install --quiet --requirement /autograder/source/requirements.txt
/autograder/venv/bin/python -m compileall -q /autograder/source
"""
_RUN = """\
#!/usr/bin/env bash
# Run by Gradescope for each submission. Nothing of its environment is handed on.
cd /autograder/source/grader
exec env -i PATH=/usr/bin:/bin LANG=C.UTF-8 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1 \\
    PYTHONPATH=/autograder/source/grader:/autograder/source/library \\
    /autograder/venv/bin/python -m exercises.gradescope /autograder
"""


class GradescopeError(ValueError):
    """A zip file that cannot be made, or a submission that a person has to look at."""


# ---- the zip file --------------------------------------------------------------------------------


def build(
    number: str,
    out: str | Path,
    key: str = PUBLIC,
    roster: tuple[Student, ...] = (),
    visibility: str = VISIBILITIES[0],
) -> int:
    """Write the autograder of one chapter; how many students it knows, 0 for the public notebook.

    visibility : when students see what each exercise got, in Gradescope's words.
    """
    if not chapter_specs(number):
        raise GradescopeError(f"chapter {number!r} has no exercises; write a number, as in 09")
    if (key == PUBLIC) != (not roster):
        raise GradescopeError("personal notebooks need both --key-file and --roster")
    known = {
        "chapter": number,
        "visibility": visibility,
        "students": [[student.id, student.name, student.email] for student in roster],
        "draws": drawn(number, key, [student.id for student in roster] or [PUBLIC]),
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("setup.sh", _SETUP), ("run_autograder", _RUN)):
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, text)
        pins = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        needed = [line.split("#")[0].strip() for line in pins if line.split("==")[0] in _NEEDED]
        archive.writestr("requirements.txt", "\n".join(needed) + "\n")
        archive.writestr("grader/class.json", json.dumps(known))
        for path, name in _course(number):
            archive.write(path, name)
    return len(roster)


def _course(number: str) -> Iterator[tuple[Path, str]]:
    """Files of the course that go along: of other chapters none."""
    other = re.compile(rf"ch(?!{number}_)\d\d_")
    for folder, place in (("exercises", "grader"), ("scalinglib", "library")):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and not other.match(path.name):
                yield path, f"{place}/{path.relative_to(ROOT)}"
    yield notebook_of(number), f"grader/chapters/{notebook_of(number).name}"


def drawn(number: str, key: str, students: list[str]) -> dict[str, list[float]]:
    """All that a class's key decides in one chapter: in place of the key, see draw.Stream."""
    found: dict[str, list[float]] = {}
    for id, spec in chapter_specs(number).items():
        for student in students:
            for name, draw in ((id, spec.draw), (f"{id}|probes", spec.probes)):
                draw(stream := Stream(key, name, student))
                found |= stream.recorded()
    return found


# ---- in Gradescope's container -------------------------------------------------------------------


def run(base: Path) -> dict:
    """Grade the one submission of a container; what results.json is to hold.

    Raises GradescopeError where a person has to look, and SandboxMissing.
    """
    started = time.monotonic()
    known = json.loads((base / "source/grader/class.json").read_text(encoding="utf-8"))
    number, students = known["chapter"], tuple(Student(*line) for line in known["students"])
    told = json.loads((base / "submission_metadata.json").read_text(encoding="utf-8"))
    student = who(told, students) if students else PUBLIC
    seen, data = handed_in(base / "submission", student, students, number)
    close(base)
    folders = ("/", "/usr", *(str(base / name) for name in ("", "source", "results", "venv")))
    sandbox.probe(True, folders)
    row = grade_one(
        Job(student, number, seen.path, seen.digest, version_of(number), (), data,
            known["draws"], False, sandbox.Limits()),
        partial(sandbox.run, container=True),
    )  # fmt: skip
    sandbox.close()
    if row.status not in ("graded", "stopped"):
        raise GradescopeError(f"{row.status}: {row.reason}")
    return results(row, known["visibility"], str(told.get("created_at", "")), started)


def who(told: dict, students: tuple[Student, ...]) -> str:
    """The student that Gradescope names, by e-mail address, else by a name that only one has."""
    users = told.get("users") or []
    if len(users) != 1:
        raise GradescopeError(f"{len(users)} people hand this in together: the course is for one")
    email, name = (str(users[0].get(key) or "").strip() for key in ("email", "name"))
    ids = {
        student.id
        for student in students
        if email and email.casefold() in (student.id.casefold(), student.email.casefold())
    }
    if len(ids) == 1:
        return ids.pop()
    by_name = {student.id: student for student in students}.get(Owners(students, {}).named(name))
    # a name is what its owner calls themself; where the roster knows an address, it decides
    if by_name and not by_name.email and "@" not in by_name.id:
        return by_name.id
    raise GradescopeError(f"{name!r} <{email}> is nobody of the roster, or more than one")


def handed_in(
    place: Path, student: str, students: tuple[Student, ...], number: str
) -> tuple[Seen, bytes]:
    """The one notebook of this chapter in a submission, and its bytes."""
    owners, chapters = Owners(students or None, {}), course_chapters()
    seen = [looked_at(file, f"{student}/{file.path}", owners, chapters) for file in files(place)]
    right = [file for file in seen if not file.state and file.chapter == number]
    if len(right) == 1 and _is_of(number, data := right[0].read()):
        return right[0], data
    odd = [f"{file.path}: {file.why}" for file in seen if file.state not in ("", "other")]
    raise GradescopeError(
        f"{len(right)} notebooks by {student}, where one of chapter {number} is graded"
        + "".join(f"; {line}" for line in odd[:5])
    )


def _is_of(number: str, data: bytes) -> bool:
    """Does a notebook have exercises of this chapter? No other chapter is known here."""
    metadata, cells = code_cells(data)
    own = own_cells(cells, notebook_of(number), chapter_of(str(notebook_of(number))))
    return claims(metadata)[1] in ("", number) and any(cell["exercise"] for cell in own)


def close(base: Path) -> None:
    """Leave to root alone what students' code must not read or write."""
    for name in ("source/grader", "source/library/scalinglib/checks", "results", "submission"):
        (base / name).chmod(0o700)


def results(row: Row, visibility: str, received: str, started: float) -> dict:
    """Gradescope's results.json: a test for each exercise; a text that a person reads has none.

    Raises GradescopeError where something wrong may be right for the notebook's own numbers.
    """
    if any(misjudged(row, result) for result in row.results):
        raise GradescopeError(
            f"no parameter cell has the numbers that the key draws for {row.student}: made with "
            "another key, for the public, or changed by hand"
        )
    tests = []
    for result in row.results:
        said = public_message(result.message, result.rule)
        test: dict[str, Any] = {
            "name": title_of(result.exercise),
            "output": f"{result.status}: {said}" if said else result.status,
            "output_format": "text",
            "visibility": visibility,
        }
        if result.status != TO_READ:
            full = result.points == result.possible
            test |= {"score": result.points, "max_score": result.possible}
            test["status"] = "passed" if full else "failed"
        tests.append(test)
    receipt = f"Received {received}; the file's SHA-256 begins with {row.digest[:16]}."
    waits = sum(one.possible for one in row.results if one.status == TO_READ)
    text = f"A person gives the {shown_points(waits)} points for the text." if waits else ""
    return {
        "score": row.points,
        "execution_time": round(time.monotonic() - started),
        "output": "\n".join(filter(None, [receipt, row.reason, text])),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {"digest": row.digest, "version": row.spec, "student": row.student},
    }


def main(base: Path) -> int:
    """The whole of run_autograder; 1 where nothing is graded, and why, for the instructor."""
    target = base / "results/results.json"
    target.unlink(missing_ok=True)
    try:
        found = run(base)
    except (GradescopeError, Unreadable, sandbox.SandboxMissing) as error:
        print(f"not graded: {error}")
        return 1
    target.write_text(json.dumps(found, indent=1), encoding="utf-8")
    print(f"graded: {shown_points(found['score'])} points")
    return 0


# ---- command -------------------------------------------------------------------------------------


def add_command(commands: Any) -> None:
    """`python -m exercises gradescope`."""
    parser = commands.add_parser("gradescope", help="one chapter's autograder for Gradescope")
    parser.add_argument("chapter", help="as in 08")
    parser.add_argument("--out", required=True, metavar="ZIP", help="the zip file to write")
    parser.add_argument("--key-file", help="file with the class's secret")
    parser.add_argument("--roster", help="CSV file: id, name, and email as Gradescope knows it")
    parser.add_argument(
        "--visibility",
        choices=VISIBILITIES,
        default=VISIBILITIES[0],
        help="when students see what each exercise got (default: %(default)s)",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    key = read_key(options.key_file) if options.key_file else PUBLIC
    roster = ()
    if options.roster:
        found = found_in(options.roster)
        roster = found.students
        print(found)
    count = build(options.chapter.zfill(2), options.out, key, roster, options.visibility)
    whose = f"{count} students' personal notebooks" if count else "the public notebook"
    print(f"{options.out}: the autograder of chapter {options.chapter} for {whose}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
