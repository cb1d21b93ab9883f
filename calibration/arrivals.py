"""How items came in: releases, and items a week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from . import rhythm
from .fit import Parameter

TOGETHER_MS = 60_000
"""Items posted within a minute of the one before belong to one release."""

WEEK_MS = 7 * 86_400_000


@dataclass(frozen=True, eq=False)
class Posting:
    """item (text), arrived_ms (int64 since 1970): when it was posted, or first started.

    recorded: which of the two.  parameters, notes: the rate of arrivals, where the log tells it."""

    items: pd.DataFrame
    recorded: bool
    parameters: tuple[Parameter, ...]
    notes: tuple[str, ...]


def fit_arrivals(judgements: pd.DataFrame, segment: str, timezone: str = "UTC") -> Posting:
    """When items arrived, and their rate with an interval that respects that they came in releases; where postings are
    recorded, releases, growth and hours too (see rhythm.py)."""
    recorded = bool(judgements["posted_at"].notna().all())
    posted = judgements["posted_at"].astype("datetime64[ms]").astype("int64").where(judgements["posted_at"].notna())
    begin = judgements["begin_ms"]
    # A post stamped after the first start is a clock's fault; the item was there when it was started.
    when = posted.where(posted.notna(), begin).clip(upper=begin).astype("int64")
    items = pd.DataFrame({"item": judgements["item"], "arrived_ms": when}).groupby("item", as_index=False).min()
    items = items.sort_values(["arrived_ms", "item"], ignore_index=True)
    stamps = items["arrived_ms"].to_numpy()
    release = np.concatenate([[0], np.cumsum(np.diff(stamps) > TOGETHER_MS)])
    sizes = np.bincount(release).astype(np.float64)
    what = "posted" if recorded else "first started"
    span = float(stamps[-1] - stamps[0]) / WEEK_MS
    notes = []
    if not recorded:
        notes.append("When items were posted is not in the export; an item counts as arrived when it is first started.")
    if len(sizes) < 3 or span <= 0:
        notes.append(f"{len(items)} items came in {len(sizes)} release(s): too few to give a rate of arrivals.")
        return Posting(items, recorded, (), tuple(notes))
    # The first release opens the span, so it is no event of it.
    later = sizes[1:]
    rate = float(later.sum()) / span
    effective = float(later.sum() ** 2 / (later**2).sum())  # as many Poisson events as vary alike
    low = rate * float(stats.chi2.ppf(0.025, 2 * effective)) / (2 * effective)
    high = rate * float(stats.chi2.ppf(0.975, 2 * (effective + 1))) / (2 * effective)
    method = (
        f"items {what} in {len(sizes)} releases over {span * 7:.1f} days; compound Poisson interval. "
        "Not in the scenario block: the work ahead is the planner's to say"
    )
    fitted = Parameter(f"work.{segment}.arrivals.rate", rate, low, high, len(items), method, "items/week")
    found = [fitted]
    if recorded:
        more = rhythm.growth(stamps, segment)
        found += rhythm.releases(stamps, release, segment)
        found += [more] if more is not None else []
        found += rhythm.shape(stamps, len(sizes), timezone, segment)
    return Posting(items, recorded, tuple(found), tuple(notes))


def per_day(items: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """day (local date, text), items; days without any are left out."""
    local = pd.to_datetime(items["arrived_ms"], unit="ms", utc=True).dt.tz_convert(timezone)
    counts = local.dt.strftime("%Y-%m-%d").value_counts().sort_index()
    return counts.rename_axis("day").reset_index(name="items")
