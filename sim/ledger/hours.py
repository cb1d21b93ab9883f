"""Hours on the invoice: every millisecond that a pool is paid for, and what it was spent on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..log import Log
from ..spans import Spans, union
from ..staff import People, people, takes_tasks
from ..tables import NULL, Ints, codes, ints, names
from .activities import ABSENCE, IDLE, TRAINING, Work
from .amounts import rounded, spread
from .months import Months
from .terms import Terms

HOUR_MS = 3_600_000

Entry = tuple[str, str, str, str, float, str, int]


@dataclass(frozen=True, eq=False)
class Paid:
    """When people are paid: on shift, then also in training, then also absent with pay. Nested, so that where recorded
    presence overlaps no time is paid twice. ended: nothing is paid from then on."""

    who: People
    on_shift: Spans
    or_training: Spans
    or_absent: Spans
    ended: int


def paid_time(log: Log) -> Paid:
    """The paid time of a log's people; working, sessions and overtime are on shift, an unpaid absence is not paid."""
    who = people(log)
    kind = names(log.presence["kind"])
    start, end = ints(log.presence["from"]), ints(log.presence["to"])
    there = takes_tasks(log)

    def together(rows: NDArray[np.bool_]) -> Spans:
        rows = rows & (who.of_presence >= 0)
        return union(who.of_presence[rows], start[rows], end[rows])

    nested = [together(there)]
    for name in (TRAINING, "absent_paid"):
        more = codes(log.presence["kind"]) == kind.index(name) if name in kind else np.zeros(len(there), np.bool_)
        there = there | more
        nested.append(together(there) if more.any() else nested[-1])
    on_shift, or_training, or_absent = nested
    return Paid(who, on_shift, or_training, or_absent, log.provenance.ended_at)


def hours(work: Work, paid: Paid, months: Months, code: int, pool: str, terms: Terms, minor: int) -> list[Entry]:
    """Lines of a pool's hourly invoices, one a month: hours by activity and segment, priced as at each moment."""
    rates = _rates(terms, pool)
    if all(rate is None for _, rate in rates):
        return []
    mine = (work.started != NULL) & (paid.who.of_task >= 0) & (work.pool == code)
    until = np.where(work.finished == NULL, paid.ended, work.finished)
    order, start, end = _apart(paid.who.of_task[mine], work.started[mine], until[mine])
    worker, line = paid.who.of_task[mine][order], work.line[mine][order]
    staff = np.flatnonzero(paid.who.pool == code)
    entries: list[Entry] = []
    for month, first, last in zip(months.names, months.edges[:-1].tolist(), months.edges[1:].tolist(), strict=True):
        spent, owed = [0] * len(work.lines), [0] * len(work.lines)
        for begin, stop, rate in _stretches(rates, first, min(last, paid.ended)):
            here = (start < stop) & (end > begin)
            held = paid.on_shift.covered(worker[here], np.maximum(start[here], begin), np.minimum(end[here], stop))
            busy = np.zeros(len(work.lines), np.int64)
            np.add.at(busy, line[here], held)
            for number, time in enumerate(_with_the_rest(busy, paid, staff, begin, stop, work)):
                spent[number] += time
                owed[number] += time * rate
        amounts = spread(rounded(sum(owed), HOUR_MS, minor), owed)
        entries += [
            (month, *about, pool, time / HOUR_MS, "h", amount)
            for about, time, amount in zip(work.lines, spent, amounts, strict=True)
            if time
        ]
    return entries


def _with_the_rest(busy: Ints, paid: Paid, staff: NDArray[np.intp], begin: int, stop: int, work: Work) -> list[int]:
    """Milliseconds of each line in [begin, stop): busy ones as given, and idle, training and absence."""
    spent: list[int] = busy.tolist()
    ends = np.full(staff.size, begin), np.full(staff.size, stop)
    nested = (paid.on_shift, paid.or_training, paid.or_absent)
    on, trained, away = (int(spans.covered(staff, *ends).sum()) for spans in nested)
    assert sum(spent) <= on
    for activity, time in ((IDLE, on - sum(spent)), (TRAINING, trained - on), (ABSENCE, away - trained)):
        spent[work.lines.index((activity, ""))] = time
    return spent


def _rates(terms: Terms, pool: str) -> list[tuple[int, int | None]]:
    """The hourly rate of a pool, and from when on it holds, in order; None where it is not paid by the hour."""
    rates: list[tuple[int, int | None]] = []
    for period in terms.periods:
        hourly = period.contract(pool).hourly
        if not rates or rates[-1][1] != hourly:
            rates.append((period.from_ms, hourly))
    return rates


def _stretches(rates: Sequence[tuple[int, int | None]], first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """The stretches of [first, last) in which one rate holds, with it; without those that have none."""
    for number, (since, rate) in enumerate(rates):
        begin = first if number == 0 else max(first, since)
        stop = min(last, rates[number + 1][0]) if number + 1 < len(rates) else last
        if begin < stop and rate is not None:
            yield begin, stop, rate


def _apart(worker: Ints, start: Ints, end: Ints) -> tuple[NDArray[np.intp], Ints, Ints]:
    """The order of stretches by worker and start, and in it their starts and ends, each cut to begin no earlier than
    the worker's stretches before it end; what lies wholly inside them becomes empty."""
    order = np.lexsort((start, worker))
    if not order.size:
        return order, start, end
    low = int(start.min())
    width = max(int(end.max()), int(start.max())) - low + 1
    base = worker[order] * width - low  # workers one after another, no touch
    begin, until = start[order] + base, end[order] + base
    before = np.concatenate([begin[:1], np.maximum.accumulate(until)[:-1]])
    begin = np.maximum(begin, before)
    return order, begin - base, np.maximum(begin, until) - base
