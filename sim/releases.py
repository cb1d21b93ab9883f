"""Which items there are: when each arrives, what it truly is, and whether it is labelled at all.

All at once, or in blocks of some thousands as they come, so that a long run need not hold its items.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .coming import NEVER, Source, Stands, look, sources
from .draws import Purpose, uniform, where
from .jit import jit
from .natures import ORIGINAL, Eras, eras_of, natures
from .once import once
from .plan import Plan
from .sampling import chosen, most_doubtful
from .tables import rank

__all__ = ["ORIGINAL", "Releases", "blocks", "releases"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


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
    segments = _segments(plan, stream)
    for one in segments:
        look(one.sources, NEVER)
    parts: list[Releases] = []
    ways: list[Bools] = [np.zeros(0, np.bool_)]
    total = 0
    for one in segments:
        for source, part in one.take(plan, stream, NEVER):
            root = part.duplicate_of
            parts.append(part._replace(duplicate_of=np.where(root >= 0, root + total, ORIGINAL)))
            ways.append(np.full(root.size, source.under_way))
            total += root.size
    whole, under_way = _joined(parts), np.concatenate(ways)
    if plan.line.sampling is not None:
        whole = whole._replace(sampled=_sampled(plan, stream, whole, under_way))
    order = _order(whole, under_way)
    if order is None:
        return whole
    number_of = np.empty(total, np.int64)
    number_of[order] = np.arange(total)
    duplicate_of = np.where(whole.duplicate_of >= 0, number_of[whole.duplicate_of], ORIGINAL)
    return Releases._make(column[order] for column in whole._replace(duplicate_of=duplicate_of))


def blocks(plan: Plan, stream: int, size: int) -> Iterator[Releases]:
    """The same items in the same order, in blocks of at most `size`; only items that come in one millisecond are never
    parted, so a backlog is one block. Blocks are made as they are asked for, and hold no more than they say.

    duplicate_of: ORIGINAL, or any number from 0 on for an item that repeats another; the rest is as in `releases`.
    A sample of the whole line is drawn from all its items: there they are made at once, and only parted here.
    """
    assert size > 0
    if plan.line.sampling is not None:
        yield from _parted(releases(plan, stream), size)
        return
    segments = _segments(plan, stream)
    everything = [source for one in segments for source in one.sources]
    while (moment := _cut(everything, size)) is not None:
        taken = [pair for one in segments for pair in one.take(plan, stream, moment)]
        if len(taken) == 1:
            yield taken[0][1]  # of one source they are in order
            continue
        block = _joined([part for _, part in taken])
        order = _order(block, np.concatenate([np.full(part.key.size, source.under_way) for source, part in taken]))
        yield block if order is None else Releases._make(column[order] for column in block)


@dataclass(frozen=True, eq=False)
class _Segment:
    number: int
    key: int
    eras: Eras
    sources: list[Source]

    def take(self, plan: Plan, stream: int, moment: int) -> Iterator[tuple[Source, Releases]]:
        """The items that come up to and at a moment, by source. Here duplicate_of is a place in the source."""
        for source in self.sources:
            first, arrived = source.taken, source.take(moment)
            if not arrived.size:
                continue
            found = natures(stream, self.key, source.group, first, arrived, source.under_way, self.eras, plan.normal)
            serial, keys, nature, truth, difficulty, objects, root, sampled, due = found
            segment = np.full(arrived.size, self.number, np.int64)
            columns = (arrived, segment, serial, keys, nature, truth, difficulty, objects, root, sampled, due)
            yield source, Releases(*columns)


def _segments(plan: Plan, stream: int) -> list[_Segment]:
    return [replace(one, sources=[source.afresh(stream) for source in one.sources]) for one in _at_first(plan)]


@once
def _at_first(plan: Plan) -> list[_Segment]:
    """The segments before any item."""
    found = []
    for number, segment in enumerate(plan.segments):
        stands = _stands(plan, number)
        eras = eras_of(stands)
        found.append(_Segment(number, segment.key, eras, sources(plan, stands, eras)))
    return found


def _stands(plan: Plan, number: int) -> Stands:
    stands = [(0, plan.segments[number])]
    for stand in plan.stands[1:]:
        if stand.segments[number] is not stands[-1][1]:
            stands.append((stand.at, stand.segments[number]))
    return stands


def _cut(sources: Sequence[Source], size: int) -> int | None:
    """The last moment up to which at most `size` items come, or else the next at which any does; None after all."""
    ahead = size + 1
    look(sources, ahead)
    while (first := min(source.next for source in sources)) >= min(source.known for source in sources):
        if first == NEVER:
            return None
        ahead *= 2  # so many come at the first moment that there may be more
        look(sources, ahead)
    known = min(source.known for source in sources)
    some = [source for source in sources if source.next < known]
    if sum(source.coming(known - 1) for source in some) <= size:
        return known - 1
    after = bisect_right(range(first, known), size, key=lambda at: sum(source.coming(at) for source in some))
    return first + max(0, after - 1)


def _joined(parts: Sequence[Releases]) -> Releases:
    if len(parts) == 1:
        return parts[0]
    if not parts:
        none, flags = np.zeros(0, np.int64), np.zeros(0, np.bool_)
        return Releases(none, none, none, none, none, none, np.zeros(0), none, none, flags, none)
    return Releases._make(np.concatenate(column) for column in zip(*parts, strict=True))


def _order(items: Releases, under_way: Bools) -> NDArray[np.intp] | None:
    """The order of arrival; None where it is that already."""
    return rank([items.arrived * 2 + ~under_way, items.segment, items.serial])


def _parted(items: Releases, size: int) -> Iterator[Releases]:
    """The items in blocks of about `size`, never parted within a moment."""
    begin, count = 0, items.arrived.size
    while begin < count:
        end = min(begin + size, count)
        if end < count:
            here = int(np.searchsorted(items.arrived, items.arrived[end], side="left"))
            end = here if here > begin else int(np.searchsorted(items.arrived, items.arrived[end], side="right"))
        yield Releases._make(column[begin:end] for column in items)
        begin = end


def _sampled(plan: Plan, stream: int, items: Releases, under_way: Bools) -> Bools:
    """The sample of the line is drawn from what the samples of the segments leave. What is under way goes on."""
    assert plan.line.sampling is not None
    frame = np.flatnonzero(items.sampled & ~under_way)
    draws = _uniforms(stream, items.key[frame], where(Purpose.CHOSEN))
    sampled = under_way.copy()
    if plan.line.sampling.allocate == "doubt":
        sampled[frame] = most_doubtful(plan.line, items.segment[frame], items.difficulty[frame], draws)
    else:
        sampled[frame] = chosen(plan.line, plan.line.sampling, items.segment[frame], draws)
    return sampled


@jit
def _uniforms(stream: int, keys: Ints, place: int) -> Floats:
    draws = np.empty(keys.size)
    for i in range(keys.size):
        draws[i] = uniform(stream, keys[i], place)
    return draws
