"""Saved runs as a user types it: save, list, run again, explain, report, and what is refused."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from small import SCENARIO
from typed import labelcast

from labelcast.scenarios.saved import opened


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, in which the commands are typed."""
    (tmp_path / "small.yaml").write_text(SCENARIO)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LABELCAST_RUNS", raising=False)
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *more: object) -> int:
    return labelcast(monkeypatch, "run", "small.yaml", "-n", 3, "--processes", 1, *more)


def only(place: Path, root: str = "runs") -> Path:
    (folder,) = (place / root).iterdir()
    return folder


def test_nothing_is_saved_unless_asked(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --save no file is written; with LABELCAST_RUNS every run is saved there."""
    assert run(monkeypatch) == 0
    assert [path.name for path in place.iterdir()] == ["small.yaml"]
    monkeypatch.setenv("LABELCAST_RUNS", "all")
    assert run(monkeypatch) == 0
    assert only(place, "all").name.startswith("small-")


def test_a_saved_run_has_what_run_prints(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """results.json is what --json prints; where the run is, and when and how it was run, is told."""
    assert run(monkeypatch, "--json", "--save", "runs") == 0
    told = capsys.readouterr()
    folder = only(place)
    assert (folder / "results.json").read_text() == told.out
    assert f"Run: runs/{folder.name}" in told.err
    when = json.loads((folder / "when.json").read_text())
    assert when["command"] == "labelcast run small.yaml -n 3 --processes 1 --json --save runs"
    assert when["created_at"].endswith("+00:00")


def test_runs_are_listed(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A line each with cost and finish; what is damaged is told beside the others; as JSON too."""
    for seed in (1, 2):
        assert run(monkeypatch, "--save", "runs", "--seed", seed) == 0
    capsys.readouterr()
    assert labelcast(monkeypatch, "runs", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert sorted(one["seed"] for one in listed) == [1, 2]
    assert all(one["kpis"]["cost"]["unit"] == "EUR" and one["replications"] == 3 for one in listed)
    (place / "runs" / listed[0]["run"] / "line.json").write_text("{}")
    assert labelcast(monkeypatch, "runs") == 0
    told = capsys.readouterr().out
    assert f"{listed[1]['run']}  " in told
    assert f"{listed[0]['run']}/line.json: damaged or changed" in told


def test_an_empty_folder_and_none_are_told(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No folder: exit code 3 and how to save a run; an empty one: the same words, and 0."""
    assert labelcast(monkeypatch, "runs") == 3
    assert "labelcast run PLAN --save runs" in capsys.readouterr().err
    (place / "runs").mkdir()
    assert labelcast(monkeypatch, "runs") == 0
    assert "No run is saved in runs. Save one: labelcast run PLAN --save runs" in capsys.readouterr().out


def test_a_run_comes_out_again(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every byte the same, by the beginning of its name, with the scenario gone."""
    assert run(monkeypatch, "--save", "runs") == 0
    (place / "small.yaml").unlink()
    capsys.readouterr()
    assert labelcast(monkeypatch, "rerun", "small", "--processes", 1) == 0
    assert "3 replications came out again, every byte the same." in capsys.readouterr().out


def test_other_versions_and_other_bytes_are_told(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a run by another numpy that gave other bytes (planted): which version, which file, exit code 6; explain warns
    and goes on."""
    assert run(monkeypatch, "--save", "runs") == 0
    folder = only(place)
    manifest = opened(folder).manifest
    results = (folder / "results.json").read_bytes() + b"\n"
    (folder / "results.json").write_bytes(results)
    outputs = {**manifest.outputs, "results.json": hashlib.sha256(results).hexdigest()}
    planted = replace(manifest, versions={**manifest.versions, "numpy": "1.0.0"}, outputs=outputs)
    (folder / "manifest.json").write_text(planted.text())
    capsys.readouterr()
    assert labelcast(monkeypatch, "rerun", "small", "--processes", 1) == 6
    told = capsys.readouterr()
    assert "came out differently in results.json." in told.out
    assert "numpy 1.0.0, now " in told.out
    assert "numbers may differ today" in told.err
    assert labelcast(monkeypatch, "rerun", "small", "--processes", 1, "--json") == 6
    assert json.loads(capsys.readouterr().out)["files"] == ["results.json"]
    assert labelcast(monkeypatch, "explain", "small", "cost") == 0
    assert "numbers may differ today" in capsys.readouterr().err


def test_a_number_is_explained(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As text, as JSON, and its rows as CSV, with the rows of a log."""
    assert run(monkeypatch, "--save", "runs", "--log", "log.parquet") == 0
    capsys.readouterr()
    assert labelcast(monkeypatch, "explain", "small", "cost", "--csv", "rows.csv", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    book = pd.read_csv(place / "rows.csv")
    assert book["amount"].sum() / 3 == pytest.approx(told["value"]["mean"], abs=1e-9)
    assert {one["path"]: one["said_by"] for one in told["inputs"]}["pools.team.pay.hourly"] == "stated"
    assert labelcast(monkeypatch, "explain", "small", "accuracy", "--log", "log.parquet", "--replication", 2) == 0
    text = capsys.readouterr().out
    assert "items.delivered_at: 40 rows, 40 of them recorded" in text
    assert "worked out from these rows" in text
    assert ", as above" in text


def test_reports_are_written(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The page of `run --report`, byte for byte; the checklist on stdout, as a file, and as a page."""
    assert run(monkeypatch, "--save", "runs", "--report", "then.html") == 0
    assert labelcast(monkeypatch, "report", "small", "--out", "now.html") == 0
    assert (place / "now.html").read_bytes() == (place / "then.html").read_bytes()
    capsys.readouterr()
    assert labelcast(monkeypatch, "report", "small", "--stress") == 0
    assert capsys.readouterr().out.count("\n### ") == 20
    for name, begin in (("c.md", "# small"), ("c.html", "<!doctype html>")):
        assert labelcast(monkeypatch, "report", "small", "--stress", "--out", name) == 0
        assert (place / name).read_text().startswith(begin)


BAD = {
    "a file for --save": (("run", "small.yaml", "-n", "2", "--save", "small.yaml"), 2, "Name a folder to write into"),
    "no such KPI": (("explain", "small", "costs"), 2, 'no KPI of it is named "costs". Did you mean "cost"?'),
    "no such run": (("explain", "smal1", "cost"), 3, 'No run is named "smal1" in runs'),
    "no such folder": (("rerun", "./nowhere"), 3, "nowhere: is no run's folder"),
    "a folder for --csv": (("explain", "small", "cost", "--csv", "runs"), 2, "runs: a folder is there"),
    "no log": (("explain", "small", "cost", "--log", "none.parquet"), 3, "none.parquet: there is no such file"),
    "no Parquet": (("explain", "small", "cost", "--log", "small.yaml"), 3, "not a log that labelcast can read"),
    "a page without a file": (("report", "small"), 2, "Say --out report.html"),
    "another place": (("explain", "--runs", "elsewhere", "small", "cost"), 3, "in elsewhere (none is saved there"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_is_told(what: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where, which rule, how to mend it; the exit code; no traceback, nothing on stdout."""
    words, code, message = BAD[what]
    assert labelcast(monkeypatch, "run", "small.yaml", "-n", 1, "--processes", 1, "--save", "runs") == 0
    capsys.readouterr()
    assert labelcast(monkeypatch, *words) == code
    told = capsys.readouterr()
    assert message in told.err
    assert "Traceback" not in told.err
    assert told.out == ""
