"""`labelcast compare`: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typed import labelcast

PLAN = """
labelcast: 1
name: NAME
start: 2027-01-04T09:00
currency: EUR
horizon: HORIZON
work: {street: {backlog: 300 items}}
calendars: {office: {hours: "09:00-17:00"}}
pools: {crew: {headcount: PEOPLE, calendar: office, speed: {spread: 0.2}, skill: {accuracy: 90%}, pay: PAY}}
stages: {annotate: {pools: [crew], labels_per_item: 1, time: {lognormal: {median: 60 s, p95: 180 s}}}}
"""

Captured = pytest.CaptureFixture[str]


def plan(folder: Path, name: str, **words: object) -> None:
    facts = {"NAME": name, "PEOPLE": 3, "PAY": "{hourly: 20 EUR}", "HORIZON": "8 weeks"} | words
    text = PLAN
    for word, value in facts.items():
        text = text.replace(word, str(value))
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan, one with more people, one that costs twice as much, one that never ends, one in dollars."""
    plan(tmp_path, "base")
    plan(tmp_path, "more", PEOPLE=4)
    plan(tmp_path, "dear", PAY="{hourly: 40 EUR}")
    plan(tmp_path, "short", HORIZON="1 hours")
    plan(tmp_path, "usd", PAY="{hourly: 20 USD}")
    dollars = tmp_path / "usd.yaml"
    dollars.write_text(dollars.read_text(encoding="utf-8").replace("currency: EUR", "currency: USD"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(monkeypatch: pytest.MonkeyPatch, capsys: Captured, *words: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a comparison in this process."""
    code = labelcast(monkeypatch, "compare", *words, "--processes", 1)
    found = capsys.readouterr()
    return code, found.out, found.err


def test_verdicts_tables_and_the_frontier(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """A sentence a scenario, error and risk in tables of their own, the best of each KPI, and who is dominated: dear
    costs exactly twice as much and is the same in everything else."""
    words = ("base.yaml", "more.yaml", "dear.yaml", "-n", 12, "--deadline", "2027-01-04", "--budget", "150 EUR")
    code, out, _ = told(monkeypatch, capsys, *words)
    lines = out.splitlines()
    assert code == 0
    assert lines[0].startswith("more finishes ")
    assert "base" in lines[1]
    assert lines[1].startswith("dear costs ")
    assert "finish and accuracy came out the same in every run" in lines[1]
    assert "exceeds 150 EUR with probability 100% (75% to 100%; base " in lines[1]
    assert "On the frontier of cost, finish and accuracy: more." in lines
    assert "dear is dominated by base: of cost, finish and accuracy worse in at least one, and better in none." in lines
    assert any(line.startswith("Mean ± half-width of its 95% interval (error)") for line in lines)
    assert any(line.startswith("How it may turn out, over 12 replications (risk)") for line in lines)
    assert any(line.startswith("dear less more") for line in lines)
    assert any(line.startswith("chance: deadline") for line in lines)
    assert "over all 12 of all pairs" in out


def test_scripts_get_the_same_numbers(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """JSON and CSV hold the same pairs; the baseline is whom --baseline names, by name or file; a KPI that is asked for
    is one of the family; page and table are written where they were asked for."""
    words = ["base.yaml", "more.yaml", "dear.yaml", "-n", 6, "--baseline", "dear.yaml", "--kpi", "cycle_time_h"]
    code, out, err = told(monkeypatch, capsys, *words, "--json", "--csv", "pairs.csv", "--html", "page.html")
    found = json.loads(out)
    assert code == 0
    assert found["baseline"] == "dear"
    assert [one["scenario"] for one in found["scenarios"]] == ["dear", "base", "more"]
    assert {one["kpi"] for one in found["pairs"]} == {
        "cost", "finish_days", "accuracy", "throughput_per_week", "cycle_time_h",
    }  # fmt: skip
    assert len(found["pairs"]) == 15
    assert found["scenarios"][0]["standing"] == "dominated"
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, one in zip(rows, found["pairs"], strict=True):
        assert (row["scenario"], row["against"], row["kpi"]) == (one["scenario"], one["against"], one["kpi"])
        assert float(row["mean"]) == one["mean"]
        assert row["differs"] == str(one["differs"]).lower()
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert "Which to choose" in page
    assert "(dominated)" in page
    assert "src=" not in page
    assert "href=" not in page.replace('href="#', "")
    assert "Page: page.html" in err


def test_it_stops_when_the_difference_is_precise(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """A precision that is reached ends with 0; one that is not ends with 5, says how far off, and the results stand."""
    code, out, _ = told(monkeypatch, capsys, "base.yaml", "more.yaml", "--precise", "cost=20%", "--json")
    found = json.loads(out)
    assert (code, found["replications"]) == (0, 30)
    assert found["precision"][0]["reached"]
    words = ("--precise", "cost=0.001 EUR", "--most", 30, "--same", "accuracy=20 points")
    code, out, err = told(monkeypatch, capsys, "base.yaml", "more.yaml", *words)
    assert code == 5
    assert "accuracy to within 20 points is the same" in out
    assert "--precise: was not reached in 30 replications of each" in err
    assert "more, cost: half-width" in err
    assert "wanted 0.001 EUR" in err


def test_what_never_finishes_is_withheld_in_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Neither finish nor cost is compared, and the scenario has no place on the frontier."""
    code, out, _ = told(monkeypatch, capsys, "base.yaml", "short.yaml", "-n", 5)
    assert code == 0
    assert "5 of 5 runs of short and 0 of 5 of base had not delivered everything by the horizon" in out
    assert "so neither finish nor cost is compared" in out
    assert "short has no place on the frontier: its cost and finish are withheld." in out
    assert "short costs" not in out


@pytest.mark.parametrize(
    ("words", "told_"),
    [
        (["base.yaml"], "there is nothing to compare it with"),
        (["base.yaml", "base.yaml"], '2 scenarios are named "base"'),
        (["base.yaml", "usd.yaml"], "must have one currency, but got base: EUR, usd: USD"),
        (["base.yaml", "none.yaml"], "none.yaml"),
        (["base.yaml", "more.yaml", "--baseline", "mor"], "none of the scenarios is 'mor'"),
        (["base.yaml", "more.yaml", "-n", 5, "--precise", "cost=2%"], "one of them sets the number"),
        (["base.yaml", "more.yaml", "--most", 50], "belongs to --precise"),
        (["base.yaml", "more.yaml", "--precise", "cost"], "must be a KPI and how much of it"),
        (["base.yaml", "more.yaml", "--same", "coast=2%"], 'Did you mean "cost"?'),
        (["base.yaml", "more.yaml", "--kpi", "cycletime"], "no KPI is named"),
        (["base.yaml", "more.yaml", "--deadline", "2026-01-01"], "must lie after base starts"),
        (["base.yaml", "more.yaml", "--budget", "60.000 EUR"], "might be 60_000 EUR"),
        (["base.yaml", "more.yaml", "--csv", "."], "a folder is there"),
        (["base.yaml", "more.yaml", "--keep", "base.yaml"], "a file is there"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured, words: list[object], told_: str
) -> None:
    """With its reason, without a traceback, and before anything is simulated or written."""
    code, out, err = told(monkeypatch, capsys, *words, "--html", "page.html")
    assert (code, out) == (2, "")
    assert told_ in err
    assert "Traceback" not in err
    assert not (folder / "page.html").exists()
