"""Who does the work: calendars, pools of staff and crowds, and what they cost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .chance import Distribution
from .money import Contract

MICRO = 1_000_000
"""Micro-units in one unit of a currency."""


@dataclass(frozen=True)
class Calendar:
    """When people of a pool are on shift, by local wall-clock time; the same every week.

    intervals: (weekday 0 = Monday, start, end) in seconds after local midnight, end at most 86,400, disjoint, sorted.
    availability: None, or 168 shares by local hour of the week (Monday 00:00 first): of n slots, slot i is on shift in
    the hours whose share exceeds (i + 0.5) / n. With availability, intervals are not read.
    closed: local dates (ISO 8601), sorted, on which nobody is on shift: public holidays.
    """

    name: str
    timezone: str
    intervals: tuple[tuple[int, int, int], ...] = ()
    availability: tuple[float, ...] | None = None
    closed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Absence:
    """share: chance that a worker misses a whole local day on which they had a shift.  paid: as the contract says."""

    share: float = 0.0
    paid: bool = True


@dataclass(frozen=True)
class Learning:
    """How practice helps, by the number n of tasks that a worker has finished at a stage, at most `tasks` of them.

    exponent: time is multiplied by (1 + n)^-exponent.  gain: logits of skill that practice adds in the end, half of
    it after `half` tasks: gain * (1 - 2^(-n / half)).
    experience: n of the people who are there at the start; hires begin at 0.
    """

    exponent: float = 0.0
    gain: float = 0.0
    half: float = 200.0
    tasks: int = 5000
    experience: int = 0


@dataclass(frozen=True)
class Fatigue:
    """By each hour on shift since the shift began: time grows by the share `slower`, skill falls by `logits`."""

    slower: float = 0.0
    logits: float = 0.0


@dataclass(frozen=True)
class Drift:
    """How a person's skill wanders: a random walk with a step each day, of its own for each person, since they came.

    walk: sd of the change within 30 days, in logits; over n days it is walk * sqrt(n / 30), and more over more.
    """

    walk: float = 0.0


Answers = Literal["any", "same"]
"""What people who do not look give: any class each time, or everyone always the same of theirs."""


@dataclass(frozen=True)
class Spammers:
    """A share of the people who answer without looking, whatever the item.

    answers: `any`, each class of the segment is as likely each time, and as judges they reject with chance false_alarm;
    `same`, each gives one class for ever, any being as likely, by its place in the segment's list, and as judges they
    accept everything.
    """

    share: float = 0.0
    answers: Answers = "any"


@dataclass(frozen=True)
class Turnover:
    """hazard_per_year: rate at which a worker leaves for good.  lead_s: from a vacancy, or from a higher headcount, to
    the hire's first day.  training_s: on-shift time that a hire is trained before the first task."""

    hazard_per_year: float = 0.0
    lead_s: float = 0.0
    training_s: float = 0.0


@dataclass(frozen=True)
class Mentoring:
    """Each hire's practice counts `gain` times in the first `weeks`, and costs `hours_per_week` of a person of the same
    pool who was there at the start, in turn."""

    hours_per_week: float = 0.0
    weeks: int = 4
    gain: float = 1.0


@dataclass(frozen=True)
class Sessions:
    """Crowd sessions: they begin at random (a Poisson stream), do tasks, and end.

    per_week, calendar, shape: as of Arrivals.  tasks: how many tasks a session is good for (a count).
    returning: chance that a session is by someone who had one before, each earlier session being as likely; that is
    Simon's process, in which few people do most of the work.  patience_s: a session without a task ends after it.
    fade: visits thin out after work was posted: the rate is that of an hour after it, and goes as the hours since, and
    EARLY_H, to the power of -fade. Posted: what waits at the start `since_s` before it, and each release.
    pull, offer: the rate holds while `offer` tasks or more wait for the pool; with w of them it is (w / offer)^pull of
    it. Without pull it always holds.
    spread: sd of the logarithm of the rate over runs, as no two projects draw the same crowd; per_week is the median.
    Source: Simon, On a class of skew distribution functions, Biometrika 1955.
    """

    per_week: float
    calendar: str
    tasks: Distribution
    shape: tuple[float, ...] | None = None
    returning: float = 0.7
    patience_s: float = 0.0
    pull: float = 0.0
    offer: int = 1
    spread: float = 0.0
    fade: float = 0.0
    since_s: float = 0.0


@dataclass(frozen=True)
class Known:
    """What is known of the person who has a slot at the start, from their work before.

    experience: tasks behind them, in place of what the pool says.  speed, speed_sd: mean and standard deviation of
    where the logarithm of their speed stands among the pool's people, in the pool's own standard deviations; 0 and 1
    are of somebody of whom nothing is known.  skill, skill_sd: likewise of their skill.
    """

    slot: int
    experience: int = 0
    speed: float = 0.0
    speed_sd: float = 1.0
    skill: float = 0.0
    skill_sd: float = 1.0


Discipline = Literal["first", "last", "due", "shortest", "fair"]
"""Within a priority: first come first served; last come; earliest due date; shortest expected time; the segment that
has had the least for its weight."""

Pick = Literal["idle", "skill", "past"]
"""Who of those available takes a task: idle longest; most skilled for its segment; most often right so far."""


@dataclass(frozen=True)
class Pool:
    """Workers under one contract and calendar: staff in slots 0 .. headcount - 1, or a crowd that comes in sessions.

    speed: median factor on service time; speed_sd: sd over workers of the logarithm of theirs.
    shrinkage: share of on-shift time not spent on tasks: elapsed time is active time / (1 - shrinkage).
    skill_mean, skill_sd: logits over workers, of a label being right on an item of difficulty zero.
    class_effects: logits added for this pool's workers on items of a class; segment_effects: on items of a segment.
    segment_times: factor on service time by segment.  masters: share of the slots that may work on a segment.
    sensitivity, false_alarm: chance that the median reviewer rejects a wrong, a right label of an item of difficulty 0;
    sensitivity_sd, false_alarm_sd: logits over people by which theirs differ, beside what their skill does to both.
    hurry: factor on all service times that pay or pace brings; elasticity: logits of skill by unit of its logarithm.
    overtime_s: by which the last shift of each day is longer; overtime_cap_s: a person works no more of it in a week of
    their calendar, None for no limit.  utilisation_cap: share of a person's week on shift that may be busy; beyond it
    is strain, which is told, and changes nothing; None for no such share.
    discipline: which waiting task goes first.  weights: by segment, of which `fair` gives work in proportion; 1 where
    none is said.  preempts: a task of a lower priority number stops one of a higher, which
    goes on later with what is left.  pick: who takes a task.
    cleared: may see sensitive segments.  known: people of the start of whom something is known, by slot.
    delays: seconds that what people of another pool did last is on its way to these, by pool; 0 where none is said.
    Where several pools may do a task, it is ready when it has come to the nearest.
    """

    name: str
    headcount: int
    calendar: str
    speed_sd: float = 0.0
    shrinkage: float = 0.0
    skill_mean: float = math.log(9.0)
    skill_sd: float = 0.0
    class_effects: Mapping[str, float] = field(default_factory=dict)
    sensitivity: float = 0.8
    false_alarm: float = 0.02
    contract: Contract = field(default_factory=Contract)
    speed: float = 1.0
    segment_effects: Mapping[str, float] = field(default_factory=dict)
    segment_times: Mapping[str, float] = field(default_factory=dict)
    masters: Mapping[str, float] = field(default_factory=dict)
    sessions: Sessions | None = None
    absence: Absence = field(default_factory=Absence)
    learning: Learning = field(default_factory=Learning)
    fatigue: Fatigue = field(default_factory=Fatigue)
    turnover: Turnover = field(default_factory=Turnover)
    mentoring: Mentoring = field(default_factory=Mentoring)
    hurry: float = 1.0
    elasticity: float = 0.0
    overtime_s: float = 0.0
    discipline: Discipline = "first"
    preempts: bool = False
    pick: Pick = "idle"
    cleared: bool = False
    sensitivity_sd: float = 0.0
    false_alarm_sd: float = 0.0
    spammers: Spammers = field(default_factory=Spammers)
    drift: Drift = field(default_factory=Drift)
    known: tuple[Known, ...] = ()
    delays: Mapping[str, float] = field(default_factory=dict)
    overtime_cap_s: float | None = None
    utilisation_cap: float | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
