"""Moments, dates and public holidays of a scenario file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, WithJsonSchema

from .problems import guess, quoted
from .written import text_of

_MOMENT = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)

EARLIEST, LATEST = 1990, 2200

MOST_DAYS = 1000
"""Days that a calendar may name as closed."""


@dataclass(frozen=True)
class Moment:
    """A local wall-clock time; a bare date is midnight at its start, with `day` true."""

    local: datetime
    day: bool

    def in_zone(self, zone: ZoneInfo) -> datetime:
        """The moment in UTC; a bare date means the end of that local day. Of a time that comes twice, the first."""
        local = self.local + timedelta(days=1) if self.day else self.local
        return local.replace(tzinfo=zone).astimezone(UTC)

    def begins(self, zone: ZoneInfo) -> datetime:
        """The moment in UTC; a bare date means the start of that local day."""
        return self.local.replace(tzinfo=zone).astimezone(UTC)


def moment(value: object) -> Moment:
    """Reads 2027-06-01 or 2027-06-01T09:00."""
    example = "2027-06-01T09:00"
    text = text_of(value, "a date", example).strip()
    match = _MOMENT.fullmatch(text)
    if not match:
        offset = re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ].*(Z|[+-]\d{2}:?\d{2})", text, re.ASCII)
        hint = "Write the local time; the zone stands in `timezone`." if offset else f'Write it like "{example}".'
        raise ValueError(f"must be a date such as 2027-06-01 or a local time, but got {quoted(text)}. {hint}")
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        local = datetime(year, month, day, hour, minute, second)
    except ValueError as error:
        raise ValueError(f"must be a date of the calendar, but got {quoted(text)}: {error}.") from error
    if not EARLIEST <= local.year <= LATEST:
        raise ValueError(f"the year must lie between {EARLIEST} and {LATEST}, but got {quoted(text)}.")
    return Moment(local, match[4] is None)


def looks_like_a_date(text: str) -> bool:
    """Whether a text begins as dates do, so that what is wrong with it is told as of a date."""
    return re.match(r"\s*\d{4}-", text, re.ASCII) is not None


def _dates(value: object) -> tuple[date, ...]:
    """Reads [2027-05-14, 2027-12-24..2027-12-31], or one of these."""
    entries = value if isinstance(value, list) else [value]
    days: list[date] = []
    for entry in entries:
        text = text_of(entry, "a date", "2027-12-24")
        ends = [moment(part) for part in text.split("..", 1)]
        if not all(end.day for end in ends):
            raise ValueError(f"whole days are closed, but got {quoted(text)}. Write it like 2027-12-24.")
        first, last = ends[0].local.date(), ends[-1].local.date()
        if last < first:
            raise ValueError(f"the first day comes first, but got {quoted(text)}. Turn it round.")
        if (last - first).days + len(days) >= MOST_DAYS:
            raise ValueError(f"at most {MOST_DAYS:,} days may be closed, but here are more. Use hours or holidays.")
        days += [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return tuple(sorted(set(days)))


@dataclass(frozen=True)
class Place:
    """Whose public holidays are kept: a country, or a part of one."""

    country: str
    part: str | None


def _places(value: object) -> tuple[Place, ...]:
    """Reads FR, DE-BY, or a list of such codes."""
    entries = value if isinstance(value, list) else [value]
    return tuple(_place(text_of(entry, "the code of a country", "FR").strip()) for entry in entries)


def _place(text: str) -> Place:
    import holidays
    from holidays.registry import COUNTRIES

    country, _, part = text.partition("-")
    known = holidays.list_supported_countries()
    if country not in known:
        names = {name: codes[1] for name, codes in COUNTRIES.items()}
        named = names.get(text.strip().lower().replace(" ", "_"), "")
        near = f' Did you mean "{named}"?' if named else guess(country, known)
        raise ValueError(f"must be the code of a country, such as FR or DE-BY, but got {quoted(text)}.{near}")
    if part and part not in known[country]:
        there = f" (there are: {', '.join(sorted(known[country])[:12])})" if known[country] else ""
        raise ValueError(f"{country} has no part {quoted(part)}{there}.{guess(part, known[country])}")
    return Place(country, part or None)


@lru_cache(maxsize=256)  # plans of a search have the same calendars
def holidays_of(place: Place, years: range) -> frozenset[date]:
    """The public holidays of these years."""
    import holidays

    return frozenset(holidays.country_holidays(place.country, subdiv=place.part, years=list(years)))


DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?"
"""A moment in a JSON Schema's pattern."""

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOSED = {"type": "string", "pattern": rf"^ *{_DAY} *(\.\. *{_DAY})? *$"}
_PLACE = {"type": "string", "pattern": "^ *[A-Z]{2}(-.+)? *$"}

WHEN_SCHEMA = {"type": "string", "pattern": f"^ *({DATE}) *$", "examples": ["2027-01-04T09:00"]}
When = Annotated[Moment, BeforeValidator(moment), WithJsonSchema(WHEN_SCHEMA)]
Dates = Annotated[
    tuple[date, ...], BeforeValidator(_dates), WithJsonSchema({"anyOf": [_CLOSED, {"type": "array", "items": _CLOSED}]})
]
Places = Annotated[
    tuple[Place, ...],
    BeforeValidator(_places),
    WithJsonSchema({"anyOf": [_PLACE, {"type": "array", "items": _PLACE, "minItems": 1}]}),
]
