"""A script that runs clusters of Dask on this machine until its input ends, and prints their addresses.

Arguments: how many workers the first one has; without more there is but that. Then a folder: a second cluster has no
worker, and a third one worker that looks for packages in that folder first.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from typing import Any

from distributed import LocalCluster


def cluster(workers: int, **more: Any) -> LocalCluster:
    """A scheduler on loopback and processes, with no page to look at."""
    return LocalCluster(
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, memory_limit=0, **more
    )


if __name__ == "__main__":
    with ExitStack() as stack:
        made = [stack.enter_context(cluster(int(sys.argv[1])))]
        if len(sys.argv) > 2:
            path = os.pathsep.join([sys.argv[2], os.environ.get("PYTHONPATH", "")])
            made += [stack.enter_context(cluster(0)), stack.enter_context(cluster(1, env={"PYTHONPATH": path}))]
        print(*(one.scheduler_address for one in made), flush=True)
        sys.stdin.read()
