"""Staff that leaves and is replaced, is absent, is tested, and holds tasks too long."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from lines import WEEK, constant, exponential, queue

from labelcast.sim.line import Absence, Gold, Pool, Release, Segment, Turnover
from labelcast.sim.log import Log

from ..case import Case, Quantity, case
from ..measures import Measure, time_in_line
from ..oracles import people
from .parts import PER_WEEK
from .stations import LONG, SLOWER

DAY, YEAR = 86_400.0, 365.25 * 86_400.0


def share_of(kinds: tuple[str, ...], people_: int, since_s: float) -> Measure:
    """Share of the time of all places that rows of presence of these kinds cover, after a while."""

    def measure(log: Log) -> float:
        rows = log.presence[log.presence["kind"].isin(kinds)]
        first, last = int(since_s * 1000), log.provenance.ended_at
        covered = (rows["to"].clip(first, last) - rows["from"].clip(first, last)).sum()
        return float(covered) / (people_ * (last - first))

    return measure


@case("people: leavers, hires and training (renewal)")
def _turnover() -> Case:
    """Forty places, held for a quarter of a year in the mean, empty for four weeks, the first two weeks of training."""
    hazard, lead, training, places, years = 4.0, 4 * WEEK, 2 * WEEK, 40, 9.0
    working, trained = people.present(hazard / YEAR, lead, training)
    segments = (Segment("items", releases=(Release(years * YEAR, 1),)),)
    pool = Pool("annotators", places, "always", turnover=Turnover(hazard, lead, training))
    line = queue(1, 0, 0, constant(1.0), segments=segments, pools=(pool,), horizon_s=(years + 1) * YEAR)
    return Case(
        line,
        (
            Quantity("share at work", "", working, share_of(("working",), places, YEAR)),
            Quantity("share in training", "", trained, share_of(("training",), places, YEAR)),
        ),
        ("nobody leaves",),
    )


@case("people: days of absence (binomial)")
def _absence() -> Case:
    share, days = 0.15, 60
    segments = (Segment("items", releases=(Release(days * DAY, 1),)),)
    pool = Pool("annotators", 40, "always", absence=Absence(share))
    line = queue(1, 0, 0, constant(1.0), segments=segments, pools=(pool,), horizon_s=2 * days * DAY)
    return Case(
        line,
        (Quantity("share of days missed", "", share, share_of(("absent_paid",), 40, 0.0)),),
        ("nobody is absent",),
    )


def gone_after(questions: int, least: int) -> Measure:
    """Share of the people who had their last test question by this one, of `least` that they would have had."""

    def measure(log: Log) -> float:
        gold = log.items["gold"].fillna(False).to_numpy(bool)
        tasks = log.tasks[gold[log.tasks["item"].to_numpy()]]
        count = np.bincount(tasks["worker"].to_numpy(np.int64))
        assert count.max() >= least
        return float((count <= questions).mean())

    return measure


@case("people: sent home after test questions (first passage)")
def _gold() -> Case:
    """A question before every task; whoever has fewer than 65% right after ten or more goes."""
    right, below, after, many = 0.75, 0.65, 10, 300
    pool = Pool("annotators", many, "always", skill_mean=math.log(right / (1 - right)))
    line = queue(1, 0, 0, constant(60), segments=(Segment("items", backlog=25 * many),), pools=(pool,))
    stage = dataclasses.replace(line.stages[0], gold=Gold(1.0, below, after))
    chances = [people.sent_home(right, below, after, asked) for asked in (after, 20)]
    return Case(
        dataclasses.replace(line, stages=(stage,)),
        (
            Quantity("sent home after 10 questions", "", chances[0], gone_after(after, 21)),
            Quantity("sent home by 20 questions", "", chances[1], gone_after(20, 21)),
        ),
        ("items differ in difficulty",),
        replications=32,
    )


@case("people: tasks held beyond a lock of 60 s")
def _locks() -> Case:
    """Plenty of people: a task is issued again after each 60 s without a result."""
    mean, lock = 90.0, 60.0
    issues, time = people.issued_again(mean, lock)
    line = queue(40, PER_WEEK, 3000, exponential(mean))
    stage = dataclasses.replace(line.stages[0], lock_s=lock)
    return Case(
        dataclasses.replace(line, stages=(stage,)),
        (
            Quantity("times issued", "", issues, lambda log: len(log.tasks) / len(log.items)),
            Quantity("mean time until the first result", "s", time, time_in_line()),
        ),
        (LONG, SLOWER),
    )
