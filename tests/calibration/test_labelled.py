"""Labels as numbers say the same as labels as names."""

from __future__ import annotations

import numpy as np
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
