"""Line -> dense arrays: the one input of both engines. Names become positions and keys; seconds become milliseconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .. import drift, quantiles
from ..line import Epoch, Line, OpenTask, digest
from .flow import StagePlan, position, reach, stage_plans, tick_of
from .people import PoolPlan, pool_plans
from .work import SegmentPlan, segment_plan

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Stand:
    """What holds from `at` (milliseconds) on: the segments, pools and stages of an epoch."""

    at: int
    segments: tuple[SegmentPlan, ...]
    pools: tuple[PoolPlan, ...]
    stages: tuple[StagePlan, ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything that an engine reads. tick, horizon: milliseconds. classes: names of all labels; a label is a position
    in it. stands: the epochs, the first at zero; segments, pools, stages: those of the first. wip: -1 for no limit.
    loops: an item may come to a stage twice in one round.  midnight, today: see drift.midnight."""

    line: Line
    tick: int
    horizon: int
    classes: tuple[str, ...]
    stands: tuple[Stand, ...]
    first: int
    wip: int
    loops: bool
    normal: Floats
    exponential: Floats
    gammas: Floats
    initial: tuple[OpenTask, ...]
    midnight: int
    today: int

    @cached_property
    def digest(self) -> str:
        """Of the line."""
        return digest(self.line)

    def part_of(self, whole: str) -> Plan:
        """The plan, under the digest of a line of which its own is the rest: to work out one of its own takes longer
        than a run where thousands of items are under way."""
        self.__dict__["digest"] = whole  # where the cached property keeps it
        return self

    @property
    def segments(self) -> tuple[SegmentPlan, ...]:
        """The segments at the start."""
        return self.stands[0].segments

    @property
    def pools(self) -> tuple[PoolPlan, ...]:
        """The pools at the start."""
        return self.stands[0].pools

    @property
    def stages(self) -> tuple[StagePlan, ...]:
        """The stages at the start."""
        return self.stands[0].stages

    @staticmethod
    def of(line: Line) -> Plan:
        """The plan of a line. Asserts what simulation needs: known names, shares that sum to one, distinct keys."""
        classes = tuple(dict.fromkeys(name for segment in line.segments for name in segment.classes))
        gamma_rows: dict[float, int] = {}
        horizon = round(line.horizon_s * 1000)
        stands = tuple(_stands(line, classes, gamma_rows, horizon))
        gammas = [quantiles.gamma(shape) for shape in gamma_rows]
        midnight, today = drift.midnight(line.origin)
        return Plan(
            line=line,
            tick=tick_of(line),
            horizon=horizon,
            classes=classes,
            stands=stands,
            first=position(line.first, [stage.name for stage in line.stages]),
            wip=-1 if line.wip is None else line.wip,
            loops=any(_loops(stand.stages) for stand in stands),
            normal=quantiles.normal(),
            exponential=quantiles.exponential(),
            gammas=np.array(gammas).reshape(-1, quantiles.LENGTH),
            initial=line.initial,
            midnight=midnight,
            today=today,
        )


def _stands(line: Line, classes: tuple[str, ...], gamma_rows: dict[float, int], horizon: int) -> Iterator[Stand]:
    """The stand of the start, and of each epoch; what an epoch leaves as it was is not made again."""
    for epoch in (Epoch(0.0, line.segments, line.calendars, line.pools, line.stages), *line.epochs):
        given = {name: getattr(epoch, name) for name in ("segments", "calendars", "pools", "stages")}
        line = replace(line, **{name: part for name, part in given.items() if part is not None})
        if epoch.segments is not None or epoch.calendars is not None:
            segments = tuple(segment_plan(line, one, classes, gamma_rows, horizon) for one in line.segments)
        if epoch.pools is not None or epoch.calendars is not None:
            pools = pool_plans(line, classes)
        if epoch.stages is not None or epoch.segments is not None:
            stages = stage_plans(line, classes)
        yield Stand(round(epoch.at_s * 1000) // tick_of(line) * tick_of(line), segments, pools, stages)


def _loops(stages: tuple[StagePlan, ...]) -> bool:
    """Whether a way leads from a stage back to it without a rejection."""
    return any(number in one for number, one in enumerate(reach(stages)))
