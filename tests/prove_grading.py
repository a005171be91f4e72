"""The long proofs of the grader: python tests/prove_grading.py [attacks] [user] [agree] ...

All of them without a word.

attacks     the whole hostile set, with honest neighbours
user        an ordinary user grades: as many attacks as `make test` has, and an honest neighbour
agree       every exercise, 50 students: reference right, stub not attempted, mutants refused,
            grader and check say the same
home        500 right notebooks, untidy as a kernel accepts it, keep their points
gradescope  30 submissions have the same points in Gradescope's container
variants    over 2,000 students, how often two share an answer within its tolerance
workers     the same tables and feedback from 1, 2 and 4 workers, and from a dask cluster of two
            where dask is installed
kills       kill -9 of the command at ten moments: it resumes, loses nothing, grades nothing twice
load        300 submissions of chapter 2 and of chapter 9: minutes, and the memory of processes
resume      600 submissions with a kill -9 in the middle: nothing twice, and linear
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import matplotlib

matplotlib.use("agg")
import hostile
import test_gradescope
import test_grading
import test_home

from exercises import chapter_specs, parameters, sandbox
from exercises import gradescope as autograder
from exercises.gradebook import Gradebook
from exercises.roster import Student
from scalinglib.checks import Number, Several
from scalinglib.checks.reading import Typed, as_typed

ROOT = Path(__file__).resolve().parents[1]


def attacks(folder: Path):
    rows, unchanged, connections = test_grading.run_hostile(folder, hostile.ATTACKS, workers=2)
    undeserved = 0
    for number, attack in enumerate(hostile.ATTACKS):
        row = rows[f"attack{number:02}"]
        fault = (
            row["points"] > attack.deserved
            or (attack.solved and row["points"] < attack.deserved)
            or row["status"] == "failed"
        )
        undeserved += bool(fault)
        print(
            f"  {'!!' if fault else 'ok'} {attack.name:45} {row['points']:g} "
            f"of {attack.deserved} deserved, {row['status']}, {row['seconds']:.0f} s"
        )
    neighbours = [rows[name]["points"] for name in ("canary", "stub")]
    print(
        f"attacks: {len(hostile.ATTACKS)}, wrong {undeserved}; "
        f"files unchanged {unchanged}; connections {len(connections)}; "
        f"processes left {len(test_grading.survivors())}; honest neighbours {neighbours}"
    )
    return (
        not undeserved
        and unchanged
        and not connections
        and not test_grading.survivors()
        and neighbours == [hostile.FULL, 0]
    )


# : run a command as nobody, to whom the interpreter $1 is shown although the folder $2 above it is
# locked ("" where it is not)
REVEALED = [
    "unshare",
    "--mount",
    "sh",
    "-ec",
    """
if [ -n "$2" ]; then
    mount --bind "$1" "$3"; mount -t tmpfs -o mode=755 none "$2"
    mkdir -p "$1"; mount --bind "$3" "$1"
fi
shift 3
exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@" """,
    "sh",
]


def locked(path: Path) -> str:
    """The uppermost folder on the way that others may not pass, or ""."""
    return next(
        (
            str(place)
            for place in reversed([path, *path.parents])
            if not place.stat().st_mode & 0o001
        ),
        "",
    )


def user(folder: Path):
    """The same as root would: an ordinary user grades honest and hostile submissions.

    The Python is one that everybody may read.
    """
    if os.geteuid() != 0:
        print("  skipped: this is an ordinary user, so that all the other proofs are about one")
        return True
    attacks = [attack for attack in hostile.ATTACKS if attack.fast]
    for number, attack in enumerate(attacks):
        known = {
            "PORT": 9,
            "GRADEBOOK": "/tmp/x",
            "SUBMISSIONS": str(folder / "in"),
            "MARK": str(folder / "mark"),
            "KNOWN": {},
        }
        student = f"attack{number}"
        notebook = attack.notebook(student, **known)
        hostile.write(folder / "in", student, notebook, attack.number)
    hostile.write(folder / "in", "canary", hostile.submission("canary"))
    (folder / "key").write_text(hostile.KEY)
    subprocess.run(["chmod", "-R", "a+rwX", folder], check=True)
    (folder / "python").mkdir()
    started = subprocess.run(
        [
            *REVEALED,
            sys.base_prefix,
            locked(Path(sys.base_prefix)),
            folder / "python",
            *command(folder, folder / "out"),
        ],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/tmp", "LANG": "C.UTF-8"},
        stderr=subprocess.PIPE,
        text=True,
    )
    if started.returncode:
        print("user: " + started.stderr.strip().splitlines()[-1])
        return False
    rows = test_grading.read_book(folder / "out")
    deserved = {f"attack{number}": attack.deserved for number, attack in enumerate(attacks)} | {
        "canary": hostile.FULL
    }
    reached = {name: row["points"] for name, row in rows.items()}
    print(
        f"user: {len(attacks)} attacks "
        f"and an honest neighbour have {'what they deserve' if reached == deserved else reached}"
    )
    return reached == deserved


def agree(folder: Path, students=50):
    for number in hostile.sources():
        hostile.write(
            folder / "in", "reference", hostile.submission("reference", "reference", number), number
        )
    (folder / "key").write_text(hostile.KEY)
    finished(command(folder, folder / "out"))
    book = Gradebook(folder / "out")
    wrong = [row for row in book.results() if row["status"] not in ("right", "to be read")]
    book.close()
    print(f"  in the sandbox: {wrong or 'every reference is right'}")
    if wrong:
        return False
    compared = 0
    for number in hostile.sources():
        for student in range(students):
            compared += test_grading.assert_grader_and_check_agree(number, f"student-{student}")
        print(f"  chapter {number}: {students} students")
    print(
        f"agree: {compared} mutants refused by both, for the same reason; "
        f"{students} references right"
    )
    return True


def home(folder: Path, notebooks=500):
    """Right notebooks with cells inserted, split and stripped of their names keep their points."""
    lost = []
    for seed in range(notebooks):
        untidy = test_home.untidy(hostile.submission("ada"), random.Random(seed))
        told, _ = test_home.graded(untidy)
        lost += [(seed, id) for id, outcome in told.items() if outcome.status != "right"]
    print(f"home: {notebooks} untidy notebooks, points lost: {lost or 'none'}")
    return not lost


def gradescope(folder: Path, students=30):
    """The autograder's zip in Gradescope's layout gives the points that `grade` gives."""
    place = make_class(folder, students)
    finished(command(folder, folder / "out"))
    book = Gradebook(folder / "out")
    points = {row["student"]: row["points"] for row in book.submissions()}
    book.close()
    roster = tuple(Student(id, id, f"{id}@x.org") for id in points)
    autograder.build("02", folder / "zip", hostile.KEY, roster)
    differ = []
    for number, path in enumerate(sorted(place.rglob("*.ipynb"))):
        notebook, id = json.loads(path.read_text(encoding="utf-8")), path.parent.name
        base = folder / f"container{number}/autograder"
        found, said = test_gradescope.hand_in(base, folder / "zip", notebook, f"{id}@x.org")
        if found is None or found["score"] != points[id]:
            differ.append((id, points[id], found and found["score"], said))
    print(f"gradescope: {len(points)} submissions, {len(set(points.values()))} different sums, "
          f"other points: {differ or 'none'}")  # fmt: skip
    return not differ


def variants(folder: Path, students=2000, pairs=20_000, seconds=60):
    """How often one student's right answer is right for another, too.

    Where answers cost a fit, for as many students as the seconds allow.
    """
    holds = True
    for number, source in hostile.sources().items():
        chapter, together = source.chapter, 1.0
        for id, task in chapter.tasks.items():
            if not isinstance(task.exercise, (Number, Several)):
                continue
            answers, started = [], time.monotonic()
            while len(answers) < students and (
                len(answers) < 200 or time.monotonic() - started < seconds
            ):
                params = parameters(
                    chapter_specs(number)[id], "a cohort's key", f"student-{len(answers)}"
                )
                answers.append(
                    (
                        numbers_of(task.exercise, chapter.answer(id, task.solution, params)),
                        task.exercise.quantities(params),
                    )
                )
            sizes = [abs(one.value) for own, _ in answers for one in own.values()]
            sensible = all(0 <= size < 1e30 for size in sizes)
            share = shared(task.exercise, answers, pairs)
            holds, together = holds and sensible and share < 0.01, together * share
            print(
                f"  {'ok' if sensible and share < 0.01 else '!!'} {id:26} {share:8.3%} "
                f"of {pairs} pairs of {len(answers)} students; "
                f"answers {min(sizes):.3g} to {max(sizes):.3g}",
                flush=True,
            )
        holds = holds and together < 1e-4
        print(
            f"  {'ok' if together < 1e-4 else '!!'} chapter {number}: all of them {together:.1e}",
            flush=True,
        )
    print(
        "variants: "
        f"{'every exercise under 1 %, every chapter under 1 in 10,000' if holds else 'too few'}"
    )
    return holds


def numbers_of(exercise, answer) -> dict[str, Typed]:
    entries = {"x": answer} if isinstance(exercise, Number) else exercise.entries(answer)
    return {name: as_typed(entry) for name, entry in entries.items()}


def shared(exercise, answers, pairs) -> float:
    """The share of pairs in which one's answer would be right for the other."""
    chance, found = random.Random(1), 0
    for _ in range(pairs):
        (mine, _), (_, theirs) = chance.sample(answers, 2)
        found += exercise.accepts(theirs, mine)
    return found / pairs


def make_class(folder: Path, students: int, number="02", kinds=3) -> Path:
    """Students who answered all, nothing, all but the first, in turn (the first `kinds`)."""
    place = folder / "in"
    for student in range(students):
        answers = ("reference", "stub", {next(iter(test_grading.CHAPTERS[number])): None})[
            student % kinds
        ]
        hostile.write(
            place, f"s{student:03}", hostile.submission(f"s{student:03}", answers, number), number
        )
    (folder / "key").write_text(hostile.KEY)
    return place


def command(folder: Path, out: Path, *options: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "exercises",
        "grade",
        str(folder / "in"),
        "--key-file",
        str(folder / "key"),
        "--out",
        str(out),
        *options,
    ]


def finished(command: list[str]):
    """Run to its end; 3 says that something waits for a person."""
    told = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    found = subprocess.run(command, cwd=ROOT, **told).returncode
    assert found in (0, 3), f"{command[3]} ended with {found}"


def tables(out: Path) -> bytes:
    """All that comes out of a gradebook and could depend on who graded: tables, exports, texts."""
    finished([sys.executable, "-m", "exercises", "export", str(out)])
    files = [
        out / "gradebook.csv",
        out / "exercises.csv",
        out / "export" / "grades.csv",
        *sorted((out / "export" / "feedback").iterdir()),
    ]
    return b"".join(path.read_bytes() for path in files)


def workers(folder: Path, students=9):
    make_class(folder, students)
    for number, name in enumerate(("sys.exit", "an endless loop", "memory")):
        attack = next(attack for attack in hostile.ATTACKS if attack.name == name)
        hostile.write(folder / "in", f"h{number}", attack.notebook(f"h{number}"))
    found = {}
    for count in (1, 2, 4):
        finished(command(folder, folder / f"out{count}", "--workers", str(count)))
        found[count] = tables(folder / f"out{count}")
    try:
        from distributed import LocalCluster
    except ImportError:
        print("  skipped: the cluster needs the extra dask")
    else:
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            finished(command(folder, folder / "cluster", "--scheduler", cluster.scheduler_address))
        found["cluster"] = tables(folder / "cluster")
    same = len(set(found.values())) == 1
    print(
        f"workers: {', '.join(map(str, found))} "
        f"give {'the same bytes' if same else 'DIFFERENT tables'}"
    )
    return same


def kills(folder: Path, students=60, times=10):
    make_class(folder, students)
    out, chance, seen = folder / "out", random.Random(1), {}
    for _ in range(times):
        process = subprocess.Popen(
            command(folder, out, "--workers", "2"),
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(1, 12))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if (out / "gradebook.sqlite").exists():
            book = Gradebook(out)
            done = [row for row in book.submissions() if row["earned"]]
            now = {row["student"]: row["seconds"] for row in done}
            book.close()
            if any(now.get(student) != seconds for student, seconds in seen.items()):
                print("kills: a row was lost or made again")
                return False
            seen = now
    finished(command(folder, out, "--workers", "2"))
    finished(command(folder, folder / "once", "--workers", "2"))
    time.sleep(2)
    same, left = tables(out) == tables(folder / "once"), test_grading.survivors()
    print(
        f"kills: {times} times; {len(seen)} of {students} rows were kept; "
        f"tables as from one go: {same}; processes left {len(left)}"
    )
    return same and not left


def load(folder: Path, students=300):
    """A class of chapter 2 and one of chapter 9, all answered: the most work."""
    holds = True
    for number in ("02", "09"):
        place = folder / number
        make_class(place, students, number, kinds=1)
        seconds, largest = watched(place, students)
        holds = holds and seconds < 300 and largest < 500e6
        print(
            f"load: {students} submissions of chapter {number} in {seconds:.0f} s "
            f"({seconds / students:.2f} s each); the grader's largest process "
            f"{largest / 1e6:.0f} MB; load average {os.getloadavg()[0]:.0f}",
            flush=True,
        )
    return holds


def watched(folder: Path, until: int) -> tuple[float, int]:
    """(seconds, the largest process in bytes) of grading, up to so many rows: then kill -9."""
    started, largest = time.monotonic(), 0
    process = subprocess.Popen(
        command(folder, folder / "out", "--workers", "2"),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None:
        largest = max(largest, resident(process.pid))
        if graded_in(folder / "out") >= until and until < handed_in(folder):
            process.send_signal(signal.SIGKILL)
        time.sleep(0.5)
    return time.monotonic() - started, largest


def handed_in(folder: Path) -> int:
    return len(list((folder / "in").rglob("*.ipynb")))


def graded_in(out: Path) -> int:
    """Gradings in a ledger that somebody may be writing."""
    path = out / "gradebook.sqlite"
    if not path.exists():
        return 0
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
        try:
            found = base.execute("SELECT count(*) FROM ledger WHERE kind = 'graded'")
            return found.fetchone()[0]
        except sqlite3.OperationalError:  # locked, or not made yet
            return 0


def resume(folder: Path, students=600):
    """A class with one kill -9 in its middle: nothing twice, and the second half as fast."""
    make_class(folder, students, kinds=1)
    first, _ = watched(folder, students // 2)
    kept = graded_in(folder / "out")
    second, largest = watched(folder, students)
    whole = graded_in(folder / "out")
    started = time.monotonic()
    finished([sys.executable, "-m", "exercises", "export", str(folder / "out")])
    each = [first / kept, second / max(whole - kept, 1)]
    print(
        f"resume: {kept} graded in {first:.0f} s, kill -9, the other {whole - kept} in "
        f"{second:.0f} s ({each[0]:.2f} and {each[1]:.2f} s each); export "
        f"{time.monotonic() - started:.0f} s; the largest process {largest / 1e6:.0f} MB; "
        f"3,000 would take {3000 * (first + second) / whole / 60:.0f} minutes; "
        f"load average {os.getloadavg()[0]:.0f}"
    )
    return whole == students and kept < students and each[1] < 1.5 * each[0]


def resident(root: int) -> int:
    """The largest of the command's own processes, without the sandboxes."""
    largest = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                if int(entry.name) == root or int(fields[1]) == root:
                    largest = max(largest, int(fields[21]) * os.sysconf("SC_PAGE_SIZE"))
            except (OSError, IndexError):
                continue
    return largest


def main() -> int:
    sandbox.probe()
    failed = []
    for proof in (attacks, user, agree, home, gradescope, variants, workers, kills, load, resume):
        if not sys.argv[1:] or proof.__name__ in sys.argv[1:]:
            with tempfile.TemporaryDirectory() as folder:
                if not proof(Path(folder)):
                    failed.append(proof.__name__)
    print("failed: " + ", ".join(failed) if failed else "all hold")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
