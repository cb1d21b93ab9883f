"""In what share of projects a promise was kept, and whether that is consistent with what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats

from .projects import Project

P80 = 0.8

LEVEL = 0.99


@dataclass(frozen=True)
class Share:
    """held: projects that cost no more than was promised, of so many."""

    held: int
    of: int

    @property
    def share(self) -> float:
        return self.held / self.of

    @property
    def low(self) -> float:
        """Of the exact 99% interval (Clopper and Pearson)."""
        return float(stats.binomtest(self.held, self.of).proportion_ci(LEVEL).low)

    @property
    def high(self) -> float:
        """The other end."""
        return float(stats.binomtest(self.held, self.of).proportion_ci(LEVEL).high)

    @property
    def holds(self) -> bool:
        """Whether the interval contains 80%."""
        return self.low <= P80 <= self.high


def share_of(projects: Sequence[Project], known: bool) -> Share:
    """known: of the P80 that takes what was fitted as known."""
    return Share(sum(one.cost <= (one.as_fitted if known else one.p80) for one in projects), len(projects))
