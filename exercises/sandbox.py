"""Where students' code runs: in bubblewrap, away from everything, and nothing but JSON comes out.

`run(job)` starts inside.py in a sandbox of its own: no network, a read-only system, its own processes, user and /tmp, the
library but not this package (which knows the references). A grader that is root gives up root inside; an ordinary
user gets a user namespace. Limits are set inside before any of the student's code; from outside a clock and the memory of
the whole tree are watched. `probe()` tries all this and raises SandboxMissing where it cannot be had: then nothing may be
graded, unless the caller says so (`unsafe`).
"""
from __future__ import annotations

import json
import os
import selectors
import shutil
import site
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import scalinglib

INSIDE = Path(__file__).with_name("inside.py")
LIBRARY = Path(scalinglib.__path__[0]).resolve()
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives")
_FIRST_UID = 60_000


class SandboxMissing(RuntimeError):
    """Student code cannot be locked away on this machine; the text says why and what would do."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Bytes, seconds and counts; `cpu` is processor time, the rest of the times are clocks.

    memory is the address space of each process, tree the resident memory of all of them: the first makes a MemoryError
    at the same place on every run, the second stops what has many processes.
    """

    memory: int = 2 * 2**30
    tree: int = 3 * 2**30
    processes: int = 48
    files: int = 256
    file_size: int = 32 * 2**20
    output: int = 1_000_000
    cpu: int = 90
    cell_cpu: int = 20
    cell: int = 60
    total: int = 300


@dataclass(frozen=True)
class Ran:
    """What came out: JSON objects in their order; whether something outside or a limit ended the run."""

    said: tuple[dict, ...]
    stopped: bool
    complaint: str = ""


def run(job: dict, limits: Limits = Limits(), unsafe: bool = False) -> Ran:
    """Run one job (see inside.py) in a fresh sandbox. Nothing of the job can make this raise."""
    command = [sys.executable, "-s", str(INSIDE)] if unsafe else _command()
    environment = _unsafe_environment() if unsafe else {}
    uid = _FIRST_UID + os.getpid() % 5000 if os.geteuid() == 0 and not unsafe else None
    order = json.dumps(job | {"limits": asdict(limits), "uid": uid}).encode()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=environment, start_new_session=True)
    try:
        data, stopped = _watch(process, order, limits)
    finally:
        process.kill()                                   # the sandbox's first process: all others end with it
        complaint = _rest(process.stderr)
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            _close(pipe)
    said = tuple(_objects(data[:limits.output]))
    ended = any(line.get("end") is True for line in said)
    return Ran(said, stopped or not ended, complaint)


def _command() -> list[str]:
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxMissing("bubblewrap is not installed: `apt-get install bubblewrap` (Debian, Ubuntu), "
                             "`dnf install bubblewrap` (Fedora)")
    root = os.geteuid() == 0
    # root gives its rights up in inside.py; a user has none to give, and may not make namespaces inside of the sandbox
    own = (["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if root else
           ["--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"])
    system = [word for path in _SYSTEM if os.path.lexists(path) for word in _place(path)]
    packages = site.getsitepackages()[0]
    base, version = Path(sys.base_prefix).resolve(), f"python{sys.version_info[0]}.{sys.version_info[1]}"
    if not str(base).startswith("/usr"):
        system += ["--ro-bind", str(base), "/python"]
        python = f"/python/bin/{version}"
    else:
        python = f"{base}/bin/{version}"
    settings = {"PATH": "/usr/bin:/bin", "PYTHONPATH": "/course:/packages", "HOME": "/tmp", "LANG": "C.UTF-8",
                "PYTHONDONTWRITEBYTECODE": "1"}
    return [bwrap, "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", *own,
            "--die-with-parent", "--new-session", "--clearenv",
            *[word for name, value in settings.items() for word in ("--setenv", name, value)],
            *system, "--ro-bind", packages, "/packages", "--perms", "0755", "--dir", "/course", "--ro-bind", str(LIBRARY), "/course/scalinglib",
            "--ro-bind", str(INSIDE), "/inside.py", "--proc", "/proc", "--dev", "/dev",
            "--perms", "1777", "--size", str(64 * 2**20), "--tmpfs", "/tmp",
            "--perms", "1777", "--size", str(16 * 2**20), "--tmpfs", "/dev/shm",
            "--remount-ro", "/dev", "--remount-ro", "/",      # else both are unbounded, writable memory
            "--chdir", "/tmp", python, "-s", "/inside.py", str(os.getpid())]     # whose it is, for who looks at processes


def _place(path: str) -> list[str]:
    if os.path.islink(path):                                  # /bin -> usr/bin
        return ["--symlink", os.readlink(path), path]
    return ["--ro-bind", path, path]


def _unsafe_environment() -> dict:
    return {"PATH": os.environ.get("PATH", ""), "HOME": "/tmp", "PYTHONPATH": str(LIBRARY.parent)}


def _watch(process, order: bytes, limits: Limits) -> tuple[bytearray, bool]:
    """Write the order and read until the end of output or a limit; (what was read, was it stopped?)."""
    data, started, looked = bytearray(), time.monotonic(), 0.0
    os.set_blocking(process.stdin.fileno(), False)
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        ready.register(process.stdin, selectors.EVENT_WRITE)
        while True:
            for key, _ in ready.select(timeout=0.2):
                if key.fileobj is process.stdin:
                    order = order[_write(process.stdin, order):]
                    if not order:
                        ready.unregister(process.stdin)
                        _close(process.stdin)
                    continue
                block = os.read(process.stdout.fileno(), 65536)
                data += block
                if not block:
                    return data, False
                if b'{"end": true}' in data[-200:]:           # a survivor may hold the pipe open: do not wait for it
                    return data, False
            now = time.monotonic()
            if len(data) > limits.output or now - started > limits.total:
                return data, True
            if now - looked > 0.2:
                looked = now
                if tree_memory(process.pid) > limits.tree:
                    return data, True


def _write(pipe, order: bytes) -> int:
    try:
        return os.write(pipe.fileno(), order[:65536])
    except BlockingIOError:
        return 0
    except BrokenPipeError:                                   # it ended before it read: the output tells
        return len(order)


def _close(pipe) -> None:
    try:
        pipe.close()
    except OSError:
        pass


def _rest(pipe) -> str:
    """What stands in a pipe now, without waiting for its end."""
    os.set_blocking(pipe.fileno(), False)
    return (pipe.read(4000) or b"").decode("utf-8", "replace").strip()


def _objects(data: bytes):
    for line in data.splitlines():
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield value


def tree_memory(root: int) -> int:
    """Resident bytes of a process and all its descendants."""
    children, resident, page = {}, {}, os.sysconf("SC_PAGE_SIZE")
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = Path("/proc", name, "stat").read_text().rsplit(")", 1)[1].split()
            except (OSError, IndexError):
                continue
            children.setdefault(int(fields[1]), []).append(int(name))
            resident[int(name)] = int(fields[21]) * page
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        total += resident.get(process, 0)
        waiting += children.get(process, [])
    return total


# ---- is it really there? ----------------------------------------------------------------------------

_TRIAL = r"""
import os, socket
import numpy, scalinglib.checks
found = []
def tries(what, act):
    try:
        act()
        found.append(what)
    except Exception:
        pass
tries("the references are visible", lambda: __import__("exercises"))
tries("the grader's files are visible", lambda: os.stat(HERE))
for folder in ("/", "/usr", "/course/scalinglib", "/packages", "/dev"):
    tries(f"{folder} can be written to", lambda: open(f"{folder}/trial", "w"))
tries("the network is there", lambda: socket.create_connection(("127.0.0.1", PORT), 2))
if os.getuid() == 0:
    found.append("it runs as root")
pid = os.fork()
if pid == 0:
    os._exit(0)
os.waitpid(pid, 0)
trial = "; ".join(found) or "locked"
"""


@cache
def probe() -> None:
    """Raise SandboxMissing unless a sandbox starts here and holds. Tried once in each process."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        source = f"HERE, PORT = {str(INSIDE.parent)!r}, {server.getsockname()[1]}\n" + _TRIAL
        ran = run({"setup": "", "cells": [{"exercise": "trial", "source": source}],
                   "asked": {"trial": {"name": "trial", "params": {}, "calls": None}}}, Limits())
    found = [line.get("data") for line in ran.said if line.get("id") == "trial" and "data" in line]
    if found == ["locked"]:
        return
    if found:
        raise SandboxMissing(f"the sandbox does not hold: {found[-1]}")
    errors = [line["error"] for line in ran.said if "error" in line]
    if errors:
        raise SandboxMissing(f"Python or the library cannot be used inside the sandbox ({': '.join(map(str, errors[0]))}); install them "
                             "where other users can read them")
    raise SandboxMissing(
        f"bubblewrap does not start here ({ran.complaint.splitlines()[0] if ran.complaint else ran.said}). Inside a container give "
        "it user namespaces (docker run --security-opt seccomp=unconfined --cap-add SYS_ADMIN, or podman); on Ubuntu 23.10 and later "
        "`sysctl kernel.apparmor_restrict_unprivileged_userns=0`")
