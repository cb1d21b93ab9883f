"""Votes counted one label at a time: every way in which a rule can end, and how likely wrong labels make it.

A count is (right labels, wrong labels by class, the greatest first): wrong classes are alike, so their names do not
matter. Which counts there are hangs on the rule and the number of classes alone; the chance that a label is right is a
factor p^right (1 - p)^wrong of each, and is left out here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .network import Floats

EXACT = 20
"""Labels up to which all wrong classes are counted; beyond them, the FOREMOST that then lead, and the others lumped, as
if they could not catch up: there are millions of counts of a hundred labels."""

FOREMOST = 2

Count = tuple[int, tuple[int, ...]]
Stops = Callable[[int, tuple[int, ...]], bool]
"""Whether a rule has enough of labels: (right labels, wrong labels by class)."""


class Step(NamedTuple):
    """One more label. source, target: int64[moves], counts before and after it.  ways, seen: float64[moves], wrong
    classes that make the move, and how many labels they have.  wrong: float64[moves], wrong labels before it.
    right: int64[counts], right labels after it.  ends: float64[counts, 4], what the count ends as: right, wrong, tied,
    and the chance that one of the tied at random is right; zero where it does not end."""

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    ways: Floats
    seen: Floats
    wrong: Floats
    right: NDArray[np.int64]
    ends: Floats


def steps(stops: Stops, first: int, most: int, others: int) -> tuple[Step, ...]:
    """All counts that a rule can meet, label by label: `first` at once, then until it stops or `most` are in.

    others: number of wrong classes, at least 1.
    """
    found: list[Step] = []
    going: list[tuple[int, Count]] = [(0, (0, ()))]
    while going:
        label = len(found) + 1
        places: dict[Count, int] = {}
        moves = [
            (source, places.setdefault(after, len(places)), ways, seen, wrong)
            for source, count in going
            for after, ways, seen, wrong in _after(count, label, others)
        ]
        over = [label == most or (label >= first and stops(*count)) for count in places]
        ends = [end(*count) if done else (0.0,) * 4 for count, done in zip(places, over, strict=True)]
        table: Floats = np.array(moves, np.float64)
        source, target = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
        right = np.array([r for r, _ in places], np.int64)
        found.append(Step(source, target, table[:, 2], table[:, 3], table[:, 4], right, np.array(ends)))
        going = [(place, count) for (count, place), done in zip(places.items(), over, strict=True) if not done]
    return tuple(found)


def _after(count: Count, label: int, others: int) -> Iterator[tuple[Count, int, int, int]]:
    """(count with one label more, classes that make it, labels that they have, wrong labels before)."""
    right, votes = count
    wrong = label - 1 - right
    kept = others if label <= EXACT else FOREMOST
    votes = votes[:kept]
    yield (right + 1, votes), others, wrong, wrong  # all wrong classes and labels: a factor of one
    for n in dict.fromkeys(votes):
        place, ways = votes.index(n), votes.count(n)
        yield (right, (*votes[:place], n + 1, *votes[place + 1 :])), ways, ways * n, wrong
    if len(votes) < others:
        yield (right, (*votes, 1)[:kept]), others - len(votes), wrong - sum(votes), wrong


def end(right: int, votes: tuple[int, ...]) -> tuple[float, float, float, float]:
    """(right, wrong, tied, tied and one of the tied at random is right) of a count."""
    top = max(right, *votes, 0)
    ways = votes.count(top) + (right == top)
    if ways > 1:
        return 0.0, 0.0, 1.0, (1.0 / ways if right == top else 0.0)
    return float(right == top), float(right < top), 0.0, 0.0


def ended(walk: tuple[Step, ...], others: int, attractor: float) -> Floats:
    """float64[4, n, n]: how often a rule ends right, wrong, tied, tied and right by lot, by numbers of right and wrong
    labels, n above any of them, each to be multiplied by p^right (1 - p)^wrong.

    attractor: kappa, above 0; infinity where wrong labels do not know of each other.
    """
    found = np.zeros((4, len(walk) + 1, len(walk) + 1))
    chance: Floats = np.ones(1)
    for label, step in enumerate(walk, 1):
        factor = step.ways / others
        if np.isfinite(attractor):
            factor = (factor * attractor + step.seen) / (attractor + step.wrong)
        chance = np.bincount(step.target, chance[step.source] * factor, step.right.size).astype(np.float64)
        for kind in range(4):
            sums = np.bincount(step.right, step.ends[:, kind] * chance, label + 1)
            found[kind, np.arange(label + 1), label - np.arange(label + 1)] += sums
    return found
