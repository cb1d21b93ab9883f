"""The proof of label quality: its figures from errors made up here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from foretold import NEW, NEW_MODEL, mae, missing, within, worst
from quality import figures

from labelcast.calibration.workers.heldout import FACTS, HeldOut


def off(error: float) -> HeldOut:
    """Halves of which every fact is foretold too high by this much, on average."""
    gap = np.array([[error - 0.5], [error + 0.5]])
    return HeldOut(np.zeros((2, len(FACTS))), np.broadcast_to(gap, (2, len(FACTS))))


def test_accuracies_are_in_points_and_the_rest_is_plain() -> None:
    """Errors of halves cancel within a set, those of sets do not; accuracies are told in points."""
    found = {"a": off(0.01), "b": off(-0.03)}
    assert mae(found, "k3") == pytest.approx(2.0)
    assert worst(found, "k5") == pytest.approx(3.0)
    assert mae(found, "icc") == pytest.approx(0.02)


def test_new_workers_are_counted_within_three_points() -> None:
    """Of the four sets alone, whatever other sets do."""
    errors = dict(zip(NEW, (0.029, -0.029, 0.031, -0.031), strict=True))
    assert within({name: off(error) for name, error in (errors | {"another": 0.0}).items()}) == 2


def test_what_cannot_be_measured_is_null(tmp_path: Path) -> None:
    """All names are there, whatever is missing; a file that is not there is named."""
    nothing = figures(None, None, None)
    found = {"ours": {"a": off(0.01)}, "independent": {"a": off(0.02)}, NEW_MODEL: {name: off(0.0) for name in NEW}}
    everything = figures(found, {"ratio_cpu": 20.0}, {"reliability_over_alpha": 90.0})
    assert list(nothing) == list(everything)
    assert set(nothing.values()) == {None}
    assert everything["k5_mae_independent"] == pytest.approx(2.0)
    assert everything["new_worker_k3_within_3"] == 4
    assert (everything["ratio_crowdkit_ds_100k"], everything["ratio_krippendorff_1m"]) == (20.0, 90.0)
    assert "tias_web.parquet" in missing(tmp_path)
