"""People who leave and days they miss, from sessions drawn with what is to be found."""

from __future__ import annotations

import pytest
from recovery.staff import staff, told
from scipy import stats

from labelcast.calibration.tenure import fit_tenure


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
