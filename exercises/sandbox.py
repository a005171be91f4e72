"""Where students' code runs: in bubblewrap, away from everything, and nothing but JSON comes out.

`run(job)` gives a job to inside.py, which waits in a sandbox with the chapter's set-up done: no
network, a read-only system, its own processes, user and /tmp, the library but not this package
(which knows the references). There each job gets a child with processes, /tmp and rights of its
own, which ends with all that it started; so starting Python and the library is paid for once. A
sandbox in which a limit was reached is thrown away.

A grader that is root gives up root inside; an ordinary user gets a user namespace. Calls of the
kernel that no exercise needs are refused (seccomp). Limits are set inside before any of the
student's code; from outside a clock and the memory of the whole tree are watched. `probe()` tries
all this and raises SandboxMissing where it cannot be had: then nothing may be graded, unless the
caller says so (`unsafe`).
"""

from __future__ import annotations

import json
import os
import selectors
import shutil
import site
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import scalinglib

INSIDE = Path(__file__).with_name("inside.py")
LIBRARY = Path(scalinglib.__path__[0]).resolve()
_SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/lib32",
    "/etc/ld.so.cache",
    "/etc/fonts",
    "/etc/alternatives",
)
_FIRST_UID = 60_000


class SandboxMissing(RuntimeError):
    """Student code cannot be locked away on this machine; the text says why and what would do."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use, in bytes, seconds and counts.

    `cpu` is processor time, the rest of the times are clocks.

    memory is the address space of each process, tree the resident memory of all of them: the first
    makes a MemoryError at the same place on every run, the second stops what has many processes.
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
    """What came out: JSON objects in their order; whether something else ended the run."""

    said: tuple[dict, ...]
    stopped: bool
    complaint: str = ""


def run(job: dict, limits: Limits = Limits(), unsafe: bool = False, container: bool = False) -> Ran:
    """Run one job (see inside.py), in this thread's sandbox if it is of the same chapter.

    container : in a container that is made for one submission, which has no right to namespaces:
    students' code has a user of its own, the seccomp filter, no sockets but unix ones, and the
    limits; what it must not read has to be closed to others. Nothing of the job can make this
    raise.
    """
    for _ in range(2):  # a sandbox that died since the last job says nothing: take a new one
        sandbox = _for(job["setup"], limits, unsafe, container)
        data, stopped = sandbox.run({"cells": job["cells"], "asked": job["asked"]})
        if stopped:
            close()
        if data or not stopped:
            break
    said = tuple(_objects(data[: limits.output]))
    ended = any(line.get("end") is True for line in said)
    return Ran(said, stopped or not ended, sandbox.complaint)


def _for(*setting) -> _Sandbox:
    """This thread's sandbox, if it is of this setting; else a new one."""
    sandbox = getattr(_own, "sandbox", None)
    if sandbox is None or sandbox.setting != setting:
        close()
        sandbox = _own.sandbox = _Sandbox(*setting)
    return sandbox


def close() -> None:
    """End this thread's sandbox, if there is one."""
    if sandbox := getattr(_own, "sandbox", None):
        sandbox.close()
    _own.sandbox = None


_own = threading.local()


class _Sandbox:
    """One bubblewrap with inside.py in it."""

    def __init__(self, setup: str, limits: Limits, unsafe: bool, container: bool):
        self.setting = (setup, limits, unsafe, container)
        self.limits, self.complaint, plain = limits, "", unsafe or container
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-s", str(INSIDE)] if plain else _command(),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=_plain_environment() if plain else {},
                start_new_session=True,
            )
        uid = (
            _FIRST_UID + threading.get_native_id() % 5000
            if os.geteuid() == 0 and not unsafe
            else None
        )
        self._control = ours
        self._control.settimeout(limits.total)
        self._send(
            {
                "setup": setup,
                "limits": asdict(limits),
                "uid": uid,
                "apart": not plain,
                "network": not container,
            }
        )

    def run(self, job: dict) -> tuple[bytes, bool]:
        """(what the job said, was it stopped?)."""
        answers, theirs = os.pipe()
        try:
            sent = self._send(job, theirs)
            os.close(theirs)
            return self._watch(answers) if sent else (b"", True)
        finally:
            os.close(answers)

    def _send(self, message: dict, *descriptors: int) -> bool:
        """Hand over a file with a message, and other descriptors. Did it go out?

        It does not where the sandbox did not start.
        """
        with open(os.memfd_create("message"), "wb") as file:
            file.write(json.dumps(message).encode())
            file.seek(0)
            try:
                socket.send_fds(self._control, [b"m"], [file.fileno(), *descriptors])
            except OSError:
                return False
        return True

    def _watch(self, answers: int) -> tuple[bytes, bool]:
        """Read until nothing of the job is left, or until a limit; (what was read, stopped?).

        inside.py says when nothing is left.
        """
        data, started, looked = bytearray(), time.monotonic(), 0.0
        os.set_blocking(answers, False)
        with selectors.DefaultSelector() as ready:
            ready.register(answers, selectors.EVENT_READ)
            ready.register(self._control, selectors.EVENT_READ)
            while True:
                for key, _ in ready.select(timeout=0.2):
                    if key.fileobj is self._control:
                        while len(data) <= self.limits.output and (block := _block(answers)):
                            data += block
                        return bytes(data), not self._is_done()
                    block = _block(answers)
                    data += block
                    if not block:  # closed, but its processes may still be there
                        ready.unregister(answers)
                now = time.monotonic()
                if len(data) > self.limits.output or now - started > self.limits.total:
                    return bytes(data), True
                if now - looked > 0.2:
                    looked = now
                    if tree_memory(self._process.pid) > self.limits.tree:
                        return bytes(data), True

    def _is_done(self) -> bool:
        try:
            return self._control.recv(1) == b"d"
        except OSError:
            return False

    def close(self) -> None:
        """End it and all that runs in it."""
        self._process.kill()  # the sandbox's first process: all others end with it
        with self._process:  # closes its stderr
            self.complaint = _rest(self._process.stderr)
            self._process.wait()
        self._control.close()


def _command() -> list[str]:
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxMissing(
            "bubblewrap is not installed: `apt-get install bubblewrap` (Debian, Ubuntu), "
            "`dnf install bubblewrap` (Fedora)"
        )
    root = os.geteuid() == 0
    # root gives its rights up in inside.py; a user has none to give, and may not make namespaces
    # inside of the sandbox
    own = (
        [
            "--cap-drop",
            "ALL",
            "--cap-add",
            "CAP_SYS_ADMIN",
            "--cap-add",
            "CAP_SETUID",
            "--cap-add",
            "CAP_SETGID",
        ]
        if root
        else [
            "--unshare-user",
            "--disable-userns",
            "--uid",
            "1000",
            "--gid",
            "1000",
            "--cap-drop",
            "ALL",
            "--cap-add",
            "CAP_SYS_ADMIN",
        ]
    )
    system = [word for path in _SYSTEM if os.path.lexists(path) for word in _place(path)]
    packages = site.getsitepackages()[0]
    base, version = (
        Path(sys.base_prefix).resolve(),
        f"python{sys.version_info[0]}.{sys.version_info[1]}",
    )
    if not str(base).startswith("/usr"):
        system += ["--ro-bind", str(base), "/python"]
        python = f"/python/bin/{version}"
    else:
        python = f"{base}/bin/{version}"
    settings = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": "/course:/packages",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return [
        bwrap,
        "--unshare-ipc",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-uts",
        "--unshare-cgroup-try",
        *own,
        "--die-with-parent",
        "--new-session",
        "--clearenv",
        *[word for name, value in settings.items() for word in ("--setenv", name, value)],
        *system,
        "--ro-bind",
        packages,
        "/packages",
        "--perms",
        "0755",
        "--dir",
        "/course",
        "--ro-bind",
        str(LIBRARY),
        "/course/scalinglib",
        "--ro-bind",
        str(INSIDE),
        "/inside.py",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--perms",
        "1777",
        "--size",
        str(64 * 2**20),
        "--tmpfs",
        "/tmp",
        "--perms",
        "1777",
        "--size",
        str(16 * 2**20),
        "--tmpfs",
        "/dev/shm",
        "--remount-ro",
        "/dev",
        "--remount-ro",
        "/",  # else both are unbounded, writable memory
        "--chdir",
        "/tmp",
        python,
        "-s",
        "/inside.py",
        str(os.getpid()),  # whose it is, for who looks at processes
    ]


def _place(path: str) -> list[str]:
    if os.path.islink(path):  # /bin -> usr/bin
        return ["--symlink", os.readlink(path), path]
    return ["--ro-bind", path, path]


def _plain_environment() -> dict:
    return {"PATH": os.environ.get("PATH", ""), "HOME": "/tmp", "PYTHONPATH": str(LIBRARY.parent)}


def _block(descriptor: int) -> bytes:
    """What can be read now; nothing at the end, too."""
    try:
        return os.read(descriptor, 65536)
    except BlockingIOError:
        return b""


def _rest(pipe) -> str:
    """What stands in a pipe now, without waiting for its end."""
    os.set_blocking(pipe.fileno(), False)
    return (pipe.read(4000) or b"").decode("utf-8", "replace").strip()


def _objects(data: bytes):
    for line in data.splitlines():
        try:
            # once more: half a character ("\ud800") would stop whoever writes it down
            text = json.dumps(json.loads(line), ensure_ascii=False)
            value = json.loads(text.encode("utf-8", "replace"))
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


# ---- is it really there? -------------------------------------------------------------------------

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
for folder in FOLDERS:
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
def probe(
    container: bool = False,
    folders: tuple[str, ...] = ("/", "/usr", "/course/scalinglib", "/packages", "/dev"),
) -> None:
    """Raise SandboxMissing unless a sandbox starts here and holds. Tried once in each process.

    container : see run. folders : that students' code must not be able to write to.
    """
    if container and os.geteuid() != 0:
        raise SandboxMissing("the container's user is not root, and cannot give students another")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        known = f"HERE, PORT, FOLDERS = {str(INSIDE.parent)!r}, {port}, {folders!r}\n"
        source = known + _TRIAL
        ran = run(
            {
                "setup": "",
                "cells": [{"role": "exercise", "exercise": "trial", "source": source}],
                "asked": {"trial": {"name": "trial", "params": {}, "calls": None}},
            },
            Limits(),
            container=container,
        )
    close()
    found = [line.get("data") for line in ran.said if line.get("id") == "trial" and "data" in line]
    if found == ["locked"]:
        return
    if found:
        raise SandboxMissing(f"the sandbox does not hold: {found[-1]}")
    errors = [line["error"] for line in ran.said if "error" in line]
    if container:
        raise SandboxMissing(
            f"students' code does not start as a user of its own ({errors or ran.complaint})"
        )
    if errors:
        raise SandboxMissing(
            "Python or the library cannot be used inside the sandbox "
            f"({': '.join(map(str, errors[0]))}); install them where other users can read them"
        )
    raise SandboxMissing(
        "bubblewrap does not start here "
        f"({ran.complaint.splitlines()[0] if ran.complaint else ran.said}). "
        "Inside a container give it user namespaces "
        "(docker run --security-opt seccomp=unconfined --cap-add SYS_ADMIN --cap-add NET_ADMIN); "
        "on Ubuntu 23.10 and later `sysctl kernel.apparmor_restrict_unprivileged_userns=0`"
    )
