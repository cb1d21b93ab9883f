"""Runs of a small plan, simulated once for all tests of budgets."""

from __future__ import annotations

import pytest
from ledgers import line

from labelcast.sim.engines import ENGINES, prepare
from labelcast.sim.replicate import Runs, replicate


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """12 replications of the plan."""
    prepare(ENGINES[0])
    return replicate(line(tmp_path_factory.mktemp("plan")), 12, 1, 1)
