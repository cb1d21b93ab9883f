"""Items in the wrong tier: routed by a difficulty that was foreseen with an error."""

from __future__ import annotations

import dataclasses
import math

import pytest
from engine.test_floor_routing import tiers
from flows import annotate, backlog, people, review, rows, simulate
from rows import Rows

from labelcast.sim.kpis import kpis, missing
from labelcast.sim.line import Hard, Segment


def test_the_share_is_that_of_sheppard() -> None:
    """With a share of a half an item is in the wrong tier with a chance of arccos(r) / pi, r = 1 / sqrt(1 + error^2)
    (Sheppard 1899). 1,000 items, 4 standard errors: a false alarm in 16,000; without an error none is."""
    for error in (0.0, 0.5, 1.0, 3.0):
        found = kpis(simulate(tiers(0.5, 1.0, error, 1000), seed=5), None)["mistier_rate.annotate"]
        expected = math.acos(1 / math.sqrt(1 + error**2)) / math.pi
        assert abs(found - expected) <= 4 * math.sqrt(expected * (1 - expected) / 1000)


def test_the_tier_is_where_the_item_goes_without_an_error() -> None:
    """The tier of each item is the pool of the same item where nobody errs, also where some items are hard and where a
    sensitive segment may be seen by two of three pools."""
    for hard in (Hard(), Hard(0.3, 2.0, 0.8)):
        true, erring = (simulate(tiers(0.7, 1.0, error, 300, hard), seed=3) for error in (0.0, 1.5))
        assert erring.tasks["tier"].tolist() == true.tasks["pool"].tolist()
        assert 0 < (erring.tasks["tier"].astype(str) != erring.tasks["pool"].astype(str)).sum() < 150
    line = tiers(0.5, 1.0, 1.0, 200)
    pools = (*line.pools, people("own", 3, cleared=True))
    pools = (pools[0], dataclasses.replace(pools[1], cleared=True), pools[2])
    stage = dataclasses.replace(line.stages[0], pools=(("crowd", 0.5), ("experts", 0.25), ("own", 0.25)))
    secret = tuple(dataclasses.replace(one, sensitive=True) for one in line.segments)
    line = dataclasses.replace(line, pools=pools, stages=(stage,), segments=secret)
    exact = dataclasses.replace(line, stages=(dataclasses.replace(stage, route_error=0.0),))
    assert simulate(line).tasks["tier"].tolist() == simulate(exact).tasks["pool"].tolist()
    assert set(simulate(line).tasks["tier"]) == {"experts", "own"}


def test_all_easy_is_in_no_wrong_tier_and_takes_no_expert_hour() -> None:
    """Where the easy pool's share is one, all items are the crowd's, whatever the error."""
    found = kpis(simulate(tiers(1.0, 1.0, 2.0, 50)), None)
    assert (found["mistier_rate"], found["busy_h.experts"]) == (0.0, 0.0)
    assert found["busy_h.crowd"] == pytest.approx(50 / 60)


def test_items_that_are_all_alike_have_no_tier() -> None:
    """No pool is more right than another: of equal items, and of those of two kinds across whose one the border goes;
    of the other kind all are the first pool's."""
    assert math.isnan(kpis(simulate(tiers(0.5, 0.0, 1.0, 50)), None)["mistier_rate"])
    log = simulate(tiers(0.7, 0.0, 0.0, 200, Hard(0.5, 2.0, 0.0)))
    tier, pool = log.tasks["tier"], log.tasks["pool"]
    assert set(tier.dropna()) == {"crowd"}
    assert set(pool[tier.isna()]) == {"crowd", "experts"}
    assert kpis(log, None)["mistier_rate"] == 0.0


def test_rounds_and_replicas_count_an_item_once_and_segments_sum_to_the_whole() -> None:
    """Two labels an item, a review that rejects all, two rounds more: the share is of items, counted one by one; a
    segment that is all alike has none."""
    line = tiers(0.5, 1.0, 1.0, 0)
    stage = dataclasses.replace(line.stages[0], labels_per_item=2, next={"labelled": "review", "tied": "review"})
    judges = people("judges", 3, sensitivity=1.0, false_alarm=1.0)
    segments = (*backlog(60, difficulty_sd=1.0), Segment("other", backlog=40, difficulty_sd=2.0))
    segments = (*segments, Segment("alike", backlog=20))
    stages = (stage, review(by="judges", rounds=2))
    log = simulate(dataclasses.replace(line, segments=segments, stages=stages, pools=(*line.pools, judges)))
    tasks = log.tasks[log.tasks["tier"].notna()]
    wrong = tasks["tier"].astype(str) != tasks["pool"].astype(str)
    by_item = wrong.groupby(tasks["item"]).any()
    found = kpis(log, None)
    assert len(by_item) == 100 < len(tasks)
    assert found["mistier_rate.annotate"] == found["mistier_rate"] == by_item.mean()
    assert found["mistier_rate.segment.items"] == by_item[by_item.index < 60].mean()
    assert found["mistier_rate.segment.other"] == by_item[(by_item.index >= 60)].mean()
    assert math.isnan(found["mistier_rate.segment.alike"])
    assert math.isnan(found["mistier_rate.review"])


def test_who_is_not_routed_by_difficulty_has_no_tier(trace: Rows) -> None:
    """A log that tells no tier withholds the share and says what is missing; no other route gives tiers."""
    assert math.isnan(kpis(trace.log(), None)["mistier_rate"])
    assert missing(trace.log(), "mistier_rate") == "mistier_rate needs tasks.tier, which this log does not record"
    line = dataclasses.replace(tiers(0.5, 1.0, 1.0, 20), stages=(annotate(by="crowd"),))
    assert rows(simulate(line), "tier") == [(None,)] * 20
