"""A plan and the luck of one replication as the arrays that the kernel reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..calendars import Shifts, open_before
from ..draws import stream
from ..line import OpenTask
from ..plan import OPEN, Plan
from ..releases import Releases, releases
from ..rosters import Roster, roster
from ..sessions import Sessions, sessions
from . import world as rows
from .memory import NONE
from .packer import Packer, copied
from .tables import fixed, pack_people

_AT_ONCE = 1 << 12


@dataclass(eq=False)
class Packed:
    """A world before its start, and the arrays whose addresses it holds. roster: what its people are made of."""

    world: NDArray[Any]
    roster: Roster
    kept: list[NDArray[Any]] = field(default_factory=list)
    arrivals: list[NDArray[Any]] = field(default_factory=list)
    """Items that came later, as long as they are needed."""


def pack(plan: Plan, seed: int, replication: int) -> Packed:
    """The world of one replication, with all items that are to come."""
    luck = stream(seed, replication)
    return world_of(plan, luck, releases(plan, luck))


def world_of(plan: Plan, luck: int, items: Releases) -> Packed:
    """The world of one replication, with the first of the items that are to come, those under way among them."""
    given, packer, people = fixed(plan), Packer(), roster(plan, luck)
    world = copied(given.world)
    w = world[0]
    w["stream"] = luck
    rooms = {name: copied(room) for name, room in given.rooms.items()}
    for name, room in rooms.items():
        w[name] = packer.keep(room)
    if given.roster is None:
        pack_people(packer, w, people)
    _work(plan, packer, w, items, people)
    crowds = [sessions(plan, luck, p) if pool.crowd else None for p, pool in enumerate(plan.pools)]
    _crowds(packer, rooms["pool_state_at"], crowds)
    return Packed(world, people, [*given.kept, *packer.kept])


def _work(plan: Plan, packer: Packer, w: Any, items: Releases, people: Roster) -> None:
    """The items that are to come, and those that are under way at time zero."""
    arrivals = arrivals_of(items)
    w["arrivals"], w["arrival_at"] = len(arrivals), packer.keep(arrivals)
    under_way = (
        {
            (int(segment), int(serial) - OPEN): number
            for number, (segment, serial) in enumerate(zip(items.segment, items.serial, strict=True))
            if OPEN <= serial < 2 * OPEN
        }
        if plan.initial
        else {}
    )
    w["under_way"], w["left"], w["item_serials"] = len(under_way), len(arrivals), len(arrivals)
    opened = [_opened(plan, packer, task, under_way, people) for task in plan.initial]
    w["opened"], w["opened_at"] = len(opened), packer.table(rows.OPENED, opened)


def arrivals_of(items: Releases) -> NDArray[Any]:
    """Items as the kernel reads them. Made some thousands at a time, which the machine's cache holds."""
    arrivals = np.empty(len(items.arrived), rows.ARRIVAL)
    for start in range(0, len(arrivals), _AT_ONCE):
        here = slice(start, start + _AT_ONCE)
        for name in rows.ARRIVAL.names or ():
            arrivals[name][here] = getattr(items, "duplicate_of" if name == "original" else name)[here]
    return arrivals


def _opened(
    plan: Plan, packer: Packer, task: OpenTask, under_way: dict[tuple[int, int], int], people: Roster
) -> dict[str, Any]:
    """A task of the initial state."""
    pools = {pool.name: n for n, pool in enumerate(plan.pools)}
    staff = {(p, n): k for k, (p, n) in enumerate(zip(people.pool.tolist(), people.number.tolist(), strict=True))}
    segment = next(n for n, one in enumerate(plan.segments) if one.name == task.segment)
    labels = [
        {"worker": staff[pools[pool], slot], "label": plan.classes.index(label) if label else NONE}
        for pool, slot, label in task.labels
    ]
    row = {
        "item": under_way[segment, task.item],
        "stage": next(n for n, stage in enumerate(plan.stages) if stage.name == task.stage),
        "round": task.round,
        "replica": task.replica,
        "enqueued": round(task.enqueued_s * 1000),
        "pool": NONE if task.pool is None else pools[task.pool],
        "worker": NONE,
        "given": len(labels),
        "given_at": packer.table(rows.GIVEN, labels),
    }
    if task.slot is None:
        return row
    assert task.pool is not None, "who has a task in hand has a pool"
    k = staff[pools[task.pool], task.slot]
    spans: Shifts = people.shift_sets[people.shift_of[k]]
    started = round((task.started_s or 0.0) * 1000)
    remaining = max(plan.tick, round((task.remaining_s or 0.0) * 1000))
    worked = open_before(*spans, 0) - started
    active = remaining + max(0, round(worked / plan.pools[pools[task.pool]].pace))
    return row | {"worker": k, "started": started, "remaining": remaining, "active": active}


def _crowds(packer: Packer, pools: NDArray[Any], crowds: Sequence[Sessions | None]) -> None:
    """The sessions of each pool."""
    for state, coming in zip(pools, crowds, strict=True):
        if coming is None:
            continue
        spells = np.zeros(len(coming.at), rows.SESSION)
        for name, column in zip(rows.SESSION.names or (), coming, strict=True):
            spells[name] = column
        state["sessions"], state["session_at"] = len(spells), packer.keep(spells)
        state["people_at"] = packer.ints(np.full(int(coming.person.max(initial=-1)) + 1, NONE, np.int64))
