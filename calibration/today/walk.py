"""Where the items of a log stand: each is led along its line by what was done on it, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from ...sim.line import DELIVER, JUDGES, MACHINE, Line, Stage
from .seen import Seen

SEED = 20_260_601
"""Of the ways by chance that a log does not tell."""


class Row(NamedTuple):
    """A finished task as the log has it; columns as of Seen.rows."""

    item: int
    stage: str
    pool: str
    number: int
    begin_ms: int
    end_ms: int
    rejected: bool


class Done(NamedTuple):
    """A finished task as the line has it. round, replica, enqueued_ms: what the log does not say itself.  outcome: in
    the words of a log (see sim/log.py)."""

    item: int
    stage: str
    round: int
    replica: int
    pool: str
    number: int
    enqueued_ms: int
    begin_ms: int
    end_ms: int
    outcome: str


@dataclass
class Place:
    """Where an item stands. stage: DELIVER for one that is delivered.  since_ms: since when.  given: (pool, number) of
    the labels of the round.  ways: stages at which the line may have its next task, of those by chance too.  judged:
    reviews of the round.  test: the answer to a test question, which is over with it."""

    item: int
    segment: str
    came_ms: int
    stage: str
    since_ms: int
    round: int = 0
    ways: frozenset[str] = frozenset()
    given: list[tuple[str, int]] = field(default_factory=list)
    in_hand: list[tuple[str, int, int]] = field(default_factory=list)
    judged: set[str] = field(default_factory=set)
    test: bool = False


Verdict = tuple[str, int, str, str]


@dataclass(frozen=True)
class Walked:
    """places: of all items, in their order.  done: finished tasks, in the order of items and ends.  off: rows at a
    stage where the item was not expected; the log is believed.  verdicts: (pool and number of an author, pool of the
    judge, segment): labels that were judged as an item's only one, and how many of them were rejected."""

    places: list[Place]
    done: list[Done]
    off: int
    verdicts: Mapping[Verdict, tuple[int, int]]


def walk(line: Line, found: Seen) -> Walked:
    """Leads each item along its line.

    The log is believed where it shows an item elsewhere than the line's ways lead. Of items that stand before a review
    of a share of them, those that came before one that a reviewer has taken up have passed; see _select.
    """
    stages = {stage.name: stage for stage in line.stages}
    rng = np.random.default_rng(SEED)
    rows = found.rows
    columns = zip(*(rows[name].tolist() for name in Row._fields), strict=True)
    by_item = {item: list(part) for item, part in groupby(map(Row._make, columns), attrgetter("item"))}
    going: dict[int, list[tuple[str, str, int, int]]] = {}
    for item, stage, pool, number, begin in found.open.itertuples(index=False):
        going.setdefault(item, []).append((stage, pool, number, begin))
    places: list[Place] = []
    done: list[Done] = []
    off, verdicts = 0, dict[Verdict, tuple[int, int]]()
    items = zip(*(found.items[name].tolist() for name in ("segment", "came_ms", "test")), strict=True)
    for number, (segment, came, test) in enumerate(items):
        place = Place(number, str(segment), came, "", came, test=test)
        places.append(place)
        if test:
            (row,) = by_item[number]
            done.append(_done(place, row, 0, row.begin_ms, "done"))
            place.stage, place.since_ms = DELIVER, row.end_ms
            continue
        _go(place, line.first, int(came), stages, rng)
        place.ways = _ways([line.first], stages)
        for row in by_item.get(number, ()):
            _judge(place, row, stages, verdicts)
            off += _step(place, row, stages, rng, done)
        for stage, pool, who, begin in going.get(number, ()):
            if place.stage != stage:
                off += stage not in place.ways
                place.stage, place.given, place.since_ms = stage, [], begin
            place.in_hand.append((pool, who, begin))
    _select(line, places, done, stages, rng)
    return Walked(places, done, off, verdicts)


def _judge(
    place: Place,
    row: Row,
    stages: Mapping[str, Stage],
    verdicts: dict[Verdict, tuple[int, int]],
) -> None:
    """Counts a verdict for the author of an item's only label."""
    if stages[row.stage].kind in JUDGES and len(place.given) == 1:
        key = (*place.given[0], row.pool, place.segment)
        labels, bad = verdicts.get(key, (0, 0))
        verdicts[key] = labels + 1, bad + row.rejected


def labels_of(stage: Stage, round_: int) -> int:
    """How many labels an item needs at least at a stage; what was rejected gets one."""
    if stage.kind != "annotate" or round_ > 0:
        return 1
    return stage.consensus.lead if stage.consensus.rule == "lead" else stage.labels_per_item


def _step(
    place: Place,
    row: Row,
    stages: Mapping[str, Stage],
    rng: np.random.Generator,
    done: list[Done],
) -> bool:
    """Takes a finished task in; whether the line had not expected it there."""
    stage = stages[row.stage]
    off = row.stage not in place.ways
    more = stage.kind == "annotate" and place.stage == DELIVER and not place.judged and not _goes_on(stage)
    if place.stage != row.stage and not more:
        if stage.kind == "annotate" and place.judged:  # labelled anew, though no review is said to have rejected it
            place.round += 1
            place.judged, place.given = set(), []
        place.stage, place.since_ms = row.stage, min(place.since_ms, row.begin_ms)
    replica = len(place.given) if stage.kind == "annotate" else 0
    outcome = "done" if stage.kind not in JUDGES else "rejected" if row.rejected else "accepted"
    done.append(_done(place, row, replica, min(place.since_ms, row.begin_ms), outcome))
    if more:  # a label more than it needed leaves it delivered, since when it was
        place.given.append((row.pool, row.number))
    else:
        _end(place, row, stage, stages, rng)
    return off


def _done(place: Place, row: Row, replica: int, enqueued_ms: int, outcome: str) -> Done:
    who = row.pool, row.number
    return Done(row.item, row.stage, place.round, replica, *who, enqueued_ms, row.begin_ms, row.end_ms, outcome)


def _end(
    place: Place,
    row: Row,
    stage: Stage,
    stages: Mapping[str, Stage],
    rng: np.random.Generator,
) -> None:
    """Where an item goes after a task at its stage."""
    place.ways = _ways([row.stage], stages)
    outcome = "decided" if stage.kind == "adjudicate" else "done"
    if stage.kind == "annotate":
        if row.rejected:
            return
        place.given.append((row.pool, row.number))
        if len(place.given) < labels_of(stage, place.round):
            return
        outcome = "labelled"
    elif stage.kind in JUDGES:
        place.judged.add(row.stage)
        outcome = "accepted"
        if row.rejected:
            outcome = "exhausted" if place.round >= stage.rounds else "rejected"
        if outcome == "rejected":
            place.round += 1
            place.given, place.judged = [], set()
    _go(place, _target(stage, outcome, rng), row.end_ms, stages, rng)
    place.ways = _ways([*_targets(stage, outcome), *([row.stage] if _goes_on(stage) else [])], stages)


def _goes_on(stage: Stage) -> bool:
    """Whether labels are asked for until they are sure, so that more than the first of them may come."""
    return stage.kind == "annotate" and stage.consensus.rule in ("lead", "posterior")


def _ways(names: Sequence[str], stages: Mapping[str, Stage]) -> frozenset[str]:
    """Where an item's next task may be that goes to one of these stages: machines let it on, and so do reviews of a
    share."""
    found, left = set(), [*names]
    while left:
        name = left.pop()
        if name == DELIVER or name in found:
            continue
        found.add(name)
        stage = stages[name]
        if stage.kind in MACHINE:
            left += [to for outcome in stage.next for to in _targets(stage, outcome)]
        elif stage.kind in JUDGES and min(_fractions(stage)) < 1.0:
            left += _targets(stage, "accepted")
    return frozenset(found)


def _fractions(stage: Stage) -> list[float]:
    """Shares of the items that a review sees, of whatever they are."""
    return [stage.fraction, *stage.segment_fractions.values(), *stage.class_fractions.values()]


def _go(place: Place, to: str, at: int, stages: Mapping[str, Stage], rng: np.random.Generator) -> None:
    """On to a stage of people, or to the end; machines take no time here."""
    while to != DELIVER and stages[to].kind in MACHINE:
        to = _target(stages[to], "kept" if stages[to].kind == "dedup" else "suggested", rng)
    place.stage, place.since_ms = to, at


def _targets(stage: Stage, outcome: str) -> list[str]:
    """All ways of an outcome."""
    to = stage.next.get(outcome, DELIVER)
    return [to] if isinstance(to, str) else [name for name, _ in to]


def _target(stage: Stage, outcome: str, rng: np.random.Generator) -> str:
    """Where an outcome leads; of several ways, one by chance."""
    to = stage.next.get(outcome, DELIVER)
    if isinstance(to, str):
        return to
    return str(rng.choice([name for name, _ in to], p=[chance for _, chance in to]))


def _select(
    line: Line, places: Sequence[Place], done: Sequence[Done], stages: Mapping[str, Stage], rng: np.random.Generator
) -> None:
    """Lets those pass reviews that were not selected for one: who came before an item that a reviewer has taken up was
    passed over, as reviews are done in order; who came later waits with the chance to be selected. What a review has
    sent back was selected, and is again."""
    for stage in line.stages:
        if stage.kind not in JUDGES:
            continue
        for segment in line.segments:
            share = stage.segment_fractions.get(segment.name, stage.fraction)
            if share >= 1.0:
                continue
            here = [one for one in places if one.stage == stage.name and one.segment == segment.name]
            taken = [one.since_ms for one in here if one.in_hand and one.round == 0]
            taken += [
                one.enqueued_ms
                for one in done
                if one.stage == stage.name and one.round == 0 and places[one.item].segment == segment.name
            ]
            last = max(taken, default=0)
            for one in here:
                if not one.in_hand and one.round == 0 and (one.since_ms <= last or rng.random() >= share):
                    _go(one, _target(stage, "accepted", rng), one.since_ms, stages, rng)
