"""How many labels an item gets, and how many units a page holds: medians with intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from .fit import Parameter


def redundancy(judgements: pd.DataFrame, stage: str) -> Parameter:
    """Labels an item. judgements: of Cleaned."""
    counted = judgements[judgements["counts"]]
    work = counted[~counted["golden"]] if not counted["golden"].all() else counted
    sizes = np.sort(work.groupby("item").size().to_numpy())
    low, high = (sizes[int(stats.binom.ppf(p, len(sizes) - 1, 0.5))] for p in (0.025, 0.975))
    what = "items" if len(work) == len(counted) else "items that are no test question"
    return Parameter(
        f"stages.{stage}.labels_per_item",
        max(1, int(np.median(sizes))),
        float(low),
        float(high),
        len(sizes),
        f"median judgements of {what}; order-statistics interval",
        "labels",
    )


def page_units(pages: pd.DataFrame, stage: str) -> list[Parameter]:
    """Units that share a page, where any do; for the reader, not for the scenario block: a page's time is divided by
    its units already, so that a scenario's tasks are units, and a `batch` there would hold them together besides.

    pages: of Cleaned. The interval counts as many pages as there are workers, since one worker's are alike.
    """
    units = np.sort(pages["units"].to_numpy())
    if units[-1] == 1:
        return []
    workers = pages["worker"].nunique()
    low: float | None = None
    high: float | None = None
    if workers > 1:
        shares = (float(stats.binom.ppf(p, workers, 0.5)) / workers for p in (0.025, 0.975))
        low, high = (float(np.quantile(units, one, method="inverted_cdf")) for one in shares)
    method = "median units that share worker, start and submit; order-statistics interval, workers as cases"
    return [Parameter(f"stages.{stage}.page.units", float(np.median(units)), low, high, len(units), method, "units")]
