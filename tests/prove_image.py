"""The container of `make grader-image`: built without a registry of images, and graded in.

    python tests/prove_image.py [options of `buildah build`, such as certificates of this machine]

Needs root, buildah, debootstrap and bubblewrap. In place of Debian's image there is a fresh Debian.
In it, with the rights that the handbook gives the container, an honest notebook has all its points,
a stub none, and the attacks of `make test` what they deserve.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import hostile
import test_grading
from test_gradescope import DOCKERS_RIGHTS

ROOT = Path(__file__).resolve().parents[1]
TAG = "scaling-laws-grader"


def from_of(containerfile: Path) -> str:
    """The image that it begins with."""
    lines = containerfile.read_text(encoding="utf-8").splitlines()
    return next(line.split()[1] for line in lines if line.startswith("FROM "))


def built(folder: Path, options: list[str]) -> Path:
    """The root of the built image."""
    store = ["--storage-driver", "vfs", "--root", folder / "store", "--runroot", folder / "run"]

    def buildah(*words, quiet=True) -> str:
        shown = {"stdout": subprocess.PIPE} if quiet else {}
        done = subprocess.run(["buildah", *store, *words], check=True, text=True, **shown)
        return (done.stdout or "").strip()

    base = from_of(ROOT / "Containerfile")
    suite = base.rpartition(":")[2].partition("-")[0]
    subprocess.run(["debootstrap", "--variant=minbase", suite, folder / "debian"], check=True)
    empty = buildah("from", "scratch")
    buildah("add", "--quiet", empty, folder / "debian", "/")
    buildah("commit", "--quiet", empty, base)
    how = ["--isolation", "chroot", "--pull-never", "--file", ROOT / "Containerfile", *options]
    buildah("build", *how, "--tag", TAG, ROOT, quiet=False)
    return Path(buildah("mount", buildah("from", "--pull-never", f"localhost/{TAG}")))


def graded(root: Path, place: Path) -> dict:
    """The gradebook of PLACE/in, graded in the image."""
    (root / "class").mkdir(exist_ok=True)
    environment = {"PATH": "/opt/venv/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
    environment |= {"PYTHONPATH": "/course", "OPENBLAS_NUM_THREADS": "1"}
    rights = [f"CAP_{name}" for name in (*DOCKERS_RIGHTS.split(), "SYS_ADMIN", "NET_ADMIN")]
    subprocess.run(
        [
            *("bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--die-with-parent"),
            *("--bind", root, "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"),
            *("--bind", place, "/class", "--chdir", "/course", "--clearenv", "--cap-drop", "ALL"),
            *(word for name in rights for word in ("--cap-add", name)),
            *(word for pair in environment.items() for word in ("--setenv", *pair)),
            *("python", "-m", "exercises", "grade", "/class/in"),
            *("--key-file", "/class/key", "--out", "/class/out"),
        ],
        check=True,
    )
    return test_grading.read_book(place / "out")


def holds(root: Path, place: Path) -> bool:
    """Grade in the image, and compare with what everybody deserves."""
    deserved = {"canary": hostile.FULL, "stub": 0}
    hostile.write(place / "in", "canary", hostile.submission("canary"))
    hostile.write(place / "in", "stub", hostile.submission("stub", "stub"))
    known = {"PORT": 9, "GRADEBOOK": "/class/out/gradebook.sqlite", "SUBMISSIONS": "/class/in"}
    known |= {"MARK": "/class/mark", "KNOWN": {}}
    for number, attack in enumerate(attack for attack in hostile.ATTACKS if attack.fast):
        student = f"attack{number:02}"
        deserved[student] = attack.deserved
        hostile.write(place / "in", student, attack.notebook(student, **known), attack.number)
    (place / "key").write_text(hostile.KEY)
    rows = graded(root, place)
    reached = {name: row["points"] for name, row in rows.items()}
    wrong = {name: (reached.get(name), deserved[name]) for name in deserved
             if reached.get(name) != deserved[name]}  # fmt: skip
    print(f"image: {len(deserved)} submissions, other points than deserved: {wrong or 'none'}")
    return not wrong and not (place / "mark").exists()


def main() -> int:
    missing = [name for name in ("buildah", "debootstrap", "bwrap") if not shutil.which(name)]
    if missing or os.geteuid() != 0:
        print(f"not tried: it needs root, and {', '.join(missing) or 'nothing else'}")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "class"
        place.mkdir()
        return int(not holds(built(Path(folder), sys.argv[1:]), place))


if __name__ == "__main__":
    sys.exit(main())
