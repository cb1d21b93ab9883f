"""Stages as arrays and numbers; names of stages and pools as positions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import quantiles
from ..draws import name_key
from ..line import DELIVER, OUTCOMES, Line, Stage, targets

Floats = NDArray[np.float64]

DELIVERED = -1
"""The target of an outcome that ends an item's way."""

Ways = tuple[tuple[int, ...], Floats]
"""Target stages (or DELIVERED) of an outcome, and their cumulative probabilities."""


@dataclass(frozen=True, eq=False)
class StagePlan:
    """A stage. pools, shares: positions and cumulative shares. next: where each outcome leads."""

    name: str
    key: int
    kind: str
    pools: tuple[int, ...]
    shares: Floats
    time: Floats
    next: dict[str, Ways]
    labels: int
    to_author: bool
    fraction: float
    rounds: int


def stage_plans(line: Line) -> tuple[StagePlan, ...]:
    """The arrays of all stages. A stage's luck hangs on its kind and its place among those of its kind."""
    ordinals: dict[str, int] = {}
    plans = []
    for stage in line.stages:
        ordinal = ordinals[stage.kind] = ordinals.get(stage.kind, -1) + 1
        plans.append(_stage(line, stage, name_key(f"{stage.kind} {ordinal}")))
    assert len({plan.key & 0xFFFFFFFF for plan in plans}) == len(plans), "two stages share a key"
    return tuple(plans)


def _stage(line: Line, stage: Stage, key: int) -> StagePlan:
    names = [other.name for other in line.stages]
    pools = [pool.name for pool in line.pools]
    shares = _cumulative([share for _, share in stage.pools], f"the pool shares of {stage.name}")
    assert set(stage.next) >= set(OUTCOMES[stage.kind]), f"{stage.name} does not say what follows each outcome"
    return StagePlan(
        name=stage.name,
        key=key,
        kind=stage.kind,
        pools=tuple(pools.index(name) for name, _ in stage.pools),
        shares=shares,
        time=quantiles.of_distribution(stage.time),
        next={
            outcome: (
                tuple(position(name, names) for name, _ in targets(target)),
                _cumulative([p for _, p in targets(target)], f"what follows {outcome} at {stage.name}"),
            )
            for outcome, target in stage.next.items()
        },
        labels=stage.labels_per_item,
        to_author=stage.rework_by == "author",
        fraction=stage.fraction,
        rounds=stage.rounds,
    )


def position(name: str, names: list[str]) -> int:
    """Place of a stage, or DELIVERED."""
    return DELIVERED if name == DELIVER else names.index(name)


def _cumulative(shares: list[float], what: str) -> Floats:
    sums = np.cumsum(shares)
    assert not len(sums) or abs(sums[-1] - 1.0) < 1e-6, f"{what} sum to {sums[-1]}"
    return sums / sums[-1] if len(sums) else sums
