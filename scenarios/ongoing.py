"""Whether work ever ends: a project that is delivered, or a stream that goes on until the horizon."""

from __future__ import annotations

import numpy as np

from ..sim.line import Line
from ..sim.replicate import Runs


def goes_on(line: Line) -> bool:
    """Whether items arrive until the horizon, so that some are always under way and no date is the end."""
    arrivals = (segment.arrivals for segment in line.segments if segment.arrivals is not None)
    return any(one.items is None and (one.until_s is None or one.until_s >= line.horizon_s) for one in arrivals)


def never(runs: Runs) -> int:
    """In how many runs of a project not everything was delivered by the horizon; none of a stream's."""
    if goes_on(runs.line) or "finish_days" not in runs.kpis.columns:
        return 0
    return int(np.isinf(runs.kpis["finish_days"]).sum())
