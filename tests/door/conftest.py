"""What tests of the commands share."""

from __future__ import annotations

import pytest

from labelcast.sim.engines import ENGINES, prepare


@pytest.fixture(scope="session", autouse=True)
def ready() -> None:
    """The engine is compiled before, since a command that compiles it says so."""
    prepare(ENGINES[0])
