"""The values of a scenario file: one small reader for each kind of number, date, share and name.

A reader takes what stands in the file (text, or by mistake a list or a mapping) and gives the value in the line's own
units, or raises ValueError with the rule, what was found and how to mend it. `schema` is its JSON Schema.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from ..sim.line import MICRO
from . import units
from .names import Label, Name
from .problems import guess, listed, quoted
from .written import JsonSchema, Whole, text_of

PATTERN = r"[0-9][0-9_]*(\.[0-9][0-9_]*)?([eE][+-]?[0-9]+)?"
"""A number without sign in a JSON Schema's pattern."""


@dataclass(frozen=True)
class Number:
    """Reads a number with a unit, or a bare one where `unit` is "".

    what: the rule in words.  low, high: bounds in `unit`s; above: `low` itself is not allowed, below: nor `high`.
    divide: by which the value is divided, 100 for percentages.  also: a unit that may be left out ("people").
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
        if self.unit and not self.optional:
            return units.quantity(text, self.unit, self.what, self.example)
        number, given = units.number(text, self.example)
        if not given:
            return number
        if not self.unit:
            raise ValueError(f"must be {self.what}, without a unit, but got {quoted(text)}. Write {self.example}.")
        return units.quantity(text, self.unit, self.what, self.example)

    def _bound(self, relation: str, bound: Decimal, text: str) -> str:
        unit = _PLURALS.get(self.unit, f" {self.unit}" if self.unit else "")
        if self.unit == "s" and bound >= 86_400:
            bound, unit = bound / 86_400, " days"
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


_PLURALS = {"percent": "%", "item": " items", "person": " people", "label": " labels", "item/week": " items/week"}


def _json(bound: str) -> int | float:
    number = Decimal(bound)
    return int(number) if number == number.to_integral_value() else float(number)


TIME_WORDS = "ms s secs? seconds? milliseconds? min mins minutes? h hr hrs hours? d days? wk wks weeks?".replace(
    " ", " "
).strip()

YEAR = "31536000"

_SECONDS = Number("a time", "s", "42 s", "0.001", YEAR, words=TIME_WORDS)
_SECONDS_OR_NONE = Number("a time", "s", "5 s", "0", YEAR, words=TIME_WORDS)
_SPAN = Number("a time", "s", "15 days", "0", "315360000", above=True, words=TIME_WORDS)
_ITEMS = Number("a number of items", "item", "40_000 items", "0", "10000000", whole=True, words="items?")
_RATE = Number(
    "a rate of items", "item/week", "4_000 items/week", "0", "100000000", above=True,
    words="items?/(ms|s|sec|min|minute|h|hr|hour|d|day|wk|week)",
)  # fmt: skip
_PEOPLE = Number("a number of people", "person", "6", "0", "10000", whole=True, optional=True, words="people|persons?")
_SHARE = Number("a share", "percent", "20%", "0", "100", divide=100, words="%|percent")
_IDLE = Number("a share", "percent", "18%", "0", "95", divide=100, words="%|percent")
_SURE = Number("a share", "percent", "95%", "0.01", "99.99", divide=100, words="%|percent")
_LABELS = Number("a whole number", "", "3", "1", "100", whole=True)
_ROUNDS = Number("a whole number", "", "3", "0", "100", whole=True)
_PRIORITY = Number("a whole number", "", "1", "0", "1000000", whole=True)
_LOGITS = Number("a number of logits", "", "0.8", "-20", "20")
_SPREAD = Number("a standard deviation", "", "0.8", "0", "5")
_SIGMA = Number("a standard deviation of the logarithm", "", "0.5", "0", "5", above=True)
_SHAPE = Number("a shape", "", "2", "0.01", "1000")

SECONDS_SCHEMA = _SECONDS.schema()
Seconds = Annotated[float, BeforeValidator(_SECONDS), WithJsonSchema(_SECONDS.schema())]
SecondsOrNone = Annotated[float, BeforeValidator(_SECONDS_OR_NONE), WithJsonSchema(_SECONDS_OR_NONE.schema())]
Span = Annotated[float, BeforeValidator(_SPAN), WithJsonSchema(_SPAN.schema())]
Items = Annotated[int, BeforeValidator(_ITEMS), WithJsonSchema(_ITEMS.schema())]
Rate = Annotated[float, BeforeValidator(_RATE), WithJsonSchema(_RATE.schema())]
People = Annotated[int, BeforeValidator(_PEOPLE), WithJsonSchema(_PEOPLE.schema())]
Share = Annotated[float, BeforeValidator(_SHARE), WithJsonSchema(_SHARE.schema())]
Idle = Annotated[float, BeforeValidator(_IDLE), WithJsonSchema(_IDLE.schema())]
Sure = Annotated[float, BeforeValidator(_SURE), WithJsonSchema(_SURE.schema())]
Labels = Annotated[int, BeforeValidator(_LABELS), WithJsonSchema(_LABELS.schema())]
Rounds = Annotated[int, BeforeValidator(_ROUNDS), WithJsonSchema(_ROUNDS.schema())]
Priority = Annotated[int, BeforeValidator(_PRIORITY), WithJsonSchema(_PRIORITY.schema())]
Logits = Annotated[float, BeforeValidator(_LOGITS), WithJsonSchema(_LOGITS.schema())]
Spread = Annotated[float, BeforeValidator(_SPREAD), WithJsonSchema(_SPREAD.schema())]
Sigma = Annotated[float, BeforeValidator(_SIGMA), WithJsonSchema(_SIGMA.schema())]
Shape = Annotated[float, BeforeValidator(_SHAPE), WithJsonSchema(_SHAPE.schema())]


def _attractor(value: object) -> float:
    """kappa, or infinity for `none`."""
    rule = Number("a number above zero, or none", "", "3", "0", "10000", above=True)
    return math.inf if value == "none" else float(rule(value))


Attractor = Annotated[
    float,
    BeforeValidator(_attractor),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "maximum": 10_000},
                {"type": "string", "pattern": f"^({PATTERN}|none)$"},
            ]
        }
    ),
]

DEAREST = 10**9
"""Units of currency that one amount may have."""


def micro_units(text: str, info: ValidationInfo, per: str = "", example: str = "0.42 EUR") -> int:
    """An amount of the scenario's currency as integer micro-units. per: a unit of time that may follow ("h")."""
    currency = (info.context or {}).get("currency")
    example = example.replace("EUR", currency or "EUR")
    target = currency or _currency_in(text)
    unit = f"{target}/{per}" if per and "/" in text else target
    amount = units.quantity(text, unit, "an amount of money", example)
    if amount < 0:
        raise ValueError(f"must be at least 0 {target}, but got {quoted(text)}. Write it like {quoted(example)}.")
    if amount > DEAREST:
        raise ValueError(f"must be at most {DEAREST:,} {target}, but got {quoted(text)}.")
    micro = amount * MICRO
    if micro != micro.to_integral_value():
        raise ValueError(f"must be in whole millionths of a {target}, but got {quoted(text)}. Round it.")
    return int(micro)


def _currency_in(text: str) -> str:
    """The currency that a text names, when the scenario's own is not known."""
    return next((word for word in text.replace("/", " ").split() if word in units.CURRENCIES), "EUR")


def _money(value: object, info: ValidationInfo) -> int:
    return micro_units(text_of(value, "an amount of money", "0.42 EUR"), info)


def _wage(value: object, info: ValidationInfo) -> int:
    return micro_units(text_of(value, "an amount of money", "31 EUR"), info, "h", "31 EUR")


MONEY_SCHEMA = {"type": "string", "pattern": f"^ *{PATTERN} *[A-Z]{{3}} *$", "examples": ["0.42 EUR"]}
_WAGE_SCHEMA = {"type": "string", "pattern": f"^ *{PATTERN} *[A-Z]{{3}} *(/ *(h|hr|hour))? *$", "examples": ["31 EUR"]}
Money = Annotated[int, BeforeValidator(_money), WithJsonSchema(MONEY_SCHEMA)]
Wage = Annotated[int, BeforeValidator(_wage), WithJsonSchema(_WAGE_SCHEMA)]


def _percent(value: object) -> Decimal:
    """A share in percent, exactly."""
    text = text_of(value, "a share", "20%")
    percent = units.quantity(text, "percent", "a share", "20%")
    if not 0 <= percent <= 100:
        raise ValueError(f"a share lies between 0% and 100%, but got {quoted(text)}.")
    return percent


def _sum_to_one(shares: dict[str, Decimal]) -> dict[str, Decimal]:
    if not shares:
        raise ValueError("must name at least one with its share, but names none.")
    total = sum(shares.values(), Decimal(0))
    if abs(total - 100) > Decimal("1e-9"):
        told = " + ".join(f"{percent:f}%" for percent in list(shares.values())[:8])
        told += " + ..." if len(shares) > 8 else ""
        raise ValueError(f"shares must sum to 100%, but {told} = {total:f}%. Mend one of them.")
    return {name: percent / 100 for name, percent in shares.items()}


def _one_pool(value: object) -> object:
    """`[one]` is short for `{one: 100%}`."""
    if not isinstance(value, list):
        return value
    names = [text_of(name, "the name of a pool", "team") for name in value]
    if not names:
        raise ValueError("must name at least one, but names none. Write it like [team].")
    if len(names) != 1:
        hint = "Write it like {team: 60%, vendor: 40%}, or [team] for one."
        raise ValueError(f"a list names one pool, but got {len(names)}: {listed(names)}; several need shares. {hint}")
    return {names[0]: "100%"}


SHARES_SCHEMA: JsonSchema = {"type": "object", "minProperties": 1, "additionalProperties": _SHARE.schema()}
POOLS_SCHEMA: JsonSchema = {
    "anyOf": [SHARES_SCHEMA, {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1}]
}
Percent = Annotated[Decimal, BeforeValidator(_percent)]
ClassShares = Annotated[
    dict[Label, Percent], Field(max_length=1000), AfterValidator(_sum_to_one), Whole(), WithJsonSchema(SHARES_SCHEMA)
]
PoolShares = Annotated[
    dict[Name, Percent], BeforeValidator(_one_pool), AfterValidator(_sum_to_one), Whole(), WithJsonSchema(POOLS_SCHEMA)
]


@dataclass(frozen=True)
class Choice:
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


def _yes(value: object) -> bool:
    text = text_of(value, "true or false", "true").strip()
    if text in ("true", "false"):
        return text == "true"
    raise ValueError(f"must be true or false, but got {quoted(text)}.")


YesNo = Annotated[bool, BeforeValidator(_yes), WithJsonSchema({"type": "boolean"})]
