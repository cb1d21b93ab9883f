"""Who does the work, as a scenario file writes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from .. import names, values
from ..contracts import Pay
from ..dates import DATE, Moment, moment
from ..parts import Part, Short, incomplete, key
from ..readers import Choice
from ..times import Counts
from ..weeks import WeekShape
from ..written import Whole
from .habits import Absence, Drift, Fatigue, Learning, Mentoring, Spammers, Turnover
from .work import ALWAYS


class Heads(Part):
    """How many people there are. `6` is short for `{constant: 6}`."""

    alternatives = (("constant", "ramp"),)
    scales = ("constant",)

    constant: values.People | None = key("The same number all the time.", None, "6")
    ramp: (
        Annotated[
            dict[Annotated[Moment, BeforeValidator(moment)], values.People],
            Field(min_length=1, max_length=200),
            Whole(),
            WithJsonSchema(
                {"type": "object", "patternProperties": {f"^ *{DATE} *$": values.PEOPLE.schema()}, "minProperties": 1}
            ),
        ]
        | None
    ) = key(
        "From each date on, so many; nobody before the first. A bare date means its midnight.",
        None,
        "{2027-01-04: 5, 2027-01-18: 50}",
    )

    @model_validator(mode="after")
    def _one(self) -> Any:
        if self.constant is None and self.ramp is None:
            raise incomplete("needs a number or a ramp, but got neither. Write `headcount: 6`.")
        if self.ramp is not None and len({one.local for one in self.ramp}) < len(self.ramp):
            raise ValueError("each date stands once, but one stands twice. Take one out.")
        return self


class Speed(Part):
    """How fast people are."""

    factor: values.Factor = key(
        "Factor on service times, of the pool as a whole: with 1.2 each task takes a fifth longer.", "1", "1.2"
    )
    spread: values.Spread = key(
        "Standard deviation over people of the logarithm of their pace.", "0.3", "0.3", assumed=True
    )


class Skill(Part):
    """How often people are right."""

    alternatives = (("accuracy", "mean"),)

    accuracy: values.Sure = key(
        "Share of right labels that the pool gives, on average over the work's items, before practice and without "
        "`spammers`.",
        "90%",
        "95%",
        assumed=True,
    )
    mean: values.Logits | None = key("Instead of accuracy: mean skill in logits.", None, "2.2")
    spread: values.Spread = key("Standard deviation of skill over people, in logits.", "0.4", "0.4", assumed=True)


class ReviewingSpread(Part):
    """By how much reviewers differ: standard deviations over people, in logits, beside what `skill.spread` does, by
    which who finds more wrong labels rejects fewer right ones."""

    sensitivity: values.Spread = key("Of sensitivity.", "0", "0.5")
    false_alarm: values.Spread = key("Of false alarms.", "0", "0.3")


class Reviewing(Part):
    """How well people review. The rates are those of the median person."""

    sensitivity: values.Share = key(
        "Chance to reject a wrong label of an item of middling difficulty.", "80%", "85%", assumed=True
    )
    false_alarm: values.Share = key(
        "Chance to reject a right label of an item of middling difficulty.", "2%", "3%", assumed=True
    )
    spread: ReviewingSpread = key(
        "By how much people's rates differ; as their skill alone if not said.",
        {},
        "{sensitivity: 0.5, false_alarm: 0.3}",
    )


class Fade(Part):
    """That interest fades: the rate of visits is that of an hour after work was posted, and goes as the hours since
    (and three minutes) to the power of -exponent. Each release is a posting."""

    exponent: values.Exponent = key("0: visits do not thin out.", example="0.25")
    since: values.SecondsOrNone = key(
        "What waits at the start was posted so long before it.", "0 s", "5 h", assumed=True
    )


class Pull(Part):
    """That more people come where more is on offer: with fewer than `tasks` tasks waiting, the rate of visits is
    multiplied by (waiting / tasks)^exponent."""

    exponent: values.Exponent = key("0: visits do not hang on what is on offer; 1: in proportion to it.", example="0.5")
    tasks: values.SomeTasks = key("Tasks waiting from which on the whole rate holds.", example="750 tasks")


class CrowdSessions(Part):
    """Visits of a crowd: they begin at random, do tasks, and end. `40/hour` is short for `{rate: 40/hour}`."""

    scales = ("rate",)

    rate: values.SessionRate = key(
        "Mean number of visits; a rate per hour counts all 168 hours of the week.", example="40/hour"
    )
    calendar: names.Name = key("When visits begin: a calendar with hours.", ALWAYS, "office", assumed=True)
    shape: WeekShape | None = key(
        "How the rate differs by local hour of the week; alike in all open hours if not said.",
        None,
        '{Mon: "9 x 0, 8 x 2, 7 x 0", Sun: "24 x 1"}',
    )
    returning: values.Share = key(
        "Chance that a visitor has been there before; the more visits of theirs, the likelier.",
        "70%",
        "60%",
        assumed=True,
    )
    patience: values.SecondsOrNone = key("A visitor without a task leaves after it.", "0 s", "5 min", assumed=True)
    fade: Fade | None = key(
        "How visits thin out after work was posted; not at all if not said.", None, "{exponent: 0.25}"
    )
    pull: Pull | None = key(
        "How visits hang on the work on offer; not at all if not said.", None, "{exponent: 0.5, tasks: 750 tasks}"
    )
    spread: values.Spread = key(
        "By how much the rate differs from run to run, as crowds do from project to project: sd of its logarithm; the "
        "rate is the median.",
        "0",
        "0.5",
        assumed=True,
    )


_DISCIPLINE = Choice(("first", "last", "due", "shortest", "fair"))
_PICK = Choice(("idle", "skill", "past"))


class Pool(Part):
    """People under one contract and calendar, staff (`headcount`) or a crowd (`sessions`). A pool that no stage names
    is no part of the line."""

    alternatives = (("headcount", "sessions"),)

    headcount: Annotated[Heads, Short("constant", values.PEOPLE.schema()), Whole()] | None = key(
        "How many people are on the staff.", None, "6"
    )
    sessions: Annotated[CrowdSessions, Short("rate", values.SESSIONS_SCHEMA)] | None = key(
        "How often people of a crowd come.", None, "40/hour"
    )
    tasks_per_session: Counts | None = key(
        "crowd, required: how many tasks a visitor does before leaving.", None, "{lognormal: {median: 12, p95: 90}}"
    )
    calendar: names.Name | None = key(
        "staff, required: when they are on shift: the name of a calendar, or `always`.", None, "office"
    )
    shrinkage: values.Idle = key("Share of on-shift time that is not spent on tasks.", "0%", "18%", assumed=True)
    overtime: values.SecondsOrNone = key("staff: by so much the last shift of each day is longer.", "0 s", "1 h")
    overtime_cap: values.HoursAWeek | None = key(
        "staff: nobody works more overtime than this in a week, from Monday; without limit if not said.",
        None,
        "4 h/week",
    )
    utilisation_cap: values.Share | None = key(
        "staff: of a week on shift so much may be busy; hours beyond it are told, and change nothing.", None, "85%"
    )
    absence: Annotated[Absence, Short("share", values.SHARE_SCHEMA)] | None = key(
        "staff: how often people miss a whole day; never if not said.", None, "5%"
    )
    turnover: Annotated[Turnover, Short("leaving", values.LEAVING_SCHEMA)] | None = key(
        "staff: how people leave and how new ones come.", None, "20%/year"
    )
    mentoring: Mentoring | None = key("staff: how new people are helped.", None, "{time: 4 h/week, gain: 2}")
    speed: Speed = key("How fast people are.", {}, "{spread: 0.3}")
    hurry: values.Factor = key("Factor on all service times that pay or pace brings.", "1", "0.9")
    elasticity: values.Logits = key(
        "Logits of skill by unit of the logarithm of `hurry`: above 0, haste makes errors.", "0", "0.5"
    )
    skill: Skill = key("How often people are right.", {}, "{accuracy: 95%}")
    class_effects: dict[names.Label, values.Logits] = key(
        "Logits added to the odds of a right label of these people, by true class.", {}, "{bus: 0.2}", most=1000
    )
    segment_effects: dict[names.Name, values.Logits] = key(
        "Logits added to the odds of a right label of these people, by segment.", {}, "{street: 0.3}", most=200
    )
    segment_times: dict[names.Name, values.Factor] = key(
        "Factor on service times of these people, by segment.", {}, "{street: 1.2}", most=200
    )
    masters: dict[names.Name, values.Share] = key(
        "staff: share of the people that may work on a segment; all if not said.", {}, "{street: 50%}", most=200
    )
    learning: Learning | None = key("How practice helps; not at all if not said.", None, "{exponent: 0.15}")
    fatigue: Fatigue | None = key("How hours on shift tire; not at all if not said.", None, "{slower: 1%/hour}")
    drift: Drift | None = key("How each person's skill wanders; not at all if not said.", None, "{walk: 0.2}")
    spammers: Annotated[Spammers, Short("share", values.SHARE_SCHEMA)] | None = key(
        "People who answer without looking; nobody if not said.", None, "{share: 3%, answers: same}"
    )
    reviewing: Reviewing = key("How well people review.", {}, "{sensitivity: 85%, false_alarm: 3%}")
    site: names.Name | None = key("Where they are: the name of one of `sites`.", None, "manila")
    cleared: values.YesNo = key("Whether they may see sensitive segments.", "no", "yes")
    discipline: Annotated[Literal["first", "last", "due", "shortest", "fair"], _DISCIPLINE] = key(
        "Which task goes first within a priority: `first` come, `last` come, earliest `due`, `shortest` expected; "
        "`fair`, of the segment that has had the least work for its weight.",
        "first",
        "due",
    )
    weights: dict[names.Name, values.Factor] = key(
        "discipline `fair`, by segment: segments that wait get time in proportion to them; 1 if not said.",
        {},
        "{street: 3}",
        most=200,
    )
    preempts: values.YesNo = key(
        "Whether a more urgent segment's task stops a less urgent one's, which goes on later.", "no", "yes"
    )
    pick: Annotated[Literal["idle", "skill", "past"], _PICK] = key(
        "Who of those available takes a task: `idle` longest, best by `skill`, most often right in the `past`.",
        "idle",
        "skill",
    )
    pay: Annotated[Pay, Short("contract", names.NAME_SCHEMA)] | None = key(
        "What the pool costs; nothing if not said.", None, "{hourly: 31 EUR}", assumed=True
    )

    @model_validator(mode="after")
    def _staff_or_crowd(self) -> Any:
        if self.weights and "discipline" not in self.model_fields_set:
            raise incomplete(
                "weights are read by discipline fair, but no discipline is written here. Write `discipline: fair`."
            )
        if self.headcount is None and self.sessions is None:
            raise incomplete("needs headcount or sessions, but got neither. Write `headcount: 6`.")
        if self.headcount is not None and self.calendar is None:
            raise incomplete("staff need a calendar, but got none. Write `calendar: always`, or name one.")
        if self.sessions is not None and self.tasks_per_session is None:
            raise incomplete(
                "a crowd needs tasks_per_session, but got none. "
                "Write `tasks_per_session: {lognormal: {median: 12, p95: 90}}`."
            )
        return self
