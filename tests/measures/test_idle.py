"""Idle time and its cost by week, against a pencil and against a count of single hours."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import Rows, item_row, task_row

from labelcast.sim.idle import idle_by_week
from labelcast.sim.kpis import kpis
from labelcast.sim.ledger import ledger
from labelcast.sim.line import MICRO, Contract

DAY = 24 * 60
CONTRACTS = {"team": Contract(hourly=7 * MICRO + 1), "reviewers": Contract(hourly=11 * MICRO)}


def shifts(*stretches: tuple[str, int, int, int]) -> list[dict[str, Any]]:
    """Rows of presence: pool, worker, from and to in minutes."""
    return [{"pool": p, "worker": w, "from": a, "to": b, "kind": "working"} for p, w, a, b in stretches]


def test_by_hand() -> None:
    """The log begins on Monday 2027-01-04 at 9:00 in Paris. Someone is there in the first hour with a task of 20
    minutes, on Sunday from 23:00 over midnight to 1:00, and on the 1st of February from midnight to 2:00: 40 minutes
    idle and then 60 in the first week, 60 in the second, and 120 of another month in the fifth."""
    sunday = 6 * DAY + 14 * 60
    february = 28 * DAY - 9 * 60
    log = Rows(
        [item_row(0, 0, None, 20, "car", "car")],
        [task_row(0, "annotate", 0, 0, ("team", 0), (0, 0, 0, 20), 20, "car")],
        shifts(("team", 0, 0, 60), ("team", 0, sunday, sunday + 120), ("team", 0, february, february + 120)),
        30 * DAY,
    ).log()
    table = idle_by_week(log, ledger(log, {"team": Contract(hourly=6 * MICRO)}))
    mine = table[table["pool"] == "team"]
    assert mine["week"].tolist() == ["2027-01-04", "2027-01-11", "2027-01-18", "2027-01-25", "2027-02-01"]
    assert mine["idle_h"].tolist() == pytest.approx([100 / 60, 1.0, 0.0, 0.0, 2.0])
    assert mine["amount"].tolist() == [10 * MICRO, 6 * MICRO, 0, 0, 12 * MICRO]
    assert table[table["pool"] == "reviewers"]["idle_h"].tolist() == [0.0] * 5


def test_a_month_within_a_week() -> None:
    """A week that two months share gets its part of both, each at what that month's idle time cost."""
    april = 87 * DAY - 9 * 60 - 60  # Thursday 2027-04-01, 0:00 local; the clocks went forward in between
    log = Rows([], [], shifts(("team", 0, april - 180, april + 60)), 90 * DAY).log()
    book = ledger(log, {"team": Contract(hourly=6 * MICRO)})
    assert book["month"].tolist() == ["2027-03", "2027-04"]
    table = idle_by_week(log, book)
    table = table[table["idle_h"] > 0]
    assert table["week"].tolist() == ["2027-03-29"]
    assert table["idle_h"].tolist() == [4.0]
    assert table["amount"].tolist() == [24 * MICRO]
    assert book["amount"].tolist() == [18 * MICRO, 6 * MICRO]


def test_without_a_ledger(programme: Rows) -> None:
    """Without a ledger the hours stay, and cost nothing."""
    log = programme.log()
    table = idle_by_week(log, pd.DataFrame())
    assert table["amount"].eq(0).all()
    assert table["idle_h"].sum() > 0


STRETCH = st.tuples(
    st.sampled_from(["team", "reviewers"]), st.integers(0, 1), st.integers(0, 1200), st.integers(1, 200)
)
HELD = st.tuples(st.integers(0, 1), st.integers(-10, 1200), st.integers(1, 100))


@settings(max_examples=40, deadline=None)
@given(st.lists(STRETCH, max_size=6), st.lists(HELD, max_size=5), st.integers(1, 1300))
def test_weeks_sum_to_the_run(
    there: list[tuple[str, int, int, int]], held: list[tuple[int, int, int]], ended: int
) -> None:
    """Hours sum to the pool's KPI, amounts to the ledger's idle lines, exactly; each week equals a count of hours."""
    presence = shifts(*((pool, worker, 60 * a, 60 * (a + length)) for pool, worker, a, length in there))
    tasks = [
        task_row(0, "annotate", 0, number, ("team", worker), (-600, -600, 60 * a, 60 * (a + length)), None, "car")
        for number, (worker, a, length) in enumerate(held)
    ]
    log = Rows([item_row(0, -600, None, None, None, "car")], tasks, presence, 60 * ended).log()
    book = ledger(log, CONTRACTS)
    table = idle_by_week(log, book)
    origin = datetime(2027, 1, 4, 9, tzinfo=ZoneInfo("Europe/Paris"))
    for pool in ("team", "reviewers"):
        mine = table[table["pool"] == pool]
        paid = book[(book["activity"] == "idle") & (book["pool"] == pool)]["amount"].sum()
        assert mine["amount"].sum() == paid
        measured = kpis(log, book)[f"idle_h.{pool}"]
        assert math.isnan(measured) or mine["idle_h"].sum() == pytest.approx(measured)  # NaN: no task was started
        hours: dict[str, int] = {}
        for worker in (0, 1):
            on = {h for p, w, a, length in there if (p, w) == (pool, worker) for h in range(a, a + length)}
            busy = {h for w, a, length in held if w == worker and pool == "team" for h in range(a, a + length)}
            for hour in sorted(on - busy):
                if hour < ended:
                    local = (origin.astimezone(ZoneInfo("UTC")) + timedelta(hours=hour)).astimezone(origin.tzinfo)
                    week = (local - timedelta(days=local.weekday())).date().isoformat()
                    hours[week] = hours.get(week, 0) + 1
        assert {week: h for week, h in zip(mine["week"], mine["idle_h"], strict=True) if h} == hours
