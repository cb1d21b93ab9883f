"""A run of the kernel, and the log that it leaves."""

from __future__ import annotations

import ctypes
import mmap
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..attendance import Spell
from ..log import Log
from ..plan import Plan
from ..tables import NULL
from ..trace import Ends, Trace, log_of
from . import engine
from . import world as rows
from .memory import ARRAY, NONE, VECTOR
from .pack import Packed, pack
from .packer import copied


def run(plan: Plan, seed: int, replication: int) -> Log:
    """The log of one replication, until the last delivery or the horizon: that of reference.run, row for row."""
    packed = pack(plan, seed, replication)
    return log_of(plan, seed, replication, packed.roster, _trace(plan, packed))


def ends(plan: Plan, seed: int, replication: int) -> Ends:
    """When tasks and items of one replication were done; see Ends."""
    trace = _trace(plan, pack(plan, seed, replication))
    return Ends(trace.tasks["item"], trace.tasks["finished_at"], trace.items["delivered_at"])


def _trace(plan: Plan, packed: Packed) -> Trace:
    with memory(packed.world):
        engine.run(packed.world)
        return trace_of(plan, packed, int(packed.world["ended"][0]))


ROWS = (1 << 27) - 520
"""So many rows a vector has room for, if the machine lets that much of its addresses be taken; else half as many, .."""

KEPT = 1 << 28
"""Bytes that a run may leave to the next one."""

_TABLES = ("items", "tasks", "cells", "workers", "shifts", "queues", "nodes", "towers", "lot_rows", "backlogs")
"""Fields of the world for the first of VECTORS."""

_WIDTHS = np.array([dtype.itemsize for dtype in rows.VECTORS], np.int64)


@contextmanager
def memory(world: NDArray[Any]) -> Iterator[None]:
    """The memory of what comes and goes on a world, given back at the end."""
    try:
        taken = _idle.pop()  # at once, since another thread may
    except IndexError:
        taken = _Addresses(int(_WIDTHS.sum()))
    vectors = view(int(world["vectors_at"][0]), len(_WIDTHS), VECTOR)
    vectors["start"] = taken.start + taken.rows * (np.cumsum(_WIDTHS) - _WIDTHS)
    vectors["room"] = taken.rows
    for name, start in zip(_TABLES, vectors["start"].tolist(), strict=False):
        world[name] = start
    try:
        yield
    finally:
        used = int((vectors["size"] * _WIDTHS).sum())
        engine.close_world(world)
        if used <= KEPT:
            _idle.append(taken)


class _Addresses:
    """Room for rows of all vectors. It takes memory as it is used, and keeps it until it is let go of."""

    def __init__(self, width: int) -> None:
        self.rows, flags = ROWS, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0)
        while True:
            try:
                self._map = mmap.mmap(-1, self.rows * width, flags=flags)
                break
            except OSError:
                if self.rows < 1 << 16:
                    raise
                self.rows //= 2
        self.start = ctypes.addressof(ctypes.c_char.from_buffer(self._map))


_idle: list[_Addresses] = []
"""Those of runs that are over, for the next ones: memory that is in use already is quicker than new memory."""


def trace_of(plan: Plan, packed: Packed, ended_at: int) -> Trace:
    """The trace of a run that ended at `ended_at`."""
    world = packed.world
    items, tasks = _rows(world, rows.ITEM_ROWS), _rows(world, rows.TASK_ROWS)
    if all(segment.objects is None for segment in plan.line.segments):
        items["objects"] = np.full(len(items["item"]), NULL)
    people = vector_of(world, rows.WORKERS)
    cuts, sessions, over, retrained = spells_of(world, people, ended_at)
    return Trace(
        engine="fast",
        ended_at=ended_at,
        items=items,
        tasks=tasks,
        pool=people["pool"].copy(),
        number=people["number"].copy(),
        cuts=cuts,
        retrained=retrained,
        sessions=sessions,
        over=over,
    )


def spells_of(
    world: NDArray[Any], people: NDArray[Any], ended_at: int
) -> tuple[dict[int, int], list[Spell], list[Spell], list[Spell]]:
    """What the run added to the roster, see Trace: cuts, sessions, over, retrained. people: all workers."""
    sat, retrained, over = (_rows_of(world, number) for number in (rows.SAT, rows.RETRAINED, rows.OVER))
    begun = np.flatnonzero(people["begun"] != NONE)
    return (
        {int(k): int(people["cut"][k]) for k in np.flatnonzero(people["cut"] != NONE)},
        _spells(sat["worker"], sat["start"], sat["end"])
        + _spells(begun, people["begun"][begun], np.full(begun.size, ended_at)),
        _spells(over["worker"], over["start"], np.where(over["end"] == NULL, ended_at, over["end"])),
        _spells(retrained["worker"], retrained["start"], retrained["end"]),
    )


def _rows(world: NDArray[Any], number: int) -> dict[str, NDArray[np.int64]]:
    """The columns of a table of rows."""
    vector, columns = _vector(world, number), {}
    for place, name in enumerate(rows.VECTORS[number].names or ()):
        start = int(vector["start"]) + 8 * place * int(vector["room"])
        columns[name] = view(start, int(vector["size"]), np.dtype(np.int64)).copy()
    return columns


def _spells(*columns: Any) -> list[Spell]:
    return list(zip(*(np.asarray(column).tolist() for column in columns), strict=True))


def vector_of(world: NDArray[Any], number: int) -> NDArray[Any]:
    """A copy of all rows of a vector."""
    vector = _vector(world, number)
    return copied(view(int(vector["start"]), int(vector["size"]), rows.VECTORS[number]))


def _vector(world: NDArray[Any], number: int) -> Any:
    return view(int(world["vectors_at"][0]), len(rows.VECTORS), VECTOR)[number]


def array_of(world: NDArray[Any], number: int) -> Any:
    """The head of an array of a world."""
    return view(int(world["arrays_at"][0]) + number * ARRAY.itemsize, 1, ARRAY)[0]


def _rows_of(world: NDArray[Any], number: int) -> NDArray[Any]:
    """A copy of all rows of an array."""
    array = array_of(world, number)
    return copied(view(int(array["start"]), int(array["size"]), rows.ARRAYS[number]))


_EVERYWHERE: Any = (ctypes.c_char * sys.maxsize).from_address(0)
"""All memory: to make a type of buffer for each size takes longer than to read it."""


def view(address: int, size: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """An array over memory that something else owns."""
    return np.frombuffer(_EVERYWHERE, dtype, size, address) if size else np.zeros(0, dtype)
