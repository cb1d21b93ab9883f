"""Workers of a Dask cluster as an executor. Dask is an extra, and loaded only when it is asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from .sim.engines import ENGINES, prepare
from .sim.errors import ScenarioRefused
from .sim.piece import sources
from .sim.processes import WorkerLost

if TYPE_CHECKING:
    from distributed import Client

ANSWER_S = 10.0
"""How long a scheduler may take to answer."""

WORKERS_S = 60.0
"""How long a scheduler may have no worker: a cluster that grows on demand starts the first one in that time."""

COMPILE_S = 900.0
"""How long machines may take to compile the engine."""

SHOWN = 3
"""Workers that a message names of each kind."""

Progress = Callable[[int, int], None]


class Cluster(Executor):
    """The workers of a Dask cluster, left running when this is shut down. workers: how many tasks they do at once when
    the connection is made.

    A lost scheduler, and workers that died over a task again and again, are BrokenExecutor.
    """

    def __init__(self, client: Client, address: str) -> None:
        from distributed import KilledWorker
        from distributed.client import ClosedClientError

        self._client, self._address = client, address
        self._killed, self._closed = KilledWorker, ClosedClientError
        self._executor: Executor = client.get_executor(pure=False)
        workers = client.scheduler_info(n_workers=-1)["workers"]
        self.workers = sum(worker["nthreads"] for worker in workers.values())

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """fn(*args, **kwargs) on a worker. fn: a function of a module that the workers have."""
        try:
            inner = self._executor.submit(fn, *args, **kwargs)
        except self._closed as error:
            raise self._lost() from error
        outer: Future[Any] = Future()
        outer.add_done_callback(lambda _: inner.cancel() if outer.cancelled() else None)
        inner.add_done_callback(lambda _: self._pass_on(inner, outer))
        return outer

    def _pass_on(self, inner: Future[Any], outer: Future[Any]) -> None:
        """Gives a future of Dask's what became of it, in words that do not hang on Dask."""
        if not outer.set_running_or_notify_cancel():
            return
        if inner.cancelled():  # not by us, so with all others, because the connection ended
            outer.set_exception(self._lost())
        elif isinstance(inner.exception(), self._killed):
            outer.set_exception(
                BrokenExecutor(
                    f"workers of {self._address} died again and again over one piece, most likely for want of memory"
                )
            )
        elif (error := inner.exception()) is not None:
            outer.set_exception(error)
        else:
            outer.set_result(inner.result())

    def _lost(self) -> BrokenExecutor:
        return BrokenExecutor(f"the connection to the scheduler at {self._address} was lost")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Takes no more work."""
        self._executor.shutdown(wait)


@contextmanager
def dask_executor(address: str, *, engine: str = ENGINES[0], progress: Progress = lambda *_: None) -> Iterator[Cluster]:
    """The workers of the scheduler at an address, as tcp://scheduler:8786, ready to work: all have the labelcast that
    this process has, and each machine has compiled its engine.

    progress: called with (machines that are ready, of how many): the first time one takes up to two minutes.
    Raises ScenarioRefused: Dask is not installed, nobody answers, there are no workers, or they have another labelcast.
    Raises WorkerLost: the connection, or whoever compiles, is lost before all are ready.
    """
    client = _client(address)
    try:
        with _told(address):
            _wait(client, address)
            _check(client, address)
            _warm(client, engine, progress)
        yield Cluster(client, address)
    finally:
        with _unheard():
            client.close()


@contextmanager
def _told(address: str) -> Iterator[None]:
    """Puts what Dask raises into words, where work has not begun."""
    from distributed import KilledWorker

    try:
        yield
    except (KilledWorker, CancelledError, OSError) as error:  # among them that time is up
        raise WorkerLost(
            f"The cluster at {address} was lost before it was ready: {str(error) or type(error).__name__}. Look into "
            "what its workers print, most likely they need more memory; then start it again."
        ) from error


@contextmanager
def _unheard() -> Iterator[None]:
    """Keeps Dask from printing a traceback when a connection is closed that it is trying to make again."""
    logger = logging.getLogger("distributed.client")
    logger.addFilter(_nothing)
    try:
        yield
    finally:
        logger.removeFilter(_nothing)


def _nothing(_: logging.LogRecord) -> bool:
    return False


def _client(address: str) -> Client:
    """A connection to the scheduler."""
    try:
        from distributed import Client, Security
        from distributed.comm.core import connect
        from distributed.utils import LoopRunner
    except ImportError as error:
        raise ScenarioRefused(
            f"--dask: needs Dask, but {error.name or error} cannot be imported. Install it here and on all workers: "
            'pip install "labelcast[cluster]".'
        ) from error

    async def call() -> None:
        secret = Security().get_connection_args("client")
        comm = await connect(address, timeout=ANSWER_S, **secret)
        await comm.close()

    try:
        LoopRunner(asynchronous=False).run_sync(call)  # a Client that finds nobody leaves its thread behind
    except (OSError, ValueError) as error:
        raise ScenarioRefused(
            f"--dask: must be the address of a scheduler of Dask, as in tcp://scheduler:8786, but at {address!r} none "
            f"answers within {ANSWER_S:g} s ({error}). Is it running? It prints its address: dask scheduler."
        ) from error
    return Client(address, timeout=ANSWER_S, set_as_default=False, name="labelcast")


def _wait(client: Client, address: str) -> None:
    """Waits for the first worker."""
    try:
        client.wait_for_workers(1, timeout=WORKERS_S)
    except TimeoutError as error:
        raise ScenarioRefused(
            f"--dask: the scheduler at {address} has had no worker for {WORKERS_S:g} s. Start some: dask worker "
            f"{address} --nworkers 8 --nthreads 1."
        ) from error


def _check(client: Client, address: str) -> None:
    """Refuses a scheduler, which unpacks what it passes on, and workers whose labelcast is another than ours, by its
    version and by the text of its simulator."""
    own = version("labelcast")
    found = _everywhere(client, version, "labelcast")  # nothing of ours is needed to run that
    _refuse(address, {where: what for where, what in found.items() if what != own}, own)
    code = _everywhere(client, sources)
    other = {where: f"{own}, but other code ({what})" for where, what in code.items() if what != sources()}
    _refuse(address, other, f"{own} ({sources()})")


def _everywhere(client: Client, what: Callable[..., str], *arguments: object) -> dict[str, object]:
    """What a function returns, or raises, on the scheduler and each worker, by their names."""
    found: dict[str, object] = {}
    try:
        found["the scheduler"] = client.run_on_scheduler(what, *arguments)
    except PackageNotFoundError as error:
        found["the scheduler"] = error
    return {**found, **client.run(what, *arguments, on_error="return")}


def _refuse(address: str, others: Mapping[str, object], own: str) -> None:
    """Tells what these have."""
    if not others:
        return
    kinds: dict[str, list[str]] = {}
    for worker, what in others.items():
        missing = isinstance(what, PackageNotFoundError)
        kinds.setdefault("no labelcast" if missing else f"labelcast {what}", []).append(worker)
    told = [
        f"{what} at {', '.join(workers[:SHOWN])}"
        + (f" and {len(workers) - SHOWN} more" if len(workers) > SHOWN else "")
        for what, workers in kinds.items()
    ]
    raise ScenarioRefused(
        f"--dask: the scheduler and all workers of {address} must have the labelcast that is here, {own}, but there is "
        f"{'; '.join(told)}. Install the same one there, with the same packages, and start them again."
    )


def _warm(client: Client, engine: str, progress: Progress) -> None:
    """Has the engine compiled once a machine, by one of its workers, as a task: so heartbeats go on meanwhile."""
    hosts = sorted({worker["host"] for worker in client.scheduler_info(n_workers=-1)["workers"].values()})
    progress(0, len(hosts))
    futures = [client.submit(prepare, engine, workers=[host], pure=False) for host in hosts]
    for done, future in enumerate(futures, 1):
        future.result(COMPILE_S)
        progress(done, len(hosts))
