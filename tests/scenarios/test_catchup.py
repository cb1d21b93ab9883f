"""When a change has made up for what it costs at first."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest
from flows import annotate, line_of, people

from labelcast.reports.catchup import catch_up_json, catch_up_text, verdict
from labelcast.scenarios.catchup import CatchUp, catch_up, falls
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.line import Epoch, Learning, Line, Mentoring
from labelcast.sim.replicate import Runs, replicate

DAY = 86_400.0
NONE = Mentoring()


def of(*values: int) -> np.ndarray:
    """Items delivered by each hour."""
    return np.array(values, np.int64)


@pytest.mark.parametrize(
    ("before", "after", "deepest", "area", "week"),
    [
        ((0, 1, 2, 3), (0, 1, 2, 3), 0, 0, 0),  # alike
        ((0, 1, 2, 3), (0, 1, 3, 3), 0, 0, 0),  # never behind
        ((0, 2, 4, 6, 8), (0, 1, 2, 6, 9), 2, 3, 3),  # 1 and 2 behind, even at hour 3, ahead at hour 4
        ((0, 2, 4, 6, 6), (0, 1, 5, 5, 9), 1, 2, 4),  # behind again at hour 3
        ((0, 2, 4, 6, 6), (0, 1, 2, 5, 6), 2, 4, math.inf),  # both are done: it never got ahead
        ((0, 2, 4), (0, 1, 2), 2, 3, math.inf),  # behind to the end
        ((0, 2, 4), (0, 1, 2, 9), 2, 3, 3),  # the first is over before
        ((0, 3, 3, 5), (0, 4, 2, 6), 1, 1, 3),  # ahead first, then behind
    ],
)
def test_falls_by_hand(before: tuple[int, ...], after: tuple[int, ...], deepest: int, area: int, week: float) -> None:
    """Items behind at most, their sum over hours, and the hour from which it is never behind again."""
    found = falls([of(*before)], [of(*after)])
    assert (found.deepest[0], found.area[0] * 168, found.week[0] * 168) == pytest.approx((deepest, area, week))


def novices(mentoring: Mentoring, items: int = 3000) -> Line:
    """Two people, and two more from the second day on, who learn; labels of ten minutes at first."""
    team = people("annotators", 2, learning=Learning(exponent=0.3), mentoring=mentoring)
    more = Epoch(DAY, pools=(dataclasses.replace(team, headcount=4),))
    return dataclasses.replace(line_of(items, (annotate(600.0),), team, epochs=(more,)), name=str(mentoring.gain))


def runs(mentoring: Mentoring, name: str) -> Runs:
    """Six replications."""
    return replicate(dataclasses.replace(novices(mentoring), name=name), 6, seed=1, processes=1)


@pytest.fixture(scope="module")
def plain() -> Runs:
    """Without mentoring."""
    return runs(NONE, "plain")


@pytest.fixture(scope="module")
def idle(plain: Runs) -> CatchUp:
    """With mentoring that gains nothing."""
    return catch_up(plain, runs(Mentoring(1.0, 2, 1.0), "idle"))


def test_mentoring_without_gain_never_catches_up_and_costs_its_hours(plain: Runs, idle: CatchUp) -> None:
    """R43: zero gain is cost only. It falls behind in every run and never gets ahead; its mentors' two hours are
    training, and no hour is saved: while they are away the slower novices do more of the labels."""
    assert not np.isfinite(idle.fall.week).any()
    assert idle.even.mean == 0.0
    assert (idle.fall.deepest > 0).all()
    assert idle.training.mean == pytest.approx(2.0)
    assert idle.saved.high <= 0
    assert idle.net.high <= -2.0
    assert idle.net.mean == pytest.approx(idle.saved.mean - idle.training.mean)
    assert verdict(idle)[0].startswith("idle does not catch up with plain in items delivered in most runs")
    assert "costs" in verdict(idle)[1]


def test_mentoring_with_a_gain_catches_up_in_the_week_in_which_its_curve_crosses(plain: Runs) -> None:
    """R43: with novices who learn five times as fast it falls behind first, then gets ahead: the week is that in which
    a count of deliveries, hour by hour, sees it behind for the last time."""
    after = runs(Mentoring(1.0, 2, 5.0), "mentored")
    found = catch_up(plain, after)
    assert found.even.mean == 1.0
    for number, (one, other) in enumerate(zip(plain.curves, after.curves, strict=True)):
        hours = range(max(one.hours.size, other.hours.size))
        done = [[int(each.delivered[min(hour, each.hours.size - 1)]) for hour in hours] for each in (one, other)]
        late = [hour for hour in hours if done[1][hour] < done[0][hour]]
        assert 0 < found.fall.week[number] * 168 == max(late) + 1
        assert found.fall.deepest[number] == max(done[0][hour] - done[1][hour] for hour in hours)
    assert found.net.low > 0
    assert found.items.mean == 0
    text = catch_up_text(found)
    assert text.startswith("mentored catches up with plain in items delivered in week ")
    told = catch_up_json(found)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["weeks"] == found.fall.week.tolist()


def test_a_scenario_is_never_behind_itself(plain: Runs) -> None:
    """On the same luck: no item, no hour."""
    found = catch_up(plain, dataclasses.replace(plain, line=dataclasses.replace(plain.line, name="again")))
    assert not found.fall.deepest.any()
    assert (found.training.mean, found.saved.mean, found.net.mean, found.items.mean) == (0, 0, 0, 0)
    assert verdict(found) == ["again is never behind plain in items delivered."]


def test_what_does_not_begin_together_is_refused(plain: Runs) -> None:
    """Hours of the one are not hours of the other."""
    later = dataclasses.replace(plain.line, name="later", start=plain.line.start.replace(year=2030))
    with pytest.raises(ScenarioRefused, match="both must begin together"):
        catch_up(plain, dataclasses.replace(plain, line=later))
