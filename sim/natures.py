"""What items are, one by one from their serials: whose duplicate, of which class, how hard, how many objects.

Every item comes of keyed draws, so nothing of the items before it need be kept: whom a duplicate repeats is found by
drawing once more what the items that it leads to drew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import labels
from .doubt import doubt
from .draws import Purpose, subject, uniform, where
from .jit import jit
from .plan import SegmentPlan
from .quantiles import LENGTH, count, quantile
from .tables import NULL

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Eras(NamedTuple):
    """What a segment says from which moment on, one entry an era. at: the first is 0, and also holds before.

    shares: [era, class], cumulative.  spread, hard, harder, hard_spread, doubt, doubtful, middle, width: as of
    SegmentPlan.
    objects: tables of their number; objects_of: which of them, -1 for one object an item.  due, due_at: NULL for none.
    """

    at: Ints
    duplicates: Floats
    shares: Floats
    spread: Floats
    hard: Floats
    harder: Floats
    hard_spread: Floats
    objects: Floats
    objects_of: Ints
    sample: Floats
    doubt: Floats
    doubtful: Floats
    middle: Floats
    width: Floats
    due: Ints
    due_at: Ints


class Group(NamedTuple):
    """Items of a segment of which a later one may repeat an earlier one, in order; their places begin at 0.

    One entry for each part of consecutive serials and one era: the place and the serial of its first item, and its era.
    """

    place: Ints
    serial: Ints
    era: Ints


class Natures(NamedTuple):
    """Columns as of Releases. root: place of the original in its group, ORIGINAL for none."""

    serial: Ints
    key: Ints
    nature: Ints
    truth: Ints
    difficulty: Floats
    objects: Ints
    root: Ints
    sampled: Bools
    due: Ints


ORIGINAL = -1
"""The `duplicate_of` of an item that repeats no other."""

_REPEATS, _ORIGINAL, _OBJECTS, _SAMPLED = (
    where(purpose) for purpose in (Purpose.REPEATS, Purpose.ORIGINAL, Purpose.OBJECTS, Purpose.SAMPLED)
)


def eras_of(stands: Sequence[tuple[int, SegmentPlan]]) -> Eras:
    """The eras of a segment. stands: from which moment on it is what."""
    segments = [segment for _, segment in stands]
    tables = [segment.objects for segment in segments if segment.objects is not None]
    known = np.array([segment.objects is not None for segment in segments])
    return Eras(
        at=np.array([at for at, _ in stands], np.int64),
        duplicates=np.array([segment.duplicates for segment in segments]),
        shares=np.array([segment.shares for segment in segments]),
        spread=np.array([segment.spread for segment in segments]),
        hard=np.array([segment.hard for segment in segments]),
        harder=np.array([segment.harder for segment in segments]),
        hard_spread=np.array([segment.hard_spread for segment in segments]),
        objects=np.array(tables).reshape(-1, LENGTH),
        objects_of=np.where(known, np.cumsum(known) - 1, -1),
        sample=np.array([segment.sample for segment in segments]),
        doubt=np.array([segment.doubt for segment in segments]),
        doubtful=np.array([segment.doubtful for segment in segments]),
        middle=np.array([segment.middle for segment in segments]),
        width=np.array([segment.width for segment in segments]),
        due=_or_null([segment.due for segment in segments]),
        due_at=_or_null([segment.due_at for segment in segments]),
    )


def era_at(eras: Eras, moments: Ints) -> Ints:
    """The era of each moment."""
    return np.maximum(0, np.searchsorted(eras.at, moments, side="right") - 1).astype(np.int64)


@jit
def natures(
    stream: int, key: int, group: Group, first: int, arrived: Ints, under_way: bool, eras: Eras, normal: Floats
) -> Natures:
    """The items from place `first` of a group on, one for each moment of arrival. key: of the segment.  under_way: they
    are at time zero, so none is a duplicate, and all are in the sample."""
    n = arrived.size
    serial, keys = np.empty(n, np.int64), np.empty(n, np.int64)
    nature, truth = np.empty(n, np.int64), np.empty(n, np.int64)
    difficulty, objects, roots = np.zeros(n), np.ones(n, np.int64), np.full(n, ORIGINAL)
    sampled, due = np.ones(n, np.bool_), np.full(n, NULL)
    part = np.searchsorted(group.place, first, side="right") - 1
    for i in range(n):
        place = first + i
        while part + 1 < group.place.size and group.place[part + 1] <= place:
            part += 1
        era = group.era[part]
        serial[i] = group.serial[part] + place - group.place[part]
        keys[i] = nature[i] = subject(key, serial[i])
        made = era
        if not under_way and _repeats(stream, keys[i], place, eras.duplicates[era]):
            roots[i], nature[i], made = _root(stream, key, group, eras.duplicates, place, keys[i])
        truth[i] = labels.true_class(stream, nature[i], eras.shares[made])
        hardness = eras.spread[made], eras.hard[made], eras.harder[made], eras.hard_spread[made]
        difficulty[i] = labels.difficulty(stream, nature[i], *hardness, normal)
        if eras.objects_of[made] >= 0:
            objects[i] = count(eras.objects[eras.objects_of[made]], uniform(stream, nature[i], _OBJECTS))
        if eras.sample[era] < 1.0 and not under_way:
            sampled[i] = _chosen(uniform(stream, keys[i], _SAMPLED), difficulty[i], eras, era, normal)
        if eras.due[era] != NULL:
            due[i] = arrived[i] + eras.due[era]
        if eras.due_at[era] != NULL:
            due[i] = eras.due_at[era] if due[i] == NULL else min(due[i], eras.due_at[era])
    return Natures(serial, keys, nature, truth, difficulty, objects, roots, sampled, due)


@jit
def _chosen(luck: float, difficulty: float, eras: Eras, era: int, normal: Floats) -> bool:
    """Whether an item is in its segment's sample: by its luck, or where a model doubts it enough."""
    if eras.doubt[era] == 0.0:
        return luck < eras.sample[era]  # type: ignore[no-any-return]
    own = -quantile(normal, luck)
    return doubt(difficulty, eras.middle[era], eras.width[era], eras.doubt[era], own) > eras.doubtful[era]  # type: ignore[no-any-return]


@jit
def _repeats(stream: int, key: int, place: int, chance: float) -> bool:
    """Whether an item repeats one of those before it in its group."""
    return chance > 0.0 and place > 0 and uniform(stream, key, _REPEATS) < chance


@jit
def _root(stream: int, key: int, group: Group, chances: Floats, place: int, item: int) -> tuple[int, int, int]:
    """Place, key and era of the original of a duplicate. It repeats one of the items before it, each being as likely;
    of one that is a duplicate itself, its original counts. item: key of the duplicate."""
    while True:
        place = int(uniform(stream, item, _ORIGINAL) * place)
        part = np.searchsorted(group.place, place, side="right") - 1
        item = subject(key, group.serial[part] + place - group.place[part])
        if not _repeats(stream, item, place, chances[group.era[part]]):
            return place, item, group.era[part]


def _or_null(values: Sequence[int | None]) -> Ints:
    return np.array([NULL if value is None else value for value in values], np.int64)
