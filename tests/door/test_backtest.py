"""A backtest as a user types it, and its badge in the forecasts that follow."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from crowd_log import Truth, crowd_log, levels
from typed import labelcast


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a log of twelve batches in it."""
    monkeypatch.chdir(tmp_path)
    truth = Truth()
    crowd_log(truth, levels(truth, 12, np.random.default_rng(6)), 6).to_csv(tmp_path / "labels.csv", index=False)
    return tmp_path


def test_the_badge_goes_with_every_forecast(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the backtest a run says that there was none; after it, text, JSON and page have the badge."""
    assert labelcast(monkeypatch, "calibrate", "labels.csv", "--people", "crowd", "--out", "team.profile.yaml") == 0
    assert labelcast(monkeypatch, "scenario", "team.profile.yaml") == 0
    capsys.readouterr()
    assert labelcast(monkeypatch, "run", "team.yaml", "-n", 2, "--processes", 1) == 0
    assert "The profile was not backtested" in capsys.readouterr().out.replace("\n", " ")
    words = ("labels.csv", "--people", "crowd", "-n", 20)
    into = ("--profile", "team.profile.yaml", "--plot", "bands.svg")
    assert labelcast(monkeypatch, "backtest", *words, *into, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert "batches, the first posted first" in (here / "bands.svg").read_text()
    for rows, within, came, low, high in (
        (told["days"], "days_within", "labels", "low80", "high80"),
        (told["batches"], "within", "makespan_h", "low80_h", "high80_h"),
    ):
        held = [one[low] <= one[came] and (one[high] is None or one[came] <= one[high]) for one in rows]
        assert held == told["line"][within]["0.8"]
    badge = told["badge"]["words"]
    assert badge.startswith("Backtest: ")
    assert len(told["batches"]) == 6
    assert labelcast(monkeypatch, "run", "team.yaml", "-n", 2, "--processes", 1, "--json", "--report", "run.html") == 0
    assert json.loads(capsys.readouterr().out)["backtest"] == badge
    assert badge.split(".")[0] in (here / "run.html").read_text()
    assert labelcast(monkeypatch, "backtest", *words) == 0
    assert badge in capsys.readouterr().out


def test_a_log_of_several_steps_is_backtested_step_by_step(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --step it is refused, with the steps that there are."""
    table = pd.read_csv(here / "labels.csv")
    moved = table.assign(stage="check", worker="c" + table["worker"])
    for name in ("started_at", "submitted_at"):
        moved[name] = pd.to_datetime(moved[name]) + pd.Timedelta(1, "D")
    pd.concat([table.assign(stage="label"), moved]).to_csv(here / "two.csv", index=False)
    assert labelcast(monkeypatch, "backtest", "two.csv", "--people", "crowd", "-n", 20) == 3
    assert "several steps of work (label, check)" in capsys.readouterr().err
    words = ("--step", "label", "--people", "crowd", "-n", 20, "--json")
    assert labelcast(monkeypatch, "backtest", "two.csv", *words) == 0
    assert sum(one["labels"] for one in json.loads(capsys.readouterr().out)["batches"]) == len(table) / 2


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("labels.csv", "--split", "120%"), 2, "--split"),
        (("labels.csv", "--people", "robots"), 2, "--people"),
        (("none.csv",), 3, "none.csv"),
        (("labels.csv", "--profile", "none.yaml", "--people", "crowd", "-n", "20"), 3, "none.yaml"),
    ],
)
def test_what_cannot_be_backtested_is_said(
    words: tuple[str, ...],
    code: int,
    told: str,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the code of what was wrong, and its name."""
    assert labelcast(monkeypatch, "backtest", *words) == code
    assert told in capsys.readouterr().err
