"""What people have shown by a moment, by Bayes' rule: how quick and how skilled they are among those of their pool."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray
from scipy import special

from . import quantiles
from .line import Distribution, Known, Line, Pool
from .line.chance import Family
from .standing import InHand, Judged, Pace, Person, Standing, Waits

Floats = NDArray[np.float64]

GRID = np.linspace(0.0025, 0.9975, 200)
"""Chances at which a service time is looked at."""

STANDS = np.linspace(-4.0, 4.0, 161)
"""Where a person may stand among the pool's people, in standard deviations."""

NODES, WEIGHTS = (np.asarray(part) for part in hermegauss(21))
WEIGHTS = WEIGHTS / WEIGHTS.sum()
"""Of the standard normal, for means over difficulties (Gauss and Hermite)."""


def shown(line: Line, pool: Pool, standing: Standing) -> Pool:
    """The pool with what its people have shown."""
    if pool.sessions is not None:
        since = pool.sessions.since_s + standing.at_ms / 1000.0
        return replace(pool, sessions=replace(pool.sessions, since_s=since))
    mine = [one for one in standing.people if one.pool == pool.name and one.slot < pool.headcount]
    busy = {one.slot: (each, one) for each in standing.waits for one in each.in_hand if one.pool == pool.name}
    return replace(pool, known=tuple(_known(line, pool, one, busy.get(one.slot)) for one in mine))


def _known(line: Line, pool: Pool, person: Person, busy: tuple[Waits, InHand] | None) -> Known:
    speed = _speed(line, pool, person)
    if busy is not None and pool.speed_sd > 0.0:
        speed = _speed(line, pool, replace(person, pace=(*person.pace, *_so_far(line, pool, person, busy, speed[0]))))
    return Known(person.slot, person.tasks, *speed, *_skill(line, pool, person))


def _so_far(line: Line, pool: Pool, person: Person, busy: tuple[Waits, InHand], speed: float) -> Iterator[Pace]:
    """The task in a person's hand as a timed one: it takes what tasks that have taken as long take on average. What is
    in hand at a moment is longer than other tasks; without it people would seem quicker than they are."""
    waits, mine = busy
    stage = next(one for one in line.stages if one.name == waits.stage)
    there = replace(pool, known=(Known(person.slot, person.tasks, speed, 0.0),))
    times = times_of(there, mine.slot, at_grid(stage.time))
    longer = times[times > mine.spent_s]
    if longer.size:
        log_s = float(np.log(longer).mean()) - math.log(1.0 - pool.shrinkage)
        yield Pace(stage.name, waits.segment, 1, log_s, math.log1p(person.tasks))


def _speed(line: Line, pool: Pool, person: Person) -> tuple[float, float]:
    """Where a person's speed stands, by Bayes' rule: normal by the pool, and each timed task a normal measurement of
    its logarithm, whose spread is that of the stage's service time."""
    if pool.speed_sd <= 0.0:
        return 0.0, 1.0
    weight, total = 1.0 / pool.speed_sd**2, 0.0
    for one in person.pace:
        beyond, spread = residual(line, pool, one)
        if spread > 0.0 and math.isfinite(beyond):
            weight += one.tasks / spread**2
            total += one.tasks * beyond / spread**2
    return total / weight / pool.speed_sd, math.sqrt(1.0 / weight) / pool.speed_sd


def _skill(line: Line, pool: Pool, person: Person) -> tuple[float, float]:
    """Where a person's skill stands, by Bayes' rule: normal by the pool, and each verdict of a median judge a throw by
    whether the label is right. The posterior's mean and standard deviation are taken on a grid."""
    if pool.skill_sd <= 0.0 or not person.judged or not math.isfinite(pool.skill_mean):
        return 0.0, 1.0
    log_weight = -0.5 * STANDS**2
    for one in person.judged:
        rejected = _rejected(line, pool, person.tasks, one)
        log_weight += one.rejected * np.log(rejected) + (one.labels - one.rejected) * np.log1p(-rejected)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    mean = float(weight @ STANDS)
    return mean, math.sqrt(float(weight @ (STANDS - mean) ** 2))


def _rejected(line: Line, pool: Pool, tasks: int, judged: Judged) -> Floats:
    """float64[stands]: chance that a judge rejects a label of people who stand there, over the segment's classes and
    difficulties and over judges. Difficulty makes labels wrong, and judges blind; see sim/labels.py. What practice
    gives is that of half of the person's tasks."""
    judges = next(each for each in line.pools if each.name == judged.by)
    segment = next(each for each in line.segments if each.name == judged.segment)
    gained = pool.learning.gain * (1.0 - 2.0 ** (-tasks / 2.0 / pool.learning.half))
    skill = pool.skill_mean + gained + pool.skill_sd * STANDS
    parts = [(1.0 - segment.hard.share, 0.0, segment.difficulty_sd)]
    parts += [(segment.hard.share, segment.hard.harder, segment.hard.sd)]
    found = np.zeros_like(skill)
    for part, middle, sd in parts:
        if part <= 0.0:
            continue
        difficulty = middle + sd * NODES
        wrong = _over_judges(judges.sensitivity, -difficulty, math.hypot(judges.skill_sd, judges.sensitivity_sd))
        right = _over_judges(judges.false_alarm, difficulty, math.hypot(judges.skill_sd, judges.false_alarm_sd))
        for label, share in segment.classes.items():
            shift = segment.class_effects.get(label, 0.0) + pool.class_effects.get(label, 0.0)
            shift += pool.segment_effects.get(segment.name, 0.0)
            good = special.expit(skill[:, None] + shift - difficulty)
            found += share * part * ((good * right + (1.0 - good) * wrong) @ WEIGHTS)
    return np.asarray(np.clip(found, 1e-9, 1.0 - 1e-9), np.float64)


def _over_judges(chance: float, shifts: Floats, sd: float) -> Floats:
    """A judge's chance at each shift of its logit, on average over judges whose logits differ by `sd`."""
    if chance in (0.0, 1.0):
        return np.full_like(shifts, chance)
    logits = special.logit(chance) + shifts[:, None] + sd * NODES
    return np.asarray(special.expit(logits) @ WEIGHTS, np.float64)


def residual(line: Line, pool: Pool, pace: Pace) -> tuple[float, float]:
    """(mean of log time beyond what the line says of the median person of a pool, spread of one task's); NaN where the
    line does not tell: items of several objects."""
    stage = next(one for one in line.stages if one.name == pace.stage)
    segment = next(one for one in line.segments if one.name == pace.segment)
    if segment.objects is not None:
        return math.nan, 0.0
    middle, spread = log_moments(stage.time)
    middle += math.log(pool.speed * pool.hurry * pool.segment_times.get(segment.name, 1.0))
    if stage.kind == "annotate":
        middle += math.log(segment.time_factor)
    middle -= pool.learning.exponent * pace.practised / pace.tasks
    measured = pace.log_s / pace.tasks + math.log(1.0 - pool.shrinkage)
    return measured - middle, spread


def log_moments(time: Distribution) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of a service time, by its quantiles."""
    return _log_moments(time.family, tuple(sorted(time.parameters.items())))


@lru_cache(maxsize=256)
def _log_moments(family: Family, parameters: tuple[tuple[str, float], ...]) -> tuple[float, float]:
    logs = np.log(np.maximum(_grid(family, parameters), 1e-3))
    return float(logs.mean()), float(logs.std())


def at_grid(time: Distribution) -> Floats:
    """A service time at the chances of GRID, in seconds. Not to be written to."""
    return _grid(time.family, tuple(sorted(time.parameters.items())))


@lru_cache(maxsize=256)
def _grid(family: Family, parameters: tuple[tuple[str, float], ...]) -> Floats:
    """Kept, as all people of a pool ask for the same few."""
    table = quantiles.of_distribution(Distribution(family, dict(parameters)))
    return np.array([quantiles.quantile(table, float(chance)) for chance in GRID])


def times_of(pool: Pool, slot: int, table: Floats) -> Floats:
    """Active seconds that a person needs, at the chances of GRID. table: of the stage."""
    known = {one.slot: one for one in pool.known}.get(slot, Known(slot))
    speed = math.exp(pool.speed_sd * known.speed) * pool.speed * pool.hurry
    speed *= (1.0 + min(known.experience, pool.learning.tasks)) ** -pool.learning.exponent
    return np.asarray(table * speed, np.float64)
