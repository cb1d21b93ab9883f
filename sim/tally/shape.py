"""What a tally is of: the names behind the codes of its rows, and what they mean to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..line import JUDGES, MACHINE
from ..log import ATTEMPTS, DROPPED, LOST, OUTCOMES
from ..tables import NULL

Ints = NDArray[np.int64]

ANNOTATES, JUDGES_LABELS, INSPECTS, ADJUDICATES, SUGGESTS, BY_MACHINE = 1, 2, 4, 8, 16, 32
"""What a stage does: bits of Marks.stage."""

ATTEMPT, ACCEPTED, REJECTED, LATE, TAKEN, IN_VAIN, LEFT, PUT_AWAY = 1, 2, 4, 8, 16, 32, 64, 128
"""What an outcome means, LATE: surplus, TAKEN: escalated, IN_VAIN: its time is lost, LEFT: skipped, PUT_AWAY: asked.
Bits of Marks.outcome."""


class Marks(NamedTuple):
    """A shape in numbers, for machine code.

    stage: bits.  promise: by stage, ms, NULL where nothing is promised.  outcome: bits by code, one more for code -1.
    classes: how many.  unsampled, duplicate: codes of dropped_as, -2 where it has no such name.
    """

    stage: Ints
    promise: Ints
    outcome: Ints
    classes: int
    unsampled: int
    duplicate: int


@dataclass(frozen=True)
class Shape:
    """Names in the order of their codes.

    kinds: of each stage.  classes: of labels, final labels, truths and suggestions.  promises: by stage, ms from an
    item's coming in which its task is to be finished.  hours: curves are kept from hour 0 to this one.
    """

    segments: tuple[str, ...]
    stages: tuple[str, ...]
    kinds: tuple[str, ...]
    pools: tuple[str, ...]
    classes: tuple[str, ...]
    promises: Mapping[str, int] = field(default_factory=dict)
    hours: int = 0
    outcomes: tuple[str, ...] = OUTCOMES
    dropped_as: tuple[str, ...] = DROPPED

    def of_kind(self, *kinds: str) -> list[tuple[int, str]]:
        """Code and name of the stages of these kinds."""
        return [(code, name) for code, name in enumerate(self.stages) if self.kinds[code] in kinds]

    @cached_property
    def marks(self) -> Marks:
        """It in numbers."""
        bits = (
            (ANNOTATES, ("annotate",)),
            (JUDGES_LABELS, JUDGES),
            (INSPECTS, ("inspect",)),
            (ADJUDICATES, ("adjudicate",)),
            (SUGGESTS, ("prelabel",)),
            (BY_MACHINE, MACHINE),
        )
        meaning = (
            (ATTEMPT, ATTEMPTS),
            (ACCEPTED, ("accepted",)),
            (REJECTED, ("rejected",)),
            (LATE, ("surplus",)),
            (TAKEN, ("escalated",)),
            (IN_VAIN, LOST),
            (LEFT, ("skipped",)),
            (PUT_AWAY, ("asked",)),
        )
        return Marks(
            np.array([sum(bit for bit, kinds in bits if kind in kinds) for kind in self.kinds], np.int64),
            np.array([self.promises.get(stage, NULL) for stage in self.stages], np.int64),
            np.array([*(sum(bit for bit, those in meaning if name in those) for name in self.outcomes), 0], np.int64),
            len(self.classes),
            self._why("unsampled"),
            self._why("duplicate"),
        )

    def _why(self, name: str) -> int:
        return self.dropped_as.index(name) if name in self.dropped_as else -2
