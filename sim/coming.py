"""What comes when: the moments at which the items of a segment arrive, from its sources, as far ahead as is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .draws import Purpose, where
from .intensity import Intensity, further_moments, joined
from .natures import Eras, Group, era_at
from .plan import ARRIVING, OPEN, RELEASE_SIZE, RELEASED, Plan, SegmentPlan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Stands = Sequence[tuple[int, SegmentPlan]]
"""What a segment is from which moment on; the first is 0."""

NEVER = 1 << 62

AT_ONCE = 1 << 16
"""So many moments are made at a time, until there are as many; then as many again."""


_FIRST = Group(*(np.array([value], np.int64) for value in (0, ARRIVING, 0)))
"""Items that come at random, before a new era begins."""


@dataclass(eq=False)
class Fixed:
    """Items whose moments are known beforehand. at: of each part of the group, rising.  ends: how many there are up to
    and with each part.  taken: how many were."""

    group: Group
    at: Ints
    ends: Ints
    under_way: bool = False
    taken: int = 0
    known: int = NEVER

    def afresh(self, _: int) -> Fixed:
        """The same source before its first item."""
        return Fixed(self.group, self.at, self.ends, self.under_way)

    @property
    def next(self) -> int:
        """When the next item comes; NEVER where there is none."""
        part = int(np.searchsorted(self.ends, self.taken, side="right"))
        return int(self.at[part]) if part < len(self.at) else NEVER

    def coming(self, moment: int) -> int:
        """How many more items come up to and at a moment."""
        part = int(np.searchsorted(self.at, moment, side="right"))
        return (int(self.ends[part - 1]) if part else 0) - self.taken

    def take(self, moment: int) -> Ints:
        """When each of these comes."""
        places = np.arange(self.taken, self.taken + self.coming(moment))
        self.taken += len(places)
        return self.at[np.searchsorted(self.ends, places, side="right")]


@dataclass(eq=False)
class Streamed:
    """Items that come at random. key: of the segment.  rate to exponential, stood, clock: see further_moments.
    ahead: moments that are known and not yet taken.  known: all that come before this moment are among them."""

    key: int
    eras: Eras
    rate: Intensity
    limits: Ints
    until: int
    tick: int
    exponential: Floats
    stream: int = 0
    under_way: bool = False
    taken: int = 0
    known: int = -NEVER
    group: Group = _FIRST
    ahead: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    stood: Ints = field(default_factory=lambda: np.zeros(3, np.int64))
    clock: Floats = field(default_factory=lambda: np.zeros(1))

    def afresh(self, stream: int) -> Streamed:
        """The same source before its first item, for another replication."""
        always = self.key, self.eras, self.rate, self.limits, self.until, self.tick, self.exponential
        return Streamed(*always, stream)

    def look(self, ahead: int) -> None:
        """Makes so many moments known that are not yet taken, or all there are."""
        while self.known < NEVER and len(self.ahead) < ahead:
            self._further(min(ahead - len(self.ahead), max(AT_ONCE, len(self.ahead))))

    def _further(self, wanted: int) -> None:
        times = np.empty(wanted, np.int64)
        found = further_moments(
            self.stream,
            self.key,
            where(Purpose.ARRIVAL),
            ARRIVING,
            *self.rate,
            self.eras.at,
            self.limits,
            self.until,
            self.tick,
            self.exponential,
            self.stood,
            self.clock,
            times,
        )
        self.ahead = np.concatenate([self.ahead, times[:found]])
        self.known = NEVER if found < wanted else int(times[-1])

    @property
    def next(self) -> int:
        """When the next item comes; NEVER where there is none."""
        return int(self.ahead[0]) if len(self.ahead) else NEVER

    def coming(self, moment: int) -> int:
        """How many more items come up to and at a moment, which is before what is known."""
        return int(np.searchsorted(self.ahead, moment, side="right"))

    def take(self, moment: int) -> Ints:
        """When each of these comes."""
        count = self.coming(moment)
        times, self.ahead = self.ahead[:count], self.ahead[count:]
        if count:
            self._into_eras(times)
        self.taken += count
        return times

    def _into_eras(self, times: Ints) -> None:
        """Begins a part of the group at the first item of each new era."""
        for era in range(int(self.group.era[-1]) + 1, int(era_at(self.eras, times[-1:])[0]) + 1):
            place = self.taken + int(np.searchsorted(times, self.eras.at[era], side="left"))
            new = place, ARRIVING + place, era
            self.group = Group(*(np.append(old, value) for old, value in zip(self.group, new, strict=True)))


Source = Fixed | Streamed


def sources(plan: Plan, stands: Stands, eras: Eras) -> list[Source]:
    """Where the items of a segment come from: those under way, the backlog, the releases, the stream; as far as there
    are any, and before the first."""
    segment = stands[0][1]
    opened = {task.item: round(task.arrived_s * 1000) for task in plan.initial if task.segment == segment.name}
    under_way = sorted((at, OPEN + item, 1) for item, at in opened.items())
    fixed = [
        _fixed(eras, under_way, under_way=True),
        _fixed(eras, [(0, 0, segment.backlog)] if segment.backlog else []),
        _fixed(eras, _released(plan, stands)),
    ]
    rate = joined([(at, one.arrivals) for at, one in stands])
    limits = np.array([one.limit for _, one in stands], np.int64)
    streamed = Streamed(segment.key, eras, rate, limits, plan.horizon, plan.tick, plan.exponential)
    return [*(one for one in fixed if one.at.size), streamed]


def look(sources: Sequence[Source], ahead: int) -> None:
    """Makes so many moments of each source known that are not yet taken, or all there are."""
    for source in sources:
        if isinstance(source, Streamed):
            source.look(ahead)


def _fixed(eras: Eras, parts: Sequence[tuple[int, int, int]], under_way: bool = False) -> Fixed:
    """parts: moment, first serial and number of items, in order."""
    at, serial, items = np.array(parts, np.int64).reshape(-1, 3).T.copy()
    ends = np.cumsum(items)
    return Fixed(Group(ends - items, serial, era_at(eras, at)), at, ends, under_way)


def _released(plan: Plan, stands: Stands) -> list[tuple[int, int, int]]:
    """Moment, first serial and number of items of each release, in order of arrival. Of an epoch's releases those hold
    whose date lies in it. A release's serials begin by its place in its list, or after all others if that is taken."""
    kept, taken = [], set[int]()
    ends = [at for at, _ in stands[1:]] + [plan.horizon]
    for (begin, segment), end in zip(stands, ends, strict=True):
        for place, (at, items) in enumerate(segment.releases.tolist()):
            if begin <= at < min(end, plan.horizon):
                place = place if place not in taken else max(taken) + 1
                taken.add(place)
                kept.append((at // plan.tick * plan.tick, place, items))
    return [(at, RELEASED + place * RELEASE_SIZE, items) for at, place, items in sorted(kept) if items]
