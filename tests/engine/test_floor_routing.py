"""Which pool gets a task, who of it takes it, and who may not."""

from __future__ import annotations

import dataclasses
import math

import pytest
from flows import SURE, TRULY_YES, annotate, backlog, line_of, people, review, rows, simulate
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import ALWAYS

from labelcast.sim.line import Calendar, Hard, Line, Pool, Release, Segment


def shared(pools: tuple[Pool, ...], shares: tuple[float, ...], segments: tuple[Segment, ...], **stage: object) -> Line:
    """One stage of 60 s that several pools share."""
    split = tuple((pool.name, share) for pool, share in zip(pools, shares, strict=True))
    one = dataclasses.replace(annotate(60), pools=split, **stage)  # type: ignore[arg-type]
    return line_of(0, (one,), *pools, segments=segments)


def coming(*moments: float, **more: object) -> tuple[Segment, ...]:
    """One segment of which an item comes at each of these moments."""
    releases = tuple(Release(at, 1) for at in moments)
    return (Segment("items", releases=releases, **{"classes": TRULY_YES, **more}),)  # type: ignore[arg-type]


TWO = (people("x"), people("y"))
WHO = ("item", "pool", "worker", "started_at")


def test_shares_of_nought_and_one() -> None:
    """All items go to the pool whose share is one, though the other is idle."""
    log = simulate(shared(TWO, (0.0, 1.0), backlog(3)))
    assert rows(log, *WHO) == [(0, "y", 0, 0), (1, "y", 0, 60), (2, "y", 0, 120)]


def test_prefer_takes_the_first_named_of_those_who_are_free() -> None:
    """Items at 0, 10, 71 and 75 s: x takes the first, y the second, as x is busy; at 71 s both are free, and x is
    named first; at 75 s only y is free."""
    log = simulate(shared(TWO, (0.5, 0.5), coming(0, 10, 71, 75), route="prefer"))
    assert rows(log, *WHO) == [(0, "x", 0, 0), (1, "y", 0, 10), (2, "x", 0, 71), (3, "y", 0, 75)]


def test_prefer_waits_for_nobody() -> None:
    """Five items at once, 60 s each by two pools: none is bound to a pool, and all are done at 180 s."""
    log = simulate(shared(TWO, (0.9, 0.1), backlog(5), route="prefer"))
    assert log.provenance.ended_at == 180_000


def test_the_shortest_queue_is_counted_by_person_on_shift() -> None:
    """x has two people and y one; tasks by person, waiting and in hand, at 0 s 0 and 0: x, named first. At 1 s 1/2
    and 0: y. At 2 s 1/2 and 1: x. At 3 s 1 and 1: x, where it waits. At 4 s 3/2 and 1: y. At 5 s 3/2 and 2: x. At 6 s
    2 and 2: x. At 7 s 5/2 and 2: y."""
    pools = (people("x", 2), people("y"))
    log = simulate(shared(pools, (0.5, 0.5), coming(*range(8)), route="shortest"))
    assert [row[0] for row in rows(log, "pool")] == ["x", "y", "x", "x", "y", "x", "x", "y"]


def test_where_nobody_is_on_shift_the_queue_is_endless() -> None:
    """x begins at 1,000 s; items that come before go to y, however many wait there."""
    late = Calendar("late", "UTC", ((0, 1000, 86_400),))
    pools = (Pool("x", 3, "late", skill_mean=SURE), people("y"))
    line = shared(pools, (0.5, 0.5), coming(0, 1, 2, 3), route="shortest")
    log = simulate(dataclasses.replace(line, calendars=(ALWAYS, late)))
    assert {row[0] for row in rows(log, "pool")} == {"y"}


def test_the_most_skilled_pool_for_the_segment_first() -> None:
    """y is more skilled, but for night x is. Both idle, street at 10 s goes to y and night at 100 s to x; of two more
    the first goes to y, and the second to whoever is free."""
    pools = (people("x", skill_mean=1.0, segment_effects={"night": 2.0}), people("y", skill_mean=2.0))
    street, night = Segment("street", releases=(Release(10, 1),)), Segment("night", releases=(Release(100, 1),))
    log = simulate(shared(pools, (0.5, 0.5), (street, night, *coming(200, 201)), route="skill"))
    assert rows(log, *WHO) == [(0, "y", 0, 10), (1, "x", 0, 100), (2, "y", 0, 200), (3, "x", 0, 201)]


PLAIN = Hard()


def tiers(share: float, sd: float, error: float, items: int, hard: Hard = PLAIN) -> Line:
    """Crowd first, then experts, by predicted difficulty."""
    pools = (people("crowd", 5), people("experts", 5))
    segments = backlog(items, difficulty_sd=sd, hard=hard)
    return shared(pools, (share, 1 - share), segments, route="difficulty", route_error=error)


def test_an_all_easy_mix_needs_no_expert_hours() -> None:
    """Where the easy pool's share is one, no item goes to the experts, whatever the error of prediction."""
    for error in (0.0, 2.0):
        assert {row[0] for row in rows(simulate(tiers(1.0, 1.0, error, 50)), "pool")} == {"crowd"}


@pytest.mark.parametrize("share", [0.25, 0.7])
@pytest.mark.parametrize("error", [0.0, 1.0])
@pytest.mark.parametrize(("sd", "hard"), [(1.0, PLAIN), (0.5, Hard(0.3, 2.0, 0.8)), (0.0, Hard(0.5, 2.0, 0.0))])
def test_the_first_pool_gets_its_share(share: float, error: float, sd: float, hard: Hard) -> None:
    """Prediction errs, but the share that the first pool gets is the one asked for, also where some items are hard,
    or all are equally easy or hard (4 standard errors of 1,000 items)."""
    log = simulate(tiers(share, sd, error, 1000, hard), seed=3)
    got = (log.tasks["pool"] == "crowd").mean()
    assert abs(got - share) < 4 * math.sqrt(share * (1 - share) / 1000)


def test_mistakes_of_the_tier_follow_the_error() -> None:
    """With a share of a half, an item is in the wrong tier when its difficulty and the prediction differ in sign: a
    chance of arccos(r) / pi, where r = 1 / sqrt(1 + error^2) is their correlation (Sheppard 1899). 1,000 items, 4
    standard errors. Wrong labels tell no difficulty, so the items of error 0 tell it: the same items, sorted truly."""
    true = simulate(tiers(0.5, 1.0, 0.0, 1000), seed=5).tasks["pool"].to_numpy()
    rates = []
    for error in (0.0, 0.5, 1.0, 3.0):
        given_ = simulate(tiers(0.5, 1.0, error, 1000), seed=5).tasks["pool"].to_numpy()
        rates.append(float((given_ != true).mean()))
        expected = math.acos(1 / math.sqrt(1 + error**2)) / math.pi
        assert abs(rates[-1] - expected) < 4 * math.sqrt(max(expected * (1 - expected), 1e-9) / 1000) + 1e-9
    assert rates == sorted(rates)


def test_the_hard_items_are_the_experts() -> None:
    """Without error the crowd has the easier half: labels by people of skill 0 in both pools are right more often in
    the crowd."""
    pools = (people("crowd", 5, skill_mean=0.0), people("experts", 5, skill_mean=0.0))
    log = simulate(shared(pools, (0.5, 0.5), backlog(1000, difficulty_sd=2.0), route="difficulty"))
    right = log.tasks["label"].astype(str) == "yes"
    crowd = log.tasks["pool"] == "crowd"
    assert right[crowd].mean() > right[~crowd].mean() + 0.2


@given(
    st.lists(st.booleans(), min_size=2, max_size=4).filter(any),
    st.sampled_from(("share", "prefer", "shortest", "skill", "difficulty")),
    st.integers(1, 5),
    st.integers(0, 50),
)
@settings(max_examples=50, deadline=None)
def test_sensitive_items_are_never_seen_by_who_is_not_cleared(
    cleared: list[bool], route: str, items: int, seed: int
) -> None:
    """Under every routing rule, tasks of a sensitive segment are in cleared pools alone, others may be anywhere."""
    pools = tuple(people(f"p{number}", cleared=one, skill_mean=float(number % 2)) for number, one in enumerate(cleared))
    segments = (Segment("secret", backlog=items, sensitive=True, difficulty_sd=1.0), Segment("open", backlog=items))
    log = simulate(shared(pools, (1 / len(pools),) * len(pools), segments, route=route, route_error=1.0), seed)
    secret = log.tasks["item"].isin(log.items.loc[log.items["segment"] == "secret", "item"])
    may = {pool.name for pool in pools if pool.cleared}
    assert set(log.tasks.loc[secret, "pool"]) <= may
    assert log.items["delivered_at"].notna().all()


def test_shares_of_who_may_not_see_it_go_to_the_others() -> None:
    """Shares 0.5, 0.3, 0.2, the first not cleared: of 1,000 sensitive items the second gets 0.6 (4 standard errors)."""
    pools = (people("x"), people("y", 3, cleared=True), people("z", 3, cleared=True))
    log = simulate(shared(pools, (0.5, 0.3, 0.2), backlog(1000, sensitive=True)))
    assert abs((log.tasks["pool"] == "y").mean() - 0.6) < 4 * math.sqrt(0.24 / 1000)


def test_masters_alone_work_on_their_segment() -> None:
    """Of four people, slots 0 and 1 may work on night ((i + 0.5) / 4 < 0.5), everybody on street. Four of each: 0 and 1
    take night, which is first, at 0 and 60 s; 2 and 3 take street, at 0 and 60 s."""
    pool = people("annotators", 4, masters={"night": 0.5})
    segments = (Segment("night", backlog=4), Segment("street", backlog=4))
    log = simulate(line_of(0, (annotate(60),), pool, segments=segments))
    assert rows(log, "item", "worker", "started_at") == [
        (0, 0, 0),
        (1, 1, 0),
        (2, 0, 60),
        (3, 1, 60),
        (4, 2, 0),
        (5, 3, 0),
        (6, 2, 60),
        (7, 3, 60),
    ]


@given(st.integers(1, 6), st.floats(0.2, 1.0), st.integers(1, 5), st.integers(0, 50))
@settings(max_examples=40, deadline=None)
def test_no_one_else_touches_what_is_for_masters(count: int, share: float, items: int, seed: int) -> None:
    """Whoever works on night is of the first slots, those with (i + 0.5) / n below the share."""
    if 0.5 / count >= share:
        share = 1.0
    pool = people("annotators", count, masters={"night": share}, preempts=True)
    segments = (Segment("street", backlog=items, priority=2), Segment("night", releases=(Release(30, items),)))
    log = simulate(line_of(0, (annotate(60),), pool, segments=segments), seed)
    night = log.tasks["item"].isin(log.items.loc[log.items["segment"] == "night", "item"])
    assert all((worker + 0.5) / count < share for worker in log.tasks.loc[night, "worker"])


def picked(pick: str, *moments: float, **more: object) -> list[tuple[object, ...]]:
    """Who of three people takes items that come one by one."""
    pool = people("annotators", 3, pick=pick, **more)
    return [row[0] for row in rows(simulate(line_of(0, (annotate(60),), pool, segments=coming(*moments))), "worker")]


def test_who_has_been_idle_longest_is_picked() -> None:
    """Items at 0, 70 and 140 s: everybody idle since 0 at first, worker 0; then worker 1, then 2; at 210 s worker 0,
    idle since 60 s."""
    assert picked("idle", 0, 70, 140, 210) == [0, 1, 2, 0]


def test_the_most_skilled_is_picked() -> None:
    """One person is the most skilled of three, whom every item finds idle, and takes them all: the one whose labels of
    hard items are right most often."""
    takers = picked("skill", 0, 70, 140, 210, skill_mean=0.0, skill_sd=1.0)
    assert len(set(takers)) == 1
    skilled = picked("skill", 0, 1, 2, skill_mean=0.0, skill_sd=1.0)
    assert skilled[0] == takers[0]
    assert sorted(skilled) == [0, 1, 2]


def test_who_was_most_often_right_so_far_is_picked() -> None:
    """Worker 0 is taken first, and rejected: (0 + 1) / (1 + 2) = 1/3 against 1/2 of those never judged. Item 1 finds
    worker 1, idle as long as 2, and is rejected too, then item 2 finds worker 2. All at 1/3, idle longest is worker 0.
    (Reviews reject all, of 5 s; no rework.)"""
    stages = (annotate(10, to="review"), review(5, rounds=0))
    pools = (people("annotators", 3, pick="past"), people("reviewers", false_alarm=1.0))
    log = simulate(line_of(0, stages, *pools, segments=coming(0, 100, 200, 300)))
    assert rows(log, "worker", stage="annotate") == [(0,), (1,), (2,), (0,)]


def test_who_was_right_is_picked_again() -> None:
    """Reviews that accept all: worker 0 has 2/3 after the first item, 3/4 after the second, and takes every one."""
    stages = (annotate(10, to="review"), review(5, rounds=0))
    pools = (people("annotators", 3, pick="past"), people("reviewers", false_alarm=0.0))
    log = simulate(line_of(0, stages, *pools, segments=coming(0, 100, 200, 300)))
    assert rows(log, "worker", stage="annotate") == [(0,)] * 4
