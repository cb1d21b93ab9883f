"""`labelcast invest`: what it prints, writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from invested import PROJECT, project
from typed import labelcast

TOOL = "on: 2027-02-01, why: tool, path: stages.annotate.time, factor: 0.6..0.8, cost: 400 EUR, running: 20 EUR/month"
SHELF = "on: 2027-02-10, why: shelf, cost: 900 EUR"
SCENES = "on: 2027-02-10, why: scenes, path: work.street.classes, value: {car: 60%, bus: 40%}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a project, to work in."""
    project(tmp_path, TOOL, SHELF, SCENES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def invest(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """Runs the command with few replications in this process; its exit code."""
    return labelcast(monkeypatch, "invest", *words, "-n", 4, "--processes", 1)


def test_all_that_pays_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every investment and all together, but not what happens to the work; a picture; and again the same bytes."""
    assert invest(monkeypatch, "project.yaml", "--plot", "a.svg") == 0
    text = capsys.readouterr().out
    for name in ("tool", "shelf", "all together"):
        assert f"\n{name} " in text
    assert "scenes" not in text
    assert "at 8% a year" in text
    assert "changes stages.annotate.time 2027-02-01 tool factor" in text
    assert (folder / "a.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert invest(monkeypatch, "project.yaml") == 0
    assert capsys.readouterr().out == text


def test_one_of_them_in_plain_data(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its name or its number; at another rate it is worth something else; without a rate a cost is what it is; what
    happens to the work may be asked for by name; --as-fitted takes the median."""

    def npv(*words: object) -> dict[str, float]:
        assert invest(monkeypatch, "project.yaml", *words, "--json") == 0
        told = json.loads(capsys.readouterr().out)
        (one,) = told["investments"]
        return {**one["npv"], "entries": one["entries"]}

    by_name, by_number = npv("--change", "tool"), npv("--change", 1)
    assert by_name == by_number
    assert by_name["entries"] == [1]
    assert npv("--change", "tool", "--rate", "30%")["mean"] < by_name["mean"]
    assert npv("--change", "shelf", "--rate", "0")["mean"] == -900
    assert npv("--change", "shelf", "--rate", "0.21")["mean"] == -900 / 1.21 ** (1 / 12)
    assert npv("--change", "scenes")["entries"] == [3]
    assert npv("--change", "tool", "--as-fitted")["mean"] != by_name["mean"]


FREE = PROJECT.replace(", pay: {hourly: 20 EUR}", "")


@pytest.mark.parametrize(
    ("entries", "words", "told"),
    [
        ((TOOL,), ("--change", "tol"), 'no entry of `changes` has this `why` (there are: "tool", and numbers 1 to 1)'),
        ((TOOL,), ("--rate", "8"), "--rate: must be a share by the year"),
        ((TOOL,), ("--rate", "-3%"), "--rate: must be a share by the year"),
        ((TOOL,), ("--rate", "eight"), "--rate: must be a share by the year"),
        ((), (), "`changes` has no entry"),
        ((SCENES,), (), "only tells what happens to the work"),
        ((TOOL.replace("0.6..0.8", "0.8..0.6"),), (), "low < high must hold"),
        ((TOOL,), ("--plot", "."), "a folder is there"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    entries: tuple[str, ...],
    words: tuple[str, ...],
    told: str,
) -> None:
    """With the rule and how to mend it, and without a traceback."""
    project(folder, *entries)
    assert invest(monkeypatch, "project.yaml", *words) == 2
    assert told in capsys.readouterr().err


def test_where_nobody_is_paid_nothing_is_saved(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No money at all is refused; where only the change costs something, that is said."""
    project(folder, "on: 2027-02-01, why: tool, path: stages.annotate.time, factor: 0.8", text=FREE)
    assert invest(monkeypatch, "project.yaml") == 2
    assert "nobody is paid, and no change costs anything" in capsys.readouterr().err
    project(folder, SHELF, text=FREE)
    assert invest(monkeypatch, "project.yaml") == 0
    assert "Nobody is paid in this scenario, so nothing can be saved." in capsys.readouterr().out


def test_a_change_that_others_need_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the scenario without it breaks a rule, it says that it was taken out, and what breaks."""
    opened = PROJECT.replace("headcount: 2", "headcount: 0")
    project(folder, "on: 2027-02-01, why: site, path: pools.team.headcount, value: 2, cost: 9 EUR", text=opened)
    assert invest(monkeypatch, "project.yaml") == 2
    told = capsys.readouterr().err
    assert "project.yaml without site, as which it is simulated for comparison, is no scenario:" in told
    assert "pools.team.headcount: must be at least 1, because annotate needs this pool" in told
    assert "Name another investment with --change" in told


def test_a_budget_draws_ranges_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its risk holds what nobody knows of an effect, and says of which, unless it is told to take medians."""
    words = ["budget", "project.yaml", "-n", 4, "--processes", 1, "--no-marginal"]
    assert labelcast(monkeypatch, *words) == 0
    drawn = capsys.readouterr().out
    told = "What `changes` says by a range is drawn in each replication: stages.annotate.time 2027-02-01 tool factor"
    assert told in drawn
    assert labelcast(monkeypatch, *words, "--as-fitted") == 0
    fitted = capsys.readouterr().out
    assert told not in fitted
    assert drawn.splitlines()[0] != fitted.splitlines()[0]
