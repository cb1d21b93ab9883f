"""Enough different people: the worst case that is counted, against every way that an item can take and the engine."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from short_scenario import loaded, refusal
from twins import run

from labelcast.sim.line import Line
from labelcast.sim.plan import Plan

TEXT = """labelcast: 1
start: 2027-01-04
timezone: UTC
currency: EUR
horizon: 20 days
work:
  images: {{backlog: 150 items, difficulty: {{spread: 0, attractor: none}}}}
pools:
  team:
    headcount: {team}
    calendar: always
    skill: {{accuracy: 60%, spread: 0}}
    reviewing: {{sensitivity: 70%, false_alarm: 70%}}
stages:
  annotate: {{pools: [team], labels_per_item: {labels}, rework_by: anyone, time: 10 s}}
  review: {{pools: [team], time: 10 s, on_reject: {{rounds: {rounds}}}}}
  {adjudicate}
"""

ADJUDICATE = "adjudicate: {pools: [team], time: 10 s}"


def text(team: int, labels: int, rounds: int, adjudicated: bool) -> str:
    return TEXT.format(team=team, labels=labels, rounds=rounds, adjudicate=ADJUDICATE if adjudicated else "")


def needed(labels: int, rounds: int, adjudicated: bool) -> int:
    """By enumeration of all ways: each reject or accept, each tie or majority."""
    most = labels
    for rejected in range(rounds + 2):  # so many rejections before the item is accepted, or is exhausted
        reworks = min(rejected, rounds)
        authors = labels + reworks
        reviews = min(rejected + 1, rounds + 1)
        most = max(most, authors + 1)
        if adjudicated and rejected == rounds + 1:
            most = max(most, authors + reviews + 1)
    return most


CASES = list(itertools.product((1, 2, 3), (0, 1, 2), (False, True)))


@pytest.mark.parametrize(("labels", "rounds", "adjudicated"), CASES)
def test_just_enough_people_pass_and_deliver(tmp_path: Path, labels: int, rounds: int, adjudicated: bool) -> None:
    """With as many people as the worst way needs, the line is taken and the engine delivers every item; with one fewer
    it is refused, with the number that is needed."""
    people = needed(labels, rounds, adjudicated)
    line = loaded(tmp_path, text(people, labels, rounds, adjudicated))
    assert delivered(line) == 150
    told = refusal(tmp_path, text(people - 1, labels, rounds, adjudicated))
    assert f"needs {people} people of team" in told


def test_one_too_few_can_get_stuck(tmp_path: Path) -> None:
    """The law is no pedantry: the engine, with one person fewer, leaves items undelivered for ever."""
    import dataclasses

    line = loaded(tmp_path, text(4, 1, 2, False))
    short = dataclasses.replace(line, pools=(dataclasses.replace(line.pools[0], headcount=3),))
    assert delivered(short) < 150


def delivered(line: Line) -> int:
    return int(run(Plan.of(line), 1, 0).items["delivered_at"].notna().sum())


def test_a_tie_after_rework_is_not_counted(tmp_path: Path) -> None:
    """A round of rework gives one label, which cannot tie: adjudication of ties follows no review."""
    own = TEXT.replace("rounds: {rounds}", "rounds: {rounds}, then: deliver").format(
        team=6, labels=3, rounds=2, adjudicate=ADJUDICATE
    )
    assert delivered(loaded(tmp_path, own)) == 150
    assert "needs 6 people" in refusal(tmp_path, own.replace("headcount: 6", "headcount: 5"))


RULES = [
    ("{lead: 2, max: 4}", 4),
    ("{lead: 3, max: 3}", 3),
    ("{weighted: 3}", 3),
    ("{start: 1, threshold: 99%, max: 3}", 3),
]


@pytest.mark.parametrize(("rule", "most"), RULES)
def test_rules_of_consensus_count_their_most_labels(tmp_path: Path, rule: str, most: int) -> None:
    """Labels that are bought one at a time may be as many as `max`: with so many people and a reviewer the line is
    taken and delivers; with one fewer it is refused."""
    enough = text(most + 1, 1, 0, False).replace("labels_per_item: 1", f"labels_per_item: {rule}")
    assert delivered(loaded(tmp_path, enough)) == 150
    few = enough.replace(f"headcount: {most + 1}", f"headcount: {most}")
    assert f"needs {most + 1} people of team" in refusal(tmp_path, few)


def test_a_crowd_is_large_enough(tmp_path: Path) -> None:
    """Of a crowd no headcount is asked: others come."""
    staff = "    headcount: 9\n    calendar: always\n"
    crowd = text(9, 5, 1, True).replace(staff, "    sessions: 60/hour\n    tasks_per_session: 5\n")
    assert delivered(loaded(tmp_path, crowd)) == 150


@pytest.mark.parametrize("rollbacks", [0, 1, 2])
def test_rollbacks_bring_more_authors(tmp_path: Path, rollbacks: int) -> None:
    """Each rollback labels an item again, by people who may all be others: its reviewer is none of them."""
    people = 2 * (rollbacks + 1) + 1
    entries = "".join(f"  - {{on: 2027-01-{5 + number:02}, relabel: {{}}}}\n" for number in range(rollbacks))
    listing = f"changes:\n{entries}" if rollbacks else ""
    line = loaded(tmp_path, text(people, 2, 0, False) + listing)
    assert delivered(line) == 150
    assert f"needs {people} people of team" in refusal(tmp_path, text(people - 1, 2, 0, False) + listing)
