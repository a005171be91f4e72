"""The campus system's own files, filled in by student id: Canvas's gradebook, Moodle's two.

Only the cells that are filled or made harmless change; every other byte stays as the campus system
wrote it: byte-order mark, delimiter, line ends, quoting, rows and columns that are not ours.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

# the last four are their full-width forms, which Excel reads alike
_EXECUTED = tuple("=+-@\t\r\n＝＋－＠")
_NEXT_CELL = re.compile(r'([;\t][ "]*)(?=[=@＝＠]|[-+＋－][^\s\d])|(?<=,)()(?=[=@＝＠])')
_PLAIN = re.compile(r"[-+]?(\d+([.,]\d+)*|[.,]\d+)([eE][-+]?\d+)?( ?%)?|-|")
_CANVAS_IDS = ("SIS User ID", "SIS Login ID", "Integration ID", "ID")
_MOODLE_IDS = ("ID number", "Username", "Email address", "Identifier", "ID")
# Moodle's columns in German, French, Spanish and Portuguese; "ID" is the German Identifier
_ELSEWHERE = {
    "ID number": "ID-Nummer|Numéro d'identification|Número de ID|Número ID"
    "|Número de identificación|Número de identificação",
    "Username": "Anmeldename|Nom d'utilisateur|Nombre de usuario|Nome de utilizador"
    "|Nome de usuário|Identificação de usuário",
    "Email address": "E-Mail-Adresse|Adresse de courriel|Adresse e-mail|Dirección de correo"
    "|Dirección Email|Dirección de correo electrónico|Correo electrónico|Endereço de e-mail"
    "|Endereço de email",
    "Identifier": "Identifiant|Identificador",
    "Grade": "Bewertung|Note|Calificación|Nota",
    "Maximum grade": "Bestwertung|Höchstwert|Maximale Bewertung|Note maximale"
    "|Calificación máxima|Nota máxima",
    "Grade can be changed": "Bewertung kann geändert werden|La note peut être modifiée"
    "|La calificación puede ser cambiada|La calificación puede cambiarse"
    "|A nota pode ser alterada|A nota pode ser alterada.",
    "Full name": "Vollständiger Name|Nom complet|Nombre completo|Nome completo",
    "First name": "Vorname|Prénom|Nombre|Nome|Nome próprio",
    "Last name": "Nachname|Nom de famille|Nom|Apellido(s)|Apellidos|Apelido|Sobrenome|Último nome",
}
_NO = ("no", "nein", "non", "não")
_PARTICIPANT = re.compile(r"^(participante?|teilnehmer[/:]in)( (?=.)|(?=\d+$))")
_KINDS = "assignment|external tool|quiz|manual item|aufgabe|test|devoir|tarea|tarefa|trabalho"
_NO_POINTS = re.compile(
    r"\((Percentage|Letter|Feedback|Prozentsatz|Prozent|Buchstabe|Pourcentage|Lettre|Rétroaction"
    r"|Porcentaje|Letra|Retroalimentación|Percentagem|Porcentagem|Comentários)\)$"
    r"|total|gesamt",
    re.I,
)
_DELIMITERS = ",;\t"
_DECIDED = re.compile(r"EX|N/?A|excused|\(read only\)", re.I)
"""What a campus system writes where a person has decided that there is no number."""


class CampusError(ValueError):
    """A campus file that cannot be filled; the text says what was found and what would do."""


def defused(text: str) -> str:
    """`text` as a cell that no spreadsheet executes: an apostrophe in front; numbers stay.

    Also behind a semicolon, tab or comma, where a spreadsheet may begin the next cell.
    """
    text = _NEXT_CELL.sub(lambda found: (found[1] or "") + "'", text)
    return (
        "'" + text
        if text.lstrip(" ").startswith(_EXECUTED) and not _PLAIN.fullmatch(text.strip(" "))
        else text
    )


def _folded(name: str) -> str:
    return name.strip().replace("\u2019", "'").casefold()


_ENGLISH = {
    _folded(name): english for english, names in _ELSEWHERE.items() for name in names.split("|")
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


# ---- reading and writing without disturbing anything ---------------------------------------------


class _Sheet:
    """Records of cells as they stand, quotes and all; `ends` holds what follows each cell."""

    def __init__(self, data: bytes):
        self._bom, self._encoding = _encoding(data)
        self._text = data[len(self._bom) :].decode(self._encoding)
        self.rows, self._ends, self.delimiter = [], [], ","

    def split(self, delimiter: str) -> None:
        self.delimiter, self.rows, self._ends = delimiter, [], []
        cell = re.compile(rf'("(?:[^"]|"")*"|[^{delimiter}\r\n]*)({delimiter}|\r\n|\n|\r|\Z)')
        place, fresh = 0, True
        # a quoted cell with something behind it is taken as it stands, up to the next delimiter
        while place < len(self._text) or not fresh:
            found = cell.match(self._text, place)
            assert found is not None  # the pattern fits anywhere
            if fresh:
                self.rows.append([])
                self._ends.append([])
            self.rows[-1].append(found[1])
            self._ends[-1].append(found[2])
            place, fresh = found.end(), found[2] != delimiter

    def value(self, row: int, column: int) -> str:
        """The text of a cell; empty where the row is too short."""
        if column >= len(self.rows[row]):
            return ""
        raw = self.rows[row][column]
        return raw[1:-1].replace('""', '"') if len(raw) > 1 and raw[0] == raw[-1] == '"' else raw

    def put(self, row: int, column: int, value: str) -> None:
        """Write a cell, in quotes where it had them or needs them; a short row grows."""
        raw, ends = self.rows[row], self._ends[row]
        while len(raw) <= column:
            raw.append("")
            ends.insert(-1, self.delimiter)
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
            if len(self.rows[row]) < column:
                self.put(row, column - 1, "")
            self.rows[row].insert(column, "")
            self._ends[row].insert(column - 1, self.delimiter)
            self.put(row, column, value)

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
    needed: str,
    system: str,
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
            return sheet, header
    raise CampusError(
        f"this is no {system} file: "
        f"its first line has none of the columns {', '.join(known)}. {needed}"
    )


# ---- whose row is it? ----------------------------------------------------------------------------


def _key(id: str) -> str:
    """Ids count as they stand, zeros in front too, but for case and Moodle's "Participant "."""
    return _PARTICIPANT.sub("", id.strip().casefold())


def _rows_by_student(
    sheet, header, candidates, students: Mapping[str, str], told: list[str]
) -> tuple[str, dict[int, str]]:
    """The column that knows most students, and row -> student for every row that is one's."""
    by_key = {_key(student): student for student in students}
    if len(by_key) < len(students):
        raise CampusError(
            "two students' ids differ only in capitals; the campus file cannot tell them apart"
        )
    best, rows = "", {}
    for name in candidates:
        if name in header:
            column = header.index(name)
            found = {
                row: by_key[key]
                for row in range(1, len(sheet.rows))
                if (key := _key(sheet.value(row, column))) in by_key
            }
            if len(set(found.values())) > len(set(rows.values())):
                best, rows = name, found
    tried = [name for name in candidates if name in header]
    if not best:
        seen = [sheet.value(row, header.index(tried[0])) for row in range(1, len(sheet.rows))]
        raise CampusError(
            f"none of the {len(students)} graded students is in the columns {', '.join(tried)}; "
            f"graded is e.g. {next(iter(students), 'nobody')!r}, "
            f"the file has e.g. {next(filter(None, seen), '')!r}"
        )
    for student, times in Counter(rows.values()).items():
        if times > 1:
            told.append(f"{student} has {times} rows in the campus file: all are filled")
    return best, rows


def _tell_missing(sheet, header, id_column, names, rows, skipped, students, told) -> None:
    """Name students who are on one side only."""
    bare = {_key(student).lstrip("0") for student in students}
    for row in range(1, len(sheet.rows)):
        if row in rows or row in skipped or not any(sheet.rows[row]):
            continue
        id = sheet.value(row, header.index(id_column))
        name = " ".join(sheet.value(row, header.index(name)) for name in names if name in header)
        hint = (
            " (were zeros in front of the id lost?)" if id and _key(id).lstrip("0") in bare else ""
        )
        told.append(
            "in the campus file, but not graded: "
            f"{name or 'no name'}, {id_column} {id or 'empty'}{hint}"
        )
    for student in sorted(set(students) - set(rows.values())):
        name = (
            f" ({students[student]})" if students[student] and students[student] != student else ""
        )
        told.append(f"graded, but not in the campus file: {student}{name}")


# ---- which column is a chapter's? ----------------------------------------------------------------


def _is_chapter(header: str, number: str) -> bool:
    """Does a column's name speak of this chapter: "Chapter 9: fits (4711)", "09 Fits"?"""
    title = re.sub(rf"^({_KINDS})\s*:\s*", "", header.strip(), flags=re.I)
    words = "chapter|chapitre|chap|ch|kapitel|kap|cap[ií]tulo|cap"
    named = rf"(?:^|[^a-z])(?:{words})[ ._-]*0*{int(number)}(?!\d)"
    return bool(re.search(named, title, re.I) or re.match(rf"{number}(?!\d)", title))


def _one_column(header, number, eligible) -> int | None:
    found = [
        column for column, name in enumerate(header) if eligible(name) and _is_chapter(name, number)
    ]
    if len(found) > 1:
        raise CampusError(
            f"chapter {number} could be any of the columns "
            f"{', '.join(repr(header[c]) for c in found)}; rename all but one"
        )
    return found[0] if found else None


def _maximum(text: str) -> float | None:
    """The campus system's own maximum, None where it has none."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if value > 0 else None


def _fill(sheet, column, rows, totals, number, told, maximum_in=lambda row: "") -> None:
    """Write one chapter's points, scaled to the campus system's maximum where that is another one.

    `maximum_in` gives the text of that maximum for a row; decimal commas are written where the file
    has them.
    """
    scales = set()
    comma = any(
        re.fullmatch(r"\d+,\d+", text.strip())
        for row in range(1, len(sheet.rows))
        for text in (sheet.value(row, column), maximum_in(row))
    )
    for row, student in rows.items():
        total = totals.get((student, number))
        if total is None:
            told.append(f"chapter {number} has no points for {student}: left as it is")
            continue
        if _DECIDED.fullmatch(stood := sheet.value(row, column).strip()):
            points = shown_points(total.points, comma)
            told.append(
                f"chapter {number}, {student}: the campus system says {stood}, the gradebook "
                f"{points}: left as it is; clear the cell, or excuse the student here too"
            )
            continue
        maximum = _maximum(maximum_in(row))
        factor = maximum / total.possible if maximum and total.possible else 1.0
        if maximum and factor != 1:
            scales.add((shown_points(total.possible), shown_points(maximum)))
        points, before = (
            shown_points(total.points * factor, comma),
            sheet.value(row, column).strip(),
        )
        if before not in ("", "-", points):
            told.append(
                f"chapter {number}, {student}: {points} in place of the {before} that stood there"
            )
        sheet.put(row, column, points)
    told += [
        f"chapter {number}: {ours} points of the course are {theirs} of the campus system"
        for ours, theirs in sorted(scales)
    ]


def _defuse_all(sheet, told) -> None:
    """Make harmless whatever came with the file (students choose their names) or was written."""
    count = 0
    for row, cells in enumerate(sheet.rows):
        for column in range(len(cells)):
            value = sheet.value(row, column)
            if (safe := defused(value)) != value:
                sheet.put(row, column, safe)
                count += 1
    if count:
        told.append(
            f"{count} cell{'s' * (count > 1)} that a spreadsheet would execute now "
            f"begin{'s' * (count == 1)} with an apostrophe; the campus system finds students by id"
        )


# ---- the two systems -----------------------------------------------------------------------------


def fill_canvas(
    data: bytes, totals: Mapping[tuple[str, str], Total], names: Mapping[str, str]
) -> Filled:
    """Fill Canvas's gradebook export.

    data : the file; totals : (student, chapter) -> Total; names : student -> name, for what is
    told. A chapter's column is one whose name says "Chapter 9" and ends in Canvas's number,
    "Chapter 9 (4711)"; where there is none a new one is put behind the last assignment, which
    Canvas offers to create on import. Raises CampusError.
    """
    told: list[str] = []
    sheet, header = _sheet(
        data,
        ("SIS User ID", "SIS Login ID", "ID"),
        "Export it in Canvas: Grades, Export.",
        "Canvas gradebook",
    )
    id_column, rows = _rows_by_student(sheet, header, _CANVAS_IDS, names, told)
    head = [
        row
        for row in range(1, min(4, len(sheet.rows)))
        if row not in rows and not sheet.value(row, header.index(id_column))
    ]
    possible = next((row for row in head if sheet.value(row, 0).strip() == "Points Possible"), None)
    for number in sorted({number for _, number in totals}):
        column = _one_column(header, number, lambda name: re.search(r"\(\d+\)$", name))
        if column is None:
            column = 1 + max(
                [
                    place
                    for place, name in enumerate(header)
                    if re.search(r"\(\d+\)$", name) or name == "Section"
                ],
                default=len(header) - 1,
            )
            most = max(
                total.possible for (_, chapter), total in totals.items() if chapter == number
            )
            values = [""] * len(sheet.rows)
            values[0] = f"Chapter {int(number)}"
            if possible is not None:
                values[possible] = shown_points(most)
            sheet.insert(column, values)
            header.insert(column, values[0])
            told.append(
                f"no column is named {values[0]!r}: "
                "a new one, which Canvas offers to create on import"
            )
        _fill(
            sheet,
            column,
            rows,
            totals,
            number,
            told,
            lambda row, column=column: (
                sheet.value(possible, column) if possible is not None else ""
            ),
        )
    skipped = {
        *head,
        *(
            row
            for row in range(len(sheet.rows))
            if sheet.value(row, 0).strip() in ("Student, Test", "Points Possible")
        ),
    }
    _tell_missing(sheet, header, id_column, ("Student",), rows, skipped, names, told)
    _defuse_all(sheet, told)
    return Filled(sheet.encoded(), id_column, told)


def fill_moodle(
    data: bytes,
    totals: Mapping[tuple[str, str], Total],
    names: Mapping[str, str],
    maximum: float | None = None,
) -> Filled:
    """Fill Moodle's grading worksheet of one assignment (column Grade), or its gradebook export.

    A worksheet takes one chapter. In a gradebook a chapter's column is one whose name says "Chapter
    9", as in "Assignment: Chapter 9 (Real)"; Moodle refuses columns that it did not write itself,
    so none is added. maximum : of these columns in Moodle, which a gradebook does not tell; points
    are scaled to it. Raises CampusError.
    """
    told: list[str] = []
    sheet, header = _sheet(
        data,
        _MOODLE_IDS,
        "Download it in Moodle: the assignment's grading worksheet, or Grades, Export, plain text "
        "(in English, German, French, Spanish or Portuguese).",
        "Moodle",
        in_english,
    )
    id_column, rows = _rows_by_student(sheet, header, _MOODLE_IDS, names, told)
    chapters = sorted({number for _, number in totals})
    of_row = next((name for name in header if name.casefold() == "maximum grade"), "")
    if "Grade" in header and of_row:
        if len(chapters) != 1:
            raise CampusError(
                "a grading worksheet is one assignment's, "
                f"but chapters {', '.join(chapters)} are graded; choose one with --chapter"
            )
        most, change = header.index(of_row), "Grade can be changed"
        locked = {
            row
            for row in rows
            if change in header and sheet.value(row, header.index(change)).strip().casefold() in _NO
        }
        told += [
            f"Moodle has locked the grade of {rows[row]}: left as it is" for row in sorted(locked)
        ]
        _fill(
            sheet,
            header.index("Grade"),
            {row: student for row, student in rows.items() if row not in locked},
            totals,
            chapters[0],
            told,
            lambda row: sheet.value(row, most),
        )
    else:
        for number in chapters:
            column = _one_column(
                header,
                number,
                lambda name: not _NO_POINTS.search(name),
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
            _fill(sheet, column, rows, totals, number, told, lambda row: str(maximum))
    _tell_missing(
        sheet,
        header,
        id_column,
        ("Full name", "First name", "Surname", "Last name"),
        rows,
        set(),
        names,
        told,
    )
    _defuse_all(sheet, told)
    return Filled(sheet.encoded(), id_column, told)
