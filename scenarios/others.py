"""Whether others take the work of a pool in which nobody is any more."""

from __future__ import annotations

from ..sim.line import JUDGES, Line, Pool, Segment, Stage
from .eligible import may

OPEN = ("prefer", "skill")
"""Routes by which a task waits for all pools of its stage; by the others, one of them is settled when it is asked for,
also by `shortest`, which settles on the first when nobody is on shift anywhere."""


def others_take(view: Line, stage: Stage, pool: Pool, ever: bool) -> bool:
    """Whether people of other pools may do all that a pool of nobody leaves at a stage.

    ever: somebody was in the pool once. Labels may then be sent back to them, which wait for their pool alone.
    """
    if stage.route not in OPEN or (ever and waits_for_author(view, stage)):
        return False
    there = [one for one in view.pools if one.name in dict(stage.pools) and one.name != pool.name]
    return all(any(_somebody(one, segment) for one in there) for segment in view.segments)


def waits_for_author(view: Line, stage: Stage) -> bool:
    """Whether a rejected label may wait for the pool of its author."""
    rejected = any(one.kind in JUDGES and one.rounds > 0 for one in view.stages)
    return stage.kind == "annotate" and stage.rework_by == "author" and rejected


def _somebody(pool: Pool, segment: Segment) -> bool:
    """Whether a pool has somebody who may work on a segment; of a share of masters, the first slot is the first."""
    if not may(pool, segment):
        return False
    return pool.sessions is not None or pool.masters.get(segment.name, 1.0) * pool.headcount > 0.5
