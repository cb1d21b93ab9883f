"""Months as a budget counts them: from the first on, in fiscal quarters and years, and when an invoice is paid."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
"""How a month is written: 2027-01."""


def months_from(first: str, count: int) -> tuple[str, ...]:
    """So many months in a row, from "2027-01" on."""
    begin = 12 * int(first[:4]) + int(first[5:]) - 1
    return tuple(f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(begin, begin + count))


def fiscal_year(month: str, first: int) -> str:
    """The fiscal year of a month: "FY2027", or "FY2027/28" where years begin in another month than January.

    first: the month of the calendar in which a fiscal year begins, from 1 to 12.
    """
    year = int(month[:4]) - (int(month[5:]) < first)
    return f"FY{year}" if first == 1 else f"FY{year}/{(year + 1) % 100:02d}"


def fiscal_quarter(month: str, first: int) -> str:
    """The fiscal quarter of a month: "FY2027/28 Q1" begins with the month `first`."""
    return f"{fiscal_year(month, first)} Q{(int(month[5:]) - first) % 12 // 3 + 1}"


def paid_in(month: str, days: int) -> str:
    """The month in which an invoice of a month's last day is paid, so many days later."""
    year, number = int(month[:4]), int(month[5:])
    paid = date(year, number, monthrange(year, number)[1]) + timedelta(days=days)
    return f"{paid.year:04d}-{paid.month:02d}"
