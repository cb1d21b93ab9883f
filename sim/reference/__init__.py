"""The reference engine: a SimPy model of the line, written to be understood; the specification of the kernel."""

from .engine import run

__all__ = ["run"]
