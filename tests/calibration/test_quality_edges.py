"""Label quality of labels that hardly tell anything: an answer that is wide, none with a reason, never a NaN."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labelcast.calibration.workers import forecast
from labelcast.calibration.workers import quality as room
from labelcast.calibration.workers.labelled import Labelled, labelled
from labelcast.calibration.workers.quality import Quality, quality


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer sweeps and items: nothing here hangs on their precision."""
    monkeypatch.setattr(room, "MOST", 600)
    monkeypatch.setattr(room, "LEAST", 600)
    monkeypatch.setattr(forecast, "ITEMS", 1000)


def full(workers: int, items: int, known: int, right: float = 0.8, classes: str = "abc") -> Labelled:
    """Everybody labels every item; the first `known` have a truth."""
    rng = np.random.default_rng(1)
    item = np.repeat(np.arange(items), workers)
    truth = np.array(list(classes))[rng.integers(len(classes), size=items)]
    other = np.array([classes[(classes.index(one) + 1) % len(classes)] for one in truth])
    label = np.where(rng.random(len(item)) < right, truth[item], other[item])
    told = {str(i): str(truth[i]) for i in range(known)}
    return labelled(np.tile(np.arange(workers), items), item, label, told, np.arange(len(item)))


def more(classes: str) -> Labelled:
    rows = [(w, i, "ab"[i % 2]) for i in range(12) for w in "xyz"]
    truths = {str(i): classes[i % len(classes)] for i in range(12)}
    return labelled([w for w, _, _ in rows], [i for _, i, _ in rows], [one for _, _, one in rows], truths)


CASES = {
    "one worker": full(1, 40, 40),
    "one class": full(3, 40, 40, 1.0, "a"),
    "one label": labelled(["x"], ["1"], ["a"], {"1": "a"}),
    "one label an item": labelled(["x", "y"] * 30, range(60), ["a", "b"] * 30, {str(i): "a" for i in range(60)}),
    "all agree": full(4, 30, 30, 1.0),
    "a label never seen": more("abc"),
    "a gold class never labelled, all wrong": more("c"),
    "a class without gold": full(4, 30, 3),
    "one gold item": full(5, 60, 1),
    "five gold items": full(5, 60, 5),
    "everyone always wrong": full(4, 40, 40, 0.0),
    "everyone always wrong, two classes": full(3, 40, 40, 0.0, "ab"),
    "workers without gold": labelled(list("xyxyzu"), list("112233"), list("aababa"), {"1": "a", "2": "b"}),
}


def finite(found: Quality) -> None:
    """No number that a reader would see is a NaN; the one table that has none for workers without gold apart."""
    accuracy = found.accuracy
    assert accuracy is not None
    for one in accuracy.numbers:
        assert math.isfinite(one.value), one
        assert (one.low is None) == (one.high is None)
        assert one.low is None or (one.low <= one.value <= one.high and math.isfinite(one.high)), one
    for one in accuracy.forecasts:
        assert 0 <= one.low <= one.accuracy <= one.high <= 1, one
        assert math.isfinite(one.labels)
        assert 0 <= one.independent <= 1
        assert one.observed is None or 0 <= one.observed <= 1
    table = accuracy.workers
    judged = table[table["judged"] > 0]
    assert ((judged["low"] <= judged["accuracy"]) & (judged["accuracy"] <= judged["high"])).all()
    assert table.loc[table["judged"] == 0, ["accuracy", "low", "high"]].isna().all(axis=None)
    assert accuracy.confusion.sum() == table["judged"].sum()
    for pocket in found.pockets:
        assert 0 < pocket.share <= 1


@pytest.mark.parametrize("case", CASES)
def test_labels_that_tell_little(case: str) -> None:
    """Every number is finite and inside its interval, no warning of numpy is raised, and under a hundred gold items the
    notes say so. An error correlation that is not defined is the one NaN, which the page and JSON show as none."""
    data = CASES[case]
    found = quality(data)
    finite(found)
    accuracy = found.accuracy
    assert accuracy.widened > 1
    assert any("fewer than 100" in note for note in found.notes)
    if case in ("one worker", "one class", "one label", "one label an item", "everyone always wrong"):
        assert math.isnan(accuracy.correlation)


def test_one_gold_item_says_next_to_nothing() -> None:
    """One item of known truth: the accuracy of three labels may be nearly anything."""
    one = quality(CASES["one gold item"]).accuracy.forecasts[2]
    assert one.high - one.low > 0.5


def test_no_gold_no_accuracy() -> None:
    """Without a known truth agreement and pockets are told, accuracy is not, and a note says why."""
    found = quality(full(4, 30, 0))
    assert found.accuracy is None
    assert found.pockets
    assert "No item has a known truth" in found.notes[0]
