"""`labelcast why`: parts that add up, nothing where nothing differs, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typed import labelcast

BEFORE = """labelcast: 1
name: before
start: 2027-01-04T09:00
currency: EUR
work: {items: {backlog: 200 items}}
pools: {team: {headcount: 3, calendar: always, skill: {accuracy: 90%}, pay: {hourly: 20 EUR}}}
stages: {annotate: {pools: [team], time: {gamma: {mean: 60 s, shape: 2}}}}
"""
AFTER = """labelcast: 1
name: after
extends: before.yaml
work: {items: {backlog: 400 items}}
pools: {team: {headcount: 4, pay: {hourly: 25 EUR}}}
stages: {annotate: {time: {gamma: {mean: 90 s}}}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two scenarios, of which the second has more, slower and dearer work, and more people."""
    (tmp_path / "before.yaml").write_text(BEFORE, encoding="utf-8")
    (tmp_path / "after.yaml").write_text(AFTER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_parts_add_up_and_have_their_signs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """More and slower work is later, more people earlier; price changes cost alone; each column sums to its end."""
    assert labelcast(monkeypatch, "why", "before.yaml", "after.yaml", "-n", 4, "--processes", 1, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["changed"] == ["volume", "speed", "staffing", "price"]
    kpis = {one["kpi"]: one for one in told["kpis"]}
    for one in kpis.values():
        assert sum(part["mean"] for part in one["parts"].values()) == pytest.approx(one["end"] - one["begin"], abs=1e-9)
    finish = {kind: part["mean"] for kind, part in kpis["finish_days"]["parts"].items()}
    assert finish["volume"] > 0
    assert finish["speed"] > 0
    assert finish["staffing"] < 0
    assert finish["price"] == 0
    assert kpis["cost"]["parts"]["price"]["low"] > 0


def test_text_and_what_cannot_be_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sentence names what moved finish most; a scenario and itself differ in nothing; other pools are refused."""
    assert labelcast(monkeypatch, "why", "before.yaml", "after.yaml", "-n", 3, "--processes", 1) == 0
    text = capsys.readouterr().out
    assert "finish: +" in text
    assert "most of it volume" in text
    assert "16 lines of 3 runs" in text
    assert labelcast(monkeypatch, "why", "before.yaml", "before.yaml", "-n", 2, "--processes", 1) == 0
    assert "are the same line: nothing differs." in capsys.readouterr().out
    (folder / "other.yaml").write_text(BEFORE.replace("team", "crew"), encoding="utf-8")
    assert labelcast(monkeypatch, "why", "before.yaml", "other.yaml") == 2
    assert "other.yaml: pools differ: team here, crew there" in capsys.readouterr().err
