"""Which items there are: when each arrives, what it truly is, and whether it is labelled at all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .draws import Purpose, subject, uniform, where
from .intensity import joined, limited_moments
from .jit import jit
from .labels import draw_items
from .plan import ARRIVING, OPEN, RELEASE_SIZE, RELEASED, Plan, SegmentPlan
from .quantiles import count
from .sampling import chosen
from .tables import NULL

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ORIGINAL = -1
"""The `duplicate_of` of an item that repeats no other."""

Eras = tuple[tuple[int, SegmentPlan], ...]
"""What a segment is from which moment on; the first is 0."""


class Releases(NamedTuple):
    """The items of one replication in order of arrival (ties: items under way first, then segment, then serial). Arrays
    of one length.

    arrived: milliseconds; items under way at time zero come first.  segment: position.  key: of the item's own draws.
    nature: key of what the item is, by which truth, difficulty, attractor and objects are drawn: that of its original
    for a duplicate, else its own.  truth: true class.  difficulty: logits.  objects: 1 where the segment says nothing.
    duplicate_of: number of the original, which is none itself and has a lower number; ORIGINAL for none.
    sampled: whether it is labelled at all.  due: milliseconds, NULL for no date.
    """

    arrived: Ints
    segment: Ints
    serial: Ints
    key: Ints
    nature: Ints
    truth: Ints
    difficulty: Floats
    objects: Ints
    duplicate_of: Ints
    sampled: Bools
    due: Ints


def releases(plan: Plan, stream: int) -> Releases:
    """All items that arrive before the horizon."""
    parts, total = [], 0
    for number in range(len(plan.segments)):
        part = _of_segment(plan, number, stream)
        parts.append(part._replace(duplicate_of=part.duplicate_of + total))
        total += part.arrived.size
    whole = Releases._make(np.concatenate(column) for column in zip(*parts, strict=True))
    under_way = (whole.serial >= OPEN) & (whole.serial < RELEASED)
    order = np.lexsort((whole.serial, whole.segment, whole.arrived * 2 + ~under_way))
    number_of = np.empty(total, np.int64)
    number_of[order] = np.arange(total)
    repeats = whole.duplicate_of != np.arange(total)
    duplicate_of = np.where(repeats, number_of[whole.duplicate_of], ORIGINAL)
    sampled = _sampled(plan, stream, whole, under_way)
    whole = whole._replace(duplicate_of=duplicate_of, sampled=sampled)
    return Releases._make(column[order] for column in whole)


def _sampled(plan: Plan, stream: int, items: Releases, under_way: Bools) -> Bools:
    """The sample of the line is drawn from what the samples of the segments leave. What is under way goes on."""
    sampled = items.sampled
    if plan.line.sampling is not None:
        frame = np.flatnonzero(sampled & ~under_way)
        draws = _uniforms(stream, items.key[frame], where(Purpose.CHOSEN))
        sampled = np.zeros(sampled.size, np.bool_)
        sampled[frame] = chosen(plan.line, plan.line.sampling, items.segment[frame], draws)
    return sampled | under_way


def _of_segment(plan: Plan, number: int, stream: int) -> Releases:
    """The items of a segment: those under way, the backlog, the releases, the stream. Here duplicate_of is the place of
    the original among them, its own place for an item that is none."""
    eras = _eras(plan, number)
    segment = eras[0][1]
    opened = {task.item: round(task.arrived_s * 1000) for task in plan.initial if task.segment == segment.name}
    numbers = np.array(sorted(opened), np.int64)
    backlog = np.arange(segment.backlog, dtype=np.int64)
    streamed = _stream(plan, eras, stream)
    groups = [
        (np.array([opened[item] for item in numbers.tolist()], np.int64), OPEN + numbers),
        (np.zeros(backlog.size, np.int64), backlog),
        _released(plan, eras),
        (streamed, ARRIVING + np.arange(streamed.size, dtype=np.int64)),
    ]
    arrived, serial = (np.concatenate(column) for column in zip(*groups, strict=True))
    key = _keys(segment.key, serial)
    era = np.maximum(0, np.searchsorted([at for at, _ in eras], arrived, side="right") - 1)
    chances = np.array([part.duplicates for _, part in eras])[era]
    chances[: numbers.size] = 0.0
    first = np.repeat(np.cumsum([0] + [a.size for a, _ in groups[:-1]]), [a.size for a, _ in groups])
    root = _roots(stream, key, chances, first, where(Purpose.REPEATS), where(Purpose.ORIGINAL))
    nature = key[root]
    items = Releases(
        arrived=arrived,
        segment=np.full(arrived.size, number, np.int64),
        serial=serial,
        key=key,
        nature=nature,
        truth=np.zeros(arrived.size, np.int64),
        difficulty=np.zeros(arrived.size),
        objects=np.ones(arrived.size, np.int64),
        duplicate_of=root,
        sampled=np.ones(arrived.size, np.bool_),
        due=np.full(arrived.size, NULL, np.int64),
    )
    for place, (_, part) in enumerate(eras):
        _fill(plan, stream, part, items, era == place, era[root] == place)
    return items


def _fill(plan: Plan, stream: int, segment: SegmentPlan, items: Releases, own: Bools, made: Bools) -> None:
    """Writes what an era says: of the items that arrived in it (own), and of those whose original did (made)."""
    natures = items.nature[made]
    items.truth[made], items.difficulty[made] = draw_items(
        stream,
        natures,
        where(Purpose.TRUTH),
        where(Purpose.DIFFICULTY),
        segment.shares,
        segment.spread,
        plan.normal,
    )
    if segment.objects is not None:
        items.objects[made] = _counts(stream, natures, where(Purpose.OBJECTS), segment.objects)
    if segment.sample < 1.0:
        items.sampled[own] = _uniforms(stream, items.key[own], where(Purpose.SAMPLED)) < segment.sample
    if segment.due is not None:
        items.due[own] = items.arrived[own] + segment.due
    if segment.due_at is not None:
        late = items.due[own]
        items.due[own] = np.where(late == NULL, segment.due_at, np.minimum(late, segment.due_at))


def _eras(plan: Plan, number: int) -> Eras:
    eras = [(0, plan.segments[number])]
    for stand in plan.stands[1:]:
        if stand.segments[number] is not eras[-1][1]:
            eras.append((stand.at, stand.segments[number]))
    return tuple(eras)


def _released(plan: Plan, eras: Eras) -> tuple[Ints, Ints]:
    """Moments and serials of released items, in order of arrival. Of an epoch's releases those hold whose date lies in
    it. A release's serials begin by its place in its list, or after all others if that is taken."""
    moments, serials, taken = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], set[int]()
    ends = [at for at, _ in eras[1:]] + [plan.horizon]
    kept = []
    for (begin, segment), end in zip(eras, ends, strict=True):
        for place, (at, items) in enumerate(segment.releases.tolist()):
            if begin <= at < min(end, plan.horizon):
                place = place if place not in taken else max(taken) + 1
                taken.add(place)
                kept.append((at // plan.tick * plan.tick, place, items))
    for at, place, items in sorted(kept):
        moments.append(np.full(items, at, np.int64))
        serials.append(RELEASED + place * RELEASE_SIZE + np.arange(items, dtype=np.int64))
    return np.concatenate(moments), np.concatenate(serials)


def _stream(plan: Plan, eras: Eras, stream: int) -> Ints:
    """Times of the arrivals."""
    rate = joined([(at, segment.arrivals) for at, segment in eras])
    return limited_moments(
        stream,
        eras[0][1].key,
        where(Purpose.ARRIVAL),
        ARRIVING,
        *rate,
        np.array([at for at, _ in eras], np.int64),
        np.array([segment.limit for _, segment in eras], np.int64),
        plan.horizon,
        plan.tick,
        plan.exponential,
    )


@jit
def _keys(segment_key: int, serials: Ints) -> Ints:
    keys = np.empty(serials.size, np.int64)
    for i in range(serials.size):
        keys[i] = subject(segment_key, serials[i])
    return keys


@jit
def _uniforms(stream: int, keys: Ints, place: int) -> Floats:
    draws = np.empty(keys.size)
    for i in range(keys.size):
        draws[i] = uniform(stream, keys[i], place)
    return draws


@jit
def _counts(stream: int, keys: Ints, place: int, table: Floats) -> Ints:
    counts = np.empty(keys.size, np.int64)
    for i in range(keys.size):
        counts[i] = count(table, uniform(stream, keys[i], place))
    return counts


@jit
def _roots(stream: int, keys: Ints, chances: Floats, first: Ints, repeats_at: int, original_at: int) -> Ints:
    """Place of each item's root original, its own for an item that repeats none.

    An item repeats, with its chance, one of the items from place first[i] on that come before it, each being as likely;
    of one that is a duplicate itself, its original counts.
    """
    root = np.arange(keys.size)
    for i in range(keys.size):
        earlier = i - first[i]
        if chances[i] > 0.0 and earlier > 0 and uniform(stream, keys[i], repeats_at) < chances[i]:
            root[i] = root[first[i] + int(uniform(stream, keys[i], original_at) * earlier)]
    return root
