"""`labelcast uncertainty`: what it tells of a plan whose spread is known to be of data, of chance, or of the plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typed import labelcast

PROFILE = """labelcast_profile: 1
provenance: {digest: "d1", first: "2026-01-05T00:00:00+00:00", last: "2026-01-19T00:00:00+00:00"}
fitted: [{path: stages.annotate.time.gamma.mean, value: 60, low: LOW, high: HIGH, n: 9, unit: s, method: m}]
scenario: {stages: {annotate: {time: {gamma: {mean: 60 s, shape: SHAPE}}}}}
"""
PLAN = """labelcast: 1
profile: fit.profile.yaml
start: 2027-01-04T09:00
currency: EUR
work: {items: {backlog: ITEMS items}}
pools: {team: {headcount: 3, calendar: always, pay: {hourly: 20 EUR}}}
stages: {annotate: {pools: [team]}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *plans: str) -> dict[str, object]:
    """The JSON of the cost of these plans."""
    words = ["uncertainty", *plans, "--draws", 12, "--inner", 3, "--processes", 1, "--json"]
    assert labelcast(monkeypatch, *words) == 0
    return next(one for one in json.loads(capsys.readouterr().out)["kpis"] if one["kpi"] == "cost")  # type: ignore[no-any-return]


def _write(folder: Path, name: str, items: int, low: float, high: float, shape: float) -> None:
    text = PROFILE.replace("LOW", str(low)).replace("HIGH", str(high)).replace("SHAPE", str(shape))
    (folder / "fit.profile.yaml").write_text(text, encoding="utf-8")
    (folder / f"{name}.yaml").write_text(PLAN.replace("ITEMS", str(items)), encoding="utf-8")


def test_a_wide_interval_is_data(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Times known to a factor of three, regular tasks: data, of that variable; a longer log is the advice."""
    _write(folder, "plan", 300, 20, 180, 9)
    cost = _told(monkeypatch, capsys, "plan.yaml")
    (plan,) = cost["plans"]  # type: ignore[misc]
    assert cost["largest"] == "data"
    assert plan["share_low"] > 0.7
    assert plan["log_days"] == 14
    assert plan["variables"][0]["variable"] == "stages.annotate.time.gamma.mean"
    assert plan["variables"][0]["share"] > 0.8
    assert "most of it is what the log does not tell. Two more weeks" in cost["advice"][0]  # type: ignore[index]
    assert "beside the 14 days that it covers" in cost["advice"][0]  # type: ignore[index]


def test_a_narrow_interval_is_chance(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Times known to a per cent and few, very irregular tasks: chance, which no log takes away."""
    _write(folder, "plan", 30, 59.4, 60.6, 0.5)
    cost = _told(monkeypatch, capsys, "plan.yaml")
    assert cost["largest"] == "chance"
    assert "no log takes away" in cost["advice"][0]  # type: ignore[index]


def test_plans_far_apart_are_policy(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One plan of ten times the work of the other: which is taken matters most."""
    _write(folder, "plan", 300, 57, 63, 9)
    _write(folder, "more", 3000, 57, 63, 9)
    cost = _told(monkeypatch, capsys, "plan.yaml", "more.yaml")
    assert cost["largest"] == "policy"
    assert cost["advice"][0].startswith("cost: most of it is which plan is taken: plan and more are ")  # type: ignore[index]


def test_text_and_refusals(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The table is printed; scenarios that know everything, or share a name, are refused with what to do."""
    _write(folder, "plan", 60, 20, 180, 9)
    assert labelcast(monkeypatch, "uncertainty", "plan.yaml", "--draws", 3, "--inner", 2, "--processes", 1) == 0
    text = capsys.readouterr().out
    assert "data's share (95%)" in text
    assert text.startswith("3 draws of what the profile does not know, 2 runs of each")
    assert labelcast(monkeypatch, "uncertainty", "plan.yaml", "plan.yaml") == 2
    assert 'a scenario before is named "plan", too' in capsys.readouterr().err
    known = PLAN.replace("profile: fit.profile.yaml\n", "").replace("ITEMS", "9").replace("[team]", "[team], time: 7 s")
    (folder / "known.yaml").write_text(known, encoding="utf-8")
    assert labelcast(monkeypatch, "uncertainty", "known.yaml") == 2
    assert "all of their spread is chance. Put a fitted profile under them" in capsys.readouterr().err


def test_a_range_of_changes_asks_for_a_trial(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where an effect is what nobody knows, a longer log is no advice."""
    _write(folder, "plan", 300, 59.4, 60.6, 9)
    with Path("plan.yaml").open("a", encoding="utf-8") as file:
        file.write("changes: [{on: 2027-01-04T10:00, path: stages.annotate.time, factor: 0.3..3}]\n")
    cost = _told(monkeypatch, capsys, "plan.yaml")
    assert cost["largest"] == "data"
    assert "a trial would narrow it, a log not" in cost["advice"][0]  # type: ignore[index]
