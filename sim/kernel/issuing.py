"""Tasks are asked for. See Flow.issue of reference/flow.py."""

from __future__ import annotations

from ..compiling import inner
from ..draws import Purpose
from ..tables import NULL
from . import verdicts
from .clock import HANDOFF, at
from .codes import DIFFICULTY
from .gathering import put
from .making import make
from .memory import NONE, Row, int_at
from .routing import route, tier
from .world import (
    cell,
    item,
    pool,
    stage,
    task,
    worker,
)

HANDOFF_DRAW = int(Purpose.HANDOFF)


@inner
def issue(w: Row, i: int, s: int, replica: int, asked: int, wanted: int) -> None:
    """A task is asked for; it is ready after its hand-off, and when its batch is full."""
    rules, thing = stage(w, s), item(w, i)
    t = make(w, i, s, replica, asked)
    one = task(w, t)
    one.ready, one.consensus, thing.synced = NULL, thing.synced, 0
    one.wanted = wanted
    if rules.machine == 0:
        if wanted == NONE:
            route(w, t)
        else:
            one.first_pool = worker(w, wanted).pool
        one.pool = one.first_pool
        if wanted == NONE and rules.route == DIFFICULTY:
            one.tier = tier(w, t)
    if rules.handoff_at != 0:
        ms = 1000.0 * verdicts.drawn_from(w, rules.handoff_at, verdicts.drawn_for(w, HANDOFF_DRAW, t))
        one.handoff = max(0, int(ms / w.tick + 0.5)) * w.tick
    if rules.machine == 0 and thing.last != NONE:
        one.handoff += _way(w, t, thing.last)
    if one.handoff == 0:
        put(w, t)
    elif w.now + one.handoff < w.horizon:
        at(w, w.now + one.handoff, HANDOFF, one.number, t, 0)


@inner
def _way(w: Row, t: int, last: int) -> int:
    """Milliseconds on the way from the pool of whoever did the item's last task to the nearest that may do this one."""
    one = task(w, t)
    nearest = _delay(w, one.first_pool, last)
    k = one.more
    while k != NONE:
        nearest = min(nearest, _delay(w, cell(w, k).a, last))
        k = cell(w, k).next
    return nearest


@inner
def _delay(w: Row, p: int, last: int) -> int:
    delays = pool(w, p).delays_at
    return int_at(delays, last) if delays != 0 else 0
