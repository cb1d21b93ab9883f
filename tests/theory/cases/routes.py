"""Pools that share a stage, and tasks that wait so long and no longer."""

from __future__ import annotations

import dataclasses

from lines import exponential, queue

from labelcast.sim.line import DELIVER, Escalation, Pool

from ..case import Case, Quantity, case
from ..measures import time_in_line, wait
from ..oracles import patience, routing, single
from .parts import ITEMS, PER_WEEK, RATE, work
from .stations import SLOWER


@case("routes: prefer, a fast and a slow worker (Gumbel)")
def _prefer() -> Case:
    """Two pools of one worker each; the first is named first and twice as fast. One queue for both."""
    line = queue(1, PER_WEEK, ITEMS, exponential(60))
    stage = dataclasses.replace(line.stages[0], pools=(("fast", 0.5), ("slow", 0.5)), route="prefer")
    pools = (Pool("fast", 1, "always"), Pool("slow", 1, "always", speed=2.0))
    theory = routing.fastest_first(RATE, (60.0, 120.0), 400) / RATE
    return Case(
        dataclasses.replace(line, stages=(stage,), pools=pools),
        (Quantity("mean time in the line", "s", theory, time_in_line()),),
        ("pools are preferred the other way round", SLOWER),
    )


@case("routes: the shorter of two queues, load 0.75 (Haight)")
def _shortest() -> Case:
    line = queue(1, PER_WEEK, ITEMS, exponential(90))
    stage = dataclasses.replace(line.stages[0], pools=(("one", 0.5), ("two", 0.5)), route="shortest")
    pools = (Pool("one", 1, "always"), Pool("two", 1, "always"))
    theory = routing.shortest_queue(RATE, 90.0, 60) / RATE
    return Case(
        dataclasses.replace(line, stages=(stage,), pools=pools),
        (Quantity("mean time in the line", "s", theory, time_in_line()),),
        (SLOWER,),
    )


@case("routes: by share, two M/M/1 of their own")
def _share() -> Case:
    line = queue(1, PER_WEEK, ITEMS, exponential(50))
    stage = dataclasses.replace(line.stages[0], pools=(("one", 0.7), ("two", 0.3)))
    pools = (Pool("one", 1, "always"), Pool("two", 1, "always"))
    waits = [single.mmc_wait(1, RATE * share, 50.0) for share in (0.7, 0.3)]
    theory = 0.7 * waits[0] + 0.3 * waits[1]
    return Case(
        dataclasses.replace(line, stages=(stage,), pools=pools),
        (Quantity("mean wait", "s", theory, wait()),),
        (SLOWER, "pools are preferred the other way round"),
    )


@case("routes: M/M/3 with a patience of 100 s (Barrer)")
def _patience() -> Case:
    """Who has waited 100 s is escalated to a stage with plenty of people."""
    mean, limit = 150.0, 100.0
    stages = (
        work("usual", exponential(mean), DELIVER, escalation=Escalation(limit, "other")),
        work("other", exponential(mean), DELIVER),
    )
    pools = (Pool("usual", 3, "always"), Pool("other", 40, "always"))
    line = queue(1, PER_WEEK, ITEMS, exponential(mean), stages=stages, pools=pools, first="usual")
    share, waited = patience.constant_patience(3, RATE, mean, limit)

    def escalated(log: object) -> float:
        tasks = log.tasks  # type: ignore[attr-defined]
        return float((tasks["outcome"] == "escalated").sum()) / len(log.items)  # type: ignore[attr-defined]

    return Case(
        line,
        (
            Quantity("is escalated", "", share, escalated),
            Quantity("mean wait of the others", "s", waited, wait("usual")),
        ),
        (SLOWER, "all have three times the patience"),
    )
