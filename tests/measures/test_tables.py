"""Plain arrays in, the three tables out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelcast.sim.log import ITEM_COLUMNS, PRESENCE_COLUMNS, TASK_COLUMNS, Provenance
from labelcast.sim.tables import NULL, codes, ints, make_log, names, rank

PROVENANCE = Provenance("0", "d", "reference", "2027-01-04T09:00:00+01:00", "Europe/Paris", 1000, {"b": "annotate"})
CATEGORIES = {
    "segment": ["s"],
    "stage": ["b", "a"],
    "pool": ["p"],
    "label": ["yes", "no"],
    "outcome": ["done"],
    "kind": ["working"],
}
EMPTY_PRESENCE = {
    "pool": np.zeros(0, np.int64),
    "worker": np.zeros(0, np.int64),
    "from": np.zeros(0, np.int64),
    "to": np.zeros(0, np.int64),
}


def test_types_and_nulls() -> None:
    """Columns and dtypes are those of the log, the sentinel and code -1 are null, absent columns are null."""
    log = make_log(
        {"item": np.array([0, 1]), "segment": np.array([0, -1]), "arrived_at": np.array([NULL, 5])},
        {
            "item": np.array([0]),
            "stage": np.array([0], np.int8),
            "round": np.array([0]),
            "replica": np.array([0]),
            "enqueued_at": np.array([3]),
        },
        EMPTY_PRESENCE,
        CATEGORIES,
        PROVENANCE,
    )
    for frame, schema in ((log.items, ITEM_COLUMNS), (log.tasks, TASK_COLUMNS), (log.presence, PRESENCE_COLUMNS)):
        assert {str(name): str(dtype) for name, dtype in frame.dtypes.items()} == schema
    assert log.items["arrived_at"].isna().tolist() == [True, False]
    assert log.items["segment"].isna().tolist() == [False, True]
    assert log.items["gold"].isna().all()
    assert log.tasks["finished_at"].isna().all()
    assert ints(log.items["arrived_at"]).tolist() == [NULL, 5]
    assert names(log.items["truth"]) == ["yes", "no"]
    assert codes(log.items["truth"]).tolist() == [-1, -1]


def test_gold_from_bool_and_codes() -> None:
    """gold is given as bools, or as integers with -1 for null."""
    for given_, expected in ((np.array([True, False]), [True, False]), (np.array([1, -1]), [True, pd.NA])):
        log = make_log(
            {"item": np.array([0, 1]), "segment": np.array([0, 0]), "gold": given_},
            {key: np.zeros(0, np.int64) for key in ("item", "stage", "round", "replica", "enqueued_at")},
            EMPTY_PRESENCE,
            CATEGORIES,
            PROVENANCE,
        )
        assert log.items["gold"].tolist() == expected


def test_canonical_order() -> None:
    """Tasks are sorted by item, enqueued_at (null first), stage in the order of its categories, round and replica."""
    log = make_log(
        {"item": np.array([1, 0]), "segment": np.array([0, 0])},
        {
            "item": np.array([1, 0, 0, 0, 0]),
            "stage": np.array([0, 1, 0, 0, 0]),
            "round": np.array([0, 0, 0, 0, 0]),
            "replica": np.array([0, 0, 1, 0, 2]),
            "enqueued_at": np.array([1, 7, 7, 7, NULL]),
        },
        EMPTY_PRESENCE,
        CATEGORIES,
        PROVENANCE,
    )
    assert log.items["item"].tolist() == [0, 1]
    rows = list(zip(log.tasks["item"], log.tasks["stage"], log.tasks["replica"], strict=True))
    assert rows == [(0, "b", 2), (0, "b", 0), (0, "b", 1), (0, "a", 0), (1, "b", 0)]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12))
def test_rank_is_lexicographic(rows: list[tuple[int, int]]) -> None:
    """rank sorts as Python sorts tuples, stably, and says None exactly when there is nothing to do."""
    a, b = (np.array([row[i] for row in rows], np.int64) for i in (0, 1))
    order = rank([a, b])
    assert (order is None) == (rows == sorted(rows))
    if order is not None:
        assert order.tolist() == sorted(range(len(rows)), key=lambda i: (rows[i], i))


def test_what_cannot_be_a_log() -> None:
    """A column that is unknown or needed and absent is a fault of the caller."""
    tasks = {key: np.zeros(0, np.int64) for key in ("item", "stage", "round", "replica", "enqueued_at")}
    with pytest.raises(AssertionError, match="no such column: colour"):
        make_log({"item": np.array([0]), "colour": np.array([0])}, tasks, EMPTY_PRESENCE, CATEGORIES, PROVENANCE)
    with pytest.raises(AssertionError, match="differ in length"):
        make_log({"item": np.array([0]), "segment": np.array([0, 0])}, tasks, EMPTY_PRESENCE, CATEGORIES, PROVENANCE)
    del tasks["round"]
    with pytest.raises(AssertionError, match="round must be given"):
        make_log({"item": np.array([0]), "segment": np.array([0])}, tasks, EMPTY_PRESENCE, CATEGORIES, PROVENANCE)
