"""What tasks wait for at each stage, as bars: the parts of a wait, which sum to it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...sim.waits import PARTS
from .. import numbers, style, words
from ..reading import Reading
from .split_bars import Look, Split, draw_splits

if TYPE_CHECKING:
    from ..drawing import Drawing

LOOKS = {
    "contention": Look(0),
    "off shift": Look(5, "////"),
    "batching": Look(2),
    "consensus": Look(1),
    "hand-off": Look(3, "\\\\\\\\"),
}
"""As the page's own bars of waits."""

NAMES = dict(zip(PARTS, ("contention", "off shift", "batching", "consensus", "hand-off"), strict=True))


def wait_splits(reading: Reading) -> list[Split]:
    """Of each stage the mean hours that its tasks wait, by reason; stages whose wait is not known are left out."""
    found = []
    for stage in reading.stages:
        whole, parts = reading.kpi(f"wait_h.{stage}"), [reading.kpi(f"wait_h.{stage}.{part}") for part in PARTS]
        if whole is None or not math.isfinite(whole.mean):
            continue
        sizes = ((NAMES[part], 0.0 if one is None else one.mean) for part, one in zip(PARTS, parts, strict=True))
        found.append(Split(stage, numbers.mean_half_width(whole.mean, whole.low, whole.high, "h"), tuple(sizes)))
    return found


def draw_wait_parts(reading: Reading, width: int = style.WIDE) -> Drawing:
    """A bar for each stage, in hours."""
    return draw_splits("wait-parts", wait_splits(reading), LOOKS, "mean wait of a task, h", width)


def wait_parts_words(reading: Reading) -> str:
    """What the picture shows, read aloud in its place."""
    told = [f"{style.name(row.title)}: {row.told}, of which {row.words}" for row in wait_splits(reading)]
    why = "; ".join(f"{NAMES[part]}: {words.WAITS[part]}" for part in PARTS)
    return f"Hours that a task waits at each stage, by reason. {'; '.join(told)}. {why[0].upper()}{why[1:]}."
