"""How often labels are right and judges reject, on average over the people of a pool."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from ..line import Line, Pool, Segment, Stage
from .network import Floats

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def expit(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow."""
    return 1.0 / (1.0 + math.exp(-x)) if x > -700.0 else 0.0


def logit(p: float) -> float:
    """log(p / (1 - p)), infinite at 0 and 1."""
    return -math.inf if p <= 0.0 else math.inf if p >= 1.0 else math.log(p / (1.0 - p))


def over_people(middle: float, spread: float) -> float:
    """Mean of expit over people whose logits are normal."""
    if math.isinf(middle):
        return float(middle > 0.0)
    return float(sum(w * expit(middle + spread * z) for z, w in zip(NODES, WEIGHTS, strict=True)))


def right_chance(shares: Iterable[tuple[Pool, float]], segment: Segment, label: str, difficulty: float) -> float:
    """Chance that a label by one of these pools is right, on an item of a class and difficulty."""
    total = 0.0
    for pool, share in shares:
        middle = pool.skill_mean + pool.elasticity * math.log(pool.hurry) - difficulty
        middle += segment.class_effects.get(label, 0.0) + pool.class_effects.get(label, 0.0)
        middle += pool.segment_effects.get(segment.name, 0.0)
        done = pool.learning.experience
        middle += pool.learning.gain * (1.0 - 2.0 ** (-done / pool.learning.half))
        blind = pool.spammers.share
        total += share * ((1.0 - blind) * over_people(middle, pool.skill_sd) + blind / len(segment.classes))
    return total


def reject_chance(shares: Iterable[tuple[Pool, float]], right: bool, difficulty: float) -> float:
    """Chance that a judge of one of these pools rejects a label that is right, or wrong."""
    total = 0.0
    for pool, share in shares:
        middle = logit(pool.false_alarm) + difficulty if right else logit(pool.sensitivity) - difficulty
        spread = math.hypot(pool.skill_sd, pool.false_alarm_sd if right else pool.sensitivity_sd)
        blind = pool.spammers.share
        rejecting = pool.false_alarm if pool.spammers.answers == "any" else 0.0
        total += share * ((1.0 - blind) * over_people(middle, spread) + blind * rejecting)
    return total


def model_chance(stage: Stage, segment: Segment, label: str, difficulty: float) -> float:
    """Chance that the label that a model suggests is right."""
    effects = stage.model.class_effects.get(label, 0.0) + segment.class_effects.get(label, 0.0)
    return expit(stage.model.skill + effects - difficulty)


def kinds(line: Line, segment: Segment) -> list[tuple[str, float, float]]:
    """(class, difficulty, share) of the kinds of items that a segment is cut into; classes that nothing tells apart are
    one kind."""
    groups: dict[tuple[float, ...], tuple[str, float]] = {}
    for label, share in segment.classes.items():
        key = (
            segment.class_effects.get(label, 0.0),
            *(pool.class_effects.get(label, 0.0) for pool in line.pools),
            *(stage.model.class_effects.get(label, 0.0) for stage in line.stages),
        )
        name, so_far = groups.get(key, (label, 0.0))
        groups[key] = (name, so_far + share)
    hard = segment.hard
    levels = [(d, (1.0 - hard.share) * weight) for d, weight in _levels(0.0, segment.difficulty_sd)]
    if hard.share > 0.0:
        levels += [(d, hard.share * weight) for d, weight in _levels(hard.harder, hard.sd)]
    return [(name, d, share * weight) for name, share in groups.values() for d, weight in levels]


def _levels(mean: float, sd: float) -> list[tuple[float, float]]:
    """(difficulty, share) of a few kinds of items whose difficulty is N(mean, sd)."""
    spread: Floats = mean + sd * NODES
    return list(zip(spread.tolist(), WEIGHTS.tolist(), strict=True)) if sd > 0.0 else [(mean, 1.0)]
