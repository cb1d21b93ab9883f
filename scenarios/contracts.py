"""What a pool costs, as a scenario file writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from . import values
from .parts import Part, Short, incomplete, key
from .readers import Number
from .written import JsonSchema, Whole

_BOUND = Number("a number of labels", "label", "50_000", "1", "1000000000", whole=True, optional=True)
_FORM = "{50_000: 0.42 EUR, rest: 0.35 EUR}"


def _bound(value: object) -> int | None:
    """The last label of a tier, None for the rest."""
    return None if value == "rest" else int(_BOUND(value))


def _flat(value: object) -> object:
    """One price is the rest; a tier that is written twice in two ways is told before one hides the other."""
    if not isinstance(value, Mapping):
        return {"rest": value} if isinstance(value, str) else value
    digits = [str(name).replace("_", "").removesuffix("labels").removesuffix("label").strip() for name in value]
    if twice := [one for number, one in enumerate(digits) if one in digits[:number]]:
        raise ValueError(f"each tier stands once, but {twice[0]} stands twice. Take one out.")
    return value


def _ascending(prices: dict[int | None, int]) -> dict[int | None, int]:
    if None not in prices:
        raise ValueError(f"needs a price for the rest, but got none. Write it like {_FORM}.")
    return dict(sorted(prices.items(), key=lambda tier: (tier[0] is None, tier[0] or 0)))


_TIER_PRICES: JsonSchema = {
    "type": "object",
    "properties": {"rest": values.MONEY_SCHEMA},
    "patternProperties": {"^[0-9][0-9_]*( labels?)?$": values.MONEY_SCHEMA},
    "additionalProperties": False,
    "required": ["rest"],
}
Tiers = Annotated[
    dict[Annotated[int | None, BeforeValidator(_bound)], values.Money],
    Field(max_length=100),
    BeforeValidator(_flat),
    AfterValidator(_ascending),
    Whole(),
    WithJsonSchema(_TIER_PRICES),
]


class PerLabel(Part):
    """A price for each finished label. `0.42 EUR` is short for `{tiers: {rest: 0.42 EUR}}`."""

    scales = ("tiers",)

    tiers: Tiers = key(
        "Price of each label up to and including the number named, then of the rest.",
        example=_FORM,
    )


Price = Annotated[PerLabel, Short("tiers", values.MONEY_SCHEMA)]


class Pay(Part):
    """What a pool costs; the parts add up."""

    scales = ("hourly", "per_label")

    hourly: values.Wage | None = key("Paid for each person and hour on shift, busy or not.", None, "31 EUR")
    per_label: Price | None = key("Paid for each task that the pool finishes.", None, "0.42 EUR")
    rework_paid: values.YesNo = key("Whether tasks of rework are paid by the label, too.", "no", "yes", assumed=True)

    @model_validator(mode="after")
    def _some(self) -> Any:
        if self.hourly is None and self.per_label is None:
            raise incomplete(
                "needs hourly or per_label, but got neither. Write `hourly: 31 EUR`, or 0 EUR if it costs nothing."
            )
        return self
