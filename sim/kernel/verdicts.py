"""What a worker or a model gives on an item, and how several labels become one. See reference/verdicts.py."""

from __future__ import annotations

import numpy as np

from .. import labels
from ..compiling import inner
from ..draws import Purpose, uniform
from ..drift import day_of, walked
from ..learning import faded, tired_logits
from ..quantiles import LENGTH, quantile
from .codes import ANNOTATE, LEAD, MAJORITY, POSTERIOR, VISIT, WEIGHTED
from .memory import NONE, Row, float_at, floats, ints, matrix
from .world import PRACTICE, array, cell, item, pool, segment, shift, stage, task, worker

ANCHOR, RIGHT, WRONG, GUESS, REJECT, SAME = (
    int(one) for one in (Purpose.ANCHOR, Purpose.RIGHT, Purpose.WRONG, Purpose.GUESS, Purpose.REJECT, Purpose.SAME)
)
MEND, MEND_WRONG = int(Purpose.MEND), int(Purpose.MEND_WRONG)
BEFORE, BEFORE_WRONG = int(Purpose.BEFORE), int(Purpose.BEFORE_WRONG)


@inner
def where(purpose: int, key: int, round_: int, replica: int) -> int:
    """draws.where, with a stage's key in its place already."""
    return (purpose << 56) | key | (round_ << 16) | replica


@inner
def draw(w: Row, i: int, purpose: int, key: int, round_: int, replica: int) -> float:
    """A uniform number of an item."""
    return uniform(w.stream, item(w, i).key, where(purpose, key, round_, replica))


@inner
def place(w: Row, purpose: int, t: int) -> int:
    """Where in the space of draws a task's number stands."""
    one = task(w, t)
    return where(purpose, stage(w, one.stage).key, one.round, one.luck + VISIT * one.visit)


@inner
def drawn_for(w: Row, purpose: int, t: int) -> float:
    """A uniform number of a task."""
    return uniform(w.stream, item(w, task(w, t).item).key, place(w, purpose, t))


@inner
def drawn_from(w: Row, table_at: int, u: float) -> float:
    """The quantile at u of a table at an address."""
    return quantile(floats(table_at, LENGTH), u)


@inner
def practice_of(w: Row, k: int, s: int) -> float:
    """Tasks that a worker has finished at a stage."""
    return float_at(array(w, PRACTICE).start, k * w.stages + s)


@inner
def practised(done: float, table_at: int, size: int) -> float:
    """What a table of practice says after so many tasks."""
    return float_at(table_at, min(int(done), size - 1))


@inner
def on_shift_ms(w: Row, k: int) -> int:
    """Milliseconds since the worker's shift began."""
    return w.now - shift(w, worker(w, k).shift).open_since


@inner
def drift(w: Row, k: int) -> float:
    """Logits by which a worker's skill has changed since they came."""
    one = worker(w, k)
    day = day_of(w.now, w.midnight)
    if day > one.walk_day:
        normal = floats(w.normal_at, LENGTH)
        one.walked = walked(w.stream, one.key, w.today, one.walk_day, day, one.walked, normal)
        one.walk_day = day
    return pool(w, one.pool).walk * one.walked


@inner
def lost_since(w: Row, k: int) -> float:
    """Logits that are lost of what training gained a worker."""
    one = worker(w, k)
    return faded(one.gained, one.fades, w.now - one.gained_at) if one.fades > 0 else 0.0


@inner
def label(w: Row, k: int, t: int) -> int:
    """The label that a worker gives: the suggested one if anchored by it, else their own."""
    one = task(w, t)
    thing, rules = item(w, one.item), stage(w, one.stage)
    if thing.suggestion != NONE and rules.kind == ANNOTATE and drawn_for(w, ANCHOR, t) < rules.anchoring:
        return thing.suggestion
    who, kind = worker(w, k), segment(w, thing.segment)
    if who.spams != 0:
        return labels.guess(_unseen(w, k, t), ints(kind.choices_at, kind.choices))
    return _drawn(w, t, _logit(w, k, t), RIGHT, WRONG)


@inner
def anew(w: Row, k: int, t: int) -> int:
    """The label that a worker gives who has found their own one wrong: as good as any of theirs."""
    return _drawn(w, t, _logit(w, k, t), MEND, MEND_WRONG)


@inner
def _logit(w: Row, k: int, t: int) -> float:
    """Logits of a worker's label being right."""
    one, who = task(w, t), worker(w, k)
    thing = item(w, one.item)
    kind, team = segment(w, thing.segment), pool(w, who.pool)
    logit = who.skill + float_at(kind.effects_at, thing.truth) - thing.difficulty
    logit += float_at(team.effects_at, thing.truth)
    logit += float_at(team.segment_effects_at, thing.segment)
    logit += practised(practice_of(w, k, one.stage), team.practice_at, team.practice)
    if team.tiring > 0.0:
        logit -= tired_logits(team.tiring, on_shift_ms(w, k))
    if team.walk > 0.0:
        logit += drift(w, k)
    if who.fades > 0:
        logit -= lost_since(w, k)
    return logit


@inner
def before(w: Row, k: int, i: int, s: int, replica: int) -> int:
    """A label that a worker gave before the start, and that is not known: as they would give it."""
    thing, who = item(w, i), worker(w, k)
    kind, team = segment(w, thing.segment), pool(w, who.pool)
    right, wrong = (BEFORE << 56) | replica, (BEFORE_WRONG << 56) | replica
    if who.spams != 0:
        if team.same != 0:
            return labels.guess(uniform(w.stream, who.key, SAME << 56), ints(kind.choices_at, kind.choices))
        return labels.guess(uniform(w.stream, thing.key, right), ints(kind.choices_at, kind.choices))
    logit = who.skill + float_at(kind.effects_at, thing.truth) - thing.difficulty
    logit += float_at(team.effects_at, thing.truth)
    logit += float_at(team.segment_effects_at, thing.segment)
    logit += practised(practice_of(w, k, s), team.practice_at, team.practice)
    if labels.is_right(w.stream, thing.key, right, logit):
        return thing.truth
    return _wrong(w, i, wrong)


@inner
def _unseen(w: Row, k: int, t: int) -> float:
    """The number by which a worker gives a label who does not look: the worker's, or the task's."""
    who = worker(w, k)
    if pool(w, who.pool).same != 0:
        return uniform(w.stream, who.key, SAME << 56)
    return drawn_for(w, GUESS, t)


@inner
def suggested(w: Row, t: int) -> int:
    """The label that a model suggests."""
    one = task(w, t)
    thing, rules = item(w, one.item), stage(w, one.stage)
    effects = segment(w, thing.segment).effects_at
    logit = rules.skill + float_at(rules.effects_at, thing.truth) + float_at(effects, thing.truth) - thing.difficulty
    return _drawn(w, t, logit, RIGHT, WRONG)


@inner
def _drawn(w: Row, t: int, logit: float, right: int, wrong: int) -> int:
    """The truth with chance expit(logit), else a wrong label. right, wrong: what the two numbers are drawn for."""
    thing = item(w, task(w, t).item)
    if labels.is_right(w.stream, thing.key, place(w, right, t), logit):
        return thing.truth
    return _wrong(w, task(w, t).item, place(w, wrong, t))


@inner
def _wrong(w: Row, i: int, at: int) -> int:
    """A wrong label of an item. at: where its draw stands."""
    thing = item(w, i)
    kind, classes = segment(w, thing.segment), w.classes
    odds = floats(kind.odds_at + 8 * classes * thing.truth, classes)
    shapes = ints(kind.shapes_at + 8 * classes * thing.truth, classes)
    gammas = matrix(w.gammas_at, w.gammas, LENGTH)
    return labels.wrong_label(w.stream, thing.key, thing.nature, at, odds, shapes, gammas)


@inner
def rejects(w: Row, k: int, t: int) -> bool:
    """Whether a judge rejects the label that an item has."""
    thing, who = item(w, task(w, t).item), worker(w, k)
    team = pool(w, who.pool)
    deviation = who.deviation
    if team.walk > 0.0:
        deviation += drift(w, k)
    if who.fades > 0:
        deviation -= lost_since(w, k)
    if who.spams != 0:
        if team.same != 0:
            return False
        logit = team.right
    elif thing.label == thing.truth:
        logit = team.right - deviation + thing.difficulty + who.alarms
    else:
        logit = team.wrong + deviation - thing.difficulty + who.finds
    return labels.rejects(w.stream, thing.key, place(w, REJECT, t), logit)


TIED = 1 << 32
"""Added to a label that no majority gave."""


@inner
def consensus(w: Row, i: int, s: int) -> int:
    """The label of an item when its labels suffice, TIED added where they tied; NONE when one more is asked for."""
    thing, rules = item(w, i), stage(w, s)
    size, only = thing.voters, cell(w, thing.votes)
    if thing.round > thing.base or (size == 1 and (rules.rule == MAJORITY or rules.rule == WEIGHTED)):
        return only.c
    given, skills = np.empty(size, np.int64), np.empty(size)
    n, place = thing.votes, 0
    while n != NONE:
        one = cell(w, n)
        given[place], skills[place] = one.c, worker(w, one.b).skill
        n, place = one.next, place + 1
    more = size < rules.most
    if rules.rule == WEIGHTED:
        return labels.heaviest(given, skills, w.classes)
    if rules.rule == LEAD and more and labels.lead(given, w.classes) < rules.lead:
        return NONE
    if rules.rule == POSTERIOR:
        best, chance = labels.posterior(given, skills, _shares(w, segment(w, thing.segment).shares_at))
        return NONE if more and chance < rules.threshold else best
    winner = labels.majority(given, w.classes)
    return winner if winner != labels.TIE else labels.weighted(given, skills, w.classes) + TIED


@inner
def _shares(w: Row, sums_at: int) -> np.ndarray:
    """Shares of the classes, from their cumulative sums."""
    shares, before = np.empty(w.classes), 0.0
    for c in range(w.classes):
        shares[c] = float_at(sums_at, c) - before
        before = float_at(sums_at, c)
    return shares
