"""The thin path on real exports: calibrate, name the profile, run, report. Skipped, loudly, where they are absent."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest

from labelcast import cli
from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.fit import Fit
from labelcast.sim.laws import check

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def crisis(exports: Path) -> Fit:
    return calibrate(sorted(exports.glob("crowdflower_crisis_*.csv.gz")))


def test_the_crisis_reports_are_read_whole(crisis: Fit) -> None:
    """9,962 judgements by 110 workers, ten units on a page; of 1,366 answers to test questions 10.2% missed, of which
    a few are second answers by the same worker and do not count."""
    assert crisis.rows_read == crisis.rows_used + sum(one.rows for one in crisis.refused) == 9_962
    assert crisis.counts["workers"] == 110
    assert crisis.counts["units_per_page"] == 10
    skill = crisis.parameter("pools.annotators.skill.mean")
    assert skill is not None
    assert 1_340 <= skill.n <= 1_366
    table = crisis.evidence.worker_accuracy
    assert 1 - table["correct"].sum() / table["gold"].sum() == pytest.approx(0.102, abs=0.003)


def test_pages_are_divided_by_their_units(crisis: Fit) -> None:
    """A page takes a median of 143 s in the recorded stamps: a unit takes a tenth of about that."""
    assert 12 < math.exp(np.median(crisis.evidence.log_seconds)) < 20


def test_the_real_log_keeps_the_laws(crisis: Fit) -> None:
    """What the reader makes of a real export is a lawful log."""
    assert check(crisis.log) == []


@pytest.mark.parametrize(
    ("pattern", "files", "told"),
    [
        ("crowdflower_novelty_*.csv.gz", 6, "Stamps cover a page of up to 3 units"),
        ("mturk_Batch_*.csv.gz", 12, "an accuracy forecast from it would be assumed, not fitted"),
    ],
)
def test_many_files_are_one_fit(exports: Path, pattern: str, files: int, told: str) -> None:
    """All files of a kind at once: every row is used or refused by reason, the log is lawful, pages are told of, and
    where there are no test questions (MTurk) no accuracy is fitted, and that is said."""
    fit = calibrate(sorted(exports.glob(pattern)))
    assert len(fit.sources) == files
    assert fit.rows_read == sum(source.rows for source in fit.sources)
    assert fit.rows_read == fit.rows_used + sum(one.rows for one in fit.refused)
    assert told in " ".join(fit.notes)
    assert check(fit.log) == []
    has_skill = fit.parameter("pools.annotators.skill.mean") is not None
    assert has_skill == (len(fit.evidence.worker_accuracy) > 0) == pattern.startswith("crowdflower")


def test_the_readmes_commands_on_a_real_export(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Calibrate, then a scenario that names the profile, then a report: as the README says, in a folder of its own."""
    files = [str(path) for path in sorted(exports.glob("crowdflower_crisis_*.csv.gz"))]
    scenario = tmp_path / "examples" / "crisis.yaml"
    scenario.parent.mkdir()
    scenario.write_text((ROOT / "examples" / "crisis.yaml").read_text())
    profile, report = tmp_path / "crisis.profile.yaml", tmp_path / "crisis.html"
    for words in (
        ["calibrate", *files, "--out", str(profile), "--report", str(tmp_path / "fit.html")],
        ["run", str(scenario), "-n", "3", "--processes", "1", "--json", "--report", str(report)],
    ):
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["labelcast", *words])
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert not end.value.code
    found = json.loads(capsys.readouterr().out)["kpis"]
    assert found["items_delivered"]["mean"] == 2_000
    assert 0.85 < found["accuracy"]["mean"] < 1.0
    assert found["cost"]["mean"] == pytest.approx(2_000 * 3 * 0.05)
    assert "crisis" in report.read_text()
