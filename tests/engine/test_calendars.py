"""Working-time arithmetic against cases worked by hand."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from labelcast.sim.calendars import (
    NEVER,
    Shifts,
    moment_of,
    open_before,
    open_ms_per_week,
    shift_set,
    shifts,
    working_end,
)
from labelcast.sim.line import Calendar
from labelcast.sim.workdays import weekly_hours, workdays

HOUR = 3_600_000
DAY = 24 * HOUR
WEEK = 7 * DAY
OFFICE = tuple((d, h * 3600, (h + 4) * 3600) for d in range(5) for h in (9, 14))


def hours(of: Shifts) -> list[tuple[float, float]]:
    return [(s / HOUR, e / HOUR) for s, e in zip(of.starts.tolist(), of.ends.tolist(), strict=True)]


def at(year: int, month: int, day: int, hour: int, zone: str) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZoneInfo(zone))


def test_a_monday_with_a_break() -> None:
    """From Monday 10:00, office hours 9-13 and 14-18: [0, 3) and [4, 8), then Tuesday."""
    office = shifts(Calendar("office", "UTC", OFFICE), at(2027, 1, 4, 10, "UTC"), 30 * HOUR)
    assert hours(office) == [(0, 3), (4, 8), (23, 27), (28, 30)]
    assert office.before.tolist() == [0, 3 * HOUR, 7 * HOUR, 11 * HOUR]


def test_another_time_zone() -> None:
    """09:00 in Kolkata is 03:30 UTC."""
    kolkata = Calendar("k", "Asia/Kolkata", ((0, 9 * 3600, 18 * 3600),))
    assert hours(shifts(kolkata, at(2027, 1, 4, 0, "UTC"), DAY)) == [(3.5, 12.5)]


def test_spring_and_autumn_keep_local_hours() -> None:
    """Paris, 28 March 2027 loses 02:00-03:00 and 31 October has 02:00-03:00 twice; 00:00-06:00 is 5 and 7 hours long,
    and 09:00 comes an hour earlier or later in real time."""
    nights = Calendar("n", "Europe/Paris", ((6, 0, 6 * 3600), (6, 9 * 3600, 10 * 3600)))
    spring = shifts(nights, at(2027, 3, 28, 0, "Europe/Paris"), DAY)
    autumn = shifts(nights, at(2027, 10, 31, 0, "Europe/Paris"), DAY)
    assert hours(spring) == [(0, 5), (8, 9)]
    assert hours(autumn) == [(0, 7), (10, 11)]


def test_an_hour_that_does_not_exist_is_not_worked() -> None:
    """02:00-03:00 on the day that skips it is no interval; 02:30-04:00 is the one hour after the jump."""
    origin = at(2027, 3, 28, 0, "Europe/Paris")
    skipped = Calendar("s", "Europe/Paris", ((6, 2 * 3600, 3 * 3600),))
    partly = Calendar("p", "Europe/Paris", ((6, 9000, 4 * 3600),))
    assert hours(shifts(skipped, origin, DAY)) == []
    assert hours(shifts(partly, origin, DAY)) == [(2, 3)]


def test_midnight_joins_touching_intervals() -> None:
    """Monday 20:00-24:00 and Tuesday 00:00-04:00 are one shift, also across the horizon's cut."""
    night = Calendar("n", "UTC", ((0, 20 * 3600, 86_400), (1, 0, 4 * 3600)))
    assert hours(shifts(night, at(2027, 1, 4, 0, "UTC"), 2 * DAY)) == [(20, 28)]
    assert hours(shifts(night, at(2027, 1, 4, 0, "UTC"), 26 * HOUR)) == [(20, 26)]
    always = Calendar("a", "UTC", tuple((d, 0, 86_400) for d in range(7)))
    assert hours(shifts(always, at(2027, 1, 4, 0, "UTC"), WEEK)) == [(0, 168)]


def test_pause_over_break_night_and_weekend() -> None:
    """Five hours of work begun Friday 16:00 end Monday 12:00; work that just fills a shift ends with it."""
    office = shifts(Calendar("office", "UTC", OFFICE), at(2027, 1, 8, 0, "UTC"), 2 * WEEK)
    assert working_end(*office, 16 * HOUR, 5 * HOUR) == 3 * DAY + 12 * HOUR
    assert working_end(*office, 16 * HOUR, 2 * HOUR) == 18 * HOUR
    assert working_end(*office, 20 * HOUR, HOUR) == 3 * DAY + 10 * HOUR
    assert working_end(*office, 16 * HOUR, WEEK * 10) == NEVER


def test_open_time_and_its_inverse() -> None:
    """Open hours before Monday 11:00 are two; two open hours are reached at 11:00; the end of a shift belongs to the
    next one's start."""
    office = shifts(Calendar("office", "UTC", OFFICE), at(2027, 1, 4, 0, "UTC"), WEEK)
    assert open_before(*office, 11 * HOUR) == 2 * HOUR
    assert open_before(*office, 13 * HOUR + 1) == 4 * HOUR
    assert moment_of(*office, 2 * HOUR) == 11 * HOUR
    assert moment_of(*office, 4 * HOUR) == 14 * HOUR
    assert moment_of(*office, 40 * HOUR) == NEVER


def test_availability_staffs_slots_by_hour() -> None:
    """Of four slots, half are on shift where the share is 50%, all where it is 100%, none at 0% or 12%."""
    shares = [0.0] * 168
    shares[9], shares[10], shares[11], shares[12] = 0.5, 1.0, 0.12, 0.5
    calendar = Calendar("c", "UTC", availability=tuple(shares))
    of_slot = [weekly_hours(calendar, slot, 4) for slot in range(4)]
    days = [workdays(weekly, "UTC", (), 0, at(2027, 1, 4, 0, "UTC"), DAY) for weekly in of_slot]
    sets = [hours(shift_set(day.starts, day.ends)) for day in days]
    assert sets == [[(9, 11), (12, 13)]] * 2 + [[(10, 11)]] * 2
    assert open_ms_per_week(calendar) == round(2.12 * HOUR)


def counted_end(starts: list[int], ends: list[int], start: int, work: int) -> int:
    """Where a plain count of open ticks reaches the end of the work; NEVER within 2,000 ticks."""
    left, now = work, start
    while left and now < 2000:
        left -= any(s <= now < e for s, e in zip(starts, ends, strict=True))
        now += 1
    return now if left == 0 else NEVER


cuts_start_work = given(
    cuts=st.lists(st.integers(0, 1000), min_size=2, max_size=12, unique=True),
    start=st.integers(0, 1000),
    work=st.integers(1, 600),
)


def ends_agree(cuts: list[int], start: int, work: int, lost: int) -> bool:
    """Whether working_end and the count agree; lost: ticks that a planted fault leaves out after each break."""
    edges = sorted(cuts)[: len(cuts) // 2 * 2]
    starts, ends = np.array(edges[::2], np.int64), np.array(edges[1::2], np.int64)
    before = np.cumsum(ends - starts) - (ends - starts) - lost * np.arange(len(starts))
    return working_end(starts, ends, before, start, work) == counted_end(edges[::2], edges[1::2], start, work)


@cuts_start_work
def test_working_end_counts_tick_by_tick(cuts: list[int], start: int, work: int) -> None:
    """The end of work is where a plain count of open ticks reaches it, for any intervals."""
    assert ends_agree(cuts, start, work, lost=0)


def test_the_count_sees_a_tick_lost_at_a_break() -> None:
    """Planted fault: an open tick goes uncounted at each break; 15 ticks of work from 0 over [0, 10) and [20, 40)."""
    assert ends_agree([0, 10, 20, 40], 0, 15, lost=0)
    assert not ends_agree([0, 10, 20, 40], 0, 15, lost=1)
