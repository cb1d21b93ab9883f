"""What all tests share: where real data stand, a browser, and a loud word when they are not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import chromium, missing

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


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium without a window; skips the test where there is none."""
    if why := missing():
        pytest.skip(why)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says at the end how many tests did not run for want of real data."""
    skipped = [report for report in terminalreporter.getreports("skipped") if ABSENT in str(report.longrepr)]
    if skipped:
        terminalreporter.section("REAL DATA ABSENT", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{len(skipped)} tests on real exports were skipped: ../shared/data is not there.")
