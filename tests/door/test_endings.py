"""Files of a kind are written under names that say so: a workbook named x.csv would be opened as text, and a CSV file
named x.xlsx not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from typed import labelcast

EXPORT = Path(__file__).parents[2] / "calibration" / "sample_crowdflower.csv.gz"

WRONG = [
    (["budget", "vendor", "--xlsx", "x.csv"], "x.csv: a workbook", "x.xlsx"),
    (["budget", "vendor", "--csv", "x.xlsx"], "x.xlsx: a CSV file", "x.csv"),
    (["budget", "vendor", "--csv", "ledger"], "ledger: a CSV file is written here, which ends in .csv", "ledger.csv"),
    (["breakeven", "in-house", "vendor", "--over", "a=1..2", "--plot", "x.png"], "x.png: a picture", "x.svg"),
    (["invest", "vendor", "--plot", "x.pdf"], "x.pdf: a picture", "x.svg"),
    (["run", "vendor", "--report", "x.pdf"], "x.pdf: a page", "x.html"),
    (["run", "vendor", "--log", "x.csv"], "x.csv: a Parquet file", "x.parquet"),
    (["calibrate", EXPORT, "--out", "x.html"], "x.html: a YAML file", "x.yaml"),
    (["calibrate", EXPORT, "--out", "x.yaml", "--report", "y.yaml"], "y.yaml: a page", "y.html"),
    (["quality", EXPORT, "--report", "x.txt"], "x.txt: a page", "x.html"),
    (["scenario", "library:typical", "--out", "x.csv"], "x.csv: a YAML file", "x.yaml"),
    (["init", "x.json"], "x.json: a YAML file", "x.yaml"),
]


@pytest.mark.parametrize(
    ("words", "told", "mend"), WRONG, ids=lambda one: str(one[0]) if isinstance(one, list) else None
)
def test_a_wrong_ending_is_refused(
    words: list[str],
    told: str,
    mend: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Before any work is done, with the name that would do; nothing is written."""
    monkeypatch.chdir(tmp_path)
    assert labelcast(monkeypatch, *words) == 2
    error = capsys.readouterr().err
    assert told in error
    assert f"Name it {mend}." in error
    assert list(tmp_path.iterdir()) == []


def test_capital_letters_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ending is no other for them."""
    monkeypatch.chdir(tmp_path)
    assert labelcast(monkeypatch, "init", "PLAN.YML") == 0
    assert (tmp_path / "PLAN.YML").exists()
