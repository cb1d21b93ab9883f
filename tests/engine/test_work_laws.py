"""Laws of what comes: every item keeps its luck, and a mechanism that is not used changes nothing."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import ALWAYS, OFFICE, WEEK, constant, full, queue
from scipy import stats

from labelcast.sim.draws import Purpose, stream, subject, uniform, where
from labelcast.sim.line import Arrivals, Distribution, Epoch, Hard, Line, OpenTask, Release, Sampling, Segment
from labelcast.sim.plan import ARRIVING, OPEN, RELEASED, Plan
from labelcast.sim.quantiles import quantile
from labelcast.sim.releases import ORIGINAL, Releases, releases
from labelcast.sim.tables import NULL

DAY = 86_400.0
STREAM = Arrivals(500.0, "office", shape=tuple(1.0 + h % 24 for h in range(168)), growth_per_week=0.05)
RICH = Segment(
    "rich",
    backlog=300,
    releases=(Release(DAY, 100), Release(3 * DAY, 1), Release(3 * DAY, 200)),
    arrivals=STREAM,
    classes={"a": 0.7, "b": 0.2, "c": 0.1},
    difficulty_sd=0.7,
    due_s=2 * DAY,
    sample=0.6,
    duplicates=0.2,
    objects=Distribution("lognormal", {"median": 4.0, "sigma": 0.6}),
)
OTHER = dataclasses.replace(RICH, name="other", backlog=50)
OWN = ("arrived", "key", "nature", "truth", "difficulty", "objects", "sampled", "due")
"""What an item has whatever the others are. (The number of its original counts items, and so changes with them.)"""


def line(*segments: Segment, **more: Any) -> Line:
    return queue(
        1, 0, 0, constant(60), **({"segments": segments, "horizon_s": 3 * WEEK, "calendars": (ALWAYS, OFFICE)} | more)
    )


def items(line: Line, replication: int = 0) -> Releases:
    return releases(Plan.of(line), stream(1, replication))


def equal(a: Releases, b: Releases) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def lucks(found: Releases, *columns: str) -> dict[tuple[int, int], tuple[object, ...]]:
    """What each item has, by segment and serial."""
    values = zip(*(getattr(found, column).tolist() for column in columns), strict=True)
    return dict(zip(zip(found.segment.tolist(), found.serial.tolist(), strict=True), values, strict=True))


def change(**changes: Any) -> Line:
    return line(dataclasses.replace(RICH, **changes), OTHER)


@pytest.mark.parametrize(
    ("changed", "columns"),
    [
        (change(backlog=1000), OWN),
        (change(arrivals=dataclasses.replace(STREAM, per_week=2000.0)), OWN[1:7]),
        (change(arrivals=None), OWN),
        (change(sample=0.1), (*OWN[:6], "due")),
        (change(sample=1.0), (*OWN[:6], "due")),
        (change(objects=None), (*OWN[:5], "sampled", "due")),
        (change(due_s=None), OWN[:7]),
        (change(difficulty_sd=2.0), (*OWN[:4], *OWN[5:])),
        (change(hard=Hard(0.3)), (*OWN[:4], *OWN[5:])),
        (line(RICH, OTHER, horizon_s=9 * WEEK), OWN),
        (line(RICH, OTHER, sampling=Sampling(700)), (*OWN[:6], "due")),
        (line(RICH, OTHER, initial=(OpenTask("rich", 4, "annotate", arrived_s=-DAY),)), OWN),
        (line(RICH, dataclasses.replace(OTHER, name="another")), OWN),
    ],
)
def test_items_keep_their_luck(changed: Line, columns: tuple[str, ...]) -> None:
    """A larger backlog, another rate or share, a longer horizon, a sample, an item under way or another segment leave
    every item that is there both times as it was, in all that the change is not about."""
    before, after = lucks(items(line(RICH, OTHER)), *columns), lucks(items(changed), *columns)
    both = [item for item in before if item in after and (item[0] == 0 or changed.segments[1].name == "other")]
    assert len(both) > 1000
    assert [before[item] for item in both] == [after[item] for item in both]


def test_a_release_keeps_its_luck_on_another_date() -> None:
    """The second of three releases comes a day later, behind what was after it: what its items are stays, and so do
    those of all others, even of duplicates; a larger last release leaves all others alone."""
    apart = dataclasses.replace(RICH, releases=(Release(DAY, 100), Release(2 * DAY, 80), Release(4 * DAY, 200)))
    later = dataclasses.replace(apart, releases=(apart.releases[0], Release(3.5 * DAY, 80), apart.releases[2]))
    what = ("key", "nature", "truth", "difficulty", "objects", "sampled")
    before, after = items(line(apart)), items(line(later))
    assert lucks(before, *what) == lucks(after, *what)
    moved = before.arrived == 2 * 86_400_000
    assert moved.sum() == 80
    larger = dataclasses.replace(apart, releases=(*apart.releases[:2], Release(4 * DAY, 900)))
    more = lucks(items(line(larger)), *OWN)
    assert all(more[item] == luck for item, luck in lucks(before, *OWN).items())


def test_a_larger_share_keeps_the_sample() -> None:
    """Whoever is in a sample of 30% is in one of 60%."""
    few, more = items(change(sample=0.3)), items(change(sample=0.6))
    assert (few.sampled <= more.sampled).all()
    assert few.sampled.sum() < more.sampled.sum()


def test_neutral_settings_change_no_item() -> None:
    """A level shape, no growth, one object, no duplicates, all sampled, a sample of more than there is, an epoch that
    changes nothing, and a release of nothing: the items are those of the plain line."""
    plain = Segment("items", backlog=20, arrivals=Arrivals(700.0, "office"), difficulty_sd=1.0, due_s=DAY)
    used = dataclasses.replace(
        plain,
        arrivals=Arrivals(700.0, "office", shape=(0.7,) * 168, growth_per_week=0.0, until_s=3 * WEEK),
        objects=constant(1),
        sample=1.0,
        duplicates=0.0,
        releases=(Release(DAY, 0),),
        due_at_s=9 * WEEK,
    )
    expected = items(line(plain))
    assert expected.arrived.size > 1500
    assert (expected.objects == 1).all()
    assert expected.sampled.all()
    assert (expected.duplicate_of == ORIGINAL).all()
    assert (expected.nature == expected.key).all()
    assert equal(expected, items(line(used)))
    assert equal(expected, items(line(plain, sampling=Sampling(10**6, "neyman"))))
    same = Epoch(WEEK + 0.5, segments=(dataclasses.replace(plain),), calendars=(ALWAYS, OFFICE))
    assert equal(expected, items(line(plain, epochs=(same, dataclasses.replace(same, at_s=2 * WEEK)))))
    shaped = change()
    unchanged = Epoch(WEEK + 0.5, segments=tuple(dataclasses.replace(s) for s in shaped.segments))
    assert equal(items(shaped), items(dataclasses.replace(shaped, epochs=(unchanged,))))


def test_a_plain_stream_is_that_of_before() -> None:
    """Arrivals of a plain stream are the sums of gaps in open time, in the arithmetic of the first engine: open time
    passed, in milliseconds, cut to whole ones and looked up in the calendar."""
    found = items(full(300)).arrived[300:]
    plan = Plan.of(full(300))
    rate, clock, expected = plan.segments[1].arrivals, 0.0, []
    for n in range(300):
        draw = uniform(stream(1, 0), subject(plan.segments[1].key, ARRIVING + n), where(Purpose.ARRIVAL))
        clock += 40 * 3_600_000 / (40.0 * 300) * quantile(plan.exponential, draw)
        opened = int(clock)
        for start, end in zip(rate.starts.tolist(), rate.ends.tolist(), strict=True):
            if opened < end - start:
                expected.append(start + opened)
                break
            opened -= end - start
    assert found.tolist() == expected


SEGMENTS = st.builds(
    Segment,
    name=st.just("one"),
    backlog=st.integers(0, 5),
    releases=st.lists(st.builds(Release, st.floats(0.0, 4 * DAY), st.integers(0, 3)), max_size=3).map(tuple),
    arrivals=st.none() | st.builds(Arrivals, st.floats(0.0, 40.0), st.just("office"), st.none() | st.integers(0, 5)),
    due_s=st.none() | st.floats(0.0, DAY),
    due_at_s=st.none() | st.floats(0.0, DAY),
    sample=st.floats(0.0, 1.0),
    duplicates=st.floats(0.0, 1.0),
    objects=st.none() | st.builds(lambda mean: Distribution("exponential", {"mean": mean}), st.floats(0.1, 9.0)),
)


@settings(max_examples=60, deadline=None)
@given(
    SEGMENTS,
    SEGMENTS,
    st.none() | st.builds(Sampling, st.integers(0, 12), st.sampled_from(["random", "proportional", "neyman"])),
    st.lists(st.tuples(st.floats(0.0, 4 * DAY), SEGMENTS), max_size=2),
    st.sampled_from([0.001, 60.0]),
    st.integers(0, 9),
)
def test_whatever_comes_is_in_order(
    first: Segment,
    second: Segment,
    sampling: Sampling | None,
    epochs: list[tuple[float, Segment]],
    tick_s: float,
    replication: int,
) -> None:
    """Items come in the order of arrival, inside the run, each with serial and key of its own; a duplicate has a root
    original of its segment that came no later and is what it is; the sample has the size that was asked for."""
    second = dataclasses.replace(second, name="two")
    later = tuple(Epoch(at, segments=(segment, second)) for at, segment in sorted(epochs, key=lambda epoch: epoch[0]))
    initial = (OpenTask("two", 5, "annotate", arrived_s=-7.0),)
    more = {"sampling": sampling, "epochs": later, "tick_s": tick_s, "horizon_s": 4 * DAY, "initial": initial}
    found = items(line(first, second, **more), replication)
    under_way = (found.serial >= OPEN) & (found.serial < RELEASED)
    order = list(
        zip(found.arrived.tolist(), (~under_way).tolist(), found.segment.tolist(), found.serial.tolist(), strict=True)
    )
    assert order == sorted(order)
    assert under_way.sum() == 1
    assert found.sampled[under_way].all()
    size = found.arrived.size
    assert (
        len(set(zip(found.segment.tolist(), found.serial.tolist(), strict=True)))
        == len(set(found.key.tolist()))
        == size
    )
    assert ((found.arrived >= 0) | under_way).all()
    assert (found.arrived < 4 * DAY * 1000).all()
    assert (found.arrived[~under_way] % round(tick_s * 1000) == 0).all()
    assert (found.objects >= 1).all()
    assert ((found.due == NULL) | (found.due >= 0) | under_way).all()
    again = found.duplicate_of != ORIGINAL
    root = np.where(again, found.duplicate_of, np.arange(size))
    assert (root <= np.arange(size)).all()
    assert (found.duplicate_of[root] == ORIGINAL).all()
    assert (found.nature == found.key[root]).all()
    for shared in (found.truth, found.difficulty, found.objects, found.segment):
        assert (shared == shared[root]).all()
    if sampling is not None:
        frame = items(line(first, second, **(more | {"sampling": None})), replication).sampled
        assert found.sampled.sum() == min(sampling.items, frame.sum() - 1) + 1
        assert (found.sampled <= frame).all()


def test_shares_come_true() -> None:
    """20% of 20,000 items repeat another, 60% are sampled, within 4 standard errors (false alarm 1 in 10,000; fixed
    seed)."""
    found = items(line(dataclasses.replace(RICH, backlog=20_000, releases=(), arrivals=None)))
    assert abs((found.duplicate_of != ORIGINAL).mean() - 0.2) < 4 * (0.16 / 20_000) ** 0.5
    assert abs(found.sampled.mean() - 0.6) < 4 * (0.24 / 20_000) ** 0.5


def test_any_earlier_item_is_as_likely_to_be_repeated() -> None:
    """Of 200,000 items, 2% of them duplicates: the number whose original lies in each tenth of the items has the mean
    that follows from a fair choice among all before (Pearson's chi-square, 10 degrees of freedom, since duplicates of
    one item are few; fixed seed, false alarm 1 in 1,000)."""
    n, chance = 200_000, 0.02
    found = items(line(Segment("items", backlog=n, duplicates=chance)))
    counted = np.bincount(found.duplicate_of[found.duplicate_of != ORIGINAL] // (n // 10), minlength=10)
    expected = np.zeros(10)
    inside = np.zeros(10)  # of the items so far, those whose root lies in each tenth
    for i in range(n):
        repeats = chance * inside / i if i else np.zeros(10)
        expected += repeats
        inside += repeats
        inside[i // (n // 10)] += 1.0 - chance if i else 1.0
    assert stats.chi2.sf(((counted - expected) ** 2 / expected).sum(), 10) > 0.001
    assert stats.chi2.sf(((counted - counted.mean()) ** 2 / counted.mean()).sum(), 9) < 1e-6  # unlike a level one
