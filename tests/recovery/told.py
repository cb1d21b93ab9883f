"""What a fit tells of a random line of known truth, and how often its intervals hold that."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import stats

from labelcast.calibration.fit import Parameter
from labelcast.sim.statistics import Summary, coverage

LEVEL = 0.95


class Told(NamedTuple):
    """Of one kind of parameter: what the line was made with, and what was fitted; no interval: None."""

    kind: str
    truth: float
    value: float
    low: float | None
    high: float | None

    @classmethod
    def of(cls, kind: str, truth: float, found: Parameter) -> Told:
        """Of a parameter of a profile."""
        return cls(kind, truth, found.value, found.low, found.high)


@dataclass(frozen=True)
class Source:
    """Random logs of one make. kinds: of parameters, with what the truth of each is.  logs: of the long proof.
    quick: of `make verify`, 0 for none.  draw: a log's parameters, from its own generator.
    seed: the first word of every generator's."""

    name: str
    kinds: Mapping[str, str]
    logs: int
    quick: int
    draw: Callable[[np.random.Generator], Iterable[Told]]
    seed: int


@dataclass
class Count:
    """Of a kind: logs that told it with an interval, those whose interval holds the truth, those whose interval lies
    below and above it."""

    told: int = 0
    inside: int = 0
    below: int = 0
    above: int = 0

    def add(self, one: Told) -> None:
        """Counts one log."""
        if one.low is None or one.high is None:
            return
        assert one.low <= one.value <= one.high, one
        self.told += 1
        self.below += one.high < one.truth
        self.above += one.low > one.truth
        self.inside += one.low <= one.truth <= one.high

    @property
    def share(self) -> Summary:
        """Of the intervals, that hold the truth, with its exact 99% interval."""
        return coverage(self.inside, self.told)


def counted(source: Source, logs: int, first: int = 0) -> dict[str, Count]:
    """Counts by kind over logs `first`, `first` + 1, ...; the same for the same numbers."""
    out: dict[str, Count] = defaultdict(Count)
    for number in range(first, first + logs):
        seen: Counter[str] = Counter()
        for one in source.draw(np.random.default_rng((source.seed, number))):
            assert one.kind in source.kinds, one
            seen[one.kind] += 1
            out[one.kind].add(one)
        assert max(seen.values(), default=1) == 1, "one of a kind a log, so that logs are independent cases"
    return out


def lot(rng: np.random.Generator, many: list[Told]) -> Iterable[Told]:
    """One of parameters of a kind that stand side by side in a log and share its luck; none of none."""
    return [many[int(rng.integers(len(many)))]] if many else []


def least(logs: int) -> int:
    """As many of so many intervals as honest ones hold the truth in, but in one case of a thousand."""
    return int(stats.binom.ppf(0.001, logs, LEVEL))
