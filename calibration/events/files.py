"""Event logs by what their files' names end in."""

from __future__ import annotations

from pathlib import Path

from ...sim.log import Log
from .ocel import read_ocel, write_ocel
from .xes import read_xes, write_xes

ENDINGS = (".xes", ".jsonocel", ".json")
"""XES; the others are OCEL 2.0."""


def write_events(path: Path, log: Log) -> None:
    """Writes a log as its file's name says."""
    (write_xes if path.suffix.lower() == ".xes" else write_ocel)(path, log)


def read_events(path: Path) -> Log:
    """The log that `write_events` wrote. Raises DataRefused."""
    return (read_xes if path.suffix.lower() == ".xes" else read_ocel)(path)
