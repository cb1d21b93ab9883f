"""A script that runs clusters of Dask on this machine until its input ends, and prints their addresses.

Arguments: how many workers the first one has; without more there is but that. Then a folder: a second cluster has one
worker, that looks for packages in that folder first.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from subprocess import Popen
from typing import Any

from distributed import Client, LocalCluster


def cluster(workers: int, **more: Any) -> LocalCluster:
    """A scheduler on loopback and processes, with no page to look at."""
    return LocalCluster(
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, memory_limit=0, **more
    )


@contextmanager
def worker(address: str, folder: str) -> Iterator[None]:
    """A worker that looks for packages in a folder first, when it has come to its scheduler."""
    path = os.pathsep.join([folder, os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--no-dashboard"]
    with Popen(command, env={**os.environ, "PYTHONPATH": path}) as process:
        with Client(address) as client:
            client.wait_for_workers(1, 30)
        yield
        process.kill()


if __name__ == "__main__":
    with ExitStack() as stack:
        made = [stack.enter_context(cluster(int(sys.argv[1])))]
        if len(sys.argv) > 2:
            made.append(stack.enter_context(cluster(0)))
            stack.enter_context(worker(made[-1].scheduler_address, sys.argv[2]))
        print(*(one.scheduler_address for one in made), flush=True)
        sys.stdin.read()
