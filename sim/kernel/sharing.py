"""Fair shares: accounts of the segments, by pool. See reference/sharing.py for the rules.

The accounts are rows of ACCOUNT by pool and segment; nothing is kept where no pool ever shares by weight.
"""

from __future__ import annotations

from ..compiling import inner
from .codes import FAIR
from .memory import Row
from .world import account, item, of_pool, pool, task, worker


@inner
def shares(w: Row, p: int) -> bool:
    """Whether a pool shares its people by weight now."""
    return pool(w, p).discipline == FAIR


@inner
def owed(w: Row, p: int, t: int, urgency: int) -> int:
    """What is compared within a priority: a task's urgency, or the account of its segment where a pool shares."""
    if w.fair == 0 or not shares(w, p):
        return urgency
    return account(w, p * w.segments + item(w, task(w, t).item).segment).charged


@inner
def joins(w: Row, p: int, kind: int) -> None:
    """A task of a segment waits for a pool from now on."""
    if w.fair != 0:
        one = account(w, p * w.segments + kind)
        if one.waiting == 0:
            one.charged = max(one.charged, of_pool(w, p).clock)
        one.waiting += 1


@inner
def leaves(w: Row, p: int, kind: int) -> None:
    """A task of a segment waits for a pool no longer."""
    if w.fair != 0:
        account(w, p * w.segments + kind).waiting -= 1


@inner
def begins(w: Row, k: int, t: int, cost: int) -> None:
    """A worker has taken a task of this cost out of its queues."""
    p, own = worker(w, k).pool, item(w, task(w, t).item).segment
    lowest = account(w, p * w.segments + own).charged
    for kind in range(w.segments):
        one = account(w, p * w.segments + kind)
        if one.waiting > 0:
            lowest = min(lowest, one.charged)
    team = of_pool(w, p)
    team.clock = max(team.clock, lowest)
    account(w, p * w.segments + own).charged += cost
    task(w, t).charged = cost


@inner
def gives_back(w: Row, k: int, t: int) -> None:
    """A task that a worker had taken was not begun."""
    one = task(w, t)
    if one.charged != 0:
        account(w, worker(w, k).pool * w.segments + item(w, one.item).segment).charged -= one.charged
        one.charged = 0
