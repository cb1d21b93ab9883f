"""`labelcast catchup`: what it prints and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typed import labelcast

PLAN = """
labelcast: 1
name: plain
start: 2027-01-04T00:00
currency: EUR
work: {street: {backlog: 2000 items}}
pools:
  crew: {headcount: {ramp: {2027-01-04: 2, 2027-01-05: 4}}, calendar: always, learning: {exponent: 0.3}}
stages: {annotate: {pools: [crew], labels_per_item: 1, time: 10 min}}
"""
MENTORED = """
labelcast: 1
name: mentored
extends: plain.yaml
pools: {crew: {mentoring: {time: 1 h/week, span: 2 weeks, gain: 5}}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a plan, and the same with mentoring."""
    (tmp_path / "plain.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "mentored.yaml").write_text(MENTORED, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_week_is_told_and_given(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As text and as JSON."""
    words = ["catchup", "plain.yaml", "mentored.yaml", "-n", 5, "--processes", 1]
    assert labelcast(monkeypatch, *words) == 0
    told = capsys.readouterr().out
    assert "in items delivered in week" in told
    assert "training and mentoring" in told
    assert labelcast(monkeypatch, *words, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["before"], found["after"], len(found["weeks"])) == ("plain", "mentored", 5)
    assert found["hours"]["training"]["mean"] > 0


def test_what_cannot_be_held_against_each_other_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two of one name, two of different work, and two that begin on different dates."""
    more = f"{MENTORED}work: {{street: {{backlog: 2001 items}}}}\n"
    (folder / "more.yaml").write_text(more.replace("name: mentored", "name: more"), encoding="utf-8")
    assert labelcast(monkeypatch, "catchup", "plain.yaml", "more.yaml") == 2
    assert "plain and more need the same work, but other items come, or at other times" in capsys.readouterr().err
    assert labelcast(monkeypatch, "catchup", "plain.yaml", "plain.yaml") == 2
    assert "plain" in capsys.readouterr().err
    later = MENTORED.replace("extends: plain.yaml", "extends: plain.yaml\nstart: 2027-01-05T00:00")
    (folder / "later.yaml").write_text(later, encoding="utf-8")
    assert labelcast(monkeypatch, "catchup", "plain.yaml", "later.yaml", "-n", 2, "--processes", 1) == 2
    assert "both must begin together" in capsys.readouterr().err
