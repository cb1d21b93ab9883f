"""What happens on a date, as a scenario file writes it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from .. import dates, effects, names, values
from ..parts import Part, incomplete, key


class TrainingDay(Part):
    """Training of everyone of a pool, paid as work is."""

    pool: names.Name = key("Who.", example="team")
    time: values.Span = key("On-shift time that it takes.", example="8 h")


class Rollback(Part):
    """Delivered items that are labelled again."""

    to: names.Name | None = key("The stage they return to; the first annotate stage if not said.", None, "annotate")
    share: values.Share = key("Share of them.", "100%", "40%")
    since: dates.When | None = key(
        "Of those delivered since then; a bare date means its midnight; from the start if not said.", None, "2027-02-01"
    )
    segment: names.Name | None = key("Of one segment; of all if not said.", None, "street")


class Dip(Part):
    """What a new guideline or tool does to people at first; it wears off in steps."""

    pools: (
        Annotated[
            tuple[str, ...],
            BeforeValidator(names.several),
            WithJsonSchema({"type": "array", "items": {"type": "string"}, "minItems": 1}),
        ]
        | None
    ) = key("Whose; everybody's if not said.", None, "[team]")
    time: values.Factor = key("Factor on service times at first.", "1", "1.3")
    logits: values.Logits = key("Logits of skill, at first.", "0", "-0.5")
    over: values.Span = key("So long it wears off, once people hear how they do.", example="4 weeks")
    feedback_delay: values.SecondsOrNone = key(
        "So long after the change the first verdicts on new labels reach people; until then it is as deep as at first.",
        "0 s",
        "3 days",
    )
    steps: values.Steps = key("In so many equal steps it wears off.", "4", "2", assumed=True)


Anything = Annotated[
    Any, BeforeValidator(effects.checked), WithJsonSchema({"type": ["string", "number", "boolean", "object", "array"]})
]


class Change(Part):
    """An entry of `changes`: a key that gets a new value or a factor, people trained, items labelled again, a dip, a
    cost, a running cost; or several of these at once."""

    alternatives = (("value", "factor"),)

    on: dates.When = key("When; a bare date means its midnight.", example="2027-03-01")
    path: names.Path | None = key(
        "The key that changes from then on, below work, calendars, sites, pools, contracts, stages or granularities.",
        None,
        "stages.annotate.time",
    )
    value: Anything = key(
        "Its new value, written as there; a key has one value at a time. A number may be a range, like a factor.",
        None,
        "30 s",
    )
    factor: Annotated[float, effects.Factored()] | None = key(
        "Or the factor by which it is multiplied; of one date, the value comes first and then all factors. A range is "
        "the central 95% of what it may be; where nothing is drawn, its median counts.",
        None,
        "0.8..0.95",
    )
    train: TrainingDay | None = key("Who is trained.", None, "{pool: team, time: 8 h}")
    relabel: Rollback | None = key("What is labelled again.", None, "{share: 40%, since: 2027-02-01}")
    dip: Dip | None = key("What it does to people at first.", None, "{time: 1.3, logits: -0.5, over: 4 weeks}")
    cost: values.Money | None = key("What it costs, once; nothing if the run ends before.", None, "4_000 EUR")
    running: values.Monthly | None = key(
        "What it costs in each calendar month that the run touches from then on.", None, "300 EUR/month"
    )
    why: names.Title | None = key("What it is, for the report.", None, "new tool")

    @model_validator(mode="after")
    def _whole(self) -> Any:
        changed = [name for name in ("value", "factor") if name in self.model_fields_set]
        if changed and self.path is None:
            raise ValueError(f"`{changed[0]}` needs a path, but there is none. Write `path: stages.annotate.time`.")
        if self.path is not None and not changed:
            raise incomplete("a path needs a value or a factor, but got neither. Write `value: 30 s` or `factor: 0.9`.")
        if not changed and all(one is None for one in (self.train, self.relabel, self.dip, self.cost, self.running)):
            raise incomplete("needs a path, train, relabel, dip, cost or running, but got none. Write one of them.")
        return self
