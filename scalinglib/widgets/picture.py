"""What all pictures share in Python: a question, a start to return to, a text that stays."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import anywidget
import traitlets


class Picture(anywidget.AnyWidget):
    """Base of all interactive pictures. A subclass sets `_esm`, `_css`, its traits, and `moves`.

    `moves` names the traits that the reader changes: the drawing follows them, and Reset takes them
    back to what they were when the picture was made. `prediction` is {"id": of the prediction that
    a page takes before it shows the picture, "axis": "x" or "y", on which it is drawn in}.
    `caption` says what there is to see, and not what one finds; a page prints it below.
    """

    moves: tuple[str, ...] = ()
    caption: str = ""
    question = traitlets.Unicode().tag(sync=True)
    prediction = traitlets.Dict().tag(sync=True)
    start = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.start = {name: getattr(self, name) for name in self.moves}

    def __repr__(self) -> str:
        """The same in every session (no memory address), because nbval compares it."""
        return f"{type(self).__name__}: {self.question}"


def constants(law: Any) -> dict[str, float]:
    """The numbers of a law (any of `scalinglib.laws`), under the names that law.js uses."""
    values = {item.name: getattr(law, item.name) for item in fields(law)}
    return {name: value for name, value in values.items() if isinstance(value, float)}
