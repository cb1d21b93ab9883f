"""Calendars and pools."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from ...sim import line as sim
from ..dates import holidays_of
from ..hours import DAYS
from ..skill import mean_skill
from ..spec import ALWAYS, Pool, Scenario
from ..spec.habits import Learning, Mentoring, Turnover
from ..weeks import WeekCalendar
from .distributions import distribution
from .moments import beginning
from .money import contract
from .work import hardness, weights

Mix = Sequence[tuple[float, sim.Segment]]
"""The work by which accuracies are meant: (items expected, segment)."""


def calendar(name: str, week: WeekCalendar, scenario: Scenario) -> sim.Calendar:
    """When people are on shift."""
    zone = week.timezone or scenario.timezone
    shares = None
    if week.availability is not None:
        shares = tuple(share for day in DAYS for share in getattr(week.availability, day))
    return sim.Calendar(name, zone, week.intervals, shares, _closed(week, zone, scenario))


def always() -> sim.Calendar:
    """The calendar that exists by itself."""
    return sim.Calendar(ALWAYS, "UTC", tuple((day, 0, 86_400) for day in range(7)))


def _closed(week: WeekCalendar, zone: str, scenario: Scenario) -> tuple[str, ...]:
    """The local dates from start to horizon on which nobody is on shift."""
    begins = beginning(scenario)
    first = begins.astimezone(ZoneInfo(zone)).date()
    last = (begins + timedelta(seconds=scenario.horizon)).astimezone(ZoneInfo(zone)).date()
    days: set[date] = set(week.closed or ())
    for place in week.holidays or ():
        days |= holidays_of(place, range(first.year, last.year + 1))
    return tuple(day.isoformat() for day in sorted(days) if first <= day <= last)


def calendar_of(part: Pool) -> str:
    """The calendar of a staff's shifts, or of a crowd's visits."""
    return part.sessions.calendar if part.sessions is not None else part.calendar or ALWAYS


def pool(name: str, part: Pool, skill_mean: float, scenario: Scenario) -> sim.Pool:
    """People under one contract."""
    absence, fatigue = part.absence, part.fatigue
    return sim.Pool(
        name=name,
        headcount=0 if part.headcount is None else part.headcount.constant or 0,
        calendar=calendar_of(part),
        speed_sd=part.speed.spread,
        shrinkage=part.shrinkage,
        skill_mean=skill_mean,
        skill_sd=part.skill.spread,
        class_effects=dict(part.class_effects),
        sensitivity=part.reviewing.sensitivity,
        false_alarm=part.reviewing.false_alarm,
        sensitivity_sd=part.reviewing.spread.sensitivity,
        false_alarm_sd=part.reviewing.spread.false_alarm,
        contract=contract(part.pay, scenario),
        speed=part.speed.factor,
        segment_effects=dict(part.segment_effects),
        segment_times=dict(part.segment_times),
        masters=dict(part.masters),
        sessions=_sessions(part),
        absence=sim.Absence() if absence is None else sim.Absence(absence.share, absence.paid),
        learning=_learning(part.learning),
        fatigue=sim.Fatigue() if fatigue is None else sim.Fatigue(fatigue.slower, fatigue.logits),
        turnover=_turnover(part.turnover),
        mentoring=_mentoring(part.mentoring),
        hurry=part.hurry,
        elasticity=part.elasticity,
        overtime_s=part.overtime,
        overtime_cap_s=None if part.overtime_cap is None else part.overtime_cap * 3600,
        utilisation_cap=part.utilisation_cap,
        discipline=part.discipline,
        preempts=part.preempts,
        pick=part.pick,
        cleared=part.cleared,
        delays=_delays(part, scenario),
        weights=dict(part.weights),
        spammers=sim.Spammers() if part.spammers is None else sim.Spammers(part.spammers.share, part.spammers.answers),
        drift=sim.Drift() if part.drift is None else sim.Drift(part.drift.walk),
    )


def _delays(part: Pool, scenario: Scenario) -> dict[str, float]:
    """By pool at another site, seconds on the way from there; those of no pool that the line is without."""
    if part.site is None:
        return {}
    ways = scenario.sites[part.site].delays
    found = {name: ways.get(other.site, 0.0) for name, other in scenario.pools.items() if other.site is not None}
    return {name: delay for name, delay in found.items() if delay}


def _learning(part: Learning | None) -> sim.Learning:
    if part is None:
        return sim.Learning()
    return sim.Learning(part.exponent, part.gain, float(part.half), part.tasks, part.experience)


def _turnover(part: Turnover | None) -> sim.Turnover:
    return sim.Turnover() if part is None else sim.Turnover(part.leaving, part.lead, part.training)


def _mentoring(part: Mentoring | None) -> sim.Mentoring:
    return sim.Mentoring() if part is None else sim.Mentoring(part.time, part.span, part.gain)


def _sessions(part: Pool) -> sim.Sessions | None:
    crowd = part.sessions
    if crowd is None:
        return None
    assert part.tasks_per_session is not None
    return sim.Sessions(
        per_week=crowd.rate,
        calendar=crowd.calendar,
        tasks=distribution(part.tasks_per_session),
        shape=weights(crowd.shape),
        returning=crowd.returning,
        patience_s=crowd.patience,
        pull=0.0 if crowd.pull is None else crowd.pull.exponent,
        offer=1 if crowd.pull is None else crowd.pull.tasks,
        spread=crowd.spread,
        fade=0.0 if crowd.fade is None else crowd.fade.exponent,
        since_s=0.0 if crowd.fade is None else crowd.fade.since,
    )


def mean(part: Pool, mix: Mix) -> float:
    """The mean skill at which the pool is as accurate as it is written."""
    if part.skill.mean is not None:
        return part.skill.mean
    rows = []
    for items, segment in mix:
        for one, share in segment.classes.items():
            effect = segment.class_effects.get(one, 0.0) + part.class_effects.get(one, 0.0)
            effect += part.segment_effects.get(segment.name, 0.0)
            rows += [(items * share * some, effect - harder, sd) for some, harder, sd in hardness(segment)]
    return mean_skill(part.skill.accuracy, part.skill.spread, weighted(rows))


def weighted(rows: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """The rows that weigh anything; all alike where none does."""
    return [row for row in rows if row[0] > 0] or [(1.0, *row[1:]) for row in rows]
