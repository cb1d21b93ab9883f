"""The answer while a lever moves: a few replications at once, more of them afterwards, and how many there are is said.

Replications 0, 1, .. of one seed: plans share their luck, whoever is asked first, and more replications add to what was
there. What was worked out is kept, so that going back to a plan shows it at once.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...sim.binding import held
from ...sim.engines import ENGINES, prepare
from ...sim.line import Line, digest
from ...sim.replicate import Runs, runs_of, summaries
from ...sim.replication import Job, One, one
from ...sim.statistics import Summary, summarise

SEED = 1

FIRST_S = 0.4
"""Seconds of replications before an answer is shown; at least LEAST of them, for an error needs two."""

LEAST = 2

MORE_S = 0.6
"""Seconds of replications between two answers, after the first."""

ENOUGH = 20
"""Replications of an answer that is left alone, as `labelcast run` has them."""

KEPT = 40
"""Plans whose replications are kept."""

KPIS = ("cost", "finish_days", "accuracy")


@dataclass(frozen=True, eq=False)
class Answer:
    """What some replications of a plan say.

    runs: all of it.  summaries: by KPI, error (low, high) and risk (p5 to p95).  bottleneck: the stage that held the
    line up longest, "" where nothing waited; held: its share of the hours in which
    anything waited.
    queues: by stage, tasks that wait, mean over the hours until the end and over replications.
    """

    runs: Runs
    summaries: Mapping[str, Summary]
    bottleneck: str
    held: Summary
    queues: Mapping[str, float]

    @property
    def line(self) -> Line:
        """The plan."""
        return self.runs.line

    @property
    def replications(self) -> int:
        """So many are behind every number."""
        return len(self.runs.kpis)

    @property
    def done(self) -> bool:
        """Whether no more replications are to come."""
        return self.replications >= ENOUGH


def answer_of(runs: Runs) -> Answer:
    """What runs say."""
    told = dict(summaries(runs))
    each = [held(curves) for curves in runs.curves]
    stages = [stage.name for stage in runs.line.stages]
    whole = {name: np.array([found[name].whole for found in each]) for name in stages if each and name in each[0]}
    most = max(whole, key=lambda name: float(whole[name].mean()), default="")
    if most and not whole[most].any():
        most = ""
    share = summarise(whole[most] if most else np.zeros(len(each)), runs.level)
    queues = {name: told[f"queue.{name}"].mean for name in stages if f"queue.{name}" in told}
    return Answer(runs, told, most, share, queues)


@dataclass
class Quick:
    """Replications of plans, those that were worked out kept. One replication runs at a time, whoever asks: the engine
    is one, and no one waits longer than for one."""

    kept: OrderedDict[str, list[One]] = field(default_factory=OrderedDict)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def answers(self, line: Line, enough: int = ENOUGH, first_s: float = FIRST_S) -> Iterator[Answer]:
        """The answer as it grows, until there are `enough` replications; who has what they want stops asking."""
        prepare(ENGINES[0])
        job = Job(line, SEED, ENGINES[0])
        found = self._found(digest(line))
        allowed, least = first_s, LEAST
        while True:
            begun = time.perf_counter()
            count = max(least, min(len(found), enough))
            while len(found) < enough and (len(found) < count or time.perf_counter() - begun < allowed):
                self._one_more(job, found)
            yield answer_of(runs_of(line, SEED, found[:enough]))
            if len(found) >= enough:
                return
            allowed, least = MORE_S, len(found) + 1

    def same(self, lines: Sequence[Line], replications: int) -> list[Runs]:
        """So many replications of each line, for a comparison."""
        prepare(ENGINES[0])
        runs = []
        for line in lines:
            job, found = Job(line, SEED, ENGINES[0]), self._found(digest(line))
            while len(found) < replications:
                self._one_more(job, found)
            runs.append(runs_of(line, SEED, found[:replications]))
        return runs

    def _found(self, name: str) -> list[One]:
        """The replications of a plan that there are; the list grows."""
        with self.turn:
            found = self.kept.setdefault(name, [])
            self.kept.move_to_end(name)
            while len(self.kept) > KEPT:
                self.kept.popitem(last=False)
            return found

    def _one_more(self, job: Job, found: list[One]) -> None:
        with self.turn:
            found.append(one(job, len(found)))
