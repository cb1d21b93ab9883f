"""What a finished task means for its item. See reference/results.py."""

from __future__ import annotations

from ..compiling import inner
from ..draws import Purpose
from ..tables import NULL
from . import flow, verdicts
from .chains import cell_of
from .codes import (
    ACCEPTED,
    ADJUDICATE,
    ANNOTATE,
    DEDUP,
    DONE,
    INSPECT,
    ON,
    PRELABEL,
    REVIEW,
    SURPLUS,
    TASK_REJECTED,
    TIED,
)
from .eligible import stale, waits
from .floor import withdraw
from .issuing import issue
from .memory import NONE, Row, float_at
from .retiring import close
from .verdicts import TIED as TIED_TOO
from .world import cell, item, stage, task, worker

DEDUP_DRAW = int(Purpose.DEDUP)


@inner
def finished(w: Row, t: int) -> None:
    """A task has its result; one that came too late counts no more."""
    _finished(w, t)
    close(w, t)


@inner
def _finished(w: Row, t: int) -> None:
    if stale(w, t):
        _too_late(w, t)
        return
    one = task(w, t)
    one.counted = 1
    _withdraw_twins(w, t)
    kind, i, s = stage(w, one.stage).kind, one.item, one.stage
    thing = item(w, i)
    if kind == ANNOTATE:
        _labelled(w, t)
    elif kind in (REVIEW, INSPECT):
        _judged_by(w, t)
    elif kind == ADJUDICATE:
        one.label, one.outcome = verdicts.label(w, one.worker, t), DONE
        thing.label = one.label
        flow.go(w, i, s, ON)
    elif kind == PRELABEL:
        one.outcome = DONE
        one.suggestion = thing.suggestion = verdicts.suggested(w, t)
        if thing.label == NONE:
            thing.label = thing.suggestion
        flow.go(w, i, s, ON)
    elif kind == DEDUP and _drops(w, i, s):
        one.outcome = DONE
        flow.drop_duplicate(w, i)
    else:
        one.outcome = DONE
        flow.go(w, i, s, ON)


@inner
def _drops(w: Row, i: int, s: int) -> bool:
    """Whether dedup takes an item for a duplicate."""
    one, rules = item(w, i), stage(w, s)
    chances = rules.found_at if one.original >= 0 else rules.mistaken_at
    return verdicts.draw(w, i, DEDUP_DRAW, rules.key, 0, 0) < float_at(chances, one.segment)


@inner
def _too_late(w: Row, t: int) -> None:
    """A result counts no more; who gave it has seen the item all the same."""
    one = task(w, t)
    thing, kind = item(w, one.item), stage(w, one.stage).kind
    one.outcome = SURPLUS
    if one.worker != NONE and one.label != NONE:
        thing.authors = cell_of(w, one.worker, 0, 0, 0.0, thing.authors)
    elif one.worker != NONE and kind in (REVIEW, INSPECT):
        thing.judges = cell_of(w, one.worker, one.stage, 0, 0.0, thing.judges)


@inner
def _withdraw_twins(w: Row, t: int) -> None:
    """Of a task that was issued again: what waits still is not needed."""
    n = task(w, t).twin
    while n != t:
        if waits(w, n):
            withdraw(w, n)
        n = task(w, n).twin


@inner
def _labelled(w: Row, t: int) -> None:
    """The labels of a round become one when they suffice."""
    one = task(w, t)
    i, s = one.item, one.stage
    thing = item(w, i)
    one.outcome = DONE
    thing.authors = cell_of(w, one.worker, 0, 0, 0.0, thing.authors)
    add_vote(w, i, one.replica, one.worker, one.label, one.tenure)
    if thing.asked == NULL:
        thing.asked = w.now
    thing.pending -= 1
    if thing.pending != 0:
        return
    label = verdicts.consensus(w, i, s)
    if label == NONE:
        thing.pending = 1
        issue(w, i, s, thing.voters, w.now, NONE)
        return
    thing.label = label & (TIED_TOO - 1)
    thing.synced = w.now - thing.asked
    flow.go(w, i, s, TIED if label >= TIED_TOO else ON)


@inner
def add_vote(w: Row, i: int, replica: int, k: int, label: int, tenure: float) -> None:
    """Puts a vote in its place: by replica, worker and label."""
    one = item(w, i)
    one.voters += 1
    before, n = NONE, one.votes
    while n != NONE:
        other = cell(w, n)
        if (other.a, other.b, other.c) > (replica, k, label):
            break
        before, n = n, other.next
    new = cell_of(w, replica, k, label, tenure, n)
    if before == NONE:
        one.votes = new
    else:
        cell(w, before).next = new


@inner
def _judged_by(w: Row, t: int) -> None:
    """A judge accepts, or rejects."""
    one = task(w, t)
    i, s, k = one.item, one.stage, one.worker
    thing = item(w, i)
    rejected = verdicts.rejects(w, k, t)
    thing.judges = cell_of(w, k, s, 0, 0.0, thing.judges)
    one.outcome = TASK_REJECTED if rejected else ACCEPTED
    n = thing.votes
    while n != NONE:
        vote = cell(w, n)
        if vote.c == thing.label:
            author = worker(w, vote.b)
            author.seen += 1
            author.accepted += 0 if rejected else 1
        n = vote.next
    if stage(w, s).kind == INSPECT:
        thing.asked, thing.synced = w.now, 0
        flow.inspected(w, t, rejected)
    else:
        flow.judged(w, i, s, not rejected)
