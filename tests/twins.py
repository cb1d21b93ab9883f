"""Both engines at once: what a test learns of one holds for the other, or it fails."""

from __future__ import annotations

import pytest
from comparison import differences

from labelcast.sim import kernel, reference
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan

_both = True


def run(plan: Plan, seed: int, replication: int) -> Log:
    """The log of the reference engine, which is the kernel's, row for row."""
    log = reference.run(plan, seed, replication)
    if _both:
        found = differences(log, kernel.run(plan, seed, replication))
        assert found == [], "the engines differ: " + "; ".join(found)
    return log


def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the reference engine alone, because a fault is planted in it."""
    monkeypatch.setitem(globals(), "_both", False)
