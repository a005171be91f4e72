"""Kernels for the notebooks that pytest runs: forked from a process that has the imports done.

A kernel of jupyter_client is a new Python that spends two seconds on imports, and it is told ports
that were free a moment ago: with three processes at work, somebody else may have taken one.
Here each is a fork (of a process that has run no code of any notebook) and talks through a file.
"""

from __future__ import annotations

import atexit
import functools
import multiprocessing
import os
import signal
import tempfile
import time

IMPORTED = (
    "ipykernel.kernelapp",
    "ipywidgets",
    "matplotlib.backends.backend_agg",
    "matplotlib.figure",
    "pandas",
    "scalinglib.checks",
    "scalinglib.widgets",
    "scipy.optimize",
)


@functools.cache
def nursery():
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(IMPORTED))
    return context


def live(command, folder, environment):
    """In the fork: be the kernel that `command` would start."""
    os.setsid()  # signals go to the kernel's whole group: a group of its own
    with open(os.devnull, "r+") as nothing:
        for stream in range(3):
            os.dup2(nothing.fileno(), stream)
    os.environ.update(environment)
    os.chdir(folder)
    import disk  # noqa: F401
    import matplotlib
    import pandas
    from ipykernel.kernelapp import launch_new_instance

    # What these two, imported in a kernel, find out about it
    matplotlib.rcParams["backend"] = "module://matplotlib_inline.backend_inline"
    pandas.set_option("display.max_columns", 20)
    launch_new_instance(argv=command[command.index("-f") :])


class Kernel:
    """What jupyter_client asks of a process that it has started."""

    stdin = stdout = stderr = None

    def __init__(self, command, folder, environment):
        self.process = nursery().Process(target=live, args=(command, folder, environment))
        self.process.start()
        self.pid = self.process.pid
        while self.poll() is None and os.getpgid(self.pid) != self.pid:
            time.sleep(0.001)

    def poll(self):
        return self.process.exitcode

    def wait(self):
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number):
        os.kill(self.pid, number)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)


def use():
    """Let nbval start its kernels here."""
    import nbval.kernel
    from jupyter_client.manager import KernelManager
    from jupyter_client.provisioning import local_provisioner

    def manager(**settings):
        sockets = tempfile.TemporaryDirectory(prefix="kernel-")
        atexit.register(sockets.cleanup)
        return KernelManager(transport="ipc", ip=f"{sockets.name}/socket", **settings)

    nbval.kernel.KernelManager = manager
    local_provisioner.launch_kernel = lambda command, cwd, env, **_: Kernel(command, cwd, env)
