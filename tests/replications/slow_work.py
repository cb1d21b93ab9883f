"""A script whose processes work for a minute: what test_processes.py interrupts. Prints their numbers as they start."""

from __future__ import annotations

import os
import signal
import sys
import time

from labelcast.sim.processes import in_order


def work(path: str, number: int) -> int:
    """Writes the process's number down, then sleeps."""
    with open(path, "a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(60)
    return number


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background starts with Ctrl-C ignored
    try:
        list(in_order(work, sys.argv[1], 8, 2))
    except KeyboardInterrupt:
        sys.exit(130)
