"""What a search is asked: which keys may vary over which values, what is wanted, and what every plan must keep."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...sim.line import Goal, Line
from ..nodes import Node

Plan = tuple[int, ...]
"""A plan: for each variable the place of its value, from 0."""


@dataclass(frozen=True)
class Variable:
    """A key that may vary, and its values in order.

    path: of the key.  kind: whole numbers and other numbers rise; choices have no order.  nodes: the values as a file
    would hold them.  texts: as they are shown.  numbers: those of values that are numbers, in one unit; empty for
    choices.  today: the place of what the file says; None where that is not among the values.
    """

    path: str
    kind: Literal["whole", "number", "choice"]
    nodes: tuple[Node, ...]
    texts: tuple[str, ...]
    numbers: tuple[float, ...] = ()
    today: int | None = None

    def __post_init__(self) -> None:
        assert len(self.nodes) == len(self.texts) >= 1
        assert (self.kind == "choice") == (not self.numbers)
        assert all(one < other for one, other in zip(self.numbers, self.numbers[1:], strict=False))


@dataclass(frozen=True)
class Objective:
    """A KPI whose mean is to be as low, or as high, as can be."""

    kpi: str
    better: Literal["low", "high"]

    @property
    def sign(self) -> float:
        """What its values are multiplied by, so that less is better."""
        return 1.0 if self.better == "low" else -1.0


@dataclass(frozen=True)
class Constraint:
    """What every plan must keep. goal: for the mean, or as a chance.  text: as it is shown."""

    goal: Goal
    text: str


@dataclass(frozen=True)
class Question:
    """A search as the file asks it. path, profile: of the scenario.  line: today's plan.  pools: names of all that the
    file has, since a plan's line has those alone that it gives work to.  written: digest of all that the files say,
    since today's line has nothing of what it does not use."""

    path: Path
    profile: Path | None
    line: Line
    variables: tuple[Variable, ...]
    objectives: tuple[Objective, ...]
    constraints: tuple[Constraint, ...]
    pools: tuple[str, ...]
    written: str

    @property
    def kpis(self) -> tuple[str, ...]:
        """All that is watched in a replication, each once."""
        watched = [one.kpi for one in self.objectives] + [one.goal.kpi for one in self.constraints]
        return tuple(dict.fromkeys(watched))
