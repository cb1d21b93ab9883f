"""People of a staff who leave and who miss days, by rates that are known; and pauses between their pages."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from labelcast.calibration.availability import fit_availability
from labelcast.calibration.fit import Parameter
from labelcast.calibration.tenure import fit_tenure

from .told import Source, Told

DAY = 86_400_000
HOUR = 3_600_000
MONDAY = 1_735_516_800_000  # 2024-12-30 00:00 UTC


def staff(seed: int, *, days: int = 364, people: int = 40, leaving: float = 0.5, missed: float = 0.06) -> pd.DataFrame:
    """Sessions of a staff on weekdays from 9 h: each leaves at a yearly rate and is replaced the day after, and misses
    days at a rate of its own (beta of concentration 40)."""
    rng = np.random.default_rng(seed)
    rows = []
    for slot in range(people):
        start = 0
        while start < days:
            end = min(days, start + 1 + int(rng.exponential(365.25 / leaving))) if leaving else days
            own = rng.beta(40 * missed, 40 * (1 - missed)) if missed else 0.0
            rows += [(f"w{slot}-{start}", day) for day in range(start, end) if day % 7 < 5 and rng.random() >= own]
            start = end
    frame = pd.DataFrame(rows, columns=["worker", "day"])
    return frame.assign(from_ms=MONDAY + frame["day"] * DAY + 9 * HOUR)


def told(sessions: pd.DataFrame) -> dict[str, Parameter]:
    """What is fitted, by the last two words of its path."""
    return {one.path.removeprefix("pools.p."): one for one in fit_tenure(sessions, "p", "UTC")}


def _tenure(rng: np.random.Generator) -> Iterator[Told]:
    truth = {"turnover.leaving": float(rng.uniform(0.2, 1.0)), "absence.share": float(rng.uniform(0.02, 0.12))}
    found = told(
        staff(
            int(rng.integers(2**31)),
            days=int(rng.integers(150, 500)),
            people=int(rng.integers(10, 40)),
            leaving=truth["turnover.leaving"],
            missed=truth["absence.share"],
        )
    )
    for name, value in truth.items():
        yield Told.of(f"pools.{name}", value, found[name])


TENURE = Source(
    "a staff that leaves and is absent",
    {
        "pools.turnover.leaving": "yearly rate (.2 to 1) at which 10 to 39 people leave, seen for 150 to 499 days",
        "pools.absence.share": "mean of the beta law of each one's chance (2 to 12%) to miss a usual day",
    },
    300,
    0,
    _tenure,
    21,
)


def pages(rng: np.random.Generator, people: int, days: int, pausing: float, here: float = 1.0) -> pd.DataFrame:
    """Pages of people who each work four hours a day from 9 h, of about two minutes, exponential pauses between.
    pausing: expected share of the time in pauses; each one's own is spread about it (beta of concentration 30).
    here: chance that one comes on a day."""
    rows = []
    for worker in range(people):
        own = rng.beta(30 * pausing, 30 * (1 - pausing))
        for day in range(days):
            if rng.random() >= here:
                continue
            work = 120.0 * np.exp(0.4 * rng.standard_normal(400))
            pause = rng.exponential(work.mean() * own / (1 - own), 400)
            begin = np.cumsum(work + pause) - work - pause
            kept = begin < 4 * 3600
            at = MONDAY + day * DAY + 9 * HOUR
            rows.append(
                pd.DataFrame(
                    {
                        "worker": f"w{worker:02d}",
                        "begin_ms": at + np.round(1000 * begin[kept]).astype(np.int64),
                        "end_ms": at + np.round(1000 * (begin + work)[kept]).astype(np.int64),
                        "timed": True,
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


def _presence(rng: np.random.Generator) -> Iterator[Told]:
    """Shrinkage of a few people. Their sessions all are four hours long, so that the mean of their shares is that of
    all time."""
    share = float(rng.uniform(0.05, 0.3))
    found = fit_availability(pages(rng, int(rng.integers(3, 25)), int(rng.integers(3, 12)), share), "p", "UTC", 1)
    yield Told.of("pools.shrinkage", share, found.shrinkage)


PRESENCE = Source(
    "pauses",
    {"pools.shrinkage": "mean of the beta law of the share (5 to 30%) that each of 3 to 24 people spends in pauses"},
    400,
    0,
    _presence,
    22,
)

SOURCES = (TENURE, PRESENCE)
