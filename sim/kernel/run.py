"""A run of the kernel, and the log that it leaves."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..log import Log
from ..plan import Plan
from ..tables import NULL
from ..trace import Trace, log_of
from . import engine
from . import world as rows
from .memory import ARRAY, NONE, PAGE, VECTOR
from .pack import Packed, pack


def run(plan: Plan, seed: int, replication: int) -> Log:
    """The log of one replication, until the last delivery or the horizon: that of reference.run, row for row."""
    packed = pack(plan, seed, replication)
    with memory(packed.world):
        ended_at = int(engine.run(packed.world))
        trace = trace_of(plan, packed, ended_at)
    return log_of(plan, seed, replication, packed.roster, trace)


@contextmanager
def memory(world: NDArray[Any]) -> Iterator[None]:
    """The memory of what comes and goes on a world, given back at the end."""
    engine.open_world(world)
    try:
        yield
    finally:
        engine.close_world(world)


def trace_of(plan: Plan, packed: Packed, ended_at: int) -> Trace:
    """The trace of a run that ended at `ended_at`."""
    world = packed.world
    engine.count_out(world)
    tasks, items, people = (_paged(world, vector) for vector in (rows.TASKS, rows.ITEMS, rows.WORKERS))
    over = tasks[(tasks["over"] != 0) & (tasks["void"] == 0)]
    ends = np.where(over["finished"] == NULL, ended_at, over["finished"])
    sat, begun = _array(world, rows.SAT), np.flatnonzero(people["begun"] != NONE)
    retrained = _array(world, rows.RETRAINED)
    return Trace(
        engine="kernel",
        ended_at=ended_at,
        items=_items(plan, packed, items, ended_at),
        tasks=_tasks(tasks[tasks["void"] == 0], items["number"], people["number"]),
        pool=people["pool"].copy(),
        number=people["number"].copy(),
        cuts={int(k): int(people["cut"][k]) for k in np.flatnonzero(people["cut"] != NONE)},
        retrained=_spells(retrained["worker"], retrained["start"], retrained["end"]),
        sessions=_spells(sat["worker"], sat["start"], sat["end"])
        + _spells(begun, people["begun"][begun], np.full(begun.size, ended_at)),
        over=_spells(over["worker"], over["started"], ends),
    )


def _items(plan: Plan, packed: Packed, items: NDArray[Any], ended_at: int) -> dict[str, NDArray[np.int64]]:
    """The items that arrived by the end; those of the last tick that had not entered yet are in no row of the world."""
    objects = any(segment.objects is not None for segment in plan.line.segments)
    delivered = items["delivered"] != NULL
    return {
        "item": items["number"],
        "segment": items["segment"],
        "arrived_at": items["arrived"],
        "due_at": items["due"],
        "delivered_at": items["delivered"],
        "final_label": np.where(delivered, items["label"], NONE),
        "truth": items["truth"],
        "gold": np.where(items["gold"] != 0, 1, NONE),
        "duplicate_of": np.where(items["original"] < 0, NULL, items["original"]),
        "lot": items["lot"],
        "objects": items["objects"] if objects else np.full(items.size, NULL),
        "dropped_at": items["dropped"],
        "dropped_as": items["dropped_as"],
    }


def _tasks(
    tasks: NDArray[Any], item_number: NDArray[np.int64], worker_number: NDArray[np.int64]
) -> dict[str, NDArray[np.int64]]:
    done, manned = tasks["finished"] != NULL, tasks["worker"] != NONE
    number = np.full(tasks.size, NULL)
    number[manned] = worker_number[tasks["worker"][manned]]
    return {
        "item": item_number[tasks["item"]],
        "stage": tasks["stage"],
        "round": tasks["round"],
        "replica": tasks["replica"],
        "pool": tasks["pool"],
        "worker": number,
        "enqueued_at": tasks["enqueued"],
        "ready_at": tasks["ready"],
        "consensus_ms": tasks["consensus"],
        "handoff_ms": tasks["handoff"],
        "started_at": tasks["started"],
        "finished_at": tasks["finished"],
        "active_ms": np.where(done, tasks["active"], NULL),
        "batch": tasks["batch"],
        "suggestion": tasks["suggestion"],
        "label": np.where(done, tasks["label"], NONE),
        "outcome": tasks["outcome"],
    }


def _spells(*columns: Any) -> list[tuple[int, int, int]]:
    return list(zip(*(np.asarray(column).tolist() for column in columns), strict=True))


def _paged(world: NDArray[Any], number: int) -> NDArray[Any]:
    """A copy of all rows of a vector."""
    dtype = rows.VECTORS[number]
    vector = _view(int(world["vectors_at"][0]) + number * VECTOR.itemsize, 1, VECTOR)[0]
    size = int(vector["size"])
    table = _view(int(vector["table"]), -(-size // PAGE), np.dtype(np.int64))
    pages = [_view(int(page), min(PAGE, size - n * PAGE), dtype) for n, page in enumerate(table)]
    return np.concatenate([np.zeros(0, dtype), *pages])


def _array(world: NDArray[Any], number: int) -> NDArray[Any]:
    """A copy of all rows of an array."""
    array = _view(int(world["arrays_at"][0]) + number * ARRAY.itemsize, 1, ARRAY)[0]
    return _view(int(array["start"]), int(array["size"]), rows.ARRAYS[number]).copy()


def _view(address: int, size: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """An array over memory that something else owns."""
    if size == 0:
        return np.zeros(0, dtype)
    buffer: Any = (ctypes.c_char * (size * dtype.itemsize)).from_address(address)
    return np.frombuffer(buffer, dtype)
