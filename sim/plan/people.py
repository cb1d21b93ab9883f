"""Pools as arrays and numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import drift, learning, quantiles
from ..draws import name_key
from ..intensity import NOTHING, Intensity, faded, intensity
from ..line import Discipline, Line, Pick, Pool, Sessions
from .flow import tick_of, way_ms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAIR_PARTS = 16.0


@dataclass(frozen=True, eq=False)
class PoolPlan:
    """A pool.

    people: its headcount.  workers: range of worker numbers, one a slot.  crowd: its people come in sessions; coming:
    how often; session_tasks: quantile table of a session's tasks; returning: chance that it is by someone who came
    before; patience: milliseconds after which a session without a task ends; pull, offer, spread: see Sessions.
    speed: median factor on service time, with that of hurry; speed_sd: of its logarithm, over workers.  pace: elapsed
    time per active time.  skill_mean: logits, with what hurry costs.  effects: logits by class.
    segment_effects, segment_times, masters: by segment, logits, factors on service time, shares of the slots.
    fair: by segment, what a millisecond of expected work counts where work is shared by weight.
    wrong, right: logits of a rejection of a wrong and a right label by the median reviewer; wrong_sd, right_sd: over
    people, beside skill.
    time_factors, practice: by tasks finished, see sim/learning.py.  slower, tiring: by hour on shift, share of time and
    logits.  walk: sd of a day's change of skill, logits.  spammers: share of the people who do not look; same:
    each of them always gives one class.
    gain: how often practice counts while mentored.  delays: by pool that did an item's last task, milliseconds on the
    way.
    """

    name: str
    key: int
    people: int
    workers: range
    crowd: bool
    coming: Intensity
    session_tasks: Floats
    returning: float
    patience: int
    pull: float
    offer: int
    spread: float
    speed: float
    speed_sd: float
    pace: float
    skill_mean: float
    skill_sd: float
    effects: Floats
    segment_effects: Floats
    segment_times: Floats
    masters: Floats
    fair: Floats
    wrong: float
    right: float
    wrong_sd: float
    right_sd: float
    time_factors: Floats
    practice: Floats
    slower: float
    tiring: float
    walk: float
    spammers: float
    same: bool
    gain: float
    discipline: Discipline
    preempts: bool
    pick: Pick
    cleared: bool
    delays: Ints


def pool_plans(line: Line, classes: tuple[str, ...]) -> tuple[PoolPlan, ...]:
    """The arrays of all pools. A pool's luck hangs on its place among the pools, not on its name."""
    plans, first = [], 0
    for number, pool in enumerate(line.pools):
        workers = range(first, first + pool.headcount)
        first = workers.stop
        plans.append(_pool(line, pool, name_key(f"pool {number}"), workers, classes))
    return tuple(plans)


def _pool(line: Line, pool: Pool, key: int, workers: range, classes: tuple[str, ...]) -> PoolPlan:
    assert pool.hurry > 0.0, f"hurry of {pool.name} is a factor above zero"
    tick = tick_of(line)
    segments, sessions = tuple(segment.name for segment in line.segments), pool.sessions
    return PoolPlan(
        name=pool.name,
        key=key,
        people=pool.headcount,
        workers=workers,
        crowd=sessions is not None,
        coming=NOTHING if sessions is None else _coming(line, sessions),
        session_tasks=np.zeros(0) if sessions is None else quantiles.of_distribution(sessions.tasks),
        returning=0.0 if sessions is None else sessions.returning,
        patience=0 if sessions is None else round(sessions.patience_s * 1000),
        pull=0.0 if sessions is None else sessions.pull,
        offer=1 if sessions is None else sessions.offer,
        spread=0.0 if sessions is None else sessions.spread,
        speed=pool.speed * pool.hurry,
        speed_sd=pool.speed_sd,
        pace=1.0 / (1.0 - pool.shrinkage),
        skill_mean=pool.skill_mean + pool.elasticity * math.log(pool.hurry),
        skill_sd=pool.skill_sd,
        effects=_by(classes, pool.class_effects, 0.0),
        segment_effects=_by(segments, pool.segment_effects, 0.0),
        segment_times=_by(segments, pool.segment_times, 1.0),
        masters=_by(segments, pool.masters, 1.0),
        fair=_fair(_by(segments, pool.weights, 1.0)),
        wrong=_logit(pool.sensitivity),
        right=_logit(pool.false_alarm),
        wrong_sd=pool.sensitivity_sd,
        right_sd=pool.false_alarm_sd,
        time_factors=learning.time_factors(pool.learning),
        practice=learning.practice(pool.learning),
        slower=pool.fatigue.slower,
        tiring=pool.fatigue.logits,
        walk=drift.step(pool.drift.walk),
        spammers=pool.spammers.share,
        same=pool.spammers.answers == "same",
        gain=pool.mentoring.gain,
        discipline=pool.discipline,
        preempts=pool.preempts,
        pick=pool.pick,
        cleared=pool.cleared,
        delays=np.array([way_ms(pool.delays.get(other.name, 0.0), tick) for other in line.pools], np.int64),
    )


def _coming(line: Line, sessions: Sessions) -> Intensity:
    calendar = next(calendar for calendar in line.calendars if calendar.name == sessions.calendar)
    horizon = round(line.horizon_s * 1000)
    rate = intensity(sessions.per_week, calendar, sessions.shape, 0.0, line.origin, horizon)
    releases = {round(one.at_s * 1000) for segment in line.segments for one in segment.releases}
    posted = [-round(sessions.since_s * 1000), *sorted(at for at in releases if 0 < at < horizon)]
    return faded(rate, posted, sessions.fade)


def _by(names: tuple[str, ...], values: Mapping[str, float], absent: float) -> Floats:
    return np.array([values.get(name, absent) for name in names], np.float64)


def _fair(weights: Floats) -> Floats:
    """What a millisecond counts of a segment of each weight: in sixteenths of one of the heaviest, so that whole
    numbers are fine enough."""
    found: Floats = FAIR_PARTS * weights.max() / weights
    return found


def _logit(p: float) -> float:
    if p <= 0.0:
        return -math.inf
    return math.inf if p >= 1.0 else math.log(p / (1.0 - p))
