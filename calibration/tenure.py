"""How people of a staff leave, and how often they miss a day on which they usually work."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from .fit import Parameter
from .stages.rates import rate

Ints = npt.NDArray[np.int64]

LEAST_DAYS = 56
"""Length of a log, in days, from which on leaving is told: two months."""

LEAST_WEEKS = 6
"""Weeks that somebody must be there for the usual weekdays to be known."""

AWAY_DAYS = 28
"""Days after which who has not been seen is taken to have left, if that is also three times their longest pause."""

USUAL = 0.5
"""Share of the weeks in which somebody must work on a weekday for that to be a day of work."""

FEWEST = 3
"""People from whom on days off are told, with their differences."""


def fit_tenure(sessions: pd.DataFrame, pool: str, timezone: str) -> list[Parameter]:
    """Turnover and absence of a staff, where the log is long enough; for the reader, not for the scenario block, since
    the slots on shift of a profile are already those that were there.

    sessions: worker, from_ms (of Availability).
    """
    local = pd.to_datetime(sessions["from_ms"], unit="ms", utc=True).dt.tz_convert(timezone).dt.tz_localize(None)
    day = (local.dt.normalize() - pd.Timestamp(1970, 1, 5)).dt.days  # a Monday, so that day % 7 is the weekday
    seen = pd.DataFrame({"worker": sessions["worker"], "day": day.astype("int64")}).drop_duplicates()
    days = {str(name): np.sort(one.to_numpy()) for name, one in seen.groupby("worker")["day"]}
    first, last = int(seen["day"].min()), int(seen["day"].max())
    if last - first + 1 < LEAST_DAYS:
        return []
    found = [_leaving(days, last, pool), _absence(days, set(seen["day"]), last, pool)]
    return [one for one in found if one is not None]


def _left(days: Ints, last: int) -> bool:
    """Whether somebody seen on `days` has gone for good by the day `last`."""
    longest = int(np.diff(days).max()) if len(days) > 1 else 1
    return last - int(days[-1]) > max(AWAY_DAYS, 3 * longest)


def _leaving(days: dict[str, Ints], last: int, pool: str) -> Parameter | None:
    """People who leave in a year, by those who are there: events by exposure, with an exact Poisson interval.

    Whoever was last seen within AWAY_DAYS of the end may have left unseen, so nobody counts beyond that day.
    Source: Garwood, Biometrika 28 (1936).
    """
    end = last - AWAY_DAYS
    gone, exposed = 0, 0
    for one in days.values():
        left = _left(one, last)
        gone += left
        exposed += max(0, (int(one[-1]) if left else end) - int(one[0]) + 1)
    if not exposed:
        return None
    low = float(stats.chi2.ppf(0.025, 2 * gone)) / 2 if gone else 0.0
    high = float(stats.chi2.ppf(0.975, 2 * gone + 2)) / 2
    yearly, lowest, highest = (365.25 * one / exposed for one in (float(gone), low, high))
    method = (
        f"{gone} of {len(days)} people not seen again for {AWAY_DAYS} days and three times their longest pause; exact "
        "Poisson interval. Not in the scenario block: its slots on shift are those that were there"
    )
    return Parameter(f"pools.{pool}.turnover.leaving", yearly, lowest, highest, len(days), method, "a year")


def _absence(days: dict[str, Ints], worked: set[int], last: int, pool: str) -> Parameter | None:
    """Share of the usual days of work that people miss, of days on which anybody worked; Wilson interval, people as
    clusters."""
    hits, who = [], []
    for number, one in enumerate(days.values()):
        span = np.arange(int(one[0]), int(one[-1]) + 1 if _left(one, last) else last + 1)
        if len(span) < 7 * LEAST_WEEKS:
            continue
        there = np.isin(span, one)
        share = np.bincount(span % 7, there, 7) / np.maximum(np.bincount(span % 7, minlength=7), 1)
        mine = (share[span % 7] >= USUAL) & np.isin(span, sorted(worked))
        hits.append(~there[mine])
        who.append(np.full(int(mine.sum()), number, np.int64))
    if len(hits) < FEWEST or not sum(map(len, hits)):
        return None
    found = rate(np.concatenate(hits), (np.concatenate(who),))
    method = (
        f"share of {found.n} usual days of work that {len(hits)} people missed while others worked; Wilson interval on "
        "as many independent days as vary alike over people. Not in the scenario block: its slots on shift are those "
        "that were there"
    )
    path = f"pools.{pool}.absence.share"
    return Parameter(path, found.value, found.low, found.high, len(hits), method, "share")
