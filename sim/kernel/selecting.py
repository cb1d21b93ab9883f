"""Which items a review sees, and whose a label is. See reference/selection.py."""

from __future__ import annotations

import math

from ..compiling import inner
from ..draws import Purpose
from ..quantiles import LENGTH
from ..risk import above, moved
from . import verdicts
from .memory import NONE, Row, float_at, floats, int_at, put_float
from .world import cell, item, stage

SELECTED = int(Purpose.SELECTED)


@inner
def selected(w: Row, i: int, s: int) -> bool:
    """Whether an item is reviewed at a stage: by one draw of its own, the same in every round."""
    one, rules = item(w, i), stage(w, s)
    fraction = _fraction(w, i, s)
    luck = verdicts.draw(w, i, SELECTED, rules.key, 0, 0)
    wrong = one.label != NONE and one.label != one.truth
    lift = float_at(rules.lifts_at, one.truth) if wrong else 0.0
    place = s * w.segments + one.segment
    raised = float_at(w.bars_at, place) if rules.distance > 0.0 else 0.0
    chosen = above(luck, lift, fraction, raised, floats(w.normal_at, LENGTH))
    if rules.distance > 0.0 and one.round == one.base:
        put_float(w.bars_at, place, moved(raised, rules.distance, fraction, chosen))
    return bool(chosen)


@inner
def _fraction(w: Row, i: int, s: int) -> float:
    """The share of such items that is reviewed."""
    one, rules = item(w, i), stage(w, s)
    fraction = float_at(rules.fractions_at, one.segment)
    if one.label != NONE and not math.isnan(float_at(rules.class_fractions_at, one.label)):
        fraction = float_at(rules.class_fractions_at, one.label)
    if rules.steps > 0 and one.votes != NONE:
        author = giver(w, i)
        if author == NONE:
            author = cell(w, one.votes).b
        done = _tenure(w, i, author)
        for step in range(rules.steps):
            if done < int_at(rules.step_tasks_at, step):
                fraction = float_at(rules.step_shares_at, step)
                break
    return float(fraction)


@inner
def _tenure(w: Row, i: int, k: int) -> float:
    """Tasks that a voter had finished at the stage before."""
    one = item(w, i)
    done, n = verdicts.practice_of(w, k, one.voted), one.votes
    while n != NONE:
        if cell(w, n).b == k and cell(w, n).x >= 0.0:
            done = cell(w, n).x
        n = cell(w, n).next
    return done


@inner
def giver(w: Row, i: int) -> int:
    """Of those who gave the label that an item has, the one with the lowest replica; NONE if nobody did."""
    one = item(w, i)
    n = one.votes
    while n != NONE:
        vote = cell(w, n)
        if vote.c == one.label:
            return vote.b
        n = vote.next
    return NONE
