import json
import os
import subprocess
import sys
import time
from concurrent.futures import Future
from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import pytest

from scalinglib.lab import sources
from scalinglib.lab import sweep as lab
from scalinglib.lab.training import Recipe

PLAN = {
    "name": "small",
    "blocks": [
        {"arm": "main", "budget": [1e8, 2e8], "width": [8, 16], "held_out": 1024},
        {"arm": "wild", "width": 8, "tokens": 5000, "lr": 1e6, "held_out": 1024},
    ],
}


class Here:
    """An executor that works at once, in this process."""

    def __init__(self):
        self.made = []

    def submit(self, work, recipe):
        future = Future()
        self.made.append(recipe.id)
        future.set_result(work(recipe))
        return future


def written(folder, content=PLAN):
    path = folder / "plan.json"
    path.write_text(json.dumps(content))
    return path


@pytest.fixture
def plan(tmp_path):
    return lab.read_plan(written(tmp_path))


def without_times(folder):
    rows = [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]
    return [
        {key: value for key, value in row.items() if key not in ("seconds", "finished")}
        for row in rows
    ]


# ---- plans ----


def test_a_plan_stands_for_all_combinations(plan):
    assert [(arm, budget, recipe.width) for arm, budget, recipe in plan.entries] == [
        ("main", 1e8, 8),
        ("main", 1e8, 16),
        ("main", 2e8, 8),
        ("main", 2e8, 16),
        ("wild", None, 8),
    ]
    assert plan.recipes[3] == Recipe.of_budget(2e8, 16, held_out=1024)


def test_a_run_asked_for_twice_is_made_once(tmp_path):
    content = {
        "name": "twice",
        "blocks": [
            {"arm": "a", "width": 8, "tokens": 5000},
            {"arm": "b", "width": [8, 16], "tokens": 5000},
        ],
    }
    assert [arm for arm, _, _ in lab.read_plan(written(tmp_path, content)).entries] == ["a", "b"]


@pytest.mark.parametrize(
    "content, what",
    [
        ([], "not a plan"),
        ({"blocks": []}, "name"),
        ({"name": "x", "blocks": [{"width": 8, "tokens": 5000, "widht": 9}]}, "widht"),
        ({"name": "x", "blocks": [{"width": 12, "tokens": 5000}]}, "multiple of 8"),
        ({"name": "x", "blocks": [{"width": 8, "budget": 10}]}, "at least one step"),
    ],
)
def test_what_is_not_a_plan_is_refused(tmp_path, content, what):
    with pytest.raises(ValueError, match=what):
        lab.read_plan(written(tmp_path, content))


def test_a_plan_that_is_not_there(tmp_path):
    with pytest.raises(lab.SweepError, match="cannot read"):
        lab.read_plan(tmp_path / "none.json")


# ---- a folder of results ----


def test_a_sweep_makes_every_run_once_and_keeps_it(plan, tmp_path):
    out, executor = tmp_path / "out", Here()
    rows = lab.sweep(plan, out, executor, 2, progress=False)
    assert sorted(executor.made) == sorted(recipe.id for recipe in plan.recipes)
    assert lab.read_rows(out) == rows
    runs, curves = lab.tables(plan, rows)
    assert runs["run_id"].tolist() == [recipe.id for recipe in plan.recipes]
    assert runs["budget"].tolist()[:4] == [1e8, 1e8, 2e8, 2e8]
    last = curves.groupby("run_id").last()
    whole = runs[~runs["diverged"]]
    assert last.loc[whole["run_id"], "C"].to_numpy() == pytest.approx(whole["C"].to_numpy())
    wild = runs.set_index("run_id").loc[plan.recipes[4].id]
    assert wild["diverged"] and np.isnan(wild["loss"])
    assert (runs.loc[~runs["diverged"], "loss"] > runs["entropy"].iloc[0]).all()
    again = Here()
    lab.sweep(plan, out, again, 2, progress=False)
    assert again.made == []


def test_a_sweep_cut_off_anywhere_ends_like_one_that_was_not(plan, tmp_path):
    whole = tmp_path / "whole"
    lab.sweep(plan, whole, Here(), 1, progress=False)
    full = (whole / "results.jsonl").read_bytes()
    for cut in np.linspace(0, len(full), 5).astype(int):
        out = tmp_path / f"cut{cut}"
        out.mkdir()
        (out / "manifest.json").write_bytes((whole / "manifest.json").read_bytes())
        (out / "results.jsonl").write_bytes(full[:cut])
        executor = Here()
        lab.sweep(plan, out, executor, 1, progress=False)
        assert without_times(out) == without_times(whole)
        assert len(executor.made) == 5 - full[:cut].count(b"\n")


def test_results_of_another_plan_are_not_mixed(plan, tmp_path):
    out = tmp_path / "out"
    lab.Results(out, plan).__exit__()
    other = lab.read_plan(written(tmp_path, PLAN | {"blocks": PLAN["blocks"][:1]}))
    with pytest.raises(lab.SweepError, match="another plan"):
        lab.Results(out, other)
    (out / "manifest.json").unlink()
    (out / "results.jsonl").write_text("{}\n")
    with pytest.raises(lab.SweepError, match="no manifest"):
        lab.Results(out, plan)


def test_a_corpus_that_changed_is_refused(plan, tmp_path, monkeypatch):
    out = tmp_path / "out"
    lab.Results(out, plan).__exit__()
    monkeypatch.setattr(lab, "source", lambda name: sources.Lexicon(seed=2))
    with pytest.raises(lab.SweepError, match="'lexicon' is no longer"):
        lab.Results(out, plan)


@pytest.mark.skipif(sys.platform == "win32", reason="no locks of this kind")
def test_two_sweeps_do_not_share_a_folder(plan, tmp_path):
    out = tmp_path / "out"
    with lab.Results(out, plan), pytest.raises(lab.SweepError, match="another sweep"):
        lab.Results(out, plan)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits the size of files")
def test_a_full_disk_stops_the_sweep_and_loses_nothing(tmp_path):
    path, out = written(tmp_path), tmp_path / "out"
    code = (
        "import resource, signal, sys; sys.path.insert(0, sys.argv[3]);"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000));"
        "from scalinglib.lab import sweep as lab; from test_lab_sweep import Here;"
        "lab.sweep(lab.read_plan(sys.argv[1]), sys.argv[2], Here(), 1, progress=False)"
    )
    done = subprocess.run(
        # -B: Python would leave compiled files cut off at the limit
        [sys.executable, "-B", "-c", code, path, out, os.path.dirname(__file__)],
        capture_output=True,
        text=True,
    )
    assert "SweepError: cannot write" in done.stderr and "finished runs are safe" in done.stderr
    kept = (out / "results.jsonl").read_bytes()
    assert kept == b"" or kept.endswith(b"\n")
    lab.sweep(lab.read_plan(path), out, Here(), 1, progress=False)
    assert len(without_times(out)) == 5


@pytest.mark.parametrize("what", ["text", b"bytes"])
def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch, what):
    """Tried by an instructor: on a full disk gradebook.csv.part was left."""
    path = tmp_path / "gradebook.csv"
    lab.write_whole(path, what)
    assert path.read_bytes() in (b"text", b"bytes") and len([*tmp_path.iterdir()]) == 1
    for name in ("fsync", "replace"):
        with monkeypatch.context() as full, pytest.raises(OSError, match="No space left"):
            full.setattr(lab.os, name, Mock(side_effect=OSError(28, "No space left on device")))
            lab.write_whole(path, what * 2)
        assert [*tmp_path.iterdir()] == [path] and path.stat().st_size == len(what)


# ---- where runs happen ----


@pytest.mark.parametrize(
    "diverged, said",
    [((), ""), (("b",), "; diverged: b"), (("c", "a"), "; diverged: a, c")],
)
def test_the_command_names_the_runs_that_diverged(tmp_path, capsys, monkeypatch, diverged, said):
    rows = {name: {"diverged": name in diverged} for name in "cab"}
    monkeypatch.setattr(lab, "sweep", lambda *what, **how: rows)
    assert lab.main([str(written(tmp_path)), "--out", "runs", "--workers", "1"]) == 0
    assert capsys.readouterr().out == f"3 runs in runs{said}\n"


@pytest.mark.whole
def test_the_command_makes_the_same_runs_and_resumes(tmp_path):
    path, out = written(tmp_path), tmp_path / "out"
    command = [sys.executable, "-m", "scalinglib.lab.sweep", path, "--out", out, "--workers", "2"]
    first = subprocess.run(command, capture_output=True, text=True)
    assert first.returncode == 0 and "5 runs" in first.stdout and "diverged: " in first.stdout
    rows = without_times(out)
    assert lab.main([str(path), "--out", str(out), "--workers", "1"]) == 0
    assert without_times(out) == rows
    alone = tmp_path / "alone"
    lab.sweep(lab.read_plan(path), alone, Here(), 1, progress=False)
    in_order = sorted(without_times(out), key=lambda row: row["run"])
    assert in_order == sorted(without_times(alone), key=lambda row: row["run"])


@pytest.mark.whole
@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_a_sweep_that_is_told_to_stop_stops(tmp_path):
    content = {"name": "long", "blocks": [{"width": 8, "tokens": 3 * 10**7, "held_out": 1024}]}
    command = [
        sys.executable,
        "-m",
        "scalinglib.lab.sweep",
        written(tmp_path, content),
        "--out",
        tmp_path / "out",
    ]
    process = subprocess.Popen([*command, "--workers", "1"], stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "out" / "manifest.json").exists():
        time.sleep(0.1)
    time.sleep(1)
    process.terminate()
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130 and "the same command goes on" in told
    assert (tmp_path / "out" / "results.jsonl").read_bytes() == b""


@pytest.mark.whole
def test_processes_have_one_thread_and_the_environment_is_as_before(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    recipes = [Recipe(width, 5000, held_out=1024) for width in (16, 8)]
    # in their order
    assert [run.recipe for run in lab.train_all(recipes, workers=1, progress=False)] == recipes
    with lab.local_processes(1) as executor:
        assert executor.submit(os.getenv, "OMP_NUM_THREADS").result() == "1"
    assert os.environ["OMP_NUM_THREADS"] == "7" and "OPENBLAS_NUM_THREADS" not in os.environ


def test_train_all_refuses_before_it_starts():
    with pytest.raises(ValueError, match="ask for fewer"):
        lab.train_all([Recipe(8, 10**9, corpus="library")])


def test_a_scheduler_that_cannot_be_used(tmp_path, capsys):
    status = lab.main(
        [str(written(tmp_path)), "--out", str(tmp_path / "out"), "--scheduler", "tcp://127.0.0.1:9"]
    )
    assert status == 1
    assert any(
        text in capsys.readouterr().err
        for text in ("pip install 'scalinglib[dask]'", "no scheduler answers")
    )


def test_a_scheduler_is_given_a_run_for_each_thread_of_its_workers(monkeypatch):
    """On a stand-in for dask.distributed, an extra."""
    threads = {"tcp://a:1": 2, "tcp://b:2": 3}

    class Client:
        def __init__(self, address, **more):
            self.address, self.closed = address, False
            clients.append(self)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.closed = True

        def nthreads(self):
            return threads

        def get_executor(self):
            return "an executor"

    clients: list[Client] = []
    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(Client=Client))
    with lab.dask_cluster("tcp://here:8786") as given:
        assert given == ("an executor", 5) and not clients[0].closed
    assert clients[0].closed and clients[0].address == "tcp://here:8786"
    threads.clear()
    with (
        pytest.raises(lab.SweepError, match=r"has no workers: .*dask worker tcp://here:8786"),
        lab.dask_cluster("tcp://here:8786"),
    ):
        pass


def test_a_corpus_too_small_for_the_plan(tmp_path, capsys):
    content = {"name": "large", "blocks": [{"corpus": "library", "width": 8, "tokens": 10**9}]}
    assert (
        lab.main(
            [str(written(tmp_path, content)), "--out", str(tmp_path / "out"), "--workers", "1"]
        )
        == 1
    )
    assert "ask for fewer" in capsys.readouterr().err
