"""What a search has done so far: which replications of which plans gave what. All decisions hang on it alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from ...sim.statistics import Floats
from .question import Plan

CHOOSING = 0
"""The stream of luck that plans are chosen by, the same for all; certificates have streams of their own, 1, 2, .."""


@dataclass(frozen=True)
class Move:
    """What to do next: replications of a plan on a stream of luck, from `first` on.

    looks: how many there are to be in all at each look; after each but the last it is asked whether to go on.
    why: in a word, for the study.
    """

    plan: Plan
    stream: int
    first: int
    looks: tuple[int, ...]
    why: str


@dataclass(frozen=True, eq=False)
class Step:
    """A move that was made. values: float[replications, kpis], those from move.first on.  passed: of a certificate."""

    move: Move
    values: Floats
    passed: bool | None = None


@dataclass
class History:
    """Steps in order, and what they add up to."""

    steps: list[Step] = field(default_factory=list)

    @classmethod
    def of(cls, steps: Iterable[Step]) -> History:
        return cls(list(steps))

    @property
    def used(self) -> int:
        """Replications so far."""
        return sum(len(step.values) for step in self.steps)

    @property
    def plans(self) -> list[Plan]:
        """Plans of which there are replications to choose by, each once, in order."""
        return list(dict.fromkeys(step.move.plan for step in self.steps if step.move.stream == CHOOSING))

    @property
    def certificates(self) -> list[Step]:
        """Certificates, passed or not."""
        return [step for step in self.steps if step.move.stream != CHOOSING]

    def chosen_by(self, plan: Plan) -> Floats:
        """Its replications on the stream that plans are chosen by, float[n, kpis]; n may be 0."""
        return self._of(step for step in self.steps if step.move.plan == plan and step.move.stream == CHOOSING)

    def all_of(self, plan: Plan) -> Floats:
        """Its replications on all streams."""
        return self._of(step for step in self.steps if step.move.plan == plan)

    def _of(self, steps: Iterable[Step]) -> Floats:
        found = [step.values for step in steps]
        return np.concatenate(found) if found else np.zeros((0, 0))
