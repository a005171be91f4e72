"""What a person decides about grades, as commands and as a table; and a student's history.

Every decision is one entry of the ledger, with its reason. The last one about the same counts, and
--withdraw takes it back. No grading changes a decision.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scalinglib.checks import registry

from . import chapter_specs, clock, spec_of
from .campus import shown_points
from .export import UNDECIDED, all_of, list_of, opened
from .feedback import printable
from .grade import course_chapters, locked, read_course
from .gradebook import BOOK, Ask, Computed, Gradebook, Standing, handle, in_days, in_order
from .ledger import CAMPUS, COURSE, DECIDED, GRADED, SEEN, Entry, in_sequence, standing
from .questions import answer_of
from .roster import continued, other_ids, read_roster
from .texts import sheet

WORDS = ("override", "excuse", "extend", "late", "zero", "drop")
_NO_REASON = "a decision needs its reason: --reason 'was ill'"
_COLUMNS = ("decision", "student", "chapter", "exercise", "value", "reason")


class DecisionError(ValueError):
    """A decision that cannot be: about nobody, nothing, or with a value that is none."""


@dataclass(frozen=True)
class Decision:
    """One entry to be; see Gradebook.decide."""

    about: tuple[str, ...]
    value: Any
    reason: str
    student: str
    chapter: str


# ---- making one ----------------------------------------------------------------------------------


def decision(book: Gradebook, word: str, *cells: str, **more: Any) -> Decision:
    """A decision out of words as a person writes them, see _worded. Raises DecisionError."""
    return _fitting(book, _worded(book, word, *cells, **more))


def _worded(
    book: Gradebook,
    word: str,
    student: str = "",
    chapter: str = "",
    exercise: str = "",
    value: str = "",
    reason: str = "",
    *,
    withdraw: bool = False,
) -> Decision:
    if word not in WORDS:
        words = ", ".join((*WORDS, "decide"))
        raise DecisionError(f"{word!r} is no decision; there are {words}")
    if exercise and not answer_of(exercise):
        raise DecisionError(f"there is no exercise {exercise!r}")
    if word == "drop" and not exercise:
        raise DecisionError("name the exercise that does not count any more, as in 02-halve-loss")
    whose = student_of(book, student) if student or word != "drop" else ""
    number = _graded_in(book, whose, exercise, chapter) if exercise else chapter_of(chapter)
    about = {
        "override": (word, whose, number, exercise),
        "drop": (word, exercise, whose),
    }.get(word, (word, whose, number))
    if withdraw:
        if about not in standing(book.ledger.entries()):
            what = " ".join(about[1:])
            raise DecisionError(f"there is nothing to take back: no {word} of {what}")
        return Decision(about, None, reason, whose, number)
    if not reason.strip():
        raise DecisionError(_NO_REASON)
    made: Any = True
    if word == "override":
        made = {
            "points": _points(value),
            "possible": _possible(book, whose, number, exercise),
        }
    elif word in ("extend", "late"):
        made = _moment(value) if word == "extend" else _days(value)
    return Decision(about, made, reason.strip(), whose, number)


def _fitting(book: Gradebook, made: Decision) -> Decision:
    """A decision, if it can be made as things are now. Raises DecisionError."""
    word, value, rules = made.about[0], made.value, book.computed().rules
    if value is None:
        return made
    if rules.chapters and made.chapter not in rules.chapters:
        raise DecisionError(
            f"course.toml hands out {', '.join(rules.chapters)}, not chapter {made.chapter}: is "
            f"it another? If not, write [chapters.{made.chapter}] there first"
        )
    if word == "override" and value["points"] > value["possible"]:
        points, most = shown_points(value["points"]), shown_points(value["possible"])
        raise DecisionError(f"{points} points, where 0 to {most} fit")
    due = rules.chapter(made.chapter).due
    if word == "extend" and clock.instant(value, rules.zone) < due:
        raise DecisionError(
            f"{value} is before chapter {made.chapter} is due ({clock.shown(due, rules.zone)}): "
            "an extension ends later. Is it another day, or another year?"
        )
    if word == "zero" and (why := _no_zero(book, made.student, made.chapter)):
        raise DecisionError(f"no 0 for {made.student}: {why}")
    return made


def _no_zero(book: Gradebook, student: str, chapter: str) -> str:
    """Why it cannot be decided now that a student has 0 who handed in nothing; or ""."""
    found = book.computed()
    row = next(
        (one for one in found.rows if (one.student, one.chapter) == (student, chapter)), None
    )
    if row is None:
        return "course.toml does not hand it out"
    if row.status != "missing":
        decided = row.status in ("excused", "by hand")
        return row.status if decided else f"a file is there ({row.status})"
    if row.points is not None:
        return "it is 0 already"
    if not row.due:
        return f"course.toml has no due time of it. Write one, or say: override ID {chapter} 0"
    over = row.due < clock.now()
    return "" if over else f"it is due at {clock.shown(row.due, found.rules.zone)}. Say it then"


def zeros(
    book: Gradebook, chapter: str, students: list[str], reason: str, withdraw: bool
) -> list[Decision]:
    """0 points for those of a chapter, or of some students, who handed in nothing.

    Who is named and has none of these 0 is told. Raises DecisionError, where that is nobody.
    """
    number, named = chapter_of(chapter), {student_of(book, one) for one in students}
    if not withdraw and not reason.strip():
        raise DecisionError(_NO_REASON)
    if withdraw:
        told = standing(book.ledger.entries())
        given = {about[1] for about in told if about[::2] == ("zero", number)}
        whys = {one: "" if one in given else "it was not said" for one in named or given}
    else:
        whys = {one: _no_zero(book, one, number) for one in named or book.computed().names}
    whose = sorted(one for one, why in whys.items() if not why)
    if not whose:
        told = "; ".join(f"{why} ({count})" for why, count in Counter(whys.values()).items())
        what, none = (
            ("there is nothing to take back: zero of", "it was not said")
            if withdraw
            else ("nobody has 0 by this in", "the class has no roster")
        )
        raise DecisionError(f"{what} chapter {number}: {told or none}")
    if named:
        print("".join(f"not {one}: {why}\n" for one, why in sorted(whys.items()) if why), end="")
    value = None if withdraw else True
    return [Decision(("zero", one, number), value, reason.strip(), one, number) for one in whose]


def student_of(book: Gradebook, text: str) -> str:
    """The id that is meant, also where a spreadsheet has taken zeros from its front."""
    found = book.computed()
    known = {*found.names, *(row.student for row in found.rows if not row.student.startswith("?"))}
    word = text.strip().casefold()
    exact = [id for id in known if id.casefold() == word]
    bare = [id for id in known if id.casefold().lstrip("0") == word.lstrip("0")]
    left = book.folder / "roster.csv"
    roster = read_roster(left) if exact and left.exists() else ()
    if others := [one.id for one in roster if one.campus.casefold() == word]:
        raise DecisionError(
            f"{text!r} is the id of {exact[0]} here, and the campus gives it to {others[0]} now: "
            "name them by something else that the roster has, as an address or Canvas's number"
        )
    if len(exact or bare) == 1:
        return (exact or bare)[0]
    if not bare and left.exists() and word in (others := other_ids(left, known)):
        return others[word]
    if bare:
        raise DecisionError(f"{text!r} may be any of {', '.join(sorted(bare))}: write the whole id")
    raise DecisionError(f"there is no student {text!r} in this class")


def _graded_in(book: Gradebook, student: str, exercise: str, chapter: str) -> str:
    """The chapter that an exercise stands in; the one that is told, where it was graded or decided
    there before it moved.
    """
    told = chapter.strip().zfill(2)
    graded = {
        result.exercise
        for row in book.computed().rows
        for result in row.results
        if (row.student, row.chapter) == (student, told)
    }
    about = ["override", student, told, exercise]
    decided = any(entry.body.get("about") == about for entry in book.ledger.entries())
    return told if exercise in graded or decided else registry.exercise(exercise).chapter


def chapter_of(text: str) -> str:
    """The number of a chapter in two digits."""
    number = text.strip().zfill(2)
    if number not in course_chapters():
        raise DecisionError(f"chapter {text!r} has no exercises; write a number, as in 09")
    return number


def _possible(book: Gradebook, student: str, chapter: str, exercise: str) -> float:
    found = book.computed()
    own = [row for row in found.rows if (row.student, row.chapter) == (student, chapter)]
    rules, specs = found.rules, chapter_specs(chapter)
    if exercise:
        return rules.points.get(exercise, spec_of(exercise).points)
    whole = sum(rules.points.get(id, spec.points) for id, spec in specs.items())
    found_there = own[0].possible if own else 0
    return found_there or rules.chapter(chapter).weight * whole


def _points(text: str) -> float:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise DecisionError(f"{text!r} is no number of points")
    return value


def _days(text: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", text.strip()):
        raise DecisionError(f"{text!r} is no number of days; 0 is in time")
    return int(text)


def _moment(text: str) -> str:
    try:
        value = datetime.fromisoformat(text.strip())
    except ValueError:
        raise DecisionError(f"{text!r} is no time; write 2026-10-12T23:59") from None
    if len(text.strip()) == 10:  # the whole day still counts
        value = value.replace(hour=23, minute=59, second=59)
    return value.isoformat()


def withdrawn(book: Gradebook, what: str, reason: str) -> Decision:
    """A decision about a file or an account that is taken back."""
    told = [
        own[-1]
        for about, own in standing(book.ledger.entries()).items()
        if about[0] in ("file", "account") and about[1] == what
    ]
    if not told:
        raise DecisionError(f"there is nothing to take back: no decide of {what}")
    last = told[-1]
    return Decision(tuple(last.body["about"]), None, reason, last.student, last.chapter)


def of_file(
    book: Gradebook, what: str, student: str, chapter: str, nobody: bool, reason: str
) -> Decision:
    """Whose a file is, or all that comes from one account of the campus system."""
    if nobody == bool(student):
        raise DecisionError("say whose it is (--student), or that it is nobody's (--nobody)")
    whose = "" if nobody else student_of(book, student)
    number = chapter_of(chapter) if chapter else ""
    if what in {entry.body.get("account") for entry in book.ledger.entries()} - {None}:
        return Decision(("account", what), whose, reason, whose, number)
    seen = {
        entry.body["digest"]: entry
        for entry in book.ledger.entries()
        if entry.kind == SEEN and handle(entry.body["path"], entry.body["digest"]) == what
    }
    if not seen:
        raise DecisionError(f"there is no file and no account {what!r}; take the one that was told")
    if len(seen) > 1:
        paths = ", ".join(entry.body["path"] for entry in seen.values())
        raise DecisionError(f"{what} is the sign of {len(seen)} different files ({paths})")
    (entry,) = seen.values()
    if whose and not number and not entry.chapter.isdigit():
        raise DecisionError(f"say of which chapter {entry.body['path']} is: --chapter NN")
    # the digest too: a sign is short, and another file with the same one can be made
    value = {"student": whose, "chapter": number, "digest": entry.body["digest"]}
    return Decision(("file", what), value, reason, whose or entry.student, number or entry.chapter)


# ---- a table of decisions ------------------------------------------------------------------------


def read_table(book: Gradebook, path: Path) -> list[Decision]:
    """The new decisions of a CSV file, one a line. Raises DecisionError, which names the line.

    A line decides once: one that was read before decides nothing, whatever was decided since.
    """
    try:
        table = sheet(path)
    except OSError as error:
        raise DecisionError(f"cannot read {path}: {error.strerror}") from None
    there = [(name or "").strip().casefold() for name in table.fieldnames or ()]
    missing = [name for name in ("decision", "student", "reason") if name not in there]
    if missing:
        raise DecisionError(
            f"{path} has no column {missing[0]!r}; it has {', '.join(there)}, "
            f"and can have {', '.join(_COLUMNS)}"
        )
    table.fieldnames = there
    found, old, entries = [], {}, book.ledger.entries()
    told, before = standing(entries), Counter(map(_said, entries))
    for row in table:
        cells = {name: (row.get(name) or "").strip() for name in _COLUMNS}
        if any(cells.values()):
            word = cells.pop("decision")
            try:
                made = _of_line(book, word, cells)
                if new := not before[sign := _said(made)]:
                    if made.about in (one.about for one in found):
                        line = f"{path}, line {table.line_num}"
                        print(f"{line}: a line before it is about the same, and does not count")
                    found.append(_fitting(book, made))
            except DecisionError as error:
                raise DecisionError(f"{path}, line {table.line_num}: {error}") from None
            old.pop(made.about, None)
            if new:
                continue
            before[sign] -= 1
            if sign not in map(_said, told.get(made.about, ())[-1:]):
                old[made.about] = (
                    f"{path}, line {table.line_num}: it was read before, and does not count any "
                    f"more: not decided again. If it is to count, say it as a command: {word}"
                )
    print("\n".join(old.values()), end="\n" if old else "")
    return found


def _said(made: Decision | Entry) -> tuple:
    """What a person said, whatever could be had on that day; of other entries something else."""
    body = made.body if isinstance(made, Entry) else vars(made)
    value = body.get("value")
    value = value["points"] if value and body["about"][0] == "override" else value
    return tuple(body.get("about", ())), json.dumps(value, sort_keys=True), body.get("reason")


def _of_line(book: Gradebook, word: str, cells: dict[str, str]) -> Decision:
    """For `decide` the value is the sign of a file or account; its student may be "nobody"."""
    if word != "decide":
        return _worded(book, word, *(cells[name] for name in _COLUMNS[1:]))
    if not cells["reason"]:
        raise DecisionError("a decision needs its reason")
    nobody = cells["student"].casefold() == "nobody"
    student = "" if nobody else cells["student"]
    return of_file(book, cells["value"], student, cells["chapter"], nobody, cells["reason"])


# ---- what a student's chapters came to, and how --------------------------------------------------


def shown(row: Standing | None) -> str:
    """A row in a few words."""
    if row is None:
        return "nothing"
    if row.points is None:
        return row.status
    return f"{row.status}, {shown_points(row.points)} of {shown_points(row.possible)}"


def history(book: Gradebook, student: str) -> Iterator[str]:
    """All that the ledger tells of a student, by time, and what it comes to."""
    entries, zone = in_sequence(book.ledger.entries())
    told = [entry for entry in entries if entry.student == student]
    seen = [entry for entry in told if entry.kind == SEEN]
    files = {handle(entry.body["path"], entry.body["digest"]) for entry in seen}
    senders = {entry.body["account"] for entry in seen if entry.body.get("account")}
    given = {entry.body["about"][1] for entry in told if entry.kind == DECIDED and _of_file(entry)}
    signs, rules = {}, {}
    for entry in entries:
        if entry.kind == COURSE:
            before, rules = rules, _flat(tomllib.loads(entry.body["text"]))
            if changes := _changes(before, rules):  # merged ledgers tell the same twice
                yield f"{clock.shown(entry.at, zone)}  --  course.toml: {changes}"
            continue
        if entry.kind == CAMPUS:
            for account in (one for one, id in entry.body["accounts"].items() if id == student):
                said = f"by the campus system, {account} is {student}"
                yield f"{clock.shown(entry.at, zone)}  --  {printable(said)}"
            continue
        if entry.kind == SEEN:
            sign = handle(entry.body["path"], entry.body["digest"])
            own = entry.student == student or given & {sign, entry.body.get("account")}
            if own:
                signs.setdefault(entry.body["digest"], sign)
        else:
            about = entry.body["about"][1] if entry.kind == DECIDED and _of_file(entry) else ""
            own = entry.student == student or about in files | senders
            own = own or (entry.kind == DECIDED and _for_all(entry))
        if own:
            line = printable(_line(entry, signs, zone))
            yield f"{clock.shown(entry.at, zone)}  {entry.chapter or '--':2}  {line}"
    for row in book.computed().rows:
        if row.student == student:
            why = f" ({row.reason})" if row.reason else ""
            yield f"{'now':19}  {row.chapter:2}  {printable(shown(row) + why)}"


def _flat(table: dict, before: str = "") -> dict[str, Any]:
    """A table of TOML by dotted names."""
    found = {}
    for name, value in table.items():
        own = (
            _flat(value, f"{before}{name}.") if isinstance(value, dict) else {before + name: value}
        )
        found |= own
    return found


def _changes(before: dict[str, Any], now: dict[str, Any]) -> str:
    told = [f"{name} {now[name]}" for name in now if now[name] != before.get(name)]
    return printable("; ".join([*told, *(f"no {name}" for name in before if name not in now)]))


def _of_file(entry: Entry) -> bool:
    return entry.body["about"][0] in ("file", "account")


def _for_all(entry: Entry) -> bool:
    """Is it about an exercise, for the whole class?"""
    return entry.body["about"][0] == "drop" and not entry.body["about"][2]


def _line(entry: Entry, signs: dict[str, str], zone: str) -> str:
    """signs : digest -> what `decide` calls the file by."""
    body = entry.body
    if entry.kind == SEEN:
        sent = f", there at {clock.shown(body['sent'], zone)}" if body.get("sent") else ""
        sent += f", sha256 {body['digest'][:8]}"
        odd = f"; {body['state']}: {body['why']}" if body.get("state") else ""
        return f"seen {body['path']} ({handle(body['path'], body['digest'])}{sent}){odd}"
    if entry.kind == GRADED:
        points = sum(result["points"] for result in body["results"])
        possible = sum(result["possible"] for result in body["results"])
        by = f"version {body['version'][:8]}" if body["version"] else "an unknown version"
        return (
            f"{body['status']} {signs.get(body['digest'], body['digest'][:8])} by {by}: "
            f"{shown_points(points)} of {shown_points(possible)}"
            + (f"; {body['reason']}" if body["reason"] else "")
        )
    word, value = body["about"][0], body["value"]
    if _of_file(entry) and value is not None:
        whose = value["student"] if isinstance(value, dict) else value
        return f"decide {body['about'][1]} {whose or 'nobody'}: {body['reason']}"
    if value is None:
        of = [body["about"][1]] if _of_file(entry) or word == "drop" else []
        first = "decide" if _of_file(entry) else word
        return " ".join([first, *of, f"taken back: {body['reason']}"])
    if isinstance(value, dict):
        value = str(value.get("points", ""))
    rest = " ".join(body["about"][3:]) if word in ("override", "read") else ""
    rest = body["about"][1] + " for all" * _for_all(entry) if word == "drop" else rest
    return " ".join(filter(None, [word, rest, "" if value is True else str(value)])) + (
        f": {body['reason']}"
    )


# ---- commands ------------------------------------------------------------------------------------


def _write(folder: str, make) -> int:
    """Make decisions, write them down together, and tell what they change."""
    left = Path(folder) / "roster.csv"
    if left.exists() and not (Path(folder) / BOOK).exists():  # nothing was graded yet
        with locked(folder) as book:
            book.enrol(read_roster(left))
    with opened(folder) as book:
        folder = str(book.folder)
    with locked(folder) as book:
        read_course(book, course_chapters())
        before = {(row.student, row.chapter): row for row in book.computed().rows}
        decided, found = make(book), book.computed()
        for made in decided:
            more = _knew(found, made) | _told(found, made)
            book.decide(made.about, made.value, made.reason, made.student, made.chapter, **more)
        told: dict[tuple[str, str], list[str]] = {}
        holds = standing(book.ledger.entries())
        for made in decided:
            for words in _in_the_way(book, made, holds):
                told.setdefault((made.chapter, words), []).append(made.student)
        ways = len(told)
        for row in book.computed().rows:
            old = before.get((row.student, row.chapter))
            if shown(old) != shown(row):
                words = f"{shown(row)} (was {shown(old)})"
                told.setdefault((row.chapter, words), []).append(row.student)
        for (chapter, words), students in told.items():
            print(f"{all_of(students)}, chapter {chapter}: {words}")
        if len(told) == ways:
            print("written down; no points change by it now")
        if any(row.status == "waiting" for row in book.computed().rows):
            print("What waits is graded by the next grade or regrade")
        book.write_tables()
    return 0


def _knew(found: Computed, made: Decision) -> dict[str, Any]:
    """What who decides knows of a student's files: of each, how many days late it is at most.

    And which of them is the newest, of which alone `late` is said, or which one points are for.
    """
    if made.value is None or made.about[0] not in ("override", "excuse", "late", "file"):
        return {}
    of, rules = (made.student, made.chapter), found.rules
    row = next((row for row in found.rows if (row.student, row.chapter) == of), None)
    due = row.due if row else rules.chapter(made.chapter).due
    own = [file for file in found.files if file.student == made.student]
    right = in_order([file for file in own if file.chapter == made.chapter and file.state == ""])
    knew = {
        file.sign: rules.days(file.sent, due) if due and file.sent else 0 for file in own + right
    }
    of_one = {"late": {"newest": list(row.newest)}, "override": {"of": row.digest}} if row else {}
    return {"knew": knew} | of_one.get(made.about[0], {})


def _told(found: Computed, made: Decision) -> dict[str, str]:
    """Whose an account is by the campus system, as who decides about it has been told."""
    word, what = made.about[:2]
    unknown = (file for file in found.files if (word, file.state) == ("file", "sender"))
    account = next((file.account for file in unknown if file.handle == what), "")
    account = what if word == "account" else account
    return {"told": found.campus.get(account, "")} if account else {}


def _in_the_way(book: Gradebook, made: Decision, told: dict) -> Iterator[str]:
    """What keeps a decision from counting: of what a person said before, or a file."""
    word, *of = made.about
    whole = word == "override" and not of[2]
    if made.value is None or whole or word not in ("override", "extend", "late", "zero"):
        return
    found, key = book.computed(), (made.student, made.chapter)
    own = [row for row in found.rows if (row.student, row.chapter) == key]
    if word == "zero":
        if own[0].points is None:
            yield "written down, but no 0 while a file waits that may be theirs (see To decide)"
        return
    rules = found.rules
    sent = [file.sent for row in own for file in row.counting if row.due and file.sent]
    if word == "late" and sent:
        most = max(rules.days(one, own[0].due) for one in sent)
        if made.value > most:
            yield f"what counts was there after {in_days(most)} at most: {made.value} by your word"
    if word == "extend" and (due := rules.chapter(made.chapter).due):
        until = clock.wall(clock.instant(made.value, rules.zone), rules.zone)
        more = (until - clock.wall(due, rules.zone)).total_seconds() / 86_400
        yield f"{more:.3g} days more than the others have"
    outdated = [
        f"{one.why}. {one.how}"
        for one in found.asks
        if (one.student, one.chapter, one.state) == (*key, "due")
    ]
    earlier = [("excuse", *of[:2]), ("override", *of[:2], "")]
    if word == "extend":
        yield from outdated
        earlier += [("late", *of)] * (not outdated)
    counting = {file.sign for row in own for file in row.counting}
    for about in earlier:
        said = told.get(about, [])
        holds = [one for one in said if _speaks_of(one, counting)]
        if said and not holds:
            days = said[-1].body["value"]
            yield f"late {days} was said of an earlier file, and not of the one that counts now"
        elif holds:
            value = {
                "late": f" {holds[-1].body['value']}",
                "override": " of the chapter",
            }.get(about[0], "")
            words = f"{about[0]} {book.folder} {made.student} {made.chapter}"
            yield (
                f"{about[0]}{value} was said before and still counts. If this is to count, say: "
                f"{words} --withdraw"
            )


def _speaks_of(word: Entry, counting: set[str]) -> bool:
    """Is it about one of these files? What was said before any came is, too."""
    newest = {*(word.body.get("newest") or ())}
    return not (newest and counting) or bool(newest & counting)


def _run(options) -> int:
    given = [getattr(options, name, "") or "" for name in _COLUMNS[1:]]
    return _write(
        options.folder,
        lambda book: [decision(book, options.command, *given, withdraw=options.withdraw)],
    )


def _run_zero(options) -> int:
    given = (options.chapter, options.students, options.reason or "", options.withdraw)
    return _write(options.folder, lambda book: zeros(book, *given))


def _run_file(options) -> int:
    reason = options.reason or ("a mistake" if options.withdraw else "whose it is")
    if options.withdraw:
        return _write(options.folder, lambda book: [withdrawn(book, options.what, reason)])
    given = (options.what, options.student, options.chapter, options.nobody, reason)
    return _write(options.folder, lambda book: [of_file(book, *given)])


def _run_table(options) -> int:
    return _write(options.folder, lambda book: read_table(book, Path(options.table)))


def _covered(book: Gradebook, known: set[str]) -> Iterator[str]:
    """What one assistant has said and another's word for the whole chapter keeps from counting.

    known : the ids of what stood here; who said the rest did not know of it, nor they of that.
    """
    holds = {about: own[-1] for about, own in standing(book.ledger.entries()).items()}
    for about, entry in holds.items():
        word, *of = about
        if word not in ("override", "extend", "late", "zero") or about[3:] == ("",):
            continue
        for whole in (("excuse", *of[:2]), ("override", *of[:2], "")):
            over = holds.get(whole)
            if over is None or (over.id in known) == (entry.id in known):
                continue
            if word == "override" or entry.at > over.at:
                own, counts = (_line(one, {}, "") for one in (entry, over))
                yield printable(
                    f"{of[0]}, chapter {of[1]}: {own!r} does not count, as {counts!r} was said for "
                    f"the chapter. If it is to count, say: {whole[0]} {book.folder} "
                    f"{' '.join(of[:2])} --withdraw"
                )


def _merged(book: Gradebook, other: Path, open_: list[Ask]) -> list[Decision]:
    """Take over another folder of the class; its roster and rules stay there.

    What is new to decide goes into `open_`.
    """
    key, others = (folder / "key.fingerprint" for folder in (book.folder, other))
    if not (other / BOOK).is_file() or other.resolve() == book.folder.resolve():
        raise DecisionError(f"{other} is no other folder with a gradebook")
    if not (key.exists() and others.exists() and key.read_bytes() == others.read_bytes()):
        raise DecisionError(
            f"{other} is not known to be of the same class: key.fingerprint differs, or is missing"
        )
    left, theirs = (folder / "roster.csv" for folder in (book.folder, other))
    if left.exists() and theirs.exists():
        continued(read_roster(theirs), left)
    before, known = {*book.undecided()}, {entry.id for entry in book.ledger.entries()}
    print(f"{book.merge(other)} entries of {other} are new here")
    read_course(book, course_chapters())
    if left.exists():
        book.enrol(read_roster(left))
    print("".join(f"{line}\n" for line in _covered(book, known)), end="")
    open_ += [ask for ask in book.undecided() if ask not in before]
    print("\n".join(list_of(open_)), end="\n" if open_ else "")
    return []


def _run_merge(options) -> int:
    open_: list[Ask] = []
    _write(options.folder, lambda book: _merged(book, Path(options.other), open_))
    return UNDECIDED if open_ else 0


def _run_history(options) -> int:
    with opened(options.folder) as book:
        read_course(book, course_chapters())
        print("\n".join(history(book, student_of(book, options.student))))
    return 0


def add_command(commands: Any) -> None:
    """The commands of WORDS, and decide, decisions, merge, history."""
    told = {
        "override": "give a student points by hand, for a chapter or one exercise",
        "excuse": "a student need not hand in a chapter",
        "extend": "another due time for one student's chapter",
        "late": "how many days late a student's chapter is",
        "zero": "who handed in nothing by the due time has 0 points in a chapter",
        "drop": "an exercise does not count, for all or for one student",
    }
    for word, help in told.items():
        parser = commands.add_parser(word, help=help)
        parser.add_argument("folder", help="folder of this class")
        if word == "drop":
            parser.add_argument("exercise", help="its id, as in 02-halve-loss")
            parser.add_argument("--student", help="for this student only")
        elif word == "zero":
            parser.add_argument("chapter", help="as in 09")
            parser.add_argument("students", nargs="*", help="only these (default: all)")
        else:
            parser.add_argument("student")
            parser.add_argument("chapter", help="as in 09")
        if word == "override":
            parser.add_argument("value", metavar="points", nargs="?")
            parser.add_argument("--exercise", help="points of this exercise only")
        elif word == "extend":
            parser.add_argument("value", metavar="until", nargs="?")
        elif word == "late":
            parser.add_argument("value", metavar="days", nargs="?")
        read = "" if word in ("extend", "late") else "for the student and "
        parser.add_argument("--reason", help=f"why, {read}for the record")
        parser.add_argument("--withdraw", action="store_true", help="take it back")
        parser.set_defaults(run=_run_zero if word == "zero" else _run)
    parser = commands.add_parser("decide", help="whose a file is, where that is open")
    parser.add_argument("folder", help="folder of this class")
    parser.add_argument("what", help="the file's or account's sign, as it was told")
    parser.add_argument("--student", default="", help="whose it is")
    parser.add_argument("--chapter", default="", help="of which chapter")
    parser.add_argument("--nobody", action="store_true", help="it counts for nobody")
    parser.add_argument("--reason", help="why")
    parser.add_argument("--withdraw", action="store_true", help="take it back")
    parser.set_defaults(run=_run_file)
    parser = commands.add_parser("decisions", help="decisions out of a table, all or none")
    parser.add_argument("folder", help="folder of this class")
    parser.add_argument("table", help=f"CSV file with the columns {', '.join(_COLUMNS)}")
    parser.set_defaults(run=_run_table)
    parser = commands.add_parser("merge", help="add what was graded and decided in another folder")
    parser.add_argument("folder", help="folder of this class")
    parser.add_argument("other", help="another folder of this class, which stays as it is")
    parser.set_defaults(run=_run_merge)
    parser = commands.add_parser("history", help="all that is known of a student's grades")
    parser.add_argument("folder", help="folder of this class")
    parser.add_argument("student")
    parser.set_defaults(run=_run_history)
