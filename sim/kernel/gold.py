"""Test questions. See reference/gold.py."""

from __future__ import annotations

from .. import labels
from ..compiling import inner
from ..draws import Purpose, subject, uniform
from ..quantiles import LENGTH
from ..tables import NULL
from .codes import DONE, GOLD
from .making import make, new_item
from .memory import Row, float_at, floats
from .retiring import settle
from .verdicts import drawn_for
from .waiting import waits
from .world import item, segment, stage, task, worker

QUESTION = 1 << 42
GOLD_DRAW, TRUTH = int(Purpose.GOLD), int(Purpose.TRUTH)


@inner
def due(w: Row, t: int) -> bool:
    """Whether a test question comes before a task: drawn once."""
    one = task(w, t)
    one.tested = 1
    return drawn_for(w, GOLD_DRAW, t) < stage(w, one.stage).gold_share


@inner
def question(w: Row, k: int, t: int) -> int:
    """A test question for a worker: a new item of the task's segment, at its stage, taken at once."""
    who, like = worker(w, k), task(w, t)
    key = subject(who.key, QUESTION + who.golds)
    who.golds += 1
    i = new_item(w, w.item_serials)
    w.item_serials += 1
    one = item(w, i)
    one.segment = item(w, like.item).segment
    one.arrived, one.key, one.nature, one.objects, one.original, one.due = w.now, key, key, 1, -1, NULL
    kind = segment(w, one.segment)
    one.truth, one.gold = 0, 1
    u = uniform(w.stream, key, TRUTH << 56)
    while one.truth < w.classes - 1 and float_at(kind.shares_at, one.truth) <= u:
        one.truth += 1
    normal = floats(w.normal_at, LENGTH)
    one.difficulty = labels.difficulty(w.stream, key, kind.spread, kind.hard, kind.harder, kind.hard_spread, normal)
    asked = make(w, i, like.stage, 0, w.now)
    waits(w, like.stage, 1)
    new = task(w, asked)
    new.first_pool = new.pool = who.pool
    new.tested = new.taken = 1
    return asked


@inner
def answered(w: Row, k: int, t: int) -> bool:
    """Counts an answer; whether the worker has fallen below what the stage asks for."""
    one, who = task(w, t), worker(w, k)
    rules = stage(w, one.stage)
    one.outcome = DONE
    withdraw_question(w, one.item)
    right = 1 if one.label == item(w, one.item).truth else 0
    who.gold_seen += 1
    who.gold_right += right
    who.seen += 1
    who.accepted += right
    return who.gold_seen >= rules.gold_after and who.gold_right < rules.gold_ban * who.gold_seen


@inner
def withdraw_question(w: Row, i: int) -> None:
    """The item of a test question leaves the line."""
    one = item(w, i)
    one.dropped, one.dropped_as = w.now, GOLD
    settle(w, i)
