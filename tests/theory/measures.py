"""What the cases ask of a log, from its rows alone. Seconds, or numbers of items."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from labelcast.sim.log import Log

Measure = Callable[[Log], float]

SECOND = 1000.0


def _tasks(log: Log, stage: str | None, segment: str | None) -> pd.DataFrame:
    """Tasks that were started, of a stage, on items of a segment."""
    tasks = log.tasks[log.tasks["started_at"].notna()]
    if stage is not None:
        tasks = tasks[tasks["stage"] == stage]
    if segment is not None:
        tasks = tasks[(log.items["segment"] == segment).to_numpy()[tasks["item"].to_numpy()]]
    return tasks


def _mean(later: pd.Series, earlier: pd.Series) -> float:
    return float((later - earlier).mean()) / SECOND


def wait(stage: str | None = None, segment: str | None = None) -> Measure:
    """Mean time from ready to started."""

    def measure(log: Log) -> float:
        tasks = _tasks(log, stage, segment)
        return _mean(tasks["started_at"], tasks["ready_at"])

    return measure


def whole_wait(stage: str | None = None) -> Measure:
    """Mean time from being asked for to started."""

    def measure(log: Log) -> float:
        tasks = _tasks(log, stage, None)
        return _mean(tasks["started_at"], tasks["enqueued_at"])

    return measure


def wait_square(log: Log) -> float:
    """Mean square of the wait, square seconds."""
    waits = (log.tasks["started_at"] - log.tasks["ready_at"]).to_numpy(np.float64) / SECOND
    return float((waits**2).mean())


def waits_longer(than_s: float) -> Measure:
    """Share of the tasks that wait longer."""

    def measure(log: Log) -> float:
        return float((log.tasks["started_at"] - log.tasks["ready_at"] > than_s * SECOND).mean())

    return measure


def time_in_line(segment: str | None = None) -> Measure:
    """Mean time from arrival to delivery."""

    def measure(log: Log) -> float:
        items = log.items if segment is None else log.items[log.items["segment"] == segment]
        return _mean(items["delivered_at"], items["arrived_at"])

    return measure


def number_at(stage: str) -> Measure:
    """Mean number of tasks that wait or are in progress at a stage, over the run."""

    def measure(log: Log) -> float:
        tasks = _tasks(log, stage, None)
        return float((tasks["finished_at"] - tasks["ready_at"]).sum()) / log.provenance.ended_at

    return measure


def visits_to(stage: str) -> Measure:
    """Tasks of a stage per item."""
    return lambda log: len(_tasks(log, stage, None)) / len(log.items)


def interior(log: Log) -> tuple[int, int]:
    """The middle of the run: the moments after which a tenth, and nine tenths, of the items have been delivered."""
    delivered = np.sort(log.items["delivered_at"].to_numpy(np.int64))
    return int(delivered[len(delivered) // 10]), int(delivered[len(delivered) * 9 // 10])


def throughput(log: Log) -> float:
    """Items delivered a second, in the middle of the run."""
    first, last = interior(log)
    return float(log.items["delivered_at"].between(first, last, inclusive="right").sum()) / (last - first) * SECOND


def inside_at(stage: str) -> Measure:
    """Mean number of tasks that wait or are in progress at a stage, in the middle of the run."""

    def measure(log: Log) -> float:
        first, last = interior(log)
        tasks = _tasks(log, stage, None)
        times = tasks["finished_at"].clip(first, last) - tasks["ready_at"].clip(first, last)
        return float(times.sum()) / (last - first)

    return measure


def number_at_hour(hour: int, warm_days: int) -> Measure:
    """Mean number of items in the line at an hour of the day (UTC, the line starts at midnight), over the days after
    the first few."""

    def measure(log: Log) -> float:
        items = log.items
        days = int(log.provenance.ended_at) // 86_400_000
        moments = (np.arange(warm_days, days) * 24 + hour) * 3_600_000
        came = np.sort(items["arrived_at"].to_numpy(np.int64))
        went = np.sort(items["delivered_at"].to_numpy(np.int64, na_value=2**62))
        inside = np.searchsorted(came, moments, side="right") - np.searchsorted(went, moments, side="right")
        return float(inside.mean())

    return measure
