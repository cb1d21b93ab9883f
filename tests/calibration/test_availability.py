"""Presence by hour of the week, on weeks worked out by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from labelcast.calibration.availability import DAYS, Availability, _gathered, fit_availability
from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.export import write_export
from labelcast.calibration.fit import Parameter

HOUR = 3_600_000
MONDAY = 1_767_571_200_000  # 2026-01-05 00:00 UTC


def worked(*spans: tuple[str, float, float]) -> pd.DataFrame:
    """Pages of ten minutes, end to end, over (worker, from, to) in hours after Monday 00:00 UTC."""
    rows = []
    for worker, start, end in spans:
        edges = np.round(np.arange(start, end + 1e-9, 1 / 6) * HOUR).astype(np.int64) + MONDAY
        rows += [(worker, a, b, True) for a, b in pairwise(edges)]
    return pd.DataFrame(rows, columns=["worker", "begin_ms", "end_ms", "timed"])


def team(weeks: int) -> pd.DataFrame:
    """Three workers Monday to Friday 9 to 11, a fourth on Mondays 10 to 11."""
    spans = []
    for day in (7 * week + d for week in range(weeks) for d in range(5)):
        spans += [(f"w{n}", 24 * day + 9, 24 * day + 11) for n in range(3)]
        spans += [("w4", 24 * day + 10, 24 * day + 11)] if day % 7 == 0 else []
    return worked(*spans)


def test_a_working_week_by_hand() -> None:
    """Four weeks of the team: 3, 3+1, 3, .. at once; headcount 4; nobody at other hours; no shrinkage."""
    found = fit_availability(team(4), "team", "UTC", 1)
    wanted = np.zeros((7, 24))
    wanted[:5, 9:11] = 3
    wanted[0, 10] = 4
    assert np.allclose(np.nan_to_num(found.concurrent), wanted)
    assert (found.on_shift == wanted).all()
    assert found.headcount == 4
    assert found.parameters[1].value == 0.0
    assert len(found.sessions) == 4 * 16


def test_hours_are_local() -> None:
    """9:00 UTC in winter is 10:00 in Paris."""
    found = fit_availability(team(4), "team", "Europe/Paris", 1)
    assert found.on_shift[1].nonzero()[0].tolist() == [10, 11]


def test_gaps_inside_a_session_are_shrinkage_and_long_ones_end_it() -> None:
    """50 minutes of work around a gap of 10 are one session with a sixth of it lost; a gap of 30 makes two sessions."""
    short = worked(("w", 9, 9 + 1 / 3), ("w", 9.5, 10))
    found = fit_availability(short, "team", "UTC", 1)
    assert len(found.sessions) == 1
    assert np.isclose(found.parameters[1].value, 1 / 6)
    long = fit_availability(worked(("w", 9, 9.5), ("w", 10, 10.5)), "team", "UTC", 1)
    assert len(long.sessions) == 2
    assert long.parameters[1].value == 0.0


def test_short_logs_say_what_stands_in() -> None:
    """Under a week every weekday gets the same hours; under two, hours are pooled and weekdays scaled; notes say so."""
    days = fit_availability(worked(*[("w", 24 * d + 9, 24 * d + 11) for d in range(3)]), "team", "UTC", 1)
    assert (days.on_shift[:, 9:11] == 1).all()
    assert any("every weekday is given the same hours" in note for note in days.notes)
    week = fit_availability(team(2).query(f"end_ms < {MONDAY + 9 * 24 * HOUR}"), "team", "UTC", 1)
    assert any("scaled by weekday" in note for note in week.notes)
    assert week.on_shift[5:].sum() == 0


def test_weeks_without_work_are_left_out() -> None:
    """A month in which no work was offered is no absence of the workers."""
    pages = team(3)
    pages.loc[pages["begin_ms"] > MONDAY + 14 * 24 * HOUR, ["begin_ms", "end_ms"]] += 5 * 7 * 24 * HOUR
    found = fit_availability(pages, "team", "UTC", 1)
    assert found.on_shift[1, 9] == 3
    assert any("5 calendar week(s)" in note for note in found.notes)


def slots(found: Availability) -> np.ndarray:
    """Slots on shift by hour as the line's calendars count them: slot i where the share exceeds (i + 0.5) / n."""
    shares = np.array([[float(one.rstrip("%")) / 100 for one in found.shares()[day].split()] for day in DAYS])
    edges = (np.arange(found.headcount) + 0.5) / found.headcount
    return (shares[:, :, None] > edges).sum(axis=2)


@given(st.integers(1, 900), st.data())
def test_shares_give_back_the_slots(headcount: int, data: st.DataObject) -> None:
    """The percentages of a profile, read by the line's law, are exactly the slots that were meant."""
    on_shift = np.array(data.draw(st.lists(st.integers(0, headcount), min_size=168, max_size=168))).reshape(7, 24)
    on_shift[0, 0] = headcount
    none = Parameter("pools.team.shrinkage", 0.0, None, None, 0, "")
    found = Availability(pd.DataFrame(), np.zeros((7, 24)), on_shift, headcount, none, (), none, ())
    assert (slots(found) == on_shift).all()


@given(st.lists(st.floats(0, 30), min_size=168, max_size=168), st.integers(1, 15))
def test_gathering_keeps_the_hours(week: list[float], least: int) -> None:
    """Slot-hours equal worker-hours but for what one hour holds; each hour has none or enough distinct workers, and
    nobody where nobody was. So every item can be finished, and at the pace of the log."""
    flat = np.array(week)
    flat[5] += 0.1
    out = _gathered(flat.reshape(7, 24), least).ravel()
    assert out.any()
    assert ((out == 0) | (out >= least)).all()
    assert (out[flat == 0] == 0).all()
    assert abs(out.sum() - flat.sum()) <= least


def test_a_profile_of_a_crowd_can_finish(line, truth, tmp_path) -> None:
    """Fewer workers at once than labels an item: the headcount is enough for distinct workers, without an interval."""
    path = tmp_path / "a.csv"
    write_export(line(truth(headcount=3, items=60, labels_per_item=3), 1), path)
    pages = fit_availability(worked(("a", 9, 10), ("b", 11, 12), ("c", 13, 14)), "crowd", "UTC", 3)
    assert pages.headcount == 3
    assert pages.on_shift.max() == 3
    assert pages.parameters[0].low is None
    assert calibrate([path]).parameter("pools.annotators.headcount").value == 3
