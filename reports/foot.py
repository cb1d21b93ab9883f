"""What a page ends with: what it rests on, value by value, and how its numbers are made again."""

from __future__ import annotations

from collections.abc import Sequence

from ..sim.line import digest
from . import cells, numbers
from .reading import Reading


def rests_on(readings: Sequence[Reading]) -> dict[str, object]:
    """What the foot of a page tells: assumptions by path, and how to make the numbers again."""
    return {
        "assumptions": cells.stated(readings),
        "assumed": [reading.name for reading in readings],
        "tally": cells.tally(readings),
        "provenance": [_provenance(reading) for reading in readings],
    }


def level(reading: Reading) -> str:
    """The level of a run's intervals: 95%."""
    return f"{numbers.significant(100 * reading.runs.level)}%"


def _provenance(reading: Reading) -> dict[str, str]:
    return {
        "name": reading.name,
        "seed": str(reading.runs.seed),
        "replications": numbers.plain(reading.replications),
        "level": level(reading),
        "engine": reading.runs.engine,
        "digest": digest(reading.line),
    }
