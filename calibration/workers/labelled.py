"""Who gave which label to which item, as numbers: what every model of workers is fitted to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ...sim.jit import jit

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int32]
"""Positions while labels are read: half the memory."""

UTF8 = ("utf-8", "surrogatepass")
"""Names in exports are whatever JSON can write, halves of pairs too."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """Labels in the order of items, and of workers within one.

    worker, label: int64[rows], positions in `workers` and `classes`.  start: int64[items + 1], where the rows of each
    item begin.  truth: int64[items], the position of the true class, -1 where it is not known.
    at: int64[rows], a number that grows with the time of labelling; None where no time is known.
    workers, items, classes: their names, each of them in use; classes in the order of numbers if all are numbers, else
    of the alphabet.
    """

    worker: Ints
    label: Ints
    start: Ints
    truth: Ints
    workers: tuple[str, ...]
    items: tuple[str, ...]
    classes: tuple[str, ...]
    at: Ints | None = None

    @property
    def item(self) -> Ints:
        """int64[rows]: the item of each label."""
        return np.repeat(np.arange(len(self.items)), np.diff(self.start))

    def of(self, kept: Bools, rows: Bools | None = None) -> Labelled:
        """The labels of the items that are `kept`, and of those only `rows`; items and workers without labels go.
        Classes stay, so that positions mean the same."""
        item = self.item
        chosen = kept[item] if rows is None else kept[item] & rows
        items, start = np.unique(item[chosen], return_index=True)
        workers, worker = np.unique(self.worker[chosen], return_inverse=True)
        return Labelled(
            worker=worker.astype(np.int64),
            label=self.label[chosen],
            start=np.append(start, int(chosen.sum())).astype(np.int64),
            truth=self.truth[items],
            workers=tuple(self.workers[w] for w in workers),
            items=tuple(self.items[i] for i in items),
            classes=self.classes,
            at=None if self.at is None else self.at[chosen],
        )

    def judged(self) -> Labelled:
        """The labels of items whose truth is known."""
        return self.of(self.truth >= 0)


def labelled(
    worker: npt.ArrayLike,
    item: npt.ArrayLike,
    label: npt.ArrayLike,
    truth: Mapping[str, str] | None = None,
    at: npt.ArrayLike | None = None,
) -> Labelled:
    """Labels by the names of who gave which to what, in any order; a worker labels an item once at most.

    truth: by item, for those where it is known; items without labels in it are ignored, classes that nobody gave are
    not.  at: whole numbers.
    """
    workers, w = _coded(worker)
    items, i = _coded(item)
    given, c = _coded(label)
    known = {name: str(truth[name]) for name in items if name in truth} if truth else {}
    classes = ordered([*given, *known.values()])
    assert len(i), "there is a label"
    place = {name: k for k, name in enumerate(classes)}
    placed = np.array([place[name] for name in given], np.int32)[c]
    order, by, said, start = _in_order(i, w, placed, len(items), len(workers))
    assert not _again(by, start), "a worker labels an item once"
    true = np.full(len(items), -1, np.int64)
    if known:
        true[:] = [place[known[name]] if name in known else -1 for name in items]
    return Labelled(
        worker=by,
        label=said,
        start=start,
        truth=true,
        workers=workers,
        items=items,
        classes=classes,
        at=None if at is None else np.asarray(at, np.int64)[order],
    )


def ordered(names: list[str]) -> tuple[str, ...]:
    """Different names in the order of numbers if all are numbers, else of the alphabet."""
    unique = sorted(set(names))
    values = pd.to_numeric(pd.Series(unique, dtype="object"), errors="coerce")
    if values.notna().all():
        return tuple(name for _, name in sorted(zip(values, unique, strict=True)))
    return tuple(unique)


def _coded(names: npt.ArrayLike) -> tuple[tuple[str, ...], Codes]:
    """(names in the order of the alphabet, the position of each row's). A name is read once, however many rows have it,
    as text: 1 and "1" are one."""
    code, found = _told_apart(np.asarray(names))
    texts = _texts(found)
    order = pc.sort_indices(texts)
    ranked = texts.take(order)
    new = np.ones(len(ranked), np.bool_)
    new[1:] = pc.not_equal(ranked[1:], ranked[:-1]).to_numpy(zero_copy_only=False)
    place = np.empty(len(ranked), np.int32)
    place[order.to_numpy()] = np.cumsum(new) - 1
    return tuple(name.decode(*UTF8) for name in ranked.filter(new).to_pylist()), place[code]


def _told_apart(names: npt.NDArray[np.generic]) -> tuple[Codes | Ints, npt.NDArray[np.generic]]:
    """(the position of each name among the different ones, those). Whole numbers that lie close are counted, as that is
    several times quicker than to look up each."""
    if names.dtype.kind in "iu" and len(names):
        low, high = int(names.min()), int(names.max())
        if high - low < 2 * len(names) and high < 2**63:
            code, there = _numbered(names.astype(np.int64, copy=False), low, high - low + 1)
            return code, np.flatnonzero(there) + low
    return pd.factorize(names, use_na_sentinel=False)


@jit
def _numbered(names: Ints, low: int, span: int) -> tuple[Codes, Bools]:
    """(the rank of each name among those that are there, which of the numbers from `low` on these are: bool[span])."""
    there = np.zeros(span, np.bool_)
    for j in range(names.size):
        there[names[j] - low] = True
    rank, code = np.cumsum(there) - 1, np.empty(names.size, np.int32)
    for j in range(names.size):
        code[j] = rank[names[j] - low]
    return code, there


def _texts(names: npt.NDArray[np.generic]) -> pa.Array:
    """Names as text in UTF-8, whose bytes have the order of the alphabet. Whole numbers are many at once."""
    if names.dtype.kind in "iu":
        return pa.array(names).cast(pa.string()).cast(pa.binary())
    return pa.array([str(name).encode(*UTF8) for name in names.tolist()], pa.binary())


@jit
def _again(worker: Ints, start: Ints) -> bool:
    """Whether a worker stands twice at an item, workers being in order within each."""
    for i in range(start.size - 1):
        for j in range(start[i] + 1, start[i + 1]):
            if worker[j] == worker[j - 1]:
                return True
    return False


@jit
def _in_order(item: Codes, worker: Codes, label: Codes, items: int, workers: int) -> tuple[Codes, Ints, Ints, Ints]:
    """(rows in the order of items, of workers within one: int32[rows]; the worker and the label of each: int64[rows];
    where those of each item begin: int64[items + 1]).

    By counting, first workers, then items, which is much quicker than a general sort.
    """
    rows = item.size
    free, start = np.zeros(workers + 1, np.int64), np.zeros(items + 1, np.int64)
    for j in range(rows):
        free[worker[j] + 1] += 1
        start[item[j] + 1] += 1
    free, start = np.cumsum(free), np.cumsum(start)
    row, of = np.empty(rows, np.int32), np.empty(rows, np.int32)
    for j in range(rows):
        k = free[worker[j]]
        free[worker[j]] += 1
        row[k], of[k] = j, item[j]
    free = start.copy()
    order, by, given = np.empty(rows, np.int32), np.empty(rows, np.int64), np.empty(rows, np.int64)
    for k in range(rows):
        order[free[of[k]]] = row[k]
        free[of[k]] += 1
    for k in range(rows):
        by[k], given[k] = worker[order[k]], label[order[k]]
    return order, by, given, start
