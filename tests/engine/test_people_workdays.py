"""Working days of a calendar: closed dates, the date of a shift, and overtime, worked by hand."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from staff import DAY, HOUR

from labelcast.sim.calendars import shifts
from labelcast.sim.line import Calendar
from labelcast.sim.workdays import Weekly, Workdays, weekly_hours, workdays

UTC = ZoneInfo("UTC")
MONDAY = datetime(2027, 1, 4, tzinfo=UTC)
FIRST = date(2027, 1, 4).toordinal()
ALWAYS: Weekly = tuple((d, 0, 86_400) for d in range(7))


def hours(of: Workdays) -> list[tuple[float, float, int, bool]]:
    """From and to in hours, days after the first Monday, overtime."""
    columns = (of.starts.tolist(), of.ends.tolist(), of.dates.tolist(), of.overtime.tolist())
    return [(s / HOUR, e / HOUR, d - FIRST, o) for s, e, d, o in zip(*columns, strict=True)]


def of(
    weekly: Weekly, days: float, closed: tuple[str, ...] = (), overtime: float = 0.0
) -> list[tuple[float, float, int, bool]]:
    return hours(workdays(weekly, "UTC", closed, round(overtime * HOUR), MONDAY, round(days * DAY)))


def test_nobody_is_on_shift_on_a_closed_date() -> None:
    """Of 9-17 from Monday to Friday, the Tuesday is closed; of nights, what lies on that date itself."""
    office: Weekly = tuple((d, 32_400, 61_200) for d in range(5))
    assert of(office, 3, ("2027-01-05",)) == [(9, 17, 0, False), (57, 65, 2, False)]
    nights: Weekly = tuple((d, a, b) for d in range(7) for a, b in ((0, 14_400), (72_000, 86_400)))
    assert of(nights, 2.5, ("2027-01-05",)) == [(0, 4, -1, False), (20, 24, 0, False), (48, 52, 2, False)]


def test_a_closed_date_is_local() -> None:
    """1 May in Auckland begins at noon of 30 April in UTC (UTC+12)."""
    origin = datetime(2027, 4, 30, tzinfo=UTC)
    open_ = shifts(Calendar("a", "Pacific/Auckland", ALWAYS, closed=("2027-05-01",)), origin, 3 * DAY)
    assert (open_.starts / HOUR).tolist() == [0, 36]
    assert (open_.ends / HOUR).tolist() == [12, 72]


def test_a_shift_has_the_date_on_which_it_began_unless_it_lasts_a_day() -> None:
    """22-06 is one shift, of the evening's date, also when it began before the start; round the clock, each date has
    its own; 30 hours in one go are two."""
    nights: Weekly = tuple((d, a, b) for d in range(7) for a, b in ((0, 21_600), (79_200, 86_400)))
    assert of(nights, 1.5) == [(0, 6, -1, False), (22, 24, 0, False), (24, 30, 0, False)]
    assert of(ALWAYS, 2) == [(0, 24, 0, False), (24, 48, 1, False)]
    assert of(((0, 64_800, 86_400), (1, 0, 86_400)), 3) == [(18, 24, 0, False), (24, 48, 1, False)]


def test_overtime_ends_where_the_next_shift_or_a_closed_date_begins() -> None:
    """Eight hours after 17:00 reach into the next date, but not into a closed one, and not into a shift; round the
    clock there is no room for any."""
    office: Weekly = tuple((d, 32_400, 61_200) for d in range(5))
    assert of(office, 2, overtime=8)[:2] == [(9, 17, 0, False), (17, 25, 0, True)]
    assert of(office, 2, ("2027-01-05",), 8) == [(9, 17, 0, False), (17, 24, 0, True)]
    assert of(office, 2, overtime=20)[:3] == [(9, 17, 0, False), (17, 33, 0, True), (33, 41, 1, False)]
    assert of(ALWAYS, 2, overtime=1) == of(ALWAYS, 2)


def test_overtime_is_an_hour_of_real_time_across_daylight_saving() -> None:
    """Paris, 28 March 2027: a shift until 01:30 with an hour of overtime ends at 03:30 on the wall, an hour later."""
    paris = ZoneInfo("Europe/Paris")
    weekly: Weekly = ((6, 0, 5400),)
    found = workdays(weekly, "Europe/Paris", (), HOUR, datetime(2027, 3, 28, tzinfo=paris), DAY)
    assert [row[:2] for row in hours(found)] == [(0, 1.5), (1.5, 2.5)]


def test_overtime_begun_before_the_start_is_seen() -> None:
    """From Monday 00:00: Sunday's shift until 23:00 with two hours of overtime leaves an hour."""
    assert of(((6, 72_000, 82_800),), 1, overtime=2) == [(0, 1, -1, True)]


cuts = st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True).map(sorted)
weeks = st.dictionaries(st.integers(0, 6), cuts, max_size=7).map(
    lambda week: tuple(
        (d, 900 * a, 900 * b) for d, one in sorted(week.items()) for a, b in zip(one[::2], one[1::2], strict=False)
    )
)


@given(
    weekly=weeks,
    zone=st.sampled_from(["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe"]),
    start=st.integers(0, 364 * 24),
    closed=st.sets(st.integers(0, 20), max_size=4),
    overtime=st.sampled_from([0, 1, HOUR, 11 * HOUR]),
    days=st.integers(1, 30),
)
def test_pieces_are_disjoint_and_overtime_adds_to_them(
    weekly: Weekly, zone: str, start: int, closed: set[int], overtime: int, days: int
) -> None:
    """Pieces are sorted, disjoint and inside the run; without overtime they are the same but for it; overtime is at
    most once by date, and no longer than asked for; no piece begins on a closed date."""
    origin = datetime.fromtimestamp(1_798_761_600 + start * 3600, ZoneInfo(zone))
    shut = tuple(sorted(date.fromordinal(origin.toordinal() + number).isoformat() for number in closed))
    found = workdays(weekly, zone, shut, overtime, origin, days * DAY)
    plain = workdays(weekly, zone, shut, 0, origin, days * DAY)
    assert (found.starts < found.ends).all()
    assert (found.ends[:-1] <= found.starts[1:]).all()
    assert not found.starts.size or (found.starts[0] >= 0 and found.ends[-1] <= days * DAY)
    for column, other in zip(found[:3], plain[:3], strict=True):
        assert column[~found.overtime].tolist() == other.tolist()
    dates = found.dates[found.overtime].tolist()
    assert len(set(dates)) == len(dates)
    assert (found.ends - found.starts)[found.overtime].max(initial=0) <= overtime
    begins = [
        datetime.fromtimestamp(origin.timestamp() + at / 1000, ZoneInfo(zone)) for at in found.starts.tolist() if at
    ]
    assert not {at.date().isoformat() for at in begins} & set(shut)


def test_slots_of_availability_have_hours_of_their_own() -> None:
    """A share of a half is slot 0's of two, and not slot 1's."""
    calendar = Calendar("half", "UTC", availability=(0.5,) + (0.0,) * 167)
    assert weekly_hours(calendar, 0, 2) == ((0, 0, 3600),)
    assert weekly_hours(calendar, 1, 2) == ()


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris"])
def test_the_same_days_are_worked_out_once(zone: str) -> None:
    """Every replication asks anew, and gets the same arrays."""
    origin = datetime(2027, 1, 4, tzinfo=ZoneInfo(zone))
    assert workdays(ALWAYS, zone, (), 0, origin, DAY) is workdays(ALWAYS, zone, (), 0, origin, DAY)
