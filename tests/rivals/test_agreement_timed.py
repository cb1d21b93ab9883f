"""The benchmark of agreement times what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from agreement import CLASSES, OURS, child, labels_of, ratios
from rival_python import found

from labelcast.sim.agreement import counts_of, krippendorff_alpha


@pytest.mark.parametrize("name", OURS)
def test_both_ways_of_ours_give_the_same_alpha(name: str) -> None:
    """What is timed is alpha of the labels that are promised: ten an item, each by a worker of its own."""
    worker, item, label = labels_of(5_000, 40)
    assert len(set(zip(worker.tolist(), item.tolist(), strict=True))) == 5_000
    assert child(name, 5_000, 40)["alpha"] == pytest.approx(krippendorff_alpha(counts_of(item, label, 500, CLASSES)))


def test_a_ratio_is_theirs_over_ours() -> None:
    """Twice as long is 2; a rival that was not run has no ratio."""
    assert ratios({"alpha": {"cpu_s": 1.0}, "every": {"cpu_s": 4.0}, "counts": {"cpu_s": 2.0}}) == {
        "counts_over_alpha": 2.0,
        "counts_over_every": 0.5,
    }


def test_the_rivals_interpreter_is_named_or_at_the_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A name that leads nowhere is no interpreter."""
    monkeypatch.setenv("LABELCAST_RIVALS", str(tmp_path / "python"))
    assert found() is None
    (tmp_path / "python").touch()
    assert found() == tmp_path / "python"
