"""How much a search may do, and how sure its answer must be."""

from __future__ import annotations

from dataclasses import dataclass

FINAL = 640
"""Replications of a certificate at most."""

LEAST = 100
"""The smallest budget of which something can be certified."""

TRIES = 4
"""Certificates that may be tried: each may err with its part of the chance that is allowed."""

FRONTIER = 8
"""Plans of a frontier that are certified."""


@dataclass(frozen=True)
class Rules:
    """budget: replications in all.  confidence: that every plan returned keeps its goals.  several: whether a frontier
    of several objectives is wanted, in place of one plan."""

    budget: int
    seed: int = 1
    confidence: float = 0.95
    several: bool = False

    def __post_init__(self) -> None:
        assert self.budget >= LEAST
        assert 0.5 < self.confidence < 1.0

    @property
    def tries(self) -> int:
        """Certificates that may be tried."""
        return FRONTIER if self.several else TRIES

    @property
    def last(self) -> int:
        """Replications of a certificate at most."""
        return min(FINAL, max(40, self.budget // (2 * FRONTIER if self.several else TRIES)))

    @property
    def alpha(self) -> float:
        """The chance that each certificate may spend: all of them together err with what confidence leaves."""
        return (1.0 - self.confidence) / self.tries
