"""Work spread over processes: results in order, few at a time, and no process that outlives its parent or Ctrl-C."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from .errors import Refused

Job = TypeVar("Job")
Result = TypeVar("Result")


class WorkerLost(Refused):
    """A process died at its work."""

    exit_code = 1


def in_order(work: Callable[[Job, int], Result], job: Job, count: int, processes: int) -> Generator[Result, None, None]:
    """work(job, 0) .. work(job, count - 1), in order; in this process when `processes` is 1.

    work: a function of a module.  job: is pickled once a process, and stays there between two pieces of work.
    Closing the generator, Ctrl-C, or the parent's death ends the processes at once.  Raises WorkerLost when one dies.
    """
    if processes == 1:
        yield from (work(job, number) for number in range(count))
        return
    context = get_context("spawn")  # forking a process that has started threads (Numba, Arrow) may hang
    watched, held = context.Pipe(duplex=False)
    executor = ProcessPoolExecutor(processes, context, _start, (watched, work, job))
    try:
        # Few are under way at a time, so that results cannot pile up faster than they are taken.
        under_way: deque[Future[Result]] = deque()
        for number in range(count):
            if len(under_way) == 2 * processes:
                yield under_way.popleft().result()
            with _interrupts_later():
                under_way.append(executor.submit(_one, number))
        while under_way:
            yield under_way.popleft().result()
        executor.shutdown()
    except BrokenProcessPool as broken:
        raise WorkerLost(
            "A process that ran replications died, most likely for want of memory. Run with --processes 1, or with "
            'fewer. In a script, start the work under `if __name__ == "__main__":`.'
        ) from broken
    finally:
        held.close()  # whoever still works stops at once
        executor.shutdown(cancel_futures=True)
        watched.close()


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


_kept: tuple[Callable[[Any, int], Any], Any] | None = None


def _start(watched: Connection, work: Callable[[Any, int], Any], job: Any) -> None:
    """Prepares a process, which ends as soon as its parent closes the pipe or dies."""
    global _kept
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _kept = work, job
    threading.Thread(target=_end_with, args=(watched,), daemon=True).start()


def _end_with(watched: Connection) -> None:
    watched.poll(None)  # nothing is ever sent: the pipe is ready only when its other end is closed
    os._exit(1)


def _one(number: int) -> Any:
    assert _kept is not None
    work, job = _kept
    return work(job, number)
