"""People who look at a task and leave it to somebody else, or ask about it. See reference/skipping.py."""

from __future__ import annotations

from ..calendars import NEVER, working_end
from ..compiling import inner
from ..draws import Purpose, subject, uniform
from ..quantiles import LENGTH
from ..service import service_ms
from .chains import cell_of, has, without
from .memory import NONE, Row, floats, int_at, ints
from .verdicts import place
from .world import item, stage, task

SKIP, SKIP_TIME, ANSWER = int(Purpose.SKIP), int(Purpose.SKIP_TIME), int(Purpose.ANSWER)


@inner
def leaves(w: Row, t: int) -> bool:
    """Whether who begins a task will leave it. Test questions, and what was stopped in the midst, nobody leaves."""
    one = task(w, t)
    thing, rules = item(w, one.item), stage(w, one.stage)
    if rules.skip <= 0.0 or thing.gold != 0 or one.left != NONE:
        return False
    if (thing.skips if rules.answer_at == 0 else one.skips) >= rules.skip_most:
        return False
    return uniform(w.stream, subject(thing.key, one.skips), place(w, SKIP, t)) < rules.skip


@inner
def begins(w: Row, k: int, t: int) -> None:
    """A worker looks at a task that they will leave; with the set-up of the batch that the task begins."""
    one = task(w, t)
    thing, rules = item(w, one.item), stage(w, one.stage)
    if rules.answer_at == 0:
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


@inner
def answer_ms(w: Row, t: int, p: int) -> int:
    """How long somebody of a pool waits for the answer to what they have just asked; NEVER where it does not come."""
    one = task(w, t)
    rules, key = stage(w, one.stage), subject(item(w, one.item).key, one.skips)
    work = service_ms(w.stream, key, place(w, ANSWER, t), floats(rules.answer_at, LENGTH), 1.0, w.tick)
    at, n = rules.hours_at, rules.hours
    starts, ends, before = ints(at, n), ints(at + 8 * n, n), ints(at + 16 * n, n)
    end = working_end(starts, ends, before, w.now + int_at(rules.there_at, p), work)
    return NEVER if end == NEVER else end + int_at(rules.back_at, p) - w.now
