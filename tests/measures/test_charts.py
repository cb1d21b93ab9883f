"""Control charts: how long they run against exact and known laws, and what a run's KPIs say of a change."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from flows import annotate, line_of, people, review
from hypothesis import given
from hypothesis import strategies as st
from lines import logit
from scipy import optimize

from labelcast.sim.control import alarms, limit, run_length, weight
from labelcast.sim.engines import ENGINES
from labelcast.sim.kpis import kpis
from labelcast.sim.line import DELIVER, GOLD, Chart, Epoch, Gold, Line, Segment
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run
from labelcast.sim.replicate import replicate, summaries

DAY = 86_400.0


def stepwise(p: float, high: int) -> float:
    """Mean time of a walk that steps up with chance p and else down, but not below 0, from 0 to `high`: of first
    differences d(i) = 1/p + (q/p) d(i - 1), d(0) = 1/p, a geometric sum (Feller, chapter XIV)."""
    r = (1.0 - p) / p
    return (high - r * (1.0 - r**high) / (1.0 - r)) / (p * (1.0 - r))


@given(st.floats(0.2, 0.95).filter(lambda p: abs(p - 0.5) > 0.01), st.integers(1, 12))
def test_steps_of_one_are_a_walk(p: float, high: int) -> None:
    """R24. At m = 2 the score is a simple walk held at 0, whose mean time to a height has a closed form."""
    assert run_length(2, high, p) == pytest.approx(stepwise(p, high), rel=1e-6)


@given(st.integers(2, 40), st.floats(0.001, 0.999))
def test_a_limit_that_one_wrong_result_reaches_is_a_geometric_wait(m: int, p: float) -> None:
    """R24. With a limit of m - 1 the first wrong result alarms: 1 / p on average."""
    assert run_length(m, m - 1, p) == pytest.approx(1.0 / p)


def exactly(m: int, p0: float) -> tuple[float, float, float]:
    """(p1, r1, r2) of the chart whose reference value is 1/m exactly."""

    def gap(p1: float) -> float:
        return -math.log((1 - p1) / (1 - p0)) / math.log(p1 * (1 - p0) / (p0 * (1 - p1))) - 1 / m

    p1 = float(optimize.brentq(gap, p0 * 1.001, 0.99))
    return p1, -math.log((1 - p1) / (1 - p0)), math.log(p1 * (1 - p0) / (p0 * (1 - p1)))


@pytest.mark.parametrize(("p0", "p1", "high"), [(0.05, 0.15, 30), (0.05, 0.15, 50), (0.02, 0.05, 100), (0.1, 0.2, 40)])
def test_run_lengths_are_those_of_reynolds_and_stoumbos(p0: float, p1: float, high: int) -> None:
    """R24. Their corrected diffusion approximation, with h* = h + eps(p0) sqrt(p0 q0): in control
    (exp(h* r2) - h* r2 - 1) / |r2 p0 - r1|, out of control (exp(-h* r2) + h* r2 - 1) / |r2 p1 - r1|. They give it as
    accurate to a few percent: the exact chain is within 3%."""
    m = weight(Chart("c", GOLD, p0, p1))
    p1, r1, r2 = exactly(m, p0)
    ln = math.log(p0)
    eps = 0.410 - 0.0842 * ln - 0.0391 * ln**3 - 0.00376 * ln**4 - 0.000008 * ln**7
    h = high / m + eps * math.sqrt(p0 * (1 - p0))
    assert run_length(m, high, p0) == pytest.approx((math.exp(h * r2) - h * r2 - 1) / abs(r2 * p0 - r1), rel=0.03)
    assert run_length(m, high, p1) == pytest.approx((math.exp(-h * r2) + h * r2 - 1) / abs(r2 * p1 - r1), rel=0.03)


@pytest.mark.parametrize("p", [0.05, 0.15])
def test_the_chart_alarms_as_often_as_the_chain_says(p: float) -> None:
    """R24. Results at random through the chart itself: the mean distance of 2,000 alarms is the chain's, within four
    standard errors (false alarm 6e-5; the seed is fixed)."""
    chart, rng = Chart("c", GOLD, 0.05, 0.15, 150.0), np.random.default_rng(11)
    m, high = weight(chart), limit(chart)
    expected = run_length(m, high, p)
    places = alarms((rng.random(int(2000 * expected)) < p).tolist(), m, high)
    waits = np.diff([-1, *places])
    assert abs(waits.mean() - expected) < 4 * waits.std() / math.sqrt(len(waits))


def test_a_chart_by_hand() -> None:
    """Wrong adds 2, right takes 1, alarm at 4 and anew: 2, 1, 3, 5 alarms; 0, 0, 2, 4 alarms; 2."""
    told = [True, False, True, True, False, False, True, True, True]
    assert alarms(told, 3, 4) == [3, 7]
    assert alarms([], 3, 4) == []


def test_the_limit_is_the_lowest_that_is_rare_enough() -> None:
    """At the limit false alarms are as rare as stated, one below it they are not; a stated limit is taken as it is."""
    for p0, p1, rare in ((0.05, 0.15, 1000.0), (0.01, 0.02, 500.0), (0.3, 0.6, 50.0), (0.2, 0.9, 1.0)):
        chart = Chart("c", GOLD, p0, p1, rare)
        m, high = weight(chart), limit(chart)
        assert run_length(m, high, p0) >= rare
        assert high == 1 or run_length(m, high - 1, p0) < rare
    assert limit(Chart("c", GOLD, 0.05, 0.15, None, 17)) == 17


CHANGE = 2 * DAY
CHARTS = (
    Chart("answers", GOLD, 0.1, 0.5, 200.0, since_s=CHANGE),
    Chart("verdicts", "review", 0.1, 0.5, None, 9, CHANGE),
    Chart("idle", "review", 0.1, 0.5, None, 3),
    Chart("late", "review", 0.1, 0.5, None, 9, 900 * DAY),
)


def drifting(**more: Any) -> Line:
    """People who are right in nine of ten, and from the third day on in one of two; a fifth of what they do is
    reviewed by people who err not, and test questions come before a fifth of their tasks."""
    team, judges = (
        people("annotators", 3, skill_mean=logit(0.9)),
        people("reviewers", 2, sensitivity=1.0, false_alarm=0.0),
    )
    worse = dataclasses.replace(team, skill_mean=0.0)
    ways = {"accepted": DELIVER, "rejected": DELIVER, "exhausted": DELIVER}
    stages = (
        annotate(600.0, to="review", gold=Gold(0.2)),
        review(fraction=0.2, rounds=0, next=ways),
    )
    line = line_of(0, stages, team, judges, horizon_s=60 * DAY)
    work = Segment("items", backlog=2000, classes={"car": 0.5, "bus": 0.5})
    changed = {"charts": CHARTS, "segments": (work,), "epochs": (Epoch(CHANGE, pools=(worse, judges)),)}
    return dataclasses.replace(line, **(changed | more))


def test_what_a_change_ships_until_it_is_seen() -> None:
    """R24. Told by the rows of a log, worked out beside the code: the results in order of time through the chart, the
    first alarm after the change, and wrong items delivered before it."""
    line = drifting()
    log = run(Plan.of(line), 1, 0)
    found = kpis(log, None, charts=line.charts)
    rows = log.tasks.merge(log.items[["item", "truth", "gold"]], on="item").sort_values(["finished_at", "item"])
    given = rows[(rows["stage"] == "annotate") & rows["gold"].eq(True) & rows["finished_at"].notna()]
    judged = rows[rows["outcome"].isin(["accepted", "rejected"])]
    told = {
        "answers": (given["finished_at"], given["label"].astype(str) != given["truth"].astype(str)),
        "verdicts": (judged["finished_at"], judged["outcome"] == "rejected"),
    }
    wrong = log.items[log.items["final_label"].astype(str) != log.items["truth"].astype(str)]["delivered_at"].dropna()
    for chart in CHARTS[:2]:
        at, bad = told[chart.name]
        score, rung = 0, []
        for moment, is_bad in zip(at.tolist(), bad.tolist(), strict=True):
            score = score + weight(chart) - 1 if is_bad else max(0, score - 1)
            if score >= limit(chart):
                rung.append(moment)
                score = 0
        first = min(moment for moment in rung if moment >= CHANGE * 1000)
        assert found[f"charted.{chart.name}"] == len(at) > 100
        assert found[f"false_alarms.{chart.name}"] == sum(moment < CHANGE * 1000 for moment in rung)
        assert found[f"detected.{chart.name}"] == 1.0
        assert found[f"detection_days.{chart.name}"] == (first / 1000 - CHANGE) / DAY
        assert found[f"shipped_wrong.{chart.name}"] == ((wrong >= CHANGE * 1000) & (wrong < first)).sum() > 0
    assert found["false_alarms.idle"] > 5
    for name in ("idle", "late"):
        assert all(math.isnan(found[f"{kpi}.{name}"]) for kpi in ("detected", "detection_days", "shipped_wrong"))


def test_runs_without_a_log_tell_the_same_and_better_charts_ship_less() -> None:
    """R24. Replications of either engine, with and without a log, give the same KPIs. A chart of more false alarms sees
    the change sooner and ships less; a chart that never alarms says so, and counts to the end of the run."""
    rules = [Chart(f"c{high}", "review", 0.1, 0.5, None, high, CHANGE) for high in (2, 6, 12, 100_000)]
    line = drifting(charts=tuple(rules))
    quick, slow = (replicate(line, 2, processes=1, engine=engine) for engine in ENGINES)
    names = [name for name in quick.kpis if name.partition(".")[2] in {rule.name for rule in rules}]
    assert len(names) == 5 * len(rules)
    assert (quick.kpis[names] == slow.kpis[names]).all(axis=None)
    means = {name: summary.mean for name, summary in summaries(quick).items() if name in names}
    for kpi, grows in (("detection_days", True), ("shipped_wrong", True), ("false_alarms", False)):
        told = [means[f"{kpi}.{rule.name}"] for rule in rules]
        assert told == sorted(told, reverse=not grows)
        assert told[0] != told[-1]
    assert means["detected.c100000"] == 0.0
    days = quick.kpis["detection_days.c100000"] + CHANGE / DAY
    assert (days >= quick.kpis["finish_days"]).all()


def test_nobody_sees_what_did_not_happen() -> None:
    """A run in which nothing is reviewed before it ends has charts without results, and no alarm."""
    line = drifting(horizon_s=60.0)
    found = kpis(run(Plan.of(line), 1, 0), None, charts=(Chart("idle", GOLD, 0.1, 0.5),))
    assert found["charted.idle"] == 0.0 or math.isnan(found["charted.idle"])
