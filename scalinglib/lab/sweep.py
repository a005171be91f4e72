"""Many runs, on all cores of a machine or all machines of a cluster, that survive being killed.

    python -m scalinglib.lab.sweep PLAN --out DIR [--workers 2 | --scheduler tcp://HOST:PORT]
        [--kernel c]

A plan is a JSON file (`read_plan`). Each finished run is one line of DIR/results.jsonl, written
whole and synced to disk before the next is counted: whatever happens, no finished run is lost, at
most those under way are. The same command goes on where it stopped. A plan or a corpus that has
changed since is refused: results of two plans are never mixed. With --kernel c the arithmetic is
that of `kernel`, two to five times as quick, where there is a C compiler; each row says by which
kernel it was made.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import platform
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from . import blas, kernel
from .sources import source
from .training import Recipe, Run, run


class SweepError(ValueError):
    """A sweep that cannot start or go on; what is recorded is safe."""


# ---- the plan -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """Runs in the order in which they start.

    entries: (arm, nominal budget or None, recipe) of each; digest: SHA-256 of the file's content.
    """

    name: str
    entries: tuple[tuple[str, float | None, Recipe], ...]
    digest: str

    @property
    def recipes(self) -> list[Recipe]:
        """Of all runs."""
        return [recipe for _, _, recipe in self.entries]


def read_plan(path: str | Path) -> Plan:
    """A plan from a JSON file: {"name": ..., "blocks": [...]}, and whatever was noted before.

    A block is an "arm" (a name for what the block is for) and settings of `Recipe`; each may be a
    list, and the block stands for all combinations, the last list changing fastest. "budget" in
    FLOPs may stand in place of "tokens". A run that two blocks ask for belongs to the first. Raises
    SweepError for a file that is not such a plan, ValueError as Recipe does.
    """
    content, blocks = plan_content(path)
    entries = {}
    for number, block in enumerate(blocks):
        arm = block.pop("arm", "main")
        lists = [value if isinstance(value, list) else [value] for value in block.values()]
        for values in product(*lists):
            settings = dict(zip(block, values, strict=True))
            budget = settings.pop("budget", None)
            try:
                recipe = (
                    Recipe(**settings) if budget is None else Recipe.of_budget(budget, **settings)
                )
            except TypeError as error:
                raise SweepError(f"block {number} of the plan (arm {arm!r}): {error}") from None
            entries.setdefault(recipe.id, (arm, budget, recipe))
    return Plan(content["name"], tuple(entries.values()), content["digest"])


def plan_content(path: str | Path) -> tuple[dict, list[dict]]:
    """What a plan's file holds, with its "digest", and its blocks; SweepError where it is none."""
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        blocks = [dict(block) for block in content["blocks"]]
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        return {"name": content["name"], **content, "digest": digest}, blocks
    except OSError as error:
        raise SweepError(f"cannot read the plan {path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise SweepError(
            f'{path} is not a plan, a JSON object with "name" and "blocks": {error!r}'
        ) from None


# ---- where runs happen ------------------------------------------------------------------------


def finished(
    recipes: Iterable[Recipe], executor: Executor, in_flight: int, backend: str = "numpy"
) -> Iterator[tuple[Run, str]]:
    """Train all recipes on `executor`, `in_flight` at a time; yield (run, kernel) as they end."""
    return as_done(partial(_work, backend=backend), recipes, executor, in_flight)


def as_done(
    work: Callable[[Any], Any], items: Iterable[Any], executor: Executor, in_flight: int
) -> Iterator[Any]:
    """Yield work(item) of all items as they end; at most `in_flight` are taken at a time.

    executor: anything with the `submit` of concurrent.futures: a process pool, a dask cluster's
    `get_executor()`.
    """
    waiting, running = iter(items), set()
    while True:
        running |= {
            executor.submit(work, item) for item in islice(waiting, in_flight - len(running))
        }
        if not running:
            return
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield future.result()


def _work(recipe: Recipe, backend: str) -> tuple[Run, str]:
    """In a worker: one run on one thread, and the name of the matrix kernel that made it."""
    blas.one_thread()
    return run(recipe, backend=backend), kernel.name() if backend == "c" else blas.kernel()


def arithmetic(asked: str) -> tuple[str, str]:
    """The backend to train with, and what to tell of it: NumPy stands in where there is no C."""
    reason = kernel.missing() if asked == "c" else ""
    if asked == "c" and not reason:
        return "c", f"{kernel.name()} by {kernel.compiler()}"
    return "numpy", reason or "NumPy"


@contextmanager
def local_processes(workers: int) -> Generator[ProcessPoolExecutor, None, None]:
    """An executor of `workers` processes of one BLAS thread; they end with this block.

    They end, too, if this process dies.
    """
    before = {name: os.environ.get(name) for name in blas.THREADS}
    others = set(multiprocessing.active_children())
    # read when a new process loads its libraries
    os.environ.update(dict.fromkeys(blas.THREADS, "1"))
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin_worker)
    try:
        yield pool
        pool.shutdown()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _begin_worker():
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent decides
    parent = multiprocessing.parent_process()

    def watch():
        if parent is not None:  # a worker has one
            parent.join()
        os._exit(1)  # killed parents cannot tell anyone to stop

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def dask_cluster(address: str) -> Generator[tuple[Any, int], None, None]:
    """An executor on the dask.distributed scheduler at `address`, and its workers' threads."""
    try:
        from distributed import Client  # pyright: ignore[reportMissingImports]  an extra
    except ImportError:
        raise SweepError("a scheduler needs dask: pip install 'scalinglib[dask]'") from None
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SweepError(
            f"no scheduler answers at {address} ({type(error).__name__}): start one with `dask "
            "scheduler`, and workers with `dask worker`, on Python with scalinglib"
        ) from None
    with client:
        workers = sum(client.nthreads().values())
        if not workers:
            raise SweepError(
                f"the scheduler at {address} has no workers: "
                f"start them with `dask worker {address}`"
            )
        yield client.get_executor(), workers


def train_all(recipes: Iterable[Recipe], workers: int = 2, progress: bool = True) -> list[Run]:
    """Train all recipes on `workers` local processes; the runs in the order of the recipes.

    Keeps nothing on disk.
    """
    recipes = list(recipes)
    for recipe in recipes:
        recipe.check_corpus()
    with local_processes(workers) as executor, _bar(recipes, 0, progress) as bar:
        runs = {}
        for done, _ in finished(recipes, executor, workers):
            runs[done.recipe.id] = done
            bar.update(done.recipe.flops)
    return [runs[recipe.id] for recipe in recipes]


# ---- what is kept -------------------------------------------------------------------------------


class Results:
    """A folder of results: plan's digest and machine in manifest.json, runs in results.jsonl."""

    def __init__(self, folder: str | Path, plan: Any) -> None:
        """Open or begin the folder; SweepError if it is of another plan or corpus, or in use.

        plan: a `Plan`, or anything else with a name, a digest and recipes.
        """
        self.plan, self.folder = plan, Path(folder)
        self.manifest_path = self.folder / "manifest.json"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = os.open(self.folder / "results.jsonl", os.O_RDWR | os.O_CREAT | os.O_APPEND)
        try:
            self._lock()
            self._check_manifest()
            self.rows = self._read()
        except BaseException:
            os.close(self.file)
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.file)

    def append(self, run: Run, kernel: str) -> None:
        """Keep one finished run; SweepError, and nothing of it kept, where the disk is full."""
        nan = {"loss": None} if run.diverged else {}
        self.keep({"run": run.recipe.id, **asdict(run), **nan, "kernel": kernel})

    def keep(self, row: Mapping[str, Any]) -> None:
        """Keep one row, which names its "run"; as `append`."""
        row = {**row, "finished": _now()}
        line = (json.dumps(row) + "\n").encode()
        size = os.fstat(self.file).st_size
        try:
            written = os.write(self.file, line)
            if written < len(line):
                raise OSError(f"{written} of {len(line)} bytes")
            os.fsync(self.file)
        except OSError as error:
            os.ftruncate(self.file, size)
            raise SweepError(
                f"cannot write to {self.folder} ({error}): "
                f"make room and start again; {len(self.rows)} finished runs are safe"
            ) from None
        self.rows[row["run"]] = json.loads(line)

    def note_session(self, **facts: Any) -> None:
        """Add who computes from now on to the manifest."""
        manifest = json.loads(self.manifest_path.read_text("utf-8"))
        manifest["sessions"].append({"started": _now(), **facts})
        write_whole(self.manifest_path, json.dumps(manifest, indent=1) + "\n")

    def _lock(self):
        try:
            import fcntl
        except ImportError:  # Windows: the user sees to it
            return
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SweepError(
                f"another sweep is writing to {self.folder}: let it end, or use another folder"
            ) from None

    def _check_manifest(self):
        corpora = sorted({recipe.corpus for recipe in self.plan.recipes})
        now = {
            "plan": self.plan.name,
            "plan_digest": self.plan.digest,
            "corpora": {name: source(name).digest for name in corpora},
        }
        if not self.manifest_path.exists():
            if os.fstat(self.file).st_size:
                raise SweepError(
                    f"{self.folder} holds results but no manifest.json: use another folder"
                )
            write_whole(self.manifest_path, json.dumps(now | {"sessions": []}, indent=1) + "\n")
            return
        then = json.loads(self.manifest_path.read_text("utf-8"))
        if then["plan_digest"] != now["plan_digest"]:
            raise SweepError(
                f"{self.folder} holds results of another plan ({then['plan']!r}, digest "
                f"{then['plan_digest'][:12]}; this one is {self.plan.name!r}, "
                f"{self.plan.digest[:12]}): use another folder, or that plan"
            )
        for name, digest in now["corpora"].items():
            if then["corpora"][name] != digest:
                raise SweepError(
                    f"the corpus {name!r} is no longer the one of {self.folder} "
                    "(another version of Python or of a package, or another machine): "
                    "use another folder, or go back"
                )

    def _read(self):
        """All rows by run.

        A last line without an end was cut off by a crash: it goes, and its run is made again.
        """
        raw = (self.folder / "results.jsonl").read_bytes()
        whole = raw[: raw.rfind(b"\n") + 1]
        if len(whole) < len(raw):
            os.ftruncate(self.file, len(whole))
        return _rows(whole)


def read_rows(folder: str | Path) -> dict:
    """The finished runs of a folder by run, without touching it."""
    return _rows((Path(folder) / "results.jsonl").read_bytes())


def _rows(raw):
    rows = [json.loads(line) for line in raw[: raw.rfind(b"\n") + 1].splitlines()]
    return {row["run"]: row for row in rows}


def tables(plan: Plan, rows: Mapping[str, dict]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Runs and curves, in the plan's order, of finished `rows` (from `sweep` or `read_rows`).

    Runs have "arm", the nominal "budget" (NaN where the plan gave tokens) and the columns of
    `Run.row`; curves have run_id, N, tokens, C and loss, the mean training loss since the point
    before.
    """
    runs, curves = [], []
    for arm, budget, recipe in plan.entries:
        if recipe.id not in rows:
            continue
        row = rows[recipe.id]
        loss = float("nan") if row["loss"] is None else row["loss"]
        done = Run(
            recipe,
            loss,
            tuple((step, tokens, lost) for step, tokens, lost in row["curve"]),
            row["diverged"],
            row["seconds"],
        )
        runs.append({"arm": arm, "budget": budget} | done.row() | {"kernel": row["kernel"]})
        shape = recipe.shape
        curves += [
            (recipe.id, shape.n_params, tokens, shape.flops_per_token * tokens, train_loss)
            for _, tokens, train_loss in done.curve
        ]
    return pd.DataFrame(runs), pd.DataFrame(curves, columns=["run_id", "N", "tokens", "C", "loss"])


def sweep(
    plan: Plan,
    out: str | Path,
    executor: Executor,
    in_flight: int,
    progress: bool = True,
    kernel: str = "numpy",
) -> dict:
    """Make the runs of `plan` that the folder `out` does not have yet; all rows by run.

    kernel: "numpy", or "c" for the C kernel where there is a compiler here; workers need one too.
    """
    backend, told = arithmetic(kernel)
    for recipe in plan.recipes:
        recipe.check_corpus()
    with Results(out, plan) as results:
        results.note_session(
            **who_computes(),
            in_flight=in_flight,
            kernel=told,
        )
        todo = [recipe for recipe in plan.recipes if recipe.id not in results.rows]
        ready = [recipe for recipe in plan.recipes if recipe.id in results.rows]
        with _bar(plan.recipes, sum(recipe.flops for recipe in ready), progress) as bar:
            bar.set_postfix_str(f"{len(ready)} of {len(plan.entries)} runs")
            for done, made_by in finished(todo, executor, in_flight, backend):
                results.append(done, made_by)
                bar.update(done.recipe.flops)
                bar.set_postfix_str(f"{len(results.rows)} of {len(plan.entries)} runs")
        return results.rows


def _bar(recipes, ready, progress):
    """Progress in FLOPs, not in runs: the last run may cost a thousand times the first."""
    return tqdm(
        total=sum(recipe.flops for recipe in recipes),
        initial=ready,
        unit="FLOP",
        unit_scale=True,
        disable=not progress,
        smoothing=0.05,
    )


# ---- provenance ---------------------------------------------------------------------------------


def who_computes() -> dict[str, Any]:
    """Commit, versions and class of machine, for a manifest."""
    return {
        "commit": commit(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": f"{platform.system()} {platform.machine()}, {_cpu()}",
        "cpus": os.cpu_count(),
    }


def commit() -> str:
    """The commit of this code, marked where the laboratory or what it counts with differs."""
    here = Path(__file__).parent

    def git(*words):
        try:
            done = subprocess.run(["git", *words], cwd=here, capture_output=True, text=True)
        except FileNotFoundError:  # no git here
            return ""
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", "../counting.py")
    return (git("rev-parse", "HEAD") or "unknown") + (" with changes" if changed else "")


def write_whole(path: str | Path, what: str | bytes) -> None:
    """All or nothing: a reader never sees half a file, and none is left on a full disk."""
    aside = Path(f"{path}.part")
    try:
        with open(aside, "wb") as file:
            file.write(what if isinstance(what, bytes) else what.encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def stop_once(sign: int, frame: Any) -> None:
    """What a signal does to a command: it ends, and the same one again disturbs it no more."""
    signal.signal(sign, signal.SIG_IGN)
    raise KeyboardInterrupt


def _now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _cpu():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


# ---- the command --------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; exit status: 0 all runs made, 1 stopped or failed, 130 interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m scalinglib.lab.sweep", description=str(__doc__).splitlines()[0]
    )
    parser.add_argument("plan", help="JSON file: which runs")
    parser.add_argument(
        "--out", required=True, help="folder of the results; the same folder resumes"
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--workers", type=int, default=os.cpu_count(), help="local processes, one thread each"
    )
    where.add_argument(
        "--scheduler", help="address of a dask.distributed scheduler, tcp://HOST:PORT"
    )
    parser.add_argument(
        "--kernel", choices=("numpy", "c"), default="numpy", help="what does the arithmetic"
    )
    options = parser.parse_args(arguments)
    if options.kernel == "c":
        print(f"sweep: {arithmetic('c')[1]}", file=sys.stderr)
    for name in (signal.SIGINT, signal.SIGTERM):  # a shell starts background jobs deaf to SIGINT
        signal.signal(name, stop_once)
    try:
        plan = read_plan(options.plan)
        if options.scheduler:
            with dask_cluster(options.scheduler) as (executor, workers):
                rows = sweep(plan, options.out, executor, workers, kernel=options.kernel)
        else:
            with local_processes(options.workers) as executor:
                rows = sweep(plan, options.out, executor, options.workers, kernel=options.kernel)
    except KeyboardInterrupt:
        print(
            f"\nstopped; the finished runs are in {options.out}, and the same command goes on",
            file=sys.stderr,
        )
        return 130
    except BrokenProcessPool:
        print(
            "\na worker died (out of memory?); "
            f"the finished runs are in {options.out}, and the same command goes on",
            file=sys.stderr,
        )
        return 1
    except ValueError as error:
        print(f"\nsweep: {error}", file=sys.stderr)
        return 1
    diverged = sorted(name for name, row in rows.items() if row["diverged"])
    print(
        f"{len(rows)} runs in {options.out}"
        + (f"; diverged: {', '.join(diverged)}" if diverged else "")
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
