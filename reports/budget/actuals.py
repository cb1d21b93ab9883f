"""What was spent so far, from a tidy ledger as `--csv` writes it: every row checked, amounts exact."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from ...scenarios.problems import MOST, guess, listed, quoted
from ...scenarios.units import CURRENCIES, grouped
from ...sim.errors import DataRefused
from ...sim.ledger import ACTIVITIES, Terms, minor_unit
from ...sim.ledger.activities import BILLED
from ...sim.ledger.amounts import rounded
from ...sim.ledger.stretches import span_bounds
from ...sim.ledger.terms import NANO
from ...sim.line import MICRO, Line
from .calendar import MONTH

NEEDED = ("month", "activity", "segment", "pool", "currency", "amount")
"""Columns without which a row says nothing; others may stand beside them."""

COLUMNS = ("month", "activity", "segment", "pool", "quantity", "unit", "amount", "billed", "currency")

Row = tuple[str, str, str, str, float, str, int, int, str]

DIGEST = 12
"""Characters of a file's SHA-256 that tell it from another."""

_AMOUNT = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?")
_QUANTITY = re.compile(r"[0-9]{1,12}(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
_GUARDED = re.compile(r"'[=+\-@\t\r]")


@dataclass(frozen=True, eq=False)
class Actuals:
    """rows: COLUMNS; amount in micro-units of the line's currency, billed in those of the row's own; quantity NaN and
    unit "" where they are not told.
    name: of the file.  digest: the first characters of its SHA-256.  notes: what a reader should know of it."""

    rows: pd.DataFrame
    name: str
    digest: str
    notes: tuple[str, ...] = ()

    @property
    def last(self) -> str:
        """The month up to which they go."""
        return str(self.rows["month"].max())


@dataclass(frozen=True)
class _Asked:
    """What the rows are checked against. months: of the budget.  known: activities."""

    line: Line
    terms: Terms
    months: Sequence[str]
    known: tuple[str, ...]


@dataclass
class _Gathered:
    name: str
    problems: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    converted: set[str] = field(default_factory=set)
    forecast: int = 0

    def add(self, row: int, column: str, rule: str) -> None:
        self.problems.append(f"{self.name}, row {row}: {column}: {rule}")


def read_actuals(path: Path, line: Line, months: Sequence[str], activities: Iterable[str] = ()) -> Actuals:
    """The actuals of a file. months: of the budget, outside which none may lie.  activities: of the forecast, known
    besides those of any ledger.

    Amounts in another currency are converted at the rate of the last day of their month, as invoices are, each rounded
    half up.  Raises DataRefused with every problem of the file; OSError where it cannot be read.
    """
    try:
        whole = path.read_bytes()
        text = whole.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        rule = f"must be text in UTF-8, but byte {error.start + 1} is none"
        raise DataRefused(f"{path.name}: {rule}. Save it as CSV in UTF-8; a workbook is not read.") from error
    table = _table(text, path.name)
    known = tuple(dict.fromkeys([*ACTIVITIES, *BILLED, *activities]))
    asked, found = _Asked(line, Terms.of(line), months, known), _Gathered(path.name)
    for number, cells in table:
        _row(number, cells, asked, found)
    if found.problems:
        more = [f"... and {len(found.problems) - MOST} more problems."] if len(found.problems) > MOST else []
        raise DataRefused(found.problems[:MOST] + more)
    digest = hashlib.sha256(whole).hexdigest()[:DIGEST]
    return Actuals(_frame(found.rows), path.name, digest, tuple(_notes(found, table, line)))


def _table(text: str, name: str) -> list[tuple[int, dict[str, str]]]:
    """Rows by column, numbered from 1 with the header; blank ones left out."""
    if not text.strip():
        rule = f"is empty, but row 1 must name the columns {', '.join(NEEDED)}"
        raise DataRefused(f"{name}: {rule}. Write it as `labelcast budget --csv` does.")
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=mark))
    except csv.Error as error:
        raise DataRefused(f"{name}: is no sound CSV: {error}. Write it again, with quotes around text.") from error
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    problems = [
        f'{name}, row 1: a column "{column}" is needed, but there are: {listed(head) or "none"}.'
        f"{guess(column, [one for one in head if one not in NEEDED])} Write it as `labelcast budget --csv` does."
        for column in NEEDED
        if column not in head
    ]
    problems += [
        f'{name}, row 1: each column stands once, but "{one}" stands {head.count(one)} times. Take one out.'
        for one in dict.fromkeys(head)
        if one and head.count(one) > 1
    ]
    if problems:
        raise DataRefused(problems)
    numbered = [(n, row) for n, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    if uneven := [(n, len(row)) for n, row in numbered if len(row) != len(head)]:
        told = [
            f"{name}, row {n}: must have {len(head)} fields as the header, but has {count}. Put text with a separator "
            "in quotes."
            for n, count in uneven[:MOST]
        ]
        raise DataRefused(told)
    if not numbered:
        raise DataRefused(f"{name}: there is no row below the header. Leave --actuals out until something was spent.")
    return [(n, dict(zip(head, map(_plain, row), strict=True))) for n, row in numbered]


def _plain(cell: str) -> str:
    """Text without the quotation mark that keeps a spreadsheet from reading it as a formula."""
    text = cell.strip()
    return text[1:] if _GUARDED.match(text) else text


def _row(number: int, cells: dict[str, str], asked: _Asked, found: _Gathered) -> None:
    before = len(found.problems)
    month, activity = cells["month"], cells["activity"]
    _check_month(number, month, asked.months, found)
    if activity not in asked.known:
        rule = f"must be an activity of the ledger, but got {quoted(activity)}"
        near = guess(activity, asked.known)
        found.add(number, "activity", f"{rule}.{near} There are: {listed(sorted(asked.known), 20)}.")
    amount, currency = cells["amount"], cells["currency"]
    if not _AMOUNT.fullmatch(amount):
        rule = f"must be a number with at most six decimals and no separators, but got {quoted(amount)}"
        found.add(number, "amount", f"{rule}. Write it like 1200.50.")
    elif grouped(f"{amount} EUR"):
        rule = (
            f"might be thousands or decimals, since a point groups digits in some countries, but got {quoted(amount)}"
        )
        found.add(number, "amount", f"{rule}. Write it with two decimals, like 1200.50.")
    home = asked.line.currency
    if currency not in CURRENCIES:
        near = guess(currency, (home, *asked.terms.rates))
        found.add(number, "currency", f"must be a code of ISO 4217, but got {quoted(currency)}.{near} Write {home}.")
    elif currency != home and currency not in asked.terms.rates:
        mend = f"Convert it, or write `exchange: {{{currency}: ...}}` into the scenario"
        found.add(number, "currency", f"the scenario tells no rate of {currency} to {home}. {mend}.")
    quantity, unit = cells.get("quantity", ""), cells.get("unit", "")
    if quantity and not _QUANTITY.fullmatch(quantity):
        found.add(number, "quantity", f"must be a number or empty, but got {quoted(quantity)}. Write it like 12.5.")
    if len(found.problems) > before:
        return
    billed = micro = _micro(amount)
    if currency != home:
        found.converted.add(currency)
        rate = asked.terms.rate(currency, span_bounds(month, asked.line.origin)[1] - 1)
        micro = rounded(micro * rate, NANO, minor_unit(home))
    found.forecast += cells.get("kind", "") == "forecast"
    many = float(quantity) if quantity else math.nan
    found.rows.append((month, activity, cells["segment"], cells["pool"], many, unit, micro, billed, currency))


def _check_month(number: int, month: str, months: Sequence[str], found: _Gathered) -> None:
    if not MONTH.fullmatch(month):
        found.add(number, "month", f'must be a month, but got {quoted(month)}. Write it like "{months[0]}".')
    elif month < months[0]:
        mend = "Begin the scenario earlier, or book it in a month of the scenario"
        found.add(number, "month", f"the scenario begins in {months[0]}, but got {month}. {mend}.")
    elif month > months[-1]:
        rule = f"the budget ends with {months[-1]}, but got {month}"
        found.add(number, "month", f"{rule}. Ask for more --months, or leave the row out.")


def _micro(amount: str) -> int:
    sign = -1 if amount.startswith("-") else 1
    whole, _, part = amount.lstrip("+-").partition(".")
    return sign * (int(whole) * MICRO + int(part.ljust(6, "0")))


def _frame(rows: Sequence[Row]) -> pd.DataFrame:
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    kinds = {"quantity": np.float64, "amount": np.int64, "billed": np.int64}
    return pd.DataFrame(
        {
            name: np.array(values, kinds[name]) if name in kinds else pd.array(list(values), dtype="str")
            for name, values in columns.items()
        }
    )


def _notes(found: _Gathered, table: Sequence[tuple[int, dict[str, str]]], line: Line) -> Iterable[str]:
    if found.forecast:
        yield f"{found.name}: {found.forecast} of {len(table)} rows say that they are forecast; taken as actuals."
    if found.converted:
        which = listed(sorted(found.converted))
        yield f"{found.name}: {which} converted to {line.currency} at the scenario's rate of the month's last day."
    known = {"", *(pool.name for pool in line.pools)}
    if other := sorted({row[3] for row in found.rows} - known):
        yield f"{found.name}: no pool of the scenario is named {listed(map(quoted, other))}; what it cost counts."
    known = {"", *(segment.name for segment in line.segments)}
    if other := sorted({row[2] for row in found.rows} - known):
        yield f"{found.name}: no segment of the scenario is named {listed(map(quoted, other))}; what it cost counts."
    twice: dict[tuple[str, ...], int] = {}
    for _, cells in table:
        twice[tuple(cells.values())] = twice.get(tuple(cells.values()), 0) + 1
    if doubled := sum(many - 1 for many in twice.values()):
        yield f"{found.name}: {doubled} rows are equal to a row before in every column; they count. Exported twice?"
