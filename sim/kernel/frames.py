"""Steps of the flow that are still to be taken: a stack, the next one on top. See flow.py."""

from __future__ import annotations

from ..compiling import inner
from .memory import Row, append, rows
from .world import FRAME, FRAMES, array

GO, ENTER, JUDGE = range(3)
"""go: an item, a stage, an outcome.  enter: an item, a stage.  judge: the next cell of a judged lot, a stage, whether
it is accepted."""

frame_row = rows(FRAME)


@inner
def later(w: Row, what: int, a: int, b: int, c: int) -> None:
    """Puts a step on top."""
    one = frame_row(append(array(w, FRAMES)), 0)
    one.what, one.a, one.b, one.c = what, a, b, c
