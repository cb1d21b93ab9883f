"""Ranges of numbers of which nobody said how sure they are."""

from __future__ import annotations

from pathlib import Path

from labelcast.scenarios.guessed import guesses

PLAN = """labelcast: 1
name: plan
start: 2027-01-04T09:00
currency: EUR
work: {items: {backlog: 63 items}}
pools:
  team: {headcount: 3, calendar: always, skill: {accuracy: 90%}, pay: {hourly: 20 EUR}}
stages: {annotate: {pools: [team], time: {gamma: {mean: 90 s, shape: 2}}}}
"""
FIT = """labelcast_profile: 1
provenance: {digest: "d1", first: "2026-01-05T00:00:00+00:00", last: "2026-01-19T00:00:00+00:00"}
fitted: [{path: stages.annotate.time.gamma.mean, value: 60, low: 20, high: 180, n: 9, unit: s, method: m}]
scenario: {stages: {annotate: {time: {gamma: {mean: 60 s, shape: 9}}}}}
"""


def plan(folder: Path, name: str = "plan", text: str = PLAN) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return path


def test_each_number_has_a_fifth_to_either_side(tmp_path: Path) -> None:
    """Volumes in whole items, of a skill what it gets wrong, prices and times as they are; headcounts are decisions."""
    assert guesses([(plan(tmp_path), None)]) == [
        "work.items.backlog=50 items..76 items",
        "pools.team.skill.accuracy=88%..92%",
        "pools.team.pay.hourly=16 EUR..24 EUR",
        "stages.annotate.time.gamma.mean=72 s..108 s",
    ]


def test_what_a_log_tells_is_not_guessed(tmp_path: Path) -> None:
    """What a profile fitted with an interval has that interval, unless the plan writes over it."""
    fit = plan(tmp_path, "fit", FIT)
    open_plan = PLAN.replace(", time: {gamma: {mean: 90 s, shape: 2}}", "")
    assert not any("time" in one for one in guesses([(plan(tmp_path, "open", open_plan), fit)]))
    assert any("time" in one for one in guesses([(plan(tmp_path), fit)]))


def test_what_plans_say_differently_is_multiplied(tmp_path: Path) -> None:
    """One range would make it the same in both; what one alone says, or both alike, goes from end to end; a skill of
    which they differ is left alone, as a table of prices is multiplied."""
    dearer = "extends: plan.yaml\nname: dearer\npools: {team: {pay: {hourly: 30 EUR}}}\n"
    paths = [plan(tmp_path), plan(tmp_path, "dearer", dearer)]
    found = guesses([(path, None) for path in paths])
    assert "pools.team.pay.hourly=x0.8..x1.2" in found
    assert "pools.team.skill.accuracy=88%..92%" in found
    worse = [plan(tmp_path, name, PLAN.replace("90%", text)) for name, text in (("worse", "70%"), ("worst", "60%"))]
    found = guesses([(path, None) for path in worse])
    assert not any("accuracy" in one for one in found)
    tiers = dearer.replace(
        "pay: {hourly: 30 EUR}", "pay: {hourly: 0 EUR, per_label: {tiers: {10: 0.5 EUR, rest: 0.4 EUR}}}"
    )
    assert "pools.team.pay.per_label=x0.8..x1.2" in guesses([(plan(tmp_path, "tiers", tiers), None)])


def test_what_cannot_be_simulated_is_left_out(tmp_path: Path) -> None:
    """A number with a bound that a fifth more would break is not moved; nor is nothing at all."""
    free = PLAN.replace("hourly: 20 EUR", "hourly: 0 EUR")
    assert not any("pay" in one for one in guesses([(plan(tmp_path, "free", free), None)]))
