"""The kernel: the reference engine's twin in machine code. The same plan and seed give the same log, row for row.

A room of the reference has its twin of the same name here; where the two differ, in how and never in what, the kernel's
room says so. What both engines draw, look up and reckon with is one code (sim/draws.py, labels.py, service.py ..).
stream.py runs without a log.
"""

from .run import ends, run

__all__ = ["ends", "run"]
