"""Invoices for what was used: hours, months of employment and labels, each at the price of its stretch of time."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np

from ..line import MICRO, Contract, Tier
from .accounts import Account
from .activities import ABSENCE, ACTIVITIES, CREDIT, IDLE, TRAINING
from .bills import Bill, Item, bill
from .spent import Spent
from .stretches import span_of
from .terms import Terms

HOUR_MS = 3_600_000

Line = tuple[str, str, str]
"""Pool, activity and segment."""

Sums = dict[int, dict[Line, tuple[int, int]]]
"""By month and line: how much of it there is, and what is owed for it."""


def hours(spent: Spent, terms: Terms, account: Account, segments: Sequence[str]) -> list[Bill]:
    """A bill a month: milliseconds at millionths of micro-units. What overtime costs beyond is spread like the rest."""
    sums, extra = _sums(), defaultdict[int, int](int)
    for code, stretch, month, period in _where(spent, account, lambda contract: contract.hourly is not None):
        contract = account.contracts[period]
        if contract.hourly is None or not spent.paid.or_absent[code, stretch]:
            continue
        for line, time in times(spent, code, stretch, account, segments):
            _add(sums, month, line, time, time * contract.hourly * MICRO)
        beyond = round((contract.overtime - 1.0) * MICRO) * contract.hourly
        extra[month] += beyond * int(spent.paid.on_shift[code, stretch] - spent.paid.planned[code, stretch])
    found = []
    for month, lines in sorted(sums.items()):
        items = _items(lines, HOUR_MS)
        owed = sum(item.owed for item in items) + extra[month]
        found.append(Bill(spent.stretches.names[month], "h", items, owed, HOUR_MS * MICRO))
    return found


def salaries(spent: Spent, terms: Terms, account: Account, segments: Sequence[str]) -> list[Bill]:
    """A bill a month, spread over what each pool's time went to; where no time is told, people were idle."""
    owed, employed = defaultdict[tuple[int, int], int](int), defaultdict[tuple[int, int], int](int)
    took = defaultdict[tuple[int, int], dict[Line, int]](dict)
    for code, stretch, month, period in _where(spent, account, lambda contract: contract.salary is not None):
        days = int(spent.employed[code, stretch])
        if days:
            owed[month, code] += days * (account.contracts[period].salary or 0)
            employed[month, code] += days
            for line, time in times(spent, code, stretch, account, segments):
                took[month, code][line] = took[month, code].get(line, 0) + time
    by_month = defaultdict[int, list[Item]](list)
    for (month, code), days in sorted(employed.items()):
        whole = sum(took[month, code].values())
        parts = {line: Fraction(time, whole) for line, time in sorted(took[month, code].items()) if time}
        parts = parts or {(account.pools[account.codes.index(code)], IDLE, ""): Fraction(1)}
        months = Fraction(days, days_of(spent.stretches.names[month]))
        by_month[month] += [Item(*line, float(months * part), owed[month, code] * part) for line, part in parts.items()]
    names = spent.stretches.names
    return [bill(names[month], "months", items, days_of(names[month])) for month, items in by_month.items()]


def days_of(month: str) -> int:
    """In a month."""
    return monthrange(int(month[:4]), int(month[5:]))[1]


def labels(spent: Spent, terms: Terms, account: Account, segments: Sequence[str]) -> list[Bill]:
    """A bill a month and unit of pieces at the price of their tier, and of those whose price the last piece of a count
    sets, a bill of what those of earlier months cost more or less by then."""
    if not any(contract.per_label for contract in account.contracts):
        return []
    sums, all_units = defaultdict[str, Sums](_sums), defaultdict[str, _AllUnits](_AllUnits)
    for code, pool in zip(account.codes, account.pools, strict=True):
        table = spent.labels[code]
        for stretch, hurry, slot, activity, segment in np.argwhere(table).tolist():
            month, period = int(spent.stretches.month[stretch]), int(spent.stretches.period[stretch])
            contract, at = account.contracts[period], terms.periods[period]
            many = int(table[stretch, hurry, slot, activity, segment])
            line = pool, ACTIVITIES[activity], segments[segment]
            weight = many * at.millionths(line[2]) * hurried(contract, hurry)
            if slot > 0 and contract.all_units:
                span = span_of(spent.stretches.names[month], contract.count)
                all_units[contract.unit].add(month, span, contract.per_label, line, many, weight)
            else:
                price = contract.per_label[slot - 1].price if slot > 0 else 0
                _add(sums[contract.unit], month, line, many, weight * price)
    found, names = [], spent.stretches.names
    for unit in sorted({*sums, *all_units}):
        corrections = all_units[unit].into(sums[unit])
        for month, lines in sorted(sums[unit].items()):
            found.append(bill(names[month], f"{unit}s", _items(lines, 1), MICRO**2))
        for month, (many, owed) in sorted(corrections.items()):
            item = Item(account.pools[0], CREDIT, "", float(many), owed)
            found.append(bill(names[month], f"{unit}s", [item], MICRO**2))
    return found


def hurried(contract: Contract, hurry: int) -> int:
    """Millionths of the price that pieces of a class of rush cost."""
    return round(contract.rush[hurry][1] * MICRO) if hurry < len(contract.rush) else MICRO


def audits(spent: Spent, terms: Terms, account: Account) -> list[Bill]:
    """A bill a month: of the pieces that are paid a share is looked at."""
    sums = _sums()
    for code, stretch, month, period in _where(spent, account, lambda contract: contract.audit is not None):
        audit = account.contracts[period].audit
        many = int(spent.labels[code, stretch, :, 1:].sum())
        if audit is not None and many:
            seen = round(audit.share * MICRO) * many
            _add(sums, month, (account.pools[account.codes.index(code)], "review", ""), seen, seen * audit.price)
    return [
        bill(spent.stretches.names[month], "audits", _items(lines, MICRO), MICRO)
        for month, lines in sorted(sums.items())
    ]


class _AllUnits:
    """Pieces whose price is that of the tier that the last piece of their count falls into."""

    def __init__(self) -> None:
        self._made: dict[str, dict[int, list[tuple[tuple[Tier, ...], Line, int, int]]]] = {}

    def add(self, month: int, span: str, tiers: tuple[Tier, ...], line: Line, many: int, weight: int) -> None:
        """So many pieces of a month. weight: what they cost at a price of 1."""
        self._made.setdefault(span, {}).setdefault(month, []).append((tiers, line, many, weight))

    def into(self, sums: Sums) -> dict[int, tuple[int, int]]:
        """Adds each month's pieces to `sums` at the price reached by its end; by month, how many earlier pieces of its
        count cost how much more than billed before."""
        found: dict[int, tuple[int, int]] = {}
        for months in self._made.values():
            before, reached = list[tuple[tuple[Tier, ...], Line, int, int]](), 0
            for month, made in sorted(months.items()):
                was, reached = reached, reached + sum(many for _, _, many, _ in made)
                for tiers, line, many, weight in made:
                    _add(sums, month, line, many, weight * price_of(tiers, reached))
                more = sum(weight * (price_of(tiers, reached) - price_of(tiers, was)) for tiers, _, _, weight in before)
                if more:
                    count, owed = found.get(month, (0, 0))
                    found[month] = count + sum(many for _, _, many, _ in before), owed + more
                before += made
        return found


def price_of(tiers: Sequence[Tier], number: int) -> int:
    """Micro-units of the piece of a number; beyond the last tier its price holds."""
    return next((tier.price for tier in tiers[:-1] if tier.up_to is not None and number <= tier.up_to), tiers[-1].price)


def times(
    spent: Spent, code: int, stretch: int, account: Account, segments: Sequence[str]
) -> Iterator[tuple[Line, int]]:
    """Milliseconds of a pool's stretch, by line: those of tasks, and idle, training and absence."""
    busy, pool = spent.busy[code, stretch], account.pools[account.codes.index(code)]
    where, took = busy.nonzero(), 0
    for activity, segment, time in zip(*(part.tolist() for part in (*where, busy[where])), strict=True):
        took += time
        yield (pool, ACTIVITIES[activity], segments[segment]), time
    _, on, trained, away = (int(table[code, stretch]) for table in spent.paid)
    assert took <= on
    for name, time in ((IDLE, on - took), (TRAINING, trained - on), (ABSENCE, away - trained)):
        if time:
            yield (pool, name, ""), time


def _where(spent: Spent, account: Account, asks: Callable[[Contract], bool]) -> Iterator[tuple[int, int, int, int]]:
    """Code of each pool, and each stretch whose contract asks, with its month and period."""
    asking = [asks(contract) for contract in account.contracts]
    found = [one for one in spent.stretches.listed if asking[one[2]]] if any(asking) else []
    return ((code, *one) for code in account.codes for one in found)


def _sums() -> Sums:
    return defaultdict(dict)


def _add(sums: Sums, month: int, line: Line, many: int, owed: int) -> None:
    before = sums[month].get(line, (0, 0))
    sums[month][line] = before[0] + many, before[1] + owed


def _items(lines: Mapping[Line, tuple[int, int]], unit: int) -> list[Item]:
    """In the order of pools, activities and segments; what there is nothing of has no line."""
    return [Item(*line, many / unit, owed) for line, (many, owed) in sorted(lines.items()) if many]
