"""Which items come, on cases of at most ten items, worked by hand and read row by row."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from lines import constant, queue

from labelcast.sim.draws import Purpose, name_key, stream, subject, uniform, where
from labelcast.sim.line import Arrivals, Distribution, Epoch, Line, OpenTask, Release, Sampling, Segment
from labelcast.sim.plan import ARRIVING, OPEN, RELEASE_SIZE, RELEASED, Plan
from labelcast.sim.quantiles import LENGTH, normal, quantile
from labelcast.sim.releases import Releases, releases
from labelcast.sim.tables import NULL

HOUR = 3_600_000
LUCK = stream(1, 0)
EVERY_HOUR = Arrivals(168.0, "always")


def line(*segments: Segment, **more: Any) -> Line:
    return queue(1, 0, 0, constant(60), **({"segments": segments, "horizon_s": 8 * 3600.0} | more))


def items(line: Line, even: bool = True) -> Releases:
    """The items of a line. even: every gap of a stream is its mean, so that moments can be worked by hand."""
    plan = Plan.of(line)
    return releases(dataclasses.replace(plan, exponential=np.ones(LENGTH)) if even else plan, LUCK)


def rows(found: Releases, *columns: str) -> list[tuple[object, ...]]:
    return list(zip(*(getattr(found, column).tolist() for column in columns), strict=True))


def test_items_come_in_the_order_of_arrival() -> None:
    """Two items under way, a backlog of two, one arrival an hour until 03:00, releases of one item at 01:00 and of two
    at 02:00, one at the horizon, which is exclusive; a second segment with one item at 02:00. At one moment what is
    under way goes first, then the first segment, in it the arrival before the release."""
    first = Segment(
        "first",
        backlog=2,
        releases=(Release(3600.0, 1), Release(7200.0, 2), Release(8 * 3600.0, 5)),
        arrivals=dataclasses.replace(EVERY_HOUR, until_s=3 * 3600.0),
    )
    second = Segment("second", backlog=1, releases=(Release(7200.0, 1),))
    initial = (OpenTask("first", 7, "annotate"), OpenTask("second", 3, "annotate", arrived_s=-60.0))
    assert rows(items(line(first, second, initial=initial)), "arrived", "segment", "serial") == [
        (-60_000, 1, OPEN + 3),
        (0, 0, OPEN + 7),
        (0, 0, 0),
        (0, 0, 1),
        (0, 1, 0),
        (HOUR, 0, ARRIVING),
        (HOUR, 0, RELEASED),
        (2 * HOUR, 0, ARRIVING + 1),
        (2 * HOUR, 0, RELEASED + RELEASE_SIZE),
        (2 * HOUR, 0, RELEASED + RELEASE_SIZE + 1),
        (2 * HOUR, 1, RELEASED),
    ]


def test_moments_are_whole_ticks() -> None:
    """At a tick of an hour, one item in 90 minutes and a release at 02:30 come at the full hour before."""
    segment = Segment("items", releases=(Release(9000.0, 1),), arrivals=Arrivals(112.0, "always"))
    found = items(line(segment, tick_s=3600.0, horizon_s=5 * 3600.0))
    assert rows(found, "arrived", "serial") == [
        (HOUR, ARRIVING),
        (2 * HOUR, RELEASED),
        (3 * HOUR, ARRIVING + 1),
        (4 * HOUR, ARRIVING + 2),
    ]


def test_the_earlier_due_date_counts() -> None:
    """Three hours from arrival, but all by 05:00: due at 03:00, 04:00, 05:00, 05:00; either alone; and none."""
    releases = tuple(Release(3600.0 * hour, 1) for hour in range(4))
    both, relative, fixed, none = (
        items(line(Segment("items", releases=releases, due_s=due_s, due_at_s=due_at_s))).due.tolist()
        for due_s in (10_800.0, None)
        for due_at_s in (18_000.0, None)
    )
    assert both == [3 * HOUR, 4 * HOUR, 5 * HOUR, 5 * HOUR]
    assert relative == [3 * HOUR, 4 * HOUR, 5 * HOUR, 6 * HOUR]
    assert fixed == [5 * HOUR] * 4
    assert none == [NULL] * 4


def test_what_is_under_way_may_be_late_already() -> None:
    """An item that came three hours ago and was due in two is due an hour before time zero."""
    late = OpenTask("items", 0, "annotate", arrived_s=-10_800.0)
    assert items(line(Segment("items", due_s=7200.0), initial=(late,))).due.tolist() == [-HOUR]


def test_a_count_of_objects_is_whole_and_at_least_one() -> None:
    """0.2 objects are one, 2.4 are two, 2.5 are three; a distribution is read at the item's own draw."""
    for value, whole in ((0.2, 1), (2.4, 2), (2.5, 3)):
        assert items(line(Segment("items", backlog=3, objects=constant(value)))).objects.tolist() == [whole] * 3
    found = items(line(Segment("items", backlog=6, objects=Distribution("uniform", {"low": 0.0, "high": 6.0}))))
    drawn = [6.0 * uniform(LUCK, subject(name_key("items"), i), where(Purpose.OBJECTS)) for i in range(6)]
    assert found.objects.tolist() == [max(1, int(x + 0.5)) for x in drawn]
    assert len(set(found.objects.tolist())) > 2


def test_when_all_repeat_they_repeat_the_first() -> None:
    """At a chance of one every item but the first of its kind repeats an earlier one, and so, through the others, the
    first: of the backlog, of all releases together, and of the stream. What is under way repeats nothing."""
    segment = Segment(
        "items",
        backlog=3,
        releases=(Release(1800.0, 1), Release(5400.0, 2)),
        arrivals=EVERY_HOUR,
        difficulty_sd=1.0,
        duplicates=1.0,
    )
    initial = tuple(OpenTask("items", n, "annotate") for n in (0, 1))
    found = items(line(segment, initial=initial, horizon_s=2.5 * 3600))
    assert rows(found, "arrived", "duplicate_of") == [
        (0, -1),
        (0, -1),
        (0, -1),
        (0, 2),
        (0, 2),
        (HOUR // 2, -1),
        (HOUR, -1),
        (3 * HOUR // 2, 5),
        (3 * HOUR // 2, 5),
        (2 * HOUR, 6),
    ]
    original = np.where(found.duplicate_of < 0, np.arange(10), found.duplicate_of)
    for shared in (found.nature, found.truth, found.difficulty):
        assert (shared == shared[original]).all()
    assert len(set(found.key.tolist())) == 10
    assert (found.nature == found.key[original]).all()
    assert len(set(found.difficulty.tolist())) == 5


def test_a_duplicate_repeats_the_earlier_item_that_its_draw_names() -> None:
    """Ten items at a chance of a half, with the draws of each read here one by one: item i repeats the item
    int(u i), and of that the original. Truth, difficulty and objects are those of the original's draws."""
    segment = Segment(
        "items", backlog=10, duplicates=0.5, difficulty_sd=2.0, objects=Distribution("uniform", {"low": 0.5, "high": 9})
    )
    found = items(line(segment))
    keys = [subject(name_key("items"), i) for i in range(10)]
    roots: list[int] = []
    for i, key in enumerate(keys):
        again = i > 0 and uniform(LUCK, key, where(Purpose.REPEATS)) < 0.5
        roots.append(roots[int(uniform(LUCK, key, where(Purpose.ORIGINAL)) * i)] if again else i)
    assert 2 < len(set(roots)) < 8
    assert found.duplicate_of.tolist() == [-1 if root == i else root for i, root in enumerate(roots)]
    assert found.key.tolist() == keys
    assert found.nature.tolist() == [keys[root] for root in roots]
    draws = {p: [uniform(LUCK, keys[root], where(p)) for root in roots] for p in Purpose}
    assert found.truth.tolist() == [int(u >= 0.5) for u in draws[Purpose.TRUTH]]
    assert found.difficulty.tolist() == [2.0 * quantile(normal(), u) for u in draws[Purpose.DIFFICULTY]]
    assert found.objects.tolist() == [int(1.0 + 8.5 * u) for u in draws[Purpose.OBJECTS]]


def test_a_share_of_a_segment_is_labelled() -> None:
    """Each item by its own draw against the share, and the duplicate's is its own; what is under way goes on."""
    segment = Segment("items", backlog=8, sample=0.5, duplicates=1.0)
    initial = tuple(OpenTask("items", n, "annotate") for n in (0, 1))
    found = items(line(segment, initial=initial))
    drawn = [uniform(LUCK, subject(name_key("items"), i), where(Purpose.SAMPLED)) < 0.5 for i in range(8)]
    assert 0 < sum(drawn) < 8
    assert found.sampled.tolist() == [True, True, *drawn]


def test_the_line_samples_from_what_its_segments_leave() -> None:
    """Of 6 and 3 items, 3 are wanted, in proportion: the 2 and 1 with the smallest draws. Four items under way go on
    besides, and do not count. With a share of zero, the second segment has none to give: all come from the first."""
    first, second = Segment("first", backlog=6), Segment("second", backlog=3)
    initial = tuple(OpenTask("second", n, "annotate") for n in range(4))
    place = where(Purpose.CHOSEN)
    one, two = (
        np.argsort([uniform(LUCK, subject(name_key(s.name), i), place) for i in range(s.backlog)])
        for s in (first, second)
    )
    found = items(line(first, second, sampling=Sampling(3), initial=initial))
    assert found.sampled[:4].all()
    assert set(np.flatnonzero(found.sampled[4:10])) == set(one[:2])
    assert np.flatnonzero(found.sampled[10:]).tolist() == [two[0]]
    none = items(line(first, dataclasses.replace(second, sample=0.0), sampling=Sampling(3)))
    assert set(np.flatnonzero(none.sampled)) == set(one[:3])


def drift(segment: Segment, at_s: float, **change: Any) -> Line:
    """A line whose only segment changes at a moment."""
    return line(segment, epochs=(Epoch(at_s, segments=(dataclasses.replace(segment, **change),)),))


def test_an_epoch_changes_the_rate_from_its_moment_on() -> None:
    """One an hour, from 02:30 on two an hour: half an item is due at 02:30, the next comes at 02:45."""
    found = items(drift(Segment("items", arrivals=EVERY_HOUR), 9000.0, arrivals=Arrivals(336.0, "always")))
    assert [at / HOUR for at in found.arrived.tolist()[:6]] == [1.0, 2.0, 2.75, 3.25, 3.75, 4.25]


def test_an_epoch_changes_the_limit() -> None:
    """One an hour, at most two; from 05:00 on at most four: the stream begins anew there, and fills at 07:00. The other
    way round, four until 02:30 and at most one from then on: the two that came before stay."""
    few, more = dataclasses.replace(EVERY_HOUR, items=2), dataclasses.replace(EVERY_HOUR, items=4)
    found = items(drift(Segment("items", arrivals=few), 18_000.0, arrivals=more))
    assert rows(found, "arrived", "serial") == [(h * HOUR, ARRIVING + n) for n, h in enumerate((1, 2, 6, 7))]
    less = dataclasses.replace(EVERY_HOUR, items=1)
    assert items(drift(Segment("items", arrivals=more), 9000.0, arrivals=less)).arrived.tolist() == [HOUR, 2 * HOUR]


def test_an_epoch_changes_what_items_are() -> None:
    """One an hour, all "yes" and due in an hour; from 02:30 on all "no", three objects, due in two hours, none
    sampled. A duplicate of an item from before stays what its original is."""
    segment = Segment("items", arrivals=EVERY_HOUR, classes={"yes": 1.0, "no": 0.0}, due_s=3600.0)
    change = {"classes": {"yes": 0.0, "no": 1.0}, "due_s": 7200.0, "objects": constant(3), "sample": 0.0}
    found = items(dataclasses.replace(drift(segment, 9000.0, **change), horizon_s=4.5 * 3600))
    assert rows(found, "truth", "objects", "due", "sampled") == [
        (0, 1, 2 * HOUR, True),
        (0, 1, 3 * HOUR, True),
        (1, 3, 5 * HOUR, False),
        (1, 3, 6 * HOUR, False),
    ]
    found = items(drift(segment, 5400.0, duplicates=1.0, **change))
    assert found.duplicate_of.tolist() == [-1, *[0] * 6]
    assert set(found.truth.tolist()) == {0}
    assert set(found.objects.tolist()) == {1}


def test_an_epoch_holds_for_what_comes_at_its_moment() -> None:
    """Of releases at 01:00, 02:00 and 03:00, the second comes at the moment of the epoch, and is due as it says."""
    segment = Segment("items", releases=tuple(Release(3600.0 * hour, 1) for hour in (1, 2, 3)), due_s=3600.0)
    assert rows(items(drift(segment, 7200.0, due_s=7200.0)), "arrived", "due") == [
        (HOUR, 2 * HOUR),
        (2 * HOUR, 4 * HOUR),
        (3 * HOUR, 5 * HOUR),
    ]


def test_an_epoch_changes_the_releases_that_are_still_to_come() -> None:
    """Releases of one item at 01:00 and 03:00; from 02:00 on the list is: two items at 01:30, two at 04:00. Those of
    01:00 and 04:00 hold, each with the serials of its own place."""
    old, new = (Release(3600.0, 1), Release(10_800.0, 1)), (Release(5400.0, 2), Release(14_400.0, 2))
    found = items(drift(Segment("items", releases=old), 7200.0, releases=new))
    second = RELEASED + RELEASE_SIZE
    assert rows(found, "arrived", "serial") == [(HOUR, RELEASED), (4 * HOUR, second), (4 * HOUR, second + 1)]
    found = items(drift(Segment("items", releases=old), 7200.0, releases=new[1:]))
    assert rows(found, "serial") == [(RELEASED,), (second,), (second + 1,)]
