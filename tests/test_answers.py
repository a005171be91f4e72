"""Answering on the static page: questions and predictions, and answer boxes that judge as Python does."""
from __future__ import annotations

from html.parser import HTMLParser

import pytest

from scalinglib.checks import Option, Prediction, Question, ask, predict

# ---- questions and predictions: what chapters write ---------------------------------------------------------------------

OPTIONS = (Option("it halves", why="that takes `log(2) / exponent` doublings"),
           Option("it falls < 10 %", right=True, why="2 ** -0.1 is 0.93"),
           Option("nothing", why="the floor is far"))


def question(**changes):
    return Question(**{"id": "98-double", "prompt": "What does `D` doubled do?", "options": OPTIONS} | changes)


def prediction(**changes):
    return Prediction(**{"id": "98-guess", "prompt": "How much?", "unit": "%", "lo": 0, "hi": 1000} | changes)


class Open(HTMLParser):
    """Elements that are still open; raises where they close in another order."""

    def __init__(self, html):
        super().__init__()
        self.names, self.texts = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)

    def handle_endtag(self, tag):
        assert self.names.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_a_question_reads_the_same_as_text_and_as_html():
    assert repr(question()) == "question: What does `D` doubled do?\n  a) it halves\n  b) it falls < 10 %\n  c) nothing"
    page = Open(question()._repr_html_())
    assert page.names == []
    said = "".join(page.texts)
    for option in OPTIONS:
        assert option.text in said and option.why.replace("`", "")[:12] in said
    assert said.count("Right.") == 1 and said.count("Not this one.") == 2


def test_a_prediction_says_what_it_takes():
    assert repr(prediction()) == "your guess first: How much?\n  (a number in % from 0 to 1,000)"
    assert 'data-lo="0" data-hi="1000"' in prediction()._repr_html_()
    chosen = prediction(unit="", lo=None, hi=None, options=("up", "down"))
    assert repr(chosen) == "your guess first: How much?\n  a) up\n  b) down"
    assert "data-lo" not in chosen._repr_html_() and Open(chosen._repr_html_()).names == []


@pytest.mark.parametrize("make, changes, message", [
    (question, {"id": "double"}, "chapter number in front"),
    (question, {"prompt": " "}, "is not a text"),
    (question, {"prompt": "a `b"}, "left open"),
    (question, {"options": OPTIONS[:1]}, "2 to 4 options, got 1"),
    (question, {"options": 2 * OPTIONS}, "got 6"),
    (question, {"options": (*OPTIONS[:2], Option("It halves", why="a"))}, "read alike"),
    (question, {"options": (OPTIONS[0], OPTIONS[2])}, "here 0 are"),
    (question, {"options": (OPTIONS[1], Option("b", why="b", right=True))}, "here 2 are"),
    (question, {"options": (OPTIONS[1], Option("b", why=""))}, "is not a text"),
    (prediction, {"id": "98 guess"}, "chapter number"),
    (prediction, {"lo": 5, "hi": 5}, "below hi"),
    (prediction, {"options": ("a", "b")}, "leave out unit"),
    (prediction, {"options": "ab", "unit": "", "lo": None, "hi": None}, "write a tuple"),
    (prediction, {"options": ("a",), "unit": "", "lo": None, "hi": None}, "got 1"),
])
def test_a_faulty_one_is_refused_when_it_is_written(make, changes, message):
    with pytest.raises(ValueError, match=message):
        make(**changes)


def test_an_unknown_id_is_an_error():
    for look_up in (ask, predict):
        with pytest.raises(ValueError, match="there is no (question|prediction) '96-none'"):
            look_up("96-none")
