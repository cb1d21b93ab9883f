"""Staff or a crowd: which of the two the workers of a log are."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from ..sim.errors import ScenarioRefused

People = Literal["staff", "crowd"]

MANY = 20
"""Workers from which on they may be a crowd."""

LITTLE_H = 2.0
"""Hours a week below which the middle one of them is no member of a staff."""

WEEK_MS = 7 * 86_400_000


def people_of(sessions: pd.DataFrame, asked: str = "auto") -> People:
    """`asked`, or what the sessions of a log (of Availability) show: a crowd is many people who are there for little.

    Raises ScenarioRefused when neither is asked for."""
    if asked not in ("auto", "staff", "crowd"):
        raise ScenarioRefused(f"--people: must be auto, staff or crowd, but got {asked!r}.")
    if asked != "auto":
        return "staff" if asked == "staff" else "crowd"
    weeks = max(1.0, float(sessions["to_ms"].max() - sessions["from_ms"].min()) / WEEK_MS)
    hours = (sessions["to_ms"] - sessions["from_ms"]).groupby(sessions["worker"]).sum() / 3_600_000
    crowd = len(hours) >= MANY and float(hours.median()) / weeks < LITTLE_H
    return "crowd" if crowd else "staff"
