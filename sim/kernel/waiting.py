"""How many wait at each stage, and when windows are full, as a stream tells it while it runs. For a log: sim/kpis."""

from __future__ import annotations

from ..compiling import inner
from ..tables import NULL
from .memory import NONE, Row
from .world import of_stage, window


@inner
def waits(w: Row, s: int, more: int) -> None:
    """So many more tasks wait at a stage. What counts is how many wait when a tick is over."""
    if w.streams != 0:
        one = of_stage(w, s)
        if one.changed != w.now:
            one.most = max(one.most, one.queued)
            one.changed = w.now
        one.queued += more


@inner
def ends(w: Row) -> None:
    """The run is over: what waited until now did so at the end of the last tick before."""
    for s in range(w.stages):
        one = of_stage(w, s)
        if one.changed < w.ended:
            one.most = max(one.most, one.queued)


@inner
def delivered(w: Row, segment: int) -> None:
    """An item has been delivered."""
    for number in range(w.windows):
        one = window(w, number)
        if one.segment == NONE or one.segment == segment:
            one.delivered += 1
            if one.delivered == one.items and one.at == NULL:
                one.at = w.now
