"""Personal notebooks: each chapter for each student, without solutions, with their own parameters.

Everything that can be wrong with a chapter is found before the first file is written: an exercise
without a solution region, a marker that survives, a stub that drifted from its solution
(StripError, ChapterError).
"""

from __future__ import annotations

import copy
import csv
import hashlib
import hmac
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scalinglib.lab.sweep import write_whole

from . import chapter_specs, parameter_cell, parameters
from .chapter import Chapter, ChapterError, read_chapter
from .clock import zone_here
from .inside import as_told, assigned
from .ledger import Ledger
from .release import names_of, origin_of, student_notebook
from .roster import CAMPUS, NUMBER, Student
from .rules import FILE, RulesError, read_rules
from .spec import Spec
from .strip import exercise_of, region, role_of, source_of

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = ROOT / "chapters"
_LOOKED_AT = 40
_ZONE = 'zone = "Europe/Berlin"'


class KeyFileError(ValueError):
    """A key that cannot be used."""


def read_key(path: str | Path) -> str:
    """The class's secret: one line of text, at least eight characters."""
    try:
        key = Path(path).read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise KeyFileError(
            f"cannot read the key {path} ({error.strerror}); "
            "make one, and keep it as long as the class runs: "
            f'python -c "import secrets; print(secrets.token_urlsafe(32))" > {path}'
        ) from None
    except UnicodeDecodeError:
        raise KeyFileError(f"the key {path} is not text") from None
    if len(key) < 8:
        raise KeyFileError(
            f"the key {path} has {len(key)} characters; a key of fewer than 8 can be guessed"
        )
    return key


def claim_folder(out: str | Path, key: str) -> None:
    """Keep a fingerprint of the class's key in its folder.

    KeyFileError where there is another's: those notebooks and grades stay.
    """
    mark, path = (
        hmac.digest(key.encode(), b"fingerprint", "sha256").hex()[:16],
        Path(out) / "key.fingerprint",
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() and (known := _fits(Path(out), key)) is not True:
        if known is False:
            raise KeyFileError(
                f"{out} has no key.fingerprint, and its notebooks were not made with this key. "
                "Give the key that they were made with, or bring key.fingerprint back"
            )
        if (Path(out) / "gradebook.sqlite").exists():
            print(
                f"{out} has no key.fingerprint, and nothing in it tells its key: this one is taken"
            )
    if path.exists() and path.read_text(encoding="utf-8").strip() != mark:
        raise KeyFileError(
            f"the class in {out} was made with another key: "
            "its notebooks would change, and right answers be judged as wrong. "
            "Give the key that it was made with, or another folder as --out"
        )
    write_whole(path, mark + "\n")


def _fits(out: Path, key: str) -> bool | None:
    """Was this key drawn from in the notebooks that a folder has? None where none can tell.

    Looked at is what another key would draw otherwise. By chance, and where an older version drew
    otherwise, some may be the same or not: most decide.
    """
    texts = [path.read_bytes() for path in sorted(out.glob("notebooks/*/*.ipynb"))[:_LOOKED_AT]]
    if not texts and (path := out / "gradebook.sqlite").exists():
        ledger = Ledger(path)
        texts = [ledger.notebook(digest) or b"" for digest in sorted(ledger.kept())[:_LOOKED_AT]]
        ledger.close()
    same = []
    for text in texts:
        for spec, student, source in _numbers(text):
            own, other = (
                parameter_cell(parameters(spec, one, student)) for one in (key, f"{key} not")
            )
            same += [source.strip() == own] if own != other else []
    return 2 * sum(same) > len(same) if same else None


def _numbers(text: bytes) -> list[tuple[Spec, str, str]]:
    """(exercise, student, parameter cell) of each exercise of a personal notebook."""
    try:
        notebook = json.loads(text)
        student = notebook["metadata"]["scalinglib"]["student"]
        specs = chapter_specs(notebook["metadata"]["scalinglib"]["chapter"])
        return [
            (specs[id], student, source_of(cell))
            for cell in notebook["cells"]
            if (id := exercise_of(cell)) in specs and role_of(cell) == "parameters"
            if student != "public"
        ]
    except (ValueError, KeyError, TypeError, AttributeError):  # a student's own
        return []


def drawn_anew(out: str | Path, key: str, student: str, chapter: str) -> tuple[str, ...]:
    """The exercises whose numbers in the notebook that was handed out are not those drawn now.

    Another version of the course may have drawn otherwise. What `assign` wrote tells, as it stays.
    """
    folder = Path(out) / "notebooks" / student
    paths = sorted(folder.iterdir()) if student and folder.is_dir() else []
    return tuple(
        spec.id
        for path in paths
        if path.name.startswith(f"{chapter}_") and path.suffix == ".ipynb"
        for spec, own, source in _numbers(path.read_bytes())
        if own == student
        and not assigned(source).items() >= as_told(parameters(spec, key, student)).items()
    )


@dataclass(frozen=True)
class Source:
    """A chapter that has exercises: its notebook stripped, and what the grader knows about it."""

    stem: str
    chapter: Chapter
    stripped: dict


def read_sources(folder: str | Path = CHAPTERS) -> dict[str, Source]:
    """Every chapter with exercises by number.

    Raises StripError and ChapterError, which name chapter and exercise.
    """
    sources, origin, names = {}, origin_of(ROOT), names_of(ROOT)
    for path in sorted(Path(folder).glob("[0-9][0-9]_*.ipynb")):
        chapter = read_chapter(path)
        if not chapter.tasks:
            continue
        if unknown := set(chapter.tasks) ^ set(chapter_specs(chapter.number)):
            raise ChapterError(
                f"{path.name}: {sorted(unknown)[0]} "
                "stands in the notebook or in exercises/, not in both"
            )
        notebook = json.loads(path.read_text(encoding="utf-8"))
        sources[chapter.number] = Source(
            path.stem, chapter, student_notebook(notebook, origin, names)
        )
    if not sources:
        raise ChapterError(f"there is no chapter with exercises in {folder}")
    return sources


def personal(source: Source, key: str, student: str) -> dict:
    """The notebook of one student."""
    notebook = copy.deepcopy(source.stripped)
    specs = chapter_specs(source.chapter.number)
    for cell in notebook["cells"]:
        if (id := exercise_of(cell)) and role_of(cell) == "parameters":
            cell["source"] = parameter_cell(parameters(specs[id], key, student))
    notebook["metadata"]["scalinglib"] = {"student": student, "chapter": source.chapter.number}
    return notebook


def keep_zone(out: str | Path) -> str:
    """Write this machine's time zone into course.toml, where none stands; what there is to tell."""
    path, here = Path(out) / FILE, zone_here()
    try:
        text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
        zone = read_rules(text).zone
    except (UnicodeDecodeError, RulesError):
        return f"{path} cannot be used as it is: mend it, and give it a line as in {_ZONE}"
    if zone:
        return f"times of this class are those of {zone} ({path})"
    if not here:
        return f"this machine does not tell its time zone: write yours into {path}, as in {_ZONE}"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, f'zone = "{here}"  # of all times without an offset\n{text}')
    return (
        f"times of this class are those of {here}, as this machine says: "
        f"if that is not your time zone, change it in {path}"
    )


def file_name(source: Source, student: str) -> str:
    """What the student's file is called; campus systems put something of their own before it."""
    return f"{source.stem}-{student}.ipynb"


def assign(
    roster: tuple[Student, ...], key: str, out: str | Path, sources: dict[str, Source]
) -> Iterator[Path]:
    """Write OUT/notebooks/<id>/<chapter>-<id>.ipynb for all; yields each path.

    What the same command has written before it was interrupted is kept, and what has other numbers
    than are drawn now: it may be handed out. The roster goes along for the grader, with e-mail
    addresses and Canvas's numbers where it has them.
    """
    claim_folder(out, key)
    out = Path(out)
    others = ("email", "number", "campus", "participant")
    fields = ["id", "name", *(f for f in others if any(getattr(s, f) for s in roster))]
    named = {"number": NUMBER, "campus": CAMPUS, "participant": "identifier"}
    columns = [named.get(field, field) for field in fields]
    rows = [[getattr(student, field) for field in fields] for student in roster]
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows([columns, *rows])
    write_whole(out / "roster.csv", table.getvalue())
    since, others = _begun(out / "notebooks", sources), {}
    for student in roster:
        folder = out / "notebooks" / student.id
        folder.mkdir(parents=True, exist_ok=True)
        for number, source in sources.items():
            path = folder / file_name(source, student.id)
            there = path.exists()
            kept = there and path.stat().st_mtime_ns >= since
            anew = drawn_anew(out, key, student.id, number) if there and not kept else ()
            for id in anew:
                others.setdefault(id, []).append(student.id)
            if kept or anew:
                yield path
                continue
            text = json.dumps(personal(source, key, student.id), ensure_ascii=False, indent=1)
            _assert_keeps_secrets(text, key, source, student.id)
            write_whole(path, text + "\n")
            yield path
    for id, students in others.items():
        told = ", ".join([*students[:5], *["..."] * (len(students) > 5)])
        print(
            f"{id}: another version of the course has drawn other numbers for {len(students)} "
            f"student{'s' * (len(students) != 1)} ({told}); their notebooks are left as they are. "
            "Delete those that were not handed out, and say assign again"
        )


def _begun(folder: Path, sources: dict[str, Source]) -> int:
    """When notebooks of these sources, by this code, were first written here (ns)."""
    whole = hashlib.sha256()
    for path in sorted(
        p for code in ("exercises", "scalinglib") for p in (ROOT / code).rglob("*.py")
    ):
        whole.update(path.read_bytes())
    for source in sources.values():
        whole.update(json.dumps(source.stripped, sort_keys=True).encode())
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / ".made-of"
    if not mark.exists() or mark.read_text(encoding="utf-8") != whole.hexdigest():
        write_whole(mark, whole.hexdigest())
    return mark.stat().st_mtime_ns


def _assert_keeps_secrets(text: str, key: str, source: Source, student: str):
    if key != "public" and key in text:
        raise KeyFileError(
            f"the key stands in {student}'s notebook of chapter {source.chapter.number}: "
            "take another key"
        )
    cells = json.loads(text)["cells"]
    written = {
        id: source_of(cell)
        for cell in cells
        if role_of(cell) == "exercise" and (id := exercise_of(cell))
    }
    for id, task in source.chapter.tasks.items():
        if written.get(id) != task.stub or region(task.solution).strip() in written[id]:
            raise ChapterError(
                f"{id}: the cell that {student} would get is not the stub of its solution"
            )
