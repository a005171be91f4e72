"""Questions and predictions: what a reader answers without code, in a notebook and on the page.

Both are data. What they show is one HTML that works without a script (explanations are folded) and
that the site's script finds by its classes: there it remembers what was chosen and covers the
outputs that would answer a prediction. Texts are plain, with `code` between backticks.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_ID = re.compile(r"\d\d(-[a-z0-9]+)+")
_LETTERS = "abcd"
RIGHT, WRONG = "Right.", "Not this one."


def chapter_told(id: str, chapter: str = "") -> str:
    """The number of the chapter that an exercise, question or prediction stands in.

    Nothing else takes a chapter from an id. What answers, grades and question banks keep is kept by
    id, so that one that moves to another chapter keeps its id and says its new `chapter`.
    """
    return chapter or id[:2]


@dataclass(frozen=True)
class Option:
    """One option of a question: its text, and why it is right or wrong (the thought behind it).

    key : a letter by which the page remembers the choice, wherever the option stands; of today's
        options the letter of the place at which they stood when places were remembered.
    """

    text: str
    why: str
    right: bool = False
    key: str = ""


@dataclass(frozen=True, kw_only=True, repr=False)
class _Shown:
    """What questions and predictions share: a fixed text, and a block for the page.

    chapter : the number of the chapter that it stands in; left out, that of its id.
    """

    id: str
    prompt: str
    chapter: str = ""

    def _lines(self) -> list[str]:
        raise NotImplementedError

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _mistaken(self, what: str) -> ValueError:
        return ValueError(f"{type(self).__name__.lower()} {self.id!r}: {what}")

    def _validate(self, texts) -> None:
        if not _ID.fullmatch(str(self.id)):
            raise self._mistaken(
                "an id is words with the chapter number in front, as in '09-why-log-loss'"
            )
        object.__setattr__(self, "chapter", chapter_told(self.id, self.chapter))
        for text in (self.prompt, *texts):
            if not isinstance(text, str) or not text.strip():
                raise self._mistaken(f"{text!r} is not a text")
            if text.count("`") % 2:
                raise self._mistaken(f"a backtick is left open in {text!r}")

    def _distinct(self, options, keys) -> None:
        if not 2 <= len(options) <= 4:
            raise self._mistaken(f"give 2 to 4 options, got {len(options)}")
        if len({option.casefold() for option in options}) < len(options):
            raise self._mistaken("two options read alike")
        if len(set(keys)) < len(options) or not all(re.fullmatch("[a-z]", key) for key in keys):
            raise self._mistaken(f"each option has a letter of its own as its key, not {keys}")


@dataclass(frozen=True, kw_only=True, repr=False)
class Question(_Shown):
    """A question with 2 to 4 options, exactly one of them right; each says why."""

    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        self._validate([text for option in self.options for text in (option.text, option.why)])
        self._distinct([option.text for option in self.options], self._keys())
        if (right := sum(option.right for option in self.options)) != 1:
            raise self._mistaken(f"exactly one option is right, here {right} are")

    def _keys(self) -> list[str]:
        """Where no option has a key, the letter of its place."""
        if any(option.key for option in self.options):
            return [option.key for option in self.options]
        return list(_LETTERS[: len(self.options)])

    def _lines(self) -> list[str]:
        return [f"question: {self.prompt}", *_lettered(option.text for option in self.options)]

    def _repr_html_(self) -> str:
        folds = "".join(
            f'<details name="{self.id}" data-key="{key}"{" data-right" if option.right else ""}>'
            f"<summary>{_marked(option.text)}</summary>"
            f"<p><strong>{RIGHT if option.right else WRONG}</strong> {_marked(option.why)}</p>"
            "</details>"
            for key, option in zip(self._keys(), self.options, strict=True)
        )
        return (
            f'<div class="sl-ask" role="group" aria-label="Question" data-id="{self.id}">'
            f"<p><strong>Question.</strong> {_marked(self.prompt)}</p>{folds}</div>"
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class Prediction(_Shown):
    """A guess to commit to before the outputs that follow it: a number, or one of 2 to 4 options.

    unit : of the number, "%" or "tokens". lo, hi : what is accepted, both ends included; None for
        no bound. keys : of the options, by which the page remembers a choice; the letters of their
        places if left out. truth : what came out, a number in `unit` or the key of an option.
        says : the sentence that is held beside the guess, "The runs say 1.9."; what is known of
        other people's guesses may follow. Both or neither are given.
    """

    unit: str = ""
    lo: float | None = None
    hi: float | None = None
    options: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    truth: float | str | None = None
    says: str = ""

    def __post_init__(self) -> None:
        self._validate([*self.options, *([self.says] if self.says else [])])
        if self.options and (self.unit or self.lo is not None or self.hi is not None):
            raise self._mistaken(
                "it has options: leave out unit, lo and hi, which are for a number"
            )
        if isinstance(self.options, str):
            raise self._mistaken('options is one string; write a tuple: ("...", "...")')
        if self.options:
            self._distinct(self.options, self._keys())
        elif self.keys:
            raise self._mistaken("keys are for options")
        self._true()
        if self.lo is not None and self.hi is not None and not self.lo < self.hi:
            raise self._mistaken(f"lo must be below hi, got {self.lo} and {self.hi}")

    def _keys(self) -> tuple[str, ...]:
        return self.keys or tuple(_LETTERS[: len(self.options)])

    def _true(self) -> None:
        if (self.truth is None) != (not self.says):
            raise self._mistaken("truth and says are given together: what came out, and in words")
        if self.truth is None:
            return
        if self.options:
            if self.truth not in self._keys():
                raise self._mistaken(f"truth {self.truth!r} is no option; keys are {self._keys()}")
        elif not isinstance(self.truth, int | float) or isinstance(self.truth, bool):
            raise self._mistaken(f"truth {self.truth!r} is not a number")
        elif not (
            (self.lo is None or self.lo <= self.truth)
            and (self.hi is None or self.truth <= self.hi)
        ):
            raise self._mistaken(
                f"what came out, {self.truth:g}, could not be typed: see lo and hi"
            )

    def _wanted(self) -> str:
        bounds = [
            f"{word} {int(bound) if bound == int(bound) else bound:,}"
            for word, bound in (("from", self.lo), ("to", self.hi))
            if bound is not None
        ]
        of = "in" if self.unit in ("%", "nats") else "of"
        return " ".join(["a number", *([f"{of} {self.unit}"] if self.unit else []), *bounds])

    def _lines(self) -> list[str]:
        return [
            f"your guess first: {self.prompt}",
            *(_lettered(self.options) or [f"  ({self._wanted()})"]),
        ]

    def _repr_html_(self) -> str:
        data = {"id": self.id, "unit": self.unit, "lo": self.lo, "hi": self.hi}
        came_out = (
            "<details><summary>What came out (after your guess)</summary>"
            f"<p>{_marked(self.says)}</p></details>"
            if self.says
            else ""
        )
        attributes = "".join(
            f' data-{name}="{html.escape(str(value))}"'
            for name, value in data.items()
            if value not in (None, "")
        )
        if self.options:
            keys = [f' data-key="{key}"' for key in self.keys] or [""] * len(self.options)
            items = zip(keys, self.options, strict=True)
            how = f"<ol>{''.join(f'<li{key}>{_marked(text)}</li>' for key, text in items)}</ol>"
        else:
            how = f"<p>Write down {html.escape(self._wanted())} before you look on.</p>"
        return (
            f'<div class="sl-guess" role="group" aria-label="Your guess"{attributes}>'
            f"<p><strong>Your guess first.</strong> {_marked(self.prompt)}</p>{how}{came_out}</div>"
        )


def _lettered(texts) -> list[str]:
    return [f"  {letter}) {text}" for letter, text in zip(_LETTERS, texts, strict=False)]


def _marked(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
