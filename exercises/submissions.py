"""What students handed in: a folder or a campus system's zip file, by student and chapter.

Nothing is unpacked. Every file becomes a `Seen`; nothing found in a file's name or content can
raise. Known are the names that Canvas (`lovelaceada_123_456_09_fit.ipynb`), Moodle
(`Ada Lovelace_123_assignsubmission_file_/`) and Gradescope (`submission_123/` beside
submission_metadata.yml) give, and folders or files named after ids. The campus system's word
decides whose a file is; what contradicts it is told in `state` and `why`, and a person decides.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path, PurePosixPath

from .roster import Student, id_fault

LARGEST = 100_000_000
_MOST_FILES = 50_000
_MOST_INSIDE = 200  # files of a zip file that one student hands in
_MOST_KEPT = 20_000_000  # bytes of a notebook without its outputs
_MOST_VALUES, _MOST_LISTS = 12_000_000, 2_000_000  # of its JSON: each costs memory and time
_NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?$", re.I)
_METADATA = "submission_metadata.yml"
_IGNORED = re.compile(r"(^|/)(__MACOSX|\.ipynb_checkpoints|\.git)(/|$)|(^|/)\.")
_CHAPTER = re.compile(r"(?<![0-9])([0-9]{2})[_-][a-z]")
_IN_WORDS = re.compile(
    r"(?:chapter|kapitel|chapitre|cap[ií]tulo|ch)[ _.-]*0*([0-9]{1,2})(?![0-9])", re.I
)
_CANVAS = re.compile(
    r"(?P<name>[^_/]+)_(?:LATE_)?(?P<user>[0-9]+)_"
    r"(?:(?:question_[0-9]+_)?(?P<entry>[0-9]+)_(?P<file>.+)|(?:link|text)\.html)",
    re.S,
)
_ANONYMOUS = re.compile(
    r"(?:LATE_)?anon_(?:LATE_)?[A-Za-z0-9]{5}_(?:LATE_)?"
    r"(?:(?:question_[0-9]+_)?(?P<entry>[0-9]+)_|(?:link|text)\.html$)"
)
_MOODLE = re.compile(  # a group's name has no number
    r"(?:(?P<name>.+)_(?P<entry>[0-9]+)|(?P<group>[^/]+))_assignsubmission_(?:file|onlinetext)"
)
_GRADESCOPE = re.compile(r"submission_[0-9]+")
_ATTEMPT = re.compile(r"-([0-9]{1,3})\.ipynb$|attempt[ _-]?([0-9]+)", re.I)


STRAY = "it came with the submissions of chapter"
"""How the reason begins, why a file that is of one chapter waits for a person."""
NAMELESS = "Canvas has left out the names, as in anonymous grading"
"""Why nobody can tell whose a file is; what is inside must not."""


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
    at: str = ""  # the same in ISO form; without an offset in a zip file: see clock


@dataclass(frozen=True)
class Seen:
    """One file that was handed in.

    student, chapter : "?" and the path, and "?", where nobody can tell. sent : time in ISO form
    at which it was there (see clock); `exact` if it is when it was handed in. number : the campus
    system's own, rising; account : whoever handed it in, where only their name ties them to the
    roster. late : the campus system's mark; `shared` if its assignment is of several due times, so
    that nobody knows of which the mark is. state : "", "unreadable", "other" (no notebook),
    "sender", "made for" (another student), "chapter"; `why` for a person. also : other chapters
    that a file with a state may be of: those of its assignment, or what else is said in it. over :
    numbers of newer submissions, in place of which its student has made this one count.
    """

    student: str
    chapter: str
    path: str
    digest: str
    read: Callable[[], bytes]
    sent: str
    number: int
    account: str
    late: bool
    claim: str = ""
    exact: bool = False
    shared: bool = False
    state: str = ""
    why: str = ""
    notes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    over: tuple[int, ...] = ()


# ---- files ---------------------------------------------------------------------------------------


def files(place: str | Path) -> list[File]:
    """All files of a folder or a zip file, in the order of their paths.

    Of a zip file among them, what is inside.
    """
    place = Path(place)
    if place.is_dir():
        return _sorted(_in_folder(place))
    if not place.exists():
        raise SubmissionsError(
            f"there is nothing at {place}: name the folder or the zip file of the submissions"
        )
    try:
        return _sorted(_in_zip(place))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise SubmissionsError(
            f"{place} is neither a folder nor a zip file that can be read ({error})"
        ) from None


def _top(path: str) -> str:
    """What stands first in a path: there campus systems say whose it is."""
    return path.split("/")[0]


def _file_name(path: str) -> str:
    """The last part of a path."""
    return path.split("/")[-1]


def _sorted(found: Iterator[File]) -> list[File]:
    return sorted((one for file in found for one in _inside(file)), key=lambda file: file.path)


def _inside(file: File) -> Iterator[File]:
    """The files of a zip file that a student handed in, one level deep; any other as it is."""
    if file.refused or not file.path.lower().endswith(".zip"):
        yield file
        return
    try:
        data = file.read()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (Unreadable, zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        yield replace(file, refused="it is a zip file that cannot be unpacked")
        return
    size = sum(entry.file_size for entry in entries)
    if len(entries) > _MOST_INSIDE or size > 2 * LARGEST:
        yield replace(file, refused=f"the zip file holds {len(entries)} files, {size / 1e6:.0f} MB")
        return
    entries = [one for one in entries if not _IGNORED.search(_name_of(one).replace("../", ""))]
    if not entries:
        yield replace(file, refused="it is a zip file with nothing in it")
    for entry in entries:
        name = _name_of(entry)
        yield File(
            f"{file.path}/{name}",
            lambda entry=entry: _read_zipped(io.BytesIO(_last_read(file.read)), entry),
            file.changed,
            _name_fault(name) or _kind_fault(entry.external_attr >> 16, entry.file_size),
            file.at,
        )


def _name_of(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/")


@lru_cache(maxsize=1)
def _last_read(read: Callable[[], bytes]) -> bytes:
    """Its bytes, read again only after another: a class's zip files do not stay in memory."""
    return read()


def _in_folder(place: Path):
    for folder, folders, names in os.walk(place):  # which follows no links
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
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
                _time(datetime.fromtimestamp, info.st_mtime, UTC),
            )


def _kind_fault(mode: int, size: int) -> str:
    if stat.S_ISLNK(mode):
        return "it is a symbolic link, which is not followed"
    if stat.S_IFMT(mode) and not stat.S_ISREG(mode):
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
        name = _name_of(entry)
        if entry.is_dir() or _IGNORED.search(name.replace("../", "")):
            continue
        fault = _kind_fault(entry.external_attr >> 16, entry.file_size)
        if entry.flag_bits & 1:
            fault = "it is encrypted"
        yield File(
            name,
            lambda entry=entry: _read_zipped(place, entry),
            (*entry.date_time,),
            _name_fault(name) or fault,
            _time(datetime, *entry.date_time),
        )


def _time(make: Callable[..., datetime], *of) -> str:
    """In ISO form; "" for a time that is none."""
    try:
        return make(*of).isoformat(timespec="microseconds")
    except (ValueError, OverflowError, OSError):
        return ""


def _name_fault(name: str) -> str:
    leaves = (
        name.startswith("/") or ".." in PurePosixPath(name).parts or re.match(r"[A-Za-z]:", name)
    )
    return "its path leaves the archive" if leaves else ""


def _read_zipped(place: Path | io.BytesIO, entry) -> bytes:
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
    lists = data.count(b"[") + data.count(b"{")
    if lists > _MOST_LISTS or lists + data.count(b",") > _MOST_VALUES:
        raise Unreadable("it holds millions of values: clear the outputs and save it again")
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


def without_outputs(data: bytes) -> bytes:
    """A notebook as it is graded and kept: what it has shown is left out, at any size."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
        for cell in notebook["cells"]:
            if isinstance(cell, dict):
                for name in ("outputs", "attachments", "execution_count"):
                    cell.pop(name, None)
        return json.dumps(notebook).encode()
    except (ValueError, RecursionError):  # it cannot be written as it was read
        return data


# ---- whose and of which chapter ------------------------------------------------------------------


class Owners:
    """Who a file's path belongs to; without a roster, whoever the path names."""

    def __init__(self, roster: tuple[Student, ...] | None, gradescope: dict[str, str]) -> None:
        self.roster, self.gradescope = roster, gradescope
        self.campus_ids = {one.campus.casefold(): one.id for one in roster or () if one.campus}
        self.ids = self.campus_ids | {one.id.casefold(): one.id for one in roster or ()}
        self.numbers = {student.number: student.id for student in roster or () if student.number}
        told = [one for one in roster or () if one.participant]
        self.participants = {re.sub(r"\D", "", one.participant): one.id for one in told}
        mail = [(one.email.casefold(), one.id) for one in roster or () if one.email]
        count = Counter(address for address, _ in mail)
        self.addresses = self.ids | {one: id for one, id in mail if count[one] == 1}
        self.names: dict[str, set[str]] = {}
        for student in roster or ():
            for key in _name_keys(student.name):
                self.names.setdefault(key, set()).add(student.id)

    def campus(self, path: str) -> str:
        """The id that the campus system's part of the path gives, or ""."""
        top = _top(path)
        if anonymous(path):
            return ""
        if top in self.gradescope:
            return self.listed(self.gradescope[top])
        if moodle := _MOODLE.match(top):
            known = self.participants.get(moodle["entry"] or "")
            return known or self.named(moodle["name"] or "")
        if canvas := _CANVAS.fullmatch(top):
            known = self.ids.get(canvas["user"]) or self.numbers.get(canvas["user"])
            return known or self.named(canvas["name"])
        if self.gradescope and _GRADESCOPE.fullmatch(top):
            return ""  # its folders are named by whoever handed it in
        folders = path.split("/")[:-1]
        # what is in a zip file that lies in a folder was named by whoever handed it in
        inner = (at for at, name in enumerate(folders) if at and name.lower().endswith(".zip"))
        folders = folders[: next(inner, None)]
        return next(filter(None, map(self._known, folders)), "")

    def listed(self, sign: str) -> str:
        """The id that Gradescope's list means by a :sid:, else an address, or ""."""
        sid, _, mail = sign.partition("mailto:")  # zeros in front of a :sid: may be lost
        by_sid = self.campus_ids.get(sid.strip().casefold()) or self._known(sid.strip())
        by_mail = self.addresses.get(mail.casefold(), "")
        return "" if by_sid and by_mail and by_sid != by_mail else by_sid or by_mail

    def sender(self, path: str) -> str:
        """What the campus system calls whoever handed this in; "" in a plain folder."""
        top = _top(path)
        if found := _MOODLE.match(top):
            return found["group"] or f"{found['name']} ({found['entry']})"
        if found := _CANVAS.fullmatch(top):
            return f"{found['name']} ({found['user']})"
        return top if self.gradescope and _GRADESCOPE.fullmatch(top) else ""

    def account(self, path: str) -> str:
        """The sender, where not their id but a name or number ties them to the roster; else ""."""
        top = _top(path)
        if not self.names or anonymous(path):
            return ""
        if found := _MOODLE.match(top):
            return "" if found["group"] else f"Moodle {found['name']} {found['entry']}"
        found = _CANVAS.fullmatch(top)
        if found and not self._known(found["user"]):
            return f"Canvas {found['user']}"
        return ""

    def namesakes(self, path: str) -> set[str]:
        """The ids of all whose name the campus system's part of the path may mean."""
        top = _top(path)
        found = _MOODLE.match(top) or _CANVAS.fullmatch(top)
        name = (found["name"] or "") if found else ""
        names = [name]
        if found and found.re is _MOODLE:  # "Group 1-Ada Lovelace"
            names += [name[at + 1 :] for at, sign in enumerate(name) if sign == "-"]
        return next(filter(None, (self.names.get(_squeeze(name)) for name in names)), set())

    def own_name(self, path: str) -> str:
        """The id that stands in the file's own name, as `assign` puts it at the end, or ""."""
        if anonymous(path):
            return ""
        name = _NOTEBOOK.sub("", _file_name(path))
        canvas = _CANVAS.fullmatch(name)
        name = canvas["file"] or "" if canvas else name
        words = [name, re.sub(r"-[0-9]{1,3}$| ?\([0-9]+\)$", "", name)]
        words += [word.partition("-")[2] for word in words if re.match(r"[0-9]{2}_\w+-", word)]
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

    def _known(self, id: str) -> str:
        if self.roster is None:
            return "" if id_fault(id) else id
        return self.ids.get(id.strip().casefold(), "")

    def named(self, name: str) -> str:
        """The id of the one student who is called so, or ""."""
        if self.roster is None:
            squeezed = "".join(
                character if character.isalnum() else "." for character in name.strip()
            )
            return "" if id_fault(squeezed) else squeezed
        found = self.names.get(_squeeze(name), set())
        return next(iter(found)) if len(found) == 1 else ""


def anonymous(path: str) -> bool:
    """Is it of a Canvas zip file without names, anon_x1Y2z_123_fit.ipynb?"""
    return bool(_ANONYMOUS.match(path))


_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)


_AFTER_A_NAME = ("jr", "jr.", "sr", "sr.", "ii", "iii", "iv")


def _squeeze(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).casefold().translate(_PLAIN_LETTERS)
    return "".join(character for character in folded if character.isalnum())


def _name_keys(name: str) -> set[str]:
    """How campus systems squeeze a name: "Ada Lovelace" gives adalovelace and lovelaceada."""
    parts = name.split(",")  # of which one may be no name: Smith, Jr., Robert
    if len(parts) == 1 or parts[-1].strip().casefold() in _AFTER_A_NAME:
        parts = name.replace(",", " ").split()
    return {_squeeze("".join(parts[cut:] + parts[:cut])) for cut in range(len(parts))} - {""}


def _gradescope(found: list[File], wrapper: str = "") -> dict[str, tuple[str, str, tuple]]:
    """submission folder -> (who, when, the others) out of submission_metadata.yml.

    A person is told by :sid: and e-mail address, as in "12 mailto:a@b.org".

    Gradescope's own lies beside the folders; one inside a folder is a student's. A submission's
    history, which tells the times of earlier ones, is further in.
    """
    people: dict[str, list[dict[str, str]]] = {}
    times: dict[str, str] = {}
    for file in found:
        if file.path == wrapper + _METADATA and not file.refused:
            folder = None
            for line in file.read().decode("utf-8", "replace").splitlines():
                if start := re.match(r"(submission_[0-9]+):", line):
                    folder, past = start[1], False
                elif folder is None:
                    continue
                elif key := re.match(r" ? ?:(\w+):", line):
                    past = key[1] not in ("submitters", "sid", "email")
                own = people.setdefault(folder, [])
                if made := re.match(r" ? ?:created_at:\s*['\"]?(.+?)['\"]?\s*$", line):
                    times.setdefault(folder, _utc(made[1]))
                elif past:
                    continue
                if not own or re.match(r"\s+- ", line):
                    own.append({})
                if sign := re.match(r"\s+-?\s*:(sid|email):\s*['\"]?([^'\"\s]+)", line):
                    own[-1].setdefault(sign[1], sign[2])
    found_in = {}
    for folder, own in people.items():
        signs = [
            " ".join(
                [one.get("sid", ""), f"mailto:{one['email']}" if "email" in one else ""]
            ).strip()
            for one in own
            if one
        ]
        if signs or folder in times:
            found_in[folder] = ("".join(signs[:1]), times.get(folder, ""), tuple(signs[1:]))
    return found_in


def _histories(found: list[File], wrapper: str) -> dict[str, tuple[int, ...]]:
    """submission folder -> the numbers of its student's other submissions, by Gradescope."""
    numbers: dict[str, list[int]] = {}
    for file in found:
        if file.path == wrapper + _METADATA and not file.refused:
            own, past = [], False
            for line in file.read().decode("utf-8", "replace").splitlines():
                if start := re.match(r"(submission_[0-9]+):", line):
                    own = numbers.setdefault(start[1], [])
                elif key := re.match(r" ? ?:(\w+):", line):
                    past = key[1] == "history"
                elif past and (other := re.match(r"\s+-\s+:id:\s*(\d{1,18})\s*$", line)):
                    own.append(int(other[1]))
    return {folder: tuple(own) for folder, own in numbers.items()}


def _utc(text: str) -> str:
    """A time with its offset (or Z) in UTC, in ISO form; "" for anything else."""
    found = re.match(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|[-+]\d\d:?\d\d)$", text)
    if not found:
        return ""
    try:
        time = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3].replace('Z', '+00:00')}")
        return time.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return ""


def _without_wrapper(found: list[File], roster: tuple[Student, ...] | None = None) -> str:
    """The one folder that holds everything ("submissions/"), as in many zip files; else "".

    A folder that is a student's own is none, though a batch may have no other: what is in it was
    named by that student.
    """
    tops = {_top(file.path) for file in found}
    deep = all("/" in file.path for file in found)
    if len(tops) != 1 or not deep:
        return ""
    (one,) = tops
    ids = {id.casefold() for student in roster or () for id in (student.id, student.campus)}
    if one.casefold() in ids or any(
        form.match(one) for form in (_MOODLE, _CANVAS, _GRADESCOPE, _ANONYMOUS)
    ):
        return ""
    inside = [file.path.removeprefix(f"{one}/") for file in found]
    wraps = any("/" in path or _CANVAS.fullmatch(path) or anonymous(path) for path in inside)
    return f"{one}/" if wraps and len(found) > 1 else ""


def collect(
    place: str | Path,
    chapters: dict[str, tuple[str, ...]],
    roster: tuple[Student, ...] | None,
    due: Mapping[str, str] | None = None,
    of: tuple[str, ...] = (),
) -> list[Seen]:
    """All files that were handed in, by student, chapter and path. Raises SubmissionsError.

    chapters : number -> ids of its exercises; due : number -> due time. of : the chapters that the
    assignment asks for; without, see chapters_of. Left out is what lies beside a
    student's notebook: data, a script. Which attempt counts is for the gradebook to say; times of
    one batch keep the order of the numbers that the campus system adds to files' names.
    """
    if unknown := sorted({*of} - {*chapters}):
        raise SubmissionsError(f"chapter {unknown[0]!r} has no exercises; write a number, as in 09")
    found = files(place)
    wrapper = _without_wrapper(found, roster)
    listed = _gradescope(found, wrapper)
    owners = Owners(roster, {folder: sid for folder, (sid, _, _) in listed.items()})
    seen = []
    for file in sorted(found, key=_order):
        path = file.path.removeprefix(wrapper)
        if path != _METADATA:
            seen.append(looked_at(file, path, owners, chapters))
    seen = _told_by_gradescope(
        _times_in_order(_of_one_download(seen, Path(place).is_file())),
        listed,
        _histories(found, wrapper),
    )
    asked = {*of} or {*chapters_of(seen, due or {})}
    seen = _with_strays(seen, due or {}, of)
    delivered: dict[str, set[str]] = {}
    for file in seen:
        if not file.state:
            delivered.setdefault(file.student, set()).add(file.chapter)

    def beside(file: Seen) -> bool:
        own = delivered.get(file.student, set())
        if file.chapter != "?":
            return file.state == "other" and file.chapter in own
        # on a campus system it may be of what they have not handed in yet
        whole = own >= asked or not of_campus(file.path)
        return file.state == "other" and bool(own) and whole

    return sorted(
        (one for file in seen if not beside(file) for one in _of_all_owners(file, listed, owners)),
        key=lambda file: (file.student, file.chapter, file.path),
    )


def chapters_of(seen: list[Seen], due: Mapping[str, str]) -> list[str]:
    """The chapters that a batch is for: a campus system's zip file is one assignment's.

    There, a few files of another chapter are strays, and however many of one that is due at another
    time: some students pack their whole folder each time. Raises SubmissionsError where as many
    are of the one as of the other.
    """
    who: dict[str, set[str]] = {}
    told: set[str] = set()
    for file in seen:
        if file.chapter != "?" and of_campus(file.path):
            who.setdefault(file.chapter, set()).add(file.student)
        elif file.chapter != "?":
            told.add(file.chapter)
    most = max(map(len, who.values()), default=0)
    many = {n for n, own in who.items() if len(own) == most or 1 < len(own) >= most / 4}
    first = sorted(n for n in many if len(who[n]) == most)
    if len({due.get(n, "") for n in first}) > 1:
        raise SubmissionsError(
            f"as many notebooks are of chapter {first[0]} as of {' and of '.join(first[1:])}, "
            "which are due at different times. Say what this assignment asks for, as in: "
            f"grade ... --chapter {first[0]}"
        )
    same = {n for n in many if due.get(n, "") == due.get(first[0], "")}
    return sorted(same | told)


def of_campus(path: str) -> bool:
    """Has a campus system given it its place?"""
    top = _top(path)
    return any(form.match(top) for form in (_MOODLE, _CANVAS, _GRADESCOPE, _ANONYMOUS))


def _with_strays(seen: list[Seen], due: Mapping[str, str], of: tuple[str, ...]) -> list[Seen]:
    """With what came to another chapter's assignment, which has another due time.

    A file of which nobody knows the chapter is of the assignment's, if that asks for one.
    """
    own = [*of] or chapters_of(seen, due)
    why = f"{STRAY} {' and '.join(own)}"
    shared = len({due.get(number, "") for number in of}) > 1
    found = []
    for file in seen:
        file = replace(file, shared=True) if shared and of_campus(file.path) else file
        if (of or of_campus(file.path)) and file.chapter not in own:
            if file.chapter == "?":
                file = replace(file, chapter=own[0]) if len(own) == 1 else file
            elif not file.state:
                file = replace(file, state="chapter", why=why)
            else:
                file = replace(file, also=tuple(sorted({*file.also, *own})))
        found.append(file)
    return found


def _of_one_download(seen: list[Seen], packed: bool) -> list[Seen]:
    """With what the times of Canvas's and Moodle's files mean.

    Canvas packs them with that of the download; so do newer Moodles, but older ones with the
    file's own. A download takes less than an hour; only of a zip file (`packed`) is it known that
    nobody has saved a file since. Its seconds say nothing of which of a student's
    files is the newer one.
    """
    places = [_MOODLE.match(_top(file.path)) is not None for file in seen]
    own = [file.sent for file, moodle in zip(seen, places, strict=True) if moodle and file.sent]
    exact = packed and bool(own) and not _within_an_hour(own)
    groups: dict = {}
    for at, (file, moodle) in enumerate(zip(seen, places, strict=True)):
        if moodle and exact and file.sent:
            seen[at] = replace(file, exact=True)
        elif file.sent and (moodle or _CANVAS.fullmatch(_top(file.path))):
            groups.setdefault((file.student, file.chapter, file.account), []).append(at)
    for group in groups.values():
        if _within_an_hour(times := [seen[at].sent for at in group]):
            for at in group:
                seen[at] = replace(seen[at], sent=min(times))
    return seen


def _within_an_hour(times: list[str]) -> bool:
    first, last = datetime.fromisoformat(min(times)), datetime.fromisoformat(max(times))
    return last - first <= timedelta(hours=1)


def _times_in_order(seen: list[Seen]) -> list[Seen]:
    """With times that do not fall, for each student and chapter, in the order that is given."""
    first: dict = {}
    for place in reversed(range(len(seen))):
        file = seen[place]
        key = (file.student, file.chapter, file.account)
        if file.sent:
            first[key] = min(file.sent, first.get(key, file.sent))
            seen[place] = replace(file, sent=first[key])
    return seen


def _of_all_owners(file: Seen, listed, owners: Owners) -> Iterator[Seen]:
    """A file, and that it waits for each of the others whom Gradescope names as its owners."""
    yield file
    for sid in dict.fromkeys(listed.get(_top(file.path), ("", "", ()))[2]):
        other = owners.listed(sid)
        if other and other != file.student and file.state != "sender":
            numbers = (
                "" if file.state else f", with the numbers of {file.student}: perhaps override"
            )
            why = "; ".join(filter(None, [file.why, f"handed in for a group{numbers}"]))
            path, state = f"{file.path} (with {other})", file.state or "made for"
            yield replace(file, student=other, path=path, state=state, why=why)


def _told_by_gradescope(seen: list[Seen], listed, histories) -> list[Seen]:
    """With the times at which Gradescope says that files came, and what each was chosen over."""
    told = [(file, listed.get(_top(file.path), ("", "", ()))[1]) for file in seen]
    seen = [replace(file, sent=sent, exact=True) if sent else file for file, sent in told]
    chosen = [[n for n in histories.get(_top(one.path), ()) if n > one.number] for one in seen]
    return [
        replace(file, over=tuple(over)) if file.number and over else file
        for file, over in zip(seen, chosen, strict=True)
    ]


def _chapters_named(path: str, chapters) -> list[str]:
    """The chapters whose numbers stand in the file's own name as `assign` writes them."""
    name = _file_name(path)
    canvas = _CANVAS.fullmatch(name)
    name = canvas["file"] or "" if canvas else name
    return [number for number in _CHAPTER.findall(name) if number in chapters]


def _chapter_said(path: str, chapters) -> str:
    """The one chapter that a name speaks of, as in "Chapter 11.pdf"; "" for none or several."""
    found = {number.zfill(2) for number in _IN_WORDS.findall(_file_name(path))}
    return next(iter(found)) if len(found) == 1 and found <= set(chapters) else ""


def looked_at_again(found: list, read: Callable[[str], bytes | None], roster, chapters):
    """Files of unknown senders (gradebook.Handed) that another roster knows; read : by digest."""
    owners = Owners(roster, {})
    for old in found:
        top = _top(old.path)
        if old.state == "sender" and old.account and not _GRADESCOPE.fullmatch(top):
            data = read(old.digest)
            if data is not None:
                file = File(old.path, lambda data=data: data, ())
                new = looked_at(file, old.path, owners, chapters)
                if (new.student, new.state, new.why) != (old.student, old.state, old.why):
                    yield replace(
                        new, digest=old.digest, sent=old.sent, exact=old.exact, number=old.number
                    )


def looked_at(file: File, path: str, owners: Owners, chapters) -> Seen:
    """What a file is, whose, and of which chapter; `path` is its place in a campus system's zip."""
    top = _top(path)
    canvas, gradescope = _CANVAS.fullmatch(top), _GRADESCOPE.fullmatch(top)
    nameless = _ANONYMOUS.match(top)
    found = nameless or canvas
    number = int((found["entry"] or "0")[:18]) if found else 0
    if gradescope and owners.gradescope:
        number = int(top.removeprefix("submission_")[:18])
    seen = Seen(
        owners.campus(path) or owners.own_name(path),
        (_chapters_named(path, chapters) or [_chapter_said(path, chapters)])[-1],
        _printable(path),
        "",
        file.read,
        file.at,
        number,
        owners.account(path),
        late="LATE_" in nameless[0]
        if nameless
        else bool(canvas and f"{canvas['name']}_LATE_" in top),
    )
    try:
        if file.refused:
            raise Unreadable(file.refused)
        if not _NOTEBOOK.search(path):
            packed = re.search(r"\.zip/.*\.zip$", path, re.I | re.S)
            why = "it is a zip file in a zip file, which is not opened" if packed else ""
            raise _Other(why or "it is not a notebook (.ipynb)")
        data = file.read()
        seen = replace(seen, digest=hashlib.sha256(data).hexdigest())
        metadata, cells = code_cells(data)
        if len(data) > _MOST_KEPT < (kept := len(without_outputs(data))):
            raise Unreadable(f"without its outputs it still has {kept / 1e6:.0f} MB")
        seen = _of(_owned(seen, path, metadata, owners), path, metadata, cells, chapters)
    except Unreadable as error:
        state = "other" if isinstance(error, _Other) else "unreadable"
        seen = replace(seen, state=state, why=str(error), digest=_digest_of(file))
    chapter = seen.chapter or (next(iter(chapters)) if len(chapters) == 1 else "")
    return replace(
        seen,
        student=seen.student or f"?{_printable(path)}",
        chapter=chapter if seen.student and chapter else seen.chapter or "?",
    )


class _Other(Unreadable):
    """No notebook at all."""


def _owned(seen: Seen, path: str, metadata: dict, owners: Owners) -> Seen:
    """With the student whose it is; with what contradicts that, if anything does."""
    told, _ = claims(metadata)
    claim = _printable(told).strip()
    by_campus, sender = owners.campus(path), owners.sender(path)
    claimed, named = owners.claimed(told), owners.own_name(path)
    seen = replace(seen, claim=claim)
    if anonymous(path):
        return replace(seen, state="sender", why=NAMELESS)
    student = by_campus or named or claimed
    if by_campus:
        # without a roster a campus system's name cannot be held against an id
        comparable = owners.roster is not None or not sender
    elif sender and owners.roster is not None and owners.names:
        same, said = owners.namesakes(path), claimed or named
        if said in same:  # the notebook was drawn for one of them
            note = f"of {len(same)} students called so, the notebook names this one"
            return replace(seen, student=said, notes=(note,) if len(same) > 1 else ())
        why = (
            f"it came from {_printable(sender)}, "
            + (
                f"as {', '.join(sorted(same))} are called"
                if same
                else "whom the roster does not name"
            )
            + (f"; the file says {student}" if student else "")
        )
        whose = next(iter(same)) if len(same) == 1 else student
        return replace(seen, student=whose, state="sender", why=why)
    else:
        comparable = owners.roster is not None or not claimed
        student = student if owners.roster is not None else claimed or student
    if not student:
        raise Unreadable(
            "no student of the roster fits the file's name"
            + (f" or its claim {claim!r}" if claim else "")
        )
    seen = replace(seen, student=student)
    if claim and claim.casefold() not in (student.casefold(), "public"):
        why = f"the notebook was made for {claim!r}"
        if comparable:
            return replace(seen, state="made for", why=why)
        return replace(seen, notes=(why,))
    if claim.casefold() == "public" != student:
        note = "this is the public notebook: its numbers are not those that you were given"
        return replace(seen, notes=(note,))
    return seen


def _of(seen: Seen, path: str, metadata: dict, cells, chapters) -> Seen:
    """With the chapter that it is of; a contradiction of metadata, cells and name is told."""
    (_, claimed), named = claims(metadata), _chapters_named(path, chapters)
    counts = {
        number: sum(cell["exercise"] in ids for cell in cells) for number, ids in chapters.items()
    }
    best = max(counts, key=lambda number: counts[number], default="")
    by_cells = best if counts.get(best) else ""
    inside = claimed if claimed in chapters else by_cells
    if not inside and not named and len(chapters) != 1:
        raise Unreadable("it cannot be told which chapter it is of")
    chapter = inside or (named[-1] if named else next(iter(chapters)))
    why, also = "", chapter
    if by_cells and counts[best] > counts[chapter]:
        why = f"the notebook says chapter {chapter}, its cells are of chapter {best}"
        also = best
    elif named and chapter not in named:
        why = f"the file is called {named[-1]}, the notebook in it is of chapter {chapter}"
        chapter = named[-1]
    if why and not seen.state:
        return replace(seen, chapter=chapter, state="chapter", why=why)
    return replace(seen, chapter=chapter, also=(also,) if why else ())


def _order(file: File):
    match = _ATTEMPT.search(file.path)
    return (int((match[1] or match[2])[:9]) if match else 0, file.changed, file.path)


def _digest_of(file: File) -> str:
    try:
        return hashlib.sha256(b"" if file.refused else file.read()).hexdigest()
    except Unreadable:
        return ""


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)[:200]
