"""When the labels for each training window are there."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..line import Window
from .facts import DAY_MS, Facts, Found


def of_windows(facts: Facts, windows: Sequence[Window]) -> Found:
    """For each window, the day on which its number of items was delivered, and how long before its date that was."""
    found = {}
    for window in windows:
        which = facts.delivered
        if window.segment is not None:
            code = facts.segments.index(window.segment) if window.segment in facts.segments else -1
            which = which & (facts.segment == code)
        at = facts.delivered_at[which]
        day = math.inf
        if window.items <= len(at):
            day = float(np.partition(at, window.items - 1)[window.items - 1]) / DAY_MS if window.items > 0 else 0.0
        found[f"ready_days.{window.name}"] = day
        found[f"slack_days.{window.name}"] = window.at_s * 1000 / DAY_MS - day
    return found
