"""The rows behind a number give the number, and what is said to be without effect on it has none."""

from __future__ import annotations

import dataclasses
import io
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from labelcast.reports.assumptions import assumptions
from labelcast.reports.explain import explain, explanation_csv, explanation_json, explanation_text, inputs, rows_of
from labelcast.reports.explain.inputs import rests_on_money
from labelcast.reports.explain.rows import NOT_SPENT
from labelcast.scenarios.load import load
from labelcast.scenarios.saved import Asked, Saved, save, sources
from labelcast.sim.errors import DataRefused, ScenarioRefused
from labelcast.sim.line import MICRO, Chart
from labelcast.sim.registry import kpi_of
from labelcast.sim.replicate import Runs, made_of, replicate, summaries

PLAN = """
labelcast: 1
name: two
start: 2027-01-04T09:00
timezone: Europe/Paris
currency: EUR
work:
  day: {backlog: 60 items, classes: {car: 70%, bus: 30%}, due: 1 day}
  night: {backlog: 20 items, classes: {car: 70%, bus: 30%}, difficulty: {spread: 1.2}}
calendars: {office: {days: Mon-Fri, hours: "09:00-13:00, 14:00-18:00"}}
pools:
  team: {headcount: 3, calendar: office, skill: {accuracy: 85%, spread: 0.3}, pay: {hourly: 30 EUR}}
  judges: {headcount: 2, calendar: office, pay: {per_label: 0.4 EUR, monthly: 50 EUR}}
stages:
  annotate: {pools: [team], labels_per_item: 3, time: {lognormal: {median: 60 s, p95: 200 s}}}
  review: {pools: [judges], fraction: 50%, time: {lognormal: {median: 20 s, p95: 60 s}}, on_reject: {to: annotate}}
changes:
  - {on: 2027-01-04T09:10, why: licence, cost: 200 EUR}
  - {on: 2027-01-04T09:20, path: pools.team.pay.hourly, factor: 1.1}
goals:
  deadline: 2027-01-05
  budget: 560 EUR
  accuracy: ">= 97%"
  windows: {pilot: {on: 2027-01-04T10:30, items: 30 items}}
"""

REPLICATIONS = 12


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "two.yaml"
    path.write_text(PLAN)
    return path


@pytest.fixture(scope="module")
def saved(plan: Path) -> Saved:
    """Twelve replications, with their logs beside the folder."""
    line = load(plan)
    runs = replicate(line, REPLICATIONS, 3, 1, log_to=plan.parent / "log.parquet")
    return save(plan.parent / "runs", Asked(REPLICATIONS, 3, "fast"), sources(plan, None), runs, {})


def test_every_kpi_comes_from_its_rows(saved: Saved) -> None:
    """The mean of the rows is the number, and the share of those that meet a goal the chance, for all KPIs; what is
    withheld has a row that is no number."""
    runs = saved.runs
    for kpi, summary in summaries(runs).items():
        rows = rows_of(runs, kpi)
        assert rows.gave.size == REPLICATIONS
        if math.isnan(summary.mean):
            assert not np.isfinite(rows.gave).all(), kpi
        elif rows.met is not None:
            assert summary.mean == rows.met.mean(), kpi
        else:
            assert summary.mean == pytest.approx(rows.gave.mean(), rel=1e-12), kpi
    chances = [kpi for kpi in summaries(runs) if made_of(kpi)]
    assert chances == ["p_deadline", "p_accuracy", "p_budget", "p_ready.pilot"]


def test_money_is_a_sum_of_its_entries(saved: Saved) -> None:
    """For each KPI of money and each replication: whole micro-units of its entries, divided where it is a cost by
    something, are the value to the last bit; the divisor is the KPI that counts the same things. What was not spent
    has no entries."""
    runs = saved.runs
    looked = set()
    for kpi in summaries(runs):
        rows = rows_of(runs, kpi)
        if "ledger.amount" not in kpi_of(rows.of).columns or kpi.startswith(NOT_SPENT):
            assert rows.ledger is None
            continue
        assert rows.ledger is not None
        looked.add(kpi)
        for number in range(REPLICATIONS):
            entries = rows.ledger[rows.ledger["replication"] == number]
            amount = int(entries["amount"].sum()) / MICRO
            if rows.divisor is None:
                assert amount == rows.gave[number], (kpi, number)
            elif not math.isnan(rows.gave[number]):
                assert amount / rows.divisor[number] == rows.gave[number], (kpi, number)
    accepted = rows_of(runs, "cost_per_accepted_label").divisor
    assert accepted is not None
    assert accepted.tolist() == runs.kpis["items_delivered"].tolist()
    right = rows_of(runs, "cost_per_correct_label").divisor
    assert right is not None
    np.testing.assert_allclose(right, runs.kpis["accuracy"] * runs.kpis["items_delivered"])
    assert looked >= {"cost", "cost.team", "cost.segment.day", "cost_shared", "cost_per_label", "p_budget"}


def test_the_csv_gives_the_number_again(saved: Saved) -> None:
    """From the file alone: the mean cost is the sum of its amounts by replication; the mean accuracy is its mean."""
    book = pd.read_csv(io.StringIO(explanation_csv(explain(saved, "cost"))))
    assert book["amount"].sum() / REPLICATIONS == pytest.approx(summaries(saved.runs)["cost"].mean, abs=1e-9)
    rows = pd.read_csv(io.StringIO(explanation_csv(explain(saved, "accuracy"))))
    assert rows["accuracy"].mean() == pytest.approx(summaries(saved.runs)["accuracy"].mean, rel=1e-12)


def test_the_log_gives_the_number_again(saved: Saved, plan: Path) -> None:
    """Of each KPI its columns are counted, and its value worked out from the rows of the log is the kept one."""
    log = plan.parent / "log.parquet"
    for kpi in ("cost", "accuracy", "wait_h.annotate.contention", "p_ready.pilot", "error_cost_per_1k"):
        found = explain(saved, kpi, log, 4)
        assert found.log is not None
        assert found.log.value == saved.runs.kpis[made_of(kpi) or kpi][4]
    assert found.log.columns["items.delivered_at"] == (80, 80)
    assert "worked out from these rows" in explanation_text(found)
    assert explanation_json(found)["log"]["columns"]["items.truth"] == {"rows": 80, "recorded": 80}


def test_a_log_of_another_run_is_refused(saved: Saved, plan: Path) -> None:
    """Another seed; and a replication that the run has not."""
    other = plan.parent / "other.parquet"
    replicate(saved.line, 1, 4, 1, log_to=other)
    with pytest.raises(DataRefused, match=r"is no log of two-\w+ \(seed 4, not 3\)"):
        explain(saved, "cost", other)
    with pytest.raises(DataRefused, match="has replications 0 to 11, but got --replication 12"):
        explain(saved, "cost", other, 12)


@pytest.fixture(scope="module")
def dearer(plan: Path) -> Runs:
    """The same with other prices, goals and costs of errors."""
    path = plan.parent / "dearer.yaml"
    text = PLAN.replace("30 EUR", "41 EUR").replace("0.4 EUR", "0.9 EUR").replace("200 EUR", "900 EUR")
    text = (
        text.replace("97%", "91%")
        .replace("budget: 560", "budget: 990")
        .replace("deadline: 2027-01-05\n", "deadline: 2027-01-06\n")
    )
    path.write_text(text.replace("night: {", "night: {error_costs: {bus: {car: 7}}, "))
    return replicate(load(path), REPLICATIONS, 3, 1)


def test_what_is_left_out_has_no_effect(saved: Saved, dearer: Runs) -> None:
    """With other prices, goals and costs of errors, every KPI is the same to the last bit whose inputs have none of
    these; and those that are made of them have moved, so the change was one."""
    changed = (".pay.", "changes.cost", "error_costs", "goals.deadline", "goals.budget", "goals.accuracy")
    before, after = summaries(saved.runs), summaries(dearer)
    assert list(before) == list(after)
    moved = set()
    for kpi in before:
        rests = [one.path for one in inputs(dearer.line, kpi) if any(word in one.path for word in changed)]
        same = repr(before[kpi]) == repr(after[kpi])
        assert rests or same, kpi
        if not same:
            moved.add(kpi)
    assert moved >= {"cost", "cost.team", "cost_per_label", "error_cost_per_1k", "p_budget"}
    assert all(rests_on_money(kpi) for kpi in moved - {"p_deadline", "p_accuracy"} if "error_cost" not in kpi)


def test_nothing_else_is_left_out(dearer: Runs) -> None:
    """Of accuracy: prices, goals and costs of errors alone; of cost: goals and costs of errors alone."""
    every = {one.path for one in assumptions(dearer.line)}
    left = {kpi: every - {one.path for one in inputs(dearer.line, kpi)} for kpi in ("accuracy", "cost")}
    free = {path for path in every if path.startswith("goals.") or ".error_costs." in path}
    money = {path for path in every if ".pay." in path} | {"currency", "changes.cost"}
    assert left == {"accuracy": free | money, "cost": free}
    assert {"pools.team.pay.hourly", "changes.pools.team.pay.hourly", "pools.judges.pay.per_label"} <= money
    assert len(free) == 5


def test_windows_are_inputs_of_their_own_kpis(saved: Saved) -> None:
    """And of no other; a goal of its own chance alone."""

    def goals(kpi: str) -> list[str]:
        return [one.path for one in inputs(saved.line, kpi) if one.path.startswith("goals")]

    assert goals("p_ready.pilot") == goals("ready_days.pilot") == goals("slack_days.pilot") == ["goals.windows.pilot"]
    assert goals("p_deadline") == ["goals.deadline"]
    assert goals("p_budget") == ["goals.budget"]
    assert goals("cost") == goals("accuracy") == []


def test_an_explanation_tells_all_that_is_asked(saved: Saved) -> None:
    """Formula, inputs with who said them, seeds, versions, rows: as JSON and as text."""
    told = explanation_json(explain(saved, "cost"))
    assert told["formula"]["meaning"] == kpi_of("cost").sentence
    said = {one["path"]: one["said_by"] for one in told["inputs"]}
    assert said["pools.team.pay.hourly"] == "stated"
    assert said["pools.judges.shrinkage"] == "default"
    assert told["seeds"]["seed"] == 3
    assert set(told["versions"]) >= {"labelcast", "numpy", "python"}
    assert [row["cost"] for row in told["rows"]] == saved.runs.kpis["cost"].tolist()
    assert len(told["ledger"]) == len(saved.runs.ledger)
    text = explanation_text(explain(saved, "p_budget"))
    assert "replications have cost <= 560" in text
    assert "seed 3, replications 0 to 11" in text
    assert "pools.judges.shrinkage" in text


def test_what_is_no_kpi_of_it_is_told(saved: Saved) -> None:
    """A near miss is guessed; a chance without its goal says what to write."""
    with pytest.raises(ScenarioRefused, match=r'is named "acuracy"\. Did you mean "accuracy"\?'):
        explain(saved, "acuracy")
    with pytest.raises(ScenarioRefused, match="the chance to meet a goal on on_time, and two has none"):
        explain(saved, "p_on_time")
    with pytest.raises(ScenarioRefused, match="There are: cost, "):
        explain(saved, "zzz")


def test_charts_are_inputs_of_their_own_kpis(saved: Saved) -> None:
    """And of no other."""
    line = dataclasses.replace(saved.line, charts=(Chart("seen", "review", 0.05, 0.2, since_s=3600.0),))
    paths = {f"charts.seen.{key}" for key in ("watch", "in_control", "out_of_control", "false_alarm_every", "since")}
    assert {one.path for one in inputs(line, "detection_days.seen")} >= paths
    assert not {one.path for one in inputs(line, "accuracy")} & paths
