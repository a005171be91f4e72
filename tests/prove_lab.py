"""The long proofs of the sweep: killed ten times it ends as if nothing had been; and on a cluster.

python tests/prove_lab.py            the second part needs the extra dask
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLAN = {
    "name": "proof",
    "blocks": [{"budget": 1e9, "width": [8, 16, 24], "seed": list(range(10)), "held_out": 4096}],
}
KILLS = 10


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
    rng, kills = random.Random(3), 0
    file = killed / "results.jsonl"
    while kills < KILLS:
        before = file.read_bytes() if file.exists() else b""
        kept = before[: before.rfind(b"\n") + 1]
        process = subprocess.Popen(
            command(plan, killed, "--workers", "2"), stderr=subprocess.DEVNULL
        )
        try:
            # the first runs end after about a quarter
            process.wait(timeout=rng.uniform(0, seconds / 2))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
        else:
            raise AssertionError(f"the sweep ended after {kills} kills: give it more runs")
        if file.exists():
            assert file.read_bytes().startswith(kept), "a finished run was lost"
            print(f"kill {kills}: {file.read_bytes().count(bytes([10]))} runs are safe")
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


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        plan_file = Path(name) / "plan.json"
        plan_file.write_text(json.dumps(PLAN))
        prove_cluster(Path(name), plan_file, prove_kills(Path(name), plan_file))
