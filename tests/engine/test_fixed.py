"""What all replications of a plan share: no run writes to it, and no replication hangs on those before it."""

from __future__ import annotations

import dataclasses

import pytest
from both.compared import TICKS, random_lines, rows
from comparison import differences
from lines import full

from labelcast.sim import kernel
from labelcast.sim.kernel.tables import fixed
from labelcast.sim.line import Absence, Line, Pool, Turnover
from labelcast.sim.plan import Plan
from labelcast.sim.rosters import settled


def used(line: Line, seed: int) -> tuple[int, list[str]]:
    """The log of a plan that has run nothing, and that of one which has run another seed and keeps its bytes."""
    plan = Plan.of(line)
    shared = fixed(plan)
    arrays = [shared.world, *shared.kept, *shared.rooms.values()]
    before = [array.tobytes() for array in arrays]
    kernel.run(plan, seed + 1, 0)
    written = ["what is shared"] if [array.tobytes() for array in arrays] != before else []
    log = kernel.run(Plan.of(line), seed, 0)
    return rows(log), written + differences(log, kernel.run(plan, seed, 0))


@pytest.mark.parametrize("tick_s", TICKS)
def test_a_run_leaves_what_is_shared_as_it_was(tick_s: float) -> None:
    """On 60 random lines: the bytes of all that is fixed, and the log of the next replication."""
    compared = random_lines(tick_s, 60, check=used)
    assert compared.lines >= 60
    assert compared.different == []


def test_who_is_there_is_settled_where_nothing_of_it_is_luck() -> None:
    """Where one may be absent, or leave, in any pool, every replication draws its own people."""
    assert settled(Plan.of(full())) is not None
    last: Pool = full().pools[-1]
    for pool in (dataclasses.replace(last, absence=Absence(0.1)), dataclasses.replace(last, turnover=Turnover(1.0))):
        assert settled(Plan.of(full(pools=(*full().pools[:-1], pool)))) is None
