"""A number of a scenario file: with its unit, within its bounds, and as a JSON Schema."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from . import units
from .problems import guess, quoted
from .written import JsonSchema, text_of

PATTERN = r"[0-9][0-9_]*(\.[0-9][0-9_]*)?([eE][+-]?[0-9]+)?"
"""A number without sign in a JSON Schema's pattern."""

_PLURALS = {
    "percent": "%",
    "item": " items",
    "person": " people",
    "label": " labels",
    "task": " tasks",
    "lot": " lots",
    "item/week": " items/week",
    "session/week": " sessions/week",
}


class Reader:
    """What reads a field: `Annotated[float, Number(...)]` has its check and its JSON Schema."""

    def __call__(self, value: object) -> Any:
        """The value in the line's own units. ValueError: the rule, what was found, how to mend it."""
        raise AssertionError("every reader reads")

    def schema(self) -> JsonSchema:
        """What an editor checks."""
        raise AssertionError("every reader has a schema")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return self.schema()


@dataclass(frozen=True)
class Number(Reader):
    """Reads a number with a unit, or a bare one where `unit` is "".

    what: the rule in words.  low, high: bounds in `unit`s; above: `low` itself is not allowed, below: nor `high`.
    divide: by which the value is divided, 100 for percentages.  optional: the unit may be left out ("people").
    words: a pattern of the unit.  exact: no other unit of the same kind is converted to it.
    """

    what: str
    unit: str
    example: str
    low: str
    high: str
    above: bool = False
    below: bool = False
    whole: bool = False
    divide: int = 1
    optional: bool = False
    words: str = ""
    exact: bool = False

    def __call__(self, value: object) -> float | int:
        text = text_of(value, self.what, self.example)
        number = self._read(text)
        low, high = Decimal(self.low), Decimal(self.high)
        if number < low or (self.above and number == low):
            raise ValueError(self._bound("more than" if self.above else "at least", low, text))
        if number > high or (self.below and number == high):
            raise ValueError(self._bound("less than" if self.below else "at most", high, text))
        if not self.whole:
            return float(number / self.divide)
        if number != number.to_integral_value():
            raise ValueError(f"must be a whole number, but got {quoted(text)}. Write it like {quoted(self.example)}.")
        return int(number)

    def _read(self, text: str) -> Decimal:
        if self.exact:
            return self._exactly(text)
        if self.unit and not self.optional:
            return units.quantity(text, self.unit, self.what, self.example)
        number, given = units.number(text, self.example)
        if not given:
            return number
        if not self.unit:
            raise ValueError(f"must be {self.what}, without a unit, but got {quoted(text)}. Write {self.example}.")
        return units.quantity(text, self.unit, self.what, self.example)

    def _exactly(self, text: str) -> Decimal:
        number, given = units.number(text, self.example)
        if re.fullmatch(self.words, given):
            return number
        needs = "needs a unit" if not given else f"is written in {self.unit}"
        raise ValueError(f"{self.what} {needs}, but got {quoted(text)}. Write it like {quoted(self.example)}.")

    def _bound(self, relation: str, bound: Decimal, text: str) -> str:
        blank = "" if self.unit.startswith("%") else " "
        unit = _PLURALS.get(self.unit, f"{blank}{self.unit}" if self.unit else "")
        if self.unit == "s" and bound >= 86_400:
            bound, unit = bound / 86_400, " days"
        if bound == 1 and self.unit in _PLURALS and self.whole:
            unit = f" {self.unit}"
        return f"must be {relation} {bound:,f}{unit}, but got {quoted(text)}. Write it like {quoted(self.example)}."

    def schema(self) -> JsonSchema:
        """Text with a unit, or also a JSON number where the unit may be left out."""
        words = self.words.split() or []
        unit = " *(" + "|".join(words) + ")" if words else ""
        sign = "" if Decimal(self.low) >= 0 else "[+-]?"
        if self.unit and not self.optional:
            return {"type": "string", "pattern": f"^ *{sign}{PATTERN}{unit} *$", "examples": [self.example]}
        unit = f"({unit})?" if unit else ""
        kind = "integer" if self.whole else "number"
        bounds: JsonSchema = {"minimum": _json(self.low), "maximum": _json(self.high)}
        if self.above:
            bounds = {"exclusiveMinimum": bounds["minimum"], "maximum": bounds["maximum"]}
        either = [{"type": kind, **bounds}, {"type": "string", "pattern": f"^ *{sign}{PATTERN}{unit} *$"}]
        return {"anyOf": either, "examples": [self.example]}


def _json(bound: str) -> int | float:
    number = Decimal(bound)
    return int(number) if number == number.to_integral_value() else float(number)


@dataclass(frozen=True)
class Choice(Reader):
    """Reads one of a few words."""

    words: tuple[str, ...]

    def __call__(self, value: object) -> str:
        text = text_of(value, f"one of {', '.join(self.words)}", self.words[0]).strip()
        if text in self.words:
            return text
        raise ValueError(f"must be one of {', '.join(self.words)}, but got {quoted(text)}.{guess(text, self.words)}")

    def schema(self) -> JsonSchema:
        """An enumeration."""
        return {"type": "string", "enum": list(self.words)}
