"""`labelcast sweep`: what it prints, writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typed import labelcast

PLAN = """
labelcast: 1
name: plan
start: 2027-01-04T00:00
currency: EUR
work: {street: {backlog: 60 items}}
pools: {crew: {headcount: 1, calendar: always, speed: {spread: 0}, pay: {hourly: 36 EUR}}}
stages: {annotate: {pools: [crew], labels_per_item: 1, time: 30 s, batch: {size: 5 items, setup: 18 s, together: yes}}}
"""
OVER = "stages.annotate.batch.size=1,5,6,60 items"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a plan of 60 items in batches of five."""
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_best_size_is_told_drawn_and_given(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a plan without luck in times: batches of six have the least cycle time, one of all costs least. Verdicts are
    against the size that the file has; files are written before the text."""
    words = ["sweep", "plan.yaml", "--over", OVER, "-n", 2, "--processes", 1]
    assert labelcast(monkeypatch, *words, "--plot", "a.svg", "--html", "a.html", "--csv", "a.csv") == 0
    told = capsys.readouterr().out
    assert "Cycle time is surely lowest at size 6 items (" in told
    assert "Cost is surely lowest at size 60 items (" in told
    assert "size 60 items costs" in told
    assert "than size 5 items" in told
    assert (folder / "a.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert "size 60 items" in (folder / "a.html").read_text(encoding="utf-8")
    assert "size 60 items,size 5 items,cost,EUR," in (folder / "a.csv").read_text(encoding="utf-8")
    assert labelcast(monkeypatch, *words, "--kpi", "wait_h.annotate", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["over"], found["baseline"]) == ("stages.annotate.batch.size", "size 5 items")
    assert found["values"] == ["1 items", "5 items", "6 items", "60 items"]
    assert "wait_h.annotate" in {one["kpi"] for one in found["pairs"]}


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ("stages.annotate.batch.sizes=1,2 items", 'has no key "sizes"'),
        ("stages.annotate.batch.size=1,2 days", "must be a number of items"),
        ("stages.annotate.batch.size=5 items", "needs two values or more"),
        ("stages.annotate.batch.size", "must be a key and its values"),
        ("stages.annotate.batch.size=0,5 items", "stages.annotate.batch.size"),
    ],
)
def test_what_cannot_be_swept_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], over: str, words: str
) -> None:
    """With its reason and without a traceback, and no picture is written."""
    asked = ["sweep", "plan.yaml", "--over", over, "-n", 2, "--processes", 1, "--plot", "plot.svg"]
    assert labelcast(monkeypatch, *asked) == 2
    assert words in capsys.readouterr().err
    assert not (folder / "plot.svg").exists()
