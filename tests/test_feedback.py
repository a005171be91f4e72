"""What one student is told, line by line; whole folders of feedback are in test_export.py."""

import hashlib

import pandas as pd
import pytest

from exercises import feedback as module
from exercises.feedback import as_html, as_markdown, feedback, printable, public_message, receipt
from exercises.questions import answer_of


@pytest.fixture(autouse=True)
def titles(monkeypatch):
    monkeypatch.setattr(module, "chapter_title", lambda number: f"The title of {number}")
    monkeypatch.setattr(module, "title_of", lambda id: f"Exercise {id}")
    monkeypatch.setattr(module, "answer_of", lambda id: "slope" if id == "02-a" else "")


@pytest.mark.parametrize(
    "text, line",
    [
        ("a  b\n\tc ", "a b c"),
        ("a\x00b\x1b[2J", "a b [2J"),
        ("a\u202eb\u200bc", "a b c"),
        ("Zoë × 2", "Zoë × 2"),
        (3, "3"),
    ],
)
def test_one_line_without_control_characters(text, line):
    assert printable(text) == line


def test_markup_is_only_text():
    assert as_html('<a href="x">\'&\n') == "&lt;a href=&quot;x&quot;&gt;&#x27;&amp;"
    signs = r"\`*_{}[]<>()#!|~:@$&"
    assert as_markdown(f"a{signs}b") == "a" + "".join("\\" + sign for sign in signs) + "b"


HOW = "; run it in your notebook to see where"


@pytest.mark.parametrize(
    "message, rule, told",
    [
        ("that is 3 too many", "property 1", "that is 3 too many"),
        ("the cell raised Odd: 1.2345", "mistake 1", "the cell raised Odd: 1.2345"),
        ("the cell raised ValueError: 1.2345", "form", f"the cell raised ValueError{HOW}"),
        (
            "your function raised ZeroDivisionError: x for y=3",
            "form",
            f"your function raised ZeroDivisionError: a division by zero{HOW}",
        ),
        ("the cell raised print: x", "form", f"the cell raised an exception of its own{HOW}"),
        ("the cell raised int: x", "form", f"the cell raised an exception of its own{HOW}"),
        ("the cell raised Mine", "form", f"the cell raised an exception of its own{HOW}"),
        ("the cell took too long", "form", "the cell took too long"),
        ("but this is a Mine_12", "form", "but this is something else"),
        ("but this is an array of 3", "form", "but this is an array of 3"),
        (
            "it returned an Odd and this is a list",
            "form",
            "it returned something else and this is a list",
        ),
    ],
)
def test_what_a_program_may_have_said_is_left_out(message, rule, told):
    assert public_message(message, rule) == told


def rows_of(*rows, student="ada"):
    names = ("chapter", "exercise", "points", "possible", "status", "message", "rule")
    return pd.DataFrame([dict(zip(names, row, strict=True), student=student) for row in rows])


ROWS = rows_of(
    ("02", "02-a", 1.5, 2.0, "not yet", "half of it", "property 1"),
    ("02", "02-b", 2.0, 2.0, "right", "", ""),
    ("13", "13-t", 0.0, 3.0, "to be read", "a person will read it", ""),
)
CHAPTERS = {
    "13": ("", 5.0, 0.0),
    "02": ("2 attempts: the last counts", 4.0, 3.5),
    "06": ("nothing was handed in", 0.0, None),
}


def test_every_chapter_and_exercise_has_its_line():
    web, text = feedback("ada", "Ada", ROWS, CHAPTERS, {"02": "Receipt: 02", "06": ""})
    assert text.replace("\\", "") == "\n\n".join(
        [
            "# Feedback for Ada",
            "ada",
            "3.5 of 9 points",
            "## Chapter 2: The title of 02",
            "3.5 of 4 points",
            "2 attempts: the last counts",
            "Receipt: 02",
            "Right: Exercise 02-b.",
            "### Exercise 02-a",
            "1.5 of 2 points: not yet: half of it. Look at the cell that makes slope.",
            "### Exercise 02-b",
            "2 of 2 points: right",
            "## Chapter 6: The title of 06",
            "nothing was handed in",
            "## Chapter 13: The title of 13",
            "0 of 5 points",
            "### Exercise 13-t",
            "3 points: to be read: a person will read it\n",
        ]
    )
    for line in ("<h1>Feedback for Ada</h1>", "<p>3.5 of 4 points</p>", "<h3>Exercise 02-b</h3>"):
        assert line in web
    assert "<title>Feedback Ada</title>" in web


@pytest.mark.parametrize("name", ["", "ada"])
def test_who_has_no_name_is_called_by_id(name):
    web, text = feedback("ada", name, ROWS, CHAPTERS)
    assert text.startswith("# Feedback\n\nada\n\n") and "<title>Feedback ada</title>" in web


@pytest.mark.parametrize(
    "reason, told",
    [
        ("the notebook was made for 'bob'", "the notebook was made for somebody else"),
        (
            "the notebook was made for 'b; ob'; 2 attempts: the last counts",
            "the notebook was made for somebody else; 2 attempts: the last counts",
        ),
        (
            "it came from bob (7), whom the roster does not name; the run was stopped",
            "it came under another name; the run was stopped",
        ),
        ("nothing was handed in", "nothing was handed in"),
    ],
)
def test_nobody_elses_name_is_in_a_reason(reason, told):
    _, text = feedback("ada", "Ada", ROWS, {"02": (reason, 4.0, None)})
    assert f"\n\n{told}\n\n" in text.replace("\\", "")


@pytest.mark.parametrize(
    "word",
    [
        "int",
        "float",
        "str",
        "list",
        "tuple",
        "set",
        "dict",
        "bool",
        "function",
        "complex",
        "number",
        "True",
        "array",
    ],
)
def test_types_of_python_are_named(word):
    assert public_message(f"but this is a {word}", "form") == f"but this is a {word}"


@pytest.mark.parametrize(
    "kind, said",
    [
        ("NameError", "has no value"),
        ("SyntaxError", "not Python"),
        ("IndentationError", "indentation"),
        ("TypeError", "as what it is not"),
        ("ZeroDivisionError", "by zero"),
        ("ImportError", "cannot be imported"),
        ("ModuleNotFoundError", "a module cannot"),
        ("FileNotFoundError", "no files of yours"),
        ("TimeoutError", "took too long"),
        ("MemoryError", "too much memory"),
    ],
)
def test_usual_errors_are_explained(kind, said):
    told = public_message(f"the cell raised {kind}: 1.2345", "form")
    assert told.startswith(f"the cell raised {kind}: ") and said in told and "1.2" not in told


def test_a_receipt_can_be_checked_by_whoever_has_the_file():
    digest = hashlib.sha256(b"the notebook").hexdigest()
    line = receipt([digest], "2026-10-05T14:22:32")
    assert f"there by 2026-10-05 14:22, has the SHA-256 {digest}. " in line
    assert "there by" not in receipt([digest], "") and receipt([""], "2026-10-05T14:22:32") == ""


def test_a_receipt_of_halves_of_a_zip_file_and_of_what_is_not_decided():
    """[S83]"""
    assert "the files that count, have the SHA-256 aa and bb. Yours are" in receipt(
        ["aa", "bb"], ""
    )
    packed = receipt(["aa"], "", packed=True)
    assert "the notebook in your zip file that counts" in packed
    assert "Yours is the same if you unpack the zip file and sha256sum FILE" in packed
    open_ = receipt(["aa"], "", False)
    assert "Receipt: the file that came, has the SHA-256 aa. " in open_ and "counts" not in open_


def test_an_exercise_has_its_answers_name():
    assert (answer_of("02-halve-loss"), answer_of("02-none")) == ("data_factor", "")
