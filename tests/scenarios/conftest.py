"""The option that writes expected results anew: pytest tests/scenarios --refresh"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh", action="store_true", help="write the expected results of tests/cases anew")


@pytest.fixture
def refresh(request: pytest.FixtureRequest) -> bool:
    """Whether expected results are to be written and not compared."""
    return bool(request.config.getoption("--refresh", default=False))
