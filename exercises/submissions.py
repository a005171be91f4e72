"""What students handed in: a folder or a campus system's zip file, by student and chapter.

Nothing is unpacked. Every file becomes a `Submission` or a `Refused` with a reason; nothing found
in a file's name or content can raise. Known are the names that Canvas
(`lovelaceada_123_456_09_fit.ipynb`), Moodle (`Ada Lovelace_123_assignsubmission_file_/`) and
Gradescope (`submission_123/` beside submission_metadata.yml) give, and folders or files named after
ids. What the campus system says of a file's owner counts more than what the file says.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .roster import Student, id_fault

LARGEST = 20_000_000
_MOST_FILES = 50_000
_IGNORED = re.compile(r"(^|/)(__MACOSX|\.ipynb_checkpoints|\.git)(/|$)|(^|/)\.")
_CHAPTER = re.compile(r"(?<![0-9])([0-9]{2})[_-][a-z]")
_CANVAS = re.compile(
    r"(?P<name>[^_/]+)_(?:LATE_)?(?P<user>[0-9]+)_"
    r"(?:question_[0-9]+_)?(?P<entry>[0-9]+)_(?P<file>.+)",
    re.S,
)
_MOODLE = re.compile(r"(?P<name>.+)_(?P<entry>[0-9]+)_assignsubmission_(?:file|onlinetext)")
_ATTEMPT = re.compile(r"-([0-9]{1,3})\.ipynb$|attempt[ _-]?([0-9]+)", re.I)


class SubmissionsError(ValueError):
    """Nothing can be read where the submissions should be."""


class Unreadable(ValueError):
    """A file that is not a notebook to be graded; the text is the row's reason."""


@dataclass(frozen=True)
class File:
    """One file of the batch: its path inside, how to get its bytes, when it was changed.

    A reason if it is refused unread.
    """

    path: str
    read: Callable[[], bytes]
    changed: tuple
    refused: str = ""


@dataclass(frozen=True)
class Submission:
    """A student's notebook of one chapter that counts; `notes` for the row's reason."""

    student: str
    chapter: str
    path: str
    digest: str
    read: Callable[[], bytes]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A file, or a student's chapter, that cannot be graded."""

    student: str
    chapter: str
    path: str
    digest: str
    reason: str


# ---- files ---------------------------------------------------------------------------------------


def files(place: str | Path) -> list[File]:
    """All files of a folder or a zip file, in the order of their paths."""
    place = Path(place)
    if place.is_dir():
        return sorted(_in_folder(place), key=lambda file: file.path)
    if not place.exists():
        raise SubmissionsError(
            f"there is nothing at {place}: name the folder or the zip file of the submissions"
        )
    try:
        return sorted(_in_zip(place), key=lambda file: file.path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise SubmissionsError(
            f"{place} is neither a folder nor a zip file that can be read ({error})"
        ) from None


def _in_folder(place: Path):
    for folder, folders, names in os.walk(place, followlinks=False):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        folders[:] = sorted(set(folders) - set(links))
        for name in [*links, *names]:
            path = Path(folder, name)
            inside = (
                path.relative_to(place)
                .as_posix()
                .encode("utf-8", "surrogateescape")
                .decode("utf-8", "replace")
            )
            if _IGNORED.search(inside):
                continue
            try:
                info = path.lstat()
            except OSError as error:
                yield File(inside, bytes, (), f"the file cannot be read ({error.strerror})")
                continue
            yield File(
                inside,
                lambda path=path: _read_plain(path),
                (info.st_mtime_ns,),
                _kind_fault(info.st_mode, info.st_size),
            )


def _kind_fault(mode: int, size: int) -> str:
    if stat.S_ISLNK(mode):
        return "it is a symbolic link, which is not followed"
    if mode and stat.S_IFMT(mode) and not stat.S_ISREG(mode):
        return "it is not a plain file"
    if size > LARGEST:
        return (
            f"the file has {size / 1e6:.0f} MB; "
            f"notebooks up to {LARGEST / 1e6:.0f} MB are graded (clear the outputs)"
        )
    return ""


def _read_plain(path: Path) -> bytes:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise Unreadable(f"the file cannot be read ({error.strerror})") from None


def _in_zip(place: Path):
    with zipfile.ZipFile(place) as archive:
        entries = archive.infolist()
    if len(entries) > _MOST_FILES:
        raise SubmissionsError(f"{place} holds {len(entries)} files, which no class hands in")
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if entry.is_dir() or _IGNORED.search(name.replace("../", "")):
            continue
        fault = _kind_fault(entry.external_attr >> 16, entry.file_size)
        if (
            name.startswith("/")
            or ".." in PurePosixPath(name).parts
            or re.match(r"[A-Za-z]:", name)
            or "\0" in name
        ):
            fault = "its path leaves the archive"
        elif entry.flag_bits & 1:
            fault = "it is encrypted"
        yield File(name, lambda entry=entry: _read_zipped(place, entry), (*entry.date_time,), fault)


def _read_zipped(place: Path, entry) -> bytes:
    try:
        with zipfile.ZipFile(place) as archive, archive.open(entry) as file:
            return file.read(LARGEST + 1)
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        zlib.error,
    ) as error:
        raise Unreadable(f"it cannot be unpacked ({type(error).__name__})") from None


# ---- notebooks -----------------------------------------------------------------------------------


def code_cells(data: bytes) -> tuple[dict, list[dict]]:
    """(the notebook's metadata, its code cells as {"source", "metadata", "id"}).

    Unreadable where it is no such notebook.
    """
    if len(data) > LARGEST:
        raise Unreadable(f"it unpacks to more than {LARGEST / 1e6:.0f} MB")
    if not data.strip():
        raise Unreadable("the file is empty")
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("the file is not UTF-8 text, as notebooks are") from None
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            f"it is not a whole notebook: its JSON ends or breaks ({str(error)[:80]})"
        ) from None
    if not isinstance(notebook, dict):
        raise Unreadable("it is JSON, but not a notebook")
    if notebook.get("nbformat") != 4 and ("worksheets" in notebook or "nbformat" in notebook):
        raise Unreadable(
            f"it is a notebook of format {str(notebook.get('nbformat'))[:10]}; "
            "format 4 is graded: open it in Jupyter and save it"
        )
    cells, metadata = notebook.get("cells"), notebook.get("metadata")
    if not isinstance(cells, list):
        raise Unreadable("it is JSON, but not a notebook: it has no cells")
    metadata = metadata if isinstance(metadata, dict) else {}
    for entry, field in (("kernelspec", "language"), ("language_info", "name")):
        language = (
            metadata.get(entry, {}).get(field) if isinstance(metadata.get(entry), dict) else None
        )
        if isinstance(language, str) and language.lower() not in (
            "python",
            "python3",
            "ipython",
            "",
        ):
            raise Unreadable(f"its language is {language[:30]!r}; Python is graded")
    return metadata, [
        _code_cell(cell)
        for cell in cells
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]


def _code_cell(cell: dict) -> dict:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    own = metadata.get("scalinglib")
    exercise = own.get("exercise") if isinstance(own, dict) else None
    tags = metadata.get("tags")
    id = cell.get("id") or metadata.get("id")  # Colab moves it
    return {
        "source": source if isinstance(source, str) else "",
        "id": id if isinstance(id, str) else "",
        "exercise": exercise if isinstance(exercise, str) else None,
        "tags": [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
    }


def claims(metadata: dict) -> tuple[str, str]:
    """(student, chapter) as `assign` wrote them into the notebook; empty where they are missing."""
    own = metadata.get("scalinglib")
    own = own if isinstance(own, dict) else {}
    student, chapter = own.get("student"), own.get("chapter")
    return (
        student if isinstance(student, str) else "",
        chapter if isinstance(chapter, str) else "",
    )


# ---- whose and of which chapter ------------------------------------------------------------------


class Owners:
    """Who a file's path belongs to; without a roster, whoever the path names."""

    def __init__(self, roster: tuple[Student, ...] | None, gradescope: dict[str, str]) -> None:
        self.roster, self.gradescope = roster, gradescope
        self.ids = {student.id.casefold(): student.id for student in roster or ()}
        self.names: dict[str, set[str]] = {}
        for student in roster or ():
            for key in _name_keys(student.name):
                self.names.setdefault(key, set()).add(student.id)

    def campus(self, path: str) -> str:
        """The id that the campus system's part of the path gives, or ""."""
        top = path.split("/")[0]
        if top in self.gradescope:
            return self._known(self.gradescope[top])
        if moodle := _MOODLE.match(top):
            return self._named(moodle["name"])
        if canvas := _CANVAS.fullmatch(top):
            return self._known(canvas["user"], strict=True) or self._named(canvas["name"])
        folders = path.split("/")[:-1]
        return next(
            filter(
                None, (self._known(folder, strict=self.roster is not None) for folder in folders)
            ),
            "",
        )

    def sender(self, path: str) -> str:
        """What the campus system calls whoever handed this in; "" in a plain folder."""
        top = path.split("/")[0]
        if found := _MOODLE.match(top):
            return f"{found['name']} ({found['entry']})"
        if found := _CANVAS.fullmatch(top):
            return f"{found['name']} ({found['user']})"
        return top if top in self.gradescope else ""

    def own_name(self, path: str) -> str:
        """The id that stands in the file's own name, as `assign` puts it at the end, or ""."""
        name = path.split("/")[-1].rsplit(".ipynb", 1)[0]
        canvas = _CANVAS.fullmatch(name)
        name = canvas["file"] if canvas else name
        words = [name, re.sub(r"-[0-9]{1,3}$| ?\([0-9]+\)$", "", name)]
        words += [word.split("-", 1)[1] for word in words if re.match(r"[0-9]{2}_\w+-", word)]
        if self.roster is None:
            return next((word for word in reversed(words) if not id_fault(word)), "")
        folded = [word.casefold() for word in words]
        exact = next((self.ids[word] for word in folded if word in self.ids), "")
        return exact or next(
            (
                id
                for key, id in sorted(self.ids.items(), key=lambda item: -len(item[0]))
                if re.search(rf"(^|[-_. ]){re.escape(key)}($|[-_. (])", folded[0])
            ),
            "",
        )

    def claimed(self, id: str) -> str:
        """The roster's spelling of an id that the notebook claims, or ""."""
        return self._known(unicodedata.normalize("NFC", id.strip()))

    def _known(self, id: str, strict: bool = False) -> str:
        if self.roster is None:
            return "" if strict or id_fault(id) else id
        return self.ids.get(id.strip().casefold(), "")

    def _named(self, name: str) -> str:
        if self.roster is None:
            squeezed = "".join(
                character if character.isalnum() else "." for character in name.strip()
            )
            return "" if id_fault(squeezed) else squeezed
        found = self.names.get(_squeeze(name), set())
        return next(iter(found)) if len(found) == 1 else ""


_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)


def _squeeze(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).casefold().translate(_PLAIN_LETTERS)
    return "".join(character for character in folded if character.isalnum())


def _name_keys(name: str) -> set[str]:
    """How campus systems squeeze a name: "Ada Lovelace" gives adalovelace and lovelaceada."""
    if "," in name:
        last, first = name.split(",", 1)
        keys = {_squeeze(first + last), _squeeze(last + first)}
    else:
        words = name.split()
        keys = {_squeeze("".join(words[cut:] + words[:cut])) for cut in range(len(words))}
    return keys - {""}


def _gradescope(found: list[File]) -> dict[str, str]:
    """submission folder -> :sid: out of Gradescope's submission_metadata.yml."""
    owners = {}
    for file in found:
        if file.path.split("/")[-1] == "submission_metadata.yml" and not file.refused:
            folder = None
            for line in file.read().decode("utf-8", "replace").splitlines():
                if start := re.match(r"(submission_[0-9]+):", line):
                    folder = start[1]
                elif (sid := re.match(r"\s+-?\s*:sid:\s*['\"]?([^'\"\s]+)", line)) and folder:
                    owners.setdefault(folder, sid[1])
    return owners


def _without_wrapper(found: list[File]) -> str:
    """The one folder that holds everything ("submissions/"), as in many zip files; else ""."""
    tops = {file.path.split("/")[0] for file in found}
    deep = all("/" in file.path for file in found)
    one = next(iter(tops)) if len(tops) == 1 and deep and len(found) > 1 else ""
    return (
        f"{one}/"
        if one
        and (
            any(file.path.count("/") > 1 for file in found)
            or any(_CANVAS.fullmatch(file.path.split("/")[1]) for file in found)
        )
        else ""
    )


def collect(
    place: str | Path, chapters: dict[str, tuple[str, ...]], roster: tuple[Student, ...] | None
) -> tuple[list[Submission], list[Refused]]:
    """(submissions that count, refusals), each sorted by student and chapter.

    chapters : number -> ids of its exercises. Of several attempts the last counts: by the number
    that the campus system adds to a file's name, then by date, then by name.
    """
    found = files(place)
    wrapper = _without_wrapper(found)
    owners = Owners(roster, _gradescope(found))
    attempts, refused = {}, []
    for file in found:
        path = file.path.removeprefix(wrapper)
        if not path.lower().endswith(".ipynb") and not file.refused:
            if path.split("/")[-1] != "submission_metadata.yml":
                refused.append(
                    (
                        file,
                        path,
                        "",
                        _chapter_named(path, chapters),
                        "",
                        "it is not a notebook (.ipynb)",
                    )
                )
            continue
        try:
            attempt = _looked_at(file, path, owners, chapters)
        except Unreadable as error:
            student = owners.campus(path) or owners.own_name(path)
            refused.append(
                (file, path, student, _chapter_named(path, chapters), _digest_of(file), str(error))
            )
            continue
        attempts.setdefault((attempt.student, attempt.chapter), []).append(
            (_order(file), attempt, file, path)
        )
    for (student, chapter), tried in list(attempts.items()):
        attempts[student, chapter], strangers = _one_sender(student, tried, owners)
        refused += [
            (file, path, f"?{_printable(path)}", chapter, attempt.digest, reason)
            for (_, attempt, file, path), reason in strangers
        ]
    return _settled(attempts, refused, list(chapters), owners)


def _one_sender(student: str, tried: list, owners: Owners):
    """(the attempts that are this student's, [(another's attempt, the reason why it is not)]).

    The campus system's word counts most: a file that only says whose it is gives way to one that
    came from that student, and of two strangers who hand in under one id neither counts.
    """
    own = [entry for entry in tried if owners.campus(entry[3])]
    others = [entry for entry in tried if not owners.campus(entry[3]) and owners.sender(entry[3])]
    senders = sorted({owners.sender(entry[3]) for entry in others})
    if own or len(senders) > 1:
        why = f"{student} has handed in too" if own else f"so did {len(senders) - 1} more"
        return [entry for entry in tried if entry not in others], [
            (
                entry,
                f"it came from {owners.sender(entry[3])}, whom the roster does not name, "
                f"under the id {student}; {why}. Put the right file into a folder named {student}",
            )
            for entry in others
        ]
    return tried, []


def _chapter_named(path: str, chapters) -> str:
    """The chapter whose number begins the file's own name, or ""."""
    found = [number for number in _CHAPTER.findall(path.split("/")[-1]) if number in chapters]
    return found[-1] if found else ""


def _settled(attempts, refused, chapters, owners):
    submissions, rows = [], []
    for (student, chapter), tried in sorted(attempts.items()):
        if not tried:
            continue
        tried.sort(key=lambda entry: entry[0])
        last = tried[-1][1]
        notes = (f"{len(tried)} attempts: the last counts",) if len(tried) > 1 else ()
        submissions.append(
            Submission(student, chapter, last.path, last.digest, last.read, last.notes + notes)
        )
    delivered = {
        (submission.student, chapter)
        for submission in submissions
        for chapter in (submission.chapter, "")
    }
    graded = {(submission.student, submission.chapter) for submission in submissions}
    for _, path, student, chapter, digest, reason in refused:
        student = student or owners.campus(path) or owners.own_name(path)
        if reason.startswith("it is not a notebook (") and (student, chapter) in delivered:
            continue  # data or a script beside the notebook
        if student and not chapter and len(chapters) == 1:
            chapter = chapters[0]
        if (student, chapter) in graded:
            continue  # another attempt can be read, and counts
        rows.append(
            Refused(
                student or f"?{_printable(path)}", chapter or "?", _printable(path), digest, reason
            )
        )
    return submissions, sorted(rows, key=lambda row: (row.student, row.chapter, row.path))


def _looked_at(file: File, path: str, owners: Owners, chapters) -> Submission:
    if file.refused:
        raise Unreadable(file.refused)
    data = file.read()
    metadata, cells = code_cells(data)
    student, notes = _owner(path, metadata, owners)
    chapter = _chapter(path, metadata, cells, chapters)
    return Submission(
        student, chapter, _printable(path), hashlib.sha256(data).hexdigest(), file.read, notes
    )


def _owner(path: str, metadata: dict, owners: Owners) -> tuple[str, tuple[str, ...]]:
    claim = claims(metadata)[0]
    by_campus = owners.campus(path)
    student = by_campus or owners.own_name(path) or owners.claimed(claim)
    if owners.roster is None and not by_campus and owners.claimed(claim):
        student = owners.claimed(claim)
    if not student:
        raise Unreadable(
            "no student of the roster fits the file's name"
            + (f" or its claim {_printable(claim)!r}" if claim else "")
        )
    notes = []
    if claim and claim.casefold() not in (student.casefold(), "public"):
        notes.append(f"the notebook was made for {_printable(claim)!r}")
    if owners.names and not by_campus and (sender := owners.sender(path)):
        notes.append(f"it came from {_printable(sender)}, whom the roster does not name")
    return student, tuple(notes)


def _chapter(path: str, metadata: dict, cells, chapters) -> str:
    claimed = claims(metadata)[1]
    if claimed in chapters:
        return claimed
    counts = {
        number: sum(cell["exercise"] in ids for cell in cells) for number, ids in chapters.items()
    }
    best = max(counts, key=lambda number: counts[number], default="")
    if counts.get(best):
        return best
    if named := _chapter_named(path, chapters):
        return named
    if len(chapters) == 1:
        return next(iter(chapters))
    raise Unreadable("it cannot be told which chapter it is of")


def _order(file: File):
    match = _ATTEMPT.search(file.path)
    return (int(match[1] or match[2]) if match else 0, file.changed, file.path)


def _digest_of(file: File) -> str:
    try:
        return hashlib.sha256(b"" if file.refused else file.read()).hexdigest()
    except Unreadable:
        return ""


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)[:200]
