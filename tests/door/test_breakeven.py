"""`labelcast breakeven`: what it prints, writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typed import labelcast

PLAN = """
labelcast: 1
name: NAME
start: 2027-01-04T09:00
currency: EUR
work: {street: {backlog: 900 items}}
calendars: {office: {hours: "09:00-17:00"}}
pools: {crew: {headcount: 30, calendar: office, pay: PAY}}
stages: {annotate: {pools: [crew], labels_per_item: 1, time: 20 s}}
"""
OVER = "work.street.backlog=200 items..2_000 items"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two tariffs that cross at 1,000 items, and one that costs nothing."""
    for name, pay in (("a", "{per_label: 0.42 EUR}"), ("b", "{per_label: 0.35 EUR, set_up: 70 EUR}"), ("free", "")):
        text = PLAN.replace("NAME", name).replace(", pay: PAY" if not pay else "PAY", pay)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_crossing_is_told_drawn_and_given(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of two linear tariffs to the item."""
    words = ["breakeven", "a.yaml", "b.yaml", "--over", OVER, "-n", 2, "--points", 3, "--processes", 1]
    assert labelcast(monkeypatch, *words, "--plot", "plot.svg") == 0
    assert "At 1,000 items (exactly) both cost the same; above it b costs less than a." in capsys.readouterr().out
    assert (folder / "plot.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert labelcast(monkeypatch, *words, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [round(one["at"], 6) for one in told["crossings"]] == [1_000]


@pytest.mark.parametrize(
    ("second", "over", "words"),
    [
        ("free.yaml", OVER, "has no cost to compare"),
        ("b.yaml", "work.streets.backlog=1 items..2 items", 'no segment is named "streets"'),
        ("b.yaml", "work.street.backlogs=1 items..2 items", 'work.street has no key "backlogs"'),
        ("b.yaml", "work.street.backlog=1 days..2 days", "must be a number of items"),
        ("b.yaml", "work.street.backlog", "must be a key and its range"),
        ("c.yaml", OVER, "c.yaml"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    second: str,
    over: str,
    words: str,
) -> None:
    """With its reason and without a traceback, and no picture is written."""
    asked = ["breakeven", "a.yaml", second, "--over", over, "-n", 2, "--processes", 1, "--plot", "plot.svg"]
    assert labelcast(monkeypatch, *asked) == 2
    assert words in capsys.readouterr().err
    assert not (folder / "plot.svg").exists()


def test_a_key_that_changes_no_cost_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who is paid by the label costs the same at any time a label takes: that one is cheaper is no answer."""
    words = ["breakeven", "a.yaml", "b.yaml", "--over", "stages.annotate.time=10 s..30 s", "-n", 2, "--points", 3]
    assert labelcast(monkeypatch, *words, "--processes", 1) == 0
    told = capsys.readouterr().out
    assert "stages.annotate.time changes the cost of neither: name a key that does, with --over." in told


def test_a_key_may_stand_in_one_of_the_two(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A vendor's price is no key of a plan without vendor, which costs 378 EUR at any: 900 items cost that at 0.42 EUR.
    It is told which one keeps what it has."""
    plan = (folder / "a.yaml").read_text(encoding="utf-8").replace("name: a", "name: own")
    (folder / "own.yaml").write_text(plan.replace("crew", "team"), encoding="utf-8")
    words = ["breakeven", "own.yaml", "a.yaml", "--over", "pools.crew.pay.per_label=0.10 EUR..0.90 EUR"]
    words += ["-n", 2, "--points", 3, "--processes", 1]
    assert labelcast(monkeypatch, *words) == 0
    told = capsys.readouterr().out
    assert "own has no pools.crew.pay.per_label: it keeps what it says at all values." in told
    assert "0.42 EUR" in told
    assert labelcast(monkeypatch, *words, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["varied"] == ["a"]
    assert [one["at"] for one in found["crossings"]] == [pytest.approx(0.42)]
    assert {point["cost"]["own"] for point in found["points"]} == {378.0}


def test_units_of_the_file_are_not_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A time in minutes and hours over a file that says seconds."""
    words = ["breakeven", "a.yaml", "b.yaml", "--over", "stages.annotate.time=1 min..0.1 h", "-n", 1, "--points", 2]
    assert labelcast(monkeypatch, *words, "--processes", 1, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["unit"] == "min"
    assert [point["value"] for point in found["points"]] == [1, 6]
