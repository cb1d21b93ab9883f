"""Which pools a task may go to. See reference/routing.py for the rules."""

from __future__ import annotations

from .. import labels
from ..compiling import inner
from ..draws import Purpose
from .chains import cell_of
from .codes import DIFFICULTY, SHARE, SHORTEST, SKILL
from .floor import crowding
from .memory import NONE, Row, float_at, int_at, put_int
from .verdicts import draw, drawn_from
from .world import item, pool, segment, stage, task

POOL, PREDICTED = int(Purpose.POOL), int(Purpose.PREDICTED)


@inner
def route(w: Row, t: int) -> None:
    """Gives a task the pools whose people may do it, the preferred first; one of them if it is settled now."""
    one = task(w, t)
    rules = stage(w, one.stage)
    sensitive = segment(w, item(w, one.item).segment).sensitive != 0
    if rules.pools == 1:
        one.first_pool = int_at(rules.pools_at, 0)
        return
    size = 0
    for n in range(rules.pools):
        p = int_at(rules.pools_at, n)
        if not sensitive or pool(w, p).cleared != 0:
            put_int(w.choice_at, size, n)
            size += 1
    if size == 1 or rules.route == SHARE:
        u = 0.0 if size == 1 else draw(w, one.item, POOL, rules.key, 0, 0)
        one.first_pool = int_at(rules.pools_at, int_at(w.choice_at, _by_share(w, one.stage, size, u)))
    elif rules.route == DIFFICULTY:
        one.first_pool = int_at(rules.pools_at, int_at(w.choice_at, _by_difficulty(w, t, size)))
    elif rules.route == SHORTEST:
        one.first_pool = _shortest(w, one.stage, size)
    else:
        for n in range(size):
            put_int(w.choice_at, n, int_at(rules.pools_at, int_at(w.choice_at, n)))
        if rules.route == SKILL:
            _by_skill(w, size, item(w, one.item).segment)
        one.first_pool = int_at(w.choice_at, 0)
        for n in range(size - 1, 0, -1):
            one.more = cell_of(w, int_at(w.choice_at, n), 0, 0, 0.0, one.more)


@inner
def _share(w: Row, s: int, n: int) -> float:
    """The share of the n-th of the pools that may."""
    place, at = int_at(w.choice_at, n), stage(w, s).shares_at
    return float_at(at, place) - (float_at(at, place - 1) if place > 0 else 0.0)


@inner
def _whole(w: Row, s: int, size: int) -> float:
    """The sum of the shares of the pools that may."""
    total = 0.0
    for n in range(size):
        total += _share(w, s, n)
    return total


@inner
def _sum(w: Row, s: int, size: int, n: int) -> float:
    """Cumulative share of the n-th of the pools that may: as the plan has it if all may; alike if none has a share."""
    if size == stage(w, s).pools:
        return float_at(stage(w, s).shares_at, n)
    total = _whole(w, s, size)
    if not total > 0.0:
        return (n + 1.0) / size
    return _whole(w, s, n + 1) / total


@inner
def _by_share(w: Row, s: int, size: int, u: float) -> int:
    for n in range(size - 1):
        if u < _sum(w, s, size, n):
            return n
    return size - 1


@inner
def _by_difficulty(w: Row, t: int, size: int) -> int:
    """The easiest by predicted difficulty go to the first pool, as many as its share says."""
    one = task(w, t)
    rules, thing = stage(w, one.stage), item(w, one.item)
    error = rules.route_error * drawn_from(w, w.normal_at, draw(w, one.item, PREDICTED, rules.key, 0, 0))
    kind = segment(w, thing.segment)
    if kind.hard > 0.0:
        luck, predicted = draw(w, one.item, POOL, rules.key, 0, 0), thing.difficulty + error
        rank = labels.difficulty_rank(
            predicted, kind.spread, kind.hard, kind.harder, kind.hard_spread, rules.route_error, luck
        )
        return _by_share(w, one.stage, size, rank)
    spread = float_at(rules.spreads_at, thing.segment)
    if spread == 0.0:
        return _by_share(w, one.stage, size, draw(w, one.item, POOL, rules.key, 0, 0))
    predicted = (thing.difficulty + error) / spread
    for n in range(size - 1):
        share = _sum(w, one.stage, size, n)
        if share > 0.0 and predicted <= drawn_from(w, w.normal_at, min(share, 1.0 - 1e-12)):
            return n
    return size - 1


@inner
def _shortest(w: Row, s: int, size: int) -> int:
    best, least = NONE, 0.0
    for n in range(size):
        p = int_at(stage(w, s).pools_at, int_at(w.choice_at, n))
        crowd = crowding(w, p)
        if best == NONE or crowd < least:
            best, least = p, crowd
    return best


@inner
def _by_skill(w: Row, size: int, kind: int) -> None:
    """Sorts the chosen pools, the most skilled for the segment first, of equal ones in their order."""
    for n in range(1, size):
        p, place = int_at(w.choice_at, n), n
        skill = pool(w, p).skill_mean + float_at(pool(w, p).segment_effects_at, kind)
        while place > 0:
            other = int_at(w.choice_at, place - 1)
            if pool(w, other).skill_mean + float_at(pool(w, other).segment_effects_at, kind) >= skill:
                break
            put_int(w.choice_at, place, other)
            place -= 1
        put_int(w.choice_at, place, p)
