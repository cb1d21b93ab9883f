"""Control charts: when they alarm, and what was delivered wrong until then. Of rows, so a log and a run without one are
read alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..control import alarms, limit, weight
from ..line import GOLD, Chart
from ..tables import NULL
from ..tally import Shape, columns
from ..tally.shape import ACCEPTED, ANNOTATES, ATTEMPT, REJECTED, Ints
from .facts import DAY_MS, NAN, Found

AT, ITEM, TURN, WRONG = range(4)
"""A result of a chart: when it came, of which item and round, and whether it is wrong."""


class Charted:
    """What charts need of rows, which come some at a time and in any order."""

    def __init__(self, charts: Sequence[Chart], shape: Shape) -> None:
        self.charts, self.shape = charts, shape
        self._results: list[list[Ints]] = [[] for _ in charts]
        self._deliveries: list[Ints] = []

    def keep(self, items: Ints, tasks: Ints) -> None:
        """Keeps what is needed of rows of items, and of all their tasks."""
        if self.charts:
            self._deliveries.append(deliveries_of(items))
        for chart, kept in zip(self.charts, self._results, strict=True):
            kept.append(results_of(chart, self.shape, items, tasks))

    def found(self, ended: int) -> Found:
        """KPIs of the charts. ended: the end of the run."""
        if not self.charts:
            return {}
        results = [np.concatenate([np.zeros((0, 4), np.int64), *kept]) for kept in self._results]
        deliveries = np.concatenate([np.zeros((0, 2), np.int64), *self._deliveries])
        return of_charts(self.charts, results, deliveries, ended)


def results_of(chart: Chart, shape: Shape, items: Ints, tasks: Ints) -> Ints:
    """The results that a chart sees in rows of items and their tasks, in any order: int64[n, 4]."""
    of = np.repeat(np.arange(len(items)), items[:, columns.TASKS])
    marks, stage = shape.marks, tasks[:, columns.STAGE]
    outcome, at = marks.outcome[tasks[:, columns.OUTCOME]], tasks[:, columns.FINISHED_AT]
    if chart.watch == GOLD:
        label, truth = tasks[:, columns.LABEL], items[of, columns.TRUTH]
        seen = (items[of, columns.GOLD] == 1) & (marks.stage[stage] & ANNOTATES != 0) & (outcome & ATTEMPT == 0)
        seen &= (label >= 0) & (truth >= 0)
        wrong = label != truth
    else:
        seen = (stage == shape.stages.index(chart.watch)) & (outcome & (ACCEPTED | REJECTED) != 0)
        wrong = outcome & REJECTED != 0
    seen &= (at != NULL) & (at >= 0)
    rows: Ints = np.stack([at, tasks[:, columns.OF_ITEM], tasks[:, columns.ROUND], wrong], axis=1).astype(np.int64)
    return np.asarray(rows[seen])


def deliveries_of(items: Ints) -> Ints:
    """When items of known truth were delivered, and whether they are wrong: int64[n, 2]."""
    at, label, truth = items[:, columns.DELIVERED_AT], items[:, columns.FINAL_LABEL], items[:, columns.TRUTH]
    known = (at != NULL) & (truth >= 0)
    rows: Ints = np.stack([at, label != truth], axis=1).astype(np.int64)
    return np.asarray(rows[known])


def of_charts(charts: Sequence[Chart], results: Sequence[Ints], deliveries: Ints, ended: int) -> Found:
    """KPIs of the charts. results: of each; deliveries: of all items; both in any order.  ended: the end of the run."""
    found: Found = {}
    for chart, rows in zip(charts, results, strict=True):
        rows = rows[np.lexsort((rows[:, TURN], rows[:, ITEM], rows[:, AT]))]
        rung = rows[alarms(rows[:, WRONG].astype(bool).tolist(), weight(chart), limit(chart)), AT]
        since = None if chart.since_s is None else round(chart.since_s * 1000)
        found[f"charted.{chart.name}"] = float(len(rows))
        found[f"false_alarms.{chart.name}"] = float(len(rung) if since is None else (rung < since).sum())
        found |= _after(chart.name, since, rung, deliveries, ended)
    return found


def _after(name: str, since: int | None, rung: Ints, deliveries: Ints, ended: int) -> Found:
    """What comes of the change: until the first alarm from it on, or until the end of the run where none comes."""
    if since is None or since >= ended:
        return dict.fromkeys((f"detected.{name}", f"detection_days.{name}", f"shipped_wrong.{name}"), NAN)
    true = rung[rung >= since]
    until = int(true[0]) if len(true) else ended
    shipped = (deliveries[:, 0] >= since) & ((deliveries[:, 0] < until) | (len(true) == 0)) & (deliveries[:, 1] != 0)
    return {
        f"detected.{name}": float(len(true) > 0),
        f"detection_days.{name}": (until - since) / DAY_MS,
        f"shipped_wrong.{name}": float(shipped.sum()),
    }
