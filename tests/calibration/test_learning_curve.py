"""The curve of a model by its labels: known ones come back, intervals hold, and stops are those of the closed form."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from labelcast.calibration.learning_curve import Curve, Point, fit_curve
from labelcast.calibration.learning_points import read_points
from labelcast.sim.errors import DataRefused
from labelcast.sim.statistics import coverage

LABELS = (400, 800, 1_600, 3_200, 6_400, 12_800)


def _known(labels: float, noise: float = 0.0, power: float = 2.0) -> float:
    """Accuracy by a power law; a share of even noise among two classes."""
    clean = (1 - 2 * noise) ** power * labels
    return 0.95 - 0.9 * clean**-0.4


def _points(noises: tuple[float, ...] = (0.0,), scatter: float = 0.0, seed: int = 0, power: float = 2.0) -> list[Point]:
    rng = np.random.default_rng(seed)
    return [
        Point(n, _known(n, noise, power) + scatter * rng.standard_normal(), noise) for n in LABELS for noise in noises
    ]


def test_a_power_law_without_noise_comes_back() -> None:
    """Points that lie on one: its parameters, at any number of labels, to five digits; with no width."""
    curve = fit_curve(_points())
    assert curve.top == pytest.approx(0.95, abs=1e-5)
    assert curve.rate == pytest.approx(0.4, abs=1e-4)
    for labels in (100, 5_000, 100_000):
        value, low, high = curve.at(labels)
        assert value == pytest.approx(_known(labels), abs=1e-5)
        assert low == pytest.approx(high, abs=1e-3)
    assert curve.more(12_800, 1_000)[0] == pytest.approx(_known(13_800) - _known(12_800), rel=1e-3)


def test_what_a_noisy_label_keeps_comes_back_where_points_tell_it() -> None:
    """With three levels of noise its power is fitted; with one it is the square of theory, and said to be."""
    told = fit_curve(_points((0.0, 0.1, 0.25), power=1.3))
    assert told.power_fitted
    assert told.power == pytest.approx(1.3, abs=1e-3)
    assert told.at(5_000, 0.2)[0] == pytest.approx(_known(5_000, 0.2, 1.3), abs=1e-4)
    untold = fit_curve(_points())
    assert not untold.power_fitted
    assert untold.at(5_000, 0.1)[0] == pytest.approx(_known(5_000, 0.1), abs=1e-4)


def test_the_last_label_that_pays_is_the_closed_form() -> None:
    """Where the slope times the worth is the price; half the price, further on; free labels always pay."""
    curve = fit_curve(_points())
    price, worth = 0.1, 400_000.0
    stop, _, _ = curve.stop(price, worth)
    assert stop == pytest.approx((0.9 * 0.4 * worth / price) ** (1 / 1.4), rel=1e-3)
    slope = (curve.at(stop + 1)[0] - curve.at(stop - 1)[0]) / 2
    assert slope * worth == pytest.approx(price, rel=1e-3)
    assert curve.stop(price / 2, worth)[0] > stop
    assert math.isinf(curve.stop(0.0, worth)[0])


@pytest.mark.verify
@pytest.mark.parametrize("noises", [(0.0,), (0.0, 0.15)])
def test_intervals_hold(noises: tuple[float, ...]) -> None:
    """Over 100 sets of six points a level, scattered by .4 points: the intervals of accuracy within and beyond the
    points and of the next thousand's gain hold at a rate whose 99% interval holds 95% (fixed seeds)."""
    hits = np.zeros(3, int)
    for seed in range(100):
        curve = fit_curve(_points(noises, 0.004, seed))
        truths = [
            (curve.at(3_000), _known(3_000)),
            (curve.at(25_000), _known(25_000)),
            (curve.more(12_800, 1_000), _known(13_800) - _known(12_800)),
        ]
        hits += [low <= truth <= high for (_, low, high), truth in truths]
    for held in (coverage(int(one), 100) for one in hits):
        assert held.low <= 0.95 <= held.high


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([Point(n, 0.9) for n in LABELS[:4]], "at least 5 points, but there are 4"),
        ([Point(500, 0.9), Point(900, 0.91)] * 3, "at least 3 numbers of labels"),
        ([Point(n, 0.6, 0.5) for n in LABELS], "noise must be below 50% of 2 classes"),
    ],
)
def test_points_that_tell_no_curve_are_refused(points: list[Point], words: str) -> None:
    """What is missing, and how to have it."""
    with pytest.raises(DataRefused, match=words):
        fit_curve(points)


def test_a_table_is_read_with_its_percentages(tmp_path: Path) -> None:
    """Shares as 0.9 or 90%, empty noise is none, other columns do not matter; semicolons too."""
    path = tmp_path / "points.csv"
    path.write_text("labels;note;accuracy;noise\n1_000;a;90%;\n\n2000;b;0.93;5%\n", encoding="utf-8")
    assert read_points(path) == [Point(1000, 0.9), Point(2000, 0.93, 0.05)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("labels,acc\n1,0.9\n", 'row 1: a column "accuracy" is needed, but there are: labels, acc'),
        ("labels,accuracy\n1000,nine\n", 'row 2: accuracy: must be a number, but got "nine"'),
        ("labels,accuracy\n1000,93\n", 'row 2: accuracy: must be from 0 to 1, but got "93". Write it like 0.93 or 93%'),
        ("labels,accuracy\n0,0.9\n-3,0.9\n", 'row 3: labels: must be from 1 to 1e12, but got "-3"'),
        ("", 'row 1: a column "labels" is needed, but there are: none'),
    ],
)
def test_bad_tables_are_told_by_row(tmp_path: Path, text: str, words: str) -> None:
    """Where, what rule, what was found, how to mend it."""
    path = tmp_path / "points.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataRefused) as refused:
        read_points(path)
    assert words in str(refused.value)


def test_a_curve_says_how_much_it_rests_on() -> None:
    """Points, the largest of them, and their scatter about it."""
    curve = fit_curve(_points((0.0,), 0.004, 3))
    assert isinstance(curve, Curve)
    assert (curve.points, curve.most) == (6, 12_800)
    assert 0.001 < curve.scatter < 0.01
