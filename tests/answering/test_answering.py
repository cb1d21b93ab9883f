"""The promises of comparisons on few experiments, and the page that tells of a thousand; `make prove` has those."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from answering.alike import Job, counted, line, named, shifted, told
from answering.bottlenecks import found
from answering.chosen import Case, drawn
from answering.live import cut
from answering.luck import Loaded, backlog, lines, measured, ratio_of
from answering.prove import page
from answering.section import Figure, Section
from answers import proved

from labelcast.scenarios.compare import compare
from labelcast.sim.replicate import replicate
from labelcast.sim.statistics import coverage


def test_on_one_seed_a_line_differs_from_itself_by_nothing() -> None:
    """Exactly zero, in every KPI and at every level; on another seed it is not, so that zero means something."""
    one = replicate(line(), 3, 1, 1)
    again, other = replicate(replace(line(), name="again"), 3, 1, 1), named(replicate(line(), 3, 2, 1), "other")
    numbers = ["mean", "low", "high", "low_all", "high_all"]
    assert (compare([one, again]).pairs[numbers] == 0.0).all(axis=None)
    assert (compare([one, other]).pairs["mean"] != 0.0).all()


def test_shifted_lines_share_their_items_but_not_their_people() -> None:
    """Their KPIs correlate and differ: luck that is shared in part, as between real scenarios."""
    a, b = (replicate(shifted(line(), places), 40, 1, 1).kpis["accuracy"].to_numpy() for places in (0, 3))
    assert (a != b).any()
    assert 0.2 < np.corrcoef(a, b)[0, 1] < 0.95


@pytest.mark.verify
def test_intervals_hold_and_few_differences_are_claimed() -> None:
    """Of 40 experiments of four streams, the 99% interval of the share of intervals that hold zero holds 95%, and that
    of the share of families with a false claim 5%; p-values by themselves are seen to claim more than twice that."""
    found = counted(Job(line(), independent=True, scenarios=4, replications=6), 40, 1)
    for kpi, share in found.held.items():
        assert share.low <= 0.95 <= share.high, (kpi, share)
    assert found.differs.low <= 0.05, found.differs
    assert found.by_itself.low > 0.1, found.by_itself


def test_a_planted_difference_is_counted_as_one() -> None:
    """Dearer people in one of the streams: cost is claimed to differ, and one is the best."""
    dear = replace(
        line(), pools=tuple(replace(p, contract=replace(p.contract, hourly=90_000_000)) for p in line().pools)
    )
    found = told(compare([replicate(line(), 6, 1, 1), named(replicate(dear, 6, 1, 1), "dear")]))
    assert found.differs
    assert found.by_itself
    assert found.best
    assert not found.held["cost"]


def test_one_more_worker_on_a_loaded_line_is_ten_times_surer_in_pairs() -> None:
    """The 99% bootstrap interval of the ratio of variances lies above ten for a backlog of ten workers (100 pairs)."""
    found = measured(Loaded("backlog", backlog(10), "annotators", True), 100, 1)
    assert found["throughput_per_week"].low > 10
    assert found["finish_days"].low > 10
    assert all(one.ratio <= 1.05 * one.best for one in found.values())


def test_the_ratio_by_hand() -> None:
    """b = a + 1: no variance is left. b = 2a: var a + 4 var a over var a = 5, which is what any coupling could give.
    Independent values: 1."""
    rng = np.random.default_rng(1)
    a = rng.normal(size=4_000)
    assert ratio_of(a, a + 1, rng).ratio > 1e20
    assert math.isinf(ratio_of(a, a.copy(), rng).ratio)
    doubled = ratio_of(a, 2 * a, rng)
    assert (doubled.ratio, doubled.best) == (pytest.approx(5), pytest.approx(5))
    apart = ratio_of(a, rng.normal(size=4_000), rng)
    assert apart.low < 1 < apart.high


def test_choices_are_counted() -> None:
    """Of twenty choices 18 are right at least; a piece gives the same whenever it is made."""
    first, second = (drawn(Case("equal, on shared luck", "good", 10), piece) for piece in (0, 1))
    assert first + second >= 18
    assert drawn(Case("equal, on shared luck", "good", 10), 0) == first


def test_the_page_is_loud() -> None:
    """A promise that is not kept stands out, and is not counted as kept."""
    figures = [
        Figure("one", "what it is", "at least 10", 25.0, "25 (20 to 30)", holds=True),
        Figure("two", "another", "95%", 0.9, "90% (85% to 93%)", holds=False),
    ]
    text = page([Section("A part", ["words"], figures)], "abc", 3.0, 1000)
    assert "commit `abc`" in text
    assert "1 of 2 promises are kept" in text
    assert "| `one` | what it is | at least 10 | 25 (20 to 30) | 25 | kept |" in text
    assert text.count("**BROKEN**") == 1
    assert "## A part\n\nwords\n" in text
    assert len({which.name for which in lines()}) == len(lines())


def test_the_benchmark_reads_the_page() -> None:
    """Figures come back from the page that is written, kept or not, by their names."""
    figures = [
        Figure("one", "a | of b", "at least 10", 25.0, "25 (20 to 30)", holds=True),
        Figure("two", "another", "95%", 0.9012345, "90% (85% to 93%)", holds=False),
    ]
    assert proved(page([Section("A part", ["| `three` | 3 |"], figures)], "abc", 3.0, 1000)) == {
        "one": 25.0,
        "two": 0.9012,
    }


@pytest.mark.verify
def test_planted_bottlenecks_are_found() -> None:
    """Of 12 planted ones at least 10 (were 95% found, fewer happen once in 500 times); `make prove` has 200."""
    assert sum(found(number) for number in range(12)) >= 10


@pytest.mark.verify
def test_the_ends_of_projects_under_way_lie_within_their_bands() -> None:
    """Of 40 projects cut at random moments, the 99% interval of the share within their 80% bands holds 80%; the bands
    are narrow: half as wide, most would not hold."""
    cuts = [cut(number, "stated") for number in range(40)]
    share = coverage(sum(one.held for one in cuts), len(cuts))
    assert share.low <= 0.8 <= share.high
    halved = [(one.low + one.high) / 2 + np.array([-0.25, 0.25]) * (one.high - one.low) for one in cuts]
    assert sum(low <= one.finish <= high for one, (low, high) in zip(cuts, halved, strict=True)) < 0.75 * len(cuts)
    assert np.median([one.high - one.low for one in cuts]) < 0.05
