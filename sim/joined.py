"""One log of a line's past and of its time ahead, so that whatever measures a log measures the whole project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .line import Line
from .log import Log
from .standing import Standing
from .tables import NULL, codes, ints, make_log, names
from .today import unbegun

Ints = NDArray[np.int64]

MOMENTS = {
    "items": ("arrived_at", "due_at", "delivered_at", "dropped_at", "refused_at"),
    "tasks": ("enqueued_at", "ready_at", "started_at", "finished_at"),
    "presence": ("from", "to"),
}
"""Columns that hold moments, by table."""


def joined(past: Log, future: Log, line: Line, standing: Standing) -> Log:
    """The log of the whole project, from the start of `line` on.

    past: up to the standing, its items numbered from 0.  future: of a run of `ahead(line, standing)`.  Items that stood
    somewhere are one item in both; those that nobody had begun came when they were planned to.
    """
    at = standing.at_ms
    opened = _opened(line, standing)
    before, after = _columns(past, "items"), _columns(future, "items", at)
    number = np.arange(len(future.items), dtype=np.int64) + len(past.items) - len(opened)
    number[: len(opened)] = opened
    theirs = _columns(future, "tasks", at)
    _planned(after, theirs, line, standing, len(opened))
    kept = np.ones(len(past.items), np.bool_)
    kept[opened] = False
    items = {name: np.concatenate([before[name][kept], after[name]]) for name in before}
    items["item"] = np.concatenate([before["item"][kept], number])
    copied = items["duplicate_of"][-len(number) :] if len(number) else np.zeros(0, np.int64)
    items["duplicate_of"][len(items["item"]) - len(number) :] = np.where(
        copied == NULL, NULL, number[np.clip(copied, 0, None)]
    )
    theirs["item"] = number[theirs["item"]]
    _begun(theirs, standing)
    tasks = _stacked(_columns(past, "tasks"), theirs)
    presence = _stacked(_columns(past, "presence"), _columns(future, "presence", at))
    provenance = replace(future.provenance, origin=past.provenance.origin, ended_at=future.provenance.ended_at + at)
    return make_log(items, tasks, presence, categories(future), provenance)


def _begun(tasks: dict[str, Ints], standing: Standing) -> None:
    """Puts the starts of tasks in hand back to when they were: a run knows only how long was spent on them."""
    begun = {(one.item, mine.replica): mine.begun_ms for one in standing.waits for mine in one.in_hand}
    started = tasks["started_at"]
    for place in np.flatnonzero((started != NULL) & (started <= standing.at_ms)):
        key = int(tasks["item"][place]), int(tasks["replica"][place])
        started[place] = max(begun.get(key, int(started[place])), int(tasks["enqueued_at"][place]))


def categories(log: Log) -> dict[str, Sequence[str]]:
    """The words of a log's categorical columns, as make_log wants them."""
    return {
        "segment": names(log.items["segment"]),
        "stage": names(log.tasks["stage"]),
        "pool": names(log.tasks["pool"]),
        "label": names(log.items["truth"]),
        "outcome": names(log.tasks["outcome"]),
        "kind": names(log.presence["kind"]),
    }


def _opened(line: Line, standing: Standing) -> Ints:
    """Numbers in the past of the items that a run takes up, in the order in which it numbers them."""
    place = {segment.name: number for number, segment in enumerate(line.segments)}
    known = {one.item: (one.came_ms, place[one.segment], one.item) for one in standing.waits}
    return np.array([item for _, _, item in sorted(known.values())], np.int64)


def _planned(items: dict[str, Ints], tasks: dict[str, Ints], line: Line, standing: Standing, first: int) -> None:
    """Puts the items of the backlog, from place `first` on, back to when they were planned to come; since then they
    have waited at the stage where items enter."""
    later = np.zeros(items["item"].size, np.int64)
    arrived, due, segment = items["arrived_at"], items["due_at"], items["segment"]
    for number, one in enumerate(line.segments):
        here = first + np.flatnonzero((segment[first:] == number) & (arrived[first:] == standing.at_ms))
        moments = [np.full(count, round(at_s * 1000), np.int64) for at_s, count in unbegun(one, standing)]
        came = np.concatenate(moments) if moments else np.zeros(0, np.int64)
        here = here[: came.size]
        came = came[: here.size]
        if one.due_s is not None:
            due[here] -= standing.at_ms - came
        later[here] = arrived[here] - came
        arrived[here] = came
    entry = next(number for number, stage in enumerate(line.stages) if stage.name == line.first)
    waited = np.flatnonzero((tasks["stage"] == entry) & (tasks["enqueued_at"] == standing.at_ms))
    for name in ("enqueued_at", "ready_at"):
        at_once = waited[tasks[name][waited] == standing.at_ms]
        tasks[name][at_once] -= later[tasks["item"][at_once]]


def _columns(log: Log, table: str, later: int = 0) -> dict[str, Ints]:
    """The columns of a table as plain numbers, its moments `later` milliseconds on."""
    frame = getattr(log, table)
    found = {}
    for name in frame.columns:
        values = _plain(frame[name])
        if later and name in MOMENTS[table]:
            values = np.where(values == NULL, NULL, values + later)
        found[str(name)] = values
    return found


def _plain(column: Any) -> Ints:
    if str(column.dtype) == "category":
        return codes(column).astype(np.int64)
    if str(column.dtype) == "boolean":
        return np.asarray(column.astype("Int64").fillna(-1).to_numpy(np.int64))
    return ints(column).copy()


def _stacked(one: Mapping[str, Ints], other: Mapping[str, Ints]) -> dict[str, Ints]:
    return {name: np.concatenate([one[name], other[name]]) for name in one}
