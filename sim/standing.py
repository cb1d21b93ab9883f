"""How a line stood at a moment of its log: what waits, what is in hand, and what people have done so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class InHand:
    """A task that somebody of the staff has begun. replica: which label.  begun_ms: from the line's start.
    spent_s: active seconds so far."""

    replica: int
    pool: str
    slot: int
    begun_ms: int
    spent_s: float


@dataclass(frozen=True)
class Waits:
    """An item that was begun and is not delivered, at the stage where it stands.

    item: its number in the log.  came_ms, since_ms: when it came, and since when it stands there, from the line's
    start.  given: (pool, slot) of whose labels it has in this round.  wanted: replicas that wait for somebody.
    """

    item: int
    segment: str
    stage: str
    came_ms: int
    since_ms: int
    round: int
    given: tuple[tuple[str, int], ...]
    wanted: tuple[int, ...]
    in_hand: tuple[InHand, ...] = ()


@dataclass(frozen=True)
class Pace:
    """Timed tasks of one person at one stage, of one segment. log_s: sum of the logarithms of their active seconds.
    practised: sum of log(1 + tasks done before)."""

    stage: str
    segment: str
    tasks: int
    log_s: float
    practised: float


@dataclass(frozen=True)
class Judged:
    """Labels of one person that one pool of judges looked at, of one segment; only labels that were an item's only
    one."""

    by: str
    segment: str
    labels: int
    rejected: int


@dataclass(frozen=True)
class Person:
    """Somebody of the staff. tasks: done so far, of all stages that the pool serves."""

    pool: str
    slot: int
    tasks: int
    pace: tuple[Pace, ...] = ()
    judged: tuple[Judged, ...] = ()


@dataclass(frozen=True)
class Standing:
    """How a line stood at a moment. at_ms: from its start.  begun: by segment, items that somebody had taken up.
    delivered: by segment, items."""

    at_ms: int
    begun: Mapping[str, int]
    delivered: Mapping[str, int]
    waits: tuple[Waits, ...]
    people: tuple[Person, ...]
