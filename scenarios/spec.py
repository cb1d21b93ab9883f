"""The scenario file's models: every key with its meaning, its unit, its default. The one source of the checks, of the
JSON Schema and of docs/scenario-file.md. Defaults are written in the scenario's own words and read like any value.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, WithJsonSchema

from . import dates, names, values
from .contracts import Pay
from .parts import Part, Short, key
from .times import Time
from .values import SECONDS_SCHEMA, Choice
from .weeks import WeekCalendar

ALWAYS = "always"
"""The calendar that exists by itself."""

_KIND = Choice(("annotate", "review", "adjudicate"))
_BY = Choice(("author", "anyone"))
StageKind = Annotated[
    Literal["annotate", "review", "adjudicate"], BeforeValidator(_KIND), WithJsonSchema(_KIND.schema())
]
ReworkBy = Annotated[Literal["author", "anyone"], BeforeValidator(_BY), WithJsonSchema(_BY.schema())]
StageTime = Annotated[Time, Short("constant", SECONDS_SCHEMA)]


class ArrivalStream(Part):
    """Items that arrive over time, at random (a Poisson stream) while its calendar is open."""

    rate: values.Rate = key(
        "Mean number of items in a whole week; a rate per day counts all seven days.", example="4_000 items/week"
    )
    calendar: names.Name = key("When items arrive: a calendar with hours.", ALWAYS, "office", assumed=True)
    items: values.Items | None = key("At most so many arrive.", None, "10_000 items")
    until: dates.When | None = key("None arrive later; a bare date means the end of that day.", None, "2027-06-01")


class Difficulty(Part):
    """How items differ in difficulty, and in what a wrong label then is."""

    spread: values.Spread = key("Standard deviation of item difficulty, in logits.", "1.0", "0.8", assumed=True)
    attractor: values.Attractor = key(
        "How an item's wrong labels gather: near 0, all who err on it give the same one; `none`: each errs alone.",
        "3", "3", assumed=True,
    )  # fmt: skip


class Segment(Part):
    """A kind of item."""

    backlog: values.Items = key("Items that are there at the start.", "0 items", "40_000 items")
    arrivals: ArrivalStream | None = key("Items that arrive later.", None, "{rate: 4_000 items/week}")
    classes: values.ClassShares = key(
        "Share of each true class; they sum to 100%.", {"yes": "50%", "no": "50%"}, "{car: 70%, bus: 30%}", assumed=True
    )
    difficulty: Difficulty = key("Difficulty of the items.", {}, "{spread: 0.8}")
    class_effects: dict[names.Label, values.Logits] = key(
        "Logits added to the odds of a right label, by true class.", {}, "{bus: -0.4}", most=1000
    )
    confusions: dict[names.Label, values.ClassShares] = key(
        "By true class, the shares of the labels that are given when it is mistaken; otherwise all alike.",
        {},
        "{car: {truck: 80%, bus: 20%}}",
        most=1000,
    )
    priority: values.Priority = key("The lower number is served first.", "1", "2")
    due: values.Span | None = key(
        "Time from arrival to the due date, counted through nights and weekends.", None, "15 days"
    )


class Speed(Part):
    """How people differ in speed."""

    spread: values.Spread = key(
        "Standard deviation over people of the logarithm of their pace.", "0.3", "0.3", assumed=True
    )


class Skill(Part):
    """How often people are right."""

    alternatives = (("accuracy", "mean"),)

    accuracy: values.Sure = key(
        "Share of right labels that the pool gives, on average over the work's items.", "90%", "95%", assumed=True
    )
    mean: values.Logits | None = key("Instead of accuracy: mean skill in logits.", None, "2.2")
    spread: values.Spread = key("Standard deviation of skill over people, in logits.", "0.4", "0.4", assumed=True)


class Reviewing(Part):
    """How well people review."""

    sensitivity: values.Share = key(
        "Chance to reject a wrong label of an item of middling difficulty.", "80%", "85%", assumed=True
    )
    false_alarm: values.Share = key(
        "Chance to reject a right label of an item of middling difficulty.", "2%", "3%", assumed=True
    )


class Pool(Part):
    """People under one contract and calendar. A pool that no stage names is no part of the line."""

    headcount: values.People = key("How many people.", example="6")
    calendar: names.Name = key("When they are on shift: the name of a calendar, or `always`.", example="office")
    shrinkage: values.Idle = key("Share of on-shift time that is not spent on tasks.", "0%", "18%", assumed=True)
    speed: Speed = key("How people differ in speed.", {}, "{spread: 0.3}")
    skill: Skill = key("How often people are right.", {}, "{accuracy: 95%}")
    class_effects: dict[names.Label, values.Logits] = key(
        "Logits added to the odds of a right label of these people, by true class.", {}, "{bus: 0.2}", most=1000
    )
    reviewing: Reviewing = key("How well people review.", {}, "{sensitivity: 85%, false_alarm: 3%}")
    pay: Pay | None = key("What the pool costs; nothing if not said.", None, "{hourly: 31 EUR}", assumed=True)


class OnReject(Part):
    """Where a rejected item goes."""

    to: names.Name | None = key(
        "The annotate stage that rejected items return to; the only one if not said.", None, "annotate"
    )
    rounds: values.Rounds = key("At most so many returns, counted over the whole line.", "3", "2", assumed=True)
    then: names.Name | None = key(
        "Where items rejected after that go; the only adjudicate stage if not said, else deliver.", None, "adjudicate"
    )


class Stage(Part):
    """A step of the line. Some keys belong to one kind of stage."""

    kind: StageKind | None = key("annotate, review or adjudicate; the stage's name if it is one.", None, "review")
    pools: values.PoolShares = key(
        "Share of the items that each pool gets; `[one]` gives all to one pool.", example="{team: 60%, vendor: 40%}"
    )
    time: StageTime = key("Active time of one task.", example="{lognormal: {median: 42 s, p95: 160 s}}")
    labels_per_item: values.Labels = key(
        "annotate: how many people label each item in the first round; the majority counts.", "1", "3"
    )
    rework_by: ReworkBy = key(
        "annotate: who redoes a rejected label: the author if on shift then, else anyone of the pool.",
        "author",
        "anyone",
    )
    fraction: values.Share = key(
        "review: share of the items that is reviewed; the others pass.", "100%", "20%", assumed=True
    )
    on_reject: OnReject = key("review: where rejected items go.", {}, "{to: annotate, rounds: 3, then: adjudicate}")
    next: dict[str, names.Name] = key(
        "The stage, or deliver, that follows each outcome: labelled, tied; accepted; decided.",
        {},
        "{labelled: review}",
        most=10,
    )


class Goals(Part):
    """What the plan must reach. Each holds for the mean, or as a chance: `P(accuracy >= 97%) >= 80%`."""

    deadline: dates.Deadline | None = key(
        "Everything is delivered by then; a bare date means the end of that day.", None, "2027-06-15"
    )
    accuracy: dates.AccuracyGoal | None = key("Share of delivered items whose label is right.", None, '">= 97%"')
    budget: dates.Budget | None = key("The cost is at most this.", None, "60_000 EUR")
    on_time: dates.OnTimeGoal | None = key("Share of items delivered by their due date.", None, '">= 90%"')


class Scenario(Part):
    """A scenario file."""

    labelcast: names.Version = key("Version of the format: 1.", example="1")
    name: names.Title | None = key(
        "Name of the scenario; the file's name if not said. Not taken over by `extends`.", None, "vendor-b"
    )
    extends: names.FilePath | None = key(
        "A scenario file, relative to this one, that this one is written over.", None, "base.yaml"
    )
    profile: names.FilePath | None = key(
        "A fitted profile, relative to this file; what any scenario file says wins over it.", None, "team.profile.yaml"
    )
    start: dates.When = key(
        "Local time at which the run begins; a bare date is its midnight.", example="2027-01-04T09:00"
    )
    timezone: names.Zone = key(
        "Time zone of the start, the goals and the calendars.", "UTC", "Europe/Paris", assumed=True
    )
    currency: names.Currency = key("Currency of all amounts, by ISO 4217.", example="EUR")
    horizon: values.Span = key("The run ends then at the latest.", "52 weeks", "26 weeks")
    work: dict[names.Name, Segment] = key(
        "Kinds of items, by name.", example="{street: {backlog: 40_000 items}}", most=200
    )
    calendars: dict[names.Name, WeekCalendar] = key(
        "Calendars, by name; `always` exists by itself.", {}, '{office: {hours: "09:00-17:00"}}', most=200
    )
    pools: dict[names.Name, Pool] = key(
        "Pools of people, by name.", example="{team: {headcount: 6, calendar: always}}", most=100
    )
    stages: dict[names.Name, Stage] = key(
        "Stages of the line, by name.", example="{annotate: {pools: [team], time: 42 s}}", most=50
    )
    goals: Goals = key("What the plan must reach.", {}, "{deadline: 2027-06-15}")
