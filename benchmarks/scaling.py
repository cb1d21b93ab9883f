"""What a search's crew costs, and how it scales: in this process, in a pool of its own, and through Dask here.

    python benchmarks/scaling.py           prints two tables, in about two minutes; docs/scale.md has such a run
    python benchmarks/scaling.py --json    prints the figures

Of Dask, the scheduler and each of two workers are processes of their own, as on a cluster, talking over loopback. What
is given out are pieces of a real line. CPU seconds are of all threads, and hardly hang on what else the machine does;
wall seconds do.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager
from typing import Any

import psutil
from page import machine

from labelcast.cluster import dask_executor
from labelcast.sim.crew import Crew
from labelcast.sim.engines import ENGINES, prepare
from labelcast.sim.line import Line
from labelcast.sim.piece import pack, task
from labelcast.sim.pool import Pool
from labelcast.sim.replicate import replicate

WORKERS = 2
KPIS = ("finish_days", "cost")
TARGETS = (0.0, 0.010, 0.100)
"""CPU seconds of work in a piece; a piece without a replication shows what giving it out costs."""

EMPTY = 1_000
"""Pieces of the first kind in a round."""

LINES, REPLICATIONS = 15, 20
"""What a search asks for in the second table."""

Submit = Callable[..., "Future[Any]"]


def line(servers: int = 3) -> Line:
    """A queue of a few items, whose replication is short."""
    sys.path.insert(0, "tests")
    from lines import exponential, queue

    return queue(servers, 5_000.0, 200, exponential(100.0), horizon_s=28 * 86_400.0)


class Here:
    """Does each piece when it is given."""

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(work(*arguments))
        return future


@contextmanager
def dask() -> Iterator[tuple[str, dict[str, psutil.Process]]]:
    """The address of a scheduler with WORKERS workers, and all its processes."""
    start = [sys.executable, "-m"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    address = "tcp://127.0.0.1:18786"
    scheduler = [*start, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "18786", "--no-dashboard"]
    worker = [*start, "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    with ExitStack() as stack:
        commands = {"scheduler": scheduler, **{f"worker {number}": worker for number in range(WORKERS)}}
        made = {name: stack.enter_context(subprocess.Popen(command, **quiet)) for name, command in commands.items()}
        try:
            yield address, {name: psutil.Process(process.pid) for name, process in made.items()}
        finally:
            for process in made.values():
                process.kill()  # a worker that is asked to end first looks for its scheduler


def cpu(process: psutil.Process) -> float:
    told = process.cpu_times()
    return float(told.user + told.system)


def done(submit: Submit, packed: bytes, pieces: int, size: int) -> float:
    """Wall seconds for so many pieces of so many replications each."""
    begun = time.perf_counter()
    first = range(0, pieces * max(size, 1), max(size, 1))
    for future in [submit(task, packed, 1, ENGINES[0], number, number + size, KPIS) for number in first]:
        future.result()
    return time.perf_counter() - begun


def measured(
    submit: Submit, packed: bytes, pieces: int, size: int, processes: dict[str, psutil.Process]
) -> dict[str, float]:
    """Pieces a wall second, and the CPU milliseconds of one in each process."""
    before = {name: cpu(process) for name, process in processes.items()}
    took = done(submit, packed, pieces, size)
    spent = {name: (cpu(process) - before[name]) / pieces * 1000 for name, process in processes.items()}
    return {"pieces_s": pieces / took, **spent}


def asked(crew: Crew, replications: int) -> float:
    """Wall seconds of LINES different lines, one after another."""
    begun = time.perf_counter()
    for servers in range(3, 3 + LINES):
        crew.values(line(servers), 1, range(replications), KPIS)
    return time.perf_counter() - begun


def figures(seconds: float, rounds: int) -> dict[str, Any]:
    """All that is measured. seconds: of work in a round."""
    prepare(ENGINES[0])
    packed = pack(line())
    done(Here().submit, packed, 1, 1)
    begun = time.process_time()
    done(Here().submit, packed, 1, 100)
    each = (time.process_time() - begun) / 100
    found: dict[str, Any] = {"machine": machine(("distributed", "numba", "numpy")), "replication_ms": each * 1000}
    with ExitStack() as stack:
        address, processes = stack.enter_context(dask())
        cluster = stack.enter_context(dask_executor(address))
        pool = Pool(WORKERS)
        stack.callback(pool.end)
        done(pool.submit, packed, 20, 1)
        done(cluster.submit, packed, 20, 1)
        driver = {"driver": psutil.Process()}
        pooled = {f"worker {at}": child for at, child in enumerate(_spawned())}
        ways: dict[str, tuple[Submit, dict[str, psutil.Process]]] = {
            "here": (Here().submit, driver),
            "pool": (pool.submit, driver | pooled),
            "dask": (cluster.submit, driver | processes),
        }
        for target in TARGETS:
            size = round(target / each)
            pieces = round(seconds / target) if target else EMPTY
            rows: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
            for _ in range(rounds):
                for name, (submit, at_work) in ways.items():
                    rows[name].append(measured(submit, packed, pieces, size, at_work))
            found[f"{target * 1000:.0f} ms"] = {"replications": size, **rows}
        found["search"] = search(cluster)
    return found


def search(cluster: Executor) -> dict[str, float]:
    """Milliseconds a line of a search's, in each crew, and in processes that are started anew for each."""
    found: dict[str, float] = {}
    made = {"here": Crew(1), "pool": Crew(WORKERS), "dask": Crew(WORKERS, cluster)}
    for name, crew in made.items():
        with crew:
            crew.values(line(), 1, range(4 * WORKERS), KPIS)  # starts them, and tells how long a replication takes
            found[name] = statistics.median(asked(crew, REPLICATIONS) / LINES * 1000 for _ in range(3))
    begun = time.perf_counter()
    replicate(line(), REPLICATIONS, 1, WORKERS)
    return {**found, "anew": (time.perf_counter() - begun) * 1000}


def _spawned() -> list[psutil.Process]:
    """The processes of a pool of ours."""
    return [child for child in psutil.Process(os.getpid()).children() if "--multiprocessing-fork" in child.cmdline()]


def show(found: dict[str, Any]) -> str:
    """The figures as Markdown: medians over the rounds."""
    told = [found["machine"], f"One replication: {found['replication_ms']:.1f} ms of CPU.", ""]
    told += [
        "| a piece of | where | pieces/s (wall) | CPU ms: driver | scheduler | workers |",
        "|---|---|---|---|---|---|",
    ]
    for name in (f"{target * 1000:.0f} ms" for target in TARGETS):
        for way in ("here", "pool", "dask"):
            rows = found[name][way]
            speeds = sorted(row["pieces_s"] for row in rows)
            cells = [f"{statistics.median(speeds):.0f} ({speeds[0]:.0f} to {speeds[-1]:.0f})"]
            for part in ("driver", "scheduler", "worker"):
                spent = [sum(value for key, value in row.items() if key.startswith(part)) for row in rows]
                cells.append(f"{statistics.median(spent):.2f}" if any(key.startswith(part) for key in rows[0]) else "-")
            told.append(f"| {name}, {found[name]['replications']} replications | {way} | {' | '.join(cells)} |")
    head = f"| {REPLICATIONS} replications of a line, wall ms | here | pool | dask | processes anew |"
    told += ["", head, "|---|---|---|---|---|"]
    told.append("| | " + " | ".join(f"{found['search'][way]:.0f}" for way in ("here", "pool", "dask", "anew")) + " |")
    return "\n".join(told)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--json", action="store_true", help="print the figures as JSON")
    words.add_argument("--seconds", type=float, default=4.0, help="of work in a round")
    words.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    told = words.parse_args()
    found = figures(told.seconds, told.rounds)
    print(json.dumps(found, indent=1) if told.json else show(found))


if __name__ == "__main__":
    main()
