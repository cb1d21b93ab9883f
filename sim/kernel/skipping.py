"""People who look at a task and leave it to somebody else. See reference/skipping.py."""

from __future__ import annotations

from ..compiling import inner
from ..draws import Purpose, subject, uniform
from ..quantiles import LENGTH
from ..service import service_ms
from .chains import cell_of, has, without
from .memory import NONE, Row, floats
from .verdicts import place
from .world import item, stage, task

SKIP, SKIP_TIME = int(Purpose.SKIP), int(Purpose.SKIP_TIME)


@inner
def leaves(w: Row, t: int) -> bool:
    """Whether who begins a task will leave it. Test questions, and what was stopped in the midst, nobody leaves."""
    one = task(w, t)
    thing, rules = item(w, one.item), stage(w, one.stage)
    if rules.skip <= 0.0 or thing.gold != 0 or one.left != NONE or thing.skips >= rules.skip_most:
        return False
    return uniform(w.stream, subject(thing.key, one.skips), place(w, SKIP, t)) < rules.skip


@inner
def begins(w: Row, k: int, t: int) -> None:
    """A worker looks at a task that they will leave; with the set-up of the batch that the task begins."""
    one = task(w, t)
    thing, rules = item(w, one.item), stage(w, one.stage)
    thing.skippers, thing.skips = cell_of(w, k, 0, 0, 0.0, thing.skippers), thing.skips + 1
    key, table = subject(thing.key, one.skips), floats(rules.skip_at, LENGTH)
    one.active = service_ms(w.stream, key, place(w, SKIP_TIME, t), table, 1.0, w.tick)
    one.active += rules.setup if one.setup != 0 else 0


@inner
def stays(w: Row, k: int, t: int) -> None:
    """Who was about to leave an item may have it again after all: the look was broken off."""
    one = task(w, t)
    thing = item(w, one.item)
    if one.leaves != 0 and one.entry == thing.entry and has(w, thing.skippers, k):
        thing.skippers, thing.skips = without(w, thing.skippers, k), thing.skips - 1
