"""A profile's parameters drawn from their intervals, and the lines that come of it."""

from __future__ import annotations

import json
import math
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from labelcast.scenarios.draws import Draw, Fitted, Z, drawn
from labelcast.scenarios.layers import profile_tree
from labelcast.scenarios.load import load
from labelcast.scenarios.lookup import sub, text_at
from labelcast.scenarios.nodes import Mapping
from labelcast.scenarios.problems import Problems
from labelcast.scenarios.ranges import read_range
from labelcast.scenarios.unsure import Unsure, unsure
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.line import Line, machine_form
from labelcast.sim.replicate import replicate

PROFILE = """labelcast_profile: 1
provenance: {digest: "d1"}
fitted:
  - {path: stages.annotate.time.lognormal.median, value: 40, low: 30, high: 60, n: 9, unit: s, method: m}
  - {path: stages.annotate.time.lognormal.sigma, value: 0.5, low: null, high: null, n: 9, method: m}
  - {path: stages.annotate.labels_per_item, value: 2, low: 1, high: 3, n: 9, unit: labels, method: m}
  - {path: stages.review.handoff.quantiles.p10, value: 10, low: 1, high: 60, n: 9, unit: s, method: m}
  - {path: stages.review.handoff.quantiles.p50, value: 20, low: 19, high: 21, n: 9, unit: s, method: m}
  - {path: stages.review.handoff.quantiles.p90, value: 30, low: 1, high: 60, n: 9, unit: s, method: m}
  - {path: stages.review.fraction, value: 0.3, low: 0.2, high: 0.45, n: 9, unit: share, method: m}
  - {path: pools.team.headcount, value: 8, low: 6, high: 12, n: 9, unit: workers, method: m}
  - {path: pools.team.shrinkage, value: 0.1, low: 0.05, high: 0.2, n: 9, unit: share, method: m}
  - {path: pools.team.learning.exponent, value: 0.2, low: 0.1, high: 0.3, n: 9, method: m}
  - {path: pools.team.skill.mean, value: 1.5, low: 1, high: 2.5, n: 9, unit: logit, method: m}
  - {path: pools.team.skill.spread, value: 0.2, low: 0, high: 0.6, n: 9, unit: logit, method: m}
  - {path: work.items.classes.a, value: 0.7, low: 0.6, high: 0.8, n: 9, method: m}
  - {path: work.items.classes.b, value: 0.3, low: 0.2, high: 0.4, n: 9, method: m}
  - {path: work.items.arrivals.rate, value: 5, low: 4, high: 6, n: 9, unit: items/week, method: m}
together:
  - {first: stages.annotate.time.lognormal.median, second: pools.team.learning.exponent, correlation: 0.8}
scenario:
  work: {items: {classes: {a: 70%, b: 30%}}}
  pools:
    team:
      headcount: 8
      calendar: always
      shrinkage: 10%
      learning: {exponent: 0.2, tasks: 50 tasks}
      skill: {mean: 1.5, spread: 0.2}
  stages:
    annotate: {pools: [team], labels_per_item: 2, time: {lognormal: {median: 40 s, sigma: 0.5}}}
    review: {pools: [team], fraction: 30%, time: 10 s, handoff: {quantiles: {p10: 10 s, p50: 20 s, p90: 30 s}}}
"""
SCENARIO = """labelcast: 1
profile: p.profile.yaml
start: 2027-01-04T09:00
currency: EUR
work: {items: {backlog: 60 items}}
pools: {team: {pay: {hourly: 20 EUR}}}
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A scenario with a profile of known intervals."""
    (tmp_path / "p.profile.yaml").write_text(PROFILE, encoding="utf-8")
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def _form(line: Line) -> dict[str, object]:
    return json.loads(json.dumps(machine_form(line)))  # type: ignore[no-any-return]


def _at(line: Line, *keys: str) -> float:
    """A number of the machine form; lists by the name of their entries."""
    node: object = _form(line)
    for key in keys:
        if isinstance(node, list):
            node = next(one for one in node if one["name"] == key)
        else:
            assert isinstance(node, dict)
            node = node[key]
    assert isinstance(node, int | float)
    return node


@pytest.mark.parametrize(
    ("path", "unit", "low", "value", "high"),
    [
        ("stages.a.time.lognormal.median", "s", 30, 40, 60),
        ("pools.a.shrinkage", "share", 0.05, 0.1, 0.2),
        ("pools.a.shrinkage", "share", 0.0, 0.1, 0.2),
        ("stages.a.time.mixture.share", "", 0.2, 0.3, 0.45),
        ("pools.a.skill.mean", "logit", -0.5, 0.2, 1.5),
        ("pools.a.skill.spread", "logit", 0, 0.2, 0.6),
        ("pools.a.sessions.pull.exponent", "", 0, 0, 0.06),
    ],
)
def test_value_and_ends_are_quantiles(path: str, unit: str, low: float, value: float, high: float) -> None:
    """What is drawn has the value as its median and the interval's ends as quantiles 2.5% and 97.5%, and never leaves
    where such a number may be."""
    one = Fitted(path, value, low, high, unit)
    assert one.at(0.0) == pytest.approx(value)
    assert one.at(Z) == pytest.approx(high)
    assert one.at(-Z) == pytest.approx(low)
    values = [one.at(deviate) for deviate in np.linspace(-4, 4, 81)]
    assert values == sorted(values)
    if unit != "logit" or path.endswith("spread"):
        assert min(values) >= 0
    if unit == "share" or path.endswith(".share"):
        assert max(values) <= 1


def test_deviates_are_standard_normal_and_hang_on_their_name() -> None:
    """4,000 deviates are normal (Kolmogorov-Smirnov, fixed seed, false alarm below 1 in 1,000); names and numbers apart
    are independent."""
    a, b = (np.array([Draw(7, number).normal(name) for number in range(2000)]) for name in ("a", "b"))
    assert stats.kstest(np.concatenate([a, b]), "norm").pvalue > 1e-3
    assert abs(np.corrcoef(a, b)[0, 1]) < 3.3 / math.sqrt(2000)
    assert Draw(7, 3).normal("a") == a[3] != Draw(8, 3).normal("a")


def test_without_a_draw_it_is_the_fitted_line(scenario: Path) -> None:
    """`load` alone takes values as they are; each draw is a line of its own, and the same again."""
    plain = load(scenario)
    one, other = (load(scenario, draw=Draw(1, number)) for number in (0, 1))
    assert _at(plain, "stages", "annotate", "time", "parameters", "median") == 40
    assert one == load(scenario, draw=Draw(1, 0)) != other != plain


def test_what_is_drawn_and_what_is_not(scenario: Path) -> None:
    """People, labels per item, and what has no interval or is not in the block stay; all else moves."""
    plain = load(scenario)
    lines = [load(scenario, draw=Draw(1, number)) for number in range(8)]
    stays = [
        ("pools", "team", "headcount"),
        ("stages", "annotate", "labels_per_item"),
        ("stages", "annotate", "time", "parameters", "sigma"),
    ]
    for keys in stays:
        assert {_at(line, *keys) for line in lines} == {_at(plain, *keys)}
    paths, bare = Unsure(scenario, None, 1).paths
    assert bare == ("stages.annotate.time.lognormal.sigma",)
    assert len(paths) == 11
    assert "work.items.arrivals.rate" not in paths
    for keys in [("stages", "review", "fraction"), ("pools", "team", "shrinkage")]:
        assert len({_at(line, *keys) for line in lines}) == len(lines)


def test_what_the_scenario_says_is_known(scenario: Path) -> None:
    """A key that the file writes is not drawn, nor told as such."""
    scenario.write_text(SCENARIO + "stages: {review: {fraction: 25%}, annotate: {time: 7 s}}\n", encoding="utf-8")
    lines = [load(scenario, draw=Draw(1, number)) for number in range(4)]
    assert {_at(line, "stages", "review", "fraction") for line in lines} == {0.25}
    assert {line.stages[0].time.family for line in lines} == {"constant"}
    paths, _ = Unsure(scenario, None, 1).paths
    assert not {"stages.review.fraction", "stages.annotate.time.lognormal.median"} & {*paths}


def test_quantiles_rise_and_shares_sum_to_one(scenario: Path) -> None:
    """A curve's quantiles are drawn as one and rise; classes stay the parts of a whole."""
    for number in range(40):
        form = _form(load(scenario, draw=Draw(2, number)))
        review = next(one for one in form["stages"] if one["name"] == "review")  # type: ignore[attr-defined]
        knots = [review["handoff"]["parameters"][name] for name in ("p10", "p50", "p90")]
        assert knots[0] < knots[1] < knots[2]
        segment = form["segments"][0]  # type: ignore[index]
        assert sum(segment["classes"].values()) == pytest.approx(1, abs=1e-9)


def test_errors_that_hang_together_are_drawn_together(scenario: Path) -> None:
    """The correlation of 600 draws is as told (.8; 99.9% interval of Fisher's z), that of others none."""
    found = profile_tree(scenario.parent / "p.profile.yaml", None, Problems())
    assert found is not None
    keys = ("stages.annotate.time.lognormal.median", "pools.team.learning.exponent", "pools.team.shrinkage")
    blocks = [drawn(*found, Draw(5, number)) for number in range(600)]
    values = np.array([[_number(block, key) for key in keys] for block in blocks])
    ranks = stats.norm.ppf(stats.rankdata(values, axis=0) / 601)
    told = np.corrcoef(ranks.T)
    half = 3.29 / math.sqrt(597)
    assert math.atanh(told[0, 1]) == pytest.approx(math.atanh(0.8), abs=half)
    assert abs(math.atanh(told[0, 2])) < half


def _number(block: Mapping, path: str) -> float:
    """The number that a block's text begins with."""
    return float((text_at(sub(block, *path.split("."))) or "").rstrip(" %s"))


def test_replications_run_their_own_lines(scenario: Path) -> None:
    """With lines of their own, replications differ in what the plain line has alike; `each` share a draw; another
    process would draw the same."""
    line, lines = load(scenario), Unsure(scenario, None, 3, each=2)
    assert lines(4) == lines(5) != lines(6)
    runs = replicate(line, 6, 3, 1, lines=lines.lines)
    assert pickle.loads(pickle.dumps(lines.lines)).of(5) == lines(5)
    alone = replicate(lines(4), 5, 3, 1)
    assert runs.kpis.loc[4].equals(alone.kpis.loc[4])
    assert not runs.kpis.equals(replicate(line, 6, 3, 1).kpis)


def test_lines_are_known_by_what_they_hang_on(scenario: Path, tmp_path: Path) -> None:
    """Kept replications of other intervals, another seed or no draw are of another origin."""
    first = Unsure(scenario, None, 3)
    digests = {one.lines.digest for one in (first, replace(first, seed=4), replace(first, each=2))}
    (tmp_path / "p.profile.yaml").write_text(PROFILE.replace("high: 60, n: 9, unit: s", "high: 61, n: 9, unit: s", 1))
    digests.add(first.lines.digest)
    assert len(digests) == 4


def test_draws_that_are_no_line_are_drawn_again(scenario: Path, tmp_path: Path) -> None:
    """A log-logistic's shape must be above 2: draws below are drawn again. Where hardly any is a line, that is told."""
    near = PROFILE.replace(
        "- {path: stages.annotate.time.lognormal.median, value: 40, low: 30, high: 60, n: 9, unit: s, method: m}",
        "- {path: stages.annotate.time.loglogistic.shape, value: 2.2, low: 1.8, high: 2.6, n: 9, method: m}",
    ).replace("{lognormal: {median: 40 s, sigma: 0.5}}", "{loglogistic: {median: 40 s, shape: 2.2}}")
    profile = tmp_path / "p.profile.yaml"
    profile.write_text(near, encoding="utf-8")
    lines = Unsure(scenario, None, 1)
    shapes = [_at(lines(n), "stages", "annotate", "time", "parameters", "shape") for n in range(30)]
    assert min(shapes) > 2
    assert len(set(shapes)) == 30
    assert not all(_is_line(scenario, Draw(1, number)) for number in range(30))
    profile.write_text(near.replace("value: 2.2, low: 1.8, high: 2.6", "value: 1.5, low: 1.4, high: 1.6"), "utf-8")
    with pytest.raises(ScenarioRefused, match=r"20 draws of the profile's parameters .* do not draw"):
        lines(0)


def _is_line(scenario: Path, draw: Draw) -> bool:
    try:
        load(scenario, draw=draw)
    except ScenarioRefused:
        return False
    return True


def test_nothing_is_drawn_of_a_stand_in(scenario: Path) -> None:
    """A scenario without fitted intervals has one line."""
    scenario.write_text(SCENARIO.replace("p.profile.yaml", "library:typical"), encoding="utf-8")
    text = SCENARIO.replace("profile: p.profile.yaml\n", "").replace(
        "team: {", "team: {headcount: 8, calendar: always, "
    )
    scenario.write_text(text + "stages: {annotate: {pools: [team], time: 7 s}}\n", encoding="utf-8")
    assert unsure(scenario, None, 1) is None


def test_draws_that_know_of_one_another_lie_evenly() -> None:
    """Of 50, each variable has one in each fiftieth of its chance, another order for another variable and seed; draws
    that are drawn again are like any."""
    names = ("a", "b")
    drawn_all = np.array([[Draw(3, number, 0, 50).normal(name) for name in names] for number in range(50)])
    parts = np.floor(50 * stats.norm.cdf(drawn_all)).astype(int)
    assert (np.sort(parts, axis=0) == np.arange(50)[:, None]).all()
    assert (parts[:, 0] != parts[:, 1]).any()
    other = [int(50 * stats.norm.cdf(Draw(4, number, 0, 50).normal("a"))) for number in range(50)]
    assert sorted(other) == list(range(50)) != other
    assert other != parts[:, 0].tolist()
    assert Draw(3, 7, 1, 50).normal("a") == Draw(3, 7, 1).normal("a")


def test_keys_are_drawn_evenly_and_alike_in_all_plans(tmp_path: Path) -> None:
    """One in each twentieth of the range; whole where the key is; the same in a plan of another name."""
    text = "labelcast: 1\nstart: 2027-01-04T09:00\ncurrency: EUR\nwork: {i: {backlog: 5 items}}\n"
    text += "pools: {p: {headcount: 3, calendar: always}}\n"
    ranges = (read_range("pools.p.shrinkage=10%..30%"), read_range("pools.p.headcount=1..10"))
    found = []
    for name in ("one", "other"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"{text}stages: {{annotate: {{pools: [p], time: 9 s}}}}\n", encoding="utf-8")
        lines = Unsure(path, None, 1, over=ranges, of=20)
        assert lines.paths[0] == ("pools.p.shrinkage", "pools.p.headcount")
        found.append([(pool.shrinkage, pool.headcount) for number in range(20) for pool in lines(number).pools])
    assert found[0] == found[1]
    shrinkage, people = zip(*found[0], strict=True)
    assert [int((one - 0.1) / 0.01) for one in sorted(shrinkage)] == list(range(20))
    assert {min(people), max(people)} == {1, 10}
    assert Unsure(path, None, 1, over=ranges).lines.digest != Unsure(path, None, 1).lines.digest
