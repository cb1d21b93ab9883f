"""The reference engine: a SimPy model of the line, written to be understood; the specification of the kernel."""

from .engine import ends, run

__all__ = ["ends", "run"]
