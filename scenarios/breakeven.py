"""At which value of a key two scenarios cost the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..sim.statistics import Floats, summarise
from .ranges import Range

ROUNDS = 40
"""How often a crossing is looked at more closely at most."""

CLOSE = 1e-4
"""Values so near each other, as a share of the range, are near enough."""

FINER = 20
"""A value between two neighbours is a multiple of a round number that is so many times in their distance."""

JUMP = 20
"""Costs jump where their difference changes so many times as steeply as on either side."""

DROWNED = 0.1
"""A mean difference below so many of its standard errors is looked at no closer."""

RESAMPLES = 2_000
"""Of replications, for the interval of a crossing."""

SEED = 20_261_130


@dataclass(frozen=True, eq=False)
class BreakEven:
    """values: of the key, rising.  costs: float[2, value, replication], in the line's currency, of the first scenario
    and of the second.  crossings: where the cheaper one changes.  names, currency: for whoever reads it.  varied: who
    has the key; the other keeps what it has at all values."""

    over: Range
    names: tuple[str, str]
    currency: str
    values: list[float]
    costs: Floats
    crossings: list[Crossing] = field(default_factory=list)
    varied: tuple[bool, ...] = (True, True)

    @property
    def differences(self) -> Floats:
        """What the second costs more, float[value, replication]; replications share their random numbers."""
        return np.asarray(self.costs[1] - self.costs[0])


@dataclass(frozen=True)
class Crossing:
    """at: the value where mean costs are equal.  low, high: its 95% interval over replications; None where resampled
    means do not cross on that side within the range.  then: place of the scenario that is cheaper above it.
    jump: the neighbouring values between which costs jump from one side to the other, None where they do not."""

    at: float
    low: float | None
    high: float | None
    then: int
    jump: tuple[float, float] | None = None


def break_even(
    over: Range,
    names: tuple[str, str],
    currency: str,
    costs_at: Callable[[float], Floats],
    points: int = 7,
    varied: tuple[bool, ...] = (True, True),
) -> BreakEven:
    """The values where the two cost the same, from `points` of them and some more between those where the sign of the
    mean difference changes.

    costs_at: float[2, replication] of a value; asked once for each, replications with common random numbers.
    Between neighbouring values costs are taken as linear, so that of two tariffs that are, the crossing is exact;
    values close in on it, also where costs jump, and are round ones. The interval is the percentile bootstrap over
    replications (Efron and Tibshirani, An introduction to the bootstrap, chapter 13), each resampled in all values
    together. varied: who has the key.
    """
    found = {value: costs_at(value) for value in over.points(points)}
    for number in range(ROUNDS):
        at = np.array(sorted(found))
        rows = np.stack([found[value][1] - found[value][0] for value in at])
        new = set(_looked_at(at, rows, number, over)) - set(found)
        if not new:
            break
        found |= {value: costs_at(value) for value in sorted(new)}
    values = sorted(found)
    costs = np.stack([found[value] for value in values], axis=1)
    result = BreakEven(over, names, currency, values, costs)
    crossings = _crossings(np.array(values), result.differences)
    return BreakEven(over, names, currency, values, costs, crossings, varied)


def _looked_at(values: Floats, rows: Floats, number: int, over: Range) -> list[float]:
    """Where to look next: between the neighbours of each crossing, in turn where a line through them crosses and in
    their middle, so that a jump is found as well as a bend. No closer where both are near enough, one is zero, or so
    little beside its error that the crossing is known far better than the interval tells."""
    means, found = rows.mean(axis=1), []
    drowned = np.abs(means) < DROWNED * rows.std(axis=1) / rows.shape[1] ** 0.5
    for place in range(len(values) - 1):
        low, high = values[place], values[place + 1]
        least = 1.0 if over.whole else CLOSE * (over.high - over.low)
        if means[place] * means[place + 1] >= 0 or high - low <= least or drowned[place] or drowned[place + 1]:
            continue
        part = means[place] / (means[place] - means[place + 1]) if number % 2 == 0 else 0.5
        at = float(low + part * (high - low))
        at = min(max(at, low + least), high - least) if high - low > 2 * least else float(low + high) / 2
        found.append(over.round(at, (float(low), float(high)), float(high - low) / FINER))
    return found


def _crossings(values: Floats, differences: Floats) -> list[Crossing]:
    zeros = _zeros(values, differences.mean(axis=1))
    rng = np.random.default_rng(SEED)
    count = differences.shape[1]
    drawn: list[list[float]] = [[] for _ in zeros]
    missing = [[0, 0] for _ in zeros]
    for _ in range(RESAMPLES if count > 1 and zeros else 0):
        means = differences[:, rng.integers(0, count, count)].mean(axis=1)
        again = _zeros(values, means)
        for place, (at, then) in enumerate(zeros):
            alike = [other for other, way in again if way == then]
            if alike:
                drawn[place].append(min(alike, key=lambda other: abs(other - at)))
            else:  # one is always cheaper: the crossing lies beyond the end on whose side it would have changed
                missing[place][int((means.mean() > 0) == (then == 1))] += 1
    means = differences.mean(axis=1)
    return [
        Crossing(at, *_interval(drawn[place], missing[place]), then, _jump(values, means, at))
        for place, (at, then) in enumerate(zeros)
    ]


def _jump(values: Floats, means: Floats, at: float) -> tuple[float, float] | None:
    """The neighbours of a crossing where the means change far more steeply between them than on either side."""
    place = int(np.searchsorted(values, at))
    if not 0 < place < len(values) or values[place] == at:
        return None
    slopes = np.abs(np.diff(means) / np.diff(values))
    beside = slopes[max(place - 2, 0) : place + 1].tolist()
    own = beside.pop(place - 1 - max(place - 2, 0))
    return (float(values[place - 1]), float(values[place])) if beside and own > JUMP * max(beside) else None


def _interval(found: list[float], missing: list[int]) -> tuple[float | None, float | None]:
    """Percentiles 2.5 and 97.5 where those beyond the low end and beyond the high end count as such."""
    below, above = missing
    whole = len(found) + below + above
    if not whole:
        return None, None
    ordered = sorted(found)
    low, high = int(0.025 * whole) - below, int(0.975 * whole) - below
    return (
        ordered[low] if 0 <= low < len(ordered) else None,
        ordered[high] if 0 <= high < len(ordered) else None,
    )


def _zeros(values: Floats, means: Floats) -> list[tuple[float, int]]:
    """Where a curve through the means crosses zero, and which scenario (0 or 1) is cheaper above it."""
    found: list[tuple[float, int]] = []
    place = 0
    while place < len(means):
        after = place + 1
        while after < len(means) and means[after] == 0.0:
            after += 1
        if after < len(means) and means[place] * means[after] < 0:
            if after == place + 1:
                part = means[place] / (means[place] - means[after])
                at = values[place] + part * (values[after] - values[place])
            else:
                at = values[place + 1]
            found.append((float(at), 1 if means[after] < 0 else 0))
        place = after
    return found


def means_of(result: BreakEven) -> list[tuple[float, float, float]]:
    """Mean and 95% interval of the difference at each value."""
    found = [summarise(row) for row in result.differences]
    return [(one.mean, one.low, one.high) for one in found]
