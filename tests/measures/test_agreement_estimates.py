"""Every measure of agreement against published tables, other libraries, its own definition, and changes of input.

Figures of other libraries were made once, by krippendorff 0.9.0 (`alpha(value_counts=...)`) and statsmodels 0.15.0
(`fleiss_kappa`, `cohens_kappa`); those of irrCAC 1.3 stand in its README.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from labelcast.sim.agreement import (
    Agreement,
    Estimate,
    Units,
    agreement,
    cohen,
    cohen_table,
    counts_of,
    fleiss_kappa,
    krippendorff_alpha,
    pairwise,
)
from labelcast.sim.agreement.alpha import interval, nominal, ordinal
from labelcast.sim.agreement.shares import fleiss, gwet, percent
from labelcast.sim.errors import DataRefused

N = 0  # no value
KRIPPENDORFF = np.array(  # four observers, twelve units; Krippendorff 2011, section C
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
        [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
    ]
)
FLEISS = (  # thirty patients by six psychiatrists, Fleiss 1971; the first fifteen are irrCAC's distrib.6raters
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 "
    "00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)
PATIENTS = np.array([[int(digit) for digit in row] for row in FLEISS.split()])
ABSTRACTORS = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]])  # irrCAC's cont3x3abstractors: two workers, 100 items


def value(one: Estimate) -> float:
    """It, where there is one."""
    assert one.value is not None, one.note
    return one.value


def error(one: Estimate) -> float:
    """The standard error that an interval was made of."""
    assert one.low is not None
    t = float(special.stdtrit(one.units - 1, 0.5 + one.level / 2))
    return math.log((1 - one.low) / (1 - value(one))) / t * (1 - value(one))


def pairs(table: np.ndarray) -> np.ndarray:
    """Units x labels, from a table of two workers."""
    one = np.eye(len(table), dtype=np.int64)
    first, second = np.nonzero(table)
    counts: np.ndarray = np.repeat(one[first] + one[second], table[first, second], axis=0)
    return counts


def test_krippendorffs_example() -> None:
    """Nominal 0.743, ordinal 0.815, interval 0.849, as published; AC1 0.77544 and 0.818 of pairs equal, by irrCAC."""
    worker, item = np.nonzero(KRIPPENDORFF)
    label = KRIPPENDORFF[worker, item] - 1
    found = agreement(item, label, worker, values=[1, 2, 3, 4, 5])
    assert value(found.alpha) == pytest.approx(0.743, abs=5e-4)
    assert value(found.alpha_ordinal) == pytest.approx(0.815, abs=5e-4)
    assert value(found.alpha_interval) == pytest.approx(0.849, abs=5e-4)
    assert value(found.ac1) == pytest.approx(0.77544, abs=5e-6)
    assert value(found.percent) == pytest.approx(0.8181818, abs=5e-8)
    assert (found.alpha.units, found.alpha.labels) == (11, 40)
    assert found.fleiss.value is None
    assert "1 to 4 labels" in found.fleiss.note


def test_fleiss_example() -> None:
    """Fleiss' kappa 0.430 of his thirty patients; on the first fifteen kappa and AC1 with their errors, by irrCAC."""
    assert value(fleiss(Units.of(PATIENTS))) == pytest.approx(0.430, abs=5e-4)
    units = Units.of(PATIENTS[:15])
    kappa, ac1 = fleiss(units), gwet(units)
    assert (value(kappa), error(kappa)) == pytest.approx((0.4139265, 0.08119291), abs=5e-8)
    assert (value(ac1), error(ac1)) == pytest.approx((0.4448007, 0.08418757), abs=5e-8)
    assert value(nominal(units)) == pytest.approx(0.4204384, abs=5e-8)


def test_two_abstractors() -> None:
    """Cohen's kappa, AC1, Scott's pi (Fleiss' kappa of two), alpha and share with their errors, by irrCAC, which
    divides by n where we divide by n - 1."""
    units, n = Units.of(pairs(ABSTRACTORS)), math.sqrt(99 / 100)
    for one, of, its_error in (
        (cohen_table(ABSTRACTORS), 0.7964094, 0.05891072),
        (fleiss(units), 0.7962397, 0.05905473),
        (gwet(units), 0.8493305, 0.04321747),
        (percent(units), 0.89, 0.03128898),
    ):
        assert (value(one), error(one) * n) == pytest.approx((of, its_error), abs=5e-8)
    assert value(nominal(units)) == pytest.approx(0.7972585, abs=5e-8)


def test_cohens_example() -> None:
    """Cohen 1960, two judges and 200 patients: 0.70 equal, 0.41 by chance, kappa 0.492."""
    table = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    found = cohen_table(table)
    assert value(found) == pytest.approx(0.29 / 0.59)
    assert (found.units, found.labels) == (200, 400)


def test_gwets_paradox() -> None:
    """Of 125 items 118 are both +, none both -: kappa is -0.023, AC1 0.941 (Gwet 2002)."""
    table = np.array([[118, 5], [2, 0]])
    assert value(cohen_table(table)) == pytest.approx(-0.0234, abs=5e-5)
    assert value(gwet(Units.of(pairs(table)))) == pytest.approx(0.9408, abs=5e-5)


REAL = {  # alpha nominal, ordinal, interval; Fleiss; mean of Cohen's kappa over pairs, weighted
    "zheng_bluebird": (
        0.12550057220224442,
        0.12550057220224442,
        0.12550057220224442,
        0.1252929019510456,
        0.13960515211669108,
    ),
    "zheng_dog": (0.5194178413233586, 0.8130853082838052, 0.8180091256529989, 0.5193582822505284, None),
    "snow_wsd": (0.937200337459697, 0.9576676992118383, 0.9567749069774314, 0.9371648373678144, 0.9170539649367779),
}


@pytest.mark.parametrize("name", REAL)
def test_real_labels(gold: Path, name: str) -> None:
    """On three public sets, what krippendorff and statsmodels say."""
    rows = pd.read_parquet(gold / f"{name}.parquet")
    item, label, worker = (pd.factorize(rows[column], sort=True)[0] for column in ("item", "label", "worker"))
    found = agreement(item, label, worker, values=np.arange(label.max() + 1))
    measures = (found.alpha, found.alpha_ordinal, found.alpha_interval, found.fleiss, found.cohen)
    for one, expected in zip(measures, REAL[name], strict=True):
        if expected is not None:
            assert value(one) == pytest.approx(expected, abs=1e-12)


MEASURES: dict[str, Callable[[Units], Estimate]] = {
    "percent": percent,
    "fleiss": fleiss,
    "ac1": gwet,
    "nominal": nominal,
    "ordinal": ordinal,
    "interval": lambda units: interval(units, np.array([1.0, 2.0, 4.0, 8.0, 16.0])),
}


@pytest.mark.parametrize("name", MEASURES)
def test_intervals_are_those_of_leaving_out_one_unit_at_a_time(name: str) -> None:
    """The standard error is that of the jackknife by its definition, a loop over 600 units, within 2%."""
    rng = np.random.default_rng(5)
    true = rng.integers(0, 5, 600)
    label = np.where(rng.random((600, 4)) < 0.6, true[:, None], rng.integers(0, 5, (600, 4)))
    counts = counts_of(np.arange(2400) // 4, label.ravel(), 600, 5)
    measure = MEASURES[name]
    left = np.array([value(measure(Units.of(np.delete(counts, unit, axis=0)))) for unit in range(600)])
    jackknife = math.sqrt(599 / 600 * ((left - left.mean()) ** 2).sum())
    assert error(measure(Units.of(counts))) == pytest.approx(jackknife, rel=0.02)


def test_kappa_of_many_pairs_is_their_weighted_mean_and_its_error_that_of_the_jackknife() -> None:
    """Five workers who leave out labels: the mean of the kappas of pairs, pair by pair, and the jackknife in a loop."""
    rng = np.random.default_rng(6)
    true = rng.integers(0, 3, 300)
    label = np.where(rng.random((300, 5)) < 0.7, true[:, None], rng.integers(0, 3, (300, 5)))
    label[rng.random((300, 5)) < 0.3] = -1
    item, worker = np.divmod(np.arange(1500), 5)
    found = cohen(item, label.ravel(), worker)
    total = weight = 0.0
    for a in range(5):
        for b in range(a + 1, 5):
            both = (label[:, a] >= 0) & (label[:, b] >= 0)
            table = np.zeros((3, 3), np.int64)
            np.add.at(table, (label[both, a], label[both, b]), 1)
            total, weight = total + value(cohen_table(table)) * table.sum(), weight + table.sum()
    assert value(found) == pytest.approx(total / weight)
    left = np.array([value(cohen(item[item != u], label.ravel()[item != u], worker[item != u])) for u in range(300)])
    met = (label >= 0).sum(axis=1) > 1
    assert found.units == met.sum()
    jackknife = math.sqrt(((left[met] - left[met].mean()) ** 2).sum() * (found.units - 1) / found.units)
    assert error(found) == pytest.approx(jackknife, rel=0.02)


LABELS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=40)


def columns(rows: list[tuple[int, int, int]]) -> np.ndarray:
    """item, label, worker."""
    return np.array(rows, np.int64).T


def alike(one: Estimate, other: Estimate) -> bool:
    """Equal but for rounding."""
    a, b = (np.array([x.value, x.low, x.high], np.float64) for x in (one, other))
    return (one.units, one.labels, one.note) == (other.units, other.labels, other.note) and np.allclose(
        a, b, rtol=1e-9, atol=1e-9, equal_nan=True
    )


@settings(deadline=None)
@given(LABELS, st.permutations(range(3)))
def test_names_and_order_say_nothing(rows: list[tuple[int, int, int]], renamed: list[int]) -> None:
    """Other numbers for items, workers and labels, and another order of rows, change no measure; nor do other numbers
    for labels change ordinal and interval alpha, if their values go along."""
    item, label, worker = columns(list(dict.fromkeys(rows)))
    kept = np.unique(item * 4 + worker, return_index=True)[1]  # a worker's second label on an item hangs on the order
    item, label, worker = item[kept], label[kept], worker[kept]
    shuffled = np.random.default_rng(len(rows)).permutation(len(item))
    other_label, values, renumbered = np.array(renamed), np.array([1.0, 2.0, 5.0]), np.empty(3)
    renumbered[other_label] = values
    before = agreement(item, label, worker, values=values)
    after = agreement((7 - item)[shuffled], other_label[label][shuffled], (worker * 3)[shuffled], values=renumbered)
    for (name, one), (_, other) in zip(before, after, strict=True):
        assert alike(one, other), name


@settings(deadline=None)
@given(LABELS)
def test_an_interval_holds_its_value_and_nothing_is_nan(rows: list[tuple[int, int, int]]) -> None:
    """Of any labels each measure has low <= value <= high <= 1, all finite, or a reason why it is not defined; and the
    values are those of the functions that KPIs use, NaN just where there is none."""
    item, label, worker = columns(rows)
    found = agreement(item, label, worker, values=[1, 2, 4])
    for name, one in found:
        if one.value is None:
            assert one.note, name
            assert one.low is one.high is None
            continue
        assert one.low is not None
        assert one.high is not None
        assert -math.inf < one.low <= one.value <= one.high <= 1, name
        assert one.units >= 1
        assert one.labels >= 2 * one.units
    counts = counts_of(item, label, 8, 3)
    counts = counts[counts.sum(axis=1) > 0]
    for one, plain in (
        (found.percent, pairwise(counts)),
        (found.alpha, krippendorff_alpha(counts)),
        (found.fleiss, fleiss_kappa(counts)),
    ):
        assert math.isnan(plain) if one.value is None else plain == pytest.approx(one.value, abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 1), st.integers(0, 3)), min_size=1, max_size=40))
def test_two_labels_have_no_order(rows: list[tuple[int, int, int]]) -> None:
    """With two labels, ordinal and interval alpha are the nominal one."""
    item, label, worker = columns(rows)
    found = agreement(item, label, worker, values=[3, 17])
    for one in (found.alpha_ordinal, found.alpha_interval):
        if found.alpha.value is None:
            assert one.value is None
        else:
            assert value(one) == pytest.approx(found.alpha.value, abs=1e-12)


def test_values_far_from_zero_keep_their_differences() -> None:
    """Interval alpha does not change when a million million is added to all values."""
    near, far = (interval(Units.of(PATIENTS), np.arange(5.0) + shift) for shift in (0.0, 1e12))
    assert value(near) == pytest.approx(value(far), abs=1e-9)


def notes(found: Agreement) -> dict[str, str]:
    """The measures that are not defined, and why."""
    return {name: one.note for name, one in found if one.value is None}


def test_degenerate_labels_are_told() -> None:
    """One worker, one label an item, one class, nothing at all: a reason instead of a number."""
    names = ("percent", "cohen", "fleiss", "alpha", "alpha_ordinal", "alpha_interval", "ac1")
    alone = notes(agreement([0, 1, 2], [0, 1, 0], [0, 0, 0]))
    assert set(alone) == set(names)
    assert alone["cohen"] == "there is only one worker"
    assert alone["alpha"] == "no item has two labels to compare"
    apart = notes(agreement([0, 1, 2], [0, 1, 0], [0, 1, 2]))
    assert apart["cohen"] == "no two workers labelled the same item"
    one_class = agreement([0, 0, 1, 1], [2, 2, 2, 2], [0, 1, 0, 1], ordered=True)
    assert one_class.percent.value == 1
    assert set(notes(one_class)) == set(names) - {"percent"}
    assert "only one label was ever given" in one_class.alpha.note
    assert set(notes(agreement([], []))) == set(names)


def test_all_agree_is_told_and_leaves_room_for_doubt() -> None:
    """Ten items without a disagreement: each value is 1, and its interval what ten items may hide: at most
    z^2 / (10 + z^2) of them disagree, where by chance half of the pairs would, of alpha's 19 x 20 pairs 10 x 20."""
    item = np.arange(20) // 2
    found = agreement(item, item % 2, np.arange(20) % 2, values=[0, 1])
    hidden = 3.8414588 / 13.8414588
    for name, one in found:
        assert one.value == one.high == 1
        assert "all labels of a unit agree" in one.note
        apart = 1 if name == "percent" else 10 / 19 if name.startswith("alpha") else 0.5
        assert one.low == pytest.approx(1 - hidden / apart, abs=1e-6)


def test_one_item_is_told() -> None:
    """A single item with labels to compare has a value, an interval that allows for any other, and a note."""
    found = agreement([0, 0, 0], [0, 0, 1]).percent
    assert found.value == pytest.approx(1 / 3)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.1
    assert found.high > 0.8
    assert "one unit only" in found.note


@pytest.mark.parametrize("values", [[1.0], [1.0, math.nan, 2.0], [1.0, 2.0, 2.0]])
def test_values_that_are_none_are_refused(values: list[float]) -> None:
    """A label without a value, a value that is no number, and one that two labels share."""
    with pytest.raises(DataRefused):
        agreement([0, 0, 0], [0, 1, 2], values=values)


def test_counts_are_of_what_is_there() -> None:
    """Labels of -1 are not counted; a number beyond the table is a fault of ours."""
    assert counts_of([0, 1, 1, 0], [1, 0, -1, 1], 2, 2).tolist() == [[0, 2], [1, 0]]
    for item, label in (([2], [0]), ([0], [2]), ([-1], [0]), ([0], [-2])):
        with pytest.raises(AssertionError):
            counts_of(item, label, 2, 2)


def test_a_frame_for_people() -> None:
    """A row a measure, with NA and its reason where there is none."""
    frame = agreement([0, 0, 1, 1], [0, 1, 1, 1]).frame
    assert list(frame.columns) == ["value", "low", "high", "units", "labels", "level", "note"]
    assert frame["value"].isna().tolist() == [False, True, False, False, True, True, False]
    assert frame.loc["cohen", "note"] == "it is not known who gave the labels"
