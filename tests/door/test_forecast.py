"""`labelcast forecast`: what it tells of the example, as text, JSON and report, and what it refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typed import labelcast

import labelcast as lc

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the example and its log."""
    for name in ("under-way.yaml", "under-way.csv"):
        shutil.copy(EXAMPLES / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


FEW = ("under-way.yaml", "--log", "under-way.csv", "-n", 9, "--checks", 2, "--processes", 1)


def test_text_and_report_tell_of_the_whole_project(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it stands is what the log shows; 2,000 items come in all."""
    words = ("--what-if", "pools.reviewers.headcount=3", "--report", "page.html")
    assert labelcast(monkeypatch, "forecast", *FEW, *words) == 0
    text = capsys.readouterr().out
    assert "under way on 3 Mar 2027 11:59: 1,374 items delivered, 44 under way." in text
    assert "not begun      582" in text
    assert "pools.reviewers.headcount=3" in text
    assert "From 2 earlier dates of this log, what was delivered by today lay within its 80% band" in text
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert "2,000 items" in page
    assert "Up to 3 Mar 2027 11:59 this is what a log shows, and after it a forecast." in page


def test_json_has_all_of_it_and_python_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Months add up to the cost, what waits and is delivered to the items that came; the function of the name gives the
    same."""
    assert labelcast(monkeypatch, "forecast", *FEW, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["now"].startswith("2027-03-03T11:59")
    assert sum(one["waiting"] + one["in_hand"] for one in told["standing"]) == 2000 - told["delivered"]
    assert told["spent"] == pytest.approx(sum(one["spent"] for one in told["months"]))
    assert told["finish"]["low"] <= told["finish"]["median"] <= told["finish"]["high"]
    assert told["ahead"][-1]["delivered"]["high"] == 2000
    assert sum(told["next_bottleneck"].values()) == pytest.approx(1.0)
    assert told["earlier"]["dates"] == 2
    found = lc.forecast("under-way.yaml", "under-way.csv", replications=9, checks=2, processes=1)
    assert found.data == told
    assert found.frame["delivered.high"].iloc[-1] == 2000
    assert "1,374 items delivered" in repr(found)
    assert "<table" in found._repr_html_()
    assert found.plot().axes


def test_an_earlier_moment_can_be_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the first Thursday fewer are delivered."""
    assert labelcast(monkeypatch, "forecast", *FEW, "--now", "2027-02-25", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["now"].startswith("2027-02-25T00:00")
    assert 300 < told["delivered"] < 700


def test_what_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each with where, what rule, what was found and how to mend it."""
    (folder / "other.yaml").write_text(
        (folder / "under-way.yaml").read_text(encoding="utf-8").replace("start: 2027-02-22", "start: 2027-02-24"),
        encoding="utf-8",
    )
    for words, told in (
        (("other.yaml", "--log", "under-way.csv"), "work was done on 2027-02-22, before the scenario's start"),
        (("under-way.yaml", "--log", "none.csv"), "none.csv"),
        ((*FEW, "--what-if", "pools.reviewers=3"), "pools.reviewers=3"),
        ((*FEW, "--stage", "review"), '--stage: must be WORD=NAME, but got "review"'),
        ((*FEW, "--stage", "check=review"), "the log has no 'check'"),
        ((*FEW, "--now", "2027-06-01"), "--now 2027-06-01: the log ends on 2027-03-03"),
        ((*FEW, "--report", "page.txt"), "Name it page.html"),
    ):
        assert labelcast(monkeypatch, "forecast", *words) != 0
        assert told in capsys.readouterr().err


def test_what_the_log_lacks_or_has_too_much_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log of labels alone on a line with a review, and more items than the scenario's."""
    head, *rows = (folder / "under-way.csv").read_text(encoding="utf-8").splitlines()
    labels = [row for row in rows if row.split(",")[2] == "annotate"]
    (folder / "labels.csv").write_text("\n".join([head, *labels]), encoding="utf-8")
    text = (folder / "under-way.yaml").read_text(encoding="utf-8")
    less = text.replace("900 items", "200 items").replace("1_100 items", "100 items")
    (folder / "under-way.yaml").write_text(less, encoding="utf-8")
    few = ("--log", "labels.csv", "-n", 9, "--checks", 0, "--processes", 1)
    assert labelcast(monkeypatch, "forecast", "under-way.yaml", *few) == 0
    told = capsys.readouterr().out
    assert "No row of the log is of review: 1,414 items are taken to wait for it." in told
    assert "The log shows 1,418 items of street, and the scenario has 300: no more are taken to come." in told
