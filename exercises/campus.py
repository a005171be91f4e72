"""The campus system's own files, filled in by student id: Canvas's gradebook, Moodle's two.

Only the cells that are filled change, and only numbers are written; every other byte stays as the
campus system wrote it: byte-order mark, delimiter, line ends, quoting, rows and columns that are
not ours. What cannot be understood is refused, by its line.
"""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

# the last four are their full-width forms, which Excel reads alike
_EXECUTED = tuple("=+-@\t\r\n＝＋－＠")
_NEXT_CELL = re.compile(r'[;\t][ "]*(?=[=@＝＠]|[-+＋－][^\s\d])|(?<=,)(?=[=@＝＠])')
_PLAIN = re.compile(r"[-+]?(\d+([.,]\d+)*|[.,]\d+)([eE][-+]?\d+)?( ?%)?|-|")
_CANVAS_IDS = ("SIS User ID", "SIS Login ID", "Integration ID", "ID")
_MOODLE_IDS = ("ID number", "Username", "Email address", "Identifier", "ID")
# Moodle's columns in German, French, Spanish and Portuguese; "ID" is the German Identifier
_ELSEWHERE = {
    "ID number": "ID-Nummer|Numéro d'identification|Número de ID|Número ID"
    "|Número de identificación|Número de identificação|Número de identificação (ID)",
    "Username": "Anmeldename|Nom d'utilisateur|Nombre de usuario|Nome de utilizador"
    "|Nome de usuário|Identificação de usuário",
    "Email address": "E-Mail-Adresse|Adresse de courriel|Adresse e-mail|Dirección de correo"
    "|Dirección Email|Dirección de correo electrónico|Correo electrónico|Endereço de e-mail"
    "|Endereço de email|E-mail",
    "Identifier": "Identifiant|Identificador",
    "Grade": "Bewertung|Note|Calificación|Nota|Avaliação",
    "Maximum grade": "Bestwertung|Höchstwert|Maximale Bewertung|Note maximale"
    "|Calificación máxima|Nota máxima",
    "Grade can be changed": "Bewertung kann geändert werden|La note peut être modifiée"
    "|La calificación puede ser cambiada|La calificación puede cambiarse"
    "|A nota pode ser alterada|A nota pode ser alterada.|Nota pode ser alterada",
    "Scale": "Skala|Barème|Escala",
    "Full name": "Vollständiger Name|Nom complet|Nombre completo|Nome completo",
    "First name": "Vorname|Prénom|Nombre|Nome|Nome próprio",
    "Last name": "Nachname|Nom de famille|Nom|Apellido(s)|Apellidos|Apelido|Sobrenome|Último nome",
}
_NO = ("no", "nein", "non", "não")
_YES = ("yes", "ja", "oui", "sí", "si", "sì", "sim")
_LOCK = {*_NO, *_YES, "nee"}
_PARTICIPANT = re.compile(r"^(participante?|teilnehmer[/:]in)( (?=.)|(?=\d+$))")
_KINDS = "assignment|external tool|quiz|manual item|aufgabe|test|devoir|tarea|tarefa|trabalho"
_NO_POINTS = re.compile(
    r"\((Percentage|Letter|Feedback|Prozentsatz|Prozent|Buchstabe|Pourcentage|Lettre|Rétroaction"
    r"|Porcentaje|Letra|Retroalimentación|Percentagem|Porcentagem|Comentários"
    r"|Percentuale|Lettera)\)$|total|gesamt",
    re.I,
)
# what a campus system puts around an assignment's name; a quiz has points of its own
_AROUND = re.compile(
    r"^(?:assignment|external tool|manual item|aufgabe|devoir|tarea|tarefa|trabalho)\s*:\s*"
    r"|\s*\((?:\d+|Real|Punkte|Brut|Points|Reale|Punteggio)\)$",
    re.I,
)
_NAMES = ("Student", "LastName", "FirstName", "Full name", "First name", "Surname", "Last name")
_CHAPTER = "chapters?|chapitres?|chap|ch|kapitel|kap|cap[ií]tulos?|cap"
# "Chapter 2, 8 and 12", but not "Chapter 2, 10 points" or "Chapter 2 - 10/12"
_SEVERAL = re.compile(
    rf"(?:^|[^a-z])(?:{_CHAPTER})[ ._-]*\d{{1,2}}"
    rf"(?:\s*(?:[,;/&+–-]|and|und|et|y|e|to|bis)\s*(?:(?:{_CHAPTER})[ ._-]*)?\d{{1,2}}"
    r"(?![\d.:/-]*\d|\s*(?:%|p\b|pts|po?int|punkt)))+",
    re.I,
)
_DELIMITERS = ",;\t"
# a number with its thousands set apart, and any other; a quoted text that looks like a formula
_GROUPED = re.compile(
    r"\d{1,3}(?P<sign>[.,'\u2019 \u00a0\u202f])\d{3}(?:(?P=sign)\d{3})*(?:(?!(?P=sign))[.,]\d+)?"
)
_COMMA = re.compile(r"(?:\d+|\d{1,3}(?:[.'\u2019 \u00a0\u202f]\d{3})+),\d+")
_POINT = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')
_DECIDED = re.compile(r"EX|N/?A|excused|\(read only\)", re.I)
"""What a campus system writes where a person has decided that there is no number."""


class CampusError(ValueError):
    """A campus file that cannot be filled; the text says what was found and what would do."""


def defused(text: str) -> str:
    """`text` as a cell that no spreadsheet executes: an apostrophe in front; numbers stay.

    Also behind a semicolon, tab or comma, where a spreadsheet may begin the next cell.
    """
    text = _NEXT_CELL.sub(lambda found: found[0] + "'", text)
    return (
        "'" + text
        if text.lstrip(" ").startswith(_EXECUTED) and not _PLAIN.fullmatch(text.strip(" "))
        else text
    )


def as_participant(id: str) -> bool:
    """Is it a participant's number in one assignment, as in "Participant 5512300"?"""
    return bool(_PARTICIPANT.match(id.strip().casefold()))


def _folded(name: str) -> str:
    return name.strip().replace("\u2019", "'").casefold()


_ENGLISH = {
    _folded(name): english
    for english, names in _ELSEWHERE.items()
    for name in (english, *names.split("|"))
}


def in_english(column: str) -> str:
    """The English name of one of Moodle's columns; any other as it is."""
    return _ENGLISH.get(_folded(column), column)


def shown_points(points: float, comma: bool = False) -> str:
    """Points with at most two decimals, none for whole numbers."""
    text = f"{points:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


@dataclass(frozen=True)
class Total:
    """What one student has reached in one chapter."""

    points: float
    possible: float


@dataclass
class Filled:
    """The filled file, and what there is to tell the instructor about it, one line each."""

    data: bytes
    id_column: str
    told: list[str] = field(default_factory=list)
    unfilled: list[str] = field(default_factory=list)
    """What is earned and yet not in the file, one line each; a person has to see to it."""
    columns: dict[str, str] = field(default_factory=dict)
    """Chapter -> the column that was filled, as the file calls it."""
    strangers: list[str] = field(default_factory=list)
    """The ids of lines that are no graded student's."""


# ---- reading and writing without disturbing anything ---------------------------------------------


_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_LINE_END = re.compile(r"\r\n|\n|\r")


class _Sheet:
    """Records of cells as they stand, quotes and all; `ends` holds what follows each cell."""

    def __init__(self, data: bytes):
        self._bom, self._encoding = _encoding(data)
        self._text = data[len(self._bom) :].decode(self._encoding)

    def split(self, delimiter: str) -> None:
        self.delimiter, self.rows, self._ends, self.lines = delimiter, [], [], []
        cell = re.compile(rf'("(?:[^"]|"")*"|[^{delimiter}\r\n]*)({delimiter}|\r\n|\n|\r|\Z)')
        place, fresh, line = 0, True, 1
        # a quoted cell with something behind it is taken as it stands, up to the next delimiter
        while place < len(self._text) or not fresh:
            found = cell.match(self._text, place)
            assert found is not None  # the pattern fits anywhere
            if fresh:
                self.rows.append([])
                self._ends.append([])
                self.lines.append(line)
            line += len(_LINE_END.findall(found[0]))
            self.rows[-1].append(found[1])
            self._ends[-1].append(found[2])
            place, fresh = found.end(), found[2] != delimiter

    def broken(self) -> str:
        """What is wrong with the first line that is not as wide as the header, or ""."""
        for cells, line in zip(self.rows, self.lines, strict=True):
            if cells == [""]:
                continue
            where = f"line {line} (it begins with {''.join(cells[:1])[:30]!r})"
            if any(cell.startswith('"') and not _QUOTED.fullmatch(cell) for cell in cells):
                return f"{where} has quotation marks that do not close"
            if len(cells) != len(self.rows[0]):
                return f"{where} has {len(cells)} cells, the header {len(self.rows[0])}"
        return ""

    @property
    def below(self) -> range:
        """The rows below the header."""
        return range(1, len(self.rows))

    def value(self, row: int, column: int) -> str:
        """The text of a cell; empty where the row is too short."""
        if column >= len(self.rows[row]):
            return ""
        raw = self.rows[row][column]
        return raw[1:-1].replace('""', '"') if _QUOTED.fullmatch(raw) else raw

    def put(self, row: int, column: int, value: str) -> None:
        """Write a cell, in quotes where it had them or needs them; a short row grows."""
        raw = self.rows[row]
        while len(raw) <= column:
            self._insert(row, len(raw))
        old = raw[column]
        needed = any(sign in value for sign in ('"', "\r", "\n", self.delimiter)) or old.startswith(
            '"'
        )
        raw[column] = '"' + value.replace('"', '""') + '"' if needed else value

    def insert(self, column: int, values: list[str]) -> None:
        """A new column before `column`, one value a row; rows that are too short are filled up."""
        for row, value in enumerate(values):
            if not any(self.rows[row]):
                continue  # an empty line stays an empty line
            self._insert(row, column)
            self.put(row, column, value)

    def _insert(self, row: int, column: int) -> None:
        """An empty cell; behind each but the last of a row stands the delimiter."""
        self.rows[row].insert(column, "")
        self._ends[row] = [self.delimiter, *self._ends[row]]

    def encoded(self) -> bytes:
        text = "".join(
            cell + end
            for cells, ends in zip(self.rows, self._ends, strict=True)
            for cell, end in zip(cells, ends, strict=True)
        )
        return self._bom + text.encode(self._encoding)


def _encoding(data: bytes) -> tuple[bytes, str]:
    """The byte-order mark and the encoding; what is not UTF-8 is passed through byte by byte."""
    for bom, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(bom):
            return bom, name
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return b"", "latin-1"
    return b"", "utf-8"


def _sheet(
    data: bytes,
    known: tuple[str, ...],
    needed: str = "",
    system: str = "",
    named: Callable[[str], str] = str,
) -> tuple[_Sheet, list[str]]:
    """The sheet and its header, read with the delimiter under which a known column appears."""
    sheet = _Sheet(data)
    for delimiter in _DELIMITERS:
        sheet.split(delimiter)
        header = (
            [named(sheet.value(0, column).strip()) for column in range(len(sheet.rows[0]))]
            if sheet.rows
            else []
        )
        if len(header) > 1 and set(header) & set(known):
            if fault := sheet.broken():
                raise CampusError(
                    f"the file is broken: {fault}; nothing was filled. Do not edit it. {needed}"
                )
            return sheet, header
    raise CampusError(
        f"this is no {system} file: "
        f"its first line has none of the columns {', '.join(known)}. {needed}"
    )


# ---- whose row is it? ----------------------------------------------------------------------------


def _key(id: str) -> str:
    """Ids count as they stand, zeros in front too, but for case and Moodle's "Participant "."""
    id = plain_text(id.strip())
    return _PARTICIPANT.sub("", id.strip().casefold())


def _without_zeros(id: str) -> str:
    return _key(id).lstrip("0")


def plain_text(cell: str) -> str:
    """What a cell says: Canvas writes a name that looks like a formula as ="=Sum, Eve"."""
    found = _AS_TEXT.fullmatch(cell)
    return found[1].replace('""', '"') if found else cell


def _rows_by_student(
    sheet,
    header,
    candidates,
    students: Mapping[str, str],
    told: list[str],
    others: Mapping[str, str] | None = None,
    numbers: Mapping[str, str] | None = None,
) -> tuple[str, dict[int, str]]:
    """The column that knows most students, and row -> student for every row that is one's.

    others : other id -> student, asked where the ids themselves find fewer. numbers : Canvas's
    number -> student, as it was known.
    """
    by_key = {_key(student): student for student in students}
    if len(by_key) < len(students):
        raise CampusError(
            "two students' ids differ only in capitals; the campus file cannot tell them apart"
        )
    by_other = {
        _key(other): student
        for other, student in (others or {}).items()
        if student in students and _key(other) not in by_key
    }
    tried = [name for name in candidates if name in header]

    def known_in(column: int, keys: Mapping[str, str]) -> dict[int, str]:
        return {
            row: keys[key] for row in sheet.below if (key := _key(sheet.value(row, column))) in keys
        }

    best, rows = "", {}
    for keys in (by_key, by_other):
        for name in tried:
            found = known_in(header.index(name), keys)
            if len(set(found.values())) > len(set(rows.values())):
                best, rows = name, found
    if not best:
        raise CampusError(_nobody_found(sheet, header, tried, students, known_in, by_key))
    sure = _assert_ids_agree(sheet, header, tried, best, rows, by_other)
    strange = _assert_names_agree(sheet, header, rows, students, sure)
    strange |= _of_other_numbers(sheet, header, rows, students, numbers or {})
    for row, what in strange.items():
        del rows[row]
        told.append(
            f"line {sheet.lines[row]} has {what}: not filled. If it is that student, say assign "
            "with the file that names them so"
        )
    for student, times in Counter(rows.values()).items():
        if times > 1:
            told.append(f"{student} has {times} rows in the campus file: all are filled")
    return best, rows


def _assert_names_agree(
    sheet, header, rows, students: Mapping[str, str], sure: set[int]
) -> dict[int, str]:
    """The rows with the id of a student and quite another name, few of all: perhaps another person.

    sure : the rows of which another id is that student's too. CampusError for a line that has the
    id of one student and the name of another.
    """
    strange: dict[int, str] = {}
    called: dict[tuple[str, ...], set[str]] = {}
    for student, name in students.items():
        called.setdefault(name_words(name), set()).add(student)
    for row, student in rows.items():
        name = _name_in(sheet, header, row)
        words, own = name_words(name), name_words(students[student])
        if own and words and row not in sure and not {*words} & {*own}:
            strange[row] = f"the id of {student} ({students[student]}) and the name {name}"
        if own and student not in called.get(words, {student}):
            raise CampusError(
                f"line {sheet.lines[row]} has the id of {students[student]} and the name {name}: "
                "nothing was filled. Was one column sorted without the others, or did ids lose "
                "zeros in front? Export the file again"
            )
    return strange if 2 * len(strange) < len(rows) else {}


def _of_other_numbers(
    sheet, header, rows, students: Mapping[str, str], numbers: Mapping[str, str]
) -> dict[int, str]:
    """The rows with the id of a student whom Canvas has called by another number of its own."""
    known: dict[str, list[str]] = {}
    for number, student in numbers.items():
        known.setdefault(student, []).append(number)
    found = {}
    for row, student in rows.items() if "ID" in header else ():
        cell, own = sheet.value(row, header.index("ID")).strip(), known.get(student)
        if own and cell.isdecimal() and cell not in own:
            name = f" ({students[student]})" * bool(students[student])
            found[row] = (
                f"the id of {student}{name}, whose ID was {' or '.join(own)}, and the ID {cell} "
                f"({_name_in(sheet, header, row) or 'no name'})"
            )
    return found


def _assert_ids_agree(sheet, header, tried, best: str, rows, by_other) -> set[int]:
    """The rows of which two ids are the student's.

    CampusError for a line of which the roster gives one id to another student.
    """
    sure, filled = set(), {*rows.values()}
    for row in sheet.below:
        student = rows.get(row, "nobody")
        for name in tried:
            cell = sheet.value(row, header.index(name)).strip()
            other = by_other.get(_key(cell))
            if as_participant(cell) or other is None:
                continue
            if other == student and name != best:
                sure.add(row)
            elif other != student and (row in rows or other in filled):
                own = sheet.value(row, header.index(best)).strip()
                raise CampusError(
                    f"line {sheet.lines[row]} has the {best} {own} of {student}, and the {name} "
                    f"{cell} that the roster gives to {other}: nothing was filled. Export the file "
                    "again; if it stays so, look up there who has which id, and mend the roster"
                )
    return sure


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name in any order, without accents."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    folded = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return tuple(sorted(re.findall(r"\w+", folded)))


def _nobody_found(sheet, header, tried, students, known_in, by_key) -> str:
    """Why no row is a student's, and the ways out."""
    if tried == ["Identifier"] and not {"Full name", "First name"} & set(header):
        return (
            "the worksheet names nobody: the assignment is marked blind. Reveal the students' "
            "identities in Moodle (the assignment's menu), and download it again"
        )
    seen = [sheet.value(row, header.index(tried[0])) for row in sheet.below]
    said = (
        f"none of the {len(students)} graded students is in the columns {', '.join(tried)}; "
        f"graded is e.g. {next(iter(students), 'nobody')!r}, "
        f"the file has e.g. {next(filter(None, seen), '')!r}. "
    )
    elsewhere = [
        name
        for column, name in enumerate(header)
        if 2 * len(known_in(column, by_key)) > len(by_key)
    ]
    if elsewhere:
        return said + (
            f"The column {elsewhere[0]!r} has their ids: "
            f"call it {tried[0]!r} in the file's first line, and take that name from the other one"
        )
    return said + (
        "Say --roster FILE, a table with the columns id and email (or username) that tells whose "
        "these are; or let the campus system show the ids, and export again"
    )


def _tell_missing(
    sheet, header, id_column, names, rows, skipped, students, totals, filled: Filled, numbers=None
) -> None:
    """Name students who are on one side only."""
    whole, bare = set(map(_key, students)), set(map(_without_zeros, students))
    for row in sheet.below:
        if row in rows or row in skipped or not any(sheet.rows[row]):
            continue
        id = sheet.value(row, header.index(id_column))
        name = " ".join(sheet.value(row, header.index(name)) for name in names if name in header)
        filled.strangers.append(_key(id))
        lost = _without_zeros(id) in bare and _key(id) not in whole
        hint = " (were zeros in front of the id lost?)" if lost else ""
        before = (numbers or {}).get(sheet.value(row, header.index("ID"))) if "ID" in header else ""
        if before in students and before not in rows.values():
            hint = f" (its ID was that of {before}: if it is the same person, say assign with it)"
        filled.told.append(
            "in the campus file, but not graded: "
            f"{name or 'no name'}, {id_column} {id or 'empty'}{hint}"
        )
    earners = {student for student, _ in totals}
    for student in sorted(set(students) - set(rows.values())):
        name = (
            f" ({students[student]})" if students[student] and students[student] != student else ""
        )
        line = f"graded, but not in the campus file: {student}{name}"
        (filled.unfilled if student in earners else filled.told).append(line)


# ---- which column is a chapter's? ----------------------------------------------------------------


def _is_chapter(header: str, number: str) -> bool:
    """Does a column's name speak of this chapter: "Chapter 9: fits (4711)", "09 Fits"?"""
    title = re.sub(rf"^({_KINDS})\s*:\s*", "", header.strip(), flags=re.I)
    named = rf"(?:^|[^a-z])(?:{_CHAPTER})[ ._-]*0*{int(number)}(?!\d)"
    return bool(re.search(named, title, re.I) or re.match(rf"{number}(?!\d)", title))


def _several(name: str) -> set[str]:
    """The chapters of which a name speaks together, "Chapter 2 and 8"; none where it is one."""
    found = [number for part in _SEVERAL.finditer(name) for number in re.findall(r"\d+", part[0])]
    return {f"{int(number):02}" for number in found}


def _is_exactly(header: str, number: str) -> bool:
    """Is a column's name the chapter's, and nothing more: "Assignment: Chapter 9 (Real)"?"""
    return bool(re.fullmatch(rf"(?:{_CHAPTER})[ ._-]*0*{int(number)}", _bare(header), re.I))


def _bare(header: str) -> str:
    return _AROUND.sub("", header.strip())


def _one_column(header, number, chapters, eligible, named: str = "") -> int | None:
    """The column of a chapter: the one that a person has named, else the one called so exactly.

    None where no name is like it. CampusError for several, and for one that is only like it.
    """
    own = [(column, name) for column, name in enumerate(header) if eligible(name)]
    if named:
        exact = [column for column, name in own if named == name]
        exact = exact or [column for column, name in own if named == _bare(name)]
        if not exact and named != f"Chapter {int(number)}":
            raise CampusError(f"there is no column {named!r} for points in the file (--column)")
    else:
        exact = [column for column, name in own if _is_exactly(name, number)]
    found = exact or [
        column
        for column, name in enumerate(header)
        if eligible(name) and (_is_chapter(name, number) or number in _several(name))
    ]
    for name in (header[column] for column in found):
        spoken = _several(name) | {one for one in chapters if _is_chapter(name, one)}
        if others := sorted(spoken - {number}):
            raise CampusError(
                f"the column {name!r} speaks of chapter {', '.join(others)} too, and a column "
                "takes the points of one chapter: rename it, or make one for each chapter"
            )
    if len(found) > 1:
        raise CampusError(
            f"chapter {number} could be any of the columns "
            f"{', '.join(repr(header[c]) for c in found)}; rename all but one, or say which: "
            f'--column "{number}={header[found[0]]}"'
        )
    if found and not exact and not named:
        raise CampusError(
            f"no column is called 'Chapter {int(number)}', and {header[found[0]]!r} is only like "
            f'it. If it takes these points, say --column "{number}={header[found[0]]}"; else call '
            "the assignment by the chapter's name, and export the file again"
        )
    return next(iter(exact), None)


def _chapters_in(name: str) -> set[str]:
    """The numbers behind the word chapter in a file's name."""
    found = re.findall(rf"(?:^|[^a-z])(?:{_CHAPTER})[ ._-]*(\d+)", name, re.I)
    return {f"{int(one):02}" for one in found}


def _speaks_of(name: str, number: str) -> bool:
    """Does a file's name speak of this chapter and of no other?"""
    return number in _chapters_in(name) and not _contradicts(name, number)


def _contradicts(name: str, number: str) -> str:
    """The other chapters that a file's name speaks of, in place of this one or with it; or ""."""
    named = _chapters_in(name)
    if number in named:
        named = _several(name.rpartition(".")[0].replace("-", "_")) - {number}
    return " and ".join(sorted(named))


def _number(text: str) -> float | None:
    """A number as a campus system writes it; None for any other text, and what has two readings."""
    text = text.strip()
    if (grouped := _GROUPED.fullmatch(text)) and not text.startswith("0"):
        if _NUMBER.fullmatch(text):
            return None  # 1,000: a thousand, or one?
        text = text.replace(grouped["sign"], "")
    elif not _NUMBER.fullmatch(text):
        return None
    return float(text.replace(",", "."))


def _maximum(text: str) -> float | None:
    """The campus system's own maximum, None where it has none."""
    return _number(text) or None


def _most(text: str, given: float | None, where: str) -> float:
    """What full marks are in a cell: the campus system's maximum, or the one that was given."""
    own = _maximum(text)
    if own and given and not math.isclose(own, given):
        raise CampusError(
            f"{where}: the campus system's maximum is {text.strip()}, not the {given:g} of "
            "--maximum; leave it away, or take one --chapter at a time"
        )
    if not (most := own or given):
        found = f"{text.strip()!r}, which is no plain number above 0" if text.strip() else "empty"
        raise CampusError(
            f"{where}: the campus system's maximum is {found}. Set it there and export again, "
            "or say what full marks are with --maximum and one --chapter"
        )
    return most


def _fill(
    sheet, column, rows, totals, number, filled: Filled, maximum_in=lambda row: "", given=None
) -> None:
    """Write one chapter's points, scaled to the campus system's maximum where that is another one.

    `maximum_in` gives the text of that maximum for a row, `given` a person's word where there is
    none; decimal commas are written where the file has them. Raises CampusError without either.
    """
    scales = set()
    texts = [
        text.strip() for row in sheet.below for text in (sheet.value(row, column), maximum_in(row))
    ]
    comma = any(map(_COMMA.fullmatch, texts)) and not any(map(_POINT.fullmatch, texts))
    for row, student in rows.items():
        total = totals.get((student, number))
        if total is None:
            stood = sheet.value(row, column).strip()
            said = f"left as it is{f', with {stood}' if stood else ''}"
            filled.told.append(f"chapter {number} has no points for {student}: {said}")
            continue
        if _DECIDED.fullmatch(stood := sheet.value(row, column).strip()):
            points = shown_points(total.points, comma)
            filled.unfilled.append(
                f"chapter {number}, {student}: the campus system says {stood}, the gradebook "
                f"{points}: left as it is; clear the cell, or excuse the student here too"
            )
            continue
        where = f"line {sheet.lines[row]}, {sheet.value(0, column)!r}"
        maximum = _most(maximum_in(row), given, where)
        factor = maximum / total.possible if total.possible else 1.0
        if factor != 1:
            scales.add((shown_points(total.possible), shown_points(maximum)))
        points, before = (
            shown_points(total.points * factor, comma),
            sheet.value(row, column).strip(),
        )
        if (stands := _number(before)) is not None and round(stands, 2) == _number(points):
            continue  # 10.00 is 10
        if before not in ("", "-"):
            filled.told.append(
                f"chapter {number}, {student}: {points} in place of the {before} that stood there"
            )
        sheet.put(row, column, points)
    filled.told += [
        f"chapter {number}: {ours} points of the course are {theirs} of the campus system"
        for ours, theirs in sorted(scales)
    ]


def _tell_formulas(sheet, told) -> None:
    """Say where a spreadsheet would execute what came with the file; it stays as it was."""
    found = [
        f"line {sheet.lines[row]}, {sheet.value(0, column)!r}"
        for row, cells in enumerate(sheet.rows)
        for column in range(len(cells))
        if not _AS_TEXT.fullmatch(value := sheet.value(row, column)) and defused(value) != value
    ]
    if found:
        told.append(
            f"{len(found)} cell{'s' * (len(found) > 1)} of the file may be taken for a formula "
            f"({'; '.join(found[:3])}{'; ...' * (len(found) > 3)}): left as the campus system "
            "wrote them; do not open the file in a spreadsheet before you have looked at them"
        )


# ---- the two systems -----------------------------------------------------------------------------


def fill_canvas(
    data: bytes,
    totals: Mapping[tuple[str, str], Total],
    names: Mapping[str, str],
    maximum: float | None = None,
    others: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    numbers: Mapping[str, str] | None = None,
) -> Filled:
    """Fill Canvas's gradebook export.

    data : the file; totals : (student, chapter) -> Total; names : student -> name, for what is
    told; maximum : where the file has no points possible; others : other id -> student; numbers :
    Canvas's own -> student, as known; columns : chapter -> the column that a person has named. Else
    a chapter's column is the one called "Chapter 9" and Canvas's number, "Chapter 9 (4711)"; where
    there is none a new one, "Chapter 9", is put behind the last assignment, which Canvas offers to
    create on import and the next export finds again. Raises CampusError.
    """
    needed = "Export it in Canvas: Grades, Export."
    sheet, header = _sheet(data, ("SIS User ID", "SIS Login ID", "ID"), needed, "Canvas gradebook")
    if not {"Student", "LastName", "SIS User ID", "SIS Login ID"} & set(header):
        raise CampusError(
            "this is no Canvas gradebook file: it has no column Student. "
            f"{needed} Moodle's files go to --moodle"
        )
    filled = Filled(b"", "")
    filled.id_column, rows = _rows_by_student(
        sheet, header, _CANVAS_IDS, names, filled.told, others, numbers
    )
    ids = header.index(filled.id_column)
    head = [row for row in sheet.below[:3] if not sheet.value(row, ids)]
    possible = next((row for row in head if sheet.value(row, 0).strip() == "Points Possible"), None)
    moved = [
        sheet.lines[row]
        for row in range(len(sheet.rows))
        if sheet.value(row, 0).strip() == "Points Possible"
    ]
    if possible is None and moved:
        raise CampusError(
            f"'Points Possible' stands in line {moved[0]}, not below the header: was the file "
            f"sorted? {needed}"
        )
    if possible is None and maximum is None and {who for who, _ in totals} & {*rows.values()}:
        raise CampusError(
            "the line 'Points Possible' below the header is missing, which tells the maxima. "
            f"{needed}; or say what full marks are with --maximum and one --chapter"
        )
    chapters = sorted({number for _, number in totals})
    for number in chapters:
        fresh = f"Chapter {int(number)}"
        column = _one_column(
            header,
            number,
            chapters,
            lambda name, fresh=fresh: re.search(r"\(\d+\)$", name) or name == fresh,
            (columns or {}).get(number, ""),
        )
        if column is None:
            column = 1 + max(
                [
                    place
                    for place, name in enumerate(header)
                    if re.search(r"\(\d+\)$|^Chapter \d+$", name) or name == "Section"
                ],
                default=len(header) - 1,
            )
            most = max(
                total.possible for (_, chapter), total in totals.items() if chapter == number
            )
            values = [fresh, *[""] * (len(sheet.rows) - 1)]
            if possible is not None:
                values[possible] = shown_points(maximum or most)
            sheet.insert(column, values)
            header.insert(column, fresh)
            filled.told.append(
                f"no column is named {fresh!r}: a new one, which Canvas offers to create on "
                "import. If the assignment is there under another name, or in another grading "
                "period, rename it or export all periods, and do not import this file"
            )
        filled.columns[number] = sheet.value(0, column)
        _fill(
            sheet,
            column,
            rows,
            totals,
            number,
            filled,
            lambda row, column=column: (
                sheet.value(possible, column) if possible is not None else ""
            ),
            maximum,
        )
    skipped = {
        *head,
        *(
            row
            for row in range(len(sheet.rows))
            if sheet.value(row, 0).strip() in ("Student, Test", "Points Possible")
            or [sheet.value(row, place).strip() for place in (0, 1)] == ["Student", "Test"]
        ),
    }
    named = ("Student", "LastName", "FirstName")
    _tell_missing(
        sheet, header, filled.id_column, named, rows, skipped, names, totals, filled, numbers
    )
    _tell_formulas(sheet, filled.told)
    filled.data = sheet.encoded()
    return filled


def fill_moodle(
    data: bytes,
    totals: Mapping[tuple[str, str], Total],
    names: Mapping[str, str],
    maximum: float | None = None,
    others: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    file_name: str = "",
) -> Filled:
    """Fill Moodle's grading worksheet of one assignment (column Grade), or its gradebook export.

    A worksheet takes one chapter, and `file_name` may name no other; of several that are graded it
    is the one named there. In a gradebook a chapter's
    column is the one called "Chapter 9", as in "Assignment: Chapter 9 (Real)", or as `columns`
    says; Moodle refuses columns that it did not write itself, so none is added. maximum : of these
    columns in Moodle, which a gradebook does not tell; points are scaled to it. others : other id
    -> student. Raises
    CampusError.
    """
    sheet, header = _sheet(
        data,
        _MOODLE_IDS,
        "Download it in Moodle: the assignment's grading worksheet, or Grades, Export, plain text, "
        "with your language there set to English, German, French, Spanish or Portuguese.",
        "Moodle",
        in_english,
    )
    chapters = sorted({number for _, number in totals})
    worksheet = _is_worksheet(sheet, header, chapters)
    filled = Filled(b"", "")
    filled.id_column, rows = _rows_by_student(
        sheet, header, _MOODLE_IDS, names, filled.told, others
    )
    if not chapters:
        filled.told.append("no points are earned yet: nothing is filled in")
    elif worksheet:
        if len(chapters) > 1:  # the one that its name speaks of
            chapters = [one for one in chapters if _speaks_of(file_name, one)] or chapters
        if len(chapters) != 1:
            raise CampusError(
                "a grading worksheet is one assignment's, "
                f"but chapters {', '.join(chapters)} are graded; choose one with --chapter"
            )
        (number,) = chapters
        if other := _contradicts(file_name, number):
            raise CampusError(
                f"the worksheet {file_name} speaks of chapter {other}, and chapter {number} "
                f"is to be filled in: choose with --chapter, or download the worksheet of chapter "
                f"{int(number)}. If it is the right one, rename the file"
            )
        most = header.index("Maximum grade")
        filled.columns[number] = sheet.value(0, header.index("Grade"))
        _fill(
            sheet,
            header.index("Grade"),
            _not_locked(sheet, header, rows, totals, number, filled),
            totals,
            number,
            filled,
            lambda row: sheet.value(row, most),
            maximum,
        )
    else:
        for number in chapters:
            column = _one_column(
                header,
                number,
                chapters,
                lambda name: not _NO_POINTS.search(name),
                (columns or {}).get(number, ""),
            )
            if column is None and any(_is_chapter(name, number) for name in header):
                raise CampusError(
                    f"chapter {number} is in the file, but not in points: export the gradebook "
                    "again, as plain text, with the grade display type Real"
                )
            if column is None:
                raise CampusError(
                    f"the file has no column for chapter {number}, such as "
                    f"'Assignment: Chapter {int(number)} (Real)'; make the assignment in Moodle "
                    "and export again (Moodle refuses columns that it did not write)"
                )
            if maximum is None:
                raise CampusError(
                    f"Moodle's gradebook does not say what the maximum of {header[column]!r} is: "
                    "look in Moodle (Gradebook setup, column Max grade; 100 unless you changed "
                    "it) and say --maximum 100; for columns of different maxima, one --chapter "
                    "at a time"
                )
            filled.columns[number] = sheet.value(0, column)
            _fill(sheet, column, rows, totals, number, filled, given=maximum)
    named = ("Full name", "First name", "Surname", "Last name")
    _tell_missing(sheet, header, filled.id_column, named, rows, set(), names, totals, filled)
    _tell_formulas(sheet, filled.told)
    filled.data = sheet.encoded()
    return filled


def numbers(
    data: bytes,
    students: Mapping[str, str],
    others: Mapping[str, str],
    known: Mapping[str, str],
) -> dict[str, str]:
    """Canvas's number -> student, of the lines of its gradebook that fill_canvas would fill."""
    try:
        sheet, header = _sheet(data, _CANVAS_IDS)
        if "ID" not in header or not {"SIS User ID", "SIS Login ID"} & set(header):
            return {}
        _, rows = _rows_by_student(sheet, header, _CANVAS_IDS, students, [], others, known)
    except CampusError:
        return {}
    cells = {row: sheet.value(row, header.index("ID")).strip() for row in rows}
    times = Counter(cells.values())
    return {cell: rows[row] for row, cell in cells.items() if cell.isdecimal() and times[cell] == 1}


def _name_in(sheet, header, row: int) -> str:
    columns = [header.index(name) for name in _NAMES if name in header]
    return " ".join(plain_text(sheet.value(row, column)) for column in columns).strip()


def participants(data: bytes) -> dict[str, list[str]]:
    """Number of a participant -> the other ids of that line in Moodle's worksheet; else nothing."""
    try:
        sheet, header = _sheet(data, ("Identifier", "ID"), named=in_english)
    except CampusError:
        return {}
    own = next(name for name in ("Identifier", "ID") if name in header)
    others = [header.index(name) for name in _MOODLE_IDS[:3] if name in header]
    cells = {row: sheet.value(row, header.index(own)) for row in range(len(sheet.rows))}
    return {
        _key(cell): [_key(sheet.value(row, column)) for column in others]
        for row, cell in cells.items()
        if as_participant(cell)
    }


def _is_worksheet(sheet, header, chapters) -> bool:
    """Is it a grading worksheet, else a gradebook? CampusError for one that cannot be read.

    Moodle writes Grade, Maximum grade and Grade can be changed into every worksheet, so that one
    without them is in a language, or of a kind, that is not known here.
    """
    if {"SIS User ID", "SIS Login ID"} & set(header):
        raise CampusError("this is Canvas's gradebook, not Moodle's: give it to --canvas")
    parts = {"Grade", "Maximum grade", "Grade can be changed"}
    missing = sorted(parts - set(header))
    if not missing:
        return True
    if len(missing) > 1 and any(_is_chapter(name, one) for name in header for one in chapters):
        return False
    words = [
        {sheet.value(row, column).strip().casefold() for row in _filled_rows(sheet)}
        for column in range(len(header))
    ]
    if len(missing) == len(parts) and not any(found and found.issubset(_LOCK) for found in words):
        return False
    if "Scale" in header:
        raise CampusError(
            "the assignment is graded with a scale, not with points: set its grade type to Point "
            "in Moodle, and download the worksheet again"
        )
    raise CampusError(
        f"this looks like a grading worksheet, but there is no column {', '.join(missing)} (which "
        "every worksheet has): set your language in Moodle to English, German, French, Spanish or "
        "Portuguese, and download it again"
    )


def _filled_rows(sheet) -> list[int]:
    return [row for row in sheet.below if any(sheet.rows[row])]


def _not_locked(sheet, header, rows, totals, number, filled: Filled) -> dict[int, str]:
    """The rows whose grade Moodle lets be changed."""
    place, free = header.index("Grade can be changed"), {}
    for row, student in rows.items():
        word = sheet.value(row, place).strip()
        if word.casefold() in _YES:
            free[row] = student
        elif word.casefold() not in _NO:
            raise CampusError(
                f"line {sheet.lines[row]}: {sheet.value(0, place)!r} says {word!r}, "
                "which is neither yes nor no"
            )
        elif (student, number) in totals:
            filled.unfilled.append(f"Moodle has locked the grade of {student}: left as it is")
    return free
