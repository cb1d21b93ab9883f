"""Samples of what a model doubts: as many as stated, as hard as the theory of selection says, and what they save."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from flows import annotate, line_of, people
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from labelcast.sim.doubt import Hardness, bar
from labelcast.sim.draws import stream
from labelcast.sim.line import Contract, Hard, Line, Sampling, Segment, Tier
from labelcast.sim.plan import Plan
from labelcast.sim.releases import releases
from labelcast.sim.replicate import replicate

ITEMS = 20_000
PRICED = Contract(per_label=(Tier(None, 400_000),))


def line(*segments: Segment, **more: Any) -> Line:
    """One label an item, by the priced."""
    team = people("annotators", 50, contract=PRICED)
    return dataclasses.replace(line_of(0, (annotate(),), team, **more), segments=segments)


def items(*segments: Segment, sampling: Sampling | None = None) -> Any:
    return releases(Plan.of(line(*segments, sampling=sampling)), stream(3, 0))


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_the_doubtful_are_harder_by_the_law_of_selection(correlation: float) -> None:
    """Of normal difficulties with sd s, the share f that is doubted most is harder by r s phi(z) / f on average, with
    z above which f is (selection by a correlated variable); the share is f. Within four standard errors (false alarm
    1.3e-4; the seed is fixed), for the sample of a segment and for that of the line."""
    share, sd = 0.3, 0.8
    told = Segment("items", backlog=ITEMS, difficulty_sd=sd, doubt=correlation)
    of_segment = items(dataclasses.replace(told, sample=share))
    of_line = items(told, sampling=Sampling(int(share * ITEMS), "doubt"))
    expected = correlation * sd * stats.norm.pdf(stats.norm.isf(share)) / share
    for found in (of_segment, of_line):
        assert abs(found.sampled.mean() - share) < 4 * math.sqrt(share * (1 - share) / ITEMS)
        assert abs(found.difficulty[found.sampled].mean() - expected) < 4 * sd / math.sqrt(share * ITEMS)
    assert of_line.sampled.sum() == share * ITEMS


def test_a_doubt_that_tells_nothing_is_the_random_sample() -> None:
    """At correlation nought the very items are chosen that are chosen at random; a larger sample keeps the smaller."""
    work = Segment("items", backlog=500, difficulty_sd=1.0)
    doubted, drawn = (items(work, sampling=Sampling(99, how)).sampled for how in ("doubt", "random"))
    assert (doubted == drawn).all()
    told = dataclasses.replace(work, doubt=0.9)
    few, more = (items(told, sampling=Sampling(n, "doubt")).sampled for n in (99, 300))
    assert more[few].all()
    small, large = (items(dataclasses.replace(told, sample=share)).sampled for share in (0.2, 0.6))
    assert large[small].all()
    assert small.sum() < large.sum()


@given(
    st.floats(0.05, 2.0),
    st.floats(0.0, 0.9),
    st.floats(0.0, 4.0),
    st.floats(0.05, 2.0),
    st.floats(0.0, 0.99),
    st.floats(0.001, 0.999),
)
def test_the_bar_leaves_its_share_above(
    sd: float, hard: float, harder: float, hard_sd: float, correlation: float, share: float
) -> None:
    """By the law of the doubt itself, standardised by hand: a mixture of two normals whose variances add."""
    law = Hardness(sd, hard, harder, hard_sd)
    mean = hard * harder
    variance = (1 - hard) * sd**2 + hard * (hard_sd**2 + harder**2) - mean**2
    assert law.mean == pytest.approx(mean)
    assert law.spread == pytest.approx(math.sqrt(variance))
    at = bar(law, correlation, share)
    above = 0.0
    for weight, middle, own in ((1 - hard, 0.0, sd), (hard, harder, hard_sd)):
        told = correlation * (middle - mean) / math.sqrt(variance)
        spread = math.sqrt((correlation * own) ** 2 / variance + 1 - correlation**2)
        above += weight * stats.norm.sf(at, told, spread)
    assert above == pytest.approx(share, abs=1e-7)


def test_hard_items_are_doubted() -> None:
    """A twentieth of the items is much harder; a doubt that tells well finds nearly all of them in a tenth."""
    found = items(Segment("items", backlog=ITEMS, hard=Hard(0.05, 5.0, 0.5), difficulty_sd=0.5, sample=0.1, doubt=0.95))
    hard = found.difficulty > 2.5
    assert found.sampled[hard].mean() > 0.9
    assert abs(found.sampled.mean() - 0.1) < 4 * math.sqrt(0.09 / ITEMS)


def test_the_line_takes_more_of_what_is_harder() -> None:
    """Of two segments one has hard items: by doubt it gets more of the sample, in proportion it does not."""
    easy, mixed = Segment("easy", backlog=3000, doubt=0.8), Segment("mixed", backlog=3000, doubt=0.8, hard=Hard(0.3))
    found = items(easy, mixed, sampling=Sampling(1000, "doubt"))
    parts = np.bincount(found.segment[found.sampled], minlength=2)
    assert parts.sum() == 1000
    assert parts[1] > 1.5 * parts[0]


@pytest.mark.parametrize("doubt", [0.0, 0.8])
def test_what_is_saved_is_what_all_would_have_taken_more(doubt: float) -> None:
    """R05. On common luck, a run that labels all gives so many labels more, and costs so much more, as the sampled run
    says it has saved: exactly where every item takes one label at one price; and both tell no saving where there is
    no sample. Segments sum to the whole."""
    work = Segment("a", backlog=400, difficulty_sd=1.0, doubt=doubt), Segment("b", backlog=200, doubt=doubt, sample=0.5)
    some = replicate(line(*work, sampling=Sampling(150, "doubt" if doubt else "random")), 2, processes=1).kpis
    every = replicate(line(*(dataclasses.replace(one, sample=1.0) for one in work)), 2, processes=1).kpis
    assert (every["labels_saved"] == 0.0).all()
    assert (every["cost_saved"] == 0.0).all()
    assert some["labels_saved"].tolist() == [450.0, 450.0]
    assert some["cost_saved"].to_numpy() == pytest.approx((every["cost"] - some["cost"]).to_numpy())
    for name in ("labels_saved", "cost_saved"):
        parts = some[f"{name}.segment.a"] + some[f"{name}.segment.b"]
        assert parts.to_numpy() == pytest.approx(some[name].to_numpy())
