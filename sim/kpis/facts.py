"""What the rooms of KPIs share."""

from __future__ import annotations

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
WEEK_MS = 7 * DAY_MS

NAN = float("nan")

Found = dict[str, float]
"""KPIs by name."""


def over(part: float, whole: float) -> float:
    """part / whole, NaN where there is no whole."""
    return part / whole if whole else NAN
