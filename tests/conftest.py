"""What all tests share: where real data stand, and a loud word when they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

REAL = Path(__file__).parents[2] / "shared" / "data"
ABSENT = "real data are absent"


@pytest.fixture(scope="session")
def exports() -> Path:
    """The folder of real exports; skips the test where it is absent."""
    folder = REAL / "exports"
    if not folder.is_dir():
        pytest.skip(f"{ABSENT}: no folder ../shared/data/exports beside the project")
    return folder


@pytest.fixture(scope="session")
def gold() -> Path:
    """The folder of public labels with the truth of their items; skips the test where it is absent."""
    folder = REAL / "gold"
    if not folder.is_dir():
        pytest.skip(f"{ABSENT}: no folder ../shared/data/gold beside the project")
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says at the end how many tests did not run for want of real data."""
    skipped = [report for report in terminalreporter.getreports("skipped") if ABSENT in str(report.longrepr)]
    if skipped:
        terminalreporter.section("REAL DATA ABSENT", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{len(skipped)} tests on real exports were skipped: ../shared/data is not there.")
