"""Strain of people: hires, leavers, and hours above a cap of utilisation."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from flows import annotate, line_of, people
from lines import full

from labelcast.sim.employment import WEEK_MS
from labelcast.sim.ledger import Terms, ledger
from labelcast.sim.line import MICRO, Contract, Epoch, Line, Turnover
from labelcast.sim.log import PRESENCE
from labelcast.sim.paid import Present
from labelcast.sim.replication import Job, one
from labelcast.sim.strain import Strain, strains

HOUR = 3_600_000
DAY = 86_400.0


def test_hours_above_a_cap_by_hand() -> None:
    """A cap of half: of ten hours on shift in week 1, somebody is busy six, an hour above it; of four in week 2, two,
    which is not above it. Another is busy all of three hours in week 2, one and a half above it; overtime is time on
    shift. A third is of a pool without a cap. A pool that is not there has none."""
    working, overtime = PRESENCE.index("working"), PRESENCE.index("overtime")
    rows = [(0, 0, 10, working), (0, 200, 204, working), (1, 300, 302, working), (1, 302, 303, overtime),
            (2, 0, 100, working), (-1, 0, 50, working)]  # fmt: skip
    worker, start, end, kind = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    busy = HOUR * np.array([[6, 2], [0, 3], [100, 0]])
    there = Present(worker, HOUR * start, HOUR * end, kind)
    found = strains(busy, there, np.array([0, 0, 1]), ["team", "others"], {"team": 0.5, "gone": 0.1}, 2 * WEEK_MS)
    assert found == {"team": Strain(round(2.5 * HOUR), 2), "gone": Strain(0, 0)}


def told(line: Line, logged: bool = False) -> dict[str, float]:
    """KPIs of one run."""
    return one(Job(line, 1, "fast", keep_log=logged), 0).kpis


@pytest.mark.parametrize("logged", [False, True])
def test_nothing_is_above_a_cap_of_all_and_all_above_a_cap_of_nothing(logged: bool) -> None:
    """On a line with all mechanisms: with a cap of 100% no hour is above it, with one of 0% every busy hour is; a cap
    changes nothing else, and without one nothing is told."""
    line = full(120)
    staff = [pool.name for pool in line.pools if pool.sessions is None]

    def capped(cap: float | None) -> dict[str, float]:
        pools = tuple(
            dataclasses.replace(pool, utilisation_cap=cap if pool.name in staff else None) for pool in line.pools
        )
        return told(dataclasses.replace(line, pools=pools), logged)

    nothing, whole, none = (capped(cap) for cap in (0.0, 1.0, None))
    told_of = [name for name in none if name.startswith("over_cap")]
    assert len(told_of) == 2 * len(line.pools)
    assert all(math.isnan(none.pop(name)) for name in told_of)
    for pool in staff:
        assert whole[f"over_cap_h.{pool}"] == whole[f"over_cap_weeks.{pool}"] == 0.0
        assert nothing[f"over_cap_h.{pool}"] == nothing[f"busy_h.{pool}"] > 0.0
        assert nothing[f"over_cap_weeks.{pool}"] >= 1.0
    assert {name: value for name, value in nothing.items() if name in none} == pytest.approx(none, nan_ok=True)


def staffed(hazard: float, more: int = 0) -> Line:
    """Ten people for half a year, of whom some leave and are replaced after ten days; `more` people from day 60 on."""
    contract = Contract(hourly=20 * MICRO, hiring=1000 * MICRO)
    team = people("annotators", 10, turnover=Turnover(hazard, 10 * DAY), contract=contract)
    later = (Epoch(60 * DAY, pools=(dataclasses.replace(team, headcount=10 + more),)),) if more else ()
    return line_of(150_000, (annotate(600.0),), team, epochs=later, horizon_s=180 * DAY)


def test_without_hazard_nobody_leaves_and_nobody_is_hired() -> None:
    """R46: hazard 0, no exits. Where headcount grows by three, three are hired."""
    found = told(staffed(0.0))
    assert (found["leavers.annotators"], found["hires.annotators"]) == (0.0, 0.0)
    assert told(staffed(0.0, more=3))["hires.annotators"] == 3.0


def test_each_hire_of_the_kpi_is_paid_for_and_takes_a_leavers_place() -> None:
    """With a hazard of two a year about ten of ten leave within half a year. Hires are as many as the ledger pays 1,000
    EUR for each, and those who left, less those whose place was still empty or in whose last week the run ended."""
    line = staffed(2.0)
    found = one(Job(line, 1, "fast", keep_log=True), 0)
    assert found.log is not None
    paid = ledger(found.log, Terms.of(line), line.currency)
    hires, leavers = found.kpis["hires.annotators"], found.kpis["leavers.annotators"]
    assert paid.loc[paid["activity"] == "hiring", "amount"].sum() == hires * 1000 * MICRO
    assert 4 <= leavers <= 20
    assert leavers - 4 <= hires <= leavers + 1
    assert not math.isnan(found.kpis["utilisation.annotators"])
