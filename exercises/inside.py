"""Runs inside the sandbox: executes submissions' cells, tells what they bound, as JSON; no answers.

It starts once for many submissions. On the socket that is its standard input come files: first the
order, with "setup" (the chapter's own cell), which is run here, and the limits; then for each
submission its job and the pipe for its answers. A job has "cells" (the notebook's, in order, each
with its role, see `chosen`, and the exercise that it belongs to or null) and "asked" (exercise ->
the name to look at, the parameters, and for a function the inputs to call it with). It is read and
run in a child with processes, files and rights of its own, which ends with all that it started: no
student's code, nor a word of it, is ever in the process that lives on, where the next one could
find it.

What a kernel calls right that runs the notebook from the top is right here: parameters are bound
where the notebook binds them, and it is told which answer the check cell would have seen.

After each cell, what an exercise's name is bound to is told if it changed, so that a later crash
loses nothing. Whatever is printed here is an *answer*: to forge it is to answer. Student code is
parsed here and not outside, since a parser can be made to fall over.
"""

import ast
import contextlib
import ctypes
import gc
import hashlib
import json
import os
import re
import resource
import signal
import socket
import struct
import sys

# CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWPID
_NEW_FILES, _NEW_IPC, _NEW_PROCESSES = (0x00020000, 0x08000000, 0x20000000)
_NOSUID_NODEV = 2 | 4


class Late(BaseException):
    """A cell's time is over; not an Exception, so that `except Exception` does not swallow it."""


def main():
    control = socket.socket(fileno=os.dup(0))
    order = read(*received(control, 1))
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.environ.update(
        MPLBACKEND="agg",
        MPLCONFIGDIR="/tmp/.matplotlib",
        IPYTHONDIR="/tmp/.ipython",
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    )
    sys.path = [path for path in sys.path if path != os.path.dirname(__file__)]
    names, failure = prepared(order["setup"])
    forget_answers(names)
    gc.collect()
    gc.freeze()  # children share these pages for as long as nobody writes to them
    while descriptors := received(control, 2):
        job, answers = descriptors
        if failure:
            tell_failure(answers, failure)
        else:
            apart(
                lambda job=job, answers=answers: Session(
                    names, order["limits"], read(job), os.fdopen(answers, "w")
                ).run(),
                order,
                control.fileno(),
                answers,
            )
        os.close(job)
        os.close(answers)
        control.sendall(b"d")  # done: nothing of this job is left


def received(control, count):
    """Descriptors of the files that came next; none where the grader is gone."""
    return socket.recv_fds(control, 1, count)[1]


def read(descriptor):
    """The message in a file, which is closed: students' code must not write into it."""
    with open(descriptor, "rb") as file:
        return json.loads(file.read())


# ---- one submission's own world ------------------------------------------------------------------


def apart(action, order, control, answers):
    """Do something in a child without rights, in a world that ends with it; then return.

    control, answers : descriptors that the child must not have, and to which it may write.
    """
    outer = os.fork()
    if outer:
        os.waitpid(outer, 0)
        if not order["apart"] and order["uid"] is not None:
            end_all_of(order["uid"])
        return
    try:
        os.close(control)
        if order["apart"]:
            library = ctypes.CDLL(None, use_errno=True)
            succeeded(library.unshare(_NEW_FILES | _NEW_IPC | _NEW_PROCESSES))
            first = os.fork()  # the first process of its world: when it ends, all others end
            if first:
                os.close(answers)
                os.waitpid(first, 0)
                os._exit(0)
            for kind, place, settings in (
                ("tmpfs", "/tmp", "size=64m,mode=1777"),
                ("tmpfs", "/dev/shm", "size=16m,mode=1777"),
                ("proc", "/proc", ""),
                ("tmpfs", "/course/scalinglib/checks", "size=4k,mode=0555"),
            ):
                succeeded(
                    library.mount(
                        kind.encode(),
                        place.encode(),
                        kind.encode(),
                        _NOSUID_NODEV,
                        settings.encode(),
                    )
                )
        os.chdir("/tmp")
        give_up_rights(order["uid"], order["limits"])
        refuse_needless_calls(os.uname().machine, _FAMILIES if order["network"] else (1,))
        own = os.fork()
        if own == 0:
            os.setsid()
            action()
            os._exit(0)
        os.close(answers)
        while os.wait()[0] != own:  # orphans come here to be buried
            pass
    except Exception as error:  # before any of the student's code ran, or in what runs it
        tell_failure(answers, described(error))
    finally:
        os._exit(1)


def end_all_of(uid):
    """End every process of a user; they cannot make new ones while that happens."""
    ending = os.fork()
    if ending == 0:
        os.setresuid(uid, uid, uid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        os._exit(0)
    os.waitpid(ending, 0)


def tell_failure(answers, failure):
    os.write(answers, json.dumps({"cell": None, "error": failure}).encode() + b"\n")


def succeeded(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def give_up_rights(uid, limits):
    """Be an ordinary user for good, without any capability, under limits that stay."""
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    version_3, none = (ctypes.c_uint32 * 2)(0x20080522), (ctypes.c_uint32 * 6)()
    succeeded(ctypes.CDLL(None, use_errno=True).capset(version_3, none))
    for name, value in (
        ("AS", limits["memory"]),
        ("NPROC", limits["processes"]),
        ("NOFILE", limits["files"]),
        ("FSIZE", limits["file_size"]),
        ("CPU", limits["cpu"]),
        ("CORE", 0),
    ):
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))


def forget_answers(names):
    """Keep of the checks what exercises are made from: public functions and what these use.

    What judges an answer goes.

    The page and the notebook must be able to judge, so the library holds functions that compute
    what an answer must be. Here nobody needs them: a student's program could call them. `apart`
    hides the files that they could be read from.
    """
    from scalinglib import checks as library

    for name, module in list(sys.modules.items()):
        if re.fullmatch(r"scalinglib\.checks\.chapters\.ch\d\d_\w+", name):
            own = vars(module)
            public = [
                key
                for key, value in own.items()
                if not key.startswith("_") and callable(value) and value.__module__ == name
            ]
            imported = {
                key for key in own if not key.startswith("_") and names.get(key) is own[key]
            }
            kept = {*public, *imported, *used_by([own[key] for key in public], own)}
            for key in [key for key in own if not key.startswith("__") and key not in kept]:
                del own[key]
    library.registry.chapter_items.cache_clear()
    for name in ("check", "hint", "ask", "predict"):
        setattr(library, name, silent)
        if name in names:
            names[name] = silent


def silent(*_, **__):
    """In place of `check` and its like, which have nothing to say here."""


def used_by(functions, own):
    """Names of a module that these functions use, and those that these use in turn."""
    found, waiting = set(), list(functions)
    while waiting:
        value = waiting.pop()
        codes = (
            [code]
            if (code := getattr(getattr(value, "__wrapped__", value), "__code__", None))
            else []
        )
        while codes:
            code = codes.pop()
            codes += [constant for constant in code.co_consts if hasattr(constant, "co_names")]
            new = {name for name in code.co_names if name in own} - found
            found |= new
            waiting += [own[name] for name in new]
    return found


# calls of the kernel that no exercise needs, and through which its faults are reached, or memory
# that no limit counts (the first two); numbers on two machines, same order: memfd_create shmget
# mount umount2 pivot_root chroot ptrace unshare setns keyctl add_key request_key bpf
# perf_event_open userfaultfd init_module finit_module delete_module kexec_load open_by_handle_at
# name_to_handle_at process_vm_readv process_vm_writev
_NEEDLESS = {
    "x86_64": (
        319,
        29,
        165,
        166,
        155,
        161,
        101,
        272,
        308,
        250,
        248,
        249,
        321,
        298,
        323,
        175,
        313,
        176,
        246,
        304,
        303,
        310,
        311,
    ),
    "aarch64": (
        279,
        194,
        40,
        39,
        41,
        51,
        117,
        97,
        268,
        219,
        217,
        218,
        280,
        241,
        282,
        105,
        273,
        106,
        104,
        265,
        264,
        270,
        271,
    ),
}
# io_uring_*, open_tree to fspick, mount_setattr, memfd_secret
_EVERYWHERE = (425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 447)
_AUDIT, _CLONE, _SOCKET = (
    {"x86_64": 0xC000003E, "aarch64": 0xC00000B7},
    {"x86_64": 56, "aarch64": 220},
    {"x86_64": 41, "aarch64": 198},
)
_CLONE3, _NEW_WORLDS = 435, 0x7E020000
_FAMILIES = (1, 2, 10, 16)  # unix, inet, inet6, netlink


def refuse_needless_calls(machine, families):
    """A seccomp filter for this process and its children (seccomp(2)).

    families : of sockets that can be made.

    On other machines there is none, only the rest of the sandbox.
    """
    if machine not in _NEEDLESS:
        return
    # BPF: ld [k]; jeq; jge; jset; ret
    load, equal, least, bits, give = (0x20, 0x15, 0x35, 0x45, 0x06)
    # allow; EPERM; ENOSYS: libraries then use clone
    allowed, refused, unknown = (0x7FFF0000, 0x00050001, 0x00050026)
    number, first_argument, architecture = 0, 16, 4  # places in struct seccomp_data
    steps = [
        (load, 0, 0, architecture),
        (equal, 1, 0, _AUDIT[machine]),
        (give, 0, 0, refused),
        (load, 0, 0, number),
    ]
    # the same calls under other numbers (x32)
    steps += [(least, 0, 1, 0x40000000), (give, 0, 0, refused)]
    for call in (*_NEEDLESS[machine], *_EVERYWHERE):
        steps += [(equal, 0, 1, call), (give, 0, 0, refused)]
    steps += [(equal, 0, 1, _CLONE3), (give, 0, 0, unknown)]
    steps += [
        (equal, 0, 4, _CLONE[machine]),
        (load, 0, 0, first_argument),
        (bits, 0, 1, _NEW_WORLDS),
        (give, 0, 0, refused),
        (give, 0, 0, allowed),
    ]
    steps += [(equal, 1, 0, _SOCKET[machine]), (give, 0, 0, allowed), (load, 0, 0, first_argument)]
    for family in families:
        steps += [(equal, 0, 1, family), (give, 0, 0, allowed)]
    steps.append((give, 0, 0, refused))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code))
    )
    library = ctypes.CDLL(None, use_errno=True)
    succeeded(library.prctl(38, 1, 0, 0, 0))  # PR_SET_NO_NEW_PRIVS
    succeeded(library.prctl(22, 2, program, 0, 0))  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


# ---- one submission ------------------------------------------------------------------------------


def prepared(setup):
    """(the namespace after the chapter's set-up cell, [type, text] of what it raised or None)."""
    names = {"__name__": "__main__", "__builtins__": __builtins__, "display": lambda *_, **__: None}
    try:
        execute(setup, names)
    except BaseException as error:
        return names, described(error)
    return names, None


class Session:
    """One submission in the namespace `names`, which it changes."""

    def __init__(self, names, limits, job, out):
        self.names, self.limits, self.job, self.out = names, limits, job, out
        self.told, self.open, self.given = {}, set(), set()

    def run(self):
        for number in (signal.SIGALRM, signal.SIGPROF):
            signal.signal(number, self.late)
        self.say({"begin": True})
        steps = chosen(
            self.job["cells"], {asked["name"]: id for id, asked in self.job["asked"].items()}
        )
        own = [step[1:] for step in steps if step[0] == "exercise"]
        for id, program in programs(own).items():
            name = self.job["asked"][id]["name"]
            bare = typed([source for of, source in own if of == id], name)
            self.say({"id": id, "program": program, "typed": bare})
        if others := redrawn(steps, {id: of["params"] for id, of in self.job["asked"].items()}):
            self.say({"redrawn": others})
        self.say({"left": [source.strip()[:60] for role, _, source in steps if role == "left"]})
        waiting = []
        for role, id, source in steps:
            if role == "left":
                waiting.append(source)
                continue
            if role == "exercise":
                self.say({"runs": id})
                if id not in self.given:  # its parameter cell is gone, or further down
                    self.give(id)
            error = self.cell(source)
            if error and error[0] == "NameError" and waiting:  # what was left out was needed
                for other in waiting:
                    self.cell(other)
                waiting = []
                error = self.cell(source)
            if error:
                self.say({"cell": id or "", "error": error})
            if role == "parameters":
                self.give(id)
            for asked in self.job["asked"]:
                self.look(asked)
            if role == "check":
                self.say({"checked": id})
        for id in sorted(self.open):  # a helper may have been defined further down
            self.tell(id, self.names[self.job["asked"][id]["name"]])
        self.say({"end": True})

    def give(self, id):
        """Bind an exercise's parameters."""
        self.names.update(self.job["asked"][id]["params"])
        self.given.add(id)

    def late(self, *_):
        raise Late

    def say(self, line):
        self.out.write(json.dumps(line) + "\n")
        self.out.flush()

    def timed(self, action):
        """(result, None) or (None, [type, text] of what was raised)."""
        try:
            signal.setitimer(signal.ITIMER_REAL, self.limits["cell"])
            signal.setitimer(signal.ITIMER_PROF, self.limits["cell_cpu"])
            try:
                return action(), None
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.setitimer(signal.ITIMER_PROF, 0)
        except BaseException as error:
            return None, described(error)

    def cell(self, source):
        """Run a cell; [type, text] of what it raised, or None."""
        before = set(self.names)
        error = self.timed(lambda: execute(source, self.names))[1]
        if error is not None and error[0] == "MemoryError":
            for name in set(self.names) - before:  # it must not spoil the exercises below
                del self.names[name]
        return error

    def look(self, id):
        name = self.job["asked"][id]["name"]
        if name not in self.names:
            return
        value = self.names[name]
        if self.job["asked"][id]["calls"] is None:
            self.tell(id, value)
        elif self.told.get(id, self) is not value:
            self.told[id] = value
            self.tell(id, value)

    def tell(self, id, value):
        calls = self.job["asked"][id]["calls"]
        if calls is None or not callable(value):
            data, error = self.timed(lambda: plain(value))
            line = (
                {"id": id, "data": data}
                if error is None
                else {"id": id, "data": {"type": "thing that cannot be read"}}
            )
            if self.told.get(id) != line:
                self.told[id] = line
                self.say(line)
            return
        if is_stub(value):
            self.say({"id": id, "data": "..."})
            return
        answers, late = [], False
        for inputs in calls:
            result, error = (
                (None, ["Late", ""])
                if late
                else self.timed(lambda inputs=inputs: plain(value(*restored(inputs))))
            )
            late = late or (error is not None and error[0] == "Late")
            answers.append({"value": result} if error is None else {"error": error})
        self.open.discard(id)
        if any("error" in answer for answer in answers):
            self.open.add(id)
        self.say({"id": id, "calls": answers})


def execute(source, names):
    source = re.sub(r"^%matplotlib\b.*", "", source, flags=re.M)  # no kernel, no screen
    try:
        code = compile(source, "<cell>", "exec")
    except SyntaxError:
        code = compile(without_magics(source, names), "<cell>", "exec")
    exec(code, names)


def without_magics(source, names):
    """IPython's own syntax (%magics, !commands, ?help) as Python; only now is IPython needed."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.user_ns = names
    names["get_ipython"] = lambda: shell
    return shell.transform_cell(source)


# ---- which cells run -----------------------------------------------------------------------------


# what is called for its pictures or its text, and changes none of its arguments
_HARMLESS = {
    *("plt", "plots", "print", "display", "len", "sum", "min", "max", "abs", "round", "sorted"),
    *("range", "list", "tuple", "dict", "set", "zip", "enumerate", "isinstance", "type", "repr"),
    *("str", "float", "int", "bool", "check", "hint", "ask", "predict"),
}


def chosen(cells, answers):
    """(role, exercise or None, source) of the cells, in order, without the needless ones.

    A cell's role is "exercise", "parameters" or "check" (of an exercise), "chapter" (the chapter's
    own) or "" (the student's own; "left" where no exercise needs it). One that binds an exercise's
    answer is that exercise's, whatever became of its tags. Of the others those run that bind, or
    may change, what a later one uses: experiments and pictures, which may be long, are left out.
    """
    read = [(cell, names_of(cell["source"])) for cell in cells]
    steps, needed, of_exercise = [], set(), {}
    for cell, (bound, _) in read:
        if cell["role"] == "" and bound:
            id = next((answers[name] for name in bound if name in answers), None)
            cell["role"], cell["exercise"] = ("exercise", id) if id else ("", None)
    for cell, (_, used) in read:
        if cell["role"] == "exercise":
            of_exercise.setdefault(cell["exercise"], set()).update(used)
    for cell, (bound, used) in reversed(read):
        role, id, source = cell["role"], cell["exercise"], cell["source"]
        if role == "check":  # a function's helpers may stand below it
            needed |= of_exercise.get(id, set())
        elif role in ("", "chapter") and not (
            bound is None
            or "*" in bound
            or needed & bound
            or (role == "" and needed & changed_by(source))
        ):
            if role == "":
                steps.append(("left", None, source))
            continue
        steps.append((role, id, source))
        needed = (needed - bound_for_sure(source)) | used
    return steps[::-1]


def names_of(source):
    """(names that a cell binds or sets a part of, those that it takes from above).

    (None, none) if it is not Python.
    """
    tree = parsed(source)
    return (None, set()) if tree is None else (set(bound_names(tree.body)), taken(tree.body))


def parsed(source):
    """The tree of a cell without its magics; None if it is not Python, or too deep to look at."""
    try:
        tree = ast.parse(
            "\n".join(line for line in source.splitlines() if not line.startswith(("%", "!")))
        )
        taken(tree.body)
        return tree
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def bound_for_sure(source):
    """Names that a cell binds, whatever happens in it."""
    tree = parsed(source)
    return set().union(*map(sure_names, tree.body)) if tree else set()


def sure_names(node):
    """Names that a statement binds as a whole, not under a condition and not only a part."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
        return set(bound_names([node]))
    if isinstance(node, ast.With):
        return set().union(*map(stored, node.items), *map(sure_names, node.body))
    return set().union(*map(stored, node.targets)) if isinstance(node, ast.Assign) else set()


def stored(node):
    """Names that are bound anywhere in a part of a program, arguments included."""
    found = {getattr(part, "arg", "") for part in ast.walk(node) if isinstance(part, ast.arg)}
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            found.add(part.id)
        elif isinstance(part, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            found |= set(bound_names([part]))
    shared = (part.names for part in ast.walk(node) if isinstance(part, (ast.Global, ast.Nonlocal)))
    return found.difference(*shared)


_WITH_OWN_NAMES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


def taken(parts):
    """Names that parts of a program, run one after the other, read and do not bind before."""
    used, bound = set(), set()
    for node in parts:
        used |= taken_by(node) - bound
        bound |= sure_names(node)
    return used


def taken_by(node):
    """Names that one part of a program takes from outside of it."""
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Load) else set()
    found = set()
    for _, field in ast.iter_fields(node):
        parts = field if isinstance(field, list) else [field]
        found |= taken([part for part in parts if isinstance(part, ast.AST)])
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        found.add(node.target.id)
    elif isinstance(node, ast.For):
        found = found - stored(node.target) | taken_by(node.iter)
    elif isinstance(node, ast.With):
        own = set().union(*map(stored, node.items))
        found = found - own | taken([item.context_expr for item in node.items])
    elif isinstance(node, ast.ExceptHandler):
        found -= {node.name}
    elif isinstance(node, _WITH_OWN_NAMES):
        outside = getattr(node, "args", None)
        outside = [*outside.defaults, *filter(None, outside.kw_defaults)] if outside else []
        inner = stored(node) - ({node.name} if isinstance(node, ast.FunctionDef) else set())
        found = found - inner | taken(outside)
    return found


def changed_by(source):
    """Names whose values a cell may change: it calls their methods, or hands them to a function."""
    found = set()
    for node in ast.walk(parsed(source) or ast.Module([], [])):
        if isinstance(node, ast.Call) and root(node.func) not in _HARMLESS:
            found |= {root(node.func)} - {""}
            arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
            found |= {root(argument) for argument in arguments} - {""}
    return found


def root(node):
    """The name that an expression begins with: `a` of `a.b[c].d`; else ""."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def bound_names(body):
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
            continue
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                yield part.id
            elif isinstance(part, ast.alias):
                yield (part.asname or part.name).split(".")[0]
            elif isinstance(part, (ast.FunctionDef, ast.ClassDef)):
                yield part.name
            elif (
                isinstance(part, (ast.Attribute, ast.Subscript))
                and isinstance(part.value, ast.Name)
                and isinstance(part.ctx, ast.Store)
            ):
                yield part.value.id


def programs(steps):
    """Exercise -> digest of its cells as `normalised` leaves them: identical programs have one."""
    found = {}
    for id, source in steps:
        found.setdefault(id, []).append(normalised(source))
    return {
        id: hashlib.sha256("\n".join(sources).encode("utf-8", "replace")).hexdigest()
        for id, sources in found.items()
    }


def typed(sources, name):
    """Is a name bound to numbers that just stand there, and to nothing that works them out?"""
    plain = (ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.UnaryOp, ast.unaryop, ast.Load)
    values = [
        node.value
        for source in sources
        for node in ast.walk(parsed(source) or ast.Module([], []))
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    parts = [part for value in values for part in ast.walk(value)]
    return bool(parts) and all(isinstance(part, plain) for part in parts)


def redrawn(steps, params):
    """The exercises whose parameter cells say other numbers than were asked, if these are all.

    At least two: who tries one exercise with other numbers has changed no more than that.
    """
    cells = {}
    for role, id, source in steps:
        if role == "parameters" and params.get(id) and source.strip():
            cells.setdefault(id, []).append(source)
    others = [
        id
        for id, sources in cells.items()
        if not any(assigned(source).items() >= as_told(params[id]).items() for source in sources)
    ]
    return others if len(others) == len(cells) > 1 else []


def as_told(values):
    """Values that can be compared, each as JSON; 1 and 1.0 are the same."""
    return {
        name: json.dumps(float(value) if isinstance(value, int) else value, default=str)
        for name, value in values.items()
    }


def assigned(source):
    """What a cell assigns as it stands, by name, as in `as_told`."""
    tree, found = parsed(source), {}
    for node in tree.body if tree else ():
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            with contextlib.suppress(
                ValueError, TypeError, OverflowError, RecursionError, MemoryError
            ):
                value = ast.literal_eval(node.value)
                found |= as_told({node.targets[0].id: value})
    return found


def normalised(source):
    """A program without comments, docstrings, annotations, layout and names of its own.

    Names that it binds are numbered in the order of their appearance. Names that it only reads (of
    the library, of numpy, builtins) and numbers stay: with others it is another program. What is no
    Python stays as it is.
    """
    try:
        tree = ast.parse(source)
        own, numbers = own_names(tree), {}
        for node in in_order(tree):
            without_decoration(node)
            for field in ("id", "arg", "name"):
                name = getattr(node, field, None)
                if isinstance(name, str) and name in own and not isinstance(node, ast.alias):
                    setattr(node, field, numbers.setdefault(name, f"v{len(numbers)}"))
        return ast.dump(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source


def own_names(tree):
    """The names that a program binds, imports left out."""
    names = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    }
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return names | {
        node.name
        for node in ast.walk(tree)
        if isinstance(
            node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler)
        )
        and node.name
    }


def without_decoration(node):
    """Take a docstring and annotations away."""
    if (
        isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        and ast.get_docstring(node, clean=False) is not None
    ):
        node.body = node.body[1:] or [ast.Pass()]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        node.returns = None
    elif isinstance(node, ast.arg):
        node.annotation = None
    elif isinstance(node, ast.AnnAssign):
        node.annotation = ast.Constant(None)


def in_order(node):
    """The nodes in the order of the text; what holds others comes before them."""
    yield node
    for child in list(ast.iter_child_nodes(node)):
        yield from in_order(child)


# ---- what comes out ------------------------------------------------------------------------------


def described(error):
    """[type, text] of an exception whose own methods may be hostile."""
    try:
        return [str(type(error).__name__)[:60], " ".join(str(error).split())[:300]]
    except BaseException:
        return ["Exception", ""]


def restored(inputs):
    """Arguments of a call from JSON, where arrays are {"array": nested lists, "dtype": name}."""
    import numpy as np

    return [
        np.array(value["array"], dtype=value["dtype"]) if isinstance(value, dict) else value
        for value in inputs
    ]


def is_stub(function):
    from scalinglib.checks.kinds import is_stub

    return is_stub(function)


def plain(value, depth=0):
    """Numbers, texts, lists and dicts as they are; of anything else {"type": its name}."""
    if value is None or isinstance(value, bool):
        return value
    if value is Ellipsis:
        return "..."
    if isinstance(value, str):
        return value[:10_000]
    if isinstance(value, int):
        return int(value) if abs(value) < 10**300 else float("inf")
    if isinstance(value, float):
        return float(value)
    if isinstance(value, complex):
        return {"type": "complex"}
    if hasattr(value, "tolist") and not hasattr(value, "keys"):
        return plain(value.tolist(), depth)
    if type(value).__name__ in ("Decimal", "Fraction") and hasattr(value, "__float__"):
        return float(value)
    if depth < 4 and isinstance(value, (list, tuple)) and len(value) <= 10_000:
        return [plain(entry, depth + 1) for entry in value]
    keys = getattr(value, "keys", None)
    if depth < 4 and keys is not None and len(value) <= 1000:
        names = keys()  # a Series is not a dict: iterating it gives its values
        return {"dict": [[str(name)[:200], plain(value[name], depth + 1)] for name in names]}
    if callable(value):
        return {"type": "function"}
    return {"type": str(type(value).__name__)[:60]}


if __name__ == "__main__":
    main()
