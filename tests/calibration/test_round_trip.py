"""Does what we generate come back when we fit it?"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from recovery.lines import any_line, truths
from scipy import stats

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.export import write_export


def test_what_was_simulated_comes_back(line, truth, tmp_path: Path) -> None:
    """Simulate, export, calibrate: each parameter lies in its 99.9% interval (1.7 times the 95%); seed fixed."""
    made = truth(headcount=16, items=2400)
    path = tmp_path / "report.csv.gz"
    write_export(line(made, 4), path)
    fit = calibrate([path], pool="team")
    for name, value in truths(made).items():
        found = fit.parameter(name)
        assert found is not None, name
        assert (
            found.value - 1.7 * (found.value - found.low) <= value <= found.value + 1.7 * (found.high - found.value)
        ), found
    assert fit.rows_used == fit.rows_read == made.items * made.labels_per_item
    assert fit.parameter("stages.annotate.labels_per_item").value == made.labels_per_item
    assert fit.parameter("pools.team.headcount").value == made.headcount
    assert fit.parameter("pools.team.shrinkage").value < 0.02


def test_the_working_week_comes_back(line, truth, tmp_path: Path) -> None:
    """Slots are on shift in the working hours of Monday to Friday and in no other hour, in the planner's time zone."""
    made = truth(headcount=8, items=2000, hours=((9, 11),))
    path = tmp_path / "report.csv"
    write_export(line(made, 1), path)
    for timezone, shift in (("UTC", 0), ("Asia/Kolkata", 5)):
        on_shift = calibrate([path], timezone=timezone).evidence.on_shift
        wanted = np.zeros((7, 24), bool)
        wanted[:5, 9 + shift : 11 + shift + (shift > 0)] = True  # Kolkata is 5:30 ahead: the hours straddle three
        assert not on_shift[~wanted].any()
        assert on_shift.sum() == pytest.approx(8 * 10, abs=5)


@pytest.mark.parametrize("platform", ["crowdflower", "mturk"])
def test_both_platforms_tell_the_same_times(platform, line, truth, tmp_path: Path) -> None:
    """The same log in either layout gives the same service time; MTurk has no test questions and hence no skill."""
    path = tmp_path / "export.csv.gz"
    write_export(line(truth(items=600), 2), path, format=platform)
    fit = calibrate([path])
    assert fit.parameter("stages.annotate.time.lognormal.median").value == pytest.approx(87.0, rel=0.2)
    assert (fit.parameter("pools.annotators.skill.mean") is None) == (platform == "mturk")
    assert ("skill" in fit.scenario["pools"]["annotators"]) == (platform == "crowdflower")


def test_pages_keep_the_mean(line, truth, tmp_path: Path) -> None:
    """Units that share a page keep their mean time (lognormal mean exp(mu + sigma^2 / 2), within 5%), and a note says
    that their spread cannot be seen."""
    made = truth(speed=0.0, items=2000)
    log = line(made, 3)
    path = tmp_path / "paged.csv"
    write_export(log, path, units_per_page=5)
    fit = calibrate([path])
    median = fit.parameter("stages.annotate.time.lognormal.median").value
    sigma = fit.parameter("stages.annotate.time.lognormal.sigma").value
    assert median * math.exp(sigma**2 / 2) == pytest.approx(made.median * math.exp(made.sigma**2 / 2), rel=0.05)
    assert sigma < 0.6 * made.sigma
    assert any("5 units" in note for note in fit.notes)


def test_missed_tells_what_the_labels_told(line, truth, tmp_path: Path) -> None:
    """A report whose answers were taken out gives, by _missed, the same skill as with them."""
    whole, blank = tmp_path / "whole.csv", tmp_path / "blank.csv"
    write_export(line(truth(items=600), 6), whole)
    table = pd.read_csv(whole, dtype="str", keep_default_na=False)
    table.assign(label="", label_gold="").to_csv(blank, index=False)
    with_labels, without = calibrate([whole], pool="team"), calibrate([blank], pool="team")
    for name in ("pools.team.skill.mean", "pools.team.skill.spread", "work.items.difficulty.spread"):
        assert without.parameter(name) == with_labels.parameter(name)
    assert "classes" not in without.scenario["work"]["items"]


def test_equal_logs_give_equal_bytes(line, truth, tmp_path: Path) -> None:
    """An export depends on the log alone: no clock, no name of the file inside the gzip header."""
    for name in ("a.csv.gz", "b.csv.gz"):
        write_export(line(truth(items=50), 1), tmp_path / name)
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()


@pytest.mark.verify
def test_intervals_cover(line, truth, tmp_path: Path) -> None:
    """Over 60 random lines each parameter's 95% interval holds the truth as often as the 99% interval of a binomial
    with 95% allows (at least 52 of 60): one false alarm in 200 per parameter, were the seeds not fixed. A headcount,
    of which a few days allow no interval, must come back exactly."""
    rng = np.random.default_rng(11)
    hits: dict[str, int] = {}
    for seed in range(60):
        made = any_line(rng, (1600, 2400), (3, 4), 0.15)
        path = tmp_path / "report.csv"
        write_export(line(made, seed), path)
        fit = calibrate([path], pool="team")
        for name, value in truths(made).items():
            found = fit.parameter(name)
            inside = found.value == value if name.endswith("headcount") else found.low <= value <= found.high
            hits[name] = hits.get(name, 0) + bool(inside)
    print(hits)
    least = int(stats.binom.ppf(0.005, 60, 0.95))
    assert {name: n for name, n in hits.items() if n < least} == {}
