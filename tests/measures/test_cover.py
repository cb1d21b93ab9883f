"""Who is on shift when: by hand, across time zones, midnights and Sundays, and against the presence of a run."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from flows import SURE, annotate, line_of, simulate
from lines import ALWAYS

from labelcast.reports.cover import cover_json, cover_sentences
from labelcast.sim.cover import WEEK_MIN, Gap, cover, covered, hourly, longest_gap
from labelcast.sim.line import Calendar, Line, Pool, Sessions

NINE_TO_FIVE = tuple((day, 9 * 3600, 17 * 3600) for day in range(5))


OFFICE = Calendar("office", "UTC", NINE_TO_FIVE)


def staff(name: str, count: int, calendar: str, **more: Any) -> Pool:
    """People who are never wrong."""
    return Pool(name, count, calendar, skill_mean=SURE, **more)


def line(*pools: Pool, calendars: tuple[Calendar, ...]) -> Line:
    """One stage, at which all pools of staff and crowd may work."""
    stage = dataclasses.replace(annotate(to="deliver"), pools=tuple((one.name, 1 / len(pools)) for one in pools))
    return line_of(5, (stage,), *pools, calendars=(ALWAYS, *calendars))


def test_a_week_by_hand() -> None:
    """Nine to five, four people, half an hour of overtime: 42.5 h a week, 170 people's hours; from 17:30 on Friday to
    Monday at nine nobody is there for 63.5 hours."""
    there = cover(
        line(
            staff("team", 4, "office", overtime_s=1800.0),
            calendars=(Calendar("office", "UTC", NINE_TO_FIVE),),
        )
    )
    minutes = there.stages["annotate"]
    assert covered(minutes) == 42.5
    assert minutes.sum() / 60 == 170
    assert hourly(minutes)[[8, 9, 16, 17, 18]].tolist() == [0, 4, 4, 2, 0]
    assert longest_gap(minutes) == Gap((4 * 24 + 17) * 60 + 30, 63 * 60 + 30)


def test_sites_in_other_zones() -> None:
    """Nine to five in Manila (UTC+8) and in Berlin (UTC+1 in January) are 1:00 to 9:00 and 8:00 to 16:00 in UTC: they
    share one hour a day, and together cover 15."""
    zones = (Calendar("manila", "Asia/Manila", NINE_TO_FIVE), Calendar("berlin", "Europe/Berlin", NINE_TO_FIVE))
    one = line(staff("a", 2, "manila"), staff("b", 3, "berlin"), calendars=zones)
    there = cover(dataclasses.replace(one, start=one.start.replace(month=1, day=12)))
    assert there.shared("a", "b") == 5
    assert covered(there.stages["annotate"]) == 75
    assert hourly(there.stages["annotate"])[[0, 1, 7, 8, 9, 15, 16]].tolist() == [0, 2, 2, 5, 3, 3, 0]
    told = cover_json(one, there)
    assert told["hours_together"] == [{"pools": ["a", "b"], "hours": 5.0}]


def test_shares_of_people_and_nights_over_the_end_of_the_week() -> None:
    """Of four people so many are there as their share says, by whole people; a night of Sunday goes on in Monday."""
    shares = Calendar("varying", "UTC", availability=tuple(0.6 if hour % 24 < 12 else 0.1 for hour in range(168)))
    nights = Calendar("nights", "UTC", ((6, 22 * 3600, 24 * 3600), (0, 0, 6 * 3600)))
    both = cover(line(staff("some", 4, "varying"), staff("few", 1, "nights"), calendars=(shares, nights)))
    assert set(both.people["some"].tolist()) == {2.0, 0.0}
    assert hourly(both.people["few"])[[0, 5, 6, 165, 166, 167]].tolist() == [1, 1, 0, 0, 1, 1]
    assert longest_gap(both.people["few"]) == Gap(6 * 60, 6 * 24 * 60 + 16 * 60)


def test_it_is_what_a_run_has() -> None:
    """Without absences a run's presence of the second week is the cover, to the hour."""
    zone = Calendar("site", "Asia/Kolkata", tuple((day, 22 * 3600, 24 * 3600) for day in range(7)))
    one = line(staff("team", 3, "site"), calendars=(zone,))
    log = simulate(
        dataclasses.replace(
            one, horizon_s=3 * 7 * 86_400.0, segments=(dataclasses.replace(one.segments[0], backlog=40_000),)
        )
    )
    there = cover(one)
    offset = (there.monday - one.origin).total_seconds() * 1000
    found = np.zeros(WEEK_MIN)
    for start, end in log.presence[["from", "to"]].to_numpy():
        a, b = (int((at - offset) // 60_000) - WEEK_MIN for at in (start, end))
        found[max(0, a) : max(0, min(b, WEEK_MIN))] += 1
    assert np.array_equal(found, there.people["team"])


def test_nobody_always_and_crowds_are_told() -> None:
    """In words that fit each; a crowd is in no number."""
    sessions = Sessions(60.0, "always", annotate().time)
    crowd = Pool("crowd", 0, "always", sessions=sessions)
    never = Calendar("never", "UTC", ())
    for pools, calendars, told in (
        ((staff("team", 1, "always"),), (), "somebody is on shift at every hour of the week."),
        ((staff("team", 1, "never"),), (never,), "nobody is ever on shift."),
        ((crowd,), (), "nobody has hours here. People of crowd come as they like, and are not counted."),
    ):
        assert cover_sentences(cover(line(*pools, calendars=calendars))) == [f"annotate: {told}"]
    assert longest_gap(np.zeros(WEEK_MIN)) == Gap(0, WEEK_MIN)
    assert longest_gap(np.ones(WEEK_MIN)).minutes == 0


@pytest.mark.parametrize("month", [3, 10])
def test_a_week_in_which_clocks_change_is_not_taken(month: int) -> None:
    """Of a start in the week of a change, the next that is regular."""
    one = line(staff("team", 1, "berlin"), calendars=(Calendar("berlin", "Europe/Berlin", NINE_TO_FIVE),))
    at = one.start.replace(year=2027, month=month, day=28 if month == 3 else 31)
    there = cover(dataclasses.replace(one, start=at, timezone="Europe/Berlin"))
    assert there.monday.date().month == month + 1
    assert covered(there.people["team"]) == 40
