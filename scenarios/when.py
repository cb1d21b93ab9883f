"""Days from a line's start as people write dates, in the line's own place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ..sim.line import Line

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(line: Line, day: float) -> datetime:
    """The local moment `day` days (of 24 hours) after the line's start."""
    return (line.origin.astimezone(UTC) + timedelta(days=day)).astimezone(line.origin.tzinfo)


def by_day(line: Line, day: float) -> str:
    """A deadline: 15 Jan 2027 for the midnight that ends that day, else with its time of day, 15 Jan 2027 12:00."""
    local = moment(line, round(day * 86_400) / 86_400)
    if (local.hour, local.minute) == (0, 0):
        return short(local.date() - timedelta(days=1), year=True)
    return local_moment(local)


def until(line: Line, day: float) -> str:
    """A deadline where it stands on an axis of dates: end of 15 Jan 2027 for the midnight that ends that day, else as
    `by_day`."""
    text = by_day(line, day)
    return text if ":" in text else f"end of {text}"


def local_moment(moment: datetime) -> str:
    """A moment such as 14 Jan 2027 09:30."""
    return f"{short(moment.date(), year=True)} {moment:%H:%M}"


def short(each: date, year: bool = False) -> str:
    """A date such as 14 Jan, or 14 Jan 2027."""
    text = f"{each.day} {MONTHS[each.month - 1]}"
    return f"{text} {each.year}" if year else text
