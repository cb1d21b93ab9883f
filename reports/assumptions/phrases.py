"""Parts of a line in a planner's words: shares, spans, dates, distributions, calendars, goals."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from ...sim.line import Calendar, Distribution, Goal, Line
from .. import numbers
from ..days import WEEKDAYS, by_day, day_words, from_day

DAY_S = 86_400.0

UNSIZED = ("shape", "sigma")
"""Parameters that are no times."""

P95 = 1.6448536269514722
"""Standard normal deviate that 95% do not exceed."""


def distribution_words(time: Distribution) -> str:
    """A distribution of seconds in words: lognormal, median 42 s, P95 2.6 min."""
    return _distribution(time, numbers.duration)


def counts_words(many: Distribution) -> str:
    """A distribution of whole numbers in words: lognormal, median 12, P95 90; each draw is rounded, at least one."""
    return f"{_distribution(many, numbers.significant)}, in whole numbers from 1"


def _distribution(of: Distribution, told: Callable[[float], str]) -> str:
    p = of.parameters
    if of.family == "lognormal":
        return f"lognormal, median {told(p['median'])}, P95 {told(p['median'] * math.exp(P95 * p['sigma']))}"
    if of.family == "mixture":
        one, other = (
            f"median {told(p[f'{kind}median'])}, sigma {numbers.significant(p[f'{kind}sigma'])}"
            for kind in ("", "other_")
        )
        return f"two lognormals, {one}; {share(p['share'])} of them {other}"
    parts = [f"{k} {numbers.significant(v) if k in UNSIZED else told(v)}" for k, v in p.items()]
    return f"{of.family}, {', '.join(parts)}"


def calendar_words(calendar: Calendar) -> str:
    """When people are on shift: Mon-Fri 09:00-13:00, 14:00-18:00 (Europe/Paris), closed on 6 Apr 2027."""
    zone = f"({calendar.timezone}){_closed(calendar.closed)}"
    if calendar.availability is not None:
        full = sum(calendar.availability)
        return f"by hour of the week, {numbers.significant(full)} full hours a week in all {zone}"
    by_day = {day: [(a, b) for d, a, b in calendar.intervals if d == day] for day in range(7)}
    runs: list[tuple[int, int]] = []
    for day in range(7):
        if runs and by_day[runs[-1][0]] == by_day[day]:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    told = [f"{_days(*run)} {_clock(by_day[run[0]])}" for run in runs if by_day[run[0]]]
    return f"{'; '.join(told) or 'never'} {zone}"


def _closed(dates: Sequence[str]) -> str:
    if not dates:
        return ""
    some = ", ".join(day_words(date.fromisoformat(one)) for one in dates[:3])
    more = f" and {len(dates) - 3} more days" if len(dates) > 3 else ""
    return f", closed on {some}{more}"


def goal_words(line: Line, goal: Goal) -> str:
    """A goal in words: by 15 Jun 2027 (its end); at least 97.0%; with a chance of at least 80%."""
    bound = "at least" if goal.relation == ">=" else "at most"
    if goal.kpi == "finish_days":
        words = f"by {by_day(line, goal.value)}" if math.isfinite(goal.value) else "no deadline"
    elif goal.kpi.startswith("cost"):
        words = f"{bound} {numbers.number(goal.value, line.currency)}"
    elif 0 <= goal.value <= 1:
        words = f"{bound} {numbers.number(goal.value, numbers.SHARE)}"
    else:
        words = f"{bound} {numbers.significant(goal.value)}"
    chance = goal.probability
    return words if chance is None else f"{words}, with a chance of at least {share(chance)}"


def due_date(line: Line, seconds: float) -> str:
    """A date by which something is wanted: 15 Jan 2027 for the midnight that ends that day."""
    return by_day(line, seconds / DAY_S)


def date_of(line: Line, seconds: float) -> str:
    """A date from which something holds: 15 Jan 2027 for the midnight that begins that day."""
    return from_day(line, seconds / DAY_S)


def share(value: float) -> str:
    """A share as a percentage: 12.5%."""
    return f"{numbers.significant(100 * value)}%"


def shares(by_name: Mapping[str, float]) -> str:
    """Shares by name: car 70%, bus 30%."""
    return ", ".join(f"{name} {share(value)}" for name, value in by_name.items())


def logits(by_name: Mapping[str, float]) -> str:
    """Effects by name: bus -0.40 logits, with a true minus sign."""
    return ", ".join(f"{name} {signed(value)}" for name, value in by_name.items()) + " logits"


def signed(value: float) -> str:
    """A number with its sign and two decimals: +0.50."""
    return f"{value:+.2f}".replace("-", numbers.MINUS)


def factors(by_name: Mapping[str, float]) -> str:
    """Factors by name: night 1.5 times."""
    return ", ".join(f"{name} {times(value)}" for name, value in by_name.items())


def times(value: float) -> str:
    """A factor: 1.5 times."""
    return f"{numbers.significant(value)} times"


def whole(count: int, one: str, many: str = "") -> str:
    """A count with its noun: 1 item, 1,200 items."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def week_words(weights: Sequence[float]) -> str:
    """When of a week's 168 hours most comes: the busiest and the quietest, on local time."""
    total = sum(weights)
    high, low = max(range(168), key=lambda h: weights[h]), min(range(168), key=lambda h: weights[h])
    most, least = share(weights[high] / total), share(weights[low] / total)
    return f"by hour: most on {_hour(high)} ({most} of a week), least on {_hour(low)} ({least})"


def _hour(hour: int) -> str:
    return f"{WEEKDAYS[hour // 24]} {hour % 24:02}:00"


def _days(first: int, last: int) -> str:
    return WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}-{WEEKDAYS[last]}"


def _clock(spans: Sequence[tuple[int, int]]) -> str:
    if list(spans) == [(0, 86_400)]:
        return "all day"
    return ", ".join(f"{a // 3600:02}:{a % 3600 // 60:02}-{b // 3600:02}:{b % 3600 // 60:02}" for a, b in spans)
