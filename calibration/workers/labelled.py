"""Who gave which label to which item, as numbers: what every model of workers is fitted to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress
from operator import ne

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...sim.jit import jit

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


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
    order = _order(i, w, len(items), len(workers))
    of, start = w[order], np.concatenate([[0], np.cumsum(np.bincount(i, minlength=len(items)))]).astype(np.int64)
    assert not _again(of, start), "a worker labels an item once"
    place = {name: k for k, name in enumerate(classes)}
    true = np.full(len(items), -1, np.int64)
    if known:
        true[:] = [place[known[name]] if name in known else -1 for name in items]
    return Labelled(
        worker=of,
        label=np.array([place[name] for name in given], np.int64)[c[order]],
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


def _coded(names: npt.ArrayLike) -> tuple[tuple[str, ...], Ints]:
    """(names in the order of the alphabet, the position of each row's). A name is read once, however many rows have it,
    as text: 1 and "1" are one."""
    code, found = pd.factorize(np.asarray(names), use_na_sentinel=False)
    texts = [str(name) for name in found.tolist()]
    order = sorted(range(len(texts)), key=texts.__getitem__)
    ranked = [texts[k] for k in order]
    new = np.array([True, *map(ne, ranked[1:], ranked[:-1])])[: len(ranked)]
    place = np.empty(len(ranked), np.int64)
    place[order] = np.cumsum(new) - 1
    return tuple(compress(ranked, new)), place[code]


@jit
def _again(worker: Ints, start: Ints) -> bool:
    """Whether a worker stands twice at an item, workers being in order within each."""
    for i in range(start.size - 1):
        for j in range(start[i] + 1, start[i + 1]):
            if worker[j] == worker[j - 1]:
                return True
    return False


@jit
def _order(first: Ints, second: Ints, firsts: int, seconds: int) -> Ints:
    """Rows in the order of the first number, then of the second; by counting, much quicker than a general sort."""
    order = np.arange(first.size)
    placed = np.empty_like(order)
    for number, many in ((second, seconds), (first, firsts)):
        next_ = np.zeros(many + 1, np.int64)
        for j in range(number.size):
            next_[number[j] + 1] += 1
        for k in range(many):
            next_[k + 1] += next_[k]
        for j in range(order.size):
            row = order[j]
            placed[next_[number[row]]] = row
            next_[number[row]] += 1
        order, placed = placed, order
    return order
