"""Whoever runs the replications of a search, however they are cut and whatever dies meanwhile, values are the same."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from searched import KPIS, expected, line

from labelcast.sim import crew as room
from labelcast.sim.crew import Crew, Wanted
from labelcast.sim.piece import OtherCode, pack, task
from labelcast.sim.pool import Pool
from labelcast.sim.processes import WorkerLost

pytestmark = pytest.mark.crews

SCRIPT = Path(__file__).with_name("slow_crew.py")


class Here(Executor):
    """A test double that does each piece when its result is asked for. fates: what becomes of the next ones instead."""

    def __init__(self, fates: Iterator[Any] | None = None) -> None:
        self.fates = iter(()) if fates is None else fates
        self.given: list[tuple[int, int]] = []
        self.futures: list[Future[Any]] = []
        self.ended = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        executor = self

        class Lazy(Future[Any]):
            def result(self, timeout: float | None = None) -> Any:
                fate = next(executor.fates, None)
                if fate is not None:
                    raise fate
                return fn(*args, **kwargs)

        self.given.append((args[3], args[4]))
        self.futures.append(Lazy())
        return self.futures[-1]

    def end(self) -> None:
        self.ended = True


@pytest.fixture
def mortal(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[bool]], list[Here]]:
    """Has pools made whose pieces die as told, True for each that does; the pools that are made."""

    def made_with(dies: list[bool]) -> list[Here]:
        fates, pools = iter([BrokenExecutor if die else None for die in dies]), list[Here]()

        def make(_: int) -> Here:
            pools.append(Here(fates))
            return pools[-1]

        monkeypatch.setattr(room, "Pool", make)
        return pools

    return made_with


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_values_are_those_of_replicate(engine: str) -> None:
    """Of each line, replication and KPI; one that a replication has not is NaN, and none may be asked for."""
    with Crew(1, engine=engine) as crew:
        found = crew.values(line(), 5, range(3, 9), KPIS)
        np.testing.assert_array_equal(found, expected(line(), 5, range(3, 9), engine))
        assert np.isnan(found[:, KPIS.index("no_such_kpi")]).all()
        assert np.unique(found[:, 0]).size == 6, "replications must differ, else their order cannot be seen"
        assert crew.values(line(), 5, range(4, 4), KPIS).shape == (0, len(KPIS))
        assert crew.values(line(), 5, range(2), ()).shape == (2, 0)


@pytest.mark.parametrize(("piece_s", "least_s"), [(1e-9, 1e-9), (0.05, 0.005), (1e9, 1e-9), (1e9, 1e9)])
@pytest.mark.parametrize("processes", [None, 1, 3])
def test_no_cut_changes_a_number(
    processes: int | None, piece_s: float, least_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However small the pieces; and each replication is in one of them."""
    monkeypatch.setattr(room, "PIECE_S", piece_s)
    monkeypatch.setattr(room, "LEAST_S", least_s)
    executor = Here()
    with Crew(processes, executor) as crew:
        for servers in (2, 3):
            found = crew.values(line(servers), 5, range(2, 9), KPIS)
            np.testing.assert_array_equal(found, expected(line(servers), 5, range(2, 9)))
            assert [number for piece in executor.given for number in range(*piece)] == list(range(2, 9))
            executor.given = []


@pytest.mark.parametrize(
    ("seconds", "count", "processes", "sizes"),
    [
        (0.1, 3, 2, [1, 1, 1]),  # longer than a piece is to be
        (0.01, 20, 2, [5, 5, 5, 5]),  # 50 ms each
        (0.002, 20, 2, [10, 10]),  # 20 ms each, so that nobody is idle
        (0.001, 6, 4, [5, 1]),  # 5 ms, though two are idle
        (0.01, 20, None, [5, 5, 5, 5]),  # nobody knows how many work
        (0.001, 20, None, [20]),
        (0.1, 3_000, 100, [2] * 1_500),  # 200 ms, as a hundred are to be kept busy
    ],
)
def test_pieces_are_cut_by_what_others_took(
    seconds: float, count: int, processes: int | None, sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One at a time while nobody knows; after that by the time that a replication took."""

    def timed(_: bytes, __: int, ___: str, first: int, stop: int, kpis: tuple[str, ...]) -> tuple[Any, float]:
        return np.full((stop - first, len(kpis)), float(first)), seconds

    monkeypatch.setattr(room, "timed", timed)
    executor = Here()
    with Crew(processes, executor) as crew:
        crew.values(line(), 1, range(3), KPIS)
        assert executor.given == [(0, 1), (1, 2), (2, 3)]
        crew.values(line(), 1, range(count), KPIS)
    assert [stop - first for first, stop in executor.given[3:]] == sizes


def test_lines_asked_at_once_are_not_cut_where_each_has_its_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set-up of a line is done once; asked alone, it is shared."""
    monkeypatch.setattr(room, "timed", lambda *asked: (np.zeros((asked[4] - asked[3], len(KPIS))), 0.004))
    executor = Here()
    with Crew(2, executor) as crew:
        crew.values(line(), 1, range(3), KPIS)
        executor.given = []
        crew.all_values([Wanted(line(servers), 1, range(10), KPIS) for servers in (2, 3)])
        assert executor.given == [(0, 10), (0, 10)]
        crew.values(line(), 1, range(10), KPIS)
        assert executor.given[2:] == [(0, 5), (5, 10)]


class Clock:
    """A clock that a piece of work moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("seconds", "calls", "here"),
    [
        (0.125, [10] * 3, 30),  # less than four seconds, and not much is asked for
        (0.125, [10] * 5, 34),  # 33 took that, besides the first: as much again would take two processes 2 s less
        (1.0, [9], 2),  # seven are asked for just now
        (0.01, [390], 390),
    ],
)
def test_processes_are_started_where_they_pay(
    seconds: float, calls: list[int], here: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On two cores: when half of what is to come takes longer than to start them; then all else goes to them."""
    clock, elsewhere = Clock(), Here()

    def timed(_: bytes, __: int, ___: str, first: int, stop: int, kpis: tuple[str, ...]) -> tuple[Any, float]:
        clock.now += (stop - first) * seconds if clock.now else 60.0
        return np.full((stop - first, len(kpis)), float(first)), seconds

    monkeypatch.setattr(room, "time", clock)
    monkeypatch.setattr(room, "timed", timed)
    monkeypatch.setattr(room.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(room, "Pool", lambda _: elsewhere)
    with Crew() as crew:
        for count in calls:
            assert not np.isnan(crew.values(line(), 1, range(count), KPIS)).any()
    assert sum(stop - first for first, stop in elsewhere.given) == sum(calls) - here


def test_what_is_lost_is_done_again(mortal: Callable[[list[bool]], list[Here]]) -> None:
    """Processes are made anew, as often as need be, as long as something is finished within three losses."""
    pools = mortal([True] * 4 + [True] * 4 + [False, True, True, True] + [True] * 3)
    with Crew(2) as crew:
        found = crew.values(line(), 5, range(4), KPIS)
    np.testing.assert_array_equal(found, expected(line(), 5, range(4)))
    assert [len(pool.given) for pool in pools] == [4, 4, 4, 3, 3]
    assert all(pool.ended for pool in pools)


def test_three_losses_in_a_row_are_told(mortal: Callable[[list[bool]], list[Here]]) -> None:
    """And then no more is tried."""
    pools = mortal([False, True, True, True] + [True] * 6)
    with Crew(2) as crew, pytest.raises(WorkerLost, match=r"died 3 times with nothing finished .*--workers 1"):
        crew.values(line(), 5, range(4), KPIS)
    assert len(pools) == 3


@pytest.mark.parametrize("fate", [BrokenExecutor("its scheduler is gone"), CancelledError()])
def test_a_broken_executor_is_told(fate: BaseException) -> None:
    """At once and in words; it is somebody else's."""
    executor = Here(iter([None, fate]))
    with Crew(2, executor) as crew, pytest.raises(WorkerLost, match=r"broke: .*Start it again; .*--resume") as told:
        crew.values(line(), 5, range(4), KPIS)
    assert (str(fate) or "CancelledError") in str(told.value)


def test_what_is_broken_off_is_not_begun() -> None:
    """Ctrl-C: what an executor has not begun is cancelled."""
    executor = Here(iter([None, KeyboardInterrupt]))
    with Crew(2, executor) as crew, pytest.raises(KeyboardInterrupt):
        crew.values(line(), 5, range(4), KPIS)
    assert [future.cancelled() for future in executor.futures] == [False, True, True, True]


def test_errors_of_the_work_are_told_as_they_are() -> None:
    """A fault of ours is neither tried again nor taken for a loss."""
    with Crew(2, Here(), engine="slow") as crew, pytest.raises(AssertionError, match="no engine is named"):
        crew.values(line(), 5, range(4), KPIS)


def test_other_code_is_refused() -> None:
    """A worker whose labelcast is another gives no numbers, and says which of them there are."""
    digest, packed = pickle.loads(pack(line()))
    with pytest.raises(OtherCode, match=rf"has another version of labelcast \({digest}\) than the driver \(other\)"):
        task(pickle.dumps(("other", packed)), 1, "fast", 0, 1, KPIS)


def test_a_killed_process_changes_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two, one killed in the midst of its work: others are started, and values are the same. Several lines are
    worked on side by side, and no process outlives the crew."""
    pools: list[Pool] = []
    given = threading.Event()

    class Noted(Pool):
        def submit(self, *arguments: Any) -> Future[Any]:
            pools.append(self)
            try:
                return super().submit(*arguments)
            finally:
                given.set()

    def kill() -> None:
        given.wait()
        time.sleep(0.02)
        os.kill(min(first), signal.SIGKILL)

    monkeypatch.setattr(room, "Pool", Noted)
    slow = line(items=2_500)
    assert not _children(os.getpid())
    with Crew(2, engine="reference") as crew:
        crew.values(line(), 1, range(4), KPIS)
        first = _children(os.getpid())
        assert len(first) == 2
        given.clear()
        killer = threading.Thread(target=kill)
        killer.start()
        found = crew.all_values([Wanted(slow, 5, range(1, 5), KPIS), Wanted(line(), 3, range(2), KPIS)])
        killer.join()
        assert len(set(pools)) == 2
        assert not first & _children(os.getpid()), "whoever shared a pool with it was ended, and made anew"
    assert not _children(os.getpid())
    np.testing.assert_array_equal(found[0], expected(slow, 5, range(1, 5), "reference"))
    np.testing.assert_array_equal(found[1], expected(line(), 3, range(2), "reference"))


@pytest.mark.skipif(sys.platform == "win32", reason="signals between processes are another matter there")
@pytest.mark.parametrize(("end", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_no_process_outlives_its_crew(end: signal.Signals, code: int) -> None:
    """Interrupted or killed in the middle of work that would take minutes, the parent ends at once and its processes
    with it; of Ctrl-C they print no traceback."""
    command = [sys.executable, str(SCRIPT)]
    within = {**os.environ, "PYTHONPATH": str(SCRIPT.parents[1])}  # where pytest finds what tests share
    with subprocess.Popen(
        command, env=within, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stderr is not None
        assert parent.stdout.readline() == "at work\n"
        children = [psutil.Process(child) for child in _children(parent.pid)]
        assert len(children) == 2
        if end == signal.SIGINT:
            os.killpg(parent.pid, end)  # what Ctrl-C on a terminal does
        else:
            parent.send_signal(end)
        assert parent.wait(20) == code
        _, alive = psutil.wait_procs(children, timeout=20)
        assert not alive
        told = parent.stderr.read()
    if end == signal.SIGINT:
        assert "Traceback" not in told


def _children(parent: int) -> set[int]:
    """The processes that a process has spawned for work."""
    found = psutil.Process(parent).children()
    return {child.pid for child in found if "--multiprocessing-fork" in child.cmdline()}
