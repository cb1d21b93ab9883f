"""Replications: the same whatever the processes, extendable, with chances for goals and results for scripts."""

from __future__ import annotations

import json
import math
import operator
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from books import runs_of
from lines import constant, full, queue
from small import same

from labelcast.sim.line import Contract, Goal, Line, OneOff, Tier, Window, digest
from labelcast.sim.processes import WorkerLost, in_order
from labelcast.sim.replicate import Runs, made_of, replicate, summaries
from labelcast.sim.results import results
from labelcast.sim.statistics import wilson

REPLICATIONS = 4

CONTRACTS = {
    "team": Contract(hourly=31_000_000),
    "vendor": Contract(per_label=(Tier(20, 420_000), Tier(None, 350_000))),
    "reviewers": Contract(hourly=29_000_000),
}


def paid(items: int = 8) -> Line:
    """The full line with contracts and goals."""
    line = full(items)
    goals = (Goal("finish_days", "<=", 1.4), Goal("accuracy", ">=", 0.8, 0.9), Goal("cost", "<=", 1e9))
    return replace(line, pools=tuple(replace(pool, contract=CONTRACTS[pool.name]) for pool in line.pools), goals=goals)


def never() -> Line:
    """A line that is cut off before all its items can be done, in every replication."""
    line = queue(1, 100.0, 5, constant(3600.0), goals=(Goal("finish_days", "<=", 30.0),))
    return replace(line, segments=(replace(line.segments[0], arrivals=None, backlog=5),), horizon_s=3 * 3600.0)


@pytest.fixture(scope="module")
def by_processes(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Runs, Path, list[tuple[int, int]]]]:
    """Runs, log and progress of the same replications in 1, 2 and 3 processes."""
    folder = tmp_path_factory.mktemp("logs")
    made = {}
    for processes in (1, 2, 3):
        path, calls = folder / f"{processes}.parquet", list[tuple[int, int]]()
        runs = replicate(
            paid(), REPLICATIONS, 5, processes, path, lambda done, of, calls=calls: calls.append((done, of))
        )
        made[processes] = runs, path, calls
    return made


@pytest.mark.parametrize("processes", [2, 3])
def test_processes_change_nothing(
    by_processes: dict[int, tuple[Runs, Path, list[tuple[int, int]]]], processes: int
) -> None:
    """KPIs, ledgers, curves and the bytes of the log are the same in one process and in several."""
    (runs, log, _), (others, other_log, _) = by_processes[1], by_processes[processes]
    assert runs.kpis["cost"].nunique() == REPLICATIONS, "replications must differ, else their order cannot be seen"
    same(runs, others)
    assert log.read_bytes() == other_log.read_bytes()


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_progress_is_told_in_order(
    by_processes: dict[int, tuple[Runs, Path, list[tuple[int, int]]]], processes: int
) -> None:
    """Progress counts one replication after another."""
    assert by_processes[processes][2] == [(done, REPLICATIONS) for done in range(1, REPLICATIONS + 1)]


def test_writing_a_log_changes_nothing(by_processes: dict[int, tuple[Runs, Path, list[tuple[int, int]]]]) -> None:
    """Without a log the runs are the same; with more replications the first ones stay what they were; another seed
    gives others."""
    runs = by_processes[1][0]
    same(runs, replicate(paid(), REPLICATIONS, 5, 1))
    more = replicate(paid(), REPLICATIONS + 2, 5, 1)
    pd.testing.assert_frame_equal(more.kpis.iloc[:REPLICATIONS], runs.kpis, check_exact=True)
    first = more.ledger[more.ledger["replication"] < REPLICATIONS]
    pd.testing.assert_frame_equal(first, runs.ledger, check_exact=True)
    assert not replicate(paid(), REPLICATIONS, 6, 1).kpis.equals(runs.kpis)


def test_the_ledger_holds_the_cost_of_each_replication(
    by_processes: dict[int, tuple[Runs, Path, list[tuple[int, int]]]],
) -> None:
    """The rows of a replication in the stacked ledger sum to its KPI."""
    runs = by_processes[1][0]
    assert runs.ledger["replication"].is_monotonic_increasing
    sums = runs.ledger.groupby("replication")["amount"].sum() / 1e6
    assert sums.tolist() == runs.kpis["cost"].tolist()


def test_curves_share_their_hours_and_end_with_the_run(
    by_processes: dict[int, tuple[Runs, Path, list[tuple[int, int]]]],
) -> None:
    """All replications have the same hours, and after its last delivery each stays at all items and nobody waiting."""
    runs = by_processes[1][0]
    for replication, curve in enumerate(runs.curves):
        assert curve.hours.tolist() == runs.curves[0].hours.tolist()
        assert curve.delivered[-1] == runs.kpis["items_delivered"].iloc[replication] == 16
        assert all(wait[-1] == 0 for wait in curve.waiting.values())
        done = math.ceil(runs.kpis["finish_days"].iloc[replication] * 24)
        assert curve.delivered[done] == 16 > curve.delivered[done - 1]
    assert runs.curves[0].hours[-1] == math.ceil(runs.kpis["finish_days"].max() * 24)


def test_goals_have_chances(by_processes: dict[int, tuple[Runs, Path, list[tuple[int, int]]]]) -> None:
    """Each goal adds the share of the replications that meet it, with Wilson's interval; equality meets it."""
    runs = by_processes[1][0]
    values = np.sort(runs.kpis["finish_days"].to_numpy())
    goals = (Goal("finish_days", "<=", float(values[1])), Goal("cost", "<=", 0.0), Goal("accuracy", ">=", 0.0))
    found = summaries(replace(runs, line=replace(runs.line, goals=goals)))
    for name, met in (("p_deadline", 2), ("p_budget", 0), ("p_accuracy", REPLICATIONS)):
        assert (found[name].mean, found[name].low, found[name].high) == (
            met / REPLICATIONS,
            *wilson(met, REPLICATIONS, 0.95),
        ), name
    assert "p_on_time" not in found
    best = replace(runs.line, goals=(Goal("accuracy", ">=", float(runs.kpis["accuracy"].max())),))
    share = (runs.kpis["accuracy"] == runs.kpis["accuracy"].max()).mean()
    assert summaries(replace(runs, line=best))["p_accuracy"].mean == share


def test_windows_have_chances() -> None:
    """Each window adds the share of replications that are ready by its date, to the millisecond, with Wilson's
    interval; what is never ready does not meet it, and where readiness is unknown the chance is withheld."""
    line = queue(1, 100.0, 10, constant(60.0))
    at = 33.3337  # rounds up
    days = {
        "ready_days.april": [(33_334 + late) / 86_400_000 for late in (-1, 0, 1)] + [math.inf],
        "ready_days.may": [1.0, math.nan, 2.0, 3.0],
    }
    windows = (Window("april", at, 10), Window("may", 86_400.0, 10), Window("june", 86_400.0, 10))
    runs = runs_of("windows", days)
    found = summaries(replace(runs, line=replace(line, windows=windows)))
    april = found["p_ready.april"]
    assert (april.mean, april.low, april.high) == (0.5, *wilson(2, 4, 0.95))
    assert math.isnan(found["p_ready.may"].mean)
    assert "p_ready.june" not in found
    assert found["ready_days.april"].p95 == math.inf


def test_with_people_enough_every_window_is_met() -> None:
    """Where everybody starts at once, a window an hour later is met in every run, and one before the first label can be
    there in none; the chance keeps its interval."""
    line = queue(50, 100.0, 50, constant(60.0))
    segment = replace(line.segments[0], arrivals=None, backlog=50)
    windows = (Window("early", 59.999, 1), Window("first", 60.0, 50), Window("hour", 3600.0, 50, "items"))
    runs = replicate(replace(line, segments=(segment,), windows=windows), 3, processes=1)
    found = results(runs)["kpis"]
    assert [found[f"p_ready.{name}"]["mean"] for name in ("early", "first", "hour")] == [0.0, 1.0, 1.0]
    assert found["p_ready.hour"]["low"] == wilson(3, 3)[0]
    assert found["p_ready.hour"]["unit"] == "share"
    assert found["ready_days.hour"]["mean"] == 60 / 86_400


def test_the_kpi_behind_a_chance_has_a_name() -> None:
    """p_budget is made of cost, p_ready.april of ready_days.april, and cost of nothing."""
    assert (made_of("p_budget"), made_of("p_ready.april"), made_of("cost")) == ("cost", "ready_days.april", None)


def test_the_engine_is_what_the_logs_say(by_processes: dict[int, tuple[Runs, Path, list[tuple[int, int]]]]) -> None:
    """Runs, and their results, name the engine that ran them."""
    runs = by_processes[1][0]
    assert runs.engine == "fast"
    assert results(replace(runs, engine="another"))["engine"] == "another"


def test_what_never_finishes_has_no_mean() -> None:
    """A run cut off by the horizon finishes never: infinite, without a mean, and its deadline is not met."""
    runs = replicate(never(), 3, processes=1)
    assert runs.kpis["finish_days"].tolist() == [math.inf] * 3
    found = summaries(runs)
    assert math.isnan(found["finish_days"].mean)
    assert found["finish_days"].p50 == math.inf
    assert (found["p_deadline"].mean, found["p_deadline"].low) == (0.0, 0.0)
    told = results(runs)["kpis"]
    assert told["finish_days"] == {
        **dict.fromkeys(("mean", "low", "high", "p5", "p50", "p80", "p95")),
        "unit": "days",
        "never": 1.0,
    }


def test_a_chance_of_a_withheld_kpi_is_withheld() -> None:
    """A budget for a line without contracts can be neither met nor missed."""
    line = replace(queue(1, 100.0, 3, constant(60.0)), goals=(Goal("cost", "<=", 5.0),))
    found = results(replicate(line, 2, processes=1))["kpis"]
    assert found["cost"]["mean"] is None
    assert found["p_budget"]["mean"] is None
    assert found["p_budget"]["high"] is None


@pytest.mark.parametrize(
    ("contract", "one_offs", "cost"),
    [
        (Contract(), (), None),
        (Contract(hourly=30_000_000), (), 0.0),
        (Contract(per_label=(Tier(None, 420_000),)), (), 0.0),
        (Contract(), (OneOff(0.0, 2_000_000, "a tool"),), 2.0),
    ],
)
def test_who_is_never_there_costs_nothing(contract: Contract, one_offs: tuple[OneOff, ...], cost: float | None) -> None:
    """A calendar that never opens: a paid plan costs 0 and keeps its budget; only one that pays nobody has no cost."""
    line = queue(1, 100.0, 3, constant(60.0), goals=(Goal("cost", "<=", 5.0),))
    calendars = tuple(replace(each, intervals=()) for each in line.calendars)
    pools = tuple(replace(pool, contract=contract) for pool in line.pools)
    segments = (replace(line.segments[0], arrivals=None, backlog=3),)
    line = replace(line, segments=segments, calendars=calendars, pools=pools, one_offs=one_offs, horizon_s=86_400.0)
    runs = replicate(line, 2, processes=1)
    found = results(runs)["kpis"]
    assert found["items_delivered"]["mean"] == 0
    assert found["cost"]["mean"] == cost
    assert found["cost_shared"]["mean"] == cost
    assert found["cost.annotators"]["mean"] == (None if cost is None else 0)
    assert found["p_budget"]["mean"] == (None if cost is None else 1)


def test_results_are_what_scripts_were_promised(
    by_processes: dict[int, tuple[Runs, Path, list[tuple[int, int]]]],
) -> None:
    """The JSON has the promised shape, no number that JSON has not, and the same text every time."""
    runs = by_processes[1][0]
    found = results(runs)
    text = json.dumps(found, allow_nan=False)
    assert text == json.dumps(results(by_processes[2][0]), allow_nan=False)
    assert json.loads(text) == found
    assert list(found) == ["scenario", "version", "engine", "digest", "seed", "replications", "level", "kpis"]
    assert (found["scenario"], found["engine"], found["seed"], found["replications"], found["level"]) == (
        "full", "fast", 5, REPLICATIONS, 0.95,
    )  # fmt: skip
    assert found["digest"] == digest(runs.line)
    promised = "cost cost_per_label cost_per_accepted_label cost_per_correct_label finish_days cycle_time_h accuracy"
    promised += " on_time rework_rate throughput_per_week items_delivered wait_h.annotate wait_h.review"
    promised += " wait_h.adjudicate utilisation.team utilisation.vendor utilisation.reviewers p_deadline p_budget"
    assert set(promised.split()) <= set(found["kpis"])
    for name, kpi in found["kpis"].items():
        assert list(kpi) == ["mean", "low", "high", "p5", "p50", "p80", "p95", "unit"], name
    cost = found["kpis"]["cost"]
    assert cost["unit"] == "EUR"
    assert cost["mean"] == pytest.approx(runs.kpis["cost"].mean(), rel=1e-12)
    assert cost["low"] < cost["mean"] < cost["high"]
    assert cost["p5"] <= cost["p50"] <= cost["p80"] <= cost["p95"] == runs.kpis["cost"].max()


@pytest.mark.parametrize("processes", [1, 2])
def test_a_broken_replication_surfaces_and_leaves_no_log(tmp_path: Path, processes: int) -> None:
    """An error in a replication comes out as what it is, in one process and in several, and no half log stays."""
    line = queue(1, 100.0, 3, constant(60.0))
    broken = replace(line, stages=(replace(line.stages[0], pools=(("nobody", 1.0),)),))
    with pytest.raises((AssertionError, KeyError, ValueError), match=r"nobody|not in list"):
        replicate(broken, 2, 1, processes, tmp_path / "log.parquet")
    assert list(tmp_path.iterdir()) == []


def test_work_comes_in_order_and_stops_at_an_error() -> None:
    """Results come in the order of their numbers; an error comes in its place, after the results before it."""
    assert list(in_order(operator.mul, 3, 7, 2)) == [0, 3, 6, 9, 12, 15, 18]
    found = in_order(operator.getitem, [10, 11], 4, 2)
    assert [next(found), next(found)] == [10, 11]
    with pytest.raises(IndexError, match="out of range"):
        next(found)


def test_a_process_that_dies_is_told() -> None:
    """A process that dies at its work is an error in words, not a wait for ever."""
    with pytest.raises(WorkerLost, match="--processes 1"):
        list(in_order(operator.call, os._exit, 3, 2))
