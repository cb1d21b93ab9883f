"""People who are shared among segments by weight: who gets how much of their time, and when."""

from __future__ import annotations

import dataclasses
from itertools import accumulate

import anyline
from comparison import differences
from flows import annotate, line_of, people
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from labelcast.sim import kernel
from labelcast.sim.line import Batch, Epoch, Line, Segment
from labelcast.sim.plan import Plan

from .test_floor_disciplines import begun, one


def fair(*segments: Segment, people_: int = 1, weights: dict[str, float] | None = None, **stage: object) -> Line:
    """One pool that labels for 60 s each and is shared by weight."""
    pool = people("annotators", people_, discipline="fair", weights=weights or {})
    return line_of(0, (annotate(60.0, **stage),), pool, segments=segments)


def order(line: Line) -> str:
    """Segments of the tasks, in the order of their starts."""
    return "".join(segment for segment, _, _ in begun(line))


def test_tasks_go_by_weight() -> None:
    """a weighs 3 and b 1, and all are there at the start: of each four tasks three are of a; when b has no more, a has
    all."""
    line = fair(one("a", items=10), one("b", items=3), weights={"a": 3.0})
    assert order(line) == "abaaabaaabaaa"


def test_time_is_shared_and_not_the_number_of_tasks() -> None:
    """A task of a takes three times as long as one of b, and both weigh 1: three of b for each of a."""
    line = fair(one("a", items=3, time_factor=3.0), one("b", items=9))
    assert order(line) == "abbbabbbabbb"


def test_who_has_nothing_to_do_saves_nothing_up() -> None:
    """b comes when a has been served alone for ten tasks: from then on they take turns, as if it had just begun; and b
    is served next, since a has just been."""
    line = fair(one("a", items=14), one("b", at=590.0, items=4))
    assert order(line) == "a" * 10 + "babababa"


def test_priority_goes_before_weight() -> None:
    """c has the lower number and goes first; of a and b, three to one, as if c were not."""
    line = fair(one("c", items=2), one("a", items=6, priority=2), one("b", items=2, priority=2), weights={"a": 3.0})
    assert order(line) == "cc" + "abaaabaa"


def test_of_what_comes_in_one_moment_each_has_its_part() -> None:
    """Four idle people, and six tasks of each of two segments of equal weight at 10 s: two of each begin at once."""
    line = fair(one("a", 10, items=6), one("b", 10, items=6), people_=4)
    assert sorted(segment for segment, start, _ in begun(line) if start == 10) == ["a", "a", "b", "b"]


def test_each_task_of_a_batch_counts() -> None:
    """Who takes two tasks at once is served for two."""
    assert order(fair(one("a", items=4), one("b", items=4), batch=Batch(2))) == "aabbaabb"


def test_what_is_left_of_a_stopped_task_counts_once() -> None:
    """c stops the first task of a at 30 s; at 90 s b is next, which has had nothing. Then the rest of a goes on, and
    the other task of a follows, since a has had one task as b has; were its rest charged again, b would be next."""
    pool = people("annotators", discipline="fair", preempts=True)
    segments = (one("a", items=2, priority=2), one("b", items=2, priority=2), one("c", 30.0))
    told = begun(line_of(0, (annotate(60.0),), pool, segments=segments))
    assert [segment for segment, _, _ in told] == ["a", "c", "b", "a", "a", "b"]


def test_what_goes_back_unbegun_is_not_charged() -> None:
    """Who has taken two tasks of a is stopped in the first of them, and the second goes back: a has been charged one,
    and b, of weight 1.5, two for 4/3 of one. So a goes on before b does."""
    pool = people("annotators", discipline="fair", preempts=True, weights={"b": 1.5})
    segments = (one("a", items=3, priority=2), one("b", items=4, priority=2), one("c", 30.0))
    told = begun(line_of(0, (annotate(60.0, batch=Batch(2)),), pool, segments=segments))
    assert "".join(segment for segment, _, _ in told) == "acbbaaabb"


def test_a_change_of_weights_holds_at_once() -> None:
    """Turn about; and from 240 s on three of a for each of b, as from the start in the first test."""
    line = fair(one("a", items=8), one("b", items=4))
    pools = tuple(dataclasses.replace(pool, weights={"a": 3.0}) for pool in line.pools)
    assert order(dataclasses.replace(line, epochs=(Epoch(235.0, pools=pools),))) == "abab" + "abaaabaa"


@given(
    st.lists(st.tuples(st.integers(1, 12), st.sampled_from((1.0, 2.0, 5.0)), st.sampled_from((1.0, 2.0, 3.0)))),
    st.integers(1, 3),
)
@settings(max_examples=25, deadline=None)
def test_while_all_wait_shares_are_exact_to_a_task_each(segments: list[tuple[int, float, float]], many: int) -> None:
    """Goyal's bound, for so many people: as long as two segments both wait, the time begun for each, over its weight,
    differs by no more than one task each, and one more each for every further person."""
    parts = [one(f"s{n}", items=items, time_factor=factor) for n, (items, _, factor) in enumerate(segments)]
    weight = {f"s{n}": weight for n, (_, weight, _) in enumerate(segments)}
    told = begun(fair(*parts, people_=many, weights=weight)) if parts else []
    names = [segment for segment, _, _ in told]
    for one_, other in ((a, b) for a in weight for b in weight if a < b):
        cost = {name: parts[int(name[1:])].time_factor / weight[name] for name in (one_, other)}
        had = {name: list(accumulate(cost[name] * (served == name) for served in names)) for name in cost}
        both = min(max(n for n, served in enumerate(names) if served == name) for name in cost)
        apart = [abs(had[one_][n] - had[other][n]) for n in range(both)]
        assert max(apart, default=0.0) <= many * (cost[one_] + cost[other]) + 1e-9


def test_a_light_segment_is_never_starved() -> None:
    """1,500 tasks of weight 100 wait and ten of weight 1: each of these waits for 100 others, and no longer."""
    line = fair(one("heavy", items=1500), one("light", items=10), weights={"heavy": 100.0})
    at = [n for n, (segment, _, _) in enumerate(begun(line)) if segment == "light"]
    assert at == [1 + 101 * n for n in range(10)]


@seed(7)
@given(anyline.lines())
@settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_of_one_segment_it_is_first_come_first_served(line: Line) -> None:
    """Whatever else is on a line, batches, locks, limits, returned and stopped tasks, several pools: where there is one
    segment, sharing by weight changes no row."""
    line = dataclasses.replace(line, segments=line.segments[:1])
    told = [kernel.run(Plan.of(_all(line, rule)), 1, 0) for rule in ("first", "fair")]
    assert differences(*told) == []


def _all(line: Line, rule: str) -> Line:
    """Every pool by one discipline, at all times."""

    def of(pools: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(dataclasses.replace(pool, discipline=rule) for pool in pools)  # type: ignore[type-var]

    epochs = tuple(one if one.pools is None else dataclasses.replace(one, pools=of(one.pools)) for one in line.epochs)
    return dataclasses.replace(line, pools=of(line.pools), epochs=epochs)
