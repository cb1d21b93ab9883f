"""The tasks of a log as arrays, for what people did: each is worked out once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..log import ATTEMPTS, Log
from ..tables import NULL, codes, ints, names

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
WEEK_MS = 7 * DAY_MS

NAN = float("nan")

Bools = NDArray[np.bool_]
Found = dict[str, float]
"""KPIs by name."""


@dataclass(frozen=True, eq=False)
class Facts:
    """A log, seen as arrays in the order of the tasks."""

    log: Log
    _columns: dict[str, NDArray[Any]] = field(default_factory=dict)

    def task(self, column: str) -> NDArray[Any]:
        """A column of the tasks: whole numbers with NULL, codes of categories with -1 for null."""
        if column not in self._columns:
            values = self.log.tasks[column]
            self._columns[column] = codes(values) if str(values.dtype) == "category" else ints(values)
        return self._columns[column]

    @cached_property
    def stage(self) -> NDArray[np.signedinteger]:
        """Code of each task's stage."""
        return self.task("stage")

    @cached_property
    def stages(self) -> list[str]:
        """Names of the stages."""
        return names(self.log.tasks["stage"])

    @cached_property
    def pools(self) -> list[str]:
        """Names of the pools."""
        return names(self.log.tasks["pool"])

    @cached_property
    def finished(self) -> Bools:
        """Which tasks are finished."""
        return np.asarray(self.task("finished_at") != NULL)

    @cached_property
    def made(self) -> Bools:
        """Which tasks are labels: finished ones of stages of kind annotate, but attempts; test questions among them."""
        return np.asarray(self.of_kind("annotate") & self.finished & ~self.came_to(*ATTEMPTS))

    @cached_property
    def _outcomes(self) -> list[str]:
        return names(self.log.tasks["outcome"])

    def kind(self, stage: str) -> str:
        """Kind of a stage."""
        return self.log.provenance.roles[stage]

    def of_kind(self, *kinds: str) -> Bools:
        """Which tasks are of stages of these kinds."""
        return np.asarray(np.array([*(self.kind(stage) in kinds for stage in self.stages), False])[self.stage])

    def came_to(self, *outcomes: str) -> Bools:
        """Which tasks have one of these outcomes."""
        named = [name in outcomes for name in self._outcomes]
        if not any(named):
            return np.zeros(len(self.stage), np.bool_)
        return np.asarray(np.array([*named, False])[self.task("outcome")])


def over(part: float, whole: float) -> float:
    """part / whole, NaN where there is no whole."""
    return part / whole if whole else NAN
