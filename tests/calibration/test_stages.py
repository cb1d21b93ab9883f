"""Logs of several steps: which are stages, who works there, and where items go from each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
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
from labelcast.sim.errors import DataRefused
from labelcast.sim.estimates.times import mean
from labelcast.sim.learning import time_factors
from labelcast.sim.line import Line
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run

WAYS = {
    "Intake": {"Check": 0.7, "Call": 0.3},
    "Check": {"Call": 0.2, "": 0.8},
    "Call": {"Intake": 0.4, "": 0.6},
}
"""Of each step where items go next; the empty word is the end."""

MINUTES = {"Intake": 5.0, "Check": 12.0, "Call": 3.0}


def events(items: int, seed: int = 1) -> pd.DataFrame:
    """A log of WAYS: median times MINUTES (sigma 0.4), ten hours between steps, an item every ten hours; four
    people at intake and call, three who check."""
    rng = np.random.default_rng(seed)
    rows = []
    for item in range(items):
        at, now = 600.0 * item, "Intake"
        while now:
            took = MINUTES[now] * np.exp(0.4 * rng.standard_normal())
            who = f"c{rng.integers(3)}" if now == "Check" else f"w{rng.integers(4)}"
            rows.append((item, now, who, at, at + took))
            at += took + 60 * rng.exponential(10.0)
            now = str(rng.choice([*WAYS[now]], p=[*WAYS[now].values()]))
    frame = pd.DataFrame(rows, columns=["item", "stage", "worker", "from", "to"])
    start = pd.Timestamp("2026-01-05 08:00")
    for name, of in (("started_at", "from"), ("submitted_at", "to")):
        frame[name] = (start + pd.to_timedelta(frame[of], unit="min")).dt.round("ms")
    return frame.drop(columns=["from", "to"])


def judged(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` as readers give it, as far as stages need it."""
    given = frame.assign(role=frame.get("role", None), source=0, row=np.arange(len(frame)))
    return given.astype({"item": "str", "stage": "str", "worker": "str"})


def whole(frame: pd.DataFrame, folder: Path) -> Path:
    """`frame` as a file."""
    frame.to_csv(folder / "whole.csv", index=False)
    return folder / "whole.csv"


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


def test_people_without_a_role_are_of_the_pool_around_them(tmp_path: Path) -> None:
    """Who has no role is of the pool that does most at his stage, his hours with theirs, and a note says so."""
    table = events(300)
    checks = table["stage"] == "Check"
    table.loc[checks & (np.arange(len(table)) % 20 == 0), "worker"] = "x0"
    table["role"] = np.where(table["worker"] == "x0", None, np.where(checks, "Checker", "Clerk"))
    fit = calibrate([whole(table, tmp_path)], pool="clerks")
    assert {one.name: one.pools for one in scenario_of(fit, tmp_path).stages} == {
        "intake": (("clerks", 1.0),), "check": (("checker", 1.0),), "call": (("clerks", 1.0),),
    }  # fmt: skip
    known = calibrate([whole(table.assign(role=table["role"].fillna("Checker")), tmp_path)], pool="clerks")
    assert fit.parameter("pools.checker.shrinkage") == known.parameter("pools.checker.shrinkage")
    assert any("People without a role, 1 of them," in note for note in fit.notes)


def test_a_role_that_only_works_at_the_first_stage_is_a_pool(tmp_path: Path) -> None:
    """Greeters do a fifth of the intake and nothing else: they have hours of their own, the clerks' are without
    theirs, and the log still holds all who were there."""
    table = events(300)
    greeted = (table["stage"] == "Intake") & (table["item"] % 5 == 0)
    table.loc[greeted, "worker"] = "g0"
    role = {"g": "Greeter", "c": "Checker", "w": "Clerk"}
    table["role"] = table["worker"].str[0].map(role)
    fit = calibrate([whole(table, tmp_path)], pool="clerks")
    share = greeted.sum() / (table["stage"] == "Intake").sum()
    intake, *_ = scenario_of(fit, tmp_path).stages
    assert dict(intake.pools) == pytest.approx({"clerks": 1 - share, "greeter": share}, abs=1e-4)
    assert fit.parameter("pools.greeter.shrinkage").n == fit.log.presence["worker"].eq(0).sum() > 0
    assert fit.parameter("pools.clerks.shrinkage").n == len(
        calibrate([whole(table[table["role"] != "Greeter"], tmp_path)], pool="clerks").log.presence
    )
    assert set(fit.log.presence["worker"]) == set(fit.log.tasks["worker"])


def test_a_role_without_any_time_has_no_part(tmp_path: Path) -> None:
    """A twentieth of the checks is stamped by a role in no time: it has no hours, and the line is the others'."""
    table = events(300)
    role = {"c": "Checker", "w": "Clerk", "s": "Stamp"}
    stamped = (table["stage"] == "Check") & (table["item"] % 20 == 0)
    table.loc[stamped, "worker"] = "s0"
    table.loc[stamped, "submitted_at"] = table["started_at"]
    table["role"] = table["worker"].str[0].map(role)
    built = scenario_of(calibrate([whole(table, tmp_path)], pool="clerks"), tmp_path)
    assert {name for stage in built.stages for name, _ in stage.pools} == {"clerks", "checker"}


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


def test_a_file_may_hold_one_step(tmp_path: Path) -> None:
    """A log told in a file a step, that of a mere mark among them, gives the line of the one file that holds all; a
    file of which no row can be used is refused as ever."""
    table = events(150)
    ends = table.groupby("item").tail(1).assign(stage="Closed", worker="system")
    ends["started_at"] = ends["submitted_at"]
    both = pd.concat([table, ends], ignore_index=True)
    files = []
    for name, mine in both.groupby("stage"):
        files.append(tmp_path / f"{name}.csv")
        mine.to_csv(files[-1], index=False)
    fit = calibrate(files)
    assert fit.scenario == calibrate([whole(both, tmp_path)]).scenario
    assert fit.rows_used + sum(one.rows for one in fit.refused) == fit.rows_read
    backward = table[table["stage"] == "Call"].rename(
        columns={"started_at": "submitted_at", "submitted_at": "started_at"}
    )
    backward.head(20).to_csv(tmp_path / "more.csv", index=False)
    with pytest.raises(DataRefused, match=r"more.csv: none of its 20 rows can be used: 20 x finish before start"):
        calibrate([*files, tmp_path / "more.csv"])


def practised(stages: list[str], exponent: float = 0.3) -> pd.DataFrame:
    """A log of WAYS by eight clerks and eight who check, each task at `stages` taking (1 + n)^-exponent of its time,
    n being those that its worker has done there."""
    table = events(800)
    some = np.random.default_rng(3).integers(8, size=len(table))
    table["worker"] = table["worker"].str[0] + some.astype("str").astype(object)
    before = table.groupby(["stage", "worker"]).cumcount()
    factor = ((1.0 + before) ** -exponent).where(table["stage"].isin(stages), 1.0)
    took = (table["submitted_at"] - table["started_at"]) * factor
    table["submitted_at"] = (table["started_at"] + took).dt.round("ms")
    return table


def forecast(built: Line, table: pd.DataFrame, stage: str) -> float:
    """Mean seconds at `stage` of a worker of usual speed by the line's time and practice, over the tasks of `table`."""
    one = next(each for each in built.stages if each.name == stage.lower())
    learning = next(pool for pool in built.pools if pool.name == one.pools[0][0]).learning
    mine = table[table["stage"] == stage]
    factors = time_factors(learning)
    done = np.minimum(mine.groupby("worker").cumcount().to_numpy(), len(factors) - 1)
    return float(mean(one.time) * factors[done].mean())


@pytest.mark.parametrize("stages", [["Check"], ["Intake"], ["Call"], ["Intake", "Call"]])
def test_practice_and_times_go_together(tmp_path: Path, stages: list[str]) -> None:
    """Wherever practice is told, at the stage that tells a pool's or at another: the line's people take as long for
    the log's tasks as the log's did, with no more spread, and each pool has the practice of its main stage."""
    table = practised(stages)
    fit = calibrate([whole(table, tmp_path)], pool="clerks")
    built = scenario_of(fit, tmp_path)
    took = (table["submitted_at"] - table["started_at"]).dt.total_seconds()
    for stage in MINUTES:
        log = float(took[table["stage"] == stage].mean())
        assert forecast(built, table, stage) == pytest.approx(log, rel=0.05), stage
        assert fit.parameter(f"stages.{stage.lower()}.time.lognormal.sigma").value == pytest.approx(0.4, abs=0.04)
    told = {one.name for one in built.pools if one.learning.exponent > 0}
    assert told == {"Check": {"check-team"}, "Intake": {"clerks"}, "Call": set()}[stages[0]]
    for pool in told:
        found = fit.parameter(f"pools.{pool}.learning.exponent")
        assert found.low <= 0.3 <= found.high
        assert f"pools.{pool}.learning.tasks" in {one.path for one in fit.assumptions}
    law = "one law of practice a pool: times at call go by"
    assert any(law in note for note in fit.notes) == ("Check" not in stages)
