"""When the labels for each training window are there."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..line import Window
from ..tables import NULL
from .facts import DAY_MS, Found


def of_windows(windows: Sequence[Window], ready_at: Sequence[int]) -> Found:
    """For each window, the day on which its number of items was delivered, and how long before its date that was.

    ready_at: of each window, in milliseconds, NULL for never.
    """
    found = {}
    for window, at in zip(windows, ready_at, strict=True):
        day = math.inf if at == NULL else at / DAY_MS
        found[f"ready_days.{window.name}"] = day
        found[f"slack_days.{window.name}"] = window.at_s * 1000 / DAY_MS - day
    return found
