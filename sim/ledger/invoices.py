"""Lines of the invoices of a pool, by hour and by label: every millisecond and label at the price of its stretch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ..line import MICRO
from .activities import ABSENCE, ACTIVITIES, IDLE, TRAINING
from .amounts import rounded, spread
from .spent import Spent
from .terms import Terms

HOUR_MS = 3_600_000

Entry = tuple[str, str, str, str, float, str, int]
"""A row of the ledger."""

Line = tuple[str, str]
"""Activity and segment."""

Sums = Mapping[int, Mapping[Line, tuple[int, int]]]
"""By month and line: how much of it there is, and what is owed for it."""


def hours(spent: Spent, terms: Terms, code: int, pool: str, segments: Sequence[str], minor: int) -> list[Entry]:
    """Lines of a pool's hourly invoices, one a month."""
    sums: dict[int, dict[Line, tuple[int, int]]] = defaultdict(dict)
    for stretch, (month, period) in enumerate(zip(spent.stretches.month, spent.stretches.period, strict=True)):
        rate = terms.periods[period].contract(pool).hourly
        if rate is None or not spent.or_absent[code, stretch]:
            continue
        for line, time in _time(spent, code, stretch, segments):
            before = sums[int(month)].get(line, (0, 0))
            sums[int(month)][line] = before[0] + time, before[1] + time * rate
    return [
        (month, *line, pool, time / HOUR_MS, "h", amount)
        for month, line, time, amount in _invoices(spent, sums, HOUR_MS, minor)
    ]


def labels(spent: Spent, terms: Terms, code: int, pool: str, segments: Sequence[str], minor: int) -> list[Entry]:
    """Lines of a pool's invoices by label, one a month."""
    sums: dict[int, dict[Line, tuple[int, int]]] = defaultdict(dict)
    mine = spent.labels[code]
    for stretch, slot, activity, segment in np.argwhere(mine).tolist():
        count = int(mine[stretch, slot, activity, segment])
        line = ACTIVITIES[activity], segments[segment]
        owed = count * _price(terms, int(spent.stretches.period[stretch]), pool, slot, line[1])
        month = int(spent.stretches.month[stretch])
        before = sums[month].get(line, (0, 0))
        sums[month][line] = before[0] + count, before[1] + owed
    return [
        (month, *line, pool, float(count), "labels", amount)
        for month, line, count, amount in _invoices(spent, sums, MICRO, minor)
    ]


def _time(spent: Spent, code: int, stretch: int, segments: Sequence[str]) -> Iterator[tuple[Line, int]]:
    """Milliseconds of a pool's stretch, by line: those of tasks, and idle, training and absence."""
    busy = spent.busy[code, stretch]
    for activity, segment in np.argwhere(busy).tolist():
        yield (ACTIVITIES[activity], segments[segment]), int(busy[activity, segment])
    took = int(busy.sum())
    on, trained, away = (int(x[code, stretch]) for x in (spent.on_shift, spent.or_training, spent.or_absent))
    assert took <= on
    for name, time in ((IDLE, on - took), (TRAINING, trained - on), (ABSENCE, away - trained)):
        yield (name, ""), time


def _price(terms: Terms, period: int, pool: str, slot: int, segment: str) -> int:
    """Of one label, in millionths of micro-units: a whole number of Python's, for it may be beyond int64."""
    if slot == 0:
        return 0
    each = terms.periods[period]
    return each.contract(pool).per_label[slot - 1].price * each.millionths(segment)


def _invoices(spent: Spent, sums: Sums, unit: int, minor: int) -> Iterator[tuple[str, Line, int, int]]:
    """Month, line, how much and amount. An invoice is the sum of a month, rounded once and spread over its lines in the
    order of activities and of the names of segments; what there is nothing of has no line."""
    for month, lines in sorted(sums.items()):
        order = sorted(line for line in lines if lines[line][0])
        owed = [lines[line][1] for line in order]
        for line, amount in zip(order, spread(rounded(sum(owed), unit, minor), owed), strict=True):
            yield spent.stretches.names[month], line, lines[line][0], amount


assert list(ACTIVITIES) == sorted(ACTIVITIES), "lines sort by the name of their activity"
