"""A short scenario that tests change, and the door as they use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelcast.scenarios.load import load
from labelcast.scenarios.search.question import Question
from labelcast.scenarios.search.read import read_question
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.line import Line

SHORT = """labelcast: 1
start: 2027-01-04T09:00
timezone: Europe/Paris
currency: EUR
work:
  images: {backlog: 100 items, classes: {car: 70%, bus: 30%}, difficulty: {spread: 0.8, attractor: 3}}
calendars:
  office: {days: Mon-Fri, hours: "09:00-17:00"}
pools:
  team: {headcount: 4, calendar: office, pay: {hourly: 20 EUR}}
  reviewers: {headcount: 5, calendar: office, pay: {hourly: 30 EUR}}
stages:
  annotate: {pools: [team], time: 42 s}
  review: {pools: [reviewers], fraction: 20%, time: 10 s}
"""


def changed(*pairs: tuple[str, str]) -> str:
    """SHORT with each first text replaced by its second; the first must stand there."""
    text = SHORT
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def loaded(folder: Path, text: str, name: str = "scenario.yaml") -> Line:
    """The line of a scenario text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load(path)


def refusal(folder: Path, text: str) -> str:
    """What is told about a scenario text that must be refused."""
    with pytest.raises(ScenarioRefused) as refused:
        loaded(folder, text)
    return str(refused.value)


def asked(folder: Path, search: str, scenario: str = SHORT) -> Question:
    """The question of a scenario with this block."""
    path = folder / "asked.yaml"
    path.write_text(f"{scenario}search: {{{search}}}\n", encoding="utf-8")
    return read_question(path)


def unasked(folder: Path, search: str, scenario: str = SHORT) -> list[str]:
    """What is wrong with a block, without the file's name."""
    with pytest.raises(ScenarioRefused) as refused:
        asked(folder, search, scenario)
    return [problem.replace(f"{folder / 'asked.yaml'}:", "") for problem in refused.value.problems]
