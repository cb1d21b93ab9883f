"""What a run leaves behind, whichever engine ran it, and the log that is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .attendance import Spell, attendance
from .log import OUTCOMES, PRESENCE, Log, Provenance
from .plan import Plan
from .rosters import Roster
from .tables import make_log

Ints = NDArray[np.int64]


class Ends(NamedTuple):
    """What a run tells of itself without a log: the item of each task and when it was finished, when each item was
    delivered; milliseconds, NULL where it was not. Items are numbered in the order in which they arrived."""

    item: Ints
    finished: Ints
    delivered: Ints


@dataclass(frozen=True, eq=False)
class Trace:
    """A run, for its log.

    engine: who ran it.  ended_at: milliseconds.  items, tasks: columns of the log's tables as tables.make_log wants
    them.  pool, number: of all workers, those of the roster first.  cuts: when workers were sent home.  retrained:
    (worker, from, to).  sessions: (worker, from, to), to the end of the run for one that lasts.  over: (worker, from,
    to) of tasks that were finished past a shift.
    """

    engine: str
    ended_at: int
    items: dict[str, Ints]
    tasks: dict[str, Ints]
    pool: Ints
    number: Ints
    cuts: dict[int, int]
    retrained: list[Spell]
    sessions: list[Spell]
    over: list[Spell]


def log_of(plan: Plan, seed: int, replication: int, roster: Roster, trace: Trace) -> Log:
    """The log of a run: items that arrived before it ended, tasks, and presence until then."""
    line = plan.line
    categories = {
        "segment": [segment.name for segment in plan.segments],
        "stage": [stage.name for stage in plan.stages],
        "pool": [pool.name for pool in plan.pools],
        "label": plan.classes,
        "outcome": OUTCOMES,
        "kind": PRESENCE,
    }
    provenance = Provenance(
        version=version("labelcast"),
        digest=plan.digest,
        engine=trace.engine,
        origin=line.origin.isoformat(),
        timezone=line.timezone,
        ended_at=trace.ended_at,
        roles={stage.name: stage.kind for stage in line.stages},
        promises={stage.name: round(stage.sla_s * 1000) for stage in line.stages if stage.sla_s is not None},
        seed=seed,
        replication=replication,
    )
    rows = attendance(roster, trace.cuts, trace.sessions, trace.over, trace.retrained, trace.ended_at)
    worker, start, end, kind = rows.T
    people = {"pool": trace.pool[worker], "worker": trace.number[worker], "from": start, "to": end, "kind": kind}
    return make_log(trace.items, trace.tasks, people, categories, provenance)
