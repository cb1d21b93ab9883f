"""Whether a line has enough different people: k labels of a round come from k of them, a reviewer is no author of the
item in any round, an adjudicator neither labelled nor reviewed it.

Counted for the worst case. An item's pool at a stage is drawn once, so a pool that may get it may get it at every
stage; and each round of rework may be done by someone new. A crowd has people enough: others come.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..sim.line import DELIVER, JUDGES, Calendar, Kind, Line, Pool, Stage, targets
from .routing import Broken, reach

State = tuple[str, int]
"""A stage and the round in which an item comes to it."""

UNBOUNDED = 1_000_000
"""More people than any pool has."""

AGAIN = "Items come back by chance any number of times, each time by others: no number may be enough."

COUNTED: tuple[Kind, ...] = ("annotate", "adjudicate", *JUDGES)
"""Kinds of stage at which it matters who has worked on an item before."""


@dataclass(frozen=True)
class Before:
    """How many people of one pool may have labelled an item before it comes to a stage, and how many may have labelled
    or reviewed it."""

    authors: int = 0
    workers: int = 0


def too_few(line: Line) -> Iterator[Broken]:
    """Stages for which a pool has too few people, when an item's luck is at its worst."""
    stages = {stage.name: stage for stage in line.stages}
    endless = any(stages[name].kind in COUNTED for name in _looping(stages))
    calendars = {calendar.name: calendar for calendar in line.calendars}
    for pool in line.pools:
        if pool.sessions is not None or pool.headcount == 0:  # nobody: others take its work, or it is refused for that
            continue
        people, have = _people(pool, calendars[pool.calendar])
        most = people + 1 if endless else UNBOUNDED
        worst = _worst(line, stages, pool.name, most)
        for name, stage in stages.items():
            if pool.name in dict(stage.pools) and (told := _short_of(stage, pool.name, people, have, worst)):
                yield ("stages", name), f"{told} {AGAIN}" if endless else told


def _people(pool: Pool, calendar: Calendar) -> tuple[int, str]:
    """How many of a pool may work on the segment that fewest may work on, and the words for it."""
    people = ever_on_shift(pool, calendar)
    have = f"its headcount is {people}"
    if people < pool.headcount:
        have = f"only {people} of its {pool.headcount} people are ever on shift"
    some = {name: share for name, share in pool.masters.items() if 0 < share < 1}
    if some:
        segment = min(some, key=some.__getitem__)
        masters = math.ceil(some[segment] * pool.headcount - 0.5)  # slot i is one when (i + 0.5) / n < share
        if masters < people:
            people, have = masters, f"only {masters} of its {pool.headcount} people may work on {segment}"
    return people, have


def ever_on_shift(pool: Pool, calendar: Calendar) -> int:
    """How many people of a pool are on shift at any time of the week."""
    if calendar.availability is None:
        return pool.headcount
    most = max(calendar.availability)
    return sum(most > (slot + 0.5) / pool.headcount for slot in range(pool.headcount))


def _short_of(stage: Stage, pool: str, people: int, have: str, worst: Mapping[State, Before]) -> str:
    """Why the pool has too few people for the stage, "" when it has enough."""
    before = {number: one for (name, number), one in worst.items() if name == stage.name}
    skips = stage.skip.most if stage.skip.chance > 0 else 0
    if stage.kind == "annotate":
        needed = most_labels(stage) if 0 in before else 1
        why = f"{needed} labels of an item come from as many people"
        mend = "lower labels_per_item, or raise the headcount"
    elif stage.kind in JUDGES:
        authors = max((one.authors for one in before.values()), default=0)
        needed = authors + 1
        why = f"a reviewer is no author of the item, and {authors} of {pool} may be"
        mend = f"raise the headcount to {needed + skips}, let others review, or lower on_reject.rounds"
    elif stage.kind == "adjudicate":
        workers = max((one.workers for one in before.values()), default=0)
        needed = workers + 1
        why = f"an adjudicator neither labelled nor reviewed the item, and {workers} of {pool} may have"
        mend = f"raise the headcount to {needed + skips}, let others adjudicate, or lower on_reject.rounds"
    elif skips:
        needed, why, mend = 1, "somebody does it", "raise the headcount"
    else:
        return ""
    if skips:
        needed += skips
        why, mend = f"{why}, and {skips} more may leave it to others", f"lower skip.most, or {mend}"
    if needed <= people:
        return ""
    return f"needs {needed} people of {pool} ({why}), but {have}. To mend it, {mend}."


def most_labels(stage: Stage) -> int:
    """The most labels that an item may get in its first round."""
    return stage.consensus.most if stage.consensus.rule in ("lead", "posterior") else stage.labels_per_item


def onward(stage: Stage) -> list[str]:
    """Stages that follow without a rejection."""
    ways = [way for outcome, way in stage.next.items() if outcome != "rejected"]
    ways += [] if stage.escalation is None else [stage.escalation.to]
    return [name for way in ways for name, _ in targets(way) if name != DELIVER]


def _looping(stages: Mapping[str, Stage]) -> list[str]:
    """Stages to which an item may come back without a rejection."""
    ahead = {name: onward(stage) for name, stage in stages.items()}
    return [name for name in stages if any(name in reach(to, ahead) for to in ahead[name])]


def _worst(line: Line, stages: Mapping[str, Stage], pool: str, most: int) -> dict[State, Before]:
    """For each stage and round that an item may come to, the most people of `pool` that may have worked on it, counted
    up to `most`. Each rollback sends items round once more."""
    worst: dict[State, Before] = {}
    _spread(worst, stages, (line.first, 0), Before(), pool, most)
    for relabel in line.relabels:
        after = [_passed(stages[name], number, one, pool)[0] for (name, number), one in worst.items()]
        done = Before(max(one.authors for one in after), max(one.workers for one in after))
        _spread(worst, stages, (relabel.to, 0), done, pool, most)
    return worst


def _spread(
    worst: dict[State, Before], stages: Mapping[str, Stage], first: State, before: Before, pool: str, most: int
) -> None:
    """Follows an item from a state on, raising what may have been before each state that it may come to."""
    rounds = max((stage.rounds for stage in stages.values() if stage.kind in JUDGES), default=0)
    worst[first] = _more(worst.get(first), before, most)
    todo: list[State] = [first]
    while todo:  # ends, because counts only grow, and not beyond `most`
        state = todo.pop()
        name, number = state
        after, outcomes = _passed(stages[name], number, worst[state], pool)
        ways = [(number + (one == "rejected"), way) for one in outcomes for way, _ in targets(stages[name].next[one])]
        escalation = stages[name].escalation
        if escalation is not None:
            ways.append((number, escalation.to))
        for then, target in ways:
            if target == DELIVER or then > rounds:
                continue
            known = worst.get((target, then))
            more = _more(known, after, most)
            if more != known:
                worst[target, then] = more
                todo.append((target, then))


def _more(known: Before | None, other: Before, most: int) -> Before:
    """The larger counts of two, up to `most`."""
    known = known or Before()
    return Before(min(most, max(known.authors, other.authors)), min(most, max(known.workers, other.workers)))


def _passed(stage: Stage, number: int, before: Before, pool: str) -> tuple[Before, list[str]]:
    """How many may have worked on an item after a stage, and what may happen to it there."""
    mine = pool in dict(stage.pools)
    if stage.kind == "annotate":
        labels = 1 if number else most_labels(stage)
        after = Before(before.authors + labels * mine, before.workers + labels * mine)
        return after, ["labelled", "tied"] if labels > 1 else ["labelled"]
    if stage.kind in JUDGES:
        after = Before(before.authors, before.workers + mine)
        fractions = [stage.fraction, *stage.segment_fractions.values(), *stage.class_fractions.values()]
        fractions += [one for _, one in stage.tenure_fractions]
        judged = stage.kind == "inspect" or max(fractions) > 0
        return after, ["accepted"] + ["rejected" if number < stage.rounds else "exhausted"] * judged
    return before, list(stage.next)
