"""Logs of several steps: which are stages, who works there, and where items go from each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from recovery.steps import MINUTES, WAYS, events, judged
from reviewed import line, steps
from scipy import stats

from labelcast.calibration import profile
from labelcast.calibration.block import time_of
from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.fit import Fit
from labelcast.calibration.stages.lines import flow_of
from labelcast.calibration.stages.rates import Rate
from labelcast.calibration.stages.routes import chances, routes_of
from labelcast.calibration.stages.teams import teams_of
from labelcast.scenarios.load import load
from labelcast.sim.estimates.times import mean
from labelcast.sim.line import Line
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run


def scenario_of(fit: Fit, folder: Path) -> Line:
    """The line of a scenario that names the fit's profile and says nothing of its own."""
    profile.write(fit, folder / "p.profile.yaml")
    (folder / "s.yaml").write_text(
        "labelcast: 1\nprofile: p.profile.yaml\nstart: 2027-01-04T09:00\ncurrency: EUR\n"
        "work: {items: {backlog: 100 items}}\n"
    )
    return load(folder / "s.yaml")


def test_a_line_of_labelling_with_its_reviewers(tmp_path: Path) -> None:
    """The engine's annotate and review, told as an event log without verdicts: the fraction, both times and both teams
    come back within 1.7 times their intervals, and rejections are known by what came back."""
    log = run(Plan.of(line(0.6, items=1000, wait_s=600.0)), seed=2, replication=0)
    steps(log).to_csv(tmp_path / "steps.csv", index=False)
    fit = calibrate([tmp_path / "steps.csv"], pool="team")
    truth = {"annotate.time.lognormal.median": 100.0, "review.time.lognormal.median": 20.0, "review.fraction": 0.6}
    for name, value in truth.items():
        found = fit.parameter(f"stages.{name}")
        low, high = (found.value + 1.7 * (end - found.value) for end in (found.low, found.high))
        assert low <= value <= high, found
    assert (fit.parameter("pools.team.headcount").value, fit.parameter("pools.review-team.headcount").value) == (8, 3)
    review = log.tasks[log.tasks["stage"] == "review"]
    rejected = ((review["outcome"] == "rejected") & (review["round"] < 3)).sum()
    assert fit.parameter("stages.review.rejected").value == pytest.approx(rejected / len(review), abs=1e-9)
    assert fit.rows_used + sum(one.rows for one in fit.refused) == fit.rows_read
    built = scenario_of(fit, tmp_path)
    assert [(one.name, one.kind) for one in built.stages] == [("annotate", "annotate"), ("review", "review")]
    assert [one.pools[0][0] for one in built.stages] == ["team", "review-team"]


def test_an_event_log_is_a_line_of_work(tmp_path: Path) -> None:
    """Routes, times and teams of a drawn log come back, and the profile's line leads items as often to each step."""
    table = events(700)
    table.to_csv(tmp_path / "events.csv", index=False)
    fit = calibrate([tmp_path / "events.csv"], pool="clerks")
    for step, ways in WAYS.items():
        for to, chance in ways.items():
            found = fit.parameter(f"stages.{step.lower()}.next.done.{to.lower() or 'deliver'}")
            low, high = (found.value + 1.7 * (end - found.value) for end in (found.low, found.high))
            assert low <= chance <= high, found
    built = scenario_of(fit, tmp_path)
    for stage in built.stages:
        assert mean(stage.time) == pytest.approx(60 * MINUTES[stage.name.capitalize()] * np.exp(0.08), rel=0.15)
    assert built.first == "intake"
    assert {one.kind for one in built.stages} == {"work"}
    teams = {one.name: one.pools[0][0] for one in built.stages}
    assert teams == {"intake": "clerks", "call": "clerks", "check": "check-team"}
    assert any("Steps are work without labels" in note for note in fit.notes)
    assert not [one for one in fit.parameters if "labels_per_item" in one.path]


def test_roles_of_the_log_are_pools() -> None:
    """Where each worker has one role, roles are pools, and a stage that two of them share gets its shares."""
    table = events(200)
    role = table["worker"].map(lambda one: "Senior clerk" if one in ("w0", "c0") else "Clerk")
    frame = judged(table.assign(role=role))
    flow, _ = flow_of(frame, "annotate")
    team, told = teams_of(frame, flow, "staff")
    assert told
    assert set(team) == {"staff", "senior-clerk"}
    assert (team[frame["worker"] == "w0"] == "senior-clerk").all()


def test_a_team_that_reviews_itself(tmp_path: Path) -> None:
    """Two people who label, and review each other, are two pools, each with the hours it took, so that the line can
    be simulated; a note says that they are the same people."""
    table = steps(run(Plan.of(line(1.0, items=200, people=2, reviewers=2, wait_s=600.0)), seed=2, replication=0))
    table["worker"] = "w" + table["worker"].str[-1]
    table.to_csv(tmp_path / "two.csv", index=False)
    fit = calibrate([tmp_path / "two.csv"], pool="team")
    assert [one.pools[0][0] for one in scenario_of(fit, tmp_path).stages] == ["team", "review-team"]
    assert any("since a reviewer is no author; 2 people work at several" in note for note in fit.notes)


def test_marks_and_rare_steps_are_passed_over() -> None:
    """A step without any time is no work, and one of three rows is no stage; items go on to what follows."""
    table = events(300)
    ends = table.groupby("item").tail(1).assign(stage="Closed", worker="system")
    ends["started_at"] = ends["submitted_at"] = ends["submitted_at"] + pd.Timedelta(seconds=1)
    odd = table.head(3).assign(stage="Typo")
    frame = judged(pd.concat([table, ends, odd], ignore_index=True))
    flow, why = flow_of(frame, "annotate")
    assert why == ""
    assert {step.name for step in flow.steps} == {"intake", "check", "call"}
    assert {(word, reason) for word, _, reason in flow.left_out} == {
        ("Closed", "nobody works on it"),
        ("Typo", "too rare"),
    }
    assert {to for to, _ in routes_of(frame, flow).ways["check"]} == {"call", "deliver"}


def test_odd_names_become_names_of_stages() -> None:
    """Signs and capitals go, two steps that would be called alike are not, and nothing is called deliver."""
    table = events(100)
    table["stage"] = table["stage"].map({"Intake": "Deliver!", "Check": "检查", "Call": "deliver"})
    flow, _ = flow_of(judged(table), "annotate")
    names = [step.name for step in flow.steps]
    assert len(set(names)) == 3
    assert "deliver" not in names
    assert all(name.replace("-", "").isalnum() and name.isascii() for name in names)


def test_one_step_is_no_flow() -> None:
    """A log of one step, or of one and a rare one, is fitted as before, and the second says why."""
    table = events(200)
    one = table[table["stage"] == "Check"]
    assert flow_of(judged(one), "annotate") == (None, "")
    both = pd.concat([one, table[table["stage"] == "Call"].head(2)], ignore_index=True)
    flow, why = flow_of(judged(both), "annotate")
    assert flow is None
    assert "only one of its steps" in why


def test_items_last_seen_late_have_no_end() -> None:
    """Of a log cut off in the middle, items under way are not delivered: shares stay what they were."""
    table = events(900)
    half = table[table["submitted_at"] <= table["started_at"].min() + pd.Timedelta(minutes=600 * 450)]
    frame = judged(half)
    flow, _ = flow_of(frame, "annotate")
    found = routes_of(frame, flow)
    assert found.open > 0
    assert dict(found.ways["call"])["deliver"].value == pytest.approx(0.6, abs=0.1)


def test_chances_sum_to_the_whole() -> None:
    """Percentages of two digits that sum to 100 to the last, whatever the shares."""
    table = events(333)
    frame = judged(table)
    flow, _ = flow_of(frame, "annotate")
    for ways in routes_of(frame, flow).ways.values():
        assert sum(round(float(one.rstrip("%")) * 100) for one in chances(ways).values()) == 10_000


def test_what_comes_back_leaves_in_the_end() -> None:
    """No more than 90% comes back to a stage, the most that a scenario takes; the rest keeps its proportions."""
    rates = [Rate(value, 0.0, 1.0, 100, 100.0) for value in (0.96, 0.03, 0.01)]
    assert chances((("a", rates[0]), ("b", rates[1]), ("deliver", rates[2])), "a") == {
        "a": "90.00%", "b": "7.50%", "deliver": "2.50%",
    }  # fmt: skip


@pytest.mark.verify
def test_routes_lie_within_their_intervals() -> None:
    """100 drawn logs, three chances each: as many lie within their 95% intervals as a binomial of 95% reaches with
    chance 99.9% each."""
    hits = dict.fromkeys(["Intake", "Check", "Call"], 0)
    to = {"Intake": "check", "Check": "call", "Call": "intake"}
    logs = 100
    for seed in range(logs):
        frame = judged(events(120, seed))
        flow, _ = flow_of(frame, "annotate")
        found = routes_of(frame, flow)
        for step in hits:
            one = dict(found.ways[step.lower()])[to[step]]
            hits[step] += one.low <= WAYS[step][to[step].capitalize()] <= one.high
    assert min(hits.values()) >= stats.binom.ppf(0.001, logs, 0.95), hits


def test_steps_that_a_line_cannot_have(tmp_path: Path) -> None:
    """Steps where items only begin, whose times are all idle, or always the same: the profile is still a line that can
    be simulated, every row is counted, and what is left out is said."""
    table = events(300)
    begun = table.groupby("item").head(1).query("item % 8 == 0").assign(stage="Front desk", worker="f0")
    begun["submitted_at"] = begun["started_at"]
    begun["started_at"] = begun["started_at"] - pd.Timedelta(minutes=2)
    ends = table.groupby("item").tail(1).copy()
    slow = ends.assign(stage="Archive", worker="a" + ends["item"].astype(str))
    slow["started_at"] = ends["submitted_at"] + pd.Timedelta(minutes=1)
    slow["submitted_at"] = slow["started_at"] + pd.Timedelta(hours=30)
    table.loc[table["stage"] == "Call", "submitted_at"] = table["started_at"] + pd.Timedelta(minutes=3)
    path = tmp_path / "odd.csv"
    pd.concat([table, begun, slow], ignore_index=True).to_csv(path, index=False)
    fit = calibrate([path])
    assert set(fit.scenario["stages"]) == {"intake", "check", "call"}
    assert scenario_of(fit, tmp_path).first == "intake"
    assert fit.rows_used + sum(one.rows for one in fit.refused) == fit.rows_read
    assert any("Not in the scenario: " in note and "front-desk" in note and "archive" in note for note in fit.notes)


def test_a_time_without_spread_is_a_constant() -> None:
    """A scenario refuses a sigma of 0, which times that hardly vary have to four digits."""
    known = {"stages.a.time.lognormal.median": 180.0, "stages.a.time.lognormal.sigma": 0.0}
    assert time_of(known, "stages.a") == {"constant": "180 s"}
    assert time_of(known | {"stages.a.time.lognormal.sigma": 0.3}, "stages.a") == {
        "lognormal": {"median": "180 s", "sigma": "0.3"}
    }


def test_the_log_knows_people_of_the_first_stage_only(tmp_path: Path) -> None:
    """Sessions of clerks who only call are part of their pool's hours, and not of the log of the first stage's work."""
    table = events(150)
    table["role"] = np.where(table["stage"] == "Check", "Checker", "Clerk")
    calls = table["stage"] == "Call"
    table.loc[calls, "worker"] = "z" + table.loc[calls, "worker"].str[1:]
    table.to_csv(tmp_path / "calls.csv", index=False)
    log = calibrate([tmp_path / "calls.csv"], pool="clerks").log
    assert set(log.presence["worker"]) == set(log.tasks["worker"]) == {0, 1, 2, 3}
