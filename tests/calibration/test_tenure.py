"""People who leave and days they miss, from sessions drawn with what is to be found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from labelcast.calibration.fit import Parameter
from labelcast.calibration.tenure import fit_tenure

DAY = 86_400_000
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
    return frame.assign(from_ms=MONDAY + frame["day"] * DAY + 9 * 3_600_000)


def told(sessions: pd.DataFrame) -> dict[str, Parameter]:
    """What is fitted, by the last two words of its path."""
    return {one.path.removeprefix("pools.p."): one for one in fit_tenure(sessions, "p", "UTC")}


def test_nobody_leaves_and_nobody_is_absent() -> None:
    """Both are 0, with an upper end by what so many people and days could hide."""
    found = told(staff(1, leaving=0.0, missed=0.0))
    assert (found["turnover.leaving"].value, found["absence.share"].value) == (0.0, 0.0)
    assert 0 < found["turnover.leaving"].high < 0.15
    assert 0 < found["absence.share"].high < 0.01


def test_what_is_too_short_or_too_few() -> None:
    """Seven weeks tell nothing; two people tell no days off."""
    assert fit_tenure(staff(1, days=49), "p", "UTC") == []
    assert "absence.share" not in told(staff(1, people=2, leaving=0.0))
    assert list(told(staff(1, people=1, leaving=0.0))) == ["turnover.leaving"]


def test_a_holiday_is_nobodys_absence() -> None:
    """Three weeks in which nobody works are missed by nobody, and no reason to think that all have left."""
    whole = staff(2, leaving=0.0, missed=0.0)
    found = told(whole[~whole["day"].between(200, 220)])
    assert (found["turnover.leaving"].value, found["absence.share"].value) == (0.0, 0.0)


@pytest.mark.verify
def test_leaving_and_absence_lie_within_their_intervals() -> None:
    """100 drawn years of 25 people: both rates lie within as many 95% intervals as a binomial of 95% reaches with
    chance 99.9% each."""
    truth = {"turnover.leaving": 0.5, "absence.share": 0.06}
    hits = dict.fromkeys(truth, 0)
    logs = 100
    for seed in range(logs):
        found = told(staff(seed, people=25))
        for name, value in truth.items():
            hits[name] += found[name].low <= value <= found[name].high
    assert min(hits.values()) >= stats.binom.ppf(0.001, logs, 0.95), hits
