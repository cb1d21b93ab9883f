"""Spawned processes that wait for work: none outlives its parent, or the end of its pool, even in the midst of work."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any, TypeVar

Result = TypeVar("Result")


class Pool:
    """Spawned processes, started when there is work for them."""

    def __init__(self, processes: int, keep: object = None) -> None:
        """keep: can be pickled; what each process is given once, see kept()."""
        context = _Context()  # forking a process that has started threads (Numba, Arrow) may hang
        self._watched, self._held = context.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(processes, context, _start, (self._watched, keep))

    def submit(self, work: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """work(*arguments), a function of a module, in one of the processes. Raises BrokenExecutor, here or in the
        future, when a process has died."""
        with _interrupts_later():
            return self._executor.submit(_guarded, work, *arguments)

    def close(self) -> None:
        """Ends when all work is done."""
        self._executor.shutdown()

    def end(self) -> None:
        """Ends at once, in the midst of work."""
        self._held.close()
        self._executor.shutdown(cancel_futures=True)
        self._watched.close()


def kept() -> Any:
    """What the pool of this process gave it when it started."""
    return _kept


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


_kept: object = None

_gate = threading.Lock()
_working = False
"""Whether a replication is being run, read and written inside the gate."""

LOOK_S = 0.001
"""How often a process that is to end looks whether it may."""


def _start(watched: Connection, keep: object) -> None:
    """Prepares a process, which ends as soon as its parent closes the pipe or dies."""
    global _kept
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _kept = keep
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


def _guarded(work: Callable[..., Result], *arguments: Any) -> Result:
    """Works inside the gate, so that whoever is to end knows that it may."""
    global _working
    with _gate:
        _working = True
    try:
        return work(*arguments)
    finally:
        with _gate:
            _working = False
