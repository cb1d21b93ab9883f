"""Line -> dense arrays: the one input of both engines. Names become positions and keys; seconds become milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import calendars, quantiles
from ..calendars import Shifts
from ..line import Line, OpenTask
from .flow import StagePlan, position, stage_plans
from .people import PoolPlan, pool_plans
from .work import SegmentPlan, segment_plan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything that an engine reads. tick, horizon: milliseconds. classes: names of all labels; a label is a position
    in it. shift_sets: distinct shift sets; shift_of: for each worker, the number of its set."""

    line: Line
    tick: int
    horizon: int
    classes: tuple[str, ...]
    segments: tuple[SegmentPlan, ...]
    pools: tuple[PoolPlan, ...]
    stages: tuple[StagePlan, ...]
    first: int
    shift_sets: tuple[Shifts, ...]
    shift_of: Ints
    normal: Floats
    exponential: Floats
    gammas: Floats
    initial: tuple[OpenTask, ...]

    @staticmethod
    def of(line: Line) -> Plan:
        """The plan of a line. Asserts what simulation needs: known names, shares that sum to one, distinct keys."""
        classes = tuple(dict.fromkeys(name for segment in line.segments for name in segment.classes))
        gamma_rows: dict[float, int] = {}
        horizon = round(line.horizon_s * 1000)
        segments = tuple(segment_plan(line, segment, classes, gamma_rows, horizon) for segment in line.segments)
        sets, shift_of = _shifts(line, horizon)
        gammas = [quantiles.gamma(shape) for shape in gamma_rows]
        return Plan(
            line=line,
            tick=max(1, round(line.tick_s * 1000)),
            horizon=horizon,
            classes=classes,
            segments=segments,
            pools=pool_plans(line, classes),
            stages=stage_plans(line),
            first=position(line.first, [stage.name for stage in line.stages]),
            shift_sets=sets,
            shift_of=shift_of,
            normal=quantiles.normal(),
            exponential=quantiles.exponential(),
            gammas=np.array(gammas).reshape(-1, quantiles.LENGTH),
            initial=line.initial,
        )


def _shifts(line: Line, horizon: int) -> tuple[tuple[Shifts, ...], Ints]:
    by_calendar = {calendar.name: calendar for calendar in line.calendars}
    sets: list[Shifts] = []
    of_worker: list[int] = []
    known: dict[tuple[str, int], tuple[int, list[int]]] = {}
    for pool in line.pools:
        calendar = by_calendar[pool.calendar]
        slots = 0 if calendar.availability is None else pool.headcount  # without availability all slots are alike
        if (pool.calendar, slots) not in known:
            new, of_slot = calendars.slot_shifts(calendar, pool.headcount or 1, line.origin, horizon)
            known[pool.calendar, slots] = (len(sets), of_slot if slots else [0])
            sets += new
        first, of_slot = known[pool.calendar, slots]
        of_worker += [first + of_slot[slot if slots else 0] for slot in range(pool.headcount)]
    return tuple(sets), np.array(of_worker, np.int64)
