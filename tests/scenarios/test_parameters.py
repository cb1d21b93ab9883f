"""What of a scenario can be moved, and that nothing else moves with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelcast.scenarios.draws import Shift, Z
from labelcast.scenarios.load import load
from labelcast.scenarios.parameters import Movable, Parameter, movable, parameters_of
from labelcast.scenarios.ranges import Range, read_range
from labelcast.scenarios.unsure import Unsure
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.line import Line, machine_form

PROFILE = """labelcast_profile: 1
provenance: {digest: "d1"}
fitted:
  - {path: stages.annotate.time.gamma.mean, value: 40.004, low: 30, high: 60, n: 9, unit: s, method: m}
  - {path: stages.review.handoff.quantiles.p10, value: 10, low: 5, high: 15, n: 9, unit: s, method: m}
  - {path: stages.review.handoff.quantiles.p50, value: 20, low: 16, high: 25, n: 9, unit: s, method: m}
  - {path: stages.review.handoff.quantiles.p90, value: 30, low: 26, high: 60, n: 9, unit: s, method: m}
  - {path: pools.team.shrinkage, value: 0.1, low: 0.05, high: 0.2, n: 9, unit: share, method: m}
together:
  - {first: stages.annotate.time.gamma.mean, second: pools.team.shrinkage, correlation: 0.8}
scenario:
  pools: {team: {headcount: 8, calendar: always, shrinkage: 10%}}
  stages:
    annotate: {pools: [team], time: {gamma: {mean: 40 s, shape: 4}}}
    review: {pools: [team], time: 10 s, handoff: {quantiles: {p10: 10 s, p50: 20 s, p90: 30 s}}}
"""
SCENARIO = """labelcast: 1
profile: p.profile.yaml
start: 2027-01-04T09:00
currency: EUR
work: {items: {backlog: 60 items}}
pools: {team: {pay: {hourly: 20 EUR}}}
"""
MEAN, SHRINKAGE, CURVE = "stages.annotate.time.gamma.mean", "pools.team.shrinkage", "stages.review.handoff.quantiles"
BACKLOG = read_range("work.items.backlog=60 items..120 items")


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A scenario with a profile of known intervals."""
    (tmp_path / "p.profile.yaml").write_text(PROFILE, encoding="utf-8")
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def _named(found: Movable, name: str) -> Parameter:
    return next(one for one in found.fitted if one.name == name)


def _bare(line: Line) -> dict[str, object]:
    """The line's form without what it tells of its numbers' origin."""
    return {key: value for key, value in machine_form(line).items() if key not in ("fitted", "stated")}


def test_nothing_moved_is_the_scenario(scenario: Path) -> None:
    """Also where the fitted value was rounded in the profile's block: 40.004 s are written as 40 s."""
    assert load(scenario, draw=Shift({})) == load(scenario)
    assert movable(scenario, None, []).line({}) == load(scenario)


def test_one_moves_and_nothing_with_it(scenario: Path) -> None:
    """Each end of a parameter is that end of its interval, whatever else errs together with it, and all else stays."""
    found = movable(scenario, None, [])
    assert [one.name for one in found.fitted] == [MEAN, CURVE, SHRINKAGE]
    base = load(scenario)
    for end, text in ((-Z, "30 s"), (Z, "60 s")):
        moved = found.line({_named(found, MEAN): end})
        assert _bare(moved) == _bare(load(scenario, vary=(MEAN, text)))
        assert moved != base
    drawn = Unsure(scenario, None, 1).deviates(0)
    assert drawn[MEAN] != 0
    assert drawn[SHRINKAGE] != 0


def test_a_curve_moves_as_one(scenario: Path) -> None:
    """All quantiles of a curve go to their ends together; it is named by the curve and told of by its middle."""
    found = movable(scenario, None, [])
    curve = _named(found, CURVE)
    keys = [(f"{CURVE}.{name}", text) for name, text in (("p10", "15 s"), ("p50", "25 s"), ("p90", "60 s"))]
    assert _bare(found.line({curve: Z})) == _bare(load(scenario, keys=keys))
    assert [round(curve.at(deviate), 9) for deviate in (-Z, 0.0, Z)] == [16, 20, 25]


def test_several_move_at_once(scenario: Path) -> None:
    """Fitted parameters and keys together are what each is alone."""
    found = movable(scenario, None, [BACKLOG])
    key = Parameter(BACKLOG.path, "", over=BACKLOG)
    moved = found.line({_named(found, MEAN): Z, _named(found, SHRINKAGE): -Z, key: 0.0})
    keys = [(MEAN, "60 s"), (SHRINKAGE, "5%"), ("work.items.backlog", "90 items")]
    assert _bare(moved) == _bare(load(scenario, keys=keys))


def test_a_scenario_moves_by_its_own_profile_alone(scenario: Path, tmp_path: Path) -> None:
    """Two profiles may call different things alike; two files of one fit are one truth."""
    found = movable(scenario, None, [])
    for digest, moves in (("d2", False), ("d1", True)):
        (tmp_path / "q.profile.yaml").write_text(PROFILE.replace('"d1"', f'"{digest}"'), encoding="utf-8")
        other = movable(scenario, tmp_path / "q.profile.yaml", [])
        assert bool(other.own({_named(found, MEAN): Z})) is moves
        both, _ = parameters_of([found, other], [])
        assert len(both) == (3 if moves else 6)


def test_what_the_scenario_says_is_known(scenario: Path) -> None:
    """What a file writes over the profile does not move."""
    text = SCENARIO.replace("pay:", "shrinkage: 12%, pay:")
    scenario.write_text(text, encoding="utf-8")
    assert SHRINKAGE not in [one.name for one in movable(scenario, None, []).fitted]


def test_an_end_that_is_no_line_is_left_out(scenario: Path, tmp_path: Path) -> None:
    """With its reason, and the others stay; where none is left, it is refused."""
    profile = tmp_path / "p.profile.yaml"
    profile.write_text(PROFILE.replace("low: 0.05, high: 0.2", "low: 0.0, high: 1.0"), encoding="utf-8")
    found = movable(scenario, None, [])
    kept, left_out = parameters_of([found], [])
    assert [one.name for one in kept] == [MEAN, CURVE]
    assert len(left_out) == 1
    assert left_out[0].startswith(f"{SHRINKAGE} is left out: at 1 ")


def test_what_cannot_be_moved_is_refused(scenario: Path) -> None:
    """A key that no scenario has, said twice, or whose end is no line; nothing at all to move."""
    found = movable(scenario, None, [BACKLOG])

    def refused(*ranges: Range) -> str:
        with pytest.raises(ScenarioRefused) as told:
            parameters_of([movable(scenario, None, ranges)], ranges)
        return "\n".join(told.value.problems)

    assert found.keys == {"work.items.backlog": "60 items"}
    assert 'no pool is named "tem"' in refused(read_range("pools.tem.headcount=1..2"))
    assert "is said twice" in refused(BACKLOG, BACKLOG)
    assert "must be at least 1" in refused(read_range("pools.team.headcount=0..2"))
    scenario.write_text(
        SCENARIO.replace("profile: p.profile.yaml\n", "").replace("{pay", "{headcount: 2, calendar: always, pay")
        + "stages: {annotate: {pools: [team], time: 7 s}}\n",
        encoding="utf-8",
    )
    assert "there is nothing to move. Put a fitted profile under it" in refused()


def test_a_key_knows_what_was_planned(scenario: Path, tmp_path: Path) -> None:
    """What a file says there, or its default; nothing where it is no number, is multiplied, or differs by plan."""
    other = tmp_path / "other.yaml"
    other.write_text(SCENARIO.replace("60 items", "90 items"), encoding="utf-8")

    def planned(key: str, *paths: Path) -> str:
        ranges = [read_range(key)]
        kept, _ = parameters_of([movable(one, None, ranges) for one in paths], ranges)
        return next(one.planned for one in kept if one.over is not None)

    backlog = "work.items.backlog=60 items..120 items"
    assert planned(backlog, scenario) == planned(backlog, scenario, scenario) == "60 items"
    assert planned(backlog, scenario, other) == ""
    assert planned("work.items.backlog=x0.5..x2", scenario) == ""
    assert planned("pools.team.pay.hourly=10 EUR..30 EUR", scenario, other) == "20 EUR"
    assert planned("stages.annotate.labels_per_item=1..3", scenario) == "1"


def test_quantiles_of_a_parameter_are_its_law() -> None:
    """Fitted ones are normal, cut at four standard deviations; keys are uniform from end to end."""
    key = Parameter("k", "", over=read_range("k=1.0..3.0"))
    assert [key.at(key.quantile(share)) for share in (0.0, 0.25, 1.0)] == [1, 1.5, 3]
    fitted = Parameter("f", "d")
    assert fitted.quantile(0.975) == pytest.approx(Z)
    assert (fitted.quantile(0.0), fitted.quantile(1.0)) == (-4, 4)


def test_a_range_of_a_change_moves_too(scenario: Path) -> None:
    """To both ends of what it may be; where nothing is moved, it is its median."""
    change = 'changes: [{on: 2027-01-05, path: stages.annotate.time, factor: VALUE, why: "tool"}]\n'
    scenario.write_text(SCENARIO + change.replace("VALUE", "0.5..0.8"), encoding="utf-8")
    found = movable(scenario, None, [])
    (one,) = [each for each in found.fitted if each.name.startswith("changes ")]
    assert found.line({one: 0.0}) == load(scenario)
    moved = {end: found.line({one: end}) for end in (-Z, Z)}
    for end, text in ((-Z, "0.5"), (Z, "0.8")):
        scenario.write_text(SCENARIO + change.replace("VALUE", text), encoding="utf-8")
        assert _bare(moved[end]) == _bare(load(scenario))
