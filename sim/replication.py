"""One replication of a line, and what is kept of it: KPIs, ledger, curves on few enough hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from .curves import HOUR_MS, Curves, curves_of
from .engines import engine
from .kpis import kpis_of, outside_of
from .ledger import Terms, ledger
from .line import Line
from .log import Log
from .plan import Plan
from .tally import shape_of, tally_of

MOST_HOURS = 5_000
"""Longer curves are thinned to every second, fourth, .. hour."""


@dataclass(frozen=True)
class Job:
    """What is asked of every replication; each process is given it once."""

    line: Line
    seed: int
    engine: str
    keep_log: bool = False

    @cached_property
    def plan(self) -> Plan:
        return Plan.of(self.line)

    @cached_property
    def terms(self) -> Terms:
        return Terms.of(self.line)


@dataclass(frozen=True, eq=False)
class One:
    """What one replication gave. curves: on its own hours.  engine: as the log says.  log: where it was asked for."""

    kpis: dict[str, float]
    ledger: pd.DataFrame
    curves: Curves
    engine: str
    log: Log | None = None


def one(job: Job, replication: int) -> One:
    """The replication of this number. Depends on nothing but its arguments."""
    log = engine(job.engine)(job.plan, job.seed, replication)
    money = ledger(log, job.terms, job.line.currency)
    hours = -(-log.provenance.ended_at // HOUR_MS)
    step = step_of(hours)
    shape = shape_of(log, -(-hours // step) * step)
    tally = tally_of(log, shape)
    state = every(curves_of(tally, shape, shape.hours), step)
    costs = {segment.name: segment.error_costs for segment in job.line.segments}
    outside, windows = outside_of(log, job.line.windows), job.line.windows
    values = kpis_of(tally, shape, outside, money if job.terms.pays else None, windows, costs)
    return One(values, money, state, log.provenance.engine, log if job.keep_log else None)


def step_of(hours: int) -> int:
    """Hours between two points of curves of this length: the least power of two that makes them few enough."""
    step = 1
    while -(-hours // step) >= MOST_HOURS:
        step *= 2
    return step


def every(all_hours: Curves, step: int) -> Curves:
    """The curves at every `step`-th of their points."""
    waiting = {stage: wait[::step] for stage, wait in all_hours.waiting.items()}
    return Curves(all_hours.hours[::step], all_hours.delivered[::step], waiting)


def aligned(all_curves: Sequence[Curves]) -> list[Curves]:
    """The curves on the hours of the longest one; what is past an end stays as it was."""
    last = max(int(curve.hours[-1]) for curve in all_curves)
    hours = np.arange(0, last + 1, step_of(last))
    found = []
    for curve in all_curves:
        own = int(curve.hours[1]) if curve.hours.size > 1 else 1
        at = np.minimum(hours // own, curve.hours.size - 1)
        waiting = {stage: wait[at] for stage, wait in curve.waiting.items()}
        found.append(Curves(hours, curve.delivered[at], waiting))
    return found
