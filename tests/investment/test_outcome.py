"""What investments are worth, of a project whose answer is known, and what is said of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from invested import PROJECT, invested, project

from labelcast.reports.investment.figure import draw_investments
from labelcast.reports.investment.flows import discounts
from labelcast.reports.investment.text import investment_text
from labelcast.reports.investment.told import investment_json
from labelcast.reports.investment.verdict import covers, verdict
from labelcast.reports.investment.whole import ACCURACY, DELIVERED, FINISH, IDLE_COST, Asked
from labelcast.scenarios.load import load
from labelcast.sim.replicate import replicate

NULL = "on: 2027-02-01, why: nothing, path: stages.annotate.time, factor: 1"
IDLE_TOOL = "on: 2027-02-10, why: shelf, path: stages.annotate.time, factor: 1, cost: 900.50 EUR, running: 30 EUR/month"
FASTER = "on: 2027-02-01, why: tool, path: stages.annotate.time, factor: 0.5, cost: 400 EUR"

STEADY = PROJECT.replace("horizon: 20 weeks", "horizon: 9 weeks").replace(
    "backlog: 16_000 items", "backlog: 0 items, arrivals: {rate: 3_000 items/week, calendar: office}"
)
"""A line on which work waits to the end, by people who are paid for being there."""


def test_a_change_of_nothing_is_worth_nothing(tmp_path: Path) -> None:
    """A null change: exactly 0 in every replication, with an interval that is 0 and holds 0, and no difference in
    anything; its payback is none."""
    whole = invested(tmp_path, NULL)
    (one,) = whole.found
    assert not one.flows.any()
    assert (one.npv.mean, one.npv.low, one.npv.high) == (0, 0, 0)
    assert (one.pays.count, one.reached.count) == (0, 0)
    assert np.isnan(one.discounted.p50)
    assert all(effect.difference.mean == 0 and not effect.stands for effect in one.effects.values())
    assert verdict(one, whole) == "nothing changes no cash flow in any run: it is worth 0.00 EUR."


def test_what_has_no_effect_costs_what_it_costs(tmp_path: Path) -> None:
    """A tool without effect: in every replication exactly minus its discounted cost, to the last bit: 930.50 in the
    second month, and 30 in each later one that the run touches."""
    whole = invested(tmp_path, IDLE_TOOL, asked=Asked(12, 0.08))
    (one,) = whole.found
    falls = discounts(12, 0.08)
    for row, value in zip(one.flows, one.values, strict=True):
        months = np.flatnonzero(row)
        assert months[0] == 1
        assert row[1] == -930_500_000
        assert (row[2 : months[-1] + 1] == -30_000_000).all()
        expected = np.zeros(12, np.int64)
        expected[1], expected[2 : months[-1] + 1] = -930_500_000, -30_000_000
        assert value == (expected * falls).sum() / 1e6
    assert one.pays.count == 0
    assert np.isinf(one.discounted.p10)
    assert "shelf does not pay by" in verdict(one, whole)


def test_time_that_is_not_paid_is_saved(tmp_path: Path) -> None:
    """Half the time from February on of a project that is paid until it is done: what is saved is what those hours
    cost, to the hour that a working day may be off, and nothing else of the work differs."""
    whole = invested(tmp_path, FASTER)
    (one,) = whole.found
    assert one.spent.mean == 400
    finish = one.effects[FINISH]
    assert finish.stands
    hours = one.saved.mean / 40
    assert 0 < hours < 16_000 * 140 / 3600 / 2
    assert one.effects[DELIVERED].difference.mean == 0
    assert one.npv_stands == (one.npv.low * one.npv.high > 0)
    months = [whole.months.index(f"2027-{number:02d}") for number in (2, 3, 4)]
    assert not np.delete(one.flows, months, axis=1).any()
    assert one.so_far(0.08)[:, -1] / 1e6 == pytest.approx(one.values)


def test_when_half_have_it_back_is_said(tmp_path: Path) -> None:
    """A cheap tool and a dear one: the month in which half of the runs have paid it back is that of the table, or it is
    said that they have not; of what only saves nothing is said."""
    cheap, dear = FASTER.replace("400 EUR", "9 EUR"), FASTER.replace("400 EUR", "9_000 EUR")
    whole = invested(tmp_path, cheap)
    (one,) = whole.found
    assert one.npv_stands
    assert one.pays.count == 8
    month = whole.months[int(one.discounted.p50)]
    assert month in ("2027-02", "2027-03")
    assert f"Half of the runs have paid it back by {month}, discounted." in verdict(one, whole)
    whole = invested(tmp_path, dear)
    last = whole.months[whole.covered - 1]
    told = verdict(whole.found[0], whole)
    assert f"tool does not pay by {last}" in told
    assert f"At least half of the runs have not paid it back by {last}." in told
    free = invested(tmp_path, "on: 2027-02-01, why: cut, path: pools.team.pay.hourly, value: 18 EUR")
    assert "paid it back" not in verdict(free.found[0], free)


def test_doing_less_is_told_beside_the_saving(tmp_path: Path) -> None:
    """People who leave cost less and deliver less: the sentence says both, and that the saving is partly work not
    done; more of it is no merit of the NPV either."""
    whole = invested(tmp_path, "on: 2027-02-01, why: leaner, path: pools.team.headcount, value: 1", text=STEADY)
    (one,) = whole.found
    delivered = one.effects[DELIVERED]
    assert one.npv_stands
    assert one.npv.mean > 0
    assert delivered.stands
    assert delivered.difference.mean < 0
    told = verdict(one, whole)
    assert told.startswith("leaner is worth more than it costs: NPV ")
    assert "fewer in these months: some of what is saved is work not done." in told
    more = invested(tmp_path, FASTER, text=STEADY)
    told = verdict(more.found[0], more)
    assert "tool does not pay by 2027-03" in told
    assert "more in these months, and the NPV does not say what they are worth." in told


def test_idle_time_is_told_where_nothing_is_saved(tmp_path: Path) -> None:
    """Where people are paid for being there, half the time saves nothing: it becomes idle time that is paid."""
    light = STEADY.replace("3_000 items/week", "600 items/week")
    whole = invested(tmp_path, FASTER, text=light)
    (one,) = whole.found
    assert one.saved.mean == pytest.approx(0, abs=20)
    assert one.effects[IDLE_COST].difference.mean > 200
    assert "is paid for idle time: time that is saved saves money only where" in verdict(one, whole)


def test_what_the_runs_cover_is_said(tmp_path: Path) -> None:
    """Work that is done, a horizon that ends it, and months that end before: each is told, and later flows are in no
    number but their own."""
    done, cut = invested(tmp_path, FASTER), invested(tmp_path, FASTER, text=STEADY)
    assert covers(done) == (
        f"The runs cover 2027-01 to {done.months[done.covered - 1]}, for then all work is done: what is saved or spent "
        "later is in no number here."
    )
    assert "for then the horizon ends the simulation" in covers(cut)
    assert cut.months[cut.covered - 1] == "2027-03"
    short = invested(tmp_path, FASTER, asked=Asked(2))
    (one,) = short.found
    assert covers(short) == ""
    assert one.flows.shape == (8, 2)
    assert one.later.mean == pytest.approx(done.found[0].saved.mean - one.saved.mean)
    assert "After 2027-02, tool saves" in investment_text(short)


def test_what_is_not_always_reached_is_said(tmp_path: Path) -> None:
    """A moment that only some runs last to: nothing is spent in the others, and their NPV is 0."""
    line = load(project(tmp_path))
    ends = sorted(replicate(line, 8, 1, 1).kpis["finish_days"])
    middle = line.start + timedelta(days=float(ends[3] + ends[4]) / 2)
    whole = invested(tmp_path, f"on: {middle:%Y-%m-%dT%H:%M}, why: late, cost: 100 EUR")
    (one,) = whole.found
    assert one.reached.count == 4
    assert (one.values == 0).sum() == 4
    assert "of the runs does it change any cash flow; the others end before." in verdict(one, whole)


def test_one_replication_claims_nothing(tmp_path: Path) -> None:
    """It has no interval."""
    whole = invested(tmp_path, FASTER, count=1)
    told = verdict(whole.found[0], whole)
    assert "of which one replication tells no interval; nothing is claimed." in told
    assert "tool" in investment_text(whole)


def test_all_ways_of_telling_are_one(tmp_path: Path) -> None:
    """Text, JSON and picture of two investments have their names and numbers; the same again, byte by byte; and a
    dear one is not lost beside one that pays."""
    whole = invested(tmp_path, FASTER, IDLE_TOOL)
    tool, shelf = whole.found
    told = investment_json(whole)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert [one["name"] for one in told["investments"]] == ["tool", "shelf"]
    assert told["investments"][0]["npv"]["mean"] == tool.npv.mean
    assert told["investments"][1]["payback_discounted"]["p50"] is None
    assert sum(one["flow"] for one in told["investments"][1]["by_month"]) == pytest.approx(-shelf.spent.mean)
    text = investment_text(whole)
    assert text == investment_text(whole)
    sentences = verdict(tool, whole).replace("\N{PLUS-MINUS SIGN}", "+/-").replace("\N{MINUS SIGN}", "-")
    assert f"\n{sentences}\n" in text
    picture = draw_investments(whole).svg()
    assert picture == draw_investments(whole).svg()
    assert "tool" in picture
    assert "shelf" in picture
    assert ACCURACY in tool.effects
