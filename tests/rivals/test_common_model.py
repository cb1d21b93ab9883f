"""The common model as the benchmarks write it, in each engine: the same line, or their speeds compare nothing.

Each gives the mean over replications of 10,000 items, from empty to empty; 19.44 +- 0.07 minutes, known from 2 million
items of other engines, must lie in its 99.9% t interval, widened by that 0.07, which must be narrower than 5% on either
side. Seeds are fixed, so the verdict never changes; for a true engine one seed in a thousand would fail.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import callbacks
import heap_loop
import idiomatic
import in_ciw
import in_salabim
import numpy as np
import pytest
from common import CYCLE_TIME_HALF, CYCLE_TIME_MIN
from equality import compared
from lines import full
from scipy import stats
from table import ENGINES, common

from labelcast.sim.plan import Plan
from labelcast.sim.reference import run

ITEMS = 10_000
SHARP = 0.05


def interval(mean_min: Callable[[int, int], float], replications: int = 20) -> tuple[float, float]:
    """Mean cycle time in minutes over the replications, and the half-width of its interval."""
    means = np.array([mean_min(ITEMS, seed) for seed in range(replications)])
    scale = stats.t.ppf(0.9995, replications - 1) / math.sqrt(replications)
    return float(means.mean()), float(scale * means.std(ddof=1))


def agrees(mean: float, half: float) -> bool:
    """Whether the interval holds the known mean, and is narrow enough to be able to fail."""
    return abs(mean - CYCLE_TIME_MIN) <= half + CYCLE_TIME_HALF and half < SHARP * CYCLE_TIME_MIN


def ours(name: str) -> Callable[[int, int], float]:
    """An engine of ours, its mean taken from its log."""
    run_common = common(ENGINES[name], ITEMS)

    def mean_min(items: int, seed: int) -> float:
        assert items == ITEMS
        log = run_common(seed)
        return float((log.items["delivered_at"] - log.items["arrived_at"]).mean()) / 60_000

    return mean_min


@pytest.mark.parametrize("rival", [callbacks, heap_loop])
def test_the_quick_rivals_have_the_known_cycle_time(rival: object) -> None:
    """SimPy with callbacks, and a plain loop around a heap."""
    assert agrees(*interval(rival.mean_cycle_time_min))  # type: ignore[attr-defined]


@pytest.mark.verify
@pytest.mark.parametrize("rival", [idiomatic, in_ciw])
def test_the_slow_rivals_have_the_known_cycle_time(rival: object) -> None:
    """SimPy with processes, and Ciw."""
    assert agrees(*interval(rival.mean_cycle_time_min))  # type: ignore[attr-defined]


@pytest.mark.verify
def test_salabim_has_the_known_cycle_time() -> None:
    """Where salabim is installed."""
    pytest.importorskip("salabim", reason="salabim is not installed; it is no dependency")
    assert agrees(*interval(in_salabim.mean_cycle_time_min, 10))


@pytest.mark.verify
@pytest.mark.parametrize(("name", "replications"), [("kernel", 20), ("reference", 10)])
def test_ours_has_the_known_cycle_time(name: str, replications: int) -> None:
    """The common model as a scenario."""
    assert agrees(*interval(ours(name), replications))


@pytest.mark.parametrize(("name", "value"), [("ROUNDS", 1), ("ANNOTATORS", 13), ("REJECTED", 0.22)])
def test_another_line_is_seen(name: str, value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """The interval fails for a line with two rounds of rework less, an annotator more, or a tenth more rejections."""
    monkeypatch.setattr(heap_loop, name, value)
    assert not agrees(*interval(heap_loop.mean_cycle_time_min))


def test_rows_that_differ_are_counted() -> None:
    """Each row counts once, however many of its columns differ; nulls are equal; a row that is missing differs."""
    tasks = run(Plan.of(full(20)), 1, 0).tasks
    assert compared(tasks, tasks.copy()) == (len(tasks), 0)
    changed = tasks.copy()
    changed.loc[[3, 5, 8], "worker"] += 1
    changed.loc[3, ["finished_at", "outcome"]] = None
    assert compared(tasks, changed) == (len(tasks) - 3, 3)
    assert compared(tasks, changed.iloc[:-1]) == (len(tasks) - 4, 4)
    assert compared(changed.iloc[:-1], tasks) == (len(tasks) - 4, 4)
