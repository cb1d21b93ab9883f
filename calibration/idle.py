"""Pages that were left open: by a cut-off at so many robust standard deviations, or as one part of a mixture."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

IDLE_S = 8 * 3600.0
"""A page open longer than this was left open: nobody labels one page for more than a working day."""

IDLE_SD = 3.5
"""Robust standard deviations of log duration beyond which a page is taken as left open. Of lognormal service times
this cuts 1 in 4,000, so that the fit is hardly biased."""

IDLE_TIMES = 5.0
"""A page is never called idle within so many times the usual: a worker's first pages take up to 3.4 times the later."""

OWN_MEDIAN = 10
"""Pages from which on a worker is measured against their own median; below it, against everyone's."""


def cut_off(pages: pd.DataFrame) -> tuple[float, Mask]:
    """(cut in seconds a unit for an average worker, whether each page is idle)."""
    distance, own, everyone = distances(pages)
    whole = _whole(pages)
    if everyone is None:
        return IDLE_S, whole > IDLE_S
    within, across = _scatter(pages, distance, own, everyone)
    sd = np.where(own, within or across, across)
    late = distance > np.maximum(IDLE_SD * sd, math.log(IDLE_TIMES))
    cut = math.exp(everyone + max(IDLE_SD * (within or across), math.log(IDLE_TIMES)))
    return min(cut, IDLE_S), late | (whole > IDLE_S)


def mixture(pages: pd.DataFrame) -> Mask:
    """Whether each page is idle by a mixture of work and idling, of log time less the worker's usual.

    Work is normal about zero, idling normal about something beyond IDLE_TIMES; both by expectation-maximisation. A page
    is idle where that is likelier than not, and beyond IDLE_TIMES.
    """
    distance, own, everyone = distances(pages)
    whole = _whole(pages)
    if everyone is None:
        return np.asarray(whole > IDLE_S)
    x = distance[np.isfinite(distance)]
    within, across = _scatter(pages, distance, own, everyone)
    share, sd, place, wide = 0.02, max(within or across, 0.05), math.log(2 * IDLE_TIMES), 0.7
    for _ in range(100):
        idle = _odds(x, share, sd, place, wide)
        weight = idle.sum()
        if weight < 1e-6:
            break
        share = float(np.clip(weight / len(x), 1e-6, 0.5))
        sd = max(math.sqrt(float(((1 - idle) * x * x).sum() / (1 - idle).sum())), 0.05)
        place = max(float((idle * x).sum() / weight), math.log(IDLE_TIMES))
        wide = max(math.sqrt(float((idle * (x - place) ** 2).sum() / weight)), 0.3)
    late = np.zeros(len(pages), bool)
    known = np.isfinite(distance)
    late[known] = (_odds(x, share, sd, place, wide) > 0.5) & (x > math.log(IDLE_TIMES))
    return np.asarray(late | (whole > IDLE_S))


def _odds(x: Floats, share: float, sd: float, place: float, wide: float) -> Floats:
    """Chance of idling at each log time."""
    work = math.log1p(-share) - 0.5 * (x / sd) ** 2 - math.log(sd)
    idle = math.log(share) - 0.5 * ((x - place) / wide) ** 2 - math.log(wide)
    return np.asarray(special.expit(idle - work))


def distances(pages: pd.DataFrame) -> tuple[Floats, Mask, float | None]:
    """(log time less the worker's median, NaN where there is no usable time; whether the median is the worker's own;
    log of everyone's median, None where no page has a time)."""
    seconds = pages["seconds"].to_numpy(np.float64)
    positive = (seconds > 0) & (_whole(pages) <= IDLE_S)
    if not positive.any():
        return np.full(len(seconds), np.nan), np.zeros(len(seconds), bool), None
    log = np.full(len(seconds), np.nan)
    log[positive] = np.log(seconds[positive])
    everyone = float(np.nanmedian(log))
    series = pd.Series(log)
    by_worker = series.groupby(pages["worker"].to_numpy())
    own = (by_worker.transform("count") >= OWN_MEDIAN).to_numpy()
    centre = np.where(own, by_worker.transform("median").to_numpy(), everyone)
    return log - centre, own, everyone


def _whole(pages: pd.DataFrame) -> Floats:
    return np.asarray(pages["seconds"].to_numpy(np.float64) * pages["units"].to_numpy(np.float64))


def _scatter(pages: pd.DataFrame, distance: Floats, own: Mask, everyone: float) -> tuple[float, float]:
    """Robust sd of log time about workers' own medians, and about everyone's."""
    usable = np.isfinite(distance)
    log = np.log(pages["seconds"].to_numpy(np.float64)[usable])
    return robust_sd(distance[own & usable]), robust_sd(log - everyone)


def robust_sd(deviations: Floats) -> float:
    """1.4826 times the median absolute deviation; the plain sd where more than half of the values are equal."""
    if len(deviations) < 2:
        return 0.0
    mad = 1.4826 * float(np.median(np.abs(deviations - np.median(deviations))))
    return mad if mad > 0 else float(deviations.std())
