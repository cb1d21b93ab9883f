"""The way of an item in the mean: how often it comes to each stage, where it goes from there, how many labels it takes.

A chain of (stage, rounds of rework so far, whether the label is right), for each class, difficulty, and choice of the
review stages that see the item; so rejections hit the items that deserve them, and capped rework ends.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..line import DELIVER, JUDGES, Line, Pool, Segment, Stage, targets
from .consensus import Lead, Majority, Verdict, verdict
from .network import Floats
from .skills import kinds, model_chance, reject_chance, right_chance

ROUNDS = 256
"""Rounds that a chain is followed for; the engines have luck for no more."""

Shares = Mapping[str, tuple[tuple[Pool, float], ...]]
"""By stage, its pools and the share of its tasks that each gets."""


@dataclass(frozen=True, eq=False)
class Way:
    """Means over the items of a segment. Steps: stage s in round 0 is step 2 s, in later rounds 2 s + 1.

    entering: float64[steps], where items begin.  visits: float64[steps].  moves: float64[steps, steps], how often an
    item goes from one to another.
    labels: float64[steps], tasks of a visit.  rejected: float64[stages], share of the judged that is rejected.
    kept: float64[stages], share of suggested labels that is given, where labels are suggested, else 0.
    returned: float64[ROUNDS], share of the items that is sent back at least once, twice, ...
    delivered: float64[2], items delivered with a wrong label, and with a right one.
    """

    entering: Floats
    visits: Floats
    moves: Floats
    labels: Floats
    rejected: Floats
    kept: Floats
    returned: Floats
    delivered: Floats


def way(line: Line, segment: Segment, shares: Shares) -> Way:
    """The way of a segment's items."""
    n = len(line.stages)
    total = Way(*(np.zeros(shape) for shape in (2 * n, 2 * n, (2 * n, 2 * n), 2 * n, n, n, ROUNDS, 2)))
    for label, difficulty, share in kinds(line, segment):
        rules = [_rule(line, stage, segment, shares[stage.name], label, difficulty) for stage in line.stages]
        for seen, chance in _seen(line, segment):
            _walk(line, rules, seen, share * chance, total)
    visits = np.maximum(total.visits, 1e-300)
    judged = np.maximum(visits[::2] + visits[1::2], 1e-300)
    return replace(total, labels=total.labels / visits, rejected=total.rejected / judged, kept=total.kept / judged)


@dataclass(frozen=True)
class _Rule:
    """What happens to an item at a stage: the verdict of its labels, the chance that one more label is right, the
    chances of a rejection of a right and of a wrong label, the chance that an item is dropped, and that a suggested
    label is given."""

    verdict: Verdict[float]
    again: float
    reject_right: float = 0.0
    reject_wrong: float = 0.0
    dropped: float = 0.0
    kept: float = 0.0


def _rule(
    line: Line, stage: Stage, segment: Segment, by: tuple[tuple[Pool, float], ...], label: str, difficulty: float
) -> _Rule:
    one = Verdict(1.0, 0.0, 0.0, 0.0, 1.0)
    match stage.kind:
        case "annotate":
            p, kept = right_chance(by, segment, label, difficulty), 0.0
            suggesting = next((other for other in line.stages if other.kind == "prelabel"), None)
            if suggesting is not None:
                p, kept = _suggested(stage, model_chance(suggesting, segment, label, difficulty), p, segment)
            rule, at_once = stage.consensus, Majority(stage.labels_per_item)
            asked = Lead(rule.lead, rule.most) if rule.rule == "lead" else at_once
            found = verdict(p, asked, len(segment.classes), segment.attractor)
            if rule.rule == "weighted":
                found = Verdict(1.0 - found.error, found.error, 0.0, 0.0, found.labels)
            return _Rule(found, p, kept=kept)
        case "adjudicate":
            p = right_chance(by, segment, label, difficulty)
            return _Rule(Verdict(p, 1.0 - p, 0.0, 0.0, 1.0), p)
        case "review" | "inspect":
            wrong, right = (reject_chance(by, is_right, difficulty) for is_right in (False, True))
            return _Rule(one, 1.0, right, wrong)
        case "dedup":
            d, recall, precision = segment.duplicates, stage.dedup.recall, stage.dedup.precision
            return _Rule(one, 1.0, dropped=min(1.0, d * recall / precision))
    return _Rule(one, 1.0)


def _suggested(stage: Stage, model: float, own: float, segment: Segment) -> tuple[float, float]:
    """(chance that a label is right, chance that it is the suggested one) where a model suggests labels."""
    wrong = len(segment.classes) - 1
    same = 1.0 if wrong <= 1 else (segment.attractor / wrong + 1.0) / (segment.attractor + 1.0)
    if wrong > 1 and segment.attractor == float("inf"):
        same = 1.0 / wrong
    anchored = stage.suggestion.anchoring
    meet = model * own + (1.0 - model) * (1.0 - own) * same
    return anchored * model + (1.0 - anchored) * own, anchored + (1.0 - anchored) * meet


def _seen(line: Line, segment: Segment) -> Iterator[tuple[frozenset[str], float]]:
    """Which review stages see an item, and the chance: it is drawn once, the same in every round."""
    reviews = [s for s in line.stages if s.kind == "review"]
    fractions = [stage.segment_fractions.get(segment.name, stage.fraction) for stage in reviews]
    fractions = [f if number < 6 else float(f > 0.5) for number, f in enumerate(fractions)]  # 2^6 chains are enough
    for choice in itertools.product((True, False), repeat=len(reviews)):
        chance = float(np.prod([f if yes else 1.0 - f for yes, f in zip(choice, fractions, strict=True)]))
        if chance > 0.0:
            yield frozenset(stage.name for stage, yes in zip(reviews, choice, strict=True) if yes), chance


def _walk(line: Line, rules: list[_Rule], seen: frozenset[str], share: float, total: Way) -> None:
    """Adds the ways of one kind of item to the sums, round by round until hardly any is left."""
    n = len(line.stages)
    places = {stage.name: number for number, stage in enumerate(line.stages)}
    kept = np.array([rule.kept for rule in rules])
    coming = np.zeros(2 * n)  # by stage, with a wrong label; then with a right one
    coming[places[line.first]] = share
    for number in range(ROUNDS):
        chain, ahead, back = _round(line, rules, seen, places, number)
        for stage in line.stages:
            if stage.kind == "review" and stage.name not in seen:
                _pass(places[stage.name], chain, coming, total.delivered)
        if number == 0:
            total.entering[::2] += coming[:n] + coming[n:]
        here = np.linalg.solve(np.eye(2 * n) - chain[:, : 2 * n].T, coming)
        late = int(number > 0)
        visits = here[:n] + here[n:]
        total.visits[late::2] += visits
        total.labels[late::2] += visits * [rule.verdict.labels if number == 0 else 1.0 for rule in rules]
        total.kept[:] += visits * kept
        over = here[:, None] * back[:, : 2 * n]
        total.delivered[:] += here @ (chain + back)[:, 2 * n :]
        total.moves[late::2, late::2] += _by_stage(here[:, None] * chain[:, : 2 * n])
        total.moves[late::2, 1::2] += _by_stage(over)
        total.rejected[:] += here[:n] * ahead[:n] + here[n:] * ahead[n:]
        coming = over.sum(axis=0)
        total.returned[number] += coming.sum()
        if coming.sum() < 1e-9:
            break


def _pass(place: int, chain: Floats, coming: Floats, delivered: Floats) -> None:
    """Lets items through a review that does not see them: they go on at once, or out of the line."""
    n = coming.size // 2
    for state in (place, place + n):
        onward = chain[state] / (1.0 - chain[state, state])
        onward[state] = 0.0
        chain += chain[:, state, None] * onward
        delivered += coming[state] * onward[2 * n :]
        coming += coming[state] * onward[: 2 * n]
        chain[state], chain[:, state], coming[state] = 0.0, 0.0, 0.0


def _by_stage(flow: Floats) -> Floats:
    n = len(flow) // 2
    return flow[:n, :n] + flow[:n, n:] + flow[n:, :n] + flow[n:, n:]


def _round(
    line: Line, rules: list[_Rule], seen: frozenset[str], places: Mapping[str, int], number: int
) -> tuple[Floats, Floats, Floats]:
    """(moves within a round, chance of a rejection, moves into the next round) of a chain state; wrong labels first.
    The last two columns of moves are deliveries, with a wrong label and with a right one."""
    n = len(line.stages)
    chain, reject, back = np.zeros((2 * n, 2 * n + 2)), np.zeros(2 * n), np.zeros((2 * n, 2 * n + 2))
    for s, (stage, rule) in enumerate(zip(line.stages, rules, strict=True)):
        for right in (0, 1):
            state = s + n * right
            if stage.kind in JUDGES:
                judged = stage.kind == "inspect" or stage.name in seen
                no = reject[state] = (rule.reject_right if right else rule.reject_wrong) if judged else 0.0
                _send(chain, state, stage, "accepted", 1.0 - no, right, places)
                again = number < stage.rounds
                _send(back if again else chain, state, stage, "rejected" if again else "exhausted", no, right, places)
            elif stage.kind == "annotate":
                v = rule.verdict if number == 0 else Verdict(rule.again, 1.0 - rule.again, 0.0, 0.0, 1.0)
                _send(chain, state, stage, "labelled", v.right, 1, places)
                _send(chain, state, stage, "labelled", v.wrong, 0, places)
                _send(chain, state, stage, "tied", v.tied * v.tied_right, 1, places)
                _send(chain, state, stage, "tied", v.tied * (1.0 - v.tied_right), 0, places)
            elif stage.kind == "adjudicate":
                _send(chain, state, stage, "decided", rule.again, 1, places)
                _send(chain, state, stage, "decided", 1.0 - rule.again, 0, places)
            else:
                outcome = {"work": "done", "prelabel": "suggested", "dedup": "kept"}[stage.kind]
                _send(chain, state, stage, outcome, 1.0 - rule.dropped, right, places)
    return chain, reject, back


def _send(
    chain: Floats, state: int, stage: Stage, outcome: str, chance: float, right: int, places: Mapping[str, int]
) -> None:
    n = len(places)
    for name, part in targets(stage.next[outcome]):
        if chance > 0.0:
            to = 2 * n + right if name == DELIVER else places[name] + n * right
            chain[state, to] += chance * part
