"""The course in one zip, for a reader without a network: site, notebooks, wheel and data.

    python _ext/offline.py _build/html _release/notebooks _release/assets

The wheel is the one in the last folder, and `offline.zip` goes there too.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

DATA = Path(__file__).parents[1] / "scalinglib" / "data"
TOP = "scaling-laws"
README = """Neural scaling laws, without a network.

site/index.html   the course: open it in a browser. Pictures, answer boxes and search work.
notebooks/        the chapters as notebooks, to work through in Jupyter
{wheel}
                  the library that they need: pip install {wheel}
                  (pip fetches numpy, scipy, pandas, matplotlib and ipywidgets where they lack)
data/             the recorded sweep and the published tables, as CSV; the wheel has them too

Some cells load runs that others published. Those are fetched from their authors when first asked
for; with a copy of them in a folder that SCALINGLIB_DATA names, no network is needed either.
"""


def bundle(site: Path, notebooks: Path, wheel: Path, target: Path) -> None:
    """Write the zip. Raises FileNotFoundError for a part that was not made."""
    for part, made in ((site / "index.html", "make book"), (notebooks, "make release")):
        if not part.exists():
            raise FileNotFoundError(f"{part} is not there: {made} makes it")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{TOP}/README.txt", README.format(wheel=wheel.name))
        archive.write(wheel, f"{TOP}/{wheel.name}")
        for name, folder in (("site", site), ("notebooks", notebooks), ("data", DATA)):
            for path in sorted(filter(Path.is_file, folder.rglob("*"))):
                archive.write(path, f"{TOP}/{name}/{path.relative_to(folder).as_posix()}")


def main(site: str, notebooks: str, assets: str) -> None:
    (wheel,) = Path(assets).glob("*.whl")
    target = Path(assets) / "offline.zip"
    bundle(Path(site), Path(notebooks), wheel, target)
    print(f"{target}: {target.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
