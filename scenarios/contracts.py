"""What a pool costs, as a scenario file writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from . import names, values
from .dates import DATE, Moment, When, moment
from .parts import Part, Short, incomplete, key
from .problems import quoted
from .readers import Choice, Number
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


def _ascending(prices: dict[int | None, values.Amount]) -> dict[int | None, values.Amount]:
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
    dict[Annotated[int | None, BeforeValidator(_bound)], values.Price],
    Field(max_length=100),
    BeforeValidator(_flat),
    AfterValidator(_ascending),
    Whole(),
    WithJsonSchema(_TIER_PRICES),
]


def _apart(read: Number) -> Callable[[object], object]:
    """Tells keys that mean the same number before one hides the other."""

    def _checked(value: object) -> object:
        if isinstance(value, Mapping):
            numbers = [read(name) for name in value]
            for place, name in enumerate(value):
                if numbers[place] in numbers[:place]:
                    raise ValueError(f"each key stands once, but {quoted(name)} stands twice. Take one out.")
        return value

    return _checked


Rush = Annotated[
    dict[Annotated[float, BeforeValidator(values.SPAN)], values.Factor],
    Field(max_length=20),
    BeforeValidator(_apart(values.SPAN)),
    Whole(),
    WithJsonSchema({"type": "object", "additionalProperties": values.FACTOR_SCHEMA}),
]
Changes = Annotated[
    dict[Annotated[float, BeforeValidator(values.SHARE)], values.Change],
    Field(min_length=1, max_length=50),
    BeforeValidator(_apart(values.SHARE)),
    Whole(),
    WithJsonSchema({"type": "object", "additionalProperties": values.CHANGE_SCHEMA, "minProperties": 1}),
]
Count = Annotated[Literal["run", "month", "quarter", "year"], Choice(("run", "month", "quarter", "year"))]
Scheme = Annotated[Literal["marginal", "all_units"], Choice(("marginal", "all_units"))]
Unit = Annotated[Literal["label", "item", "object"], Choice(("label", "item", "object"))]
Per = Annotated[Literal["month", "quarter", "year"], Choice(("month", "quarter", "year"))]


class PerLabel(Part):
    """A price by the piece. `0.42 EUR` is short for `{tiers: {rest: 0.42 EUR}}`."""

    scales = ("tiers",)

    tiers: Tiers = key(
        "Price of each piece up to and including the number named, then of the rest.",
        example=_FORM,
    )
    scheme: Scheme = key(
        "`marginal`: each piece has the price of its own tier; `all_units`: all of a count have its last one's.",
        "marginal",
        "all_units",
    )
    count: Count = key(
        "Pieces are counted through the whole `run`, or anew each calendar `month`, `quarter` or `year`.",
        "run",
        "month",
    )
    unit: Unit = key(
        "What a piece is: each finished `label`; the first label of each `item`; each `object` of a labelled item.",
        "label",
        "item",
    )
    rush: Rush = key(
        "Factor on the price of items that are due so soon after they came; the shortest that they keep counts.",
        {},
        "{24 h: 1.5, 48 h: 1.25}",
    )


Price = Annotated[PerLabel, Short("tiers", values.MONEY_SCHEMA)]

_SHARES_BY_DATE: JsonSchema = {
    "type": "object",
    "patternProperties": {f"^ *{DATE} *$": values.SHARE_SCHEMA},
    "minProperties": 1,
}


class Commitment(Part):
    """What is paid at least. `20_000 EUR` is short for `{amount: 20_000 EUR}`."""

    scales = ("amount",)

    amount: values.Price = key("Use of less is billed as a shortfall at the end of each period.", example="20_000 EUR")
    per: Per = key("Calendar month, quarter or year.", "month", "quarter")
    carry: values.Periods = key(
        "In so many later periods, use beyond the minimum is credited against shortfalls that were paid.", "0", "3"
    )
    ramp: (
        Annotated[
            dict[Annotated[Moment, BeforeValidator(moment)], values.Share],
            Field(min_length=1, max_length=200),
            Whole(),
            WithJsonSchema(_SHARES_BY_DATE),
        ]
        | None
    ) = key(
        "From each date on, this share of the amount; nothing before the first. A bare date means its midnight.",
        None,
        "{2027-01-04: 50%, 2027-03-01: 100%}",
    )

    @model_validator(mode="after")
    def _dates(self) -> Any:
        if self.ramp is not None and len({one.local for one in self.ramp}) < len(self.ramp):
            raise ValueError("each date stands once, but one stands twice. Take one out.")
        return self


class ByQuality(Part):
    """How the bill for use changes with a share that is measured."""

    steps: Changes = key(
        "From each share on, so much more or less; nothing below the first.", example="{0%: -10%, 95%: 0%, 98%: 2%}"
    )
    per: Count = key("Measured and billed by the `month`, `quarter` or `year`, or for the whole `run`.", "month", "run")


class Audited(Part):
    """Labels that somebody else looks at."""

    share: values.Share = key("Of the paid pieces.", example="5%")
    price: values.Price = key("For each that is looked at.", example="0.10 EUR")


class Indexed(Part):
    """Prices that rise. `3%` is short for `{by: 3%}`."""

    by: values.Raise = key("Prices but the minimum and the set-up rise by so much, compound.", example="3%")
    months: values.Months = key("Every so many months, from the day on which they were agreed.", "12", "12")


class Refunded(Part):
    """What comes off for each lot that is refused at its first inspection. `50%` is short for `{share: 50%}`."""

    share: values.Share = key("Of what the pieces of the lot were billed.", "0%", "50%")
    amount: values.Price | None = key("For each lot with paid pieces, beside that.", None, "100 EUR")

    @model_validator(mode="after")
    def _some(self) -> Any:
        if not self.share and self.amount is None:
            raise incomplete("needs a share or an amount, but got neither. Write `lots: 50%`.")
        return self


class Ended(Part):
    """How the contract ends. `60 days` is short for `{notice: 60 days}`."""

    scales = ("notice",)

    notice: values.Days = key(
        "So many days after that of notice the monthly fee and the minimum stand, whatever is done.", example="60 days"
    )
    given: When | None = key(
        "The day of notice; that on which the work ends if not said, or if that is earlier.", None, "2027-03-01"
    )


class Prices(Part):
    """What work under a contract costs; the parts add up. Amounts of one contract are in one currency."""

    scales = ("hourly", "salary", "per_label", "monthly", "management", "seat", "minimum")

    hourly: values.Wage | None = key("Paid for each person and hour on shift, busy or not.", None, "31 EUR")
    overtime: values.Premium = key("Factor on the hourly pay of hours in overtime.", "1", "1.5")
    salary: values.Price | None = key("Paid for each person and month, by the days employed.", None, "3_800 EUR")
    per_label: Price | None = key("Paid for each task that the pool finishes.", None, "0.42 EUR")
    rework_paid: values.YesNo = key("Whether tasks of rework are paid by the label, too.", "no", "yes", assumed=True)
    monthly: values.Price | None = key("Paid for each calendar month begun.", None, "2_500 EUR")
    management: values.Price | None = key(
        "Leads and project managers, paid for each calendar month begun.", None, "6_000 EUR"
    )
    set_up: values.Price | None = key("Paid once, at the start.", None, "8_000 EUR")
    seat: values.Price | None = key("Paid for each person and calendar month begun: a platform's.", None, "45 EUR")
    minimum: Annotated[Commitment, Short("amount", values.MONEY_SCHEMA)] | None = key(
        "What hours, salaries and labels together cost at least.", None, "20_000 EUR"
    )
    index: Annotated[Indexed, Short("by", values.RAISE_SCHEMA)] | None = key("How prices rise.", None, "3%")
    accuracy: ByQuality | None = key(
        "Bonus and malus by the share of labels that are right, of those whose truth is known.",
        None,
        "{steps: {0%: -10%, 95%: 0%, 98%: 2%}}",
    )
    on_time: ByQuality | None = key(
        "Credit by the share of labels finished by their items' due dates.",
        None,
        "{steps: {0%: -15%, 90%: 0%}, per: run}",
    )
    audit: Audited | None = key("What is paid for audits of the labels.", None, "{share: 5%, price: 0.10 EUR}")
    lots: Annotated[Refunded, Short("share", values.SHARE_SCHEMA)] | None = key(
        "What comes off for each lot that an inspection refuses.", None, "50%"
    )
    hiring: values.Price | None = key("Paid for each person who comes after the start.", None, "2_500 EUR")
    leaving: values.Price | None = key("Paid for each person who leaves before the end.", None, "4_000 EUR")
    notice: values.Days = key(
        "So many days after the last one who leaves is paid on, without work, by the salary and by the hour.",
        "0 days",
        "30 days",
    )
    termination: Annotated[Ended, Short("notice", values.DAYS_SCHEMA)] | None = key(
        "How the contract ends: its fees and minimum stand to the end of the run if not said.", None, "60 days"
    )
    tax: values.Share = key("On top of every invoice; what is not got back.", "0%", "19%")

    @property
    def pays(self) -> bool:
        """Whether anything is a price, however low; an audit is one only beside others, and what comes off is none."""
        off = self.lots is not None and self.lots.amount is not None
        return len(self.amounts) > (self.audit is not None) + off

    @property
    def amounts(self) -> list[values.Amount]:
        """All that are written."""
        found = [
            self.hourly,
            self.salary,
            self.monthly,
            self.management,
            self.set_up,
            self.seat,
            self.hiring,
            self.leaving,
        ]
        found += [None if self.minimum is None else self.minimum.amount]
        found += [None if self.audit is None else self.audit.price]
        found += [None if self.lots is None else self.lots.amount]
        found += self.per_label.tiers.values() if self.per_label is not None else []
        return [one for one in found if one is not None]

    @model_validator(mode="after")
    def _in_use(self) -> Any:
        for name, of, there in (
            ("overtime", "hourly", self.hourly is not None),
            ("audit", "per_label", self.per_label is not None),
            ("lots", "per_label", self.per_label is not None),
            ("notice", "salary or hourly", self.salary is not None or self.hourly is not None),
            ("termination", "monthly, management or minimum", any((self.monthly, self.management, self.minimum))),
        ):
            if name in self.model_fields_set and not there and not getattr(self, "contract", None):
                raise incomplete(f"{name} belongs to {of}, but there is none. Write {of} too, or take {name} out.")
        return self

    @model_validator(mode="after")
    def _one_currency(self) -> Any:
        if len(found := sorted({one.currency for one in self.amounts})) > 1:
            raise ValueError(
                f"amounts of one contract are in one currency, but are in {' and '.join(found)}. Convert some, or give "
                "the work to two pools."
            )
        return self


class Rates(Part):
    """What a unit of a currency is worth in the scenario's. `0.92` is short for `{constant: 0.92}`."""

    alternatives = (("constant", "dates"),)

    constant: values.Exchanged | None = key("The same all the time.", None, "0.92")
    dates: (
        Annotated[
            dict[Annotated[Moment, BeforeValidator(moment)], values.Exchanged],
            Field(min_length=1, max_length=1000),
            Whole(),
            WithJsonSchema(
                {"type": "object", "patternProperties": {f"^ *{DATE} *$": values.RATE_SCHEMA}, "minProperties": 1}
            ),
        ]
        | None
    ) = key(
        "From each date on; the first also before it. An invoice has the rate of the last day of its month.",
        None,
        "{2027-01-01: 0.92, 2027-07-01: 0.95}",
    )

    @model_validator(mode="after")
    def _one(self) -> Any:
        if self.constant is None and self.dates is None:
            raise incomplete("needs a rate, but got none. Write `exchange: {USD: 0.92}`.")
        if self.dates is not None and len({one.local for one in self.dates}) < len(self.dates):
            raise ValueError("each date stands once, but one stands twice. Take one out.")
        return self


Exchange = Annotated[Rates, Short("constant", values.RATE_SCHEMA)]


class Contract(Prices):
    """A contract that several pools may have together: what they do is counted and billed as one."""

    @model_validator(mode="after")
    def _some(self) -> Any:
        if not self.pays:
            raise incomplete("needs a price, but got none. Write `hourly: 31 EUR`, or 0 EUR if it costs nothing.")
        return self


class Pay(Prices):
    """What a pool costs: prices of its own, or a contract by name. `acme` is short for `{contract: acme}`."""

    alternatives = tuple(("contract", name) for name in Prices.model_fields)

    contract: names.Name | None = key("The contract, one of `contracts`, which then says all.", None, "acme")

    @model_validator(mode="after")
    def _some(self) -> Any:
        if self.contract is None and not self.pays:
            raise incomplete(
                "needs a price or a contract, but got neither. Write `hourly: 31 EUR`, or 0 EUR if it costs nothing."
            )
        return self
