"""Our kernel without a log, as `labelcast run` has it run: what comes out are KPIs, ledger and curves."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1)
def _job(plan: Any) -> Any:
    """What all replications share, made from a plan that is there, as it is for the other engines."""
    from labelcast.sim.replication import Job

    job = Job(plan.line, 1, "fast")
    vars(job)["plan"] = plan  # what the cached property would make anew
    return job


def replication(plan: Any, seed: int, number: int) -> Any:
    """One replication; another seed is another replication here, as the seed belongs to what is shared."""
    from labelcast.sim.replication import one

    return one(_job(plan), 1000 * seed + number)
