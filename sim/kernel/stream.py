"""A run of the kernel without a log: rows go to a fold as items are over; what spans items is accounted for here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..attendance import attendance
from ..draws import stream as luck_of
from ..plan import Plan
from ..releases import Releases, blocks, releases
from ..rosters import Roster
from ..tables import NULL
from ..tally.columns import ITEM_WIDTH, TASK_WIDTH
from . import engine
from . import world as rows
from .accounts import WEEK_MS
from .pack import Packed, arrivals_of, world_of
from .packer import Packer
from .run import array_of, memory, spells_of, vector_of, view

Ints = NDArray[np.int64]
Fold = Callable[[Ints, Ints, int], None]
"""Is given rows of items and of their tasks, see sim/tally/columns.py, and the end of the run as far as it is known.
It must not keep them."""

BLOCK = 1 << 14
"""So many items are made at a time."""

SERIALS = 1 << 40
"""Number of the first item that the run itself makes; in a log they follow on those that arrive."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What a stream accounts for.

    edges: where each stretch of the ledger's time begins, milliseconds, the first at or before the origin.
    activity: int64[stage, 3, 2], of tasks, see ledger.activity_codes; activities: how many there
    are.  terms: int64[pool, stretch], accounts.PRICED and REWORK_PAID.  tiers: whether a price hangs on the number of
    labels.  account: int64[pool], the first pool of those whose labels are numbered together; counting:
    int64[pool, stretch], rising; labels are numbered anew in each.  windows: (segment or NONE, items).  load: whether
    week by week how busy each person of the staff is.
    """

    edges: Ints
    activity: Ints
    activities: int
    terms: Ints
    tiers: bool
    account: Ints
    counting: Ints
    windows: Sequence[tuple[int, int]] = ()
    load: bool = False


@dataclass(frozen=True, eq=False)
class Streamed:
    """What a run without a log leaves, beside what was folded.

    busy: int64[pool, stretch, activity, segment + 1], milliseconds on shift.  queue_max: int64[stage].  windows: when
    each was full, NULL for never.  presence: int64[n, 4] worker, from, to, kind.  pool, done: of each worker; done:
    tasks finished.  spent, many: int64[pool, week], active milliseconds and labels by week of a worker's work.
    load: int64[person of the roster, week], milliseconds on shift with a task; nobody where it was not asked for.
    """

    ended_at: int
    busy: Ints
    queue_max: Ints
    windows: Ints
    presence: Ints
    pool: Ints
    done: Ints
    spent: Ints
    many: Ints
    load: Ints


def stream(plan: Plan, seed: int, replication: int, asked: Asked, fold: Fold) -> Streamed:
    """Runs one replication, until the last delivery or the horizon, in memory that grows with work in progress.

    What is folded are the rows of the log of kernel.run, some thousands of items at a time; those that are open come
    last, when the end is known. With dates on which items go back all are kept to the end.
    """
    luck = luck_of(seed, replication)
    coming = blocks(plan, luck, BLOCK)
    packed = world_of(plan, luck, _first(plan, luck, coming))
    packer = Packer()
    tables = _ask(packer, packed, plan, asked)
    following = next(coming, None)
    w = packed.world[0]
    w["more"] = int(following is not None)
    w["coming"] += w["more"]
    with memory(packed.world):
        while (why := int(engine.run(packed.world))) != engine.OVER:
            if why == engine.WANTS:
                assert following is not None
                block, following = following, next(coming, None)
                _bring(packed, block, following is None)
            else:
                _fold(packed.world, fold, int(w["ended"]) if w["phase"] == engine.REST else rows.NEVER)
        ended_at = int(w["ended"])
        _fold(packed.world, fold, ended_at)
        return _streamed(packed.world, packed.roster, tables, ended_at)


def _first(plan: Plan, luck: int, coming: Iterator[Releases]) -> Releases:
    """The first items, at least those under way at the start."""
    under_way = len({(task.segment, task.item) for task in plan.initial})
    parts = [next(coming, None) or releases(plan, luck)]  # without any block there is no item at all
    while sum(part.arrived.size for part in parts) < under_way:
        parts.append(next(coming))
    if len(parts) == 1:
        return parts[0]
    return Releases._make(np.concatenate(column) for column in zip(*parts, strict=True))


def _ask(packer: Packer, packed: Packed, plan: Plan, asked: Asked) -> dict[str, NDArray[Any]]:
    """Says in a world what is accounted for; the tables that it fills."""
    w = packed.world[0]
    pools, segments, stretches = len(plan.pools), len(plan.segments), len(asked.edges)
    first = min([0, *(round(1000 * task.started_s) for task in plan.initial if task.started_s is not None)])
    weeks = (plan.horizon - first) // WEEK_MS + 1
    tables = {
        "busy": np.zeros((pools, stretches, asked.activities, segments + 1), np.int64),
        "spent": np.zeros((pools, weeks), np.int64),
        "many": np.zeros((pools, weeks), np.int64),
        "load": np.zeros((len(packed.roster.pool) if asked.load else 0, -(-plan.horizon // WEEK_MS) + 1), np.int64),
        "windows": np.array([(*each, 0, NULL) for each in asked.windows], np.int64).reshape(-1, 4),
    }
    w["streams"], w["objects"] = 1, any(segment.objects is not None for segment in plan.line.segments)
    w["stretches"], w["edges_at"] = stretches, packer.ints(asked.edges)
    w["activities"], w["activity_at"] = asked.activities, packer.ints(asked.activity)
    w["account_at"], w["count_at"] = packer.ints(asked.account), packer.ints(asked.counting)
    w["terms_at"], w["tiers"], w["weeks"] = packer.ints(asked.terms), asked.tiers, weeks
    w["windows"], w["item_serials"] = len(asked.windows), SERIALS
    w["load_people"], w["load_weeks"] = tables["load"].shape
    for name, table in tables.items():
        w[f"{name}_at"] = table.ctypes.data
    packed.kept.extend(packer.kept)
    return tables


def _bring(packed: Packed, items: Releases, last: bool) -> None:
    """Gives a world the next items that are to come."""
    w, arrivals = packed.world[0], arrivals_of(items)
    lines = vector_of(packed.world, rows.BACKLOGS)
    needed = set(lines["rows_at"][lines["next"] < lines["end"]].tolist())
    packed.arrivals = [*(one for one in packed.arrivals if one.ctypes.data in needed), arrivals]
    w["first_arrival"] = w["arrivals"]
    w["arrivals"] += len(arrivals)
    w["arrival_at"] = arrivals.ctypes.data
    w["left"] += len(arrivals)
    if last:
        w["more"] = 0
        w["coming"] -= 1


def _fold(world: NDArray[Any], fold: Fold, ended_at: int) -> None:
    """Folds the rows that a world has written, and takes them out."""
    widths = {rows.ITEMS_OVER: ITEM_WIDTH, rows.TASKS_OVER: TASK_WIDTH}
    given = []
    for number, width in widths.items():
        array = array_of(world, number)
        size = int(array["size"])
        given.append(view(int(array["start"]), size * width, np.dtype(np.int64)).reshape(size, width))
        array["size"] = 0
    fold(given[0], given[1], ended_at)


def _streamed(world: NDArray[Any], roster: Roster, tables: dict[str, NDArray[Any]], ended_at: int) -> Streamed:
    people = vector_of(world, rows.WORKERS)
    stages = view(int(world["stage_state_at"][0]), int(world["stages"][0]), rows.STAGE_STATE)
    return Streamed(
        ended_at=ended_at,
        busy=tables["busy"],
        queue_max=stages["most"].copy(),
        windows=tables["windows"][:, 3],
        presence=attendance(roster, *spells_of(world, people, ended_at), ended_at),
        pool=people["pool"].copy(),
        done=people["done"].copy(),
        spent=tables["spent"],
        many=tables["many"],
        load=tables["load"],
    )
