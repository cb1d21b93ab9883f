"""Days of the week, hours of the day, and what a scenario says of each hour of the week."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from . import units
from .problems import guess, quoted
from .readers import PATTERN
from .written import JsonSchema, text_of

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", re.ASCII)
_REPEATED = re.compile(r"(?:(\d{1,2})\s*x\s*)?([^\s,]+)", re.ASCII)

Spans = tuple[tuple[int, int], ...]
"""(start, end) in seconds after midnight, disjoint, sorted."""

ByDay = tuple[tuple[tuple[int, ...] | None, Spans], ...]
"""Hours of some days (None: of the days that stand beside them)."""


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


def day_hours(value: object) -> Spans:
    """Reads 09:00-13:00, 14:00-18:00."""
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


def _week_hours(value: object) -> ByDay:
    """Reads hours of the day, or a mapping of days to them."""
    if not isinstance(value, dict):
        return ((None, day_hours(value)),)
    table = tuple((day_numbers(days), day_hours(hours)) for days, hours in value.items())
    named = [day for days, _ in table for day in days]
    if twice := [day for number, day in enumerate(named) if day in named[:number]]:
        raise ValueError(f"each day stands once, but {DAYS[twice[0]]} stands twice. Take one out.")
    if not table:
        raise ValueError('names no day. Write it like {Mon-Thu: "09:00-17:00", Fri: "09:00-13:00"}.')
    return table


def _each_hour(value: object, what: str, example: str, read: Callable[[str], float]) -> tuple[float, ...]:
    """24 values, divided by blanks or commas, or as a list; `8 x 0%` stands for eight alike."""
    text = ", ".join(text_of(word, what, example) for word in value) if isinstance(value, list) else value
    words = [
        word
        for count, word in _REPEATED.findall(text_of(text, f"24 {what}s", f"9 x {example}, 15 x {example}"))
        for _ in range(int(count or 1))
    ]
    if len(words) != 24:
        raise ValueError(f"a day has 24 {what}s, one for each hour, but got {len(words)}.")
    return tuple(read(word) for word in words)


def _share(word: str) -> float:
    share = units.quantity(word, "percent", "a share", "50%")
    if not 0 <= share <= 100:
        raise ValueError(f"a share lies between 0% and 100%, but got {quoted(word)}.")
    return float(share / 100)


def _weight(word: str) -> float:
    weight, unit = units.number(word, "3")
    if unit or not 0 <= weight <= Decimal(10) ** 9:
        raise ValueError(f"a weight is a number of at least 0, without a unit, but got {quoted(word)}.")
    return float(weight)


def _hour_shares(value: object) -> tuple[float, ...]:
    return _each_hour(value, "share", "50%", _share)


def _hour_weights(value: object) -> tuple[float, ...]:
    return _each_hour(value, "weight", "3", _weight)


_HOURS = "[0-9]{1,2}:[0-9]{2} *- *[0-9]{1,2}:[0-9]{2}"
_HOURS_SCHEMA: JsonSchema = {
    "type": "string",
    "pattern": f"^ *({_HOURS}( *, *{_HOURS})*) *$",
    "examples": ["09:00-18:00"],
}
_DAYS_PATTERN = "^ *[A-Z][a-z]{2}.*$"


def _hourly(pattern: str, kind: str) -> WithJsonSchema:
    written = {"type": "string", "pattern": f"^ *(([0-9]{{1,2}} *x *)?{pattern}([ ,]+|$))+$"}
    return WithJsonSchema({"anyOf": [written, {"type": "array", "items": {"type": kind}, "maxItems": 24}]})


Days = Annotated[
    tuple[int, ...],
    BeforeValidator(day_numbers),
    WithJsonSchema({"type": "string", "pattern": _DAYS_PATTERN, "examples": ["Mon-Fri"]}),
]
WeekHours = Annotated[
    ByDay,
    BeforeValidator(_week_hours),
    WithJsonSchema(
        {
            "anyOf": [
                _HOURS_SCHEMA,
                {"type": "object", "patternProperties": {_DAYS_PATTERN: _HOURS_SCHEMA}, "minProperties": 1},
            ]
        }
    ),
]
HourShares = Annotated[tuple[float, ...], BeforeValidator(_hour_shares), _hourly(f"{PATTERN} *%", "string")]
HourWeights = Annotated[tuple[float, ...], BeforeValidator(_hour_weights), _hourly(PATTERN, "number")]
