"""Who is there, when and for what, against cases worked by hand."""

import math
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest
from lines import constant
from staff import DAILY, DAY, DAY_S, HOUR, day, plan_of, roster, rows, shift

from labelcast.sim.calendars import NEVER
from labelcast.sim.draws import Purpose, stream, subject, uniform, where
from labelcast.sim.line import Absence, Calendar, Epoch, Known, Learning, Mentoring, Pool, Sessions, Training, Turnover

LUCK = stream(1, 0)
TEAM = Pool("team", 2, "daily")
CAPPED = Pool("team", 1, "daily", overtime_s=7200.0, overtime_cap_s=18_000.0)
NIGHTS = Calendar("nights", "UTC", tuple((d, a, b) for d in range(7) for a, b in ((0, 14_400), (72_000, 86_400))))


def test_two_sites_a_holiday_and_two_changes_of_the_clock() -> None:
    """Friday 12 March 2027, Paris: 9-17 there is 9-17, in New York 15-23. On the 14th New York loses an hour, so on
    Monday the 15th its day begins at 14:00 of Paris; on the 28th Paris does, and the Monday after is its holiday."""
    week = tuple((d, 9 * 3600, 17 * 3600) for d in range(5))
    paris = Calendar("paris", "Europe/Paris", week, closed=("2027-03-29",))
    york = Calendar("york", "America/New_York", week)
    pools = (Pool("a", 1, "paris"), Pool("b", 1, "york"))
    start = datetime(2027, 3, 12)
    found = roster(plan_of(pools, 19, (paris, york), start=start, timezone="Europe/Paris"), LUCK)
    at_paris, at_york = shift(found, 0), shift(found, 1)
    assert at_paris[:2] == [day(0, 9, 17), day(3, 9, 17)]
    assert at_york[:2] == [day(0, 15, 23), day(3, 14, 22)]
    assert at_paris[-2:] == [day(14, 9, 17), day(18, 8, 16)], "the 26th and, without the holiday, the 30th"
    assert at_york[-2:] == [day(17, 14, 22), day(18, 14, 22)], "the 29th and 30th, at 15:00 of Paris"


def test_people_of_the_start_may_have_an_experience_of_their_own() -> None:
    """Of three, the one of slot 1 has done 900 tasks and stands 1.2 standard deviations from the middle speed, give or
    take 0.1, and 0.6 from the middle skill, give or take 0.2; who is hired into their slot later is not known."""
    team = replace(TEAM, headcount=3, learning=Learning(experience=50), known=(Known(1, 900, -1.2, 0.1, 0.6, 0.2),))
    fewer = replace(team, headcount=1, known=())
    epochs = [Epoch(5 * DAY_S, pools=(fewer,)), Epoch(9 * DAY_S, pools=(replace(team, headcount=2),))]
    found = roster(plan_of((team,), 30, epochs=epochs), LUCK)
    assert found.slot.tolist() == [0, 1, 2, 1]
    assert found.experience.tolist() == [50, 900, 50, 0]
    assert found.known.tolist() == [
        [0.0, 1.0, 0.0, 1.0],
        [-1.2, 0.1, 0.6, 0.2],
        [0.0, 1.0, 0.0, 1.0],
        [0.0, 1.0, 0.0, 1.0],
    ]


def test_a_ramp_up_waits_for_the_lead_time_and_a_ramp_down_takes_the_highest() -> None:
    """Two people; four from day 7 with two days of lead, so slots 2 and 3 begin on day 9; one from day 21: slots 1, 2
    and 3 leave then, after their task. Hires know nothing; those of the start have their experience."""
    two = replace(TEAM, turnover=Turnover(lead_s=2 * DAY_S), learning=Learning(experience=50))
    epochs = [Epoch(at * DAY_S, pools=(replace(two, headcount=n),)) for at, n in ((7, 4), (21, 1))]
    found = roster(plan_of((two,), 30, epochs=epochs), LUCK)
    assert found.number.tolist() == found.slot.tolist() == [0, 1, 2, 3]
    assert found.hired.tolist() == [0, 0, 9 * DAY, 9 * DAY]
    assert found.leaves.tolist() == [NEVER, 21 * DAY, 21 * DAY, 21 * DAY]
    assert found.finishes.tolist() == [False, True, True, True]
    assert found.experience.tolist() == [50, 50, 0, 0]
    assert [len(rows(found, worker)) for worker in range(4)] == [30, 21, 12, 12]
    assert rows(found, 2)[0] == ("working", *day(9, 9, 17))
    assert rows(found, 1)[-1] == ("working", *day(20, 9, 17))
    assert found.shift_of.tolist() == [0, 1, 2, 2], "equal shift sets are one"


def test_a_higher_headcount_that_is_taken_back_before_the_lead_time_hires_nobody() -> None:
    """Three people from day 2 to day 4, with a lead of five days: nobody comes."""
    two = replace(TEAM, turnover=Turnover(lead_s=5 * DAY_S))
    epochs = [Epoch(at * DAY_S, pools=(replace(two, headcount=n),)) for at, n in ((2, 3), (4, 2))]
    assert roster(plan_of((two,), 30, epochs=epochs), LUCK).number.tolist() == [0, 1]


def test_a_slot_that_comes_back_has_a_new_person() -> None:
    """Of two people, the second leaves on day 5; on day 10 a third takes the slot, under the number 2 + 1."""
    epochs = [Epoch(at * DAY_S, pools=(replace(TEAM, headcount=n),)) for at, n in ((5, 1), (10, 2))]
    found = roster(plan_of((TEAM,), 20, epochs=epochs), LUCK)
    assert found.number.tolist() == [0, 1, 3]
    assert found.slot.tolist() == [0, 1, 1]
    assert found.hired.tolist() == [0, 0, 10 * DAY]
    assert len(set(found.key.tolist())) == 3


def test_a_leaver_is_replaced_after_the_lead_time_and_trained() -> None:
    """The hazard is such that the one person leaves at noon of day 10. The place is filled at noon of day 13, and
    ten hours of training fill that day's rest, from 12 to 17, and the next day's first five hours."""
    plan = plan_of((replace(TEAM, headcount=1),), 16)
    u = uniform(LUCK, subject(plan.pools[0].key, 0), where(Purpose.LEAVING))
    hazard = -math.log1p(-u) * 365.25 / 10.5  # as many a year as leave by then with chance u
    turnover = Turnover(hazard, lead_s=3 * DAY_S, training_s=10 * 3600.0)
    alone = replace(TEAM, headcount=1, turnover=turnover, mentoring=Mentoring(2.0))
    found = roster(plan_of((alone,), 16), LUCK)
    left = int(found.leaves[0])
    assert left == pytest.approx(10.5 * DAY, abs=10 * 60_000)
    assert not found.finishes[0]
    assert rows(found, 0)[-1] == ("working", *day(10, 9), left / HOUR)
    assert (found.number[1], found.slot[1], found.hired[1]) == (1, 0, left + 3 * DAY)
    came = left / HOUR + 72
    first, second, third = rows(found, 1)[:3]
    assert first == ("training", came, day(13, 17)[0])
    assert second == ("training", day(14, 9)[0], pytest.approx(came + 26.0)), "17:00 of a day to 9:00 are 16 hours"
    assert third == ("working", second[2], day(14, 17)[0])
    assert shift(found, 1)[0] == third[1:], "no task before the training is over"
    assert found.mentored_until[1] == 0, "nobody of the start is there to do it"


def test_an_epoch_at_the_start_is_the_start() -> None:
    """Three people by the line, one with experience 9 by an epoch at 0: one person; who follows has number 1."""
    epochs = [Epoch(0.0, pools=(replace(TEAM, headcount=1, learning=Learning(experience=9)),))]
    epochs += [Epoch(at * DAY_S, pools=(replace(TEAM, headcount=n),)) for at, n in ((2, 0), (4, 1))]
    found = roster(plan_of((replace(TEAM, headcount=3),), 6, epochs=epochs), LUCK)
    assert found.number.tolist() == [0, 1]
    assert found.experience.tolist() == [9, 0]


def test_who_misses_a_day_misses_all_of_it() -> None:
    """A person is absent on exactly the local dates whose draw is below the share; a night belongs to the date on
    which it began, overtime is not missed but does not happen, and what is missed is no time for tasks."""
    plan = plan_of((Pool("team", 1, "nights", overtime_s=3600.0, absence=Absence(0.3, paid=False)),), 30, (NIGHTS,))
    found = roster(plan, LUCK)
    first = date(2027, 1, 4).toordinal()
    person = subject(plan.pools[0].key, 0)
    expected = []
    for number in range(-1, 30):
        at = where(Purpose.ABSENCE, first + number)
        absent = uniform(LUCK, person, at) < 0.3
        night = (max(0.0, day(number, 20)[0]), min(24.0 * 30, day(number + 1, 4)[0]))
        expected.append(("absent_unpaid" if absent else "working", *night))
        if not absent and number < 29:
            expected.append(("overtime", night[1], night[1] + 1))
    assert rows(found, 0) == expected
    missed = [row[1:] for row in expected if row[0] == "absent_unpaid"]
    assert 3 < len(missed) < 20
    assert not set(missed) & set(shift(found, 0))


def test_absence_of_everyone_and_whether_it_is_paid() -> None:
    """With a share of one, all shifts of all are missed, and nobody ever takes a task."""
    for paid, kind in ((True, "absent_paid"), (False, "absent_unpaid")):
        found = roster(plan_of((replace(TEAM, absence=Absence(1.0, paid)),), 3), LUCK)
        assert rows(found, 1) == [(kind, *day(n, 9, 17)) for n in range(3)]
        assert shift(found, 1) == []


def test_overtime_follows_the_last_shift_of_a_day() -> None:
    """Of 9-13 and 14-18 with two hours of overtime, 18-20 is overtime, and tasks are taken to the end of it."""
    office = Calendar("office", "UTC", ((0, 32_400, 46_800), (0, 50_400, 64_800)))
    found = roster(plan_of((Pool("team", 1, "office", overtime_s=7200.0),), 1, (office,)), LUCK)
    assert rows(found, 0) == [("working", 9, 13), ("working", 14, 18), ("overtime", 18, 20)]
    assert shift(found, 0) == [(9, 13), (14, 20)]


def test_nobody_works_more_overtime_in_a_week_than_its_cap() -> None:
    """Two hours a day, five a week: from Monday the 4th 2, 2, 1 and no more; on the 11th it begins anew. From the 13th
    on the cap is seven, of which four are worked: two and one. Somebody without a cap works it every day."""
    later = [Epoch(9 * DAY_S, pools=(replace(CAPPED, overtime_cap_s=25_200.0),))]
    found = roster(plan_of((CAPPED,), 13, epochs=later), LUCK)
    worked = [(start // 24, end - start) for kind, start, end in rows(found, 0) if kind == "overtime"]
    assert worked == [(0, 2), (1, 2), (2, 1), (7, 2), (8, 2), (9, 2), (10, 1)]
    assert len([row for row in rows(found, 0) if row[0] == "working"]) == 13
    free = roster(plan_of((replace(CAPPED, overtime_cap_s=None),), 13), LUCK)
    assert len([row for row in rows(free, 0) if row[0] == "overtime"]) == 13


def test_overtime_of_a_missed_day_is_left_for_another() -> None:
    """Who misses days works their overtime on the others, up to the cap: five hours in each week with three days."""
    plan = plan_of((replace(CAPPED, absence=Absence(0.3)),), 28)
    found = rows(roster(plan, LUCK), 0)
    missed = {start // 24 for kind, start, _ in found if kind == "absent_paid"}
    assert 0 < len(missed) < 20
    for week in range(4):
        there = [day for day in range(7 * week, 7 * week + 7) if day not in missed]
        worked = [(start // 24, end - start) for kind, start, end in found if kind == "overtime"]
        mine = [one for one in worked if one[0] // 7 == week]
        assert [day for day, _ in mine] == there[:3]
        assert sum(hours for _, hours in mine) == min(5, 2 * len(there))


def test_who_comes_or_leaves_in_the_middle_of_a_week_has_its_cap_too() -> None:
    """People who stay two weeks or so: each works two hours a day from their first, five a week, however many others
    had the place before."""
    found = roster(plan_of((replace(CAPPED, turnover=Turnover(25.0)),), 90), LUCK)
    assert len(found.pool) > 3
    weeks = 0
    for person in range(len(found.pool)):
        days: dict[float, list[float]] = {}
        for kind, start, end in rows(found, person):
            if kind == "overtime":
                days.setdefault(start // (7 * 24), []).append(end - start)
        assert all(sum(hours) <= 5 for hours in days.values())
        weeks += sum(len(hours) == 3 for hours in days.values())
        there = [start // 24 for kind, start, end in rows(found, person) if kind == "working" and end % 24 == 17]
        worked = [start // 24 for kind, start, _ in rows(found, person) if kind == "overtime"]
        assert not there or worked[:1] == there[:1]
    assert weeks > 6


def test_training_of_a_pool_takes_the_first_time_on_shift_from_its_date() -> None:
    """Twelve hours from noon of day 1 are 12-17 of it and 9-16 of the next, for those who are there; who comes later
    has none, and the other pool has none."""
    epochs = [Epoch(2 * DAY_S, pools=(replace(TEAM, headcount=3), replace(TEAM, name="other")))]
    plan = plan_of(
        (TEAM, replace(TEAM, name="other")), 4, epochs=epochs, trainings=[Training(1.5 * DAY_S, "team", 12.0)]
    )
    found = roster(plan, LUCK)
    work, course = "working", "training"
    assert rows(found, 0) == [
        (work, *day(0, 9, 17)),
        (work, *day(1, 9, 12)),
        (course, *day(1, 12, 17)),
        (course, *day(2, 9, 16)),
        (work, *day(2, 16, 17)),
        (work, *day(3, 9, 17)),
    ]
    assert shift(found, 1) == [day(0, 9, 17), day(1, 9, 12), day(2, 16, 17), day(3, 9, 17)]
    assert {kind for kind, _, _ in rows(found, 2)} == {work}
    assert {kind for kind, _, _ in rows(found, 3)} == {work}


def test_hires_are_mentored_by_those_of_the_start_in_turn() -> None:
    """Two people, two hires on day 7, two weeks of three hours each. Week one: person 0 mentors the first hire, person
    1 the second; the same in week two. It is the beginning of their first shift of the week."""
    team = replace(TEAM, mentoring=Mentoring(3.0, weeks=2, gain=1.5))
    found = roster(plan_of((team,), 28, epochs=[Epoch(7 * DAY_S, pools=(replace(team, headcount=4),))]), LUCK)
    assert found.mentored_until.tolist() == [0, 0, 21 * DAY, 21 * DAY]
    for mentor in (0, 1):
        spent = [row for row in rows(found, mentor) if row[0] == "training"]
        assert spent == [("training", *day(n, 9, 12)) for n in (7, 14)]
    assert all(row[0] == "working" for hire in (2, 3) for row in rows(found, hire))


def test_a_mentor_of_two_spends_twice_the_time_and_none_is_left_when_they_are_gone() -> None:
    """One person mentors three hires of day 7 for three hours each: 9-17 of day 7, and 9-10 of day 8. A week later
    nobody of the start is there: the mentoring ends."""
    team = replace(TEAM, headcount=1, mentoring=Mentoring(3.0, weeks=4))
    grown = Epoch(7 * DAY_S, pools=(replace(team, headcount=4),))
    found = roster(plan_of((team,), 28, epochs=[grown]), LUCK)
    spent = [row[1:] for row in rows(found, 0) if row[0] == "training"]
    assert spent[:2] == [day(7, 9, 17), day(8, 9, 10)]
    assert sum(end - start for start, end in spent) == 3 * 3 * 3, "three weeks of four lie in the run"
    away = [Epoch(0.0, pools=(replace(team, headcount=0),)), Epoch(7 * DAY_S, pools=(replace(team, headcount=2),))]
    nobody = roster(plan_of((team,), 28, epochs=away), LUCK)
    assert nobody.mentored_until.tolist() == [0, 0]


def test_hours_change_on_a_date() -> None:
    """From noon of day 1 the calendar is 12-20: the day's morning is worked, and then goes on to 20."""
    late = replace(DAILY, intervals=tuple((d, 43_200, 72_000) for d in range(7)))
    always = plan_of((TEAM,), 1).line.calendars[0]
    found = roster(plan_of((TEAM,), 3, epochs=[Epoch(1.5 * DAY_S, calendars=(always, late))]), LUCK)
    assert shift(found, 0) == [day(0, 9, 17), day(1, 9, 20), day(2, 12, 20)]
    assert rows(found, 0) == [("working", *row) for row in shift(found, 0)]


def test_availability_is_by_the_headcount_of_its_date() -> None:
    """Where half are on shift, that is one of two; of four, from day 1, it is slots 0 and 1."""
    half = Calendar("half", "UTC", availability=tuple(0.5 * (9 <= h % 24 < 12) for h in range(168)))
    team = replace(TEAM, calendar="half")
    found = roster(plan_of((team,), 2, (half,), [Epoch(DAY_S, pools=(replace(team, headcount=4),))]), LUCK)
    assert [shift(found, worker) for worker in range(4)] == [[day(0, 9, 12), day(1, 9, 12)], [day(1, 9, 12)], [], []]


def test_a_crowd_has_no_staff() -> None:
    """A pool of sessions is not in the roster, whatever its headcount; without staff its columns are empty."""
    crowd = Pool("crowd", 5, "daily", sessions=Sessions(10.0, "daily", constant(3.0)))
    found = roster(plan_of((crowd,), 3), LUCK)
    assert found.pool.size == len(found.rows) == 0
    assert found.shift_sets == ()
    assert found.finishes.dtype == np.bool_
    assert roster(plan_of((crowd, TEAM), 3), LUCK).pool.tolist() == [1, 1]
