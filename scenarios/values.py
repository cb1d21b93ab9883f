"""The kinds of number and of word that a scenario file has, each with its unit and its bounds."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema

from ..sim.line import MICRO
from . import units
from .problems import quoted
from .readers import PATTERN, Number
from .written import JsonSchema, text_of

_TIMES = "ms s secs? seconds? milliseconds? min mins minutes? h hr hrs hours? d days? wk wks weeks?"
_WEEK = "wk|weeks?"
YEAR = "31536000"

_SECONDS = Number("a time", "s", "42 s", "0.001", YEAR, words=_TIMES)
_SHARE = Number("a share", "percent", "20%", "0", "100", divide=100, words="%|percent")
SECONDS_SCHEMA = _SECONDS.schema()
SHARE_SCHEMA = _SHARE.schema()

Seconds = Annotated[float, _SECONDS]
SecondsOrNone = Annotated[float, Number("a time", "s", "5 s", "0", YEAR, words=_TIMES)]
Span = Annotated[float, Number("a time", "s", "15 days", "0", "315360000", above=True, words=_TIMES)]
SPAN_SCHEMA = Number("a time", "s", "15 days", "0", "315360000", above=True, words=_TIMES).schema()
Tick = Annotated[float, Number("a time", "s", "1 s", "0.001", "3600", words=_TIMES)]
ITEMS = Number("a number of items", "item", "40_000 items", "0", "10000000", whole=True, words="items?")
SOME_ITEMS = Number("a number of items", "item", "200 items", "1", "10000000", whole=True, words="items?")
Items = Annotated[int, ITEMS]
SomeItems = Annotated[int, SOME_ITEMS]
Rate = Annotated[
    float,
    Number(
        "a rate of items", "item/week", "4_000 items/week", "0", "100000000", above=True,
        words="items?/(ms|s|sec|min|minute|h|hr|hour|d|day|wk|week)",
    ),
]  # fmt: skip
PEOPLE = Number("a number of people", "person", "6", "0", "10000", whole=True, optional=True, words="people|persons?")
People = Annotated[int, PEOPLE]
SomePeople = Annotated[
    int, Number("a number of people", "person", "3", "1", "10000", whole=True, optional=True, words="people|persons?")
]
Tasks = Annotated[int, Number("a number of tasks", "task", "200 tasks", "0", "1000000", whole=True, words="tasks?")]
SomeTasks = Annotated[int, Number("a number of tasks", "task", "200 tasks", "1", "1000000", whole=True, words="tasks?")]
Score = Annotated[int, Number("a whole number", "", "40", "1", "100000", whole=True)]
TENURE = Number("a number of tasks", "task", "500 tasks", "1", "1000000", whole=True, words="tasks?")
COUNT = Number("a number", "", "12", "0.01", "1000000")
Count = Annotated[float, COUNT]
Share = Annotated[float, _SHARE]
Idle = Annotated[float, Number("a share", "percent", "18%", "0", "95", divide=100, words="%|percent")]
Sure = Annotated[float, Number("a share", "percent", "95%", "0.01", "99.99", divide=100, words="%|percent")]
AUC = Number("an area under the ROC curve", "", "0.85", "0.5", "0.9999")
Auc = Annotated[float, AUC]
Correlation = Annotated[float, Number("a correlation", "", "0.6", "0", "0.99")]
Confident = Annotated[float, Number("a share", "percent", "95%", "50", "99.99", divide=100, words="%|percent")]
LABELS = Number("a whole number", "", "3", "1", "100", whole=True)
Labels = Annotated[int, LABELS]
Rounds = Annotated[int, Number("a whole number", "", "3", "0", "100", whole=True)]
Servers = Annotated[int, Number("a whole number", "", "4", "1", "10000", whole=True)]
Steps = Annotated[int, Number("a whole number", "", "4", "1", "100", whole=True)]
Defects = Annotated[int, Number("a number of items", "item", "1 items", "0", "1000000", whole=True, words="items?")]
Lots = Annotated[int, Number("a number of lots", "lot", "5 lots", "1", "1000", whole=True, words="lots?")]
Priority = Annotated[int, Number("a whole number", "", "1", "0", "1000000", whole=True)]
Logits = Annotated[float, Number("a number of logits", "", "0.8", "-20", "20")]
Harder = Annotated[float, Number("a number of logits", "", "2.5", "0", "20")]
Spread = Annotated[float, Number("a standard deviation", "", "0.8", "0", "5")]
Sigma = Annotated[float, Number("a standard deviation of the logarithm", "", "0.5", "0", "5", above=True)]
Shape = Annotated[float, Number("a shape", "", "2", "0.01", "1000")]
Steep = Annotated[float, Number("a shape", "", "4", "2", "1000", above=True)]
Half = Annotated[float, Number("a share", "percent", "20%", "0", "50", divide=100, above=True, words="%|percent")]
_FACTOR = Number("a factor", "", "1.3", "0.01", "100")
Factor = Annotated[float, _FACTOR]
Premium = Annotated[float, Number("a factor", "", "1.5", "1", "10")]
_EXCHANGED = Number("an exchange rate", "", "0.92", "0.000001", "1000000")
Exchanged = Annotated[float, _EXCHANGED]
Periods = Annotated[int, Number("a whole number", "", "3", "0", "1000", whole=True)]
_DAYS = Number("a number of days", "day", "30 days", "0", "3650", whole=True, words="d days? wk wks weeks?")
DAYS_SCHEMA = _DAYS.schema()
Days = Annotated[int, _DAYS]
Months = Annotated[int, Number("a whole number", "", "12", "1", "1200", whole=True)]
_RAISE = Number("a share", "percent", "3%", "0", "1000", divide=100, words="%|percent")
Raise = Annotated[float, _RAISE]
SHARE, SPAN = _SHARE, Number("a time", "s", "24 h", "0", YEAR, above=True, words=_TIMES)
_CHANGE = Number("a share", "percent", "-10%", "-100", "1000", divide=100, words="%|percent")
Change = Annotated[float, _CHANGE]
FACTOR_SCHEMA, CHANGE_SCHEMA = _FACTOR.schema(), _CHANGE.schema()
SHARE_SCHEMA, RAISE_SCHEMA, RATE_SCHEMA = _SHARE.schema(), _RAISE.schema(), _EXCHANGED.schema()
Exponent = Annotated[float, Number("an exponent", "", "0.15", "0", "2")]
Harm = Annotated[float, Number("a number", "", "5", "0", "1000000")]
Growth = Annotated[
    float, Number("a growth", "%/week", "2%/week", "-50", "100", divide=100, words=f"%/({_WEEK})", exact=True)
]
_LEAVING = Number("a share that leaves", "%/year", "20%/year", "0", "1000", divide=100, words="%/years?", exact=True)
LEAVING_SCHEMA = _LEAVING.schema()
Leaving = Annotated[float, _LEAVING]
Slowing = Annotated[
    float, Number("a slowing", "%/hour", "1%/hour", "0", "100", divide=100, words="%/(h|hours?)", exact=True)
]
HoursAWeek = Annotated[
    float, Number("a time of each week", "h/week", "4 h/week", "0", "60", words=f"(h|hours?)/({_WEEK})", exact=True)
]
Weeks = Annotated[int, Number("a number of weeks", "week", "4 weeks", "1", "104", whole=True, words=_WEEK, exact=True)]


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

_SESSIONS = Number("a rate of sessions", "session/week", "40/hour", "0", "10000000", above=True)


def _sessions(value: object) -> float:
    """Sessions in a week; 40/hour is short for 40 sessions/hour."""
    text = text_of(value, _SESSIONS.what, _SESSIONS.example)
    return _SESSIONS(re.sub(r"^([\s\d_.eE+]*)/", r"\1 session/", text, count=1))


SESSIONS_SCHEMA: JsonSchema = {
    "type": "string",
    "pattern": f"^ *{PATTERN} *(sessions?)? */ *(s|sec|min|minute|h|hr|hour|d|day|wk|week) *$",
    "examples": ["40/hour"],
}
SessionRate = Annotated[float, BeforeValidator(_sessions), WithJsonSchema(SESSIONS_SCHEMA)]

DEAREST = 10**9
"""Units of currency that one amount may have."""


def micro_units(
    text: str, info: ValidationInfo, per: str = "", example: str = "0.42 EUR", currency: str | None = None
) -> int:
    """An amount as integer micro-units. per: a unit of time that may follow ("h").  currency: None for the
    scenario's."""
    currency = currency or (info.context or {}).get("currency")
    example = example.replace("EUR", currency or "EUR")
    target = currency or _currency_in(text)
    unit = f"{target}/{per}" if per and "/" in text else target
    if why := units.grouped(text):
        raise ValueError(why)
    amount = units.quantity(text, unit, "an amount of money", example)
    if amount < 0:
        raise ValueError(f"must be at least 0 {target}, but got {quoted(text)}. Write it like {quoted(example)}.")
    if amount > DEAREST:
        raise ValueError(f"must be at most {DEAREST:,} {target}, but got {quoted(text)}.")
    micro = amount * MICRO
    if micro != micro.to_integral_value():
        raise ValueError(f"must be in whole millionths of a {target}, but got {quoted(text)}. Round it.")
    return int(micro)


@dataclass(frozen=True)
class Amount:
    """Integer micro-units of a currency."""

    micro: int
    currency: str


def _amount(value: object, info: ValidationInfo) -> Amount:
    return _of_any(value, info, "", "0.42 EUR")


def _hourly_amount(value: object, info: ValidationInfo) -> Amount:
    return _of_any(value, info, "h", "31 EUR")


def _of_any(value: object, info: ValidationInfo, per: str, example: str) -> Amount:
    """An amount of the currency that the text names; one that names none is told of the scenario's."""
    text = text_of(value, "an amount of money", example)
    named = next((word for word in text.replace("/", " ").split() if word in units.CURRENCIES), None)
    context = info.context or {}
    home = context.get("currency")
    currency = named or home or "EUR"
    if home and currency not in (home, *context["exchange"]):
        rule = f"must be in {home}, the scenario's currency, or one of `exchange`, but got {quoted(text)}"
        raise ValueError(f"{rule}. Write the amount in {home}, or `exchange: {{{currency}: 0.92}}` with its rate.")
    return Amount(micro_units(text, info, per, example, currency), currency)


def _currency_in(text: str) -> str:
    """The currency that a text names, when the scenario's own is not known."""
    return next((word for word in text.replace("/", " ").split() if word in units.CURRENCIES), "EUR")


def _money(value: object, info: ValidationInfo) -> int:
    return micro_units(text_of(value, "an amount of money", "0.42 EUR"), info)


def _by_month(value: object, info: ValidationInfo) -> int:
    """Micro-units of an amount for each month, which must say so."""
    text = text_of(value, "an amount of money by the month", "300 EUR/month")
    amount, found = re.subn(r" *\/ *months? *$", "", text)
    currency = (info.context or {}).get("currency") or _currency_in(text)
    if not found:
        rule = f"must be an amount of money by the month, but got {quoted(text)}"
        raise ValueError(f"{rule}. Write it like {quoted(f'300 {currency}/month')}.")
    return micro_units(amount, info, "", "300 EUR/month")


MONEY_SCHEMA = {"type": "string", "pattern": f"^ *{PATTERN} *[A-Z]{{3}} *$", "examples": ["0.42 EUR"]}
_WAGE_SCHEMA = {"type": "string", "pattern": f"^ *{PATTERN} *[A-Z]{{3}} *(/ *(h|hr|hour))? *$", "examples": ["31 EUR"]}
Money = Annotated[int, BeforeValidator(_money), WithJsonSchema(MONEY_SCHEMA)]
Monthly = Annotated[
    int,
    BeforeValidator(_by_month),
    WithJsonSchema(
        {"type": "string", "pattern": f"^ *{PATTERN} *[A-Z]{{3}} */ *months? *$", "examples": ["300 EUR/month"]}
    ),
]
Price = Annotated[Amount, BeforeValidator(_amount), WithJsonSchema(MONEY_SCHEMA)]
Wage = Annotated[Amount, BeforeValidator(_hourly_amount), WithJsonSchema(_WAGE_SCHEMA)]


def _yes(value: object) -> bool:
    text = text_of(value, "yes or no", "yes").strip()
    if text in ("yes", "no", "true", "false"):
        return text in ("yes", "true")
    raise ValueError(f"must be yes or no, but got {quoted(text)}.")


YesNo = Annotated[
    bool, BeforeValidator(_yes), WithJsonSchema({"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}]})
]
