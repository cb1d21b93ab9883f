"""Replications beside a search's budget: all on one luck, which neither a choice nor a certificate has seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...sim.crew import Crew, Wanted
from ...sim.line import Line, anonymous, digest
from ...sim.statistics import Floats
from .search import Found, stream_seed

STREAM = 1_000
"""Of luck; a search has a few, counted from 0."""

SHOWN = ("cost", "finish_days", "accuracy", "throughput_per_week", "cycle_time_h")
"""KPIs that are looked at whatever the question is, with those of how busy people are."""

Told = Callable[[int], None]
"""Called with the number of replications made so far."""


class Beside:
    """Runs them, each line's once. kpis: what is watched in each, those of the question first."""

    def __init__(self, found: Found, crew: Crew, told: Told = lambda _: None) -> None:
        question = found.question
        busy = [f"utilisation.{name}" for name in question.pools]
        self.kpis = tuple(dict.fromkeys([*question.kpis, *SHOWN, *busy]))
        self.used = 0
        self._crew, self._told = crew, told
        self._seed = stream_seed(found.rules.seed, STREAM)
        self._known: dict[str, Floats] = {}

    def values(self, lines: Sequence[Line], replications: int, first: int = 0) -> list[Floats]:
        """float[replications, kpis] of each line, those from `first` on; NaN where one has no such KPI."""
        keys = [f"{digest(anonymous(line))} {first} {replications}" for line in lines]
        new = {key: line for key, line in zip(keys, lines, strict=True) if key not in self._known}
        numbers = range(first, first + replications)
        found = self._crew.all_values([Wanted(line, self._seed, numbers, self.kpis) for line in new.values()])
        self._known |= dict(zip(new, found, strict=True))
        self.used += len(new) * replications
        self._told(self.used)
        return [self._known[key] for key in keys]

    def column(self, values: Floats, kpi: str) -> Floats:
        """A KPI by replication."""
        found: Floats = np.ascontiguousarray(values[:, self.kpis.index(kpi)])
        return found
