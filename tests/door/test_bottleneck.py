"""`labelcast bottleneck`: what it tells of a line whose bottleneck is planted, and what it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typed import labelcast

from labelcast.scenarios.bottleneck import seen
from labelcast.sim.paired import Claim
from labelcast.sim.statistics import Difference

PLAN = """labelcast: 1
start: 2027-01-04T09:00
currency: EUR
work: {items: {backlog: 400 items}}
calendars: {office: {days: Mon-Fri, hours: "09:00-17:00"}}
pools:
  team: {headcount: 9, calendar: office, skill: {accuracy: 90%}, pay: {hourly: 20 EUR}}
  checkers: {headcount: 4, calendar: office, pay: {hourly: 30 EUR}}
stages:
  annotate: {pools: [team], labels_per_item: 2, time: {gamma: {mean: 60 s, shape: 2}}}
  review: {pools: [checkers], fraction: 80%, time: {gamma: {mean: 240 s, shape: 2}}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a plan in which reviews hold everything up."""
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_slow_pool_is_named_and_the_levers_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reviewers hold the line up: one more there delivers more and finishes earlier, one more annotator hardly; fewer
    reviews help too; the map names the stage."""
    words = ["bottleneck", "plan.yaml", "-n", 8, "--processes", 1]
    assert labelcast(monkeypatch, *words, "--map", "checkers", "--plot", "b.svg", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["bottleneck"] == "checkers"
    effects = {(one["kind"], one["target"]): one["effects"] for one in told["levers"]}
    more = effects["person", "checkers"]
    assert more["throughput_per_week"]["differs"]
    assert more["throughput_per_week"]["low"] > 0
    assert more["finish_days"]["mean"] < 0
    assert effects["person", "team"]["throughput_per_week"]["mean"] < more["throughput_per_week"]["mean"] / 3
    assert effects["review", "review"]["throughput_per_week"]["mean"] > 0
    assert effects["label", "annotate"]["cost"]["unit"] == "EUR"
    held = told["held_up"]["review"]
    assert held["alone"] + held["with_another"] > 0.7
    (cell,) = [one for one in told["map"]["cells"] if one["volume"] == 1 and one["more_people"] == 0]
    assert max(cell["stages"], key=lambda name: cell["stages"][name]["chance"]) == "review"
    assert "one more person in checkers" in Path("b.svg").read_text(encoding="utf-8")


def test_text_says_no_more_than_the_numbers(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sentence names who holds the line up, with an interval; rivals and notes are there."""
    assert labelcast(monkeypatch, "bottleneck", "plan.yaml", "-n", 8, "--processes", 1) == 0
    text = capsys.readouterr().out
    assert "The bottleneck is checkers: one more there delivers more than one more anywhere else." in text
    assert "One more person in checkers: " in text
    assert "Busiest pool: checkers" in text
    assert "8 runs of each, on the same luck" in text


def test_the_change_that_brings_a_goal_nearest_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of those that are seen to move it that way the one that moves it most, beside how it is; of a goal that no change
    brings nearer this is said. Without goals nothing is."""
    plan = folder / "plan.yaml"
    words = ["bottleneck", "plan.yaml", "-n", 8, "--processes", 1]
    assert labelcast(monkeypatch, *words) == 0
    assert "goal" not in capsys.readouterr().out
    plan.write_text(PLAN + "goals: {deadline: 2027-01-05, budget: 500 EUR}\n", encoding="utf-8")
    assert labelcast(monkeypatch, *words, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    cost = {(one["kind"], one["target"]): one["effects"]["cost"] for one in told["levers"]}
    seen_less = {lever: one["mean"] for lever, one in cost.items() if one["differs"] and one["high"] < 0}
    assert len(seen_less) > 1
    assert min(seen_less, key=lambda lever: seen_less[lever]) == ("person", "checkers")
    assert not any(one["effects"]["finish_days"]["high"] < 0 for one in told["levers"])
    assert min(cost, key=lambda lever: cost[lever]["mean"]) == ("person", "checkers")
    leading = {one["what"]: one["target"] for one in told["levers"] if one["effects"]["cost"]["may_be_best"]}
    assert "one more person in checkers" in leading
    assert "team" not in leading.values()
    alike = [what for what in leading if what != "one more person in checkers"]
    assert labelcast(monkeypatch, *words) == 0
    text = capsys.readouterr().out
    assert "EUR as it is) brings one more person in checkers: -" in text
    assert "Nearest to the goal of cost (" in text
    (line,) = (one for one in text.splitlines() if one.startswith("Nearest to the goal of cost ("))
    found = re.search(r"\(([\d.,]+) .*, to about ([\d.,]+) EUR \(goal: at most 500.00 EUR\)", line)
    assert found
    now, reached = (float(one.replace(",", "")) for one in found.groups())
    assert reached == pytest.approx(now + seen_less["person", "checkers"], abs=0.01 * now)
    assert ", for 1,200 EUR of pay a week" in line
    assert line.endswith(f"; 8 runs cannot tell it from {' or '.join(alike)}." if alike else "of pay a week.")
    assert "days as it is) nearer to its goal." in text


def test_a_deadline_is_neared_by_a_date(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Days and dates cannot be compared: where a change takes the finish is a date, as its goal is."""
    text = PLAN.replace("400 items", "4_000 items") + "goals: {deadline: 2027-01-08}\n"
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    assert labelcast(monkeypatch, "bottleneck", "plan.yaml", "-n", 8, "--processes", 1) == 0
    told = capsys.readouterr().out
    found = re.search(
        r"goal of finish \(([\d.]+) .*?: -([\d.]+) .*, to about \w+ (\d+) Jan \(goal: by 8 Jan 2027\)", told
    )
    assert found
    now, less = map(float, found.groups()[:2])
    assert int(found.group(3)) == int(4 + 9 / 24 + now - less)


def test_a_pool_that_cannot_be_mapped(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is run for a name that is none; the nearest is guessed."""
    assert labelcast(monkeypatch, "bottleneck", "plan.yaml", "--map", "checker") == 2
    error = capsys.readouterr().err
    assert 'no pool of staff is named "checker" (there are: team, checkers). Did you mean "checkers"?' in error


@pytest.mark.parametrize(
    ("low", "high", "differs", "told"),
    [(1.0, 3.0, True, True), (-3.0, -1.0, True, True), (-0.1, 4.0, True, False), (1.0, 3.0, False, False)],
)
def test_nothing_is_told_beside_an_interval_that_holds_zero(low: float, high: float, differs: bool, told: bool) -> None:
    """Though Holm's steps claim it; nor what they do not claim."""
    assert seen(Claim(Difference((low + high) / 2, low, high, 0.01), 0.01, low, high, differs)) == told


def test_a_line_of_one_pool_has_one_lever(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is no other to hold it against, and one more there still has its gain."""
    alone = PLAN.replace("  checkers: {headcount: 4, calendar: office, pay: {hourly: 30 EUR}}\n", "")
    (folder / "alone.yaml").write_text("".join(one for one in alone.splitlines(True) if "review:" not in one))
    assert labelcast(monkeypatch, "bottleneck", "alone.yaml", "-n", 12, "--processes", 1, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["bottleneck"] == "team"
    (person,) = [one for one in told["levers"] if one["kind"] == "person"]
    assert person["effects"]["throughput_per_week"]["low"] > 0
