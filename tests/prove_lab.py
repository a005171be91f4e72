"""The long proofs of the laboratory: speed of the C kernel; a sweep killed ten times; a cluster.

python tests/prove_lab.py            the first part needs a C compiler, the last the extra dask
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from scalinglib.counting import Transformer
from scalinglib.lab import blas, kernel
from scalinglib.lab.model import Model
from scalinglib.lab.training import AdamW

PLAN = {
    "name": "proof",
    "blocks": [{"budget": 5e9, "width": [8, 16, 24], "seed": list(range(10)), "held_out": 4096}],
}
KILLS = 10
FASTER = {16: 3.5, 32: 2.2, 64: 1.5}  # times NumPy's tokens a second, by width
TURNS = 7


def command(plan, out, *where):
    return [sys.executable, "-m", "scalinglib.lab.sweep", str(plan), "--out", str(out), *where]


def undisturbed(plan, out, *where):
    """Seconds that a sweep takes."""
    start = time.perf_counter()
    subprocess.run(command(plan, out, *where), check=True, capture_output=True)
    return time.perf_counter() - start


def results(out):
    """What was found, sorted by run, without what time it took: as bytes."""
    rows = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    for row in rows:
        del row["seconds"], row["finished"]
    return json.dumps(sorted(rows, key=lambda row: row["run"]), sort_keys=True).encode()


def prove_kills(folder, plan):
    """Kill -9 the sweep KILLS times while it works, then let it end."""
    whole, killed = folder / "whole", folder / "killed"
    seconds = undisturbed(plan, whole, "--workers", "2")
    print(f"undisturbed: 30 runs in {seconds:.0f} s")
    rng, file = random.Random(3), killed / "results.jsonl"

    def safe():
        return file.read_bytes().count(b"\n") if file.exists() else 0

    for kill in range(KILLS):
        before = file.read_bytes() if file.exists() else b""
        kept = before[: before.rfind(b"\n") + 1]
        goal = safe() + rng.randint(0, 3)
        process = subprocess.Popen(
            command(plan, killed, "--workers", "2"), stderr=subprocess.DEVNULL
        )
        while process.poll() is None and safe() < goal:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.5))
        assert process.poll() is None, f"the sweep ended after {kill} kills: give it more runs"
        process.kill()
        process.wait()
        if file.exists():
            assert file.read_bytes().startswith(kept), "a finished run was lost"
        print(f"kill {kill + 1}: {safe()} runs are safe")
    undisturbed(plan, killed, "--workers", "2")
    rows = [json.loads(line)["run"] for line in file.read_text().splitlines()]
    assert len(rows) == len(set(rows)) == 30, "a run was made twice, or is missing"
    assert results(killed) == results(whole)
    print(
        f"killed {KILLS} times: "
        "30 runs, none twice, identical to the undisturbed sweep but for times\n"
    )
    return whole


def prove_cluster(folder, plan, whole):
    """The same sweep on clusters of one and two workers on this machine."""
    try:
        from distributed import LocalCluster
    except ImportError:
        print("skipped: the cluster needs the extra dask")
        return
    busy, seconds = os.getloadavg()[0], {}
    for workers in (1, 2):
        with LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None
        ) as cluster:
            out = folder / f"cluster{workers}"
            seconds[workers] = undisturbed(plan, out, "--scheduler", cluster.scheduler_address)
        assert results(out) == results(whole), "the cluster's losses differ"
    ratio = seconds[1] / seconds[2]
    print(
        f"dask: same losses; {seconds[1]:.0f} s with one worker, {seconds[2]:.0f} s with two: "
        f"{ratio:.2f} times as fast"
    )
    if busy > 1:
        print(f"the machine was busy (load {busy:.1f}), so the ratio is not judged")
    else:
        assert ratio >= 1.6


def step(kind, optimiser, shape, x, y):
    """One step of `training.run`: gradient, clipping, AdamW."""
    model = kind(shape)
    rates = np.full_like(model.theta, 1e-4)
    moving = optimiser(model.theta, rates, 1e-5)

    def once():
        model.gradient(x, y)
        norm = float((model.grad @ model.grad) ** 0.5)
        if norm > 1:
            model.grad *= 1 / norm
        moving.step(model.grad, 0.5)

    return once


def prove_kernel():
    """Whole steps of 192 tokens by turns, on one thread, in CPU seconds; the median of `TURNS`."""
    if kernel.missing():
        print(f"skipped: {kernel.missing()}\n")
        return
    blas.one_thread()
    print(f"NumPy {np.__version__} ({blas.kernel()}) and {kernel.name()} by {kernel.compiler()}")
    for width, bar in FASTER.items():
        shape = Transformer(2, width, 4, 96, 64, tied=False, position="none")
        x, y = np.random.default_rng(0).integers(0, 96, (2, 3, 64))
        steps = [
            step(Model, AdamW, shape, x, y),
            step(kernel.KernelModel, kernel.AdamW, shape, x, y),
        ]
        taken = np.empty((TURNS, 2))
        for turn in range(TURNS):
            for way, once in enumerate(steps):
                start, number = time.thread_time(), 0
                while time.thread_time() - start < 0.2:
                    once()
                    number += 1
                taken[turn, way] = (time.thread_time() - start) / number
        speed = 192 / np.median(taken, axis=0)
        gain = float(np.median(taken[:, 0] / taken[:, 1]))
        print(
            f"width {width}: {speed[0] / 1e3:.0f}k and {speed[1] / 1e3:.0f}k tokens/s, "
            f"{shape.flops_per_token * speed[1] / 1e9:.0f} GFLOP/s in C; "
            f"{gain:.1f} times (at least {bar})"
        )
        assert gain >= bar, f"the kernel is only {gain:.2f} times as quick at width {width}"
    print()


if __name__ == "__main__":
    prove_kernel()
    with tempfile.TemporaryDirectory() as name:
        plan_file = Path(name) / "plan.json"
        plan_file.write_text(json.dumps(PLAN))
        prove_cluster(Path(name), plan_file, prove_kills(Path(name), plan_file))
