"""Dates, working hours and goals of a scenario file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema

from ..sim.line import MICRO
from . import units
from .problems import guess, quoted
from .values import PATTERN, micro_units
from .written import text_of

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_MOMENT = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", re.ASCII)
_AT_LEAST = re.compile(r">=\s*(.+)", re.DOTALL)
_CHANCE = re.compile(r"P\(\s*(\w+)\s*(>=|<=)\s*(.+?)\s*\)\s*>=\s*(.+)", re.DOTALL)

EARLIEST, LATEST = 1990, 2200


@dataclass(frozen=True)
class Moment:
    """A local wall-clock time; a bare date is midnight at its start, with `day` true."""

    local: datetime
    day: bool

    def in_zone(self, zone: ZoneInfo) -> datetime:
        """The moment in UTC; a bare date means the end of that local day. Of a time that comes twice, the first."""
        local = self.local + timedelta(days=1) if self.day else self.local
        return local.replace(tzinfo=zone).astimezone(UTC)


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


def day_numbers(value: object) -> tuple[int, ...]:
    """Reads Mon-Fri, or Mon, Wed-Thu. 0 is Monday."""
    text = text_of(value, "days of the week", "Mon-Fri")
    days: list[int] = []
    for part in text.split(","):
        ends = [_day(word.strip(), text) for word in part.split("-")]
        if len(ends) > 2 or ends[0] > ends[-1]:
            raise ValueError(
                f'days run from Mon to Sun, but got {quoted(text)}. Write it like "Mon-Fri" or "Sat, Sun".'
            )
        days += range(ends[0], ends[-1] + 1)
    if len(set(days)) != len(days):
        raise ValueError(f"each day stands once, but got {quoted(text)}.")
    return tuple(sorted(days))


def _day(word: str, text: str) -> int:
    if word in DAYS:
        return DAYS.index(word)
    hint = guess(word[:3], DAYS)
    raise ValueError(f"days are {', '.join(DAYS)}, but got {quoted(word)} in {quoted(text)}.{hint}")


def day_hours(value: object) -> tuple[tuple[int, int], ...]:
    """Reads 09:00-13:00, 14:00-18:00: (start, end) in seconds after midnight, disjoint, sorted."""
    example = "09:00-13:00, 14:00-18:00"
    text = text_of(value, "hours of the day", example)
    spans: list[tuple[int, int]] = []
    for part in text.split(","):
        match = _SPAN.fullmatch(part.strip())
        if not match:
            raise ValueError(f"hours are written from-to, but got {quoted(part.strip())}. Write them like {example!r}.")
        hours = [int(match[1]), int(match[3])]
        start, end = hours[0] * 3600 + int(match[2]) * 60, hours[1] * 3600 + int(match[4]) * 60
        if end > 86_400 or start >= 86_400 or int(match[2]) > 59 or int(match[4]) > 59:
            raise ValueError(f"hours run from 00:00 to 24:00, but got {part.strip()}.")
        if start >= end:
            first = f"{_clock(start)}-24:00"
            mend = f"Write {first}, 00:00-{_clock(end)}" if end else f"Write {first}"
            raise ValueError(f"start < end must hold, but got {part.strip()}. {mend}.")
        spans.append((start, end))
    spans.sort()
    for (_, end), (start, last) in pairwise(spans):
        if start < end:
            raise ValueError(f"hours must not overlap, but {_clock(start)}-{_clock(last)} begins before {_clock(end)}.")
    return tuple(spans)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def hour_shares(value: object) -> tuple[float, ...]:
    """Reads the 24 shares of a day, divided by blanks or commas, or as a list."""
    example = "0% 0% ... 100%"
    if isinstance(value, list):
        words = [text_of(word, "a share", "50%") for word in value]
    else:
        words = text_of(value, "24 shares", example).replace(",", " ").split()
    if len(words) != 24:
        raise ValueError(f"a day has 24 shares, one for each hour, but got {len(words)}.")
    shares = []
    for hour, word in enumerate(words):
        share = units.quantity(word, "percent", "a share", "50%")
        if not 0 <= share <= 100:
            raise ValueError(f"a share lies between 0% and 100%, but got {quoted(word)} for the hour {hour}:00.")
        shares.append(float(share / 100))
    return tuple(shares)


@dataclass(frozen=True)
class Aim:
    """A goal as it was written. when: for a deadline.  value: share, or currency units.  chance: None for the mean."""

    value: float | None = None
    when: Moment | None = None
    chance: float | None = None


def _deadline(value: object) -> Aim:
    text, chance = _inside(value, "2027-06-15", "finish", "<=")
    return Aim(when=moment(text), chance=chance)


def _budget(value: object, info: ValidationInfo) -> Aim:
    text, chance = _inside(value, "60_000 EUR", "cost", "<=")
    return Aim(value=micro_units(text, info, example="60_000 EUR") / MICRO, chance=chance)


def _at_least(kpi: str) -> BeforeValidator:
    def read(value: object) -> Aim:
        text, chance = _inside(value, ">= 97%", kpi, ">=")
        match = _AT_LEAST.fullmatch(text.strip()) if chance is None else re.fullmatch("(.*)", text, re.DOTALL)
        if not match:
            raise ValueError(f'a goal says at least how much, but got {quoted(text)}. Write it like ">= 97%".')
        return Aim(value=_percent(match[1]), chance=chance)

    return BeforeValidator(read)


def _inside(value: object, example: str, kpi: str, relation: Literal[">=", "<="]) -> tuple[str, float | None]:
    """The goal itself, and its chance where it is written as `P(kpi >= goal) >= chance`."""
    text = text_of(value, "a goal", example).strip()
    if not text.startswith("P"):
        return text, None
    match = _CHANCE.fullmatch(text)
    goal = example.removeprefix(">= ")
    if not match or match[1] != kpi or match[2] != relation:
        form = f"P({kpi} {relation} {goal}) >= 80%"
        raise ValueError(f'a chance is written "{form}", but got {quoted(text)}.')
    return match[3], _percent(match[4])


def _percent(text: str) -> float:
    share = units.quantity(text, "percent", "a share", "97%")
    if not 0 < share <= Decimal(100):
        raise ValueError(f"a goal lies above 0% and is at most 100%, but got {quoted(text)}.")
    return float(share / 100)


_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?"
_HOURS = "[0-9]{1,2}:[0-9]{2} *- *[0-9]{1,2}:[0-9]{2}"
_SHARE = rf"{PATTERN} *%"


def _pattern(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^ *({pattern}) *$", "examples": [example]})


def _goal_schema(kpi: str) -> WithJsonSchema:
    return _pattern(rf">= *{_SHARE}|P\( *{kpi} *>= *{_SHARE} *\) *>= *{_SHARE}", ">= 97%")


When = Annotated[Moment, BeforeValidator(moment), _pattern(_DATE, "2027-01-04T09:00")]
Days = Annotated[tuple[int, ...], BeforeValidator(day_numbers), _pattern("[A-Z][a-z]{2}.*", "Mon-Fri")]
Hours = Annotated[
    tuple[tuple[int, int], ...], BeforeValidator(day_hours), _pattern(f"{_HOURS}( *, *{_HOURS})*", "09:00-18:00")
]
HourShares = Annotated[
    tuple[float, ...],
    BeforeValidator(hour_shares),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": f"^ *({_SHARE}[ ,]*){{24}}$"},
                {"type": "array", "items": {"type": "string"}, "minItems": 24, "maxItems": 24},
            ]
        }
    ),
]
Deadline = Annotated[
    Aim, BeforeValidator(_deadline), _pattern(rf"{_DATE}|P\( *finish *<= *{_DATE} *\) *>= *{_SHARE}", "2027-06-15")
]
Budget = Annotated[
    Aim,
    BeforeValidator(_budget),
    _pattern(rf"{PATTERN} *[A-Z]{{3}}|P\( *cost *<= *{PATTERN} *[A-Z]{{3}} *\) *>= *{_SHARE}", "60_000 EUR"),
]
AccuracyGoal = Annotated[Aim, _at_least("accuracy"), _goal_schema("accuracy")]
OnTimeGoal = Annotated[Aim, _at_least("on_time"), _goal_schema("on_time")]
