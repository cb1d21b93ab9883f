"""The scenarios that come with labelcast."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from twins import run

from labelcast.scenarios.library import scenarios
from labelcast.scenarios.load import load
from labelcast.scenarios.template import template
from labelcast.sim.plan import Plan

PROFILE = f"""labelcast_profile: 1
provenance: {{version: 0.1.0}}
scenario:
  work: {{items: {{classes: {{x: 40%, y: 60%}}}}}}
  calendars: {{annotators-hours: {{availability: {{Mon: {" ".join(["0%"] * 9 + ["50%", "100%"] + ["0%"] * 13)}}}}}}}
  pools:
    annotators:
      headcount: 15
      calendar: annotators-hours
      shrinkage: 20.74%
      speed: {{spread: 0.4929}}
      skill: {{mean: 2.046, spread: 0.6748}}
  stages:
    annotate:
      pools: [annotators]
      labels_per_item: 15
      time: {{lognormal: {{median: 19.7 s, sigma: 0.3628}}}}
"""


@pytest.mark.parametrize("name", scenarios())
def test_library_loads(name: str) -> None:
    """Every scenario of the library loads under its own name, and the engine can plan it."""
    line = load(scenarios()[name])
    assert line.name == name
    assert Plan.of(line).line is line


@pytest.mark.parametrize(("name", "pools"), [("in-house", 1), ("vendor", 1), ("mixed", 2)])
def test_the_three_plans_take_a_fitted_profile(name: str, pools: int, tmp_path: Path) -> None:
    """The plans differ in who labels and in nothing else; what was fitted comes from the profile that is given, and
    how many labels an item gets is the plan's to say."""
    (tmp_path / "team.profile.yaml").write_text(PROFILE)
    line = load(scenarios()[name], tmp_path / "team.profile.yaml")
    assert len(line.stages[0].pools) == pools
    assert line.stages[0].time.parameters["median"] == 19.7
    assert line.stages[0].labels_per_item == 3
    assert line.segments[0].classes == {"x": 0.4, "y": 0.6}
    assert (name == "vendor") is all(pool.name != "annotators" for pool in line.pools)
    assert "stages.annotate.time.lognormal.median" in line.fitted
    assert line.goals == load(scenarios()["mixed"]).goals


@pytest.mark.parametrize("name", ["in-house", "vendor", "mixed"])
def test_the_three_plans_finish(name: str) -> None:
    """Each plan delivers all of its images within its deadline of a usual run."""
    line = load(scenarios()[name])
    items = run(Plan.of(line), 1, 0).items
    assert items["delivered_at"].notna().all()
    deadline = next(goal.value for goal in line.goals if goal.kpi == "finish_days")
    assert items["delivered_at"].max() / 86_400_000 < deadline


def test_the_common_model_is_the_one_of_the_comparison() -> None:
    """One arrival a minute, 1.248 visits, both pools 85% busy: mean times, shapes and chances as published."""
    line = load(scenarios()["common-model"])
    annotate, review = line.stages
    visits = 1 + 0.2 + 0.2**2 + 0.2**3
    sigma = annotate.time.parameters["sigma"]
    mean = annotate.time.parameters["median"] * math.exp(sigma**2 / 2)
    assert sigma == 0.5
    assert mean == pytest.approx(60 * 0.85 * 12 / visits, rel=1e-11)
    assert review.time.parameters == {"mean": pytest.approx(60 * 0.85 * 6 / visits, rel=1e-11), "shape": 2.0}
    assert [pool.headcount for pool in line.pools] == [12, 6]
    assert (line.pools[1].sensitivity, line.pools[1].false_alarm) == (0.2, 0.2)
    assert line.segments[0].arrivals is not None
    assert (line.segments[0].arrivals.per_week, line.segments[0].arrivals.items) == (10_080, 20_000)
    assert (review.rounds, review.fraction, annotate.rework_by) == (3, 1.0, "anyone")
    assert review.next == {"accepted": "deliver", "rejected": "annotate", "exhausted": "deliver"}
    assert {pool.speed_sd for pool in line.pools} | {pool.shrinkage for pool in line.pools} == {0.0}
    assert line.segments[0].difficulty_sd == 0.0


def test_the_template_runs(tmp_path: Path) -> None:
    """What `labelcast init` writes loads, rests on no more than a few assumptions, and finishes."""
    path = tmp_path / "scenario.yaml"
    path.write_text(template(), encoding="utf-8")
    line = load(path)
    assert line.name == "my-project"
    assert len(line.assumed) <= 3
    assert run(Plan.of(line), 1, 0).items["delivered_at"].notna().all()
