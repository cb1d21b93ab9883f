"""When a change has made up for what it costs at first."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest
from flows import annotate, line_of, people, review

from labelcast.reports.catchup import catch_up_json, catch_up_text, verdict
from labelcast.scenarios.catchup import CatchUp, catch_up, falls, hours_of, net_by
from labelcast.sim.curves import HOUR_MS, Curves
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.line import Epoch, Gold, Learning, Line, Mentoring, Release
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


def so_far(delivered: tuple[int, ...], worked: tuple[int, ...], trained: tuple[int, ...]) -> Curves:
    """Curves of items, and of hours worked and trained."""
    hours = (HOUR_MS * of(*values) for values in (worked, trained))
    return Curves(np.arange(len(delivered)), of(*delivered), {}, *hours)


@pytest.mark.parametrize(
    ("before", "after", "net", "week"),
    [
        # The same: nothing is saved, at no hour, also while what is dropped takes time.
        (((0, 2, 2, 4), (0, 4, 5, 9), (0, 0, 0, 0)), ((0, 2, 2, 4), (0, 4, 5, 9), (0, 0, 0, 0)), (0, 0, 0, 0), None),
        # Two hours of training first; then items take one hour in place of two: even at hour 2, above it from hour 3.
        (((0, 1, 2, 3), (0, 2, 4, 6), (0, 0, 0, 0)), ((0, 1, 2, 3), (0, 1, 2, 3), (0, 2, 2, 2)), (0, -1, 0, 1), 3),
        # Slower: the three items of before's first two hours, half way between its points, took it (2 + 6) / 2 hours.
        (((0, 2, 4, 6), (0, 2, 6, 9), (0, 0, 0, 0)), ((0, 1, 3, 3), (0, 1, 2, 2), (0, 0, 0, 1)), (0, 0, 2, 1), 2),
        # More items than before: those beyond its four took it two hours each.
        (((0, 2, 4), (0, 5, 8), (1, 1, 1)), ((0, 2, 6), (0, 5, 9), (0, 0, 0)), (1, 1, 4), 0),
        # Above zero for a while, and not at the end.
        (((0, 1, 2), (0, 2, 4), (0, 0, 0)), ((0, 1, 2), (0, 1, 2), (0, 0, 3)), (0, 1, -1), None),
        # Before stood at two items for two hours: at hour 3 its point of that hour counts, at hour 1 that of hour 1.
        (((0, 2, 2, 2), (0, 2, 3, 4), (0, 0, 0, 0)), ((0, 2, 2, 2), (0, 1, 1, 1), (0, 0, 0, 0)), (0, 1, 2, 3), 1),
        # Before nothing is delivered: nobody can tell what an item took.
        (((0, 0), (0, 3), (0, 0)), ((0, 1), (0, 3), (0, 0)), (0, math.nan), None),
    ],
)
def test_net_hours_by_hand(before: tuple, after: tuple, net: tuple[float, ...], week: float | None) -> None:  # type: ignore[type-arg]
    """At each hour, what as many items took before less what was worked and trained after; and since when above 0."""
    found = hours_of([so_far(*before)], [so_far(*after)])
    assert found.net[0] == pytest.approx(net, nan_ok=True)
    assert found.week[0] * 168 == (math.inf if week is None else pytest.approx(week))


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


def daily(line: Line, items: int, days: int = 28) -> Line:
    """The line with so many items at each midnight in place of its backlog, far fewer than it can do."""
    come = tuple(Release(DAY * day, items) for day in range(days))
    work = dataclasses.replace(line.segments[0], backlog=0, releases=come)
    return dataclasses.replace(line, segments=(work,))


@pytest.mark.parametrize(("gain", "pays"), [(5.0, 1.0), (1.0, 0.0)])
def test_mentoring_pays_from_a_week_on_also_where_it_never_gets_ahead(gain: float, pays: float) -> None:
    """R43: 40 items a day, done by noon, so that nobody gets far ahead. With a gain the novices' quicker labels make up
    for eight hours of their mentors within the four weeks; with none those hours are never made up for."""
    plain, after = (
        replicate(dataclasses.replace(daily(novices(rule), 40), name=name), 3, seed=1, processes=1)
        for name, rule in (("plain", NONE), ("mentored", Mentoring(2.0, 2, gain)))
    )
    found = catch_up(plain, after)
    assert found.pays.mean == pays
    assert found.training.mean == pytest.approx(8.0)
    assert net_by(found, 1).high < 0
    assert (found.net.low > 0) == (pays == 1.0)
    told = catch_up_json(found)
    assert [week is not None for week in told["paying_weeks"]] == [pays == 1.0] * 3
    assert told["net_by_week"][-1]["mean"] == pytest.approx(told["hours"]["net"]["mean"])
    for number, week in enumerate(found.hours.week):
        over = found.hours.at >= week
        assert (found.hours.net[number][over] > 0).all()
        assert not pays or found.hours.net[number][~over][-1] <= 0


@pytest.mark.parametrize(("gain", "pays"), [(3.0, 1.0), (0.0, 0.0)])
def test_retraining_pays_from_a_week_on_also_where_it_never_gets_ahead(gain: float, pays: float) -> None:
    """R29: who fails a test question is trained for an hour; with a gain in logits fewer labels are rejected and made
    anew, and that makes up for the hours; with none it costs them, and nothing comes of them."""
    plain, after = (
        replicate(dataclasses.replace(daily(questioned(rule), 60), name=name), 6, seed=1, processes=1)
        for name, rule in (("plain", Gold(0.05)), ("trained", Gold(0.05, 0.9, 2, 3600.0, gain)))
    )
    found = catch_up(plain, after)
    assert found.pays.mean == pays
    assert (found.training.low > 0, found.net.low > 0) == (True, pays == 1.0)
    assert gain or found.saved.mean == pytest.approx(0.0, abs=0.5)


def questioned(gold: Gold) -> Line:
    """Two people whose labels are often wrong, tested, and somebody who reviews all."""
    team = people("annotators", 2, skill_mean=0.0)
    stages = annotate(600.0, to="review", gold=gold), review(60.0, rounds=9)
    return line_of(1, stages, team, people("reviewers", sensitivity=1.0, false_alarm=0.0))


def test_long_curves_are_thinned_and_tell_the_same_weeks() -> None:
    """Over 15,000 hours, of which every fourth is kept: an item a day, from the 10th day on an hour sooner or later,
    and a day behind until then; week 2, whichever of the two has more points."""
    hours = np.arange(0, 15_000)
    before, late = hours // 24, np.maximum(hours - 24, 0) // 24
    for step in (1, 2, 4):
        after = np.where(hours < 240, late, before + 1)[::step]
        found = falls([before[::step]], [after], step)
        assert found.week[0] * 7 == pytest.approx(10.0, abs=step / 24)
        assert found.area[0] * 7 == pytest.approx(9.0, abs=0.5)


def test_a_scenario_is_never_behind_itself(plain: Runs) -> None:
    """On the same luck: no item, no hour."""
    found = catch_up(plain, dataclasses.replace(plain, line=dataclasses.replace(plain.line, name="again")))
    assert not found.fall.deepest.any()
    assert (found.training.mean, found.saved.mean, found.net.mean, found.items.mean) == (0, 0, 0, 0)
    assert verdict(found) == ["again is never behind plain in items delivered."]
    assert not found.hours.net.any()
    assert found.pays.mean == 0.0


def test_what_does_not_begin_together_is_refused(plain: Runs) -> None:
    """Hours of the one are not hours of the other."""
    later = dataclasses.replace(plain.line, name="later", start=plain.line.start.replace(year=2030))
    with pytest.raises(ScenarioRefused, match="both must begin together"):
        catch_up(plain, dataclasses.replace(plain, line=later))
