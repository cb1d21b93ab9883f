"""The commands as a user types them: what they print, what they write, and how they end."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from layouts import LAYOUTS
from small import SCENARIO
from typed import labelcast

from labelcast.calibration import sample
from labelcast.sim.kpis import kpis
from labelcast.sim.laws import check
from labelcast.sim.ledger import ledger
from labelcast.sim.line import Contract
from labelcast.sim.store import read_log

KPI_FIELDS = {"mean", "low", "high", "p5", "p50", "p80", "p95", "unit"}


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO)
    return path


def test_run_prints_the_json_that_is_documented(
    scenario: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every documented key and KPI, and nothing else on stdout."""
    assert labelcast(monkeypatch, "run", scenario, "-n", 3, "--seed", 5, "--processes", 1, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"scenario", "version", "engine", "digest", "seed", "replications", "level", "kpis"}
    assert (told["scenario"], told["engine"], told["seed"], told["replications"]) == ("small", "fast", 5, 3)
    names = (
        "cost cost_per_label cost_per_accepted_label cost_per_correct_label finish_days cycle_time_h accuracy on_time"
    )
    names += " rework_rate throughput_per_week items_delivered wait_h.annotate utilisation.team p_deadline p_budget"
    assert set(names.split()) <= set(told["kpis"])
    for numbers in told["kpis"].values():
        assert set(numbers) == KPI_FIELDS
    assert told["kpis"]["items_delivered"]["mean"] == 40
    assert told["kpis"]["cost"]["unit"] == "EUR"


def test_the_log_has_the_same_bytes_whatever_the_processes(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same file and seed: the same bytes of log; another seed: others. It is lawful and opens in pandas."""
    for name, processes, seed in (("a", 1, 1), ("b", 2, 1), ("c", 1, 2)):
        path = tmp_path / f"{name}.parquet"
        assert (
            labelcast(monkeypatch, "run", scenario, "-n", 3, "--seed", seed, "--processes", processes, "--log", path)
            == 0
        )
    a, b, c = ((tmp_path / f"{name}.parquet").read_bytes() for name in "abc")
    assert a == b != c
    for replication in range(3):
        log = read_log(tmp_path / "a.parquet", replication)
        assert check(log) == []
        assert log.provenance.replication == replication
    assert set(pd.read_parquet(tmp_path / "a.parquet")["table"]) >= {"items", "tasks", "presence"}


def test_tables_are_safe_to_open_in_a_spreadsheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class whose name is a formula is written as text; the tables are those of replication 0."""
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO.replace("{car: 70%, bus: 30%}", "{'=1+1': 70%, bus: 30%}"))
    run = ("run", path, "-n", 2, "--processes", 1, "--tables", tmp_path / "t", "--log", tmp_path / "log.parquet")
    assert labelcast(monkeypatch, *run) == 0
    items = pd.read_csv(tmp_path / "t" / "items.csv")
    log = read_log(tmp_path / "log.parquet")
    assert items["delivered_at"].tolist() == log.items["delivered_at"].tolist()
    assert set(items["truth"]) == {"'=1+1", "bus"}


def test_idle_time_is_told_by_week(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --tables: hours and money of each pool and week, which sum to the first replication's KPI and to its idle
    money."""
    path, log_file = tmp_path / "small.yaml", tmp_path / "log.parquet"
    path.write_text(SCENARIO.replace("backlog: 40 items", "arrivals: {rate: 40 items/week}") + "horizon: 3 weeks\n")
    run = ("run", path, "-n", 2, "--processes", 1, "--tables", tmp_path / "t", "--log", log_file)
    assert labelcast(monkeypatch, *run) == 0
    told = pd.read_csv(tmp_path / "t" / "idle.csv", dtype={"amount": str})
    assert set(told["pool"]) == {"team"}
    assert told["week"].tolist() == ["2027-01-04", "2027-01-11", "2027-01-18", "2027-01-25"]
    assert set(told["currency"]) == {"EUR"}
    log, pay = read_log(log_file, 0), {"team": Contract(hourly=30_000_000)}
    book = ledger(log, pay)
    assert told["idle_h"].sum() == pytest.approx(kpis(log, book)["idle_h.team"], rel=1e-12)
    idle = int(book.loc[book["activity"] == "idle", "amount"].sum())
    assert sum(Decimal(amount) for amount in told["amount"]) * 1_000_000 == idle > 0


def test_a_path_that_cannot_be_written_is_told(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder where a file should be: exit code 2, the path named, no traceback."""
    assert labelcast(monkeypatch, "run", scenario, "-n", 2, "--processes", 1, "--report", tmp_path) == 2
    told = capsys.readouterr().err
    assert str(tmp_path) in told
    assert "Traceback" not in told


def test_tables_go_into_a_folder(
    scenario: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file where the folder should be: exit code 2 before any run, the rule told, the file untouched."""
    before = scenario.read_bytes()
    assert labelcast(monkeypatch, "run", scenario, "-n", 2, "--processes", 1, "--tables", scenario) == 2
    assert f"{scenario}: a file is there. Name a folder to write into." in capsys.readouterr().err
    assert scenario.read_bytes() == before


@pytest.mark.crews
def test_ctrl_c_leaves_nothing_behind(scenario: Path, tmp_path: Path) -> None:
    """130, a word on stderr, and no part of a log."""
    log = tmp_path / "log.parquet"
    code = "from labelcast.cli import main; main()"
    words = [sys.executable, "-c", code, "run", str(scenario), "-n", "50000", "--processes", "2", "--log", str(log)]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".log.parquet.*")):  # the run has begun to write
        assert time.monotonic() < deadline
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert told.startswith("Interrupted.")
    assert list(tmp_path.iterdir()) == [scenario]


def test_an_expectation_that_fails_ends_with_6(
    scenario: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 when it holds, 6 and a sentence when not, 2 when it cannot be read or names no KPI."""
    run = ("run", scenario, "-n", 3, "--processes", 1)
    assert labelcast(monkeypatch, *run, "--assert", "on_time >= 90%", "--assert", "cost <= 2_000 EUR") == 0
    assert labelcast(monkeypatch, *run, "--assert", "cost <= 1 EUR") == 6
    assert "does not hold" in capsys.readouterr().err
    assert labelcast(monkeypatch, *run, "--assert", "kost <= 1 EUR") == 2
    assert 'Did you mean "cost"?' in capsys.readouterr().err
    assert labelcast(monkeypatch, *run, "--assert", "cheap please") == 2


def test_all_problems_of_a_file_are_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, a line each with file:line:column, no traceback, and no report left behind."""
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        SCENARIO.replace("pools: [team]", "pools: [taem]").replace("40 items", "40").replace("Paris", "Pariz")
    )
    report = tmp_path / "report.html"
    assert labelcast(monkeypatch, "run", bad, "--report", report) == 2
    told = capsys.readouterr().err
    assert told.count(f"{bad}:") == 3
    assert "Traceback" not in told
    assert not report.exists()
    assert labelcast(monkeypatch, "check", tmp_path / "missing.yaml") == 2


def test_init_check_show_and_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What init writes passes check; show and schema print JSON; init overwrites nothing."""
    path = tmp_path / "mine.yaml"
    assert labelcast(monkeypatch, "init", path) == 0
    assert labelcast(monkeypatch, "check", path) == 0
    capsys.readouterr()
    assert labelcast(monkeypatch, "show", path) == 0
    assert json.loads(capsys.readouterr().out)["horizon_s"] > 0
    assert labelcast(monkeypatch, "schema") == 0
    assert "draft-07" in json.loads(capsys.readouterr().out)["$schema"]
    before = path.read_text()
    assert labelcast(monkeypatch, "init", path) == 2
    assert path.read_text() == before


def test_calibrate_then_run_with_the_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An export becomes a profile and a page, and the library's plan runs on it."""
    profile, page, report = (tmp_path / name for name in ("team.profile.yaml", "fit.html", "run.html"))
    assert labelcast(monkeypatch, "calibrate", sample.PATH, "--out", profile, "--report", page) == 0
    assert "stages.annotate.time.lognormal.median" in capsys.readouterr().out
    assert "<html" in page.read_text()
    run = ("run", "in-house", "--profile", profile, "-n", 2, "--processes", 1, "--report", report)
    assert labelcast(monkeypatch, *run) == 0
    assert "in-house" in report.read_text()


def test_a_proposed_map_calibrates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`map` prints a map with its doubts; `calibrate --map` reads the table by it."""
    table, by, profile = (tmp_path / name for name in ("x.csv", "map.yaml", "p.yaml"))
    table.write_text(LAYOUTS["plain"](300))
    assert labelcast(monkeypatch, "map", table) == 0
    by.write_text(capsys.readouterr().out)
    assert "outcomes:" in by.read_text()
    assert labelcast(monkeypatch, "calibrate", table, "--map", by, "--out", profile) == 0
    assert "labelcast_profile" in profile.read_text()
    by.write_text("columns: {item: nothing}")
    assert labelcast(monkeypatch, "calibrate", table, "--map", by, "--out", profile) == 3
    assert "map.yaml: columns.item: x.csv has no column 'nothing'" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense", b"a,b\n1,2\n", b"\xff\xfe\x00\x01", b'{"a": 1}\n'])
def test_an_export_that_is_none_ends_with_3(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is named, and no profile is written."""
    export = tmp_path / "export.csv"
    export.write_bytes(content)
    assert labelcast(monkeypatch, "calibrate", export, "--out", tmp_path / "p.yaml") == 3
    assert "export.csv" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [export]


def test_the_sample_is_what_its_maker_makes(tmp_path: Path) -> None:
    """The bundled export is made by `python -m labelcast.calibration.sample`, byte for byte once unpacked (how gzip
    packs differs between versions of Python)."""
    sample.write_sample(tmp_path / sample.PATH.name)
    assert gzip.decompress((tmp_path / sample.PATH.name).read_bytes()) == gzip.decompress(sample.PATH.read_bytes())


def test_the_demo_goes_the_whole_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Profile, two pages, the comparison with intervals, and how long it took."""
    assert labelcast(monkeypatch, "demo", "--out", tmp_path / "demo", "-n", 2, "--processes", 1) == 0
    told = capsys.readouterr().out
    assert all(plan in told for plan in ("in-house", "vendor", "mixed"))
    names = {path.name for path in (tmp_path / "demo").iterdir()}
    assert names == {"team.profile.yaml", "fit.html", "report.html", "demo.json"}
    assert json.loads((tmp_path / "demo" / "demo.json").read_text())["demo_seconds"] > 0
