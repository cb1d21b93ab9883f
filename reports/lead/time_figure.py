"""What the people of each pool do all the time, as bars: busy, idle, training, absent with pay, off shift."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .. import numbers, style
from ..reading import Reading
from .split_bars import Look, Split, draw_splits

if TYPE_CHECKING:
    from ..drawing import Drawing

USES = {"busy": "busy_h", "idle": "idle_h", "training": "training_h", "absent, paid": "absent_h", "off shift": "off_h"}
"""KPI by pool of each use of time; where a pool has all of them they sum to headcount times the length of the run."""

LOOKS = {
    "busy": Look(0),
    "idle": Look(1, "////"),
    "training": Look(2),
    "absent, paid": Look(3, "\\\\\\\\"),
    "off shift": Look(5, " "),
}


def time_splits(reading: Reading) -> list[Split]:
    """Of each pool the mean hours of its people, by what they did; a crowd has no time off shift."""
    found = []
    for pool in reading.line.pools:
        sizes = []
        for name, kpi in USES.items():
            one = reading.kpi(f"{kpi}.{pool.name}")
            known = one is not None and math.isfinite(one.mean)
            sizes.append((name, one.mean if one is not None and known else 0.0))
        used = reading.kpi(f"utilisation.{pool.name}")
        told = "utilisation not computed"
        if used is not None and math.isfinite(used.mean):
            told = f"utilisation {numbers.mean_half_width(used.mean, used.low, used.high, numbers.SHARE)}"
        if any(size > 0 for _, size in sizes):
            found.append(Split(pool.name, told, tuple(sizes)))
    return found


def hours_of(reading: Reading, pool: str) -> dict[str, str]:
    """Hours by KPI as the picture prints them, so that a table says the same; of those that are known."""
    found = next((row for row in time_splits(reading) if row.title == pool), None)
    if found is None:
        return {}
    texts = zip(USES.values(), found.sizes, strict=True)
    return {kpi: text for kpi, text in texts if (one := reading.kpi(f"{kpi}.{pool}")) and math.isfinite(one.mean)}


def draw_time_use(reading: Reading, width: int = style.WIDE) -> Drawing:
    """A bar for each pool, in hours of all its people."""
    return draw_splits("time-use", time_splits(reading), LOOKS, "hours of all people of a pool", width)


def time_use_words(reading: Reading) -> str:
    """What the picture shows, read aloud in its place."""
    told = [f"{style.name(row.title)}: {row.told}; {row.words}" for row in time_splits(reading)]
    return f"Hours of each pool's people, by what they do. {'. '.join(told)}."
