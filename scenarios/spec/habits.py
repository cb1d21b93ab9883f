"""How people come, go, learn and tire, as a scenario file writes it."""

from __future__ import annotations

from typing import Annotated, Literal

from .. import values
from ..parts import Part, key
from ..readers import Choice


class Absence(Part):
    """Days that people miss. `5%` is short for `{share: 5%}`."""

    scales = ("share",)

    share: values.Share = key("Chance that someone misses a whole day on which they had a shift.", "0%", "5%")
    paid: values.YesNo = key("Whether missed days are paid.", "yes", "no", assumed=True)


class Learning(Part):
    """How practice at a stage helps, by the number of tasks that a person has finished there."""

    exponent: values.Exponent = key("After n tasks, time is multiplied by (1 + n)^-exponent.", "0", "0.15")
    gain: values.Logits = key("Logits of skill that practice adds in the end.", "0", "0.5")
    half: values.SomeTasks = key("Half of the gain is there after so many.", "200 tasks", "300 tasks", assumed=True)
    tasks: values.SomeTasks = key("Nothing more is learnt after so many.", "5_000 tasks", "2_000 tasks", assumed=True)
    experience: values.Tasks = key(
        "Tasks that those who are there at the start have done before.", "0 tasks", "500 tasks", assumed=True
    )


class Fatigue(Part):
    """How each hour on shift tires."""

    slower: values.Slowing = key("Share by which each hour on shift makes tasks longer.", "0%/hour", "1%/hour")
    logits: values.Logits = key("Logits of skill that each hour on shift takes away.", "0", "0.05")


class Drift(Part):
    """How the skill of each person wanders, up or down, of its own."""

    walk: values.Spread = key(
        "Standard deviation over people of how skill changes within 30 days, in logits; twice that within 120 days.",
        example="0.2",
    )


class Spammers(Part):
    """People who answer without looking. `3%` is short for `{share: 3%}`."""

    scales = ("share",)

    share: values.Share = key("Share of the people who do.", example="3%")
    answers: Annotated[Literal["any", "same"], Choice(("any", "same"))] = key(
        "`any`: each class of the segment is as likely each time, and as reviewers they reject anything with chance "
        "`false_alarm`. `same`: each person always gives one class, any being as likely, and as reviewers accept all.",
        "any",
        "same",
    )


class Turnover(Part):
    """How people leave and new ones come. `20%/year` is short for `{leaving: 20%/year}`."""

    scales = ("leaving",)

    leaving: values.Leaving = key("People who leave for good in a year, by 100 who are there.", "0%/year", "20%/year")
    lead: values.SecondsOrNone = key(
        "From a vacancy, or a higher headcount, to the new person's first day.", "0 s", "30 days", assumed=True
    )
    training: values.SecondsOrNone = key(
        "On-shift time that a new person is trained before the first task.", "0 s", "16 h", assumed=True
    )


class Mentoring(Part):
    """How new people are helped by those who were there at the start."""

    time: values.HoursAWeek = key("Time of a mentor for each new person.", example="4 h/week")
    span: values.Weeks = key("For so long.", "4 weeks", "6 weeks", assumed=True)
    gain: values.Factor = key("Each task of the new person then counts as so many of practice.", "1", "2")
