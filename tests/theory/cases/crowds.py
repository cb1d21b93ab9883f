"""Sessions of a crowd with work in plenty: nobody waits for anybody, so sessions in progress are M/G/infinity."""

from __future__ import annotations

import numpy as np
from lines import WEEK, constant, exponential, queue

from labelcast.sim.line import Distribution, Line, Pool, Segment, Sessions
from labelcast.sim.log import Log

from ..case import Case, Quantity, case
from ..oracles import crowds

HOUR = 3600.0
PER_HOUR, TASK_S, TASKS, HOURS = 30.0, 60.0, 5, 100
WARM_HOURS = 1

MORE = "a session is good for one task more"
BACK = "half of the new people have been there before"


def line(per_hour: float, tasks: Distribution, time: Distribution, returning: float, hours: int, items: int) -> Line:
    """A crowd alone, with a long backlog."""
    sessions = Sessions(per_hour * WEEK / HOUR, "always", tasks, returning=returning)
    pools = (Pool("annotators", 0, "always", sessions=sessions),)
    segments = (Segment("items", backlog=items),)
    return queue(0, 0, 0, time, pools=pools, segments=segments, horizon_s=hours * HOUR)


def counted(log: Log, step_s: float) -> np.ndarray:
    """Sessions in progress, at moments `step_s` apart after the first hour."""
    rows = log.presence
    end = log.provenance.ended_at
    moments = np.arange(WARM_HOURS * HOUR * 1000, end, step_s * 1000)
    begun, over = np.sort(rows["from"].to_numpy()), np.sort(rows["to"].to_numpy())
    inside = np.searchsorted(begun, moments, side="right") - np.searchsorted(over, moments, side="right")
    return np.asarray(inside)


@case("crowds: sessions in progress, M/G/infinity")
def _sessions() -> Case:
    """From one to nine tasks, each as likely. Poisson: the variance is the mean."""
    tasks = Distribution("uniform", {"low": 0.5, "high": 2 * TASKS - 0.5})
    theory = crowds.in_progress(PER_HOUR / HOUR, TASKS * TASK_S)
    return Case(
        line(PER_HOUR, tasks, exponential(TASK_S), 0.0, HOURS, 20_000),
        (
            Quantity("mean number in progress", "sessions", theory, lambda log: float(counted(log, 30.0).mean())),
            Quantity("variance of the number", "sessions2", theory, lambda log: float(counted(log, 600.0).var(ddof=1))),
            Quantity(
                "labels an hour", "1/h", PER_HOUR * TASKS, lambda log: float(log.tasks["label"].notna().sum()) / HOURS
            ),
        ),
        (MORE,),
        replications=24,
    )


def _visits(log: Log) -> np.ndarray:
    """Sessions of each person: with one task a session, their tasks."""
    return np.bincount(log.tasks["worker"].dropna().to_numpy(np.int64))


def share_new(log: Log) -> float:
    """Share of the sessions after the first that are by somebody new."""
    visits = _visits(log)
    return float((len(visits) - 1) / (visits.sum() - 1))


@case("crowds: who comes back (Simon)")
def _simon() -> Case:
    """Sessions of one short task, so that hardly two of them overlap."""
    returning = 0.7
    new = crowds.people(2, returning) - 1.0
    return Case(
        line(600.0, constant(1.0), constant(0.5), returning, 8, 6000),
        (
            Quantity("sessions by somebody new", "", new, share_new),
            Quantity("people who came once", "", crowds.once(returning), lambda log: float((_visits(log) == 1).mean())),
        ),
        (BACK,),
    )
