"""`labelcast run`: how many replications, how precise, and going on with those that are kept."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from small import SCENARIO

from labelcast import cli
from labelcast.replications import on_look
from labelcast.sim import engines
from labelcast.sim.stopping import Precision, Reached


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO)
    return path


@pytest.fixture
def run(scenario: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the scenario with more words: exit code, what stdout says, what stderr says."""

    def ran(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["labelcast", "run", str(scenario), "--processes", "1", *map(str, words)])
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return code, told.out, told.err

    return ran


def test_a_precision_that_is_reached_ends_with_0(run: Any) -> None:
    """Ten replications do for 40%, and the results say so."""
    code, out, err = run("--replications", "auto", "--precision", "40%", "--json")
    told = json.loads(out)
    assert code == 0
    assert err.startswith("small: 40% reached in 10 replications; the least precise is ")
    assert told["replications"] == 10
    assert told["precision"]["relative"] == 0.4
    assert told["precision"]["reached"] is True
    assert set(told["precision"]["half_widths"]) == {"cost", "finish_days"}
    assert max(told["precision"]["half_widths"].values()) <= 0.4 / 1.4


def test_compiling_is_said(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine on which the engine has not been compiled, a run says first that it compiles it; else nothing."""
    assert "Compiling" not in run("-n", "1")[2]
    monkeypatch.setattr(engines, "ready", lambda name: False)
    monkeypatch.setattr(engines, "prepare", lambda name, progress: progress(1, 2))
    assert run("-n", "1")[2].startswith("Compiling the engine, once on this machine")


def test_one_that_is_not_ends_with_5(run: Any) -> None:
    """The results are printed all the same; each KPI that is short is told with its half-width and what to do."""
    code, out, err = run("-n", "auto", "--precision", "0.1%", "--most", 12, "--json")
    told = json.loads(out)
    assert code == 5
    assert (told["replications"], told["precision"]["reached"]) == (12, False)
    first, *short = err.splitlines()
    assert first.startswith("small: a precision of 0.1% (half-width at most 0.0999% of the mean) was not reached in 12")
    assert "Raise --most" in first
    assert [line.split(":")[0].strip() for line in short] == ["cost", "finish_days"]
    half = 100 * told["precision"]["half_widths"]["cost"]
    assert f"{told['kpis']['cost']['mean']:.6g} EUR, half-width {half:.3g}% of it at 95%." in short[0]
    code, out, err = run("-n", "auto", "--precision", "0.1%", "--most", 12, "--assert", "cost <= 1 EUR")
    assert code == 6, "a claim that fails is the stronger news"
    assert "was not reached" in err
    assert "mean" in out


def test_what_never_finishes_is_not_waited_for(run: Any, scenario: Path) -> None:
    """Where some replications never finish, more of them cannot help, and the other KPIs end the run."""
    scenario.write_text(
        SCENARIO.replace("stages:", "horizon: 65 min\nstages:").replace("2027-01-05", "2027-01-04T10:00")
    )
    code, out, err = run("-n", "auto", "--precision", "40%", "--json")
    told = json.loads(out)
    share = told["kpis"]["finish_days"]["never"]
    assert 0 < share < 1
    assert (code, told["replications"]) == (5, 10)
    assert told["precision"]["half_widths"]["finish_days"] is None
    assert f"finish_days: has no mean: {round(10 * share)} of 10 replications gave no finite number." in err
    assert "More replications cannot help" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-n", "0"), "--replications: must be a whole number from 1 to 100,000, or auto, but got '0'. Write 50"),
        (("-n", "many"), "but got 'many'"),
        (("-n", "1000000"), "but got '1000000'"),
        (
            ("-n", "20", "--precision", "2%"),
            "--precision 2%: belongs to --replications auto, but got --replications 20",
        ),
        (("--most", "50"), "--most 50: belongs to --replications auto"),
        (("-n", "auto", "--precision", "2"), "must lie between 0% and 100%, but got '2'. Did you mean 2%?"),
        (("-n", "auto", "--precision", "0%"), "must lie between 0% and 100%, but got '0%'."),
        (("-n", "auto", "--precision", "fine"), "but got 'fine'. Write it in %, as in 2%."),
        (("--engine", "slow"), "--engine: no engine is named 'slow'. There are: "),
    ],
)
def test_what_cannot_be_meant_is_refused(run: Any, words: tuple[str, ...], told: str) -> None:
    """Exit code 2, the option, the rule, what was found and how to mend it, before anything is run."""
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert told in err


def test_kept_replications_are_not_run_again(run: Any, tmp_path: Path) -> None:
    """Eight, then twelve from the same file: the text of twelve. Then by precision. Nothing but the file is left."""
    kept = tmp_path / "runs.npz"
    code, _, err = run("-n", 8, "--keep", kept)
    assert (code, err) == (0, f"Kept: {kept}\n")
    code, extended, _ = run("-n", 12, "--keep", kept, "--json")
    assert (code, extended) == (0, run("-n", 12, "--json")[1])
    before = kept.read_bytes()
    assert (
        run("-n", "auto", "--precision", "40%", "--keep", kept, "--json")[1]
        == (run("-n", "auto", "--precision", "40%", "--json")[1])
    )
    assert kept.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["runs.npz", "small.yaml"]


def test_a_kept_file_of_something_else_is_refused(run: Any, tmp_path: Path, scenario: Path) -> None:
    """Another seed or scenario: 2. A file that is none: 3. A log that was not kept: 2. No file is touched."""
    kept, text = tmp_path / "runs.npz", tmp_path / "notes.txt"
    assert run("-n", 2, "--keep", kept)[0] == 0
    before = kept.read_bytes()
    code, out, err = run("-n", 2, "--keep", kept, "--seed", 7)
    assert (code, out) == (2, "")
    assert f"{kept}: its replications have seed 1, not 7." in err
    scenario.write_text(SCENARIO.replace("headcount: 3", "headcount: 4"))
    code, out, err = run("-n", 2, "--keep", kept)
    assert (code, out) == (2, "")
    assert "of another scenario" in err
    text.write_text("not a file of ours")
    code, out, err = run("-n", 2, "--keep", text)
    assert (code, out) == (3, "")
    assert f"{text}: not a file of replications" in err
    assert text.read_text() == "not a file of ours"
    code, out, err = run("-n", 2, "--keep", kept, "--log", tmp_path / "log")
    assert (code, out) == (2, "")
    assert "--log cannot be written with it" in err
    assert run("-n", 2, "--keep", tmp_path)[0] == 2
    assert kept.read_bytes() == before


def interrupted(scenario: Path, kept: Path, replications: str) -> tuple[int, str]:
    """Starts a run, and sends it Ctrl-C as soon as the file is there: exit code, and what stderr says."""
    code = "from labelcast.cli import main; main()"
    words = [sys.executable, "-c", code, "run", str(scenario), "-n", replications, "--keep", str(kept)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=kept.parent)
    deadline = time.monotonic() + 120
    while not kept.exists():
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    return process.returncode, told


@pytest.mark.crews
def test_ctrl_c_leaves_a_run_that_can_be_extended(run: Any, scenario: Path, tmp_path: Path) -> None:
    """130 and a sentence that says how to go on; the same command, with as many as were wanted after all, does, and
    gives what a run that was never interrupted gives."""
    kept = tmp_path / "runs.npz"
    code, told = interrupted(scenario, kept, "100000")
    assert code == 130
    assert told == (f"Interrupted. What is finished is kept in {kept}; run the same command to go on from there.\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["runs.npz", "small.yaml"]
    before = kept.stat().st_size
    code, extended, _ = run("-n", 30, "--keep", kept, "--json")
    assert (code, extended) == (0, run("-n", 30, "--json")[1])
    assert kept.stat().st_size >= before


def test_the_bar_tells_what_is_least_precise() -> None:
    """Of what has a mean; nothing for a fixed number of replications."""
    told = list[tuple[int, int, str]]()

    def tell(done: int, most: int, what: str) -> None:
        told.append((done, most, what))

    assert on_look("small", 20, tell) is None
    looked = on_look("small", Precision(0.02, most=200), tell)
    assert looked is not None
    looked((Reached("cost", 5.0, 0.01, 0, 30), Reached("finish_days", 9.0, 0.05, 0, 30)))
    looked((Reached("finish_days", float("nan"), float("nan"), 3, 40), Reached("cost", 5.0, 0.03, 0, 40)))
    looked((Reached("finish_days", float("nan"), float("nan"), 3, 50),))
    assert told == [
        (30, 200, "small, finish_days within 5%, wanted 1.96%"),
        (40, 200, "small, cost within 3%, wanted 1.96%"),
    ]
