"""A script whose processes start slowly and work for a minute: what test_processes.py interrupts.

Arguments: two files, in which each process notes its number when it begins to import this module, and when it works.
"""

from __future__ import annotations

import os
import signal
import sys
import time

from labelcast.sim.processes import in_order


def note(path: str) -> None:
    """Writes this process's number down."""
    with open(path, "a") as file:
        file.write(f"{os.getpid()}\n")


if __name__ == "__mp_main__":
    note(sys.argv[1])
    time.sleep(0.5)


def work(path: str, number: int) -> int:
    """Notes the process, then sleeps."""
    note(path)
    time.sleep(60)
    return number


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background starts with Ctrl-C ignored
    try:
        list(in_order(work, sys.argv[2], 8, 2))
    except KeyboardInterrupt:
        sys.exit(130)
