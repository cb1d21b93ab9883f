"""What people who are paid for their time cost in a week, whatever comes of it."""

from __future__ import annotations

from dataclasses import replace

from ..line import MICRO, Calendar, Exchange, Line, Pool
from .people import WEEK_S, staff

HOUR_S = 3_600.0
MONTH_S = 365.25 / 12 * 86_400.0


def weekly_pay(line: Line) -> float:
    """Hourly pay and salaries of a regular week, in the line's currency, tax included: what is owed while everybody is
    there as planned at the start. Labels, fees and minimums are no part of it."""
    calendars = {one.name: one for one in line.calendars}
    return sum(_pool(pool, calendars[pool.calendar], line) for pool in line.pools if pool.sessions is None)


def _pool(pool: Pool, calendar: Calendar, line: Line) -> float:
    contract = pool.contract
    # Days missed are paid or not as the pool says; `staff` leaves them out.
    paid = replace(pool, absence=replace(pool.absence, share=0.0)) if pool.absence.paid else pool
    planned, whole = _hours(replace(paid, overtime_s=0.0), calendar), _hours(paid, calendar)
    owed = (contract.hourly or 0) * (planned + contract.overtime * (whole - planned))
    owed += (contract.salary or 0) * pool.headcount * WEEK_S / MONTH_S
    return owed / MICRO * (1.0 + contract.tax) * _rate(contract.currency, line)


def _hours(pool: Pool, calendar: Calendar) -> float:
    """Of all people together, on shift in a week."""
    found = staff(pool, calendar)
    return found.people * found.open_s / HOUR_S


def _rate(currency: str, line: Line) -> float:
    """What a unit of a contract's currency is worth at the start."""
    known: list[Exchange] = [one for one in line.exchange if one.currency == currency]
    begun = [one for one in known if one.at_s <= 0]
    return (begun[-1] if begun else known[0]).rate if known else 1.0
