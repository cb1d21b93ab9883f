"""A project that is under way, many times over: what its log shows, and after that what may come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .curves import HOUR_MS, Curves, curves
from .engines import ENGINES, ends, engine, prepare
from .joined import joined
from .ledger import Terms
from .line import Line, digest
from .log import Log
from .plan import Plan
from .processes import in_order
from .replicate import Progress, Runs, runs_of
from .replication import Lines, One, of_log
from .standing import Standing
from .tables import NULL
from .today import ahead
from .witness import tell


@dataclass(frozen=True)
class Ahead:
    """What is ahead of every replication. line: of the whole project.  lines: in place of it, as of replicate."""

    line: Line
    standing: Standing
    seed: int
    lines: Lines | None = None

    @cached_property
    def digest(self) -> str:
        """Of the whole project's line."""
        return digest(self.line)

    def plan(self, there: Line) -> Plan:
        """The plan of what is ahead."""
        return Plan.of(there).part_of(self.digest)

    def line_of(self, replication: int) -> Line:
        """The line of a replication, from the moment of the standing on."""
        line = self.line if self.lines is None else self.lines.of(replication)
        return ahead(line, self.standing, np.random.default_rng([self.seed, replication]))


@dataclass(frozen=True)
class Job(Ahead):
    """And what was before. past: the log up to the standing."""

    past: Log = field(kw_only=True)

    @cached_property
    def terms(self) -> Terms:
        return Terms.of(self.line)


def forecast(
    line: Line,
    past: Log,
    standing: Standing,
    replications: int = 50,
    seed: int = 1,
    processes: int | None = None,
    progress: Progress | None = None,
    *,
    lines: Lines | None = None,
) -> Runs:
    """Replications of a whole project, alike up to the standing: their KPIs, ledgers and curves are of all of it.

    past: as `calibration.today.history` makes it, up to the standing.  lines: a line for each replication, of the
    names of `line`.  The rest as of replicate.
    """
    prepare(ENGINES[0])
    job = Job(line, standing, seed, lines, past=past)
    ones: list[One] = []
    for each in in_order(one, job, replications, processes):
        ones.append(each)
        if progress is not None:
            progress(len(ones), replications)
    tell(job.line_of(0), seed, ENGINES[0], None, len(ones), drawn=lines is not None)
    return runs_of(line, seed, ones)


def one(job: Job, replication: int) -> One:
    """The replication of this number. Depends on nothing but its arguments."""
    there = job.line_of(replication)
    log = engine(ENGINES[0])(job.plan(there), job.seed, replication)
    whole = joined(job.past, log, job.line, job.standing)
    return of_log(whole, job.line, job.terms, ENGINES[0])


def deliveries(
    line: Line,
    standing: Standing,
    replications: int,
    seed: int,
    *,
    until_ms: int | None = None,
    lines: Lines | None = None,
) -> Iterator[NDArray[np.int64]]:
    """Of each replication of what is ahead, when each item is delivered that was not at the standing: milliseconds from
    the line's start, NULL for those that are not. until_ms: runs end after it, None for the horizon."""
    for plan, replication in _plans(Ahead(line, standing, seed, lines), replications, until_ms):
        delivered = ends(ENGINES[0])(plan, seed, replication).delivered
        yield np.where(delivered == NULL, NULL, delivered + standing.at_ms)


def waiting(
    line: Line,
    standing: Standing,
    replications: int,
    seed: int,
    *,
    until_ms: int | None = None,
    lines: Lines | None = None,
) -> Iterator[Curves]:
    """As `deliveries`, but what waits at each hour after the standing."""
    for plan, replication in _plans(Ahead(line, standing, seed, lines), replications, until_ms):
        log = engine(ENGINES[0])(plan, seed, replication)
        yield curves(log, -(-log.provenance.ended_at // HOUR_MS))


def _plans(job: Ahead, replications: int, until_ms: int | None) -> Iterator[tuple[Plan, int]]:
    """The plan of each replication from the standing on, with its number."""
    for replication in range(replications):
        there = job.line_of(replication)
        if until_ms is not None:
            left = (until_ms - job.standing.at_ms) / 1000.0 + there.tick_s  # a horizon is exclusive
            there = replace(there, horizon_s=min(there.horizon_s, left))
        yield job.plan(there), replication
