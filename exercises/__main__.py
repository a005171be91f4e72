"""The instructor's commands.

python -m exercises assign ROSTER --key-file KEY --out DIR [--chapter NN]
python -m exercises grade SUBMISSIONS --key-file KEY --out DIR
python -m exercises regrade --key-file KEY --out DIR
python -m exercises export DIR [--canvas FILE | --moodle FILE]
python -m exercises override | excuse | extend | late DIR STUDENT CHAPTER --reason WHY
python -m exercises zero DIR CHAPTER [STUDENT ...] --reason WHY
python -m exercises drop DIR EXERCISE --reason WHY
python -m exercises decide DIR FILE --student ID
python -m exercises decisions DIR TABLE
python -m exercises history DIR STUDENT
python -m exercises merge DIR OTHER
python -m exercises bank ROSTER --key-file KEY --out FILE
python -m exercises gradescope CHAPTER --out ZIP [--key-file KEY --roster ROSTER]
python -m exercises new ID
python -m exercises class
"""

from __future__ import annotations

import argparse
import errno
import os
import signal
import sys
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) == signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback while all is loaded

from tqdm.auto import tqdm

from scalinglib.lab.sweep import dask_cluster, local_processes, stop_once

from . import bank, decide, example_class, export, gradescope, new
from .assign import assign, keep_zone, read_key, read_sources
from .clock import now
from .feedback import printable
from .grade import grade, locked
from .roster import Roster, RosterError, Student, continued, found_in, namesakes, read_roster
from .sandbox import SandboxMissing
from .submissions import files

_UNSAFE = """
!!! --unsafe-no-sandbox: students' code runs as you, with your files, your network and this key \
in reach.
!!! Grades made like this can be forged. Use it only for submissions that you have read.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status.

    0 done, 1 refused or failed, 3 done but something waits for a person, 130 interrupted.
    """
    parser = _parser()
    options, left = parser.parse_known_args(arguments)
    if len(left) == 1 and left[0][:1] != "-" and getattr(options, "value", "") is None:
        options.value = left.pop()  # as in override class s123 09 --exercise 09-huber 1
    if left:
        parser.error(f"unrecognized arguments: {' '.join(left)}")
    for sign in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(sign) != signal.SIG_IGN:  # as in the background of a script
            signal.signal(sign, stop_once)
    try:
        return options.run(options)
    except KeyboardInterrupt:
        print(
            f"\nstopped; what was done is in {getattr(options, 'out', 'the gradebook')}, "
            "and the same command goes on",
            file=sys.stderr,
        )
        return 130
    except BrokenProcessPool:
        print(
            "\na worker died (out of memory?); "
            f"what was graded is in {options.out}, and the same command goes on",
            file=sys.stderr,
        )
    except SandboxMissing as error:
        print(f"\nnothing is graded without a sandbox: {error}", file=sys.stderr)
    except (ValueError, OSError) as error:
        full = isinstance(error, OSError) and error.errno == errno.ENOSPC
        more = ": make room on the disk, and say the same again" if full else ""
        print(f"\n{options.command}: {error}{more}", file=sys.stderr)
    return 1


@cache
def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m exercises", description="Coursework: assign it, grade it."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    give = commands.add_parser("assign", help="a personal notebook for every student and chapter")
    give.add_argument(
        "roster", help="CSV file with the columns id and name, or a campus system's export"
    )
    give.add_argument(
        "--yes",
        action="store_true",
        help=(
            "answer all questions with yes, and print each with that answer: the ids and names "
            "found are right, and who comes under another id is the person it names. Say it "
            "without --yes first: all questions are shown then, and nothing is written"
        ),
    )
    give.add_argument(
        "--chapter", action="append", default=[], help="only this one, as in 09; may be repeated"
    )
    give.set_defaults(run=_assign)
    take = commands.add_parser(
        "grade", help="grade a folder, or a campus system's zip file, of notebooks"
    )
    take.add_argument("submissions", help="folder or zip file")
    take.add_argument(
        "--roster", help="who is in the class (default: the one that assign left in DIR, if any)"
    )
    take.add_argument("--regrade", action="store_true", help="grade again what is graded already")
    take.add_argument(
        "--chapter",
        action="append",
        default=[],
        help="what the assignment asks for, where many hand in other chapters too",
    )
    again = commands.add_parser(
        "regrade", help="grade again, from what is kept, what another version has graded"
    )
    again.add_argument(
        "--chapter", action="append", default=[], help="only this one, also if it is closed"
    )
    again.set_defaults(submissions=None, roster=None, regrade=False)
    for command in (take, again):
        where = command.add_mutually_exclusive_group()
        where.add_argument(
            "--workers",
            type=int,
            default=os.cpu_count(),
            help="local processes (default: one for each core)",
        )
        where.add_argument(
            "--scheduler", help="address of a dask.distributed scheduler, tcp://HOST:PORT"
        )
        command.add_argument(
            "--unsafe-no-sandbox",
            action="store_true",
            help="run students' code unprotected (see the handbook)",
        )
        command.set_defaults(run=_grade)
    for part in (export, decide, bank, gradescope, new, example_class):
        part.add_command(commands)
    for command in (give, take, again):
        command.add_argument("--key-file", required=True, help="file with the class's secret")
        command.add_argument("--out", required=True, help="folder of this class")
    return parser


def _assign(options) -> int:
    found, key = found_in(options.roster), read_key(options.key_file)
    try:
        _confirmed(found, options.yes)
    except RosterError:
        if not sys.stdin.isatty():  # --yes will answer these too: nobody should not have seen them
            with suppress(RosterError):
                _continued(found.students, options.out, False)
        raise
    left = Path(options.out) / "roster.csv"
    if (Path(options.out) / "gradebook.sqlite").exists() and left.exists():
        with locked(options.out) as book:  # of who leaves now, it knows the number
            book.enrol(read_roster(left))
    roster = _continued(found.students, options.out, options.yes)
    sources = read_sources()
    numbers = [chapter.zfill(2) for chapter in options.chapter]
    if unknown := sorted(set(numbers) - set(sources)):
        raise ValueError(f"chapter {unknown[0]!r} has no exercises; write a number, as in 09")
    sources = {n: source for n, source in sources.items() if not numbers or n in numbers}
    written = assign(roster, key, options.out, sources)
    count = sum(1 for _ in tqdm(written, total=len(roster) * len(sources), unit="notebook"))
    print(f"{count} notebooks of {len(roster)} students in {Path(options.out) / 'notebooks'}")
    print(keep_zone(options.out))
    if (Path(options.out) / "gradebook.sqlite").exists():
        with locked(options.out) as book:
            before = {*book.undecided()}
            book.enrol(roster)
            for line in export.participants_of(book, options.roster, left):
                print(line)
            asks = [one for one in book.undecided() if one not in before and one.state == "sender"]
        print("\n".join(export.list_of(asks)), end="\n" if asks else "")
        return export.UNDECIDED if asks else 0
    return 0


_BY_YES = "Yes, by --yes."


def _confirmed(found: Roster, yes: bool) -> None:
    """Show what was taken from a roster that was not made for this; a person has to agree."""
    if not found.plain or found.left_out:
        print(found)
    if yes and not found.plain:
        print(f"Are these ids and names right? {_BY_YES}")
    if (
        found.plain
        or yes
        or (sys.stdin.isatty() and input("Are these ids and names right? [y/N] ") in ("y", "Y"))
    ):
        return
    raise RosterError(
        "nothing was written: if these are the right ids and names, and each question above is to "
        "be answered with yes, say --yes; "
        "else make a file with the columns id and name"
    )


def _continued(students: tuple[Student, ...], out: str, yes: bool) -> tuple[Student, ...]:
    """The class under the ids that it began with; a person has to agree to what is new."""
    gone, numbers, left = None, {}, Path(out) / "roster.csv"
    if (Path(out) / "gradebook.sqlite").exists():
        with export.opened(out) as book:
            found = book.computed()
            gone, numbers = found.called, export.numbers_of(found)
    students, asks = continued(students, left, gone, numbers)
    ids = {one.id for one in students}
    before = {one.id: one for one in (read_roster(left) if left.exists() else ())}
    leave = [one for id, one in before.items() if id not in ids]
    come = [one for one in students if one.id not in before]
    if leave:
        who = "; ".join(f"{one.id} {one.name}".strip() for one in leave)
        print(f"{len(leave)} of the class so far are not in this roster: {printable(who)}")
        print("".join(f"{printable(line)}\n" for line in namesakes(leave, come, left)), end="")
    for ask in asks:
        answer = f"{_BY_YES} " if yes else ""
        print(f"{ask} {answer}What counted goes on, under the id {ask.split()[0]}")
    if asks and yes:
        print(f"If one is somebody else, give them a line of their own in {left} and say it again")
    if not asks or yes or (sys.stdin.isatty() and input("Are they the same? [y/N] ") in ("y", "Y")):
        return students
    raise RosterError(
        "nothing was written: if they are, say assign once more with --yes; "
        f"else mend that line in {left}, or in the new roster; somebody else who is called as "
        f"one who has left gets a line in {left} first"
    )


def _grade(options) -> int:
    key, named = read_key(options.key_file), tuple(one.zfill(2) for one in options.chapter)
    left = Path(options.out) / "roster.csv"
    roster = read_roster(options.roster or left) if options.roster or left.exists() else None
    if options.roster and roster:
        roster = _continued(roster, options.out, False)
    if options.unsafe_no_sandbox:
        print(_UNSAFE, file=sys.stderr)
    graded = partial(
        grade,
        options.submissions,
        key,
        options.out,
        roster=roster,
        regrade=options.regrade,
        unsafe=options.unsafe_no_sandbox,
        only=() if options.submissions else named,
        of=named if options.submissions else (),
    )
    if options.scheduler:
        with dask_cluster(options.scheduler) as (executor, workers):
            new, rows = graded(executor, workers)
    else:
        with local_processes(options.workers) as executor:
            new, rows = graded(executor, options.workers)
    if not new and options.submissions and not files(options.submissions):
        print(f"{options.submissions} is empty: no file was handed in there. Download it again?")
    print(f"{new} graded now, {rows} rows in {Path(options.out) / 'gradebook.csv'}")
    if not (Path(options.out) / "gradebook.sqlite").exists():
        return 0
    with export.opened(options.out) as book:
        asks, told = book.undecided(), export.told_of_rules(book.computed())
        chapters = book.computed().rules.chapters
    print("\n".join(told), end="\n" if told else "")
    closed = [number for number, own in chapters.items() if own.closes and own.closes < now()]
    left = sorted({*closed} - {*named})
    if left and (options.regrade or options.submissions is None):
        says = " ".join(f"--chapter {number}" for number in left)
        print(
            f"closed, so that nothing there was graded again: chapter {', '.join(left)} "
            f"(to grade it again, say: regrade {says})"
        )
    print("\n".join(export.list_of(asks)), end="\n" if asks else "")
    return export.UNDECIDED if asks else 0


if __name__ == "__main__":
    sys.exit(main())
