"""Strain: for how long people were busier than their pool's cap of utilisation, person by person and week by week.

Weeks are counted from the origin; the last one is as long as the run is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .line import Pool
from .log import Log
from .paid import Present, busy_table, paid_tables
from .staff import people, presence_of, work_of
from .tables import Ints, names

WEEK_MS = 7 * 24 * 3_600_000

MILLIONTHS = 1_000_000

Caps = Mapping[str, float]
"""By pool, the share of a person's week on shift that may be busy."""


class Strain(NamedTuple):
    """Of a pool. ms: busy beyond the cap.  weeks: of persons, in which there is some."""

    ms: int
    weeks: int


def caps_of(pools: Sequence[Pool]) -> dict[str, float]:
    """The caps of those that have one."""
    return {pool.name: pool.utilisation_cap for pool in pools if pool.utilisation_cap is not None}


def strains(
    busy: Ints, present: Present, pool_of: Ints, pools: Sequence[str], caps: Caps, ended: int
) -> dict[str, Strain]:
    """By pool with a cap. busy: int64[worker, week], milliseconds on shift with a task, at least of the workers of
    these pools.  pool_of: of each worker.  pools: names by code; a pool that is not there has no strain."""
    found = {}
    for pool, cap in caps.items():
        mine = np.flatnonzero(pool_of == (pools.index(pool) if pool in pools else -1))
        there = _on_shift(present, mine, len(pool_of), busy.shape[1], ended)
        allowed = round(cap * MILLIONTHS) * there // MILLIONTHS  # whole numbers: their order means nothing
        beyond = np.maximum(busy[mine] - allowed, 0)
        found[pool] = Strain(int(beyond.sum()), int((beyond > 0).sum()))
    return found


def strains_of(log: Log, caps: Caps) -> dict[str, Strain]:
    """`strains`, of a log."""
    if not caps:
        return {}
    who, ended = people(log), log.provenance.ended_at
    there, everyone = presence_of(log, who), len(who.pool)
    work, edges = work_of(log, who, np.zeros(len(log.tasks), np.int64)), _edges(-(-ended // WEEK_MS))
    busy = busy_table(work, there, np.arange(everyone), everyone, 1, edges, ended)[:, :, 0]
    return strains(busy, there, who.pool, names(log.tasks["pool"]), caps, ended)


def _on_shift(present: Present, mine: Ints, everyone: int, weeks: int, ended: int) -> Ints:
    """int64[of mine, week], milliseconds on shift."""
    number = np.full(everyone + 1, -1)  # one more, for nobody known
    number[mine] = np.arange(mine.size)
    rows = present._replace(worker=number[present.worker])
    return paid_tables(*rows, np.arange(mine.size), mine.size, _edges(weeks), ended).on_shift


def _edges(weeks: int) -> NDArray[np.int64]:
    return np.arange(weeks + 1) * WEEK_MS
