"""Whoever does the work, the results are the same and come in order."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import constant, queue
from pieces import noted, refuses
from small import same

from labelcast.sim import processes as room
from labelcast.sim.engines import ENGINES, engine
from labelcast.sim.line import Contract, Line
from labelcast.sim.plan import Plan
from labelcast.sim.processes import WorkerLost, in_order
from labelcast.sim.reference import run
from labelcast.sim.replicate import replicate


def line() -> Line:
    """A line of three workers whose cost and finish differ from run to run."""
    made = queue(3, 5_000.0, 12, constant(60.0))
    return replace(made, pools=tuple(replace(pool, contract=Contract(hourly=30_000_000)) for pool in made.pools))


class Backwards(Executor):
    """A test double: what it holds is done when a result is asked for, the last given first. It counts what it holds
    and what is cancelled."""

    def __init__(self) -> None:
        self.held: list[tuple[Future[Any], Callable[[], Any]]] = []
        self.most = self.given = 0
        self.ended = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        executor = self

        class Lazy(Future[Any]):
            def result(self, timeout: float | None = None) -> Any:
                if not self.done():
                    executor.work()
                return super().result(timeout)

        future = Lazy()
        self.held.append((future, lambda: fn(*args, **kwargs)))
        self.given += 1
        self.most = max(self.most, len(self.held))
        return future

    def work(self) -> None:
        for future, do in reversed(self.held):
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(do())
                except ValueError as error:
                    future.set_exception(error)
        self.held = []

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.ended = True


@pytest.fixture
def backwards() -> Backwards:
    return Backwards()


@pytest.mark.parametrize(
    "made",
    [
        Backwards,
        lambda: ThreadPoolExecutor(3),
        lambda: ProcessPoolExecutor(2, get_context("spawn")),
    ],
    ids=["double", "threads", "processes"],
)
def test_no_executor_changes_a_number(made: Callable[[], Executor]) -> None:
    """KPIs, ledgers and curves are those of one process, in any executor, and by our own choice of one."""
    alone = replicate(line(), 7, 3, 1)
    assert alone.kpis["finish_days"].nunique() == 7, "replications must differ, else their order cannot be seen"
    with made() as executor:
        same(replicate(line(), 7, 3, 2, executor=executor), alone)
        assert executor.submit(math.sqrt, 9.0).result() == 3.0, "it is the caller's, and must still work"
    same(replicate(line(), 7, 3), alone)


def test_few_pieces_are_under_way(backwards: Backwards) -> None:
    """Twice as many as the processes that we were told of, none more; and nobody else's executor is shut down."""
    assert list(in_order(refuses, 99, 30, 3, executor=backwards)) == list(range(30))
    assert (backwards.most, backwards.given, backwards.ended) == (6, 30, False)


def test_what_is_not_taken_is_not_begun(backwards: Backwards, tmp_path: Any) -> None:
    """When nobody wants more results, what an executor has not begun is cancelled."""
    with closing(in_order(noted, tmp_path, 30, 2, executor=backwards)) as results:
        assert next(results) == 0
        assert len(list(tmp_path.iterdir())) == 4
        assert next(results) == 1
    backwards.work()
    assert len(list(tmp_path.iterdir())) == 4


def test_an_error_comes_in_its_place(backwards: Backwards) -> None:
    """After the results before it, as what it is."""
    results = in_order(refuses, 5, 9, 2, executor=backwards)
    assert [next(results) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="5 is beyond 5"):
        next(results)


def test_a_broken_executor_is_told(backwards: Backwards, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, not by a traceback."""

    def broken(*_: Any) -> None:
        raise BrokenExecutor("its workers are gone.")

    monkeypatch.setattr(backwards, "submit", broken)
    with pytest.raises(WorkerLost, match=r"broke: its workers are gone\. Give a new one"):
        list(in_order(refuses, 5, 3, 2, executor=backwards))


@given(count=st.integers(0, 12), first=st.integers(0, 12), processes=st.integers(1, 4))
@settings(deadline=None, derandomize=True)
def test_the_numbers_are_those_asked_for(count: int, first: int, processes: int) -> None:
    """first .. count - 1, each once and in order, through an executor and here."""
    numbers = list(range(first, count))
    assert list(in_order(refuses, 99, count, processes, first, executor=Backwards())) == numbers
    assert list(in_order(refuses, 99, count, 1, first)) == numbers
    assert list(in_order(refuses, 99, count, None, first)) == numbers


class Clock:
    """A clock that a piece of work moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("seconds", "count", "likely", "here"),
    [
        (0.01, 100, None, 100),  # a second in all: processes would take longer to start
        (1.0, 100, None, 2),  # at once, but the first one, which also loads code, does not decide
        (0.5, 10, None, 10),  # 4 s left, of which two processes spare 2
        (0.5, 11, None, 2),  # 4.5 s left
        (0.125, 1_000, 10, 33),  # may stop at ten: as much again as was done is expected
    ],
)
def test_processes_are_started_where_they_pay(
    seconds: float, count: int, likely: int | None, here: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On two cores: when half of what is left takes longer than to start them."""
    clock, elsewhere = Clock(), list[range]()

    def work(_: object, number: int) -> int:
        clock.now += 60.0 if number == 0 else seconds
        return number

    def in_processes(_: object, __: object, numbers: range, processes: int) -> Iterator[int]:
        assert processes == 2
        elsewhere.append(numbers)
        yield from numbers

    monkeypatch.setattr(room, "time", clock)
    monkeypatch.setattr(room.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(room, "_in_processes", in_processes)
    assert list(in_order(work, None, count, None, likely=likely)) == list(range(count))
    assert elsewhere == ([range(here, count)] if here < count else [])


def test_engines_go_by_name() -> None:
    """Each gives the log that is asked for, the reference is among them, and a name of none is a fault."""
    assert engine("reference") is run
    for name in ENGINES:
        about = engine(name)(Plan.of(line()), 3, 2).provenance
        assert (about.seed, about.replication) == (3, 2)
    with pytest.raises(AssertionError, match="no engine is named 'slow'"):
        engine("slow")
