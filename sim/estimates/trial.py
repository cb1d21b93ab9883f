"""What a trial of a pool's people would measure: how often they are right and how long they take, before practice."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..line import Line, Pool, Segment, Stage
from ..trials import Truths
from .load import items
from .network import Floats
from .skills import kinds
from .times import count_moments, quantiles

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(31)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
"""Of people's skill: as many as keep an accuracy that a scenario states to its fourth digit."""

MIDDLES = (np.arange(2000) + 0.5) / 2000


def truths_of(lines: Sequence[Line], pool: str, stage: str) -> Truths:
    """What is true of a pool at a stage in each of the lines, on items as the line's own."""
    rows = np.array([_row(line, pool, stage) for line in lines])
    return Truths(*rows.T)


def _row(line: Line, pool_name: str, stage_name: str) -> tuple[float, float, float, float, float]:
    pool = next(one for one in line.pools if one.name == pool_name)
    stage = next(one for one in line.stages if one.name == stage_name)
    found = [one for one in line.segments if pool.cleared or not one.sensitive] or [*line.segments]
    counts = np.array([items(one, line.horizon_s) for one in found])
    weights = counts / counts.sum() if counts.sum() > 0 else np.full(len(found), 1 / len(found))
    shares = sum(weight * _shares_right(line, pool, one) for weight, one in zip(weights, found, strict=True))
    blind = pool.spammers.share
    guess = float(sum(weight / len(one.classes) for weight, one in zip(weights, found, strict=True)))
    right = (1 - blind) * float(WEIGHTS @ shares) + blind * guess
    square = (1 - blind) * float(WEIGHTS @ shares**2) + blind * guess**2
    alike = max(square - right**2, 0.0) / (right * (1 - right)) if 0 < right < 1 else 0.0
    pace, variance = _pace(pool, stage, found, weights)
    return right, alike, pace, pool.speed_sd, math.sqrt(variance)


def _shares_right(line: Line, pool: Pool, segment: Segment) -> Floats:
    """float64[nodes]: how often people of each skill are right on items of a segment."""
    found = np.zeros(NODES.size)
    for label, difficulty, share in kinds(line, segment):
        middle = pool.skill_mean + pool.elasticity * math.log(pool.hurry) - difficulty
        middle += segment.class_effects.get(label, 0.0) + pool.class_effects.get(label, 0.0)
        middle += pool.segment_effects.get(segment.name, 0.0)
        found += share / (1.0 + np.exp(-(middle + pool.skill_sd * NODES)))
    return found


def _pace(pool: Pool, stage: Stage, segments: Sequence[Segment], weights: Floats) -> tuple[float, float]:
    """(mean, variance over tasks) of the logarithm of active seconds of a median person."""
    logs = np.log(quantiles(stage.time, MIDDLES))
    of = [
        math.log(pool.segment_times.get(one.name, 1.0) * (one.time_factor if stage.kind == "annotate" else 1.0))
        for one in segments
    ]
    counts = [count_moments(one.objects) for one in segments]
    means = np.array(of) + np.array([math.log(mean / math.sqrt(1 + scv)) for mean, scv in counts])
    mean = float(weights @ means)
    within = float(weights @ np.array([math.log1p(scv) for _, scv in counts]))
    between = float(weights @ (means - mean) ** 2)
    own = math.log(pool.speed * pool.hurry)
    return own + float(logs.mean()) + mean, float(logs.var()) + within + between
