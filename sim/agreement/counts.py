"""Counts of units x labels, and what one pass over them says of each unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..jit import jit
from .sums import Counts, Ints, folded

Floats = NDArray[np.float64]


def counts_of(item: ArrayLike, label: ArrayLike, items: int, labels: int) -> Counts:
    """How often each item got each label: int64[items, labels].

    item, label: whole numbers from 0, one of each a row, in any order; a label of -1 is none, and is not counted.
    """
    codes = [np.ascontiguousarray(column, dtype=np.int64) for column in (item, label)]
    assert codes[0].shape == codes[1].shape, "a label belongs to one item"
    counts = np.zeros((items, labels), np.int64)
    assert not _count(codes[0], codes[1], counts), "an item or a label is beyond the numbers that were promised"
    return counts


@jit
def _count(item: Ints, label: Ints, counts: Counts) -> int:
    """Adds the rows, and says how many have no place in the table."""
    items, labels = counts.shape
    beyond = 0
    for row in range(len(item)):
        i, c = item[row], label[row]
        if i < 0 or i >= items or c >= labels or c < -1:
            beyond += 1
        elif c >= 0:
            counts[i, c] += 1
    return beyond


@dataclass(frozen=True, eq=False)
class Units:
    """Counts, and their sums by unit.

    counts: int64[units, labels], no unit without a label, no label that nobody gave.  many: labels of a unit.
    equal: its ordered pairs of equal labels.  totals: by label, over the units that have two labels or more.
    labels: which columns of the counts that these were made of are left.
    """

    counts: Counts
    many: Ints
    equal: Ints
    totals: Ints
    labels: Ints

    @staticmethod
    def of(counts: Counts) -> Units:
        """Of any counts; units without labels are left out, and labels that nobody gave."""
        counts = np.ascontiguousarray(counts, dtype=np.int64)
        many, equal, totals, once = folded(counts)
        labels = np.flatnonzero(totals + once)
        kept = many > 0
        if len(labels) < len(totals) or not bool(kept.all()):
            counts = np.ascontiguousarray(counts[kept][:, labels])
            many, equal, totals = many[kept], equal[kept], totals[labels]
        return Units(counts, many, equal, totals, labels)

    @cached_property
    def compared(self) -> NDArray[np.bool_]:
        """Whether a unit has two labels, and so a pair to compare."""
        return self.many >= 2

    @cached_property
    def comparable(self) -> Units:
        """The units that have two labels or more."""
        if bool(self.compared.all()):
            return self
        one = Units.of(self.counts[self.compared])
        return replace(one, labels=self.labels[one.labels])

    @cached_property
    def shares(self) -> Floats:
        """Share of a unit's pairs of labels that are equal; 0 where there is no pair."""
        shares: Floats = self.equal / np.maximum(self.many * (self.many - 1), 1)
        return shares


@jit
def weighted(counts: Counts, weight: Floats) -> Floats:
    """By unit, the sum of its counts times the weight of each label."""
    units, labels = counts.shape
    sums = np.zeros(units)
    for u in range(units):
        for c in range(labels):
            sums[u] += counts[u, c] * weight[c]
    return sums
