"""The most memory that a process held. Needs only Python, so that rivals in environments of their own can ask it."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def peak_mb() -> float:
    """Most memory that this process held so far, in megabytes (10^6 bytes).

    Linux counts into ru_maxrss what the parent held when it started this process; VmHWM is this program's own.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
