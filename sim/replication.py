"""One replication of a line, and what is kept of it: KPIs, ledger, curves on few enough hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
import pandas as pd

from . import streaming
from .curves import HOUR_MS, Curves, curves_of
from .engines import ENGINES, engine
from .kpis import Told, kpis_of, outside_of, some_of
from .ledger import Terms, books, frame
from .line import Line
from .log import Log
from .plan import Plan
from .statistics import Floats
from .strain import caps_of
from .tally import Shape, shape_of, tally_of

MOST_HOURS = 5_000
"""Longer curves are thinned to every second, fourth, .. hour."""


@dataclass(frozen=True)
class Lines:
    """The line of each replication, where they are not all of one. of: the line by the replication's number.  digest:
    of all that the lines hang on."""

    of: Callable[[int], Line]
    digest: str


@dataclass(frozen=True)
class Job:
    """What is asked of every replication; each process is given it once. lines: in place of `line`, None for it."""

    line: Line
    seed: int
    engine: str
    keep_log: bool = False
    lines: Lines | None = None

    def of(self, replication: int) -> Job:
        """The job of one replication, with its own line."""
        return self if self.lines is None else Job(self.lines.of(replication), self.seed, self.engine, self.keep_log)

    @property
    def streams(self) -> bool:
        """Whether its replications run without a log."""
        return self.engine == ENGINES[0] and not self.keep_log

    @cached_property
    def plan(self) -> Plan:
        return Plan.of(self.line)

    @cached_property
    def terms(self) -> Terms:
        return Terms.of(self.line)

    @cached_property
    def setting(self) -> streaming.Setting:
        return streaming.Setting.of(self.plan, self.terms)


@dataclass(frozen=True, eq=False)
class One:
    """What one replication gave. curves: on its own hours.  engine: as the log says.  log: where it was asked for."""

    kpis: dict[str, float]
    ledger: pd.DataFrame
    curves: Curves
    engine: str
    log: Log | None = None


def one(job: Job, replication: int) -> One:
    """The replication of this number. Depends on nothing but its arguments. The fast engine keeps a log only where one
    is asked for; what comes out is the same."""
    job = job.of(replication)
    if job.streams:
        found = streaming.run(job.setting, job.seed, replication)
        return _one(found, job.setting.shape, job.line, job.terms, job.engine)
    log = engine(job.engine)(job.plan, job.seed, replication)
    told = of_log(log, job.line, job.terms, job.engine)
    return replace(told, log=log) if job.keep_log else told


def values(job: Job, replication: int, kpis: Sequence[str]) -> Floats:
    """KPIs of the replication of this number, float[len(kpis)]: those of `one`, NaN where it has no such KPI. What they
    do not take is not worked out."""
    job = job.of(replication)
    if job.streams:
        shape, found = job.setting.shape, streaming.run(job.setting, job.seed, replication)
    else:
        shape, found = _read(engine(job.engine)(job.plan, job.seed, replication), job.line, job.terms)
    return np.array(some_of(_told(found, shape, job.line, job.terms), kpis), float)


def of_log(log: Log, line: Line, terms: Terms, engine: str) -> One:
    """What a log of a line gives."""
    shape, found = _read(log, line, terms)
    return _one(found, shape, line, terms, engine)


def _read(log: Log, line: Line, terms: Terms) -> tuple[Shape, streaming.Found]:
    """What a log gives, as a run without one does."""
    shape = shape_of(log, _hours(log.provenance.ended_at))
    outside = outside_of(log, line.windows, caps_of(line.pools), line.charts)
    return shape, streaming.Found(tally_of(log, shape), outside, cache(lambda: books(log, terms, line.currency)))


def _one(found: streaming.Found, shape: Shape, line: Line, terms: Terms, engine: str) -> One:
    hours = _hours(found.outside.ended)
    state = every(curves_of(found.tally, shape, hours, found.outside.training()), step_of(hours))
    return One(kpis_of(_told(found, shape, line, terms)), frame(found.books()), state, engine)


def _told(found: streaming.Found, shape: Shape, line: Line, terms: Terms) -> Told:
    costs = {segment.name: segment.error_costs for segment in line.segments}
    return Told(found.tally, shape, found.outside, found.books if terms.pays else None, line.windows, costs)


def _hours(ended: int) -> int:
    """Hours of the curves of a run: to its end, and to a whole step."""
    hours = -(-ended // HOUR_MS)
    step = step_of(hours)
    return -(-hours // step) * step


def step_of(hours: int) -> int:
    """Hours between two points of curves of this length: the least power of two that makes them few enough."""
    step = 1
    while -(-hours // step) >= MOST_HOURS:
        step *= 2
    return step


def every(all_hours: Curves, step: int) -> Curves:
    """The curves at every `step`-th of their points."""
    waiting = {stage: wait[::step] for stage, wait in all_hours.waiting.items()}
    return Curves(
        all_hours.hours[::step],
        all_hours.delivered[::step],
        waiting,
        all_hours.worked[::step],
        all_hours.trained[::step],
    )


def aligned(all_curves: Sequence[Curves]) -> list[Curves]:
    """The curves on the hours of the longest one; what is past an end stays as it was."""
    last = max(int(curve.hours[-1]) for curve in all_curves)
    hours = np.arange(0, last + 1, step_of(last))
    found = []
    for curve in all_curves:
        own = int(curve.hours[1]) if curve.hours.size > 1 else 1
        at = np.minimum(hours // own, curve.hours.size - 1)
        waiting = {stage: wait[at] for stage, wait in curve.waiting.items()}
        found.append(Curves(hours, curve.delivered[at], waiting, curve.worked[at], curve.trained[at]))
    return found
