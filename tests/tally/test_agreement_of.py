"""Agreement from sums is that of the matrix of counts."""

from __future__ import annotations

import anyline
import numpy as np
import pytest
from hypothesis import given, settings
from labelled import label_counts
from rows import Rows, item_row, task_row

from labelcast.sim import kernel
from labelcast.sim.agreement import sums_of
from labelcast.sim.kpis import kpis
from labelcast.sim.line import Line
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan
from labelcast.sim.tally import tally_of


def counted(log: Log) -> list[list[int]]:
    """Units and equal pairs by n, without the zeros at their end, and labels of a tally."""
    sums = tally_of(log).sums
    return [
        np.trim_zeros(sums.units, "b").tolist(),
        np.trim_zeros(sums.equal, "b").tolist(),
        sums.first_labels.tolist(),
    ]


def expected(log: Log) -> list[list[int]]:
    """They, from the matrix."""
    units, equal, labels = sums_of(label_counts(log))
    return [np.trim_zeros(units, "b").tolist(), np.trim_zeros(equal, "b").tolist(), labels.tolist()]


@settings(max_examples=30, deadline=None)
@given(anyline.lines())
def test_any_line(line: Line) -> None:
    """Of any run, the sums of the tally are those of the matrix, late labels left out."""
    log = kernel.run(Plan.of(line), 1, 0)
    assert counted(log) == expected(log)


def test_as_many_labels_as_come() -> None:
    """An item of a recorded log may have far more labels than room was made for."""
    items = [item_row(0, 0, None, None, None, "car"), item_row(1, 0, None, None, None, "car")]
    tasks = [
        task_row(item, "annotate", 0, n, ("team", n), (0, 0, 0, 1), 1, "car" if n % 3 else "truck")
        for item, many in enumerate((2, 301))
        for n in range(many)
    ]
    log = Rows(items, tasks, [], 300).log()
    assert counted(log) == expected(log)
    assert counted(log)[0][301] == 1
    same = 101 * 100 + 200 * 199
    assert kpis(log, None)["agreement"] == pytest.approx((0 + same / (301 * 300)) / 2)
