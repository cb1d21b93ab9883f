"""Items in blocks are the items all at once."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from anyline import lines
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines import ALWAYS, OFFICE, WEEK, constant, queue

from labelcast.scenarios.library import scenarios
from labelcast.scenarios.load import load
from labelcast.sim.draws import Purpose, name_key, stream, uniform, where
from labelcast.sim.intensity import further_moments, intensity, limited_moments
from labelcast.sim.line import Arrivals, Distribution, Epoch, Line, OpenTask, Release, Sampling, Segment
from labelcast.sim.plan import ARRIVING, OPEN, RELEASED, Plan
from labelcast.sim.quantiles import exponential
from labelcast.sim.releases import ORIGINAL, Releases, blocks, releases

DAY = 86_400.0
BUSY = Segment(
    "busy",
    backlog=40,
    releases=(Release(DAY, 30), Release(3 * DAY, 1), Release(3 * DAY, 50), Release(9 * DAY, 20)),
    arrivals=Arrivals(700.0, "office", shape=tuple(1.0 + h % 24 for h in range(168)), growth_per_week=0.05),
    classes={"a": 0.7, "b": 0.2, "c": 0.1},
    difficulty_sd=0.7,
    due_s=2 * DAY,
    sample=0.6,
    duplicates=0.4,
    objects=Distribution("lognormal", {"median": 4.0, "sigma": 0.6}),
)
LATER = dataclasses.replace(
    BUSY,
    arrivals=Arrivals(1500.0, "always", items=2000),
    releases=(Release(5 * DAY, 7),),
    classes={"a": 0.1, "b": 0.1, "c": 0.8},
    difficulty_sd=2.0,
    duplicates=0.9,
    objects=None,
    sample=1.0,
    due_s=None,
    due_at_s=30 * DAY,
)
SLOW = dataclasses.replace(BUSY, name="slow", backlog=0, releases=(), arrivals=Arrivals(3.0, "always"), duplicates=0.0)


def line(*segments: Segment, changed: Segment = LATER, tick_s: float = 0.001, **more: object) -> Line:
    """A line of three weeks, in whose second one its first segment changes."""
    epoch = Epoch(7.0 * DAY, segments=(changed, *segments[1:]))
    whole = queue(1, 0, 0, constant(60), segments=segments, horizon_s=3 * WEEK, calendars=(ALWAYS, OFFICE), **more)
    return dataclasses.replace(whole, epochs=(epoch,), tick_s=tick_s)


def check(line: Line, size: int) -> int:
    """Asserts that the blocks are the items, and says how many blocks there are. None is larger than was asked, unless
    all its items come in one moment; no moment is parted."""
    plan, luck = Plan.of(line), stream(1, 0)
    found, whole = list(blocks(plan, luck, size)), releases(plan, luck)
    assert sum(block.arrived.size for block in found) == whole.arrived.size
    for block in found:
        assert block.arrived.size > 0
        assert block.arrived.size <= size or block.arrived[0] == block.arrived[-1]
    for one, then in itertools.pairwise(found):
        assert one.arrived[-1] < then.arrived[0]
    for name, column in zip(Releases._fields, whole, strict=True):
        parts = np.concatenate([column[:0], *(getattr(block, name) for block in found)])
        assert parts.dtype == column.dtype
        same = (parts >= 0, column >= 0) if name == "duplicate_of" else (parts, column)
        assert np.array_equal(*same), name
    return len(found)


@given(lines(), st.integers(1, 12))
@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_blocks_of_any_line_are_its_items(line: Line, size: int) -> None:
    """For any line and size of a block."""
    check(line, size)


@pytest.mark.parametrize("size", [1, 10, 333, 10**6])
@pytest.mark.parametrize("tick_s", [0.001, 3600.0])
def test_blocks_of_a_rich_line_are_its_items(size: int, tick_s: float) -> None:
    """Many duplicates of items from before and after an epoch that changes all that a segment says; a segment in which
    hardly anything comes; many items in one tick, more than a block may have."""
    opened = tuple(OpenTask("busy", item, "work", arrived_s=-at) for item, at in ((3, 600.0), (1, 60.0), (8, 60.0)))
    rich = line(BUSY, SLOW, tick_s=tick_s, initial=opened)
    whole = releases(Plan.of(rich), stream(1, 0))
    assert whole.arrived.size > 1500
    assert (whole.duplicate_of >= 0).sum() > 500
    assert (check(rich, size) > 1) == (size < whole.arrived.size)


@pytest.mark.parametrize("sampling", [Sampling(700), Sampling(90, "random")])
def test_a_sample_of_the_whole_line_is_the_same_in_blocks(sampling: Sampling) -> None:
    """Which items it holds cannot be known from those that came so far."""
    assert check(line(BUSY, SLOW, sampling=sampling), 100) > 10


@pytest.mark.parametrize("name", sorted(scenarios()))
def test_blocks_of_the_library_are_its_items(name: str) -> None:
    """For every scenario that is shipped."""
    check(load(scenarios()[name]), 500)


@pytest.mark.parametrize("first", [0, RELEASED, ARRIVING])
def test_a_duplicate_is_of_what_its_draws_lead_to_by_hand(first: int) -> None:
    """Of each item in the order of its group, with the chance of its own time: by a list of all originals before it.
    What it is, it is as its original, drawn by what the segment said when that came."""
    luck = stream(1, 0)
    whole = releases(Plan.of(line(BUSY)), luck)
    last = {0: ARRIVING, ARRIVING: OPEN, RELEASED: RELEASED * 2}[first]
    rows = np.flatnonzero((whole.serial >= first) & (whole.serial < last))
    root: list[int] = []
    for place, row in enumerate(rows.tolist()):
        segment = BUSY if whole.arrived[row] < 7 * 86_400_000 else LATER
        due = whole.arrived[row] + 2 * 86_400_000 if segment is BUSY else 30 * 86_400_000
        assert whole.due[row] == due
        again = uniform(luck, int(whole.key[row]), where(Purpose.REPEATS)) < segment.duplicates
        drawn = int(uniform(luck, int(whole.key[row]), where(Purpose.ORIGINAL)) * place)
        root.append(root[drawn] if place and again else row)
        assert whole.duplicate_of[row] == (ORIGINAL if root[-1] == row else root[-1])
        classes = np.cumsum([*(BUSY if whole.arrived[root[-1]] < 7 * 86_400_000 else LATER).classes.values()])
        truth = np.searchsorted(classes[:-1], uniform(luck, int(whole.key[root[-1]]), where(Purpose.TRUTH)), "right")
        assert whole.truth[row] == truth
        for column in ("difficulty", "objects", "nature"):
            assert getattr(whole, column)[row] == getattr(whole, column)[root[-1]]
    assert any(number != row for number, row in zip(root, rows.tolist(), strict=True))


def test_blocks_are_made_as_they_are_asked_for() -> None:
    """The first blocks of a thousand million items are there at once, and are the first of as few as they hold."""
    arrivals = Arrivals(1e8, "always", items=10**9)
    endless = dataclasses.replace(SLOW, arrivals=arrivals, duplicates=0.3)
    first = list(itertools.islice(blocks(Plan.of(line(endless, changed=endless)), stream(1, 0), 1000), 5))
    assert 4000 < sum(block.arrived.size for block in first) <= 5000
    few = dataclasses.replace(endless, arrivals=dataclasses.replace(arrivals, items=5000))
    whole = releases(Plan.of(line(few, changed=few)), stream(1, 0))
    for name in ("arrived", "key", "nature", "truth"):
        found = np.concatenate([getattr(block, name) for block in first])
        assert np.array_equal(found, getattr(whole, name)[: found.size])


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30), st.integers(1, 400), st.integers(0, 60))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_stream_goes_on_where_it_stood(pieces: list[int], early: int, more: int) -> None:
    """However the moments are asked for, they are those made at once; the stream has a limit, which is raised after it
    may be full, a changing rate and an end."""
    plan = Plan.of(line(BUSY))
    rate = intensity(700.0, OFFICE, tuple(1.0 + h % 24 for h in range(168)), 0.1, plan.line.origin, plan.horizon)
    since, limits = np.array([0, 8 * 86_400_000]), np.array([early, early + more])
    key, table = name_key("items"), exponential()
    given = (1, key, 1 << 56, ARRIVING, *rate, since, limits, plan.horizon, 1000, table)
    whole = limited_moments(*given)
    stood, clock, parts = np.zeros(3, np.int64), np.zeros(1), []
    for size in [*pieces, 2000]:
        times = np.empty(size, np.int64)
        found = further_moments(*given, stood, clock, times)
        parts.append(times[:found])
        if found < size:
            break
    assert found < size
    assert np.array_equal(np.concatenate(parts), whole)
