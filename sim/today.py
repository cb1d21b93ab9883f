"""A line from a moment on: what is past is taken off it, and what stood then is taken up.

What a log shows of the moment is a Standing. `ahead` makes the line that begins there: what is still to come, what
waits and what is in hand, who is known to be quick or slow. What nobody wrote down is drawn: labels that are not known
(see OpenTask), and how long what is in hand will take, of service times at least as long as they have taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray
from scipy import special

from . import quantiles
from .line import Arrivals, Distribution, Epoch, Known, Line, OpenTask, Pool, Release, Segment, Stage
from .line.chance import Family

Floats = NDArray[np.float64]

GRID = np.linspace(0.0025, 0.9975, 200)
"""Chances at which a service time is looked at."""

STANDS = np.linspace(-4.0, 4.0, 161)
"""Where a person may stand among the pool's people, in standard deviations."""

NODES, WEIGHTS = (np.asarray(part) for part in hermegauss(21))
WEIGHTS = WEIGHTS / WEIGHTS.sum()
"""Of the standard normal, for means over difficulties (Gauss and Hermite)."""


@dataclass(frozen=True)
class InHand:
    """A task that somebody of the staff has begun. replica: which label.  begun_ms: from the line's start.
    spent_s: active seconds so far."""

    replica: int
    pool: str
    slot: int
    begun_ms: int
    spent_s: float


@dataclass(frozen=True)
class Waits:
    """An item that was begun and is not delivered, at the stage where it stands.

    item: its number in the log.  came_ms, since_ms: when it came, and since when it stands there, from the line's
    start.  given: (pool, slot) of whose labels it has in this round.  wanted: replicas that wait for somebody.
    """

    item: int
    segment: str
    stage: str
    came_ms: int
    since_ms: int
    round: int
    given: tuple[tuple[str, int], ...]
    wanted: tuple[int, ...]
    in_hand: tuple[InHand, ...] = ()


@dataclass(frozen=True)
class Pace:
    """Timed tasks of one person at one stage, of one segment. log_s: sum of the logarithms of their active seconds.
    practised: sum of log(1 + tasks done before)."""

    stage: str
    segment: str
    tasks: int
    log_s: float
    practised: float


@dataclass(frozen=True)
class Judged:
    """Labels of one person that one pool of judges looked at, of one segment; only labels that were an item's only
    one."""

    by: str
    segment: str
    labels: int
    rejected: int


@dataclass(frozen=True)
class Person:
    """Somebody of the staff. tasks: done so far, of all stages that the pool serves."""

    pool: str
    slot: int
    tasks: int
    pace: tuple[Pace, ...] = ()
    judged: tuple[Judged, ...] = ()


@dataclass(frozen=True)
class Standing:
    """How a line stood at a moment. at_ms: from its start.  begun: by segment, items that somebody had taken up.
    delivered: by segment, items."""

    at_ms: int
    begun: Mapping[str, int]
    delivered: Mapping[str, int]
    waits: tuple[Waits, ...]
    people: tuple[Person, ...]


def ahead(line: Line, standing: Standing, rng: np.random.Generator) -> Line:
    """The line from the moment of a standing on, which is its new start. `rng`: of how long tasks in hand will take.

    Costs of the line itself, goals and windows stay what they are on the whole line and are left out here.
    """
    at = standing.at_ms / 1000.0
    assert 0.0 <= at < line.horizon_s, "a moment before the line's horizon"
    held = _as_of(line, at)
    segments = tuple(_left(one, standing, at) for one in held.segments)
    pools = tuple(_pool(held, pool, standing) for pool in held.pools)
    start = (line.origin + timedelta(milliseconds=standing.at_ms)).replace(tzinfo=None)
    there = replace(
        held,
        start=start,
        horizon_s=line.horizon_s - at,
        segments=segments,
        pools=pools,
        initial=(),
        goals=(),
        windows=(),
        one_offs=(),
        running=(),
        epochs=tuple(_later(one, standing, at) for one in line.epochs if one.at_s > at),
        trainings=tuple(replace(one, at_s=one.at_s - at) for one in line.trainings if one.at_s > at),
        relabels=tuple(
            replace(one, at_s=one.at_s - at, since_s=max(0.0, one.since_s - at))
            for one in line.relabels
            if one.at_s > at
        ),
    )
    return replace(there, initial=tuple(_opened(there, standing, rng)))


def _as_of(line: Line, at: float) -> Line:
    """The line as its changes had made it by then."""
    held = line
    for epoch in line.epochs:
        if epoch.at_s <= at:
            parts = {name: getattr(epoch, name) for name in ("segments", "calendars", "pools", "stages")}
            held = replace(held, **{name: part for name, part in parts.items() if part is not None})
    return held


def _left(segment: Segment, standing: Standing, at: float) -> Segment:
    """What of a segment nobody had taken up. Those that came first are taken as begun first; what was posted by then
    waits, the rest comes as planned."""
    rest, begun = _unbegun(segment, standing)
    return replace(
        segment,
        backlog=sum(items for at_s, items in rest if at_s <= at),
        releases=tuple(Release(at_s - at, items) for at_s, items in rest if at_s > at),
        arrivals=None if segment.arrivals is None else _stream(segment.arrivals, begun, at),
        due_at_s=None if segment.due_at_s is None else segment.due_at_s - at,
    )


def unbegun(segment: Segment, standing: Standing) -> list[tuple[float, int]]:
    """(seconds from the line's start, items) of what was posted by then and nobody had taken up."""
    return [(at_s, items) for at_s, items in _unbegun(segment, standing)[0] if at_s * 1000.0 <= standing.at_ms]


def _unbegun(segment: Segment, standing: Standing) -> tuple[list[tuple[float, int]], int]:
    """(seconds from the line's start, items) of what nobody has taken up, and how many were of no release."""
    begun = round(standing.begun.get(segment.name, 0) / segment.sample) if segment.sample > 0.0 else 0
    rest = []
    for at_s, items in [(0.0, segment.backlog), *((one.at_s, one.items) for one in segment.releases)]:
        left = max(0, items - begun)
        begun -= items - left
        if left:
            rest.append((at_s, left))
    return rest, begun


def _stream(arrivals: Arrivals, begun: int, at: float) -> Arrivals:
    """A stream from a moment on. begun: items of it that were taken up; others that came by then are not known."""
    hours = math.floor(at / 3600.0)
    return replace(
        arrivals,
        per_week=arrivals.per_week * (1.0 + arrivals.growth_per_week) ** (hours / 168.0),
        items=None if arrivals.items is None else max(0, arrivals.items - begun),
        until_s=None if arrivals.until_s is None else max(0.0, arrivals.until_s - at),
    )


def _later(epoch: Epoch, standing: Standing, at: float) -> Epoch:
    """A change that is still to come."""
    segments = None
    if epoch.segments is not None:
        segments = tuple(
            replace(
                one,
                backlog=0,
                releases=tuple(Release(each.at_s - at, each.items) for each in one.releases if each.at_s > epoch.at_s),
                arrivals=None if one.arrivals is None else _stream(one.arrivals, 0, at),
                due_at_s=None if one.due_at_s is None else one.due_at_s - at,
            )
            for one in epoch.segments
        )
    return replace(epoch, at_s=epoch.at_s - at, segments=segments)


# People


def _pool(line: Line, pool: Pool, standing: Standing) -> Pool:
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
    times = _times(there, mine.slot, _at_grid(stage.time))
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


def _at_grid(time: Distribution) -> Floats:
    """A service time at the chances of GRID, in seconds. Not to be written to."""
    return _grid(time.family, tuple(sorted(time.parameters.items())))


@lru_cache(maxsize=256)
def _grid(family: Family, parameters: tuple[tuple[str, float], ...]) -> Floats:
    """Kept, as all people of a pool ask for the same few."""
    table = quantiles.of_distribution(Distribution(family, dict(parameters)))
    return np.array([quantiles.quantile(table, float(chance)) for chance in GRID])


# Work


def _opened(line: Line, standing: Standing, rng: np.random.Generator) -> Iterator[OpenTask]:
    """The tasks that wait or are in hand, in the order of items."""
    now = standing.at_ms
    stages = {stage.name: stage for stage in line.stages}
    pools = {pool.name: pool for pool in line.pools}
    tables = {name: _at_grid(stage.time) for name, stage in stages.items()}
    for one in standing.waits:
        plain = OpenTask(
            one.segment,
            one.item,
            one.stage,
            arrived_s=(one.came_ms - now) / 1000.0,
            enqueued_s=(one.since_ms - now) / 1000.0,
            round=one.round,
            labels=_labels(one.given, pools),
        )
        for mine in one.in_hand:
            pool = pools[mine.pool]
            if pool.sessions is not None or mine.slot >= pool.headcount:
                yield replace(plain, replica=mine.replica)
                continue
            yield replace(
                plain,
                replica=mine.replica,
                pool=mine.pool,
                slot=mine.slot,
                started_s=-mine.spent_s / (1.0 - pool.shrinkage),  # as if all of it had been on this shift
                remaining_s=_remaining(stages[one.stage], pool, mine, tables[one.stage], rng),
            )
        for replica in one.wanted:
            yield replace(plain, replica=replica)


def _times(pool: Pool, slot: int, table: Floats) -> Floats:
    """Active seconds that a person needs, at the chances of GRID. table: of the stage."""
    known = {one.slot: one for one in pool.known}.get(slot, Known(slot))
    speed = math.exp(pool.speed_sd * known.speed) * pool.speed * pool.hurry
    speed *= (1.0 + min(known.experience, pool.learning.tasks)) ** -pool.learning.exponent
    return np.asarray(table * speed, np.float64)


def _labels(given: Sequence[tuple[str, int]], pools: Mapping[str, Pool]) -> tuple[tuple[str, int, str], ...]:
    """Labels of people who are still there, as the line knows no others."""
    return tuple(
        (pool, slot, "") for pool, slot in given if pools[pool].sessions is None and slot < pools[pool].headcount
    )


def _remaining(stage: Stage, pool: Pool, mine: InHand, table: Floats, rng: np.random.Generator) -> float:
    """Active seconds still to go: of this person's service times, one of those that are longer than the task has taken;
    where hardly any is, the task is nearly done or left lying, and takes one more."""
    times = _times(pool, mine.slot, table)
    longer = times[times > mine.spent_s]
    if longer.size == 0:
        return float(rng.choice(times))
    return float(rng.choice(longer) - mine.spent_s)
