"""Goals of a scenario file: a date, an amount or a share, for the mean or as a chance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema

from ..sim.line import MICRO
from . import units
from .dates import DATE, Moment, moment
from .problems import quoted
from .readers import PATTERN
from .values import micro_units
from .written import text_of

_AT_LEAST = re.compile(r">=\s*(.+)", re.DOTALL)
_CHANCE = re.compile(r"P\(\s*(\w+)\s*(>=|<=)\s*(.+?)\s*\)\s*>=\s*(.+)", re.DOTALL)


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
        return Aim(value=percent(match[1]), chance=chance)

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
    return match[3], percent(match[4])


def percent(text: str) -> float:
    """A share above 0% that is wanted. ValueError: the rule, what was found, how to mend it."""
    share = units.quantity(text, "percent", "a share", "97%")
    if not 0 < share <= Decimal(100):
        raise ValueError(f"a goal lies above 0% and is at most 100%, but got {quoted(text)}.")
    return float(share / 100)


_SHARE = rf"{PATTERN} *%"


def _pattern(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^ *({pattern}) *$", "examples": [example]})


def _goal_schema(kpi: str) -> WithJsonSchema:
    return _pattern(rf">= *{_SHARE}|P\( *{kpi} *>= *{_SHARE} *\) *>= *{_SHARE}", ">= 97%")


Deadline = Annotated[
    Aim, BeforeValidator(_deadline), _pattern(rf"{DATE}|P\( *finish *<= *{DATE} *\) *>= *{_SHARE}", "2027-06-15")
]
Budget = Annotated[
    Aim,
    BeforeValidator(_budget),
    _pattern(rf"{PATTERN} *[A-Z]{{3}}|P\( *cost *<= *{PATTERN} *[A-Z]{{3}} *\) *>= *{_SHARE}", "60_000 EUR"),
]
AccuracyGoal = Annotated[Aim, _at_least("accuracy"), _goal_schema("accuracy")]
OnTimeGoal = Annotated[Aim, _at_least("on_time"), _goal_schema("on_time")]
