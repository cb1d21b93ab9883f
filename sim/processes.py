"""Work done here, in processes or by any executor: results in order and few at a time, whoever does it."""

from __future__ import annotations

import os
import pickle
import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import lru_cache
from typing import Any, TypeVar

from .errors import Refused
from .pool import Pool, kept

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
    pool = Pool(processes, (work, job))
    try:
        yield from _few(lambda number: pool.submit(_one, number), numbers, 2 * processes, deque())
        pool.close()
    except BrokenExecutor as broken:
        raise WorkerLost(
            "A process that ran replications died, most likely for want of memory. Run with --processes 1, or fewer."
        ) from broken
    finally:
        pool.end()


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


def _one(number: int) -> Any:
    """A piece of the work that this process was started with."""
    work, job = kept()
    return work(job, number)


def _packed(packed: bytes, number: int) -> Any:
    """A piece of work that comes with its job, which is unpacked once a process."""
    work, job = _unpacked(packed)
    return work(job, number)


@lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> Any:
    return pickle.loads(packed)
