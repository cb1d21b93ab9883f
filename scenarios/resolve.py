"""From a checked scenario to the line: SI units, every default written out, and who said what."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC
from zoneinfo import ZoneInfo

from ..sim import line as sim
from .dates import DAYS, Aim, Moment
from .layers import Layers
from .origins import origins
from .routing import Broken, Routes
from .skill import mean_skill
from .spec import ALWAYS, Pool, Scenario, Segment, Stage
from .times import Time
from .weeks import WeekCalendar

Z95 = 1.6448536269514722
"""The standard normal's 95th percentile."""

DIGITS = 12
"""Digits after the point of what is computed here, so that it is the same on every machine."""

WEEK_S = 7 * 86_400.0


def dated(scenario: Scenario) -> Iterator[Broken]:
    """Rules that dates break with one another."""
    zone = ZoneInfo(scenario.timezone)
    local = scenario.start.local
    start = local.replace(tzinfo=zone).astimezone(UTC)
    again = start.astimezone(zone).replace(tzinfo=None)
    if again != local:
        rule = f"there is no {local:%H:%M} on that day in {scenario.timezone}, because clocks go forward"
        yield ("start",), f"{rule}. Write {again:%Y-%m-%dT%H:%M}."
    late = f"must be later than the start, {local:%Y-%m-%dT%H:%M}, but is not."
    for name, segment in scenario.work.items():
        stream = segment.arrivals
        if stream is not None and stream.until is not None and stream.until.in_zone(zone) <= start:
            yield (
                ("work", name, "arrivals", "until"),
                f"must be later than the start, {local:%Y-%m-%dT%H:%M}, but is not.",
            )
    deadline = scenario.goals.deadline
    if deadline is not None and deadline.when is not None:
        seconds = _since(scenario, deadline.when)
        if seconds <= 0:
            yield ("goals", "deadline"), late
        elif seconds > scenario.horizon:
            days = math.ceil(seconds / 86_400)
            yield (
                ("goals", "deadline"),
                f"must lie within the horizon, but is day {days}. Write `horizon: {days} days`.",
            )


def resolve(scenario: Scenario, ways: Routes, layers: Layers, name: str) -> sim.Line:
    """The line of a scenario that breaks no rule. name: where the scenario has none.

    Pools that no stage names and calendars that nothing uses are no part of it.
    """
    used = {pool for stage in scenario.stages.values() for pool, share in stage.pools.items() if share > 0}
    pools = tuple(_pool(one, pool, scenario) for one, pool in scenario.pools.items() if one in used)
    streams = [segment.arrivals for segment in scenario.work.values() if segment.arrivals is not None]
    open_by = {pool.calendar for pool in pools} | {stream.calendar for stream in streams}
    calendars = [_calendar(one, week, scenario.timezone) for one, week in scenario.calendars.items() if one in open_by]
    if ALWAYS in open_by:
        calendars.append(sim.Calendar(ALWAYS, "UTC", tuple((day, 0, 86_400) for day in range(7))))
    fitted, assumed = origins(scenario, ways.kinds, layers, open_by)
    return sim.Line(
        name=scenario.name or name,
        start=scenario.start.local,
        timezone=scenario.timezone,
        currency=scenario.currency,
        horizon_s=scenario.horizon,
        segments=tuple(_segment(one, segment, scenario) for one, segment in scenario.work.items()),
        calendars=tuple(calendars),
        pools=pools,
        stages=tuple(_stage(one, stage, ways) for one, stage in scenario.stages.items()),
        first=ways.first,
        goals=tuple(_goals(scenario)),
        assumed=assumed,
        fitted=fitted,
    )


def _since(scenario: Scenario, moment: Moment) -> float:
    """Real seconds from the start to a moment, across changes of the clocks."""
    zone = ZoneInfo(scenario.timezone)
    start = scenario.start.local.replace(tzinfo=zone).astimezone(UTC)
    return (moment.in_zone(zone) - start).total_seconds()


def _segment(name: str, segment: Segment, scenario: Scenario) -> sim.Segment:
    stream = segment.arrivals
    arrivals = None
    if stream is not None:
        until = None if stream.until is None else _since(scenario, stream.until)
        arrivals = sim.Arrivals(stream.rate, stream.calendar, stream.items, until)
    return sim.Segment(
        name=name,
        backlog=segment.backlog,
        arrivals=arrivals,
        classes={one: float(share) for one, share in segment.classes.items()},
        class_effects=dict(segment.class_effects),
        confusions={one: {wrong: float(q) for wrong, q in row.items()} for one, row in segment.confusions.items()},
        difficulty_sd=segment.difficulty.spread,
        attractor=segment.difficulty.attractor,
        priority=segment.priority,
        due_s=segment.due,
    )


def _calendar(name: str, week: WeekCalendar, timezone: str) -> sim.Calendar:
    zone = week.timezone or timezone
    if week.availability is not None:
        shares = tuple(share for day in DAYS for share in getattr(week.availability, day))
        return sim.Calendar(name, zone, availability=shares)
    assert week.hours is not None
    return sim.Calendar(name, zone, tuple((day, start, end) for day in week.days for start, end in week.hours))


def _pool(name: str, pool: Pool, scenario: Scenario) -> sim.Pool:
    return sim.Pool(
        name=name,
        headcount=pool.headcount,
        calendar=pool.calendar,
        speed_sd=pool.speed.spread,
        shrinkage=pool.shrinkage,
        skill_mean=_skill(pool, scenario),
        skill_sd=pool.skill.spread,
        class_effects=dict(pool.class_effects),
        sensitivity=pool.reviewing.sensitivity,
        false_alarm=pool.reviewing.false_alarm,
        contract=_contract(pool),
    )


def _skill(pool: Pool, scenario: Scenario) -> float:
    if pool.skill.mean is not None:
        return pool.skill.mean
    mix = []
    for segment in scenario.work.values():
        items = float(segment.backlog)
        if segment.arrivals is not None:
            until = segment.arrivals.until
            open_s = scenario.horizon if until is None else min(scenario.horizon, _since(scenario, until))
            expected = segment.arrivals.rate * max(0.0, open_s) / WEEK_S
            items += expected if segment.arrivals.items is None else min(expected, segment.arrivals.items)
        for one, share in segment.classes.items():
            effect = segment.class_effects.get(one, 0.0) + pool.class_effects.get(one, 0.0)
            mix.append((items * float(share), effect, segment.difficulty.spread))
    weighted = [row for row in mix if row[0] > 0] or [(1.0, *row[1:]) for row in mix]
    return mean_skill(pool.skill.accuracy, pool.skill.spread, weighted)


def _contract(pool: Pool) -> sim.Contract:
    if pool.pay is None:
        return sim.Contract()
    prices = pool.pay.per_label.tiers if pool.pay.per_label is not None else {}
    tiers = tuple(sim.Tier(up_to, price) for up_to, price in prices.items())
    return sim.Contract(hourly=pool.pay.hourly, per_label=tiers, rework_paid=pool.pay.rework_paid)


def _stage(name: str, stage: Stage, ways: Routes) -> sim.Stage:
    return sim.Stage(
        name=name,
        kind=ways.kinds[name],
        pools=tuple((pool, float(share)) for pool, share in stage.pools.items() if share > 0),
        time=_distribution(stage.time),
        next=ways.next[name],
        labels_per_item=stage.labels_per_item,
        rework_by=stage.rework_by,
        fraction=stage.fraction,
        rounds=stage.on_reject.rounds,
    )


def _distribution(time: Time) -> sim.Distribution:
    if time.constant is not None:
        return sim.Distribution("constant", {"value": time.constant})
    if time.exponential is not None:
        return sim.Distribution("exponential", {"mean": time.exponential.mean})
    if time.gamma is not None:
        return sim.Distribution("gamma", {"mean": time.gamma.mean, "shape": time.gamma.shape})
    if time.weibull is not None:
        return sim.Distribution("weibull", {"scale": time.weibull.scale, "shape": time.weibull.shape})
    if time.uniform is not None:
        return sim.Distribution("uniform", {"low": time.uniform.low, "high": time.uniform.high})
    assert time.lognormal is not None
    return _lognormal(time.lognormal.median, time.lognormal.mean, time.lognormal.p95, time.lognormal.sigma)


def _lognormal(median: float | None, mean: float | None, p95: float | None, sigma: float | None) -> sim.Distribution:
    """The lognormal of one of median and mean, and one of p95 and sigma.

    log median = log mean - sigma^2 / 2, and log p95 = log median + z sigma: of its two sigmas the smaller one.
    """
    if sigma is None:
        assert p95 is not None
        if median is not None:
            sigma = math.log(p95 / median) / Z95
        else:
            assert mean is not None
            sigma = Z95 - math.sqrt(max(0.0, Z95**2 - 2 * math.log(p95 / mean)))
    if median is None:
        assert mean is not None
        median = mean * math.exp(-(sigma**2) / 2)
    return sim.Distribution("lognormal", {"median": round(median, DIGITS), "sigma": round(sigma, DIGITS)})


def _goals(scenario: Scenario) -> Iterator[sim.Goal]:
    goals = scenario.goals
    if goals.deadline is not None:
        assert goals.deadline.when is not None
        days = round(_since(scenario, goals.deadline.when) / 86_400, DIGITS)
        yield sim.Goal("finish_days", "<=", days, goals.deadline.chance)
    if goals.accuracy is not None:
        yield _at_least("accuracy", goals.accuracy)
    if goals.budget is not None:
        assert goals.budget.value is not None
        yield sim.Goal("cost", "<=", goals.budget.value, goals.budget.chance)
    if goals.on_time is not None:
        yield _at_least("on_time", goals.on_time)


def _at_least(kpi: str, aim: Aim) -> sim.Goal:
    assert aim.value is not None
    return sim.Goal(kpi, ">=", aim.value, aim.chance)
