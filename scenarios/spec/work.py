"""What there is to label, as a scenario file writes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from .. import dates, names, shares, values
from ..dates import looks_like_a_date
from ..parts import Part, Short, incomplete, key
from ..readers import Choice
from ..times import Counts
from ..weeks import WeekShape

ALWAYS = "always"
"""The calendar that exists by itself."""


class ArrivalStream(Part):
    """Items that arrive over time, at random (a Poisson stream) while its calendar is open."""

    rate: values.Rate = key(
        "Mean number of items in a whole week; a rate per day counts all seven days.", example="4_000 items/week"
    )
    calendar: names.Name = key("When items arrive: a calendar with hours.", ALWAYS, "office", assumed=True)
    shape: WeekShape | None = key(
        "How the rate differs by local hour of the week; alike in all open hours if not said.",
        None,
        '{Mon: "9 x 0, 8 x 2, 7 x 0", Tue: "9 x 0, 8 x 1, 7 x 0"}',
    )
    growth: values.Growth = key("By so much the rate grows each week, compounded.", "0%/week", "2%/week")
    items: values.Items | None = key("At most so many arrive.", None, "10_000 items")
    until: dates.When | None = key("None arrive later; a bare date means the end of that day.", None, "2027-06-01")


class Release(Part):
    """Items that come together."""

    on: dates.When = key("When they come; a bare date means its midnight.", example="2027-02-01")
    items: values.SomeItems = key("How many.", example="5_000 items")


class Releases(Part):
    """Items that come together later, by list or by file. `[{on: ..., items: ...}]` is short for `{list: [...]}`."""

    alternatives = (("list", "csv"),)

    list: Annotated[tuple[Release, ...], Field(min_length=1)] | None = key(
        "When, and how many.", None, "[{on: 2027-02-01, items: 5_000 items}]", most=10_000
    )
    csv: names.FilePath | None = key(
        "A file, relative to this one, with the columns `at` (local time) and `items` (1 if there is none).",
        None,
        "releases.csv",
    )

    @model_validator(mode="after")
    def _one(self) -> Any:
        if self.list is None and self.csv is None:
            raise incomplete("needs a list or a csv, but got neither. Write `[{on: 2027-02-01, items: 5_000 items}]`.")
        return self


class HardItems(Part):
    """Items that are harder than the others. `12%` is short for `{share: 12%}`."""

    share: values.Share = key("Share of the items that are hard.", example="12%")
    harder: values.Harder = key("By so many logits they are harder on average.", "2", "2.5", assumed=True)
    spread: values.Spread = key("Standard deviation of their difficulty, in logits.", "1.0", "0.8", assumed=True)


class Difficulty(Part):
    """How items differ in difficulty, and in what a wrong label then is."""

    scales = ("spread",)

    spread: values.Spread = key(
        "Standard deviation of item difficulty, in logits; that of the others where some are `hard`.",
        "1.0",
        "0.8",
        assumed=True,
    )
    attractor: values.Attractor = key(
        "How an item's wrong labels gather: near 0, all who err on it give the same one; `none`: each errs alone.",
        "3", "3", assumed=True,
    )  # fmt: skip
    hard: Annotated[HardItems, Short("share", values.SHARE_SCHEMA)] | None = key(
        "A share of the items that is harder; none if not said.", None, "{share: 12%, harder: 2.5}"
    )


class Due(Part):
    """When an item is due, whichever is earlier. `15 days` is short for `{after: 15 days}`, a date for `{on: ...}`."""

    after: values.Span | None = key(
        "Time from arrival to the due date, counted through nights and weekends.", None, "15 days"
    )
    on: dates.When | None = key("The due date itself; a bare date means the end of that day.", None, "2027-06-01")

    @model_validator(mode="after")
    def _one(self) -> Any:
        if self.after is None and self.on is None:
            raise incomplete("needs a time or a date, but got neither. Write `due: 15 days` or `due: 2027-06-01`.")
        return self


def _which_due(text: str) -> str:
    return "on" if looks_like_a_date(text) else "after"


_DUE_SCHEMA = {"anyOf": [values.SPAN_SCHEMA, dates.WHEN_SCHEMA]}


_RELEASES_SCHEMA = {
    "anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "object"}, "minItems": 1}]
}


class Segment(Part):
    """A kind of item."""

    backlog: values.Items = key("Items that are there at the start.", "0 items", "40_000 items")
    releases: Annotated[Releases, Short("csv", _RELEASES_SCHEMA, lists="list")] | None = key(
        "Items that come together later.", None, "[{on: 2027-02-01, items: 5_000 items}]"
    )
    arrivals: ArrivalStream | None = key("Items that arrive one by one.", None, "{rate: 4_000 items/week}")
    classes: shares.ClassShares = key(
        "Share of each true class; they sum to 100%.", {"yes": "50%", "no": "50%"}, "{car: 70%, truck: 10%, bus: 20%}",
        assumed=True,
    )  # fmt: skip
    difficulty: Difficulty = key("Difficulty of the items.", {}, "{spread: 0.8}")
    class_effects: dict[names.Label, values.Logits] = key(
        "Logits added to the odds of a right label, by true class.", {}, "{bus: -0.4}", most=1000
    )
    confusions: dict[names.Label, shares.ClassShares] = key(
        "By true class, the shares of the labels that are given when it is mistaken; otherwise all alike.",
        {},
        "{car: {truck: 80%, bus: 20%}}",
        most=1000,
    )
    error_costs: dict[names.Label, dict[names.Label, values.Harm]] = key(
        "By true class and label, the harm of one delivered error, in any unit; 1 if not said.",
        {},
        "{bus: {car: 5}}",
        most=1000,
    )
    priority: values.Priority = key("The lower number is served first.", "1", "2")
    due: Annotated[Due, Short(_which_due, _DUE_SCHEMA)] | None = key(
        "Time from arrival to the due date, or the date.", None, "15 days"
    )
    sample: values.Share = key("Share of the items that is labelled at all; the others are dropped.", "100%", "30%")
    doubt: values.Correlation = key(
        "Correlation of a model's doubt with an item's difficulty: the items that it doubts most are the sample, here "
        "and in `sampling` that allocates by doubt; any of them, at random, at 0.",
        "0",
        "0.6",
    )
    duplicates: values.Share = key(
        "Share of the items that repeat an earlier one of the segment; a dedup stage may find them.", "0%", "3%"
    )
    granularity: names.Name | None = key(
        "How finely items are labelled: the name of one of `granularities`.", None, "polygon"
    )
    objects: Counts | None = key(
        "Objects in an item, each of which takes a stage's time; one if not said.",
        None,
        "{lognormal: {median: 4, p95: 15}}",
    )
    sensitive: values.YesNo = key("Whether only pools that are `cleared` may see it.", "no", "yes")


class Granularity(Part):
    """How finely items are labelled, in comparison with what stages and prices are for."""

    time: values.Factor = key("Factor on the active time of annotate stages.", "1", "3")
    price: values.Factor = key("Factor on prices per label.", "1", "4")


_ALLOCATE = Choice(("proportional", "random", "neyman", "doubt"))


class Sample(Part):
    """How many of all segments' items are labelled, and which. `10_000 items` is short for `{items: 10_000 items}`."""

    items: values.SomeItems = key(
        "How many items are labelled, of those of all segments that their `sample` leaves.", example="10_000 items"
    )
    allocate: Annotated[Literal["proportional", "random", "neyman", "doubt"], _ALLOCATE] = key(
        "How they are spread over segments: `proportional` to the items; `random`, each item as likely; `neyman`, by "
        "items times spread; `doubt`, those that a model doubts most, as the segments' `doubt` says.",
        "proportional",
        "neyman",
        assumed=True,
    )
    spreads: dict[names.Name, values.Spread] = key(
        "neyman: standard deviation within each segment; from its class shares if not said.", {}, "{street: 0.4}"
    )


Sampling = Annotated[Sample, Short("items", values.SOME_ITEMS.schema())]
