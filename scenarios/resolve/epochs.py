"""From what holds from each date on to the epochs, and to what happens once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import TypeVar

from ...sim import line as sim
from ..spec import Scenario
from ..spec.changes import Dip
from .distributions import DIGITS
from .moments import since

P = TypeVar("P")


@dataclasses.dataclass(frozen=True)
class Parts:
    """The parts of a line that may change, from a moment on."""

    at_s: float
    segments: tuple[sim.Segment, ...]
    calendars: tuple[sim.Calendar, ...]
    pools: tuple[sim.Pool, ...]
    stages: tuple[sim.Stage, ...]


def epochs(scenario: Scenario, parts: Sequence[Parts]) -> Iterator[sim.Epoch]:
    """An epoch for each moment at which something differs from before, with the parts that do; dips included."""
    dips = [(since(scenario, change.on), change.dip) for change in scenario.changes if change.dip is not None]
    moments = {one.at_s for one in parts} | {at for start, dip in dips for at in _steps(start, dip)}
    before = parts[0]
    for at in sorted(one for one in moments if 0 < one < scenario.horizon):
        here = next(one for one in reversed(parts) if one.at_s <= at)
        now = dataclasses.replace(here, at_s=at, pools=tuple(_dipped(pool, at, dips) for pool in here.pools))
        changed = sim.Epoch(
            at,
            segments=_new(before.segments, now.segments),
            calendars=_new(before.calendars, now.calendars),
            pools=_new(before.pools, now.pools),
            stages=_new(before.stages, now.stages),
        )
        if changed != sim.Epoch(at):
            yield changed
        before = now


def _new(before: tuple[P, ...], now: tuple[P, ...]) -> tuple[P, ...] | None:
    return None if before == now else now


def _steps(start: float, dip: Dip) -> list[float]:
    """The moments at which a dip begins, lessens and is over: people begin to recover once feedback reaches them."""
    heard = start + dip.feedback_delay
    return [start, *(heard + round(dip.over * number / dip.steps, 3) for number in range(1, dip.steps + 1))]


def _dipped(pool: sim.Pool, at: float, dips: Sequence[tuple[float, Dip]]) -> sim.Pool:
    """A pool with what is left at a moment of all dips."""
    speed, skill = pool.speed, pool.skill_mean
    for start, dip in dips:
        done = sum(moment <= at for moment in _steps(start, dip)) - 1
        if (dip.pools is not None and pool.name not in dip.pools) or not 0 <= done < dip.steps:
            continue
        left = 1.0 - done / dip.steps
        speed *= 1.0 + (dip.time - 1.0) * left
        skill += dip.logits * left
    if (speed, skill) == (pool.speed, pool.skill_mean):
        return pool
    return dataclasses.replace(pool, speed=round(speed, DIGITS), skill_mean=round(skill, DIGITS))


def trainings(scenario: Scenario) -> tuple[sim.Training, ...]:
    """Training days, in order."""
    found = [
        sim.Training(since(scenario, change.on), change.train.pool, change.train.time / 3600)
        for change in scenario.changes
        if change.train is not None
    ]
    return tuple(sorted(found, key=lambda one: one.at_s))


def relabels(scenario: Scenario, usual: str) -> tuple[sim.Relabel, ...]:
    """Rollbacks, in order. usual: the stage to which items return where none is said."""
    found = [
        sim.Relabel(
            at_s=since(scenario, change.on),
            to=change.relabel.to or usual,
            share=change.relabel.share,
            since_s=0.0 if change.relabel.since is None else since(scenario, change.relabel.since),
            segment=change.relabel.segment,
        )
        for change in scenario.changes
        if change.relabel is not None
    ]
    return tuple(sorted(found, key=lambda one: one.at_s))


def one_offs(scenario: Scenario) -> tuple[sim.OneOff, ...]:
    """Costs that fall due once, in order."""
    found = [
        sim.OneOff(since(scenario, change.on), change.cost, change.why or change.path or "change")
        for change in scenario.changes
        if change.cost is not None
    ]
    return tuple(sorted(found, key=lambda one: one.at_s))


def running(scenario: Scenario) -> tuple[sim.Running, ...]:
    """Costs of each month, in order of their beginning."""
    found = [
        sim.Running(since(scenario, change.on), change.running, change.why or change.path or "change")
        for change in scenario.changes
        if change.running is not None
    ]
    return tuple(sorted(found, key=lambda one: one.at_s))
