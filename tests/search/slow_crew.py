"""A script whose crew works for minutes: what test_crew.py interrupts. It prints a line when processes are at it."""

from __future__ import annotations

import signal
import sys
import threading

from searched import KPIS, line

from labelcast.sim.crew import Crew

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background starts with Ctrl-C ignored
    try:
        with Crew(2, engine="reference") as crew:
            crew.values(line(), 1, range(8), KPIS)
            threading.Timer(0.3, print, ["at work"], {"flush": True}).start()
            crew.values(line(items=1_000_000), 1, range(8), KPIS)
    except KeyboardInterrupt:
        sys.exit(130)
