"""Rates by the hour of the day, and staff who are there by day: M_t/G/infinity and M_t/M/c_t."""

from __future__ import annotations

import math
from functools import partial

from lines import WEEK, constant, exponential, queue

from labelcast.sim.line import Arrivals, Calendar, Distribution, Line, Pool, Segment

from ..case import Case, Quantity, case
from ..measures import number_at_hour
from ..oracles import daily
from .stations import SLOWER

RATES = [2.0] * 7 + [6.0, 12.0, 20.0, 24.0, 24.0, 18.0, 22.0, 26.0, 24.0, 18.0, 12.0] + [6.0] * 3 + [2.0] * 3
"""Arrivals an hour, by hour of the day."""

WARM_DAYS = 2
EVEN = "items come evenly over the day"


def _line(time: Distribution, workers: int, calendar: Calendar, weeks: int) -> Line:
    week = tuple(RATES) * 7
    segments = (Segment("items", arrivals=Arrivals(sum(week), "always", until_s=weeks * WEEK, shape=week)),)
    always = Calendar("always", "UTC", tuple((day, 0, 86_400) for day in range(7)))
    calendars = (always, calendar)
    pools = (Pool("annotators", workers, calendar.name),)
    horizon = weeks * WEEK
    return queue(1, 0, 0, time, segments=segments, calendars=calendars, pools=pools, horizon_s=horizon)


WHOLE = Calendar("whole", "UTC", tuple((day, 0, 86_400) for day in range(7)))
DAY = Calendar("day", "UTC", tuple((day, 8 * 3600, 18 * 3600) for day in range(7)))


def _at(hours: tuple[int, ...], theory: list[float]) -> tuple[Quantity, ...]:
    return tuple(
        Quantity(f"mean number at {hour}:00", "items", theory[hour], number_at_hour(hour, WARM_DAYS)) for hour in hours
    )


def _plenty(time: Distribution, tail: object, longest: float) -> Case:
    hours = (10, 13, 17)
    theory = {hour: daily.in_service(RATES, tail, float(hour), longest) for hour in hours}  # type: ignore[arg-type]
    line = _line(time, 60, WHOLE, 8)
    return Case(line, _at(hours, [theory.get(hour, 0.0) for hour in range(24)]), (SLOWER, EVEN))


case("days: M_t/M/infinity")(partial(_plenty, exponential(2400), lambda h: math.exp(-h * 1.5), 12.0))
case("days: M_t/D/infinity")(partial(_plenty, constant(2400), lambda h: float(h < 2 / 3), 2 / 3))


@case("days: M_t/M/5, staff there all day")
def _always() -> Case:
    theory = daily.numbers(RATES, [5] * 24, 0.2, 150)
    return Case(_line(exponential(720), 5, WHOLE, 16), _at((12, 16, 18), theory), (SLOWER, EVEN))


@case("days: M_t/M/6 from 8 to 18, closed at night")
def _by_day() -> Case:
    """Tasks pause at night; an exponential time goes on as if it were new."""
    servers = [0] * 8 + [6] * 10 + [0] * 6
    theory = daily.numbers(RATES, servers, 0.2, 250)
    return Case(_line(exponential(720), 6, DAY, 10), _at((8, 10, 20), theory), (SLOWER, EVEN))
