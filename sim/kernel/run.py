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
    items, tasks = _rows(world, rows.ITEM_ROWS), _rows(world, rows.TASK_ROWS)
    if all(segment.objects is None for segment in plan.line.segments):
        items["objects"] = np.full(len(items["item"]), NULL)
    people = _paged(world, rows.WORKERS)
    sat, retrained, over = (_array(world, number) for number in (rows.SAT, rows.RETRAINED, rows.OVER))
    begun = np.flatnonzero(people["begun"] != NONE)
    return Trace(
        engine="fast",
        ended_at=ended_at,
        items=items,
        tasks=tasks,
        pool=people["pool"].copy(),
        number=people["number"].copy(),
        cuts={int(k): int(people["cut"][k]) for k in np.flatnonzero(people["cut"] != NONE)},
        retrained=_spells(retrained["worker"], retrained["start"], retrained["end"]),
        sessions=_spells(sat["worker"], sat["start"], sat["end"])
        + _spells(begun, people["begun"][begun], np.full(begun.size, ended_at)),
        over=_spells(over["worker"], over["start"], np.where(over["end"] == NULL, ended_at, over["end"])),
    )


def _rows(world: NDArray[Any], number: int) -> dict[str, NDArray[np.int64]]:
    """The columns of a table of rows."""
    size, pages = _pages(world, number)
    names = rows.VECTORS[number].names or ()
    blocks = [_view(page, len(names) * PAGE, np.dtype(np.int64)).reshape(len(names), PAGE) for page in pages]
    ends = [min(PAGE, size - n * PAGE) for n in range(len(blocks))]
    columns = {}
    for place, name in enumerate(names):
        pieces = [block[place, :end] for block, end in zip(blocks, ends, strict=True)]
        columns[name] = np.concatenate([np.zeros(0, np.int64), *pieces])
    return columns


def _spells(*columns: Any) -> list[tuple[int, int, int]]:
    return list(zip(*(np.asarray(column).tolist() for column in columns), strict=True))


def _paged(world: NDArray[Any], number: int) -> NDArray[Any]:
    """A copy of all rows of a vector."""
    dtype = rows.VECTORS[number]
    size, pages = _pages(world, number)
    pieces = [_view(page, min(PAGE, size - n * PAGE), dtype) for n, page in enumerate(pages)]
    return np.concatenate([np.zeros(0, dtype), *pieces])


def _pages(world: NDArray[Any], number: int) -> tuple[int, list[int]]:
    """How many rows a vector has, and the addresses of its pages."""
    vector = _view(int(world["vectors_at"][0]) + number * VECTOR.itemsize, 1, VECTOR)[0]
    size = int(vector["size"])
    return size, _view(int(vector["table"]), -(-size // PAGE), np.dtype(np.int64)).tolist()


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
