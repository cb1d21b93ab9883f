"""How many items are in progress and how old they are, against a count moment by moment."""

from __future__ import annotations

import math

import numpy as np
import pytest
from flows import annotate, line_of, people, review, simulate
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import CATEGORIES, Rows, item_row, task_row

from labelcast.sim.kpis import kpis
from labelcast.sim.laws import check
from labelcast.sim.line import Gather

STEPS = 60
"""Moments looked at in a minute."""


def ages_at_every_moment(seen: list[tuple[int, int]], ended: int) -> np.ndarray:
    """Ages in minutes of the items that are in progress, at the middle of each second of the run."""
    moments = (np.arange(ended * STEPS) + 0.5) / STEPS
    return np.concatenate([moments[(moments >= begun) & (moments < over)] - begun for begun, over in seen])


def worked_on(seen: list[tuple[int, int | None]], ended: int) -> Rows:
    """Items whose only task begins and ends in these minutes, each by a worker of its own; None: not ended."""
    items, tasks, presence = [], [], []
    for number, (begun, over) in enumerate(sorted(seen, key=lambda one: one[0])):
        active = None if over is None else over - begun
        label, outcome = (None, None) if over is None else ("car", "done")
        items.append(item_row(number, min(begun, 0), None, over, label, "car"))
        times = (begun, begun, begun, over)
        tasks.append(task_row(number, "annotate", 0, 0, ("team", number), times, active, label, outcome))
        presence.append({"pool": "team", "worker": number, "from": min(begun, 0), "to": ended, "kind": "working"})
    return Rows(items, tasks, presence, ended, dict(CATEGORIES))


@given(
    st.lists(st.tuples(st.integers(-30, 90), st.one_of(st.none(), st.integers(1, 120))), min_size=1, max_size=12),
)
@settings(max_examples=60, deadline=None)
def test_ages_are_those_of_every_moment(drawn: list[tuple[int, int | None]]) -> None:
    """Mean and 95th percentile over all moments of a run of 100 minutes, of items that were begun before it, in it, and
    that it leaves open: to within 1% of a count second by second, which is off by a second itself."""
    seen = [(begun, None if took is None or begun + took > 100 else begun + took) for begun, took in drawn]
    seen = [(begun, over) for begun, over in seen if over is None or over > 0]
    if not seen:
        return
    rows = worked_on(seen, 100)
    assert [law for law in check(rows.log()) if "succession" in law] == []
    found = kpis(rows.log(), None)
    ages = ages_at_every_moment([(begun, 100 if over is None else over) for begun, over in seen], 100)
    assert found["wip_age_h"] * 60 == pytest.approx(ages.mean(), rel=0.01, abs=1 / STEPS)
    expected = float(np.quantile(ages, 0.95, method="inverted_cdf"))
    assert found["wip_age_h_p95"] * 60 == pytest.approx(expected, rel=0.01, abs=2 / STEPS)


@given(
    st.lists(st.tuples(st.integers(-90, 1100), st.one_of(st.none(), st.integers(1, 400))), min_size=1, max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_the_peak_is_the_most_at_a_whole_hour(drawn: list[tuple[int, int | None]]) -> None:
    """Of a run of 1,000 minutes, begun and not over at minute 0, 60, 120, ...; what begins at that minute is there,
    what is over at it no longer."""
    seen = [(begun, None if took is None or begun + took > 1000 else begun + took) for begun, took in drawn]
    seen = [(begun, over) for begun, over in seen if begun < 1000 and (over is None or over > 0)]
    if not seen:
        return
    there = [sum(begun <= at and (over is None or over > at) for begun, over in seen) for at in range(0, 1000, 60)]
    assert kpis(worked_on(seen, 1000).log(), None)["wip_max"] == max(there)


def test_one_item_at_a_time_is_half_as_old_as_it_takes() -> None:
    """Five items of 60 s by one person: in progress one after the other, on average 30 s old, 57 s at the 95th
    percentile; what waits untouched is not in progress. Where nothing was begun there is no age."""
    found = kpis(simulate(line_of(5, (annotate(),), people("annotators"))), None)
    assert found["wip_age_h"] * 3600 == pytest.approx(30, rel=0.01)
    assert found["wip_age_h_p95"] * 3600 == pytest.approx(57, rel=0.01)
    assert math.isnan(kpis(worked_on([], 10).log(), None)["wip_age_h"])
    assert math.isnan(kpis(worked_on([], 10).log(), None)["wip_max"])


def test_gathering_makes_work_in_progress_older() -> None:
    """Items of 60 s, then of 10 s at a review: alone each is in progress for 70 s, on average 35 s old; handed on in
    tens they wait for the tenth, and are more than five times as old."""
    ages = []
    for size in (1, 10):
        stages = (annotate(to="review"), review(seconds=10.0, rounds=1, gather=Gather(size, 1e6)))
        pools = (people("annotators"), people("reviewers", sensitivity=1.0, false_alarm=0.0))
        ages.append(kpis(simulate(line_of(40, stages, *pools)), None)["wip_age_h"] * 3600)
    assert ages[0] == pytest.approx(35, rel=0.02)
    assert ages[1] > 5 * ages[0]
