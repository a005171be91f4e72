"""What a maintainer of the pictures relies on.

Joined modules, sizes, stable text, plain errors, colours all readers can tell apart.
"""

import gzip
import importlib
import json
import pkgutil
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from scalinglib import runs, widgets
from scalinglib.laws import BESIROGLU_2024, KAPLAN_2020
from scalinglib.plots import COLOURS
from scalinglib.widgets import IsoFlopValley, LawExplorer, bundle
from scalinglib.widgets.picture import Picture, constants

MAKERS = {"IsoFlopValley": IsoFlopValley, "LawExplorer": lambda: LawExplorer(editable=True)}
for _module in pkgutil.iter_modules(widgets.__path__):
    importlib.import_module(f"scalinglib.widgets.{_module.name}")
ALL = {
    picture.__name__: picture
    for picture in Picture.__subclasses__()
    if picture.__module__.startswith("scalinglib")
}
INTERNAL = ("layout", "comm", "tabbable", "tooltip")


@pytest.mark.parametrize("name", ALL)
def test_module_is_one_small_text(name):
    esm, css = str(ALL[name]._esm), str(ALL[name]._css)
    assert "export default" in esm and not re.search(r"^import ", esm, re.M)
    assert "</script" not in esm and not re.findall(
        r"https?://(?!www\.w3\.org/2000/svg)", esm + css
    )
    script, both = (len(gzip.compress(text.encode(), 9)) for text in (esm, esm + css))
    print(f"{name}: script {script / 1024:.1f} kB, with style {both / 1024:.1f} kB (gzip)")
    assert both < 10_500


@pytest.mark.parametrize("name", MAKERS)
def test_text_is_the_same_every_time(name):
    assert repr(MAKERS[name]()) == repr(MAKERS[name]()) and "0x" not in repr(MAKERS[name]())


@pytest.mark.parametrize("name", MAKERS)
def test_state_survives_json_and_holds_its_start(name):
    picture = MAKERS[name]()
    state = {
        k: v for k, v in picture.get_state().items() if not k.startswith("_") and k not in INTERNAL
    }
    assert json.loads(json.dumps(state)) == state
    assert picture.moves and state["start"] == {trait: state[trait] for trait in picture.moves}


@pytest.mark.parametrize("name", ALL)
def test_script_uses_only_what_every_host_offers(name):
    calls = set(re.findall(r"\bmodel\.(\w+)\(", str(ALL[name]._esm)))
    assert calls <= {"get", "set", "on", "off", "save_changes"}


def test_pages_hold_todays_scripts():
    scripts = {str(picture._esm) for picture in ALL.values()}
    root = Path(__file__).parents[1]
    for page in [root / "index.ipynb", *root.glob("chapters/*.ipynb"), *root.glob("howto/*.ipynb")]:
        notebook = json.loads(page.read_text(encoding="utf-8"))
        models = (
            notebook["metadata"]
            .get("widgets", {})
            .get("application/vnd.jupyter.widget-state+json", {})
            .get("state", {})
        )
        stored = {model["state"]["_esm"] for model in models.values() if "_esm" in model["state"]}
        is_today = stored <= scripts  # not inside the assert: the scripts are long
        assert is_today, (
            f"{page.name} holds an older script: "
            f"python _ext/notebooks.py --pictures {page.relative_to(root)}"
        )


# ---- the joiner ------------------------------------------------------------------------------


def join(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return bundle.module("main.js", folder)


def test_joiner_keeps_what_is_used_and_nothing_else(tmp_path):
    text = join(
        tmp_path,
        main='import { f } from "./a.js";\nexport default { f };\n',
        a=(
            'import { g } from "./b.js";\n// why\n'
            "export const f = () => g + 1;\nexport const unused = 2;\n"
        ),
        b="export const g = 1;\nconst hidden = 3;\n",
    )
    assert text == "const g=1;const f=()=>g+1;export default{f};"


def test_joiner_keeps_strings_and_meaning(tmp_path):
    line = (
        "const t = (a, b) => `a = ${a} , ${a - -b}` "
        '+ " ; x = 1" + (a - -b) + (a / b); // as it is\n'
    )
    text = join(tmp_path, main=line + "// gone\nexport default { t };\n")
    assert (
        text
        == 'const t=(a,b)=>`a = ${a} , ${a - -b}` + " ; x = 1" +(a - -b)+(a/b);export default{t};'
    )


@pytest.mark.parametrize(
    "main, a, message",
    [
        ('import d3 from "d3";\n', "", "cannot join"),
        ('import { f as g } from "./a.js";\n', "export const f = 1;\n", "with 'as'"),
        ('import { f } from "./a.js";\nconst f = 2;\n', "export const f = 1;\n", "'f' is also in"),
        (
            'import { f } from "./a.js";\n',
            "console.log(1);\nexport const f = 1;\n",
            "declarations only",
        ),
        (
            'import { f } from "./a.js";\nconst t = `one\ntwo`;\n',
            "export const f = 1;\n",
            "runs over the end",
        ),
        (
            'import { f } from "./a.js";\nconst t = `one ${f ? `a = b` : ""}`;\n',
            "export const f = 1;\n",
            "inside another",
        ),
    ],
)
def test_joiner_refuses_what_it_cannot_join(tmp_path, main, a, message):
    with pytest.raises(ValueError, match=message):
        join(tmp_path, main=main, a=a)


def test_joiner_refuses_one_name_in_two_files(tmp_path):
    with pytest.raises(ValueError, match=r"'g' is also in a.js"):
        join(
            tmp_path,
            main='import { f } from "./a.js";\nimport { h } from "./b.js";\n',
            a="export const f = 1;\nconst g = 1;\n",
            b="export const h = 1;\nconst g = 2;\n",
        )


def test_style_keeps_what_matters():
    text = bundle.style("ui.css")
    assert (
        "/*" not in text
        and "margin:1.2rem 0;" in text
        and ".sl .sl-question{" in text
        and "@media (forced-colors:active)" in text
    )


def test_base_picture_remembers_its_start():
    picture = Picture(question="How much?")
    assert repr(picture) == "Picture: How much?" and picture.start == {}


# ---- users' mistakes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: LawExplorer(run=(1e6, 1e11)), r"run is \(1e\+06, 1e\+11\).*widen extent"),
        (lambda: LawExplorer(run=(1e10, -1)), "run must be positive"),
        (lambda: LawExplorer(laws={}), "laws is empty"),
        (lambda: IsoFlopValley(window=(2, 3)), "needs 3 of the 9 runs"),
        (lambda: IsoFlopValley(window=(5, 9)), "needs 3 of the 9 runs"),
        (lambda: IsoFlopValley(noise=[0.1]), "one for each"),
        (lambda: IsoFlopValley(ladder=[1, 2, 3]), "the same factor"),
    ],
)
def test_errors_say_what_to_do(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_constants_come_from_the_laws():
    assert (
        LawExplorer().law
        == constants(BESIROGLU_2024)
        == {"E": 1.8172, "A": 482.01, "B": 2085.43, "alpha": 0.3478, "beta": 0.3658}
    )
    assert constants(KAPLAN_2020).keys() >= {"N_c", "D_c", "alpha_N", "alpha_D"}
    table = runs.table("models").set_index("model")
    assert all(table.N[name] == N and table.D[name] == D for name, N, D in LawExplorer().models)


# ---- the palette -----------------------------------------------------------------------------

KINDS = ("N", "D", "C", "measured", "predicted")
BACKGROUNDS = {"light": ("#ffffff", "#f3f4f5"), "dark": ("#121212", "#14181e", "#29313d")}
SIGHT = {  # Machado et al. 2009, severity 1, on linear RGB
    "usual": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def palettes():
    """The three blocks of ui.css that set colours: light, dark by the host, dark by the system."""
    source = (bundle.HERE / "ui.css").read_text(encoding="utf-8")
    blocks = re.findall(r"\{([^{}]*--sl-N: #[^{}]*)\}", source)
    return [
        {kind: re.search(rf"--sl-{kind}: (#\w+)", block)[1] for kind in KINDS} for block in blocks
    ]


def palette(mode):
    return palettes()[mode == "dark"]


def linear(colour):
    v = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_figures_and_pictures_have_the_same_colours():
    assert palette("light") == COLOURS


def test_dark_is_told_once_in_two_places():
    light, by_host, by_system = palettes()
    assert by_host == by_system != light


@pytest.mark.parametrize("mode", BACKGROUNDS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_colour_can_be_read_as_text(mode, kind):
    def luminance(colour):
        return linear(colour) @ [0.2126, 0.7152, 0.0722]

    for background in BACKGROUNDS[mode]:
        low, high = sorted((luminance(palette(mode)[kind]), luminance(background)))
        assert (high + 0.05) / (low + 0.05) >= 4.5, background


@pytest.mark.parametrize("mode", BACKGROUNDS)
@pytest.mark.parametrize("sight", SIGHT)
def test_no_two_colours_look_alike(mode, sight):
    seen = {kind: lab(SIGHT[sight] @ linear(colour)) for kind, colour in palette(mode).items()}
    gaps = {(a, b): float(np.linalg.norm(seen[a] - seen[b])) for a, b in combinations(KINDS, 2)}
    assert min(gaps.values()) > 24, sorted(gaps.items(), key=lambda item: item[1])[:4]
