"""What a large line may take."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUDGET_S, BUDGET_MB = 600.0, 600.0
"""Processor time of 100 replications, ten minutes of one core; memory of a process."""


@pytest.mark.verify
def test_a_hundred_replications_of_100_000_items_keep_their_budget() -> None:
    """R64. Ten stages, 200 people about 80% busy: one replication of 100,000 items takes a hundredth of the processor
    time, in a process of its own, and no more memory than a process has."""
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("tests", "benchmarks"))
    found = subprocess.run(
        [sys.executable, "-m", "requirements.size", "100000"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (paths, os.environ.get("PYTHONPATH"))))},
        capture_output=True,
        check=True,
        text=True,
    )
    told = json.loads(found.stdout)
    assert told["items_delivered"] + told["items_dropped"] == 100_000
    assert all(0.7 < told[name] < 0.9 for name in told if name.startswith("utilisation"))
    assert 100 * told["seconds"] < BUDGET_S
    assert told["megabytes"] < BUDGET_MB
