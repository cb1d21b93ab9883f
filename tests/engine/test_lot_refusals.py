"""Lots that are refused at their first inspection: which, and when, as their items tell it."""

from __future__ import annotations

import dataclasses

from engine.test_lot_switching import inspect, line, released, scripted
from flows import backlog, items, simulate

from labelcast.sim.line import Epoch, Lot, Release

HALF = Lot(2, 1, 0)
"""Of two items one is inspected."""


def test_all_items_of_a_refused_lot_tell_it() -> None:
    """The two items of a lot are done after two minutes and refused a second later, the one that nobody looked at too;
    their second lot, at 242 s, is no first inspection. The third lot is one again."""
    log = simulate(released(line(0, HALF, rounds=1), 0.0, 3600.0))
    assert items(log, "lot", "refused_lot", "refused_at") == [(2, 1, 121.0)] * 2 + [(4, 3, 3721.0)] * 2


def test_a_lot_that_is_accepted_is_not_refused_though_an_item_goes_back() -> None:
    """One wrong item is accepted, two are not."""
    log = simulate(scripted(Lot(2, 2, 1), [1, 0, 2]))
    assert [lot for (lot,) in items(log, "refused_lot")] == [None] * 4 + [3] * 2


def test_an_item_keeps_the_first_lot_that_was_refused() -> None:
    """Item 0, refused alone, comes again with one that is new: half a lot that comes again is a first one."""
    plan = released(line(0, Lot(1, 1, 0), rounds=1), 0.0, many=1)
    grown = Epoch(90.0, stages=(plan.stages[0], inspect(HALF, 1)))
    segments = backlog(0, releases=(Release(0.0, 1), Release(100.0, 1)))
    log = simulate(dataclasses.replace(plan, segments=segments, epochs=(grown,)))
    assert items(log, "refused_lot", "refused_at") == [(1, 61.0), (2, 182.0)]


def test_a_lot_whose_inspection_is_not_over_is_not_refused() -> None:
    """The run ends before the second item is inspected."""
    plan = dataclasses.replace(line(2, Lot(2, 2, 0), seconds=30.0), horizon_s=170.0)
    assert items(simulate(plan), "refused_lot") == [(None,)] * 2
