"""`labelcast select`: what it prints, writes and refuses, and with which exit code it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typed import labelcast

import labelcast as lc

PLAN = """
labelcast: 1
name: plan
start: 2027-01-04T00:00
currency: EUR
work: {street: {backlog: 60 items}}
pools: {crew: {headcount: 1, calendar: always, speed: {spread: 0}, pay: {hourly: 36 EUR}}}
stages: {annotate: {pools: [crew], labels_per_item: 1, time: 30 s, batch: {size: 5 items, setup: 18 s, together: yes}}}
"""
OVER = "stages.annotate.batch.size=5,6,60 items"
HERE = ["--processes", 1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a plan of 60 items in batches of five, whose times are without luck; and one with luck."""
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    lucky = PLAN.replace("time: 30 s", "time: {exponential: {mean: 30 s}}").replace("name: plan", "name: lucky")
    (tmp_path / "lucky.yaml").write_text(lucky, encoding="utf-8")
    other = lucky.replace("name: lucky", "name: other").replace("size: 5 items", "size: 6 items")
    (tmp_path / "other.yaml").write_text(other, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_best_size_is_chosen(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a plan without luck six is the size of the least cycle time (the square root of lot sizing), at the first
    look; from Python it is the same; the picture is written before the text."""
    words = ["select", "plan.yaml", "--over", OVER, "--best", "cycle_time_h", "--within", "0.1%", *HERE]
    assert labelcast(monkeypatch, *words, "--plot", "a.svg") == 0
    told = capsys.readouterr().out
    assert told.startswith("size 6 items is the best in cycle time, with 95% confidence (")
    assert "90 runs, 30 of each plan, all on the same luck (seed 1)." in told
    assert "out after 30, by size 6 items" in told
    assert (folder / "a.svg").read_text(encoding="utf-8").startswith("<?xml")
    called = lc.select("plan.yaml", over=OVER, best="cycle_time_h", within="0.1%", processes=1)
    assert called.text.strip() == told.strip()
    assert called.frame["scenario"].tolist() == ["size 6 items", "size 5 items", "size 60 items"]
    assert called.frame["apart"].is_monotonic_increasing
    assert called.plot().axes


def test_runs_that_were_too_few_end_with_5(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Results are printed, nothing is chosen, and how far the leader may be behind is said on the other stream."""
    words = ["select", "lucky.yaml", "other.yaml", "--best", "cycle_time_h", "--within", "1e-4 h", "--most", 30]
    assert labelcast(monkeypatch, *words, "--keep", "kept", "--json", *HERE) == 5
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert (found["chosen"], found["procedure"], found["confidence"], found["runs"]) == (None, "good", 0.95, 60)
    assert found["behind_at_most"] > found["within"] == 1e-4
    assert told.err.startswith("Nothing is chosen: 30 runs are too few for 0.0001 h of cycle time at 95% confidence. ")
    assert "it may lie up to " in told.err
    assert len(list((folder / "kept").iterdir())) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "plan.yaml: there is nothing to choose from. Name two scenarios, or say --over."),
        (["lucky.yaml", "--over", OVER], "--over: makes the plans of one scenario, but 2 are named"),
        (["--over", "stages.annotate.batch.sizes=1,2 items"], 'has no key "sizes"'),
        (["--over", "stages.annotate.batch.size=1"], "--over: needs two values or more"),
        (["--over", OVER, "--best", "costs"], '--best: no KPI is named "costs". Did you mean "cost"?'),
        (["--over", OVER, "--best", "p_budget"], "--best: "),
        (["--over", OVER, "--best", "items_arrived"], "neither more nor less of"),
        (["--over", OVER, "--within", "5 h"], "--within: must be a number of EUR"),
        (["--over", OVER, "--within", "0%"], "--within: must be above 0"),
        (["--over", OVER, "--confidence", "0.95"], '--confidence: must be above 50% and below 100%, but got "0.95"'),
        (["--over", OVER, "--confidence", "100%"], "--confidence: must be above 50% and below 100%"),
        (["--over", OVER, "--procedure", "kn++"], '--procedure: no procedure is named "kn++" (there are: good, kn)'),
        (["--over", OVER, "--most", 10], "--most"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: list[object], words: str
) -> None:
    """Before anything is run, with its reason and without a traceback; no picture is written."""
    assert labelcast(monkeypatch, "select", "plan.yaml", *options, "--plot", "plot.svg", *HERE) == 2
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told
    assert not (folder / "plot.svg").exists()
