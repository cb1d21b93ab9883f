"""Who works at the stages of a line: pools by the log's roles, their hours, and what practice does to their times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from routed import MINUTES, events, judged, labelled, scenario_of, whole

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.stages.lines import flow_of
from labelcast.calibration.stages.teams import teams_of
from labelcast.sim.estimates.times import mean
from labelcast.sim.learning import time_factors
from labelcast.sim.line import Line


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


def test_roles_without_letters_are_apart() -> None:
    """Names of roles that leave nothing that a scenario takes are numbered, each pool by its own."""
    table = events(200)
    table["worker"] = [f"p{k % 8}" for k in range(len(table))]
    role = table["worker"].str[1].astype(int).map(lambda one: "甲乙丙丁"[one % 4])
    frame = judged(table.assign(role=role))
    team, told = teams_of(frame, flow_of(frame, "annotate")[0], "staff")
    assert told
    assert pd.crosstab(role, team).gt(0).sum().tolist() == [1, 1, 1, 1]


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


def test_roles_tell_nothing_without_the_hours_of_the_first(tmp_path: Path) -> None:
    """Clerks, who do most of the intake and nothing else, stamp it in no time, and only greeters have hours there:
    stages have pools, as without roles."""
    table = events(300)
    table = table[table["stage"] != "Call"].reset_index(drop=True)
    intake = table["stage"] == "Intake"
    table.loc[intake & (table["item"] % 5 == 0), "worker"] = "g0"
    clerks = table["worker"].str[0] == "w"
    table.loc[clerks, "submitted_at"] = table["started_at"]
    plain = calibrate([whole(table, tmp_path)], pool="clerks")
    table["role"] = table["worker"].str[0].map({"g": "Greeter", "c": "Checker", "w": "Clerk"})
    fit = calibrate([whole(table, tmp_path)], pool="clerks")
    assert fit.scenario == plain.scenario
    assert [stage.pools[0][0] for stage in scenario_of(fit, tmp_path).stages] == ["clerks", "check-team"]


@pytest.mark.parametrize(
    ("labels", "seniors", "pools"),
    [
        (1, {"a0"}, [{"annotators", "senior"}, {"reviewer"}]),
        (1, {"a0", "r0"}, [{"annotators"}, {"review-team"}]),
        (3, {"a0"}, [{"annotators"}, {"review-team"}]),
    ],
)
def test_roles_that_a_line_of_labelling_can_have(
    tmp_path: Path, labels: int, seniors: set[str], pools: list[set[str]]
) -> None:
    """A role with a part in labelling and in reviews, or that gives one of an item's labels, would need more people
    than it has: then stages have pools, and the profile loads."""
    table = labelled(labels)
    usual = np.where(table["stage"] == "annotate", "Annotator", "Reviewer")
    table["role"] = np.where(table["worker"].isin(seniors), "Senior", usual)
    built = scenario_of(calibrate([whole(table, tmp_path)]), tmp_path)
    assert [{name for name, _ in stage.pools} for stage in built.stages] == pools


def test_reviewers_of_a_column_are_apart_from_a_role_of_that_name(tmp_path: Path) -> None:
    """Where verdicts stand in columns and the role of those who decide is called reviewers, the pools are two."""
    table = labelled(second="adjudicate")
    labels = table["stage"] == "annotate"
    table["role"] = np.where(labels, "Annotator", "Reviewers")
    table["reviewer"] = np.where(labels, "r9", "")
    table["reviewed_at"] = (table["submitted_at"] + pd.Timedelta(hours=1)).where(labels)
    table["outcome"] = np.where(labels & (table["item"] % 5 == 0), "rejected", "accepted")
    built = scenario_of(calibrate([whole(table, tmp_path)]), tmp_path)
    assert {one.name: one.pools[0][0] for one in built.stages} == {
        "annotate": "annotators", "review": "reviewers-2", "adjudicate": "reviewers",
    }  # fmt: skip


def test_the_log_knows_people_of_the_first_stage_only(tmp_path: Path) -> None:
    """Sessions of clerks who only call are part of their pool's hours, and not of the log of the first stage's work."""
    table = events(150)
    table["role"] = np.where(table["stage"] == "Check", "Checker", "Clerk")
    calls = table["stage"] == "Call"
    table.loc[calls, "worker"] = "z" + table.loc[calls, "worker"].str[1:]
    table.to_csv(tmp_path / "calls.csv", index=False)
    log = calibrate([tmp_path / "calls.csv"], pool="clerks").log
    assert set(log.presence["worker"]) == set(log.tasks["worker"]) == {0, 1, 2, 3}


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
