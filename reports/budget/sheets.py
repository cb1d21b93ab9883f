"""A budget as a workbook: a summary with charts, whose means are formulas over the ledger; the tidy ledger; and every
assumption behind them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ...sim.ledger import decimal_amount
from ...sim.line import digest
from ...sim.statistics import Summary
from .. import numbers
from ..workbook import BLUE, RED, Book, Cell, Formula, Money, Share, workbook
from .activities import by_activity
from .amounts import Fan
from .notes import notes
from .told import LEDGER, ledger_rows
from .traced import basis, traced, use
from .whole import Budget, Month

RISK_COLUMNS = ("P50", "P80", "P95")

WORDS = 68
"""Width of a column of words."""

_NUMBER = re.compile(r"(-?[0-9][0-9,]*(?:\.[0-9]+)?)(%(?: [^0-9]+)?| [^0-9]+|)")
"""A value that is one number with its unit: "26 EUR per on-shift hour"."""


def write_budget(path: Path, found: Budget) -> None:
    """Writes the workbook, all of it or nothing."""
    with workbook(path, f"Budget: {found.line.name}", numbers.coins(found.line.currency), found.line.start) as book:
        summary = book.sheet("summary", [42, *[14] * 18])
        ledger = book.sheet("ledger", [16, 10, 10, 13, 16, 16, 12, 10, 12, 14, 10, 14, 16, 14, 14, 14, 48])
        inputs = book.sheet("assumptions", [12, 38, 12, 40, WORDS, 24, WORDS, 12, 12, 10])
        rows = ledger_rows(found)
        _ledger(book, ledger, rows)
        _summary(book, summary, found, rows)
        _assumptions(book, inputs, found)


def _ledger(book: Book, sheet: Any, rows: Sequence[dict[str, Any]]) -> None:
    end = book.table(sheet, 0, LEDGER, [[_ledger_cell(name, row[name]) for name in LEDGER] for row in rows])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, end - 1, len(LEDGER) - 1)


def _ledger_cell(name: str, value: Any) -> Cell:
    if value is not None and name in ("amount", "billed", "p50", "p80", "p95"):
        return _amount(value)
    if value is not None and name == "unit_price":
        return float(value) / 1e6
    return value  # type: ignore[no-any-return]


def _summary(book: Book, sheet: Any, found: Budget, rows: Sequence[dict[str, Any]]) -> None:
    """From top to bottom: the headline beside the charts, months, months by activity, and what else the text tells."""
    book.put(sheet, 0, 0, f"Budget: {found.line.name}, {found.months[0]} to {found.months[-1]}", book.title)
    at = months_at = max(book.table(sheet, 2, ["", found.line.currency], list(_headline(found))), 20) + 1
    at = activities_at = _month_table(book, sheet, at, found, len(rows)) + 1
    at = _activity_table(book, sheet, at, found, rows) + 1
    _charts(book, sheet, found, months_at, activities_at)
    for head, told in _others(found):
        at = book.table(sheet, at, head, told) + 1
    book.put(sheet, at, 0, "To know", book.head)
    for number, one in enumerate(notes(found), at + 1):
        book.put(sheet, number, 0, one)
    sheet.freeze_panes(1, 1)


def _headline(found: Budget) -> Iterator[tuple[Cell, ...]]:
    if found.cut:
        yield f"actual up to {found.cut}", _amount(found.spent)
        yield "plan, mean", _amount(found.plan[-1].so_far.mean)
    for name, one in (("estimate at completion", found.estimate), ("estimate to complete", found.to_complete)):
        for kind, value in vars(one).items():
            yield f"{name}, {kind if kind == 'mean' else kind.upper()}", _amount(value)
    yield "contingency that buys 80%: P80 less P50", _amount(found.estimate.p80 - found.estimate.p50)
    if found.risk is not None:
        yield f"budget ({found.risk.told_by})", _amount(found.risk.budget)
        yield "contingency over the budget: P80 less budget", _amount(found.risk.contingency)
        yield "budget at risk: P95 less budget", _amount(found.risk.at_risk)
        yield "chance that it costs more than the budget", Share(found.risk.chance)
        yield "interval of that chance, from", Share(found.risk.low)
        yield "to", Share(found.risk.high)
    yield f"after {found.months[-1]}, in no other number, mean", _amount(found.later.mean)


def _month_table(book: Book, sheet: Any, at: int, found: Budget, rows: int) -> int:
    """Means are formulas over the ledger, and so far of the column before; percentiles are numbers, which no formula
    can make of means."""
    head = ["month", "kind", "mean", *RISK_COLUMNS, "so far: mean", *(f"so far: {name}" for name in RISK_COLUMNS)]
    head += [] if found.risk is None else ["budget"]
    told: list[list[Cell]] = []
    for number, one in enumerate(found.outlook, at + 2):
        mean = _formula(f"SUMIFS({_column('amount', rows)},{_column('month', rows)},A{number})", one.sum.mean)
        so_far = _formula(f"SUM(C${at + 2}:C{number})", one.so_far.mean)
        cells: list[Cell] = [one.name, "actual" if one.actual else "forecast", mean, *_risks(one.sum), so_far]
        told.append([*cells, *_risks(one.so_far), *([] if found.risk is None else [_amount(found.risk.budget)])])
    end = book.table(sheet, at, head, told)
    total = _formula(f"SUM(C{at + 2}:C{end})", found.estimate.mean)
    for column, cell in enumerate(["total", None, total, *_risks(found.estimate)]):
        book.put(sheet, end, column, cell, book.head)
    return end + 1


def _activity_table(book: Book, sheet: Any, at: int, found: Budget, rows: Sequence[dict[str, Any]]) -> int:
    """Months by activity, each cell a formula over the ledger."""
    names = [one.name for one in by_activity(found)]
    amounts, months, activities = (_column(name, len(rows)) for name in ("amount", "month", "activity"))
    sums: dict[tuple[str, str], int] = {}
    for row in rows:
        key = row["month"], row["activity"]
        sums[key] = sums.get(key, 0) + row["amount"]
    told: list[list[Cell]] = []
    for number, month in enumerate(found.months, at + 2):
        cells: list[Cell] = [month]
        for column, name in enumerate(names, 1):
            where = f"{months},$A{number},{activities},{_letter(column)}${at + 1}"
            cells.append(_formula(f"SUMIFS({amounts},{where})", sums.get((month, name), 0)))
        told.append(cells)
    end = book.table(sheet, at, ["month, means", *names], told)
    book.put(sheet, end, 0, "total", book.head)
    for column, one in enumerate(by_activity(found), 1):
        letter = _letter(column)
        book.put(sheet, end, column, _formula(f"SUM({letter}{at + 2}:{letter}{end})", one.outlook))
    return end + 1


def _charts(book: Book, sheet: Any, found: Budget, months_at: int, activities_at: int) -> None:
    """Beside the headline: the fan so far, the fan by month, and months by activity."""
    lines = [(0, "P50", BLUE, "solid"), (1, "P80", BLUE, "dash"), (2, "P95", BLUE, "square_dot")]
    so_far = [_line(found, months_at, 7 + place, *look) for place, *look in lines]
    if found.risk is not None:
        so_far.append(_line(found, months_at, 10, "budget", RED, "solid"))
    alone = [_line(found, months_at, 3 + place, *look) for place, *look in lines]
    stacked = [
        {**_series(found, activities_at, column), "name": ["summary", activities_at, column], "gap": 40}
        for column, _ in enumerate(by_activity(found), 1)
    ]
    unit, line = found.line.currency, {"type": "line"}
    book.chart(sheet, (2, 3), line, "Cost so far: P50, P80, P95", unit, so_far)
    book.chart(sheet, (2, 8), line, "Cost by month: P50, P80, P95", unit, alone)
    book.chart(
        sheet, (2, 13), {"type": "column", "subtype": "stacked"}, "Mean cost by month and activity", unit, stacked
    )


def _line(found: Budget, at: int, column: int, name: str, color: str, dash: str) -> dict[str, Any]:
    look = {"color": color, "width": 1.75, "dash_type": dash}
    return {**_series(found, at, column), "name": name, "line": look}


def _series(found: Budget, at: int, column: int) -> dict[str, Any]:
    first, last = at + 1, at + len(found.months)
    return {"categories": ["summary", first, 0, last, 0], "values": ["summary", first, column, last, column]}


Told = tuple[Sequence[str], Sequence[Sequence[Cell]]]


def _others(found: Budget) -> Iterator[Told]:
    yield _fans("fiscal quarter or year"), [_span(one) for one in (*found.quarters, *found.years)]
    if found.cash_later is not None:
        yield _fans("cash, by month of payment"), [*map(_span, found.cash), ["paid later", *_fan(found.cash_later)]]
    if found.commitments:
        head = ["commitment", "period", "committed", "used: actual", "used: forecast", "shortfall, mean"]
        told: list[Sequence[Cell]] = [
            [
                one.account,
                one.period,
                *map(_amount, (one.committed, one.actual, one.forecast, one.shortfall)),
                Share(one.chance),
                Share(one.owed),
            ]
            for one in found.commitments
        ]
        yield [*head, "chance of one", "in force"], told
    for title, bridge in found.bridges:
        parts = [("begins with", bridge.begin), *bridge.parts, ("ends with", bridge.end)]
        yield [f"bridge {title}", found.line.currency], [[name, _amount(part)] for name, part in parts]
    yield _fans("what labels cost, of whole runs"), list(_worth(found))


def _fans(name: str) -> list[str]:
    return [name, "mean", *RISK_COLUMNS]


def _worth(found: Budget) -> Iterator[Sequence[Cell]]:
    worth = found.worth
    for name, one in worth.by_label.items():
        yield [name.replace("_", " "), *_summary_cells(one)]
    parts = {**worth.quality, "errors delivered": worth.harm_paid, "cost of poor quality": worth.poor}
    yield from ([name, *_fan(fan)] for name, fan in parts.items() if fan is not None)
    yield ["harm of errors delivered, in its unit", *_summary_cells(worth.harm)]
    for name, one in (("share that adds value", worth.value), ("share that is idle", worth.idle)):
        yield [name, *(Share(value) if math.isfinite(value) else None for value in _percentiles(one))]
    if found.marginal is not None and math.isfinite(found.marginal.cost.mean):
        cost = found.marginal.cost
        half = (cost.high - cost.low) / 2
        yield ["the next 1,000 items, mean", Money(cost.mean)]
        yield ["half-width of its interval", Money(half) if math.isfinite(half) else None]


def _percentiles(one: Summary) -> tuple[float, ...]:
    return one.mean, one.p50, one.p80, one.p95


def _summary_cells(one: Summary) -> Iterator[Cell]:
    return (value if math.isfinite(value) else None for value in _percentiles(one))


def _assumptions(book: Book, sheet: Any, found: Budget) -> None:
    runs, asked = found.runs, found.asked
    told: list[Sequence[Cell]] = [
        _input("run", "scenario", found.line.name, "stated"),
        _input("run", "digest", digest(found.line), "SHA-256 of it with every default"),
        _input("run", "version", version("labelcast"), "labelcast"),
        _input("run", "engine", runs.engine, "labelcast"),
        _input("run", "seed", str(runs.seed), "command line"),
        _input("run", "replications", str(len(runs.kpis)), "command line"),
        _input("budget", "months", f"{asked.months} months", "command line"),
        _input("budget", "fiscal years begin in month", str(asked.fiscal_from), "command line"),
    ]
    if found.against is not None:
        told.append(_input("run", "against", found.against.line.name, "command line"))
        told.append(_input("run", "digest of it", digest(found.against.line), "its scenario with every default"))
    if asked.budget is not None:
        amount = numbers.money(asked.budget, found.line.currency)
        told.append(_input("budget", "budget", amount, asked.budget_of))
    for pool, days in (asked.paid_after or {}).items():
        told.append(_input("budget", f"paid after: {pool or 'all others'}", f"{days} days", "command line"))
    if asked.harm_price is not None:
        price = numbers.money(asked.harm_price, found.line.currency)
        told.append(_input("budget", "price of a unit of harm", price, "command line"))
    if asked.actuals is not None:
        told.append(_input("budget", "actuals", asked.actuals.name, "command line"))
    told += [
        [*_input(one.row.section, one.row.path, one.row.value, one.row.origin), basis(one)] for one in traced(found)
    ]
    told += _of_profile(found)
    head = ["section", "input", "number", "unit", "in words", "source", "as written, or fitted"]
    head += ["95% from", "to", "n"] if len(told[-1]) > len(head) else []
    end = book.table(sheet, 0, head, told, wrapped={4: WORDS, 6: WORDS})
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, end - 1, len(head) - 1)


def _of_profile(found: Budget) -> Iterator[Sequence[Cell]]:
    """The profile behind what is fitted, the files that it rests on, and each of its parameters with its interval, in
    the fit's own units."""
    known = found.asked.provenance
    if known is None or known.profile is None:
        return
    told = known.profile
    data = ", ".join(f"{one.name} (SHA-256 {one.sha256[:12]})" for one in told.sources) or "nobody's data"
    yield ["profile", "profile", None, None, told.name, "a file", f"SHA-256 {known.profile_sha256}"]
    for file in told.sources:
        yield ["profile", "fitted to", file.rows, "rows", file.name, "a file", f"SHA-256 {file.sha256}"]
    if told.first:
        yield ["profile", "log", None, None, f"{told.first} to {told.last}", "fitted", data]
    for path, one in told.fitted.items():
        unit, source = one.unit or None, use(found, path)
        yield ["profile", path, one.value, unit, one.method, source, data, one.low, one.high, one.n]


def _input(section: str, path: str, value: str, source: str) -> list[Cell]:
    """Of a value that is one number with its unit both; of others the words alone."""
    words = value.replace(numbers.MINUS, "-")
    match = _NUMBER.fullmatch(words)
    number = None if match is None else float(match[1].replace(",", ""))
    unit = None if match is None else match[2].strip() or None
    return [section, path, number, unit, words, source]


def _span(one: Month) -> list[Cell]:
    return [one.name, *_fan(one.sum)]


def _fan(one: Fan) -> list[Cell]:
    return [_amount(one.mean), *_risks(one)]


def _risks(one: Fan) -> list[Cell]:
    return [_amount(one.p50), _amount(one.p80), _amount(one.p95)]


def _amount(micro: int) -> Money:
    return Money(float(decimal_amount(micro)))


def _formula(text: str, micro: int) -> Formula:
    return Formula(f"={text}", float(decimal_amount(micro)))


def _column(name: str, rows: int) -> str:
    """A column of the ledger, without its head."""
    letter = _letter(LEDGER.index(name))
    return f"ledger!${letter}$2:${letter}${max(rows, 1) + 1}"


def _letter(column: int) -> str:
    assert 0 <= column < 26
    return chr(ord("A") + column)
