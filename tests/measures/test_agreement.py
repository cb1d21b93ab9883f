"""Agreement against published examples, hand-worked tables and counting pairs one by one."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled import label_counts

from labelcast.sim.agreement import fleiss_kappa, krippendorff_alpha, pairwise

N = 0  # no value
KRIPPENDORFF = [  # four observers, twelve units; Krippendorff 2011, section C
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]

# Thirty patients by six psychiatrists: depression, personality disorder, schizophrenia, neurosis, other. Fleiss 1971.
FLEISS = (
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 "
    "00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)


def counts_of(units: list[list[int]], labels: int) -> np.ndarray:
    """Units x labels, from the labels of each unit."""
    return np.array([[unit.count(label) for label in range(labels)] for unit in units], np.int64).reshape(-1, labels)


def test_krippendorff_published() -> None:
    """Krippendorff's own example with missing values: 0.743, of 40 comparable values."""
    units = [[row[unit] - 1 for row in KRIPPENDORFF if row[unit] != N] for unit in range(12)]
    counts = counts_of(units, 5)
    assert counts[counts.sum(axis=1) >= 2].sum() == 40
    assert krippendorff_alpha(counts) == pytest.approx(0.743, abs=5e-4)


def test_fleiss_published() -> None:
    """Fleiss' own example: kappa 0.430, mean agreement 0.556."""
    counts = np.array([[int(digit) for digit in row] for row in FLEISS.split()])
    assert (counts.sum(axis=1) == 6).all()
    assert fleiss_kappa(counts) == pytest.approx(0.430, abs=5e-4)
    assert pairwise(counts) == pytest.approx(0.556, abs=5e-4)


def test_two_annotators_by_hand() -> None:
    """Two labels on four items, three equal: a, a, b and one a-b."""
    counts = np.array([[2, 0], [2, 0], [0, 2], [1, 1]])
    assert pairwise(counts) == 0.75
    # n = 8, n_c = 5 and 3: 1 - 7 x (8 - 6) / (64 - 34)
    assert krippendorff_alpha(counts) == pytest.approx(1 - 14 / 30)
    # P_e = (5/8)^2 + (3/8)^2 = 34/64
    assert fleiss_kappa(counts) == pytest.approx((0.75 - 34 / 64) / (30 / 64))


@pytest.mark.parametrize("counts", [np.zeros((0, 3), np.int64), np.array([[1, 0], [0, 1]]), np.array([[0, 0]])])
def test_nothing_to_compare(counts: np.ndarray) -> None:
    """Without two labels on one item there is no agreement to speak of."""
    assert math.isnan(pairwise(counts))
    assert math.isnan(krippendorff_alpha(counts))
    assert math.isnan(fleiss_kappa(counts))


def test_one_label_only() -> None:
    """Where only one label was ever given, chance agrees always: alpha and kappa are not defined, the share is 1."""
    counts = np.array([[2, 0, 0], [2, 0, 0]])
    assert pairwise(counts) == 1
    assert math.isnan(krippendorff_alpha(counts))
    assert math.isnan(fleiss_kappa(counts))


def test_kappa_needs_equal_numbers() -> None:
    """Fleiss' kappa is not defined for unequal numbers of labels; alpha is."""
    counts = np.array([[2, 0], [1, 2]])
    assert math.isnan(fleiss_kappa(counts))
    assert not math.isnan(krippendorff_alpha(counts))


UNITS = st.lists(st.lists(st.integers(0, 2), max_size=4), max_size=8)


@settings(deadline=None)
@given(UNITS)
def test_alpha_and_share_by_counting_pairs(units: list[list[int]]) -> None:
    """alpha = 1 - observed / expected disagreement over all ordered pairs; the share likewise, unit by unit."""
    counts = counts_of(units, 3)
    comparable = [unit for unit in units if len(unit) >= 2]
    values = [label for unit in comparable for label in unit]
    n = len(values)
    observed = sum(sum(a != b for a, b in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in comparable)
    expected = sum(a != b for a, b in itertools.permutations(values, 2))
    alpha = krippendorff_alpha(counts)
    if expected:
        assert alpha == pytest.approx(1 - (observed / n) / (expected / (n * (n - 1))))
    else:
        assert math.isnan(alpha)
    if comparable:
        shares = [np.mean([a == b for a, b in itertools.combinations(unit, 2)]) for unit in comparable]
        assert pairwise(counts) == pytest.approx(np.mean(shares))


def test_asking_until_labels_agree_changes_the_share() -> None:
    """Half of the pairs of labels agree. If items in dispute get a third label, as when consensus is by a lead, only
    a third of the pairs on these agree, and the share is 2/3: it tells of the labels, no longer of any two people."""
    assert pairwise(np.array([[2, 0], [1, 1]])) == 1 / 2
    assert pairwise(np.array([[2, 0], [2, 1]])) == pytest.approx(2 / 3)


def test_labels_too_late_to_count_are_left_out(trace: Any) -> None:
    """A surplus label of round 0 is in no count: without it item 0 has one label, and nothing to compare."""
    before = label_counts(trace.log()).tolist()
    late = next(task for task in trace.tasks if task["item"] == 0 and task["stage"] == "annotate")
    trace.categories = trace.categories | {"outcome": [*trace.categories["outcome"], "surplus"]}
    late["outcome"] = "surplus"
    assert label_counts(trace.log()).tolist() == [[1, 0], *before[1:]]


def test_only_first_labels_count(trace: Any) -> None:
    """Counts are of round 0 at stages of kind annotate: no rework, review or adjudication, and nothing unfinished."""
    expected = [[2, 0], [1, 1], [1, 1], [1, 0], [0, 1], [1, 0], [1, 0], [0, 1], [1, 0]]
    assert label_counts(trace.log()).tolist() == expected


def test_stages_are_kept_apart(trace: Any) -> None:
    """Labels of one item at two annotating stages are answers to two questions: they are not compared."""
    trace.roles["adjudicate"] = "annotate"
    assert label_counts(trace.log()).tolist()[2:4] == [[1, 1], [1, 0]]
