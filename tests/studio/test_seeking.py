"""A search of the studio, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelcast.reports.studio import seeking as room
from labelcast.reports.studio.frontier import frontier_svg
from labelcast.reports.studio.plan import Base
from labelcast.reports.studio.seeking import Seeking, rows, seek, varying
from labelcast.scenarios.search.rules import LEAST

LINE = Path(__file__).parent / "line.yaml"


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Base:
    monkeypatch.setattr(room, "BUDGET", LEAST)
    return Base.of(LINE)


def watched(seeking: Seeking, monkeypatch: pytest.MonkeyPatch, stop_at: int = 10**9) -> list[int]:
    """Runs a search here; how many plans had been tried at each step."""
    counts: list[int] = []
    told = Seeking._told

    def seen(self: Seeking, *given: Any) -> None:
        told(self, *given)
        counts.append(len(self.points))
        if len(counts) >= stop_at:
            self.stop()

    monkeypatch.setattr(Seeking, "_told", seen)
    seeking._run()
    return counts


def test_the_frontier_grows_and_no_plan_tried_beats_it(
    base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law: points are there from the first steps on; the frontier is of those that no other beats in cost and finish;
    the levers of a plan are those of the page."""
    chosen = varying(base)[:2]
    found = seek(base, {}, chosen, tmp_path)
    counts = watched(found, monkeypatch)
    assert counts == sorted(counts)
    assert 0 < counts[0] < counts[-1]
    assert found.over
    assert not found.problems
    for at in found.frontier:
        beaten = (found.points <= found.points[at]).all(axis=1) & (found.points < found.points[at]).any(axis=1)
        assert not beaten.any()
        moves = found.moves(at, base)
        assert set(moves) == {one.name for one in chosen}
        assert base.moved(moves)
    assert len(rows(found, base)) == len(found.frontier)
    assert frontier_svg(found, "EUR", "").startswith("<svg")


def test_a_search_can_be_stopped(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Law: after the step that is under way nothing more is tried, and what was found stays."""
    found = seek(base, {}, varying(base)[:1], tmp_path)
    counts = watched(found, monkeypatch, stop_at=2)
    assert len(counts) == 2
    assert found.over
    assert len(found.points)
    assert np.isfinite(found.points).all()


def test_a_search_that_breaks_says_so(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Law: a fault of ours ends the search, is told on the page, and is not swallowed."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(room, "search", broken)
    found = seek(base, {}, varying(base)[:1], tmp_path)
    with pytest.raises(RuntimeError, match="planted"):
        found._run()
    assert found.over
    assert "a fault of ours" in found.problems[0]


def test_only_values_that_the_scenario_takes_are_tried(base: Base, tmp_path: Path) -> None:
    """Law: two labels an item need two people, so a search does not ask for one."""
    lever = next(one for one in varying(base) if one.name == "pools.vendor.headcount")
    (variable,) = seek(base, {}, [lever], tmp_path).question.variables
    assert min(variable.numbers) == 2
