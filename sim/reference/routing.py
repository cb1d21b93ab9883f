"""Which pools a task may go to. A new rule is one case of `route` and its test."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .. import labels
from ..draws import Purpose, uniform, where
from ..plan import Plan, PoolPlan, SegmentPlan, StagePlan
from ..quantiles import quantile
from .record import Item


def eligible(stage: StagePlan, segment: SegmentPlan, pools: Sequence[PoolPlan]) -> tuple[int, ...]:
    """The pools of a stage that may see a segment."""
    if not segment.sensitive:
        return stage.pools
    return tuple(pool for pool in stage.pools if pools[pool].cleared)


def route(
    plan: Plan,
    stream: int,
    item: Item,
    stage: StagePlan,
    segment: SegmentPlan,
    pools: Sequence[PoolPlan],
    crowding: Callable[[int], float],
) -> tuple[int, ...]:
    """The pools whose people may do an item's tasks at a stage, the preferred first; one of them if it is settled now.

    crowding: tasks that a pool has by person on shift.
    """
    open_to = eligible(stage, segment, pools)
    assert open_to, f"no pool of {stage.name} may see {segment.name}"
    if len(open_to) == 1:
        return open_to
    match stage.route:
        case "share":
            return (_by_share(stream, item, stage, open_to),)
        case "difficulty":
            return (_by_difficulty(plan, stream, item, stage, segment, open_to),)
        case "shortest":
            return (min(open_to, key=crowding),)
        case "skill":
            return tuple(sorted(open_to, key=lambda pool: -_skill(pools[pool], item.segment)))
    return open_to


def _by_share(stream: int, item: Item, stage: StagePlan, open_to: tuple[int, ...]) -> int:
    """Drawn once by the item, the same in every round. Shares of pools that may not see it go to the others."""
    u = uniform(stream, item.key, where(Purpose.POOL, stage.key))
    return open_to[_place(stage, open_to, u)]


def _by_difficulty(
    plan: Plan, stream: int, item: Item, stage: StagePlan, segment: SegmentPlan, open_to: tuple[int, ...]
) -> int:
    """The easiest by predicted difficulty go to the first pool, as many as its share says.

    Predicted: the item's difficulty plus a normal error; both normal, so the prediction is too, unless some items are
    hard ones.
    """
    error = stage.route_error * quantile(plan.normal, uniform(stream, item.key, where(Purpose.PREDICTED, stage.key)))
    predicted, spread = item.difficulty + error, float(np.hypot(segment.spread, stage.route_error))
    if segment.hard > 0.0:
        luck = uniform(stream, item.key, where(Purpose.POOL, stage.key))
        return open_to[_by_rank(stage, segment, open_to, predicted, stage.route_error, luck)]
    if spread == 0.0:  # all alike: by chance
        return _by_share(stream, item, stage, open_to)
    return open_to[_by_place(plan, stage, open_to, predicted / spread)]


def tier(plan: Plan, item: Item, stage: StagePlan, segment: SegmentPlan, pools: Sequence[PoolPlan]) -> int:
    """The pool that an item would go to if its difficulty were foreseen without error; -1 where no pool is more right
    than another: the item may go to one alone, or it is as hard as those on the other side of the border."""
    open_to = eligible(stage, segment, pools)
    if len(open_to) == 1:
        return -1
    if segment.hard > 0.0:
        least, most = (_by_rank(stage, segment, open_to, item.difficulty, 0.0, luck) for luck in (0.0, 1.0 - 2**-53))
        return open_to[least] if least == most else -1
    if segment.spread == 0.0:
        return -1
    return open_to[_by_place(plan, stage, open_to, item.difficulty / segment.spread)]


def _by_rank(
    stage: StagePlan, segment: SegmentPlan, open_to: tuple[int, ...], predicted: float, error: float, luck: float
) -> int:
    """Place of a pool by the share of the items that are predicted to be easier, where some are hard ones."""
    hardness = segment.spread, segment.hard, segment.harder, segment.hard_spread
    return _place(stage, open_to, labels.difficulty_rank(predicted, *hardness, error, luck))


def _by_place(plan: Plan, stage: StagePlan, open_to: tuple[int, ...], predicted: float) -> int:
    """Place of a pool by a prediction in standard deviations of all predictions, which are normal."""
    for place, share in enumerate(_shares(stage, open_to)[:-1].tolist()):
        if share > 0.0 and predicted <= quantile(plan.normal, min(share, 1.0 - 1e-12)):
            return place
    return len(open_to) - 1


def _place(stage: StagePlan, open_to: tuple[int, ...], u: float) -> int:
    return int(np.searchsorted(_shares(stage, open_to)[:-1], u, side="right"))


def _shares(stage: StagePlan, open_to: tuple[int, ...]) -> np.ndarray:
    """Cumulative shares of the pools that an item may go to."""
    if len(open_to) == len(stage.pools):
        return stage.shares
    each = np.diff(stage.shares, prepend=0.0)[[stage.pools.index(pool) for pool in open_to]]
    if not each.sum() > 0.0:
        each = np.ones(len(open_to))
    sums = np.cumsum(each)
    return np.asarray(sums / sums[-1])


def _skill(pool: PoolPlan, segment: int) -> float:
    return pool.skill_mean + float(pool.segment_effects[segment])
