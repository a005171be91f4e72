"""JavaScript modules evaluated in node, all in one process: starting it costs more than most do."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

#: node evaluates an address once: with a number of its own each call has a module of its own
SERVE = """
import { createInterface } from "node:readline";
let calls = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const [address, job] = JSON.parse(line);
  globalThis.job = job;
  console.log(JSON.stringify((await import(`${address}?${calls++}`)).said));
}
"""
started: list[subprocess.Popen] = []


def evaluated(module: Path, job: Any) -> Any:
    """What the module exports as `said`, given `job` as a global; both go through JSON.

    Skips the test where node is not installed. What it imports is evaluated once for all calls.
    """
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the pages' JavaScript was not tried")
    if not started or started[-1].poll() is not None:  # the last one ended with a fault
        words = [node, "--input-type=module", "--eval", SERVE]
        pipes = dict.fromkeys(("stdin", "stdout"), subprocess.PIPE)
        started.append(subprocess.Popen(words, text=True, encoding="utf-8", **pipes))
    process = started[-1]
    watch = threading.Timer(60, process.kill)
    watch.start()
    try:
        print(json.dumps([module.as_uri(), job]), file=process.stdin, flush=True)
        said = process.stdout.readline()
    finally:
        watch.cancel()
    if not said:
        process.wait()
    assert said, "node ended: its complaint stands above"
    return json.loads(said)
