"""`labelcast run --events` and `labelcast kpis`: a log that leaves, and its numbers made again from it."""

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
work: {street: {backlog: 60 items, classes: {a: 50%, b: 50%}}}
pools:
  crew: {headcount: 2, calendar: always, skill: {accuracy: 80%}, pay: {hourly: 36 EUR}}
  judges: {headcount: 1, calendar: always, pay: {hourly: 50 EUR}}
stages:
  annotate: {pools: [crew], labels_per_item: 2, time: 30 s}
  review: {pools: [judges], fraction: 50%, time: 10 s, on_reject: {to: annotate, rounds: 2, then: deliver}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a plan."""
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_replaying_an_exported_log_gives_the_kpis_of_the_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of Parquet, XES and OCEL 2.0 alike: each KPI is that of the run, but for those of money and chances."""
    words = ["run", "plan.yaml", "-n", 1, "--processes", 1, "--json"]
    assert labelcast(monkeypatch, *words, "--log", "a.parquet", "--events", "a.xes") == 0
    run = {name: one["mean"] for name, one in json.loads(capsys.readouterr().out)["kpis"].items()}
    assert labelcast(monkeypatch, *words, "--events", "a.jsonocel") == 0
    capsys.readouterr()
    for file in ("a.parquet", "a.xes", "a.jsonocel"):
        assert labelcast(monkeypatch, "kpis", file, "--json") == 0
        found = json.loads(capsys.readouterr().out)
        assert len(found) > 80
        assert found["rework_rate"] > 0
        money = {name for name in found if name.startswith(("cost", "relabel_cost"))}
        assert {name: found[name] for name in found if name not in money} == {
            name: run[name] for name in found if name not in money
        }
        assert {found[name] for name in money} == {None}
    assert labelcast(monkeypatch, "kpis", "a.xes") == 0
    told = capsys.readouterr().out
    assert "items_delivered" in told
    assert "more cannot be told from this log: it holds no prices" in told


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        (["run", "plan.yaml", "-n", 1, "--events", "a.csv"], 2, "Name it a.xes"),
        (["kpis", "plan.yaml"], 3, "it is no Parquet file"),
        (["kpis", "none.xes"], 3, "none.xes: there is no such file"),
        (["kpis", "none.parquet"], 3, "there is no such file"),
        (["kpis", "other.xes"], 3, "not one that labelcast wrote"),
    ],
)
def test_what_is_no_log_is_refused(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    asked: list[object],
    code: int,
    words: str,
) -> None:
    """With its reason and without a traceback."""
    (folder / "other.xes").write_text("<log><trace/></log>", encoding="utf-8")
    assert labelcast(monkeypatch, *asked) == code
    assert words in capsys.readouterr().err
