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
    if rules.pools == 1:
        one.first_pool = int_at(rules.pools_at, 0)
        return
    size = _may(w, t)
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
def _may(w: Row, t: int) -> int:
    """Puts the places of the pools whose people may see a task into the choice; how many."""
    one = task(w, t)
    rules, size = stage(w, one.stage), 0
    sensitive = segment(w, item(w, one.item).segment).sensitive != 0
    for n in range(rules.pools):
        p = int_at(rules.pools_at, n)
        if not sensitive or pool(w, p).cleared != 0:
            put_int(w.choice_at, size, n)
            size += 1
    return size


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
    predicted = thing.difficulty + error
    if segment(w, thing.segment).hard > 0.0:
        luck = draw(w, one.item, POOL, rules.key, 0, 0)
        return _by_rank(w, t, size, predicted, rules.route_error, luck)
    spread = float_at(rules.spreads_at, thing.segment)
    if spread == 0.0:
        return _by_share(w, one.stage, size, draw(w, one.item, POOL, rules.key, 0, 0))
    return _by_place(w, one.stage, size, predicted / spread)


@inner
def tier(w: Row, t: int) -> int:
    """The pool that a task's item would go to if its difficulty were foreseen without error; NONE where no pool is more
    right than another."""
    one = task(w, t)
    rules, thing = stage(w, one.stage), item(w, one.item)
    size = _may(w, t)
    if size == 1:
        return NONE
    kind, n = segment(w, thing.segment), NONE
    if kind.hard > 0.0:
        n = _by_rank(w, t, size, thing.difficulty, 0.0, 0.0)
        if n != _by_rank(w, t, size, thing.difficulty, 0.0, 1.0 - 2.0**-53):
            return NONE
    elif kind.spread == 0.0:
        return NONE
    else:
        n = _by_place(w, one.stage, size, thing.difficulty / kind.spread)
    return int_at(rules.pools_at, int_at(w.choice_at, n))


@inner
def _by_rank(w: Row, t: int, size: int, predicted: float, error: float, luck: float) -> int:
    """Place of a pool by the share of the items that are predicted to be easier, where some are hard ones."""
    one = task(w, t)
    kind = segment(w, item(w, one.item).segment)
    rank = labels.difficulty_rank(predicted, kind.spread, kind.hard, kind.harder, kind.hard_spread, error, luck)
    return _by_share(w, one.stage, size, rank)


@inner
def _by_place(w: Row, s: int, size: int, predicted: float) -> int:
    """Place of a pool by a prediction in standard deviations of all predictions, which are normal."""
    for n in range(size - 1):
        share = _sum(w, s, size, n)
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
