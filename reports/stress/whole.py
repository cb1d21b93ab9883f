"""The checklist as a whole: each of its items, answered."""

from __future__ import annotations

from collections.abc import Callable

from ...scenarios.saved import Saved
from . import logic, study
from .item import ITEMS, Block, Item

ANSWERS: dict[str, Callable[[Saved], list[Block]]] = {
    "1.1": logic.purpose,
    "1.2": logic.outputs,
    "1.3": logic.aims,
    "2.1": logic.diagram,
    "2.2": logic.base_logic,
    "2.3": logic.scenario_logic,
    "2.4": logic.algorithms,
    "2.5": logic.components,
    "3.1": study.data_sources,
    "3.2": study.parameters,
    "3.3": study.preprocessing,
    "3.4": study.assumed,
    "4.1": study.initialisation,
    "4.2": study.run_length,
    "4.3": study.estimation,
    "5.1": study.software,
    "5.2": study.sampling,
    "5.3": study.execution,
    "5.4": study.system,
    "6.1": study.access,
}


def stress(saved: Saved) -> tuple[Item, ...]:
    """All items in order, none of them empty."""
    items = tuple(Item(number, tuple(ANSWERS[number](saved))) for number in ITEMS)
    assert all(item.blocks for item in items)
    return items
