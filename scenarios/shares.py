"""Tables of shares that sum to one: of classes, of pools, of the stages that follow."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from . import units
from .names import Label, Name
from .problems import listed, quoted
from .values import SHARE_SCHEMA
from .written import JsonSchema, Whole, text_of


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


def _one_stage(value: object) -> object:
    """`review` is short for `{review: 100%}`."""
    return {value: "100%"} if isinstance(value, str) else value


SHARES_SCHEMA: JsonSchema = {"type": "object", "minProperties": 1, "additionalProperties": SHARE_SCHEMA}
_POOLS_SCHEMA: JsonSchema = {
    "anyOf": [SHARES_SCHEMA, {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1}]
}
_WAY_SCHEMA: JsonSchema = {"anyOf": [SHARES_SCHEMA, {"type": "string", "minLength": 1}]}
Percent = Annotated[Decimal, BeforeValidator(_percent)]
ClassShares = Annotated[
    dict[Label, Percent], Field(max_length=1000), AfterValidator(_sum_to_one), Whole(), WithJsonSchema(SHARES_SCHEMA)
]
PoolShares = Annotated[
    dict[Name, Percent], BeforeValidator(_one_pool), AfterValidator(_sum_to_one), Whole(), WithJsonSchema(_POOLS_SCHEMA)
]
Way = Annotated[
    dict[Name, Percent], BeforeValidator(_one_stage), AfterValidator(_sum_to_one), Whole(), WithJsonSchema(_WAY_SCHEMA)
]
"""The stage that follows, or several, each with its chance."""
