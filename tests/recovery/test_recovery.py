"""Kinds of parameters: all are proved or said not to be; and those that come back, in a quick run of the proof."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from recovery.kinds import SOURCES, UNCLAIMED, kind_of, proved
from recovery.prove import Row, page
from recovery.told import Count, Source, Told, counted, least

from labelcast.calibration import profile
from labelcast.calibration.order import interval

PROFILES = Path(profile.__file__).parents[1] / "scenarios" / "library" / "profiles"
QUICK = [one for one in SOURCES if one.quick]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("pools.annotators.sessions.rate", "pools.sessions.rate"),
        ("stages.review.verdict_after.quantiles.p95", "stages.handoff.quantiles"),
        ("stages.review.rejected.round_3", "stages.rejected.round"),
        ("stages.check.next.done.deliver", "stages.next.done"),
        ("work.items.classes.a.b", "work.classes"),
        ("work.items.arrivals.weekday.Mon", "work.arrivals.weekday"),
    ],
)
def test_a_path_without_its_names_is_a_kind(path: str, kind: str) -> None:
    """Names of pools, stages, segments, classes and hours are no part of a kind."""
    assert kind_of(path) == kind
    assert kind in proved()


def test_every_parameter_of_a_profile_is_proved_or_said_not_to_be() -> None:
    """All parameters of the profiles that ship are of a kind that a source proves, or that the page disclaims."""
    paths = {one.path for file in sorted(PROFILES.glob("*.profile.yaml")) for one in profile.read(file).parameters}
    assert len(paths) > 50
    assert {kind_of(path) for path in paths} - proved() - set(UNCLAIMED) == set()


def test_sources_have_luck_of_their_own() -> None:
    """No two sources share a seed or a row of the page."""
    assert len({one.seed for one in SOURCES}) == len(SOURCES)
    rows = [kind for one in SOURCES for kind in one.kinds]
    assert len(set(rows)) == len(rows)


def _narrow(rng: np.random.Generator) -> list[Told]:
    """Intervals of the mean of a normal, half as wide as they should be."""
    found, halves = float(rng.normal()), {"narrow": 0.98, "honest": 1.96}
    return [Told(kind, 0.0, found, found - half, found + half) for kind, half in halves.items()]


def test_the_proof_sees_intervals_that_are_too_narrow() -> None:
    """Of intervals half as wide the page says so, and of honest ones that they hold; a log twice gives the same."""
    source = Source("planted", {"narrow": "0", "honest": "0"}, 300, 0, _narrow, 1)
    found = counted(source, 300)
    assert found == counted(source, 300)
    rows = [Row(kind, truth, 300, found[kind]) for kind, truth in source.kinds.items()]
    assert [row.holds for row in rows] == [False, True]
    text = page([*rows, Row("never", "0", 300, Count())], "abc", 1.0)
    assert "| `narrow` | 0 | 300 |" in text
    assert "- `narrow`: " in text.split("## Not consistent with 95%")[1]
    assert "1 of 3 rows are consistent" in text


def test_ends_between_order_statistics_by_hand() -> None:
    """Of seven, the least is above the median in 1 of 128 cases, the second in 8 of 128: the ends lie between; of five
    even the least is so too often."""
    low, high = interval(np.arange(1.0, 8.0), 0.5)
    assert low is not None
    assert 1 < low < 2
    assert high == pytest.approx(8 - low)
    assert interval(np.arange(5.0), 0.5) == (None, None)
    assert interval(np.arange(50.0), 0.99)[1] is None


@pytest.mark.verify
@pytest.mark.parametrize("source", QUICK, ids=[one.name for one in QUICK])
def test_kinds_come_back_within_their_intervals(source: Source) -> None:
    """Of each kind as many 95% intervals hold the truth as a binomial of 95% reaches with chance 99.9%, were the seeds
    not fixed. Other logs than those of the long proof. Skill by class and hard questions take seconds a log: of these
    test_skill.py has one, and the long proof the rest."""
    found = counted(source, source.quick, first=source.logs)
    assert found.keys() == source.kinds.keys()
    assert {kind: one.inside for kind, one in found.items() if one.inside < least(one.told)} == {}
