"""Work done here, in processes or by any executor: results in order and few at a time, whoever does it.

No process of ours outlives its parent or Ctrl-C.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any, TypeVar

from .errors import Refused

Job = TypeVar("Job")
Result = TypeVar("Result")


START_S = 2.0
"""Seconds that processes take to start; see docs/decisions/066."""


class WorkerLost(Refused):
    """A process died at its work."""

    exit_code = 1


def in_order(
    work: Callable[[Job, int], Result],
    job: Job,
    count: int,
    processes: int | None,
    first: int = 0,
    executor: Executor | None = None,
    likely: int | None = None,
) -> Generator[Result, None, None]:
    """work(job, first) .. work(job, count - 1), in order.

    work: a function of a module, whose result hangs on its arguments alone.  job: can be pickled.
    processes: 1 works in this process, more in so many; None begins here and goes over to a process a core when what is
    left would take longer than to start them.  executor: does the work instead, and is left running; twice as many
    pieces as `processes` (None: cores) are under way in it.  likely: how many will be taken for sure, of `count`.
    Closing the generator ends the work, or what an executor has not begun of it; Ctrl-C, or the parent's death, ends
    our processes at once.  Raises WorkerLost when one dies.
    """
    cores = os.cpu_count() or 1
    if executor is not None:
        yield from _through(executor, work, job, range(first, count), 2 * (processes or cores))
        return
    if processes is None:
        for result in _here_at_first(work, job, range(first, count), cores, count if likely is None else likely):
            yield result
            first += 1
    if first < count:
        many = min(cores if processes is None else processes, count - first)
        if many == 1:
            yield from (work(job, number) for number in range(first, count))
        else:
            yield from _in_processes(work, job, range(first, count), many)


def _here_at_first(
    work: Callable[[Job, int], Result], job: Job, numbers: range, cores: int, likely: int
) -> Generator[Result, None, None]:
    """Works in this process for as long as that is quicker than to start others. Where work is done changes no result,
    so a clock may decide it."""
    for done, number in enumerate(numbers):
        begun = time.perf_counter()
        result = work(job, number)
        took = time.perf_counter() - begun
        yield result
        # Of what may be stopped early, as much again as was done is expected. The first one also loads compiled code.
        left = min(numbers.stop, max(likely, 2 * (number + 1))) - number - 1
        if done >= 1 and left * took * (1 - 1 / cores) > START_S:
            return


def _in_processes(
    work: Callable[[Job, int], Result], job: Job, numbers: range, processes: int
) -> Generator[Result, None, None]:
    context = _Context()  # forking a process that has started threads (Numba, Arrow) may hang
    watched, held = context.Pipe(duplex=False)
    executor = ProcessPoolExecutor(processes, context, _start, (watched, work, job))

    def submit(number: int) -> Future[Result]:
        with _interrupts_later():
            return executor.submit(_one, number)

    try:
        yield from _few(submit, numbers, 2 * processes, deque())
        executor.shutdown()
    except BrokenExecutor as broken:
        raise WorkerLost(
            "A process that ran replications died, most likely for want of memory. Run with --processes 1, or fewer."
        ) from broken
    finally:
        held.close()  # whoever still works stops at once
        executor.shutdown(cancel_futures=True)
        watched.close()


def _through(
    executor: Executor, work: Callable[[Job, int], Result], job: Job, numbers: range, under_way: int
) -> Generator[Result, None, None]:
    packed = pickle.dumps((work, job))
    futures: deque[Future[Result]] = deque()
    try:
        yield from _few(lambda number: executor.submit(_packed, packed, number), numbers, under_way, futures)
    except BrokenExecutor as broken:
        raise WorkerLost(
            f"The executor that ran replications broke: {broken} Give a new one; with a file for what is finished, the "
            "run goes on where it stopped."
        ) from broken
    finally:
        for future in futures:
            future.cancel()


def _few(
    submit: Callable[[int], Future[Result]], numbers: range, under_way: int, futures: deque[Future[Result]]
) -> Generator[Result, None, None]:
    """Results in order; few are under way at a time, in `futures`, so that they cannot pile up faster than they are
    taken."""
    for number in numbers:
        if len(futures) == under_way:
            yield futures.popleft().result()
        futures.append(submit(number))
    while futures:
        yield futures.popleft().result()


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Ctrl-C waits for the end of the block, and processes started inside never see it: ending them is our affair."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Process(SpawnProcess):
    """A process that does not run the script that started it first, as others do, which would start more of them."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            return SpawnProcess._Popen(process_obj)
        except (pickle.PicklingError, AttributeError):  # the job is of a class of the script's own
            sys.modules["__main__"] = main
            return SpawnProcess._Popen(process_obj)
        finally:
            sys.modules["__main__"] = main


class _Context(SpawnContext):
    Process = _Process


_kept: tuple[Callable[[Any, int], Any], Any] | None = None

_gate = threading.Lock()
_working = False
"""Whether a replication is being run, read and written inside the gate."""

LOOK_S = 0.001
"""How often a process that is to end looks whether it may."""


def _start(watched: Connection, work: Callable[[Any, int], Any], job: Any) -> None:
    """Prepares a process, which ends as soon as its parent closes the pipe or dies."""
    global _kept
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _kept = work, job
    threading.Thread(target=_end_with, args=(watched, os.getppid()), daemon=True).start()


def _end_with(watched: Connection, parent: int) -> None:
    """Ends the process in the midst of a replication, but not of its result: with half a result in their pipe a parent
    that lives would wait for the rest for ever. Between two replications its executor ends it."""
    watched.poll(None)  # nothing is ever sent: the pipe is ready only when its other end is closed
    while True:
        with _gate:
            if _working or os.getppid() != parent:
                os._exit(1)
        time.sleep(LOOK_S)


def _one(number: int) -> Any:
    global _working
    assert _kept is not None
    work, job = _kept
    with _gate:
        _working = True
    try:
        return work(job, number)
    finally:
        with _gate:
            _working = False


def _packed(packed: bytes, number: int) -> Any:
    """A piece of work that comes with its job, which is unpacked once a process."""
    work, job = _unpacked(packed)
    return work(job, number)


@lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> Any:
    return pickle.loads(packed)
