"""When workers are there: sessions, workers at once by hour of the week, and the slots on shift that give as much."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from .fit import Parameter

GAP_MS = 30 * 60_000
"""A session is a run of a worker's pages with less than this between a submit and the next start."""

BIN_MS = 15 * 60_000
"""Time is counted in quarters of an hour, which every time zone's hours are made of."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Availability:
    """sessions: worker, from_ms, to_ms, busy_ms (spent on pages), in the order of worker and time.

    concurrent: float64[7, 24], mean workers in session by local hour of the week, NaN where never observed.
    on_shift: int64[7, 24], slots on shift, as many slot-hours as worker-hours, in each hour none or labels_per_item and
    more.  headcount: the most of them.  slots: that as a parameter, with its notes.  shrinkage: the share of session
    time between pages, with its notes.
    """

    sessions: pd.DataFrame
    concurrent: Floats
    on_shift: npt.NDArray[np.int64]
    headcount: int
    slots: Parameter
    slot_notes: tuple[str, ...]
    shrinkage: Parameter
    shrinkage_notes: tuple[str, ...]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """All that was fitted."""
        return self.slots, self.shrinkage

    @property
    def notes(self) -> tuple[str, ...]:
        """All that a planner should know."""
        return *self.slot_notes, *self.shrinkage_notes

    def shares(self) -> dict[str, str]:
        """The calendar's `availability`: by weekday, 24 shares of the headcount."""
        return {
            day: " ".join(_percent(int(slots), self.headcount) for slots in self.on_shift[number])
            for number, day in enumerate(DAYS)
        }


def fit_availability(pages: pd.DataFrame, pool: str, timezone: str, labels_per_item: int) -> Availability:
    """Presence of workers from their pages (of Cleaned; those left idle are not used)."""
    sessions = sessions_of(pages[pages["timed"]])
    days = _by_day(sessions, timezone)
    concurrent, notes = _mean_week(days)
    on_shift = _gathered(np.nan_to_num(concurrent), labels_per_item)
    moved = float(np.abs(np.nan_to_num(concurrent) - on_shift).sum() / np.nansum(concurrent)) / 2
    headcount = int(on_shift.max())
    peak = float(np.nanmax(concurrent))
    low, high = _peak_interval(days)
    method = (
        "slots on shift at the peak hour: workers in session at once (pages less than 30 min apart), mean over the "
        "observed weeks, rounded; interval: bootstrap over days"
    )
    if peak < labels_per_item - 0.5:
        method = "distinct workers that an item needs; fewer were in session at once, so no interval"
        low = high = None
    if moved > 0.25:
        notes.append(
            f"At its peak hour the log has {peak:.1f} workers in session at once, and {labels_per_item} distinct "
            "workers label an item: the calendar gathers the same worker-hours into hours in which so many are there."
        )
    slots = Parameter(
        f"pools.{pool}.headcount",
        headcount,
        None if low is None else min(low, headcount),
        None if high is None else max(high, headcount),
        len(days.hours),
        method,
        "workers",
    )
    shrinkage = Parameter(f"pools.{pool}.shrinkage", *_shrinkage(sessions), len(sessions), _SHRINKAGE, "share")
    pauses = []
    if shrinkage.value > MUCH_SHRINKAGE:
        pauses.append(
            f"{shrinkage.value:.0%} of the time in sessions lies between pages. An export does not tell pauses from "
            f"having no work: if work ran out, forecasts from this profile are too slow, and pools.{pool}.shrinkage "
            "must be written in the scenario."
        )
    return Availability(sessions, concurrent, on_shift, headcount, slots, tuple(notes), shrinkage, tuple(pauses))


MUCH_SHRINKAGE = 0.3
"""Planners of call centres and back offices reckon with 0.2 to 0.35; more is a reason to ask why."""

_SHRINKAGE = (
    "share of session time between pages; time lost inside a page cannot be seen and is part of the service time; "
    "interval: ratio estimate over workers, Student's on log odds"
)


def sessions_of(pages: pd.DataFrame) -> pd.DataFrame:
    """worker, from_ms, to_ms, busy_ms: runs of a worker's pages, those that are given."""
    frame = pages.sort_values(["worker", "begin_ms", "end_ms"], ignore_index=True)
    begin, end = frame["begin_ms"].to_numpy(), frame["end_ms"].to_numpy()
    worker = pd.factorize(frame["worker"])[0]
    new = np.ones(len(frame), dtype=bool)
    new[1:] = (worker[1:] != worker[:-1]) | (begin[1:] - end[:-1] >= GAP_MS)
    grouped = frame.assign(busy_ms=end - begin).groupby(np.cumsum(new))
    return grouped.agg(
        worker=("worker", "first"), from_ms=("begin_ms", "min"), to_ms=("end_ms", "max"), busy_ms=("busy_ms", "sum")
    ).reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class Days:
    """hours: float64[d, 24] worker-hours in session of each local day; open_h: float64[d, 24] hours of it that the log
    covers; weekday: int64[d], 0 = Monday.  Days of weeks without any work are left out: `idle_weeks` counts them."""

    hours: Floats
    open_h: Floats
    weekday: npt.NDArray[np.int64]
    idle_weeks: int


def _by_day(sessions: pd.DataFrame, timezone: str) -> Days:
    begin, end = sessions["from_ms"].to_numpy(), sessions["to_ms"].to_numpy()
    first, last = int(begin.min()) // BIN_MS, (int(end.max()) - 1) // BIN_MS
    busy = np.zeros(last - first + 1)
    start_bin, count = begin // BIN_MS - first, (end - 1) // BIN_MS - begin // BIN_MS + 1
    which = np.repeat(np.arange(len(begin)), count)
    bins = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(start_bin, count)
    left = np.maximum(begin[which], (bins + first) * BIN_MS)
    right = np.minimum(end[which], (bins + first + 1) * BIN_MS)
    np.add.at(busy, bins, (right - left) / 3_600_000.0)
    moments = pd.to_datetime((np.arange(first, last + 1)) * BIN_MS, unit="ms", utc=True).tz_convert(timezone)
    day = moments.tz_localize(None).normalize()
    codes, days = pd.factorize(day)
    unique = pd.DatetimeIndex(days)
    hour = moments.hour.to_numpy()
    hours, open_h = np.zeros((len(unique), 24)), np.zeros((len(unique), 24))
    np.add.at(hours, (codes, hour), busy)
    np.add.at(open_h, (codes, hour), BIN_MS / 3_600_000.0)
    weekday = np.asarray(unique.day_of_week, dtype=np.int64)
    week = ((unique - pd.to_timedelta(weekday, unit="D")) - pd.Timestamp(1970, 1, 5)).days.to_numpy() // 7
    worked = np.isin(week, np.unique(week[hours.sum(axis=1) > 0]))
    return Days(hours[worked], open_h[worked], weekday[worked], len(np.unique(week)) - len(np.unique(week[worked])))


def _mean_week(days: Days) -> tuple[Floats, list[str]]:
    """Mean concurrent workers by hour of the week, with notes on what stands in for weekdays seen once or never."""
    notes = []
    covered = float(days.open_h.sum()) / 24.0
    if days.idle_weeks:
        notes.append(
            f"{days.idle_weeks} calendar week(s) without any work inside the log are left out of availability."
        )
    if covered >= 14:
        return _ratio(_sum_by(days.weekday, days.hours), _sum_by(days.weekday, days.open_h)), notes
    shape = _ratio(days.hours.sum(axis=0), days.open_h.sum(axis=0))
    never = int(np.isnan(shape).sum())
    if covered < 7:
        week = np.tile(shape, (7, 1))
        words = f"The log covers {covered:.1f} days: every weekday is given the same hours, by hour of day."
    else:
        # Level of each weekday against what the hours of day that it covers would lead to expect.
        expected = _sum_by(days.weekday, np.nan_to_num(shape) * days.open_h).sum(axis=1)
        level = _ratio(_sum_by(days.weekday, days.hours).sum(axis=1), expected)
        week = np.nan_to_num(level, nan=1.0)[:, None] * shape[None, :]
        words = f"The log covers {covered:.1f} days: the hours of day are pooled, and scaled by weekday."
    if never:
        words += f" {never} hours of the day were never observed and count as 0%."
    return week, [*notes, words]


def _sum_by(weekday: npt.NDArray[np.int64], table: Floats) -> Floats:
    out = np.zeros((7, 24))
    np.add.at(out, weekday, table)
    return out


def _ratio(top: Floats, bottom: Floats) -> Floats:
    out: Floats = np.divide(top, bottom, out=np.full(np.shape(top), np.nan), where=bottom > 0)
    return out


def _gathered(week: Floats, least: int) -> npt.NDArray[np.int64]:
    """Slots on shift by hour: whole numbers whose sum is the week's, carried from hour to hour; each is zero or at
    least `least`, and zero where nobody ever was."""
    flat = week.ravel()
    out = np.zeros(168, dtype=np.int64)
    carry = 0.0
    for hour, mean in enumerate(flat):
        if mean <= 0:
            continue
        carry += mean
        if carry >= least - 0.5:
            slots = max(least, min(math.floor(carry + 0.5), math.ceil(mean)))
            out[hour] = slots
            carry -= slots
    if not out.any():
        out[int(np.argmax(flat))] = least
    return out.reshape(7, 24)


def _peak_interval(days: Days) -> tuple[float | None, float | None]:
    """Of the mean concurrent workers at the peak hour, by resampling days; None with fewer than four worked days."""
    worked = np.flatnonzero(days.hours.sum(axis=1) > 0)
    if len(worked) < 4:
        return None, None
    rng = np.random.default_rng(20_240_301)
    picks = rng.choice(worked, size=(400, len(worked)))
    hours = days.hours[picks].sum(axis=1)
    peaks = np.nanmax(_ratio(hours, days.open_h[picks].sum(axis=1)), axis=1)
    low, high = np.quantile(peaks, [0.025, 0.975])
    return float(low), float(high)


def _shrinkage(sessions: pd.DataFrame) -> tuple[float, float | None, float | None]:
    """(1 - busy / session time, low, high); the interval is None with fewer than three workers.

    A ratio estimate over workers, with Student's quantile on the scale of log odds, since few workers tell it.
    Source: Cochran, Sampling Techniques, section on ratio estimates.
    """
    sums = sessions.assign(whole=sessions["to_ms"] - sessions["from_ms"]).groupby("worker")[["whole", "busy_ms"]].sum()
    whole, busy = sums["whole"].to_numpy().astype(float), sums["busy_ms"].to_numpy().astype(float)
    share = 1.0 - float(busy.sum() / whole.sum())
    share = min(max(share, 0.0), 0.99)
    n = len(whole)
    if n < 3:
        return share, None, None
    sd = float(np.sqrt(((busy - (1 - share) * whole) ** 2).sum() * n / (n - 1))) / whole.sum()
    half = float(stats.t.ppf(0.975, n - 1)) * sd
    if share <= 0:
        return share, 0.0, min(1.0, half)
    odds, half = math.log(share / (1 - share)), half / (share * (1 - share))
    low, high = (1 / (1 + math.exp(-odds - one)) for one in (-half, half))
    return share, low, high


def _percent(slots: int, headcount: int) -> str:
    """A share that gives back exactly `slots` of `headcount`: slot i is on shift where it exceeds (i + 0.5) / n."""
    return f"{100.0 * slots / headcount:.{1 if headcount < 400 else 4}f}".rstrip("0").rstrip(".") + "%"
