"""Risk, commitments and what labels cost: each against the ledger or by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ledgers import PLAN, line

from labelcast.reports.budget.actuals import read_actuals
from labelcast.reports.budget.amounts import known
from labelcast.reports.budget.coins import Coins
from labelcast.reports.budget.notes import notes
from labelcast.reports.budget.sheets import write_budget
from labelcast.reports.budget.text import budget_text, verdict
from labelcast.reports.budget.told import budget_json, ledger_csv
from labelcast.reports.budget.whole import Asked, budget_of, delivered_by, months_of
from labelcast.reports.budget.worth import MORE, Marginal, longer, marginal
from labelcast.sim.replicate import Runs, replicate
from labelcast.sim.statistics import Difference, percentile_interval, summarise, wilson


def test_the_risk_of_a_budget(runs: Runs) -> None:
    """The chance counts replications that cost more, with Wilson's interval; P80 and P95 are order statistics."""
    cost = np.sort(np.round(runs.kpis["cost"].to_numpy() * 1e6).astype(np.int64))
    budget = int(cost[6])
    risk = budget_of(runs, Asked(budget=budget)).risk
    assert risk is not None
    assert risk.over == (cost > budget).sum() == 5
    assert (risk.low, risk.high) == wilson(5, 12)
    assert (risk.contingency, risk.at_risk) == (int(cost[9]) - budget, int(cost[11]) - budget)


def test_the_error_of_a_budget_is_that_of_its_replications(runs: Runs) -> None:
    """Half-width of the mean's interval and the interval of P80, both of the replications' own sums; of twelve there is
    no interval of P80, and so none is told."""
    costs = np.arange(1, 41) * 1_000_000
    found = known(costs, 0.95)
    assert found is not None
    told = summarise(costs)
    assert found.half == round((told.high - told.low) / 2)
    assert found.p80 == percentile_interval(costs, 0.8)
    assert budget_of(runs, Asked()).known is None


def test_whether_a_budget_holds_agrees_with_its_chance(tmp_path: Path) -> None:
    """What is told of P80 is what Wilson's interval of the chance to cost more says of a fifth, whatever the budget;
    and when the work ends is told, with the hours that are paid until then."""
    runs = replicate(line(tmp_path), 30, 1, 1)
    costs = np.sort(budget_of(runs, Asked()).runs.kpis["cost"].to_numpy())
    seen = set()
    for amount in (0.9 * costs[0], *costs[10:30:3], 1.1 * costs[-1]):
        found = budget_of(runs, Asked(budget=round(amount * 1e6)))
        assert found.risk is not None
        low, high = found.risk.low, found.risk.high
        sure = "the budget holds at 80%" if high < 0.2 else "the budget does not hold at 80%"
        told = "they cannot tell" if low <= 0.2 <= high else sure
        assert told in " ".join(verdict(found))
        seen.add(told)
    assert len(seen) == 3
    assert "The last item is delivered on " in " ".join(verdict(found))
    assert "; hours are paid up to then." in " ".join(verdict(found))


def test_what_was_not_delivered_is_said_to_be_in_no_number(runs: Runs, tmp_path: Path) -> None:
    """Items behind the plan stand above the tables, with their number; none where as many came as were planned."""
    rows = ledger_csv(budget_of(runs, Asked())).splitlines()
    at = rows[0].split(",").index("month")
    cut = [row for row in rows[1:] if row.split(",")[at] == "2027-01"]
    (tmp_path / "spent.csv").write_text("\n".join([rows[0], *cut]))
    spent = read_actuals(tmp_path / "spent.csv", runs.line, months_of(runs.line, 12))
    planned = round(delivered_by(runs, "2027-01"))
    behind = " ".join(verdict(budget_of(runs, Asked(actuals=spent, delivered=planned - 7))))
    assert "7 items fewer were delivered up to 2027-01 than planned" in behind
    assert "items fewer" not in " ".join(verdict(budget_of(runs, Asked(actuals=spent, delivered=planned))))
    found = budget_of(runs, Asked(actuals=spent, delivered=planned - 7))
    more = Marginal(Difference(1_000.0, 900.0, 1_100.0, 0.0), Difference(500.0, 490.0, 510.0, 0.0), 0.0)
    about = "is in no number here; at the cost of the next 1,000 it is about 14 EUR (13 to 15)."
    assert about in " ".join(verdict(replace(found, marginal=more)))  # 7 of the 500 that come for 1,000 EUR
    for unknown in (replace(more, unfinished=0.1), replace(more, delivered=Difference(1.0, -1.0, 3.0, 0.4))):
        assert "is in no number here." in " ".join(verdict(replace(found, marginal=unknown)))


def test_commitments_against_the_ledger(runs: Runs) -> None:
    """300 USD a month, January from the 18th on as the whole month's share says: use and shortfall in euros make the
    committed amount wherever use is less; months after the end owe nothing and are left out."""
    found = budget_of(runs, Asked()).commitments
    assert [one.period for one in found][:2] == ["2027-01", "2027-02"]
    assert {one.account for one in found} == {"acme"}
    february = found[1]
    assert february.committed == 285_000_000
    assert february.owed == 1.0
    rows = runs.ledger[(runs.ledger["month"] == "2027-02") & (runs.ledger["pool"] == "vendor")]
    lack = rows[rows["activity"] == "shortfall"].groupby("replication")["amount"].sum()
    assert february.chance == len(lack) / 12
    assert abs(february.shortfall - lack.sum() / 12) <= 10_000
    use = rows[rows["unit"] == "labels"]["amount"].sum() / 12
    assert abs(february.forecast - use) <= 10_000
    last = runs.ledger.loc[runs.ledger["activity"] != "tooling", "month"].max()
    assert [one.period for one in found] == [month for month in months_of(runs.line, 12) if month <= last]
    assert 0 < found[-1].owed <= 1


def test_a_period_that_ends_later_is_told_as_a_whole(tmp_path: Path) -> None:
    """A quarter in a budget of one month: its use, and what is billed at its end, are those of a budget of a year."""
    runs = replicate(line(tmp_path, PLAN.replace("per: month", "per: quarter")), 3, 1, 1)
    short, long = (budget_of(runs, Asked(months=months)).commitments for months in (1, 12))
    assert [one.period for one in short] == ["2027-Q1"]
    assert short[0] == long[0]
    assert short[0].forecast > 0
    assert short[0].committed < 285_000_000  # from the 18th of January on, at the rate of the quarter's end


def test_a_contract_that_has_ended_commits_to_nothing(tmp_path: Path) -> None:
    """Notice of ten days on 10 February ends it on the 20th: there is no period after February's, and no fee. Notice at
    the end of the run adds periods after it, as many as the ledger bills."""
    text = PLAN.replace("set_up: 100 USD", "monthly: 100 USD\n    termination: {notice: 10 days, given: 2027-02-10}")
    ended = replicate(line(tmp_path, text), 3, 1, 1)
    found = budget_of(ended, Asked()).commitments
    assert [one.period for one in found] == ["2027-01", "2027-02"]
    assert set(ended.ledger.loc[ended.ledger["activity"] == "fee", "month"]) == {"2027-01", "2027-02"}
    runs = replicate(line(tmp_path, text.replace("notice: 10 days, given: 2027-02-10", "notice: 60 days")), 3, 1, 1)
    found = budget_of(runs, Asked()).commitments
    last = runs.ledger.loc[runs.ledger["activity"] == "shortfall", "month"].max()
    assert found[-1].period == last > runs.ledger.loc[runs.ledger["unit"] == "labels", "month"].max()


def test_actual_use_counts_towards_a_commitment(tmp_path: Path, runs: Runs) -> None:
    """What actuals tell of labels is use; their fees are not; the forecast of a spent month is gone."""
    path = tmp_path / "l.csv"
    rows = "2027-01,annotate,street,vendor,EUR,120.00\n2027-01,fee,,vendor,EUR,90\n2027-01,annotate,,team,EUR,7\n"
    path.write_text(f"month,activity,segment,pool,currency,amount\n{rows}", encoding="utf-8")
    actuals = read_actuals(path, runs.line, months_of(runs.line, 12))
    january, february = budget_of(runs, Asked(actuals=actuals)).commitments[:2]
    assert (january.actual, january.forecast, january.shortfall) == (120_000_000, 0, 0)
    assert february.actual == 0
    assert february.forecast > 0


def test_unit_costs_are_the_kpis_and_quality_is_the_ledger(runs: Runs) -> None:
    """Cost by label is the KPI; rework and review are the ledger's activities; harm is priced if a price is named."""
    free, priced = budget_of(runs, Asked()).worth, budget_of(runs, Asked(harm_price=2_000_000)).worth
    assert free.by_label["cost_per_label"].mean == pytest.approx(runs.kpis["cost_per_label"].mean())
    sums = runs.ledger.groupby("activity")["amount"].sum() / 12
    assert abs(free.quality["rework"].mean - sums["rework"]) <= 10_000
    assert abs(free.quality["appraisal"].mean - sums["review"]) <= 10_000
    assert free.poor.mean == free.quality["rework"].mean
    harm = runs.kpis["error_cost_per_1k"] * runs.kpis["items_delivered"] / 1000
    assert free.harm.mean == pytest.approx(harm.mean())
    assert priced.harm_paid is not None
    assert priced.poor.mean == priced.quality["rework"].mean + priced.harm_paid.mean
    assert abs(priced.harm_paid.mean / 2e6 - harm.mean()) < 0.01
    assert free.value.mean + free.idle.mean < 1


def test_a_malus_makes_poor_quality_cheaper_and_a_late_credit_does_not(tmp_path: Path) -> None:
    """5% off each month's use for wrong labels is what quality recovers, and comes off the cost of rework; what is off
    for lateness is no part of it, and neither counts as use."""
    text = PLAN.replace(
        "set_up: 100 USD", "set_up: 100 USD\n    accuracy: {steps: {0%: -5%}}\n    on_time: {steps: {0%: -7%}}"
    )
    text = text.replace("backlog: 300 items, ", "backlog: 300 items, due: 9 days, ")
    runs = replicate(line(tmp_path, text), 3, 1, 1)
    found = budget_of(runs, Asked())
    sums = runs.ledger.groupby("activity")["amount"].sum() / 3
    use = runs.ledger.loc[runs.ledger["unit"] == "labels", "amount"].sum() / 3
    assert sums["malus"] == pytest.approx(-0.05 * use, abs=20_000)
    assert sums["late_credit"] < 0
    assert abs(found.worth.quality["recovered"].mean - sums["malus"]) <= 10_000
    assert found.worth.poor.mean == found.worth.quality["rework"].mean + found.worth.quality["recovered"].mean
    assert sum(one.forecast for one in found.commitments) == pytest.approx(use, abs=20_000)


def test_the_next_thousand_items(tmp_path: Path) -> None:
    """Where all is paid by the label and nothing is chance, 1,000 items more cost 1,000 prices, exactly; they are
    spread by backlog."""
    text = PLAN.replace("pools: {vendor: 70%, team: 30%}", "pools: [vendor]").split("  review:")[0]
    text = text.replace("    minimum: {amount: 300 USD, per: month}\n", "") + "goals: {budget: 8_000 EUR}\n"
    plan = line(tmp_path, text)
    plan = replace(plan, exchange=plan.exchange[:1])  # one rate, so that the month of the work does not matter
    more = longer(plan)
    assert [s.backlog - t.backlog for s, t in zip(more.segments, plan.segments, strict=True)] == [833, 167]
    assert sum(segment.backlog for segment in more.segments) == 360 + MORE
    found = marginal(replicate(plan, 3, 1, 1), replicate(more, 3, 1, 1))
    assert found.delivered.mean == 1000
    assert found.cost.mean == pytest.approx(450, abs=0.01)
    assert found.unfinished == 0
    bare = replace(plan, segments=tuple(replace(segment, backlog=0) for segment in plan.segments))
    assert [segment.backlog for segment in longer(bare).segments] == [500, 500]


def test_a_horizon_that_ends_within_the_budget_is_told(tmp_path: Path) -> None:
    """Months after the horizon are 0 because nothing is simulated there, which a reader must know."""
    short = replicate(line(tmp_path, PLAN.replace("20 weeks", "3 weeks")), 2, 1, 1)
    told = "\n".join(notes(budget_of(short, Asked())))
    assert "ends within 2027-02" in told
    assert "work is left in 100.0% of the replications" in told


def test_nothing_to_pay_is_a_budget_of_nothing(tmp_path: Path) -> None:
    """A plan without work, paid by the label: text, JSON, CSV and workbook say 0, and no share is made of it."""
    text = PLAN.replace("pools: {vendor: 70%, team: 30%}", "pools: [vendor]").split("  review:")[0]
    text = text.replace("    minimum: {amount: 300 USD, per: month}\n    set_up: 100 USD\n", "")
    plan = line(tmp_path, text)
    empty = replace(plan, segments=tuple(replace(one, backlog=0, arrivals=None) for one in plan.segments))
    found = budget_of(replicate(empty, 2, 1, 1), Asked())
    assert (found.estimate.mean, found.estimate.p95, len(found.ledger)) == (0, 0, 0)
    assert "not computed" in budget_text(found)
    assert budget_json(found)["adds_value"]["mean"] is None
    assert ledger_csv(found).count("\n") == 1
    write_budget(tmp_path / "b.xlsx", found)
    assert pd.read_excel(tmp_path / "b.xlsx", "ledger").empty


def test_text_and_json_tell_one_budget(runs: Runs) -> None:
    """The text is plain ASCII, every month stands in both, and the means of the JSON add up."""
    found = budget_of(runs, Asked(budget=8_000_000_000, budget_of="--budget", paid_after={"": 30}))
    text, told = budget_text(found), budget_json(found)
    assert text.isascii()
    assert max(map(len, text.split("To know:")[0].splitlines())) < 130
    assert round(sum(one["mean"] for one in told["months"]), 2) == told["estimate_at_completion"]["mean"]
    coins = Coins.of("EUR", found.estimate.p95)
    assert all(coins.text(one.sum.mean) in text for one in found.outlook)
    assert found.risk is not None
    assert told["budget"]["p_over"] == found.risk.chance


@pytest.mark.parametrize(
    ("micro", "places", "text"),
    [
        (0, 0, "0"),
        (499_999, 0, "0"),
        (500_000, 0, "1"),
        (-500_000, 0, "0"),
        (-1_500_001, 0, "-2"),
        (1_234_567_890_000, 0, "1,234,568"),
        (5_000, 2, "0.01"),
        (-1_005_000, 2, "-1.00"),
        (12_340_000, 2, "12.34"),
    ],
)
def test_amounts_are_rounded_half_up(micro: int, places: int, text: str) -> None:
    """As invoices are, of negative ones too."""
    assert Coins("EUR", places).text(micro) == text


def test_a_bridge_adds_up_as_printed() -> None:
    """Rounded parts lead from the rounded begin to the rounded end."""
    coins = Coins("EUR", 0)
    parts = [400_000, 400_000, 400_000, -300_000]
    told = coins.between(400_000, parts, 1_300_000)
    assert sum(int(one) for one in told) == 1
    assert coins.between(0, [-400_000, -400_000, -400_000], -1_200_000).count("-1") == 1
