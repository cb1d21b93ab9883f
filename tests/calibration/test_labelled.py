"""Labels as numbers say the same as labels as names."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelcast.calibration.workers.labelled import labelled, ordered

NAMES = st.sampled_from(["ann", "bob", "cy", "10", "9"])


@settings(deadline=None)  # the first case compiles
@given(st.dictionaries(st.tuples(NAMES, NAMES), st.sampled_from(["cat", "dog", "eel"]), min_size=1))
def test_every_label_keeps_its_worker_item_and_class(given_labels: dict[tuple[str, str], str]) -> None:
    """Coding is one to one: names read back from positions are the labels that came in."""
    pairs = list(given_labels)
    found = labelled([w for w, _ in pairs], [i for _, i in pairs], list(given_labels.values()))
    read = {
        (found.workers[w], found.items[i]): found.classes[c]
        for w, i, c in zip(found.worker, found.item, found.label, strict=True)
    }
    assert read == given_labels


NUMBERS = [-128, 127, 5, -3, 12, -128]


@pytest.mark.parametrize(
    "numbers",
    [
        *(np.array(NUMBERS, kind) for kind in ("int8", "int16", "int64")),
        np.array([-(2**63), 2**63 - 1, 0, 1, 2, -(2**63)]),
        np.array([2**64 - 1, 2**64 - 3, 2**63, 2**63 + 1, 0, 2**64 - 1], "uint64"),
        np.array([2**64 - 1, 2**64 - 3, 2**64 - 4, 2**64 - 5, 2**64 - 6, 2**64 - 1], "uint64"),
        np.array([7, 8, 9, 10, 11, 7], "uint8"),
    ],
)
def test_whole_numbers_are_the_names_that_they_are_written_as(numbers: np.ndarray) -> None:
    """Close or far apart, of any width: the coding is that of their texts."""
    told = labelled(numbers, np.arange(len(numbers)), numbers)
    read = labelled([str(n) for n in numbers.tolist()], [str(k) for k in range(len(numbers))], list(map(str, numbers)))
    assert (told.workers, told.items, told.classes) == (read.workers, read.items, read.classes)
    for ours, theirs in ((told.worker, read.worker), (told.label, read.label), (told.start, read.start)):
        assert ours.tolist() == theirs.tolist()
    assert [told.workers[w] for w in told.worker] == [str(n) for n in numbers.tolist()]


def test_names_stand_in_the_order_of_the_alphabet_whatever_they_are_written_in() -> None:
    """Beyond ASCII, beyond 16 bits, and half of a pair, which JSON can write."""
    names = ["é", "z", "\U0001f600", "\ud800", "￿", "a", ""]
    assert labelled(names, ["1"] * len(names), ["x"] * len(names)).workers == tuple(sorted(names))


def test_classes_that_are_numbers_stand_in_their_order() -> None:
    """2 comes before 10, and b after a."""
    assert ordered(["10", "2", "1"]) == ("1", "2", "10")
    assert ordered(["b", "a", "10"]) == ("10", "a", "b")


def test_a_part_keeps_what_its_labels_say() -> None:
    """Items that are left out take their labels and their workers along; classes and truths stay."""
    whole = labelled(list("abca"), list("1122"), list("xyxx"), {"1": "x", "2": "z", "9": "w"}, [5, 6, 7, 8])
    assert whole.classes == ("x", "y", "z")
    part = whole.of(np.array([False, True]))
    assert (part.workers, part.items, part.classes) == (("a", "c"), ("2",), whole.classes)
    assert part.truth.tolist() == [2]
    assert part.at is not None
    assert sorted(part.at.tolist()) == [7, 8]
    first = whole.of(np.array([True, True]), whole.worker == 0)
    assert first.workers == ("a",)
    assert first.start.tolist() == [0, 1, 2]
    assert whole.judged().items == ("1", "2")
