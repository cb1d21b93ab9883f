"""A time axis that reads as dates of the line's own place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from ..scenarios.when import by_day, local_moment, moment, short, until
from ..sim.line import Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "WEEKDAYS",
    "by_day",
    "date_ticks",
    "day_words",
    "days_until",
    "from_day",
    "local_moment",
    "moment",
    "time_axis",
    "until",
    "weekday",
]


def from_day(line: Line, day: float) -> str:
    """When something begins: 15 Jan 2027 for the midnight that begins that day, else with its time of day."""
    local = moment(line, round(day * 86_400) / 86_400)
    return short(local.date(), year=True) if (local.hour, local.minute) == (0, 0) else local_moment(local)


def weekday(line: Line, day: float) -> str:
    """A date such as Thu 14 Jan."""
    local = moment(line, day).date()
    return f"{WEEKDAYS[local.weekday()]} {short(local)}"


def days_until(line: Line, local: date) -> float:
    """Days of 24 hours from the line's start to the midnight that begins a local date."""
    midnight = datetime(local.year, local.month, local.day, tzinfo=line.origin.tzinfo)
    return (midnight.astimezone(UTC) - line.origin.astimezone(UTC)).total_seconds() / 86_400


def date_ticks(line: Line, first_day: float, last_day: float, most: int) -> list[tuple[float, str]]:
    """At most `most` + 1 ticks between two days: (days from the start, the local date at whose midnight it lies)."""
    first, last = moment(line, first_day).date(), moment(line, last_day).date()
    span = (last - first).days
    for step in (1, 2, 3, 4, 7, 14):
        if span / step <= most:
            begin = first if step < 7 else first + timedelta(days=-first.weekday() % 7)
            every = [begin + timedelta(days=n * step) for n in range(span // step + 1)]
            return _ticks(line, every, first_day, last_day)
    months = next((n for n in (1, 2, 3, 6) if span / (30.4 * n) <= most), 12 * (1 + int(span / 365 / most)))
    index = first.year * 12 + first.month - 1
    index += -index % min(months, 12)
    every = [date(n // 12, n % 12 + 1, 1) for n in range(index, last.year * 12 + last.month, months)]
    return _ticks(line, every, first_day, last_day)


def time_axis(
    axes: Axes, lines: list[Line], last_day: float, most: int, *, first_day: float = 0.0, label: bool = True
) -> None:
    """Limits, ticks and label of a horizontal axis in days from the start: dates where all lines begin together."""
    axes.set_xlim(first_day, last_day)
    axes.xaxis.set_tick_params(length=3)
    line = lines[0]
    if all(other.origin == line.origin and other.timezone == line.timezone for other in lines):
        ticks = date_ticks(line, first_day, last_day, most)
        axes.set_xticks([day for day, _ in ticks], [text for _, text in ticks])
        years = sorted({moment(line, first_day).year, moment(line, last_day).year})
        words = f"date, {'/'.join(str(year) for year in years)} ({line.timezone})"
    else:
        words = "days from the start"
    if label:
        axes.set_xlabel(words)


def _ticks(line: Line, every: list[date], first_day: float, last_day: float) -> list[tuple[float, str]]:
    placed = [(days_until(line, each), short(each)) for each in every]
    return [(day, text) for day, text in placed if first_day <= day <= last_day]


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_words(each: date) -> str:
    """A date such as 14 Jan 2027."""
    return short(each, year=True)
