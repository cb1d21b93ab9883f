"""How much work is in progress and how old it is, over the time of a run."""

from __future__ import annotations

import numpy as np

from ..tally import Tally
from ..tally.bins import Floats, middle
from .facts import HOUR_MS, NAN, Found


def of_ages(tally: Tally) -> Found:
    """Mean age of the items in progress, and its 95th percentile, over all moments of the run and all items that were
    in progress then; the most of them at a whole hour from the start."""
    places = np.flatnonzero(tally.sums.ages)
    until = middle(places)
    items = tally.sums.ages[places].astype(np.float64)
    spent = float((items * until).sum())
    if not spent > 0.0:
        return {"wip_age_h": NAN, "wip_age_h_p95": NAN, "wip_max": NAN}
    mean = float((items * until**2).sum()) / (2.0 * spent)
    most = float(np.cumsum(tally.sums.progress).max())
    old = _percentile(until, items, 0.95)
    return {"wip_age_h": mean / HOUR_MS, "wip_age_h_p95": old / HOUR_MS, "wip_max": most}


def _percentile(until: Floats, items: Floats, share: float) -> float:
    """The age up to which so large a share of all time in progress was spent.

    until: rising; items[k] of them were in progress from age 0 to until[k], those below zero were not. The time spent
    up to an age x is the sum of items[k] min(until[k], x): straight between the ages in `until`.
    """
    younger = np.concatenate([[0.0], np.cumsum(items * until)[:-1]])
    older = items.sum() - np.concatenate([[0.0], np.cumsum(items)[:-1]])
    wanted = share * float((items * until).sum())
    k = int(np.searchsorted(younger + older * until, wanted))
    return float((wanted - younger[k]) / older[k])
