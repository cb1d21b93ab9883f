"""Whether a line has enough different people: k labels of a round come from k of them, a reviewer is no author of the
item in any round, an adjudicator neither labelled nor reviewed it.

Counted for the worst case. An item's pool at a stage is drawn once, so a pool that may get it may get it at every
stage; and each round of rework may be done by someone new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..sim.line import DELIVER, Calendar, Line, Pool, Stage, targets
from .routing import Broken

State = tuple[str, int]
"""A stage and the round in which an item comes to it."""


@dataclass(frozen=True)
class Before:
    """How many people of one pool may have labelled an item before it comes to a stage, and how many may have labelled
    or reviewed it."""

    authors: int = 0
    workers: int = 0


def too_few(line: Line) -> Iterator[Broken]:
    """Stages for which a pool has too few people, when an item's luck is at its worst."""
    stages = {stage.name: stage for stage in line.stages}
    calendars = {calendar.name: calendar for calendar in line.calendars}
    ahead = order(stages)
    for pool in line.pools:
        people = ever_on_shift(pool, calendars[pool.calendar])
        have = f"its headcount is {people}"
        if people < pool.headcount:
            have = f"only {people} of its {pool.headcount} people are ever on shift"
        worst = _worst(line, stages, ahead, pool.name)
        for name, stage in stages.items():
            if pool.name not in dict(stage.pools):
                continue
            told = _short_of(stage, pool.name, people, have, worst)
            if told:
                yield ("stages", name), told


def ever_on_shift(pool: Pool, calendar: Calendar) -> int:
    """How many people of a pool are on shift at any time of the week."""
    if calendar.availability is None:
        return pool.headcount
    most = max(calendar.availability)
    return sum(most > (slot + 0.5) / pool.headcount for slot in range(pool.headcount))


def _short_of(stage: Stage, pool: str, people: int, have: str, worst: Mapping[State, Before]) -> str:
    """Why the pool has too few people for the stage, "" when it has enough."""
    before = {number: one for (name, number), one in worst.items() if name == stage.name}
    if stage.kind == "annotate":
        needed = stage.labels_per_item if 0 in before else 1
        why = f"{needed} labels of an item come from as many people"
        mend = "lower labels_per_item, or raise the headcount"
    elif stage.kind == "review":
        authors = max((one.authors for one in before.values()), default=0)
        needed = authors + 1
        why = f"a reviewer is no author of the item, and {authors} of {pool} may be"
        mend = f"raise the headcount to {needed}, let others review, or lower on_reject.rounds"
    else:
        workers = max((one.workers for one in before.values()), default=0)
        needed = workers + 1
        why = f"an adjudicator neither labelled nor reviewed the item, and {workers} of {pool} may have"
        mend = f"raise the headcount to {needed}, let others adjudicate, or lower on_reject.rounds"
    if needed <= people:
        return ""
    return f"needs {needed} people of {pool} ({why}), but {have}. To mend it, {mend}."


def onward(stage: Stage) -> list[str]:
    """Stages that follow without a rejection."""
    return [
        target
        for outcome, ways in stage.next.items()
        for target, _ in targets(ways)
        if outcome != "rejected" and target != DELIVER
    ]


def order(stages: Mapping[str, Stage]) -> list[str]:
    """The stages so that each comes before those that follow it without a rejection; without those of a circle."""
    before = dict.fromkeys(stages, 0)
    for stage in stages.values():
        for target in set(onward(stage)):
            before[target] += 1
    ready, done = [name for name in stages if not before[name]], []
    while ready:
        name = ready.pop(0)
        done.append(name)
        for target in sorted(set(onward(stages[name]))):
            before[target] -= 1
            if not before[target]:
                ready.append(target)
    return done


def _worst(line: Line, stages: Mapping[str, Stage], ahead: list[str], pool: str) -> dict[State, Before]:
    """For each stage and round that an item may come to, the most people of `pool` that may have worked on it."""
    rounds = max((stage.rounds for stage in line.stages if stage.kind == "review"), default=0)
    worst: dict[State, Before] = {(line.first, 0): Before()}

    def come(state: State, before: Before) -> None:
        known = worst.get(state, before)
        worst[state] = Before(max(known.authors, before.authors), max(known.workers, before.workers))

    for number in range(rounds + 1):
        for name in ahead:
            if (name, number) not in worst:
                continue
            stage, before = stages[name], worst[name, number]
            mine = pool in dict(stage.pools)
            if stage.kind == "annotate":
                labels = 1 if number else stage.labels_per_item
                after = Before(before.authors + labels * mine, before.workers + labels * mine)
                outcomes = ["labelled", "tied"] if labels > 1 else ["labelled"]
            elif stage.kind == "review":
                after = Before(before.authors, before.workers + mine)
                outcomes = ["accepted"]
                if stage.fraction > 0:
                    outcomes.append("rejected" if number < stage.rounds else "exhausted")
            else:
                after, outcomes = before, ["decided"]
            for outcome in outcomes:
                for target, _ in targets(stage.next[outcome]):
                    if target != DELIVER:
                        come((target, number + (outcome == "rejected")), after)
    return worst
