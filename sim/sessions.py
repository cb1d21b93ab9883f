"""The sessions of a crowd in one replication: when each begins, whose it is, and how many tasks it is good for.

Sessions come as a Poisson stream. Each is by someone who had one before with chance `returning`, then by the person of
an earlier session, each session being as likely; else by somebody new. So the chance that a person comes again grows
with how often they came, and few people do most of the work.
Source: Simon, On a class of skew distribution functions, Biometrika 42, 1955.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .draws import Purpose, subject, uniform, where
from .intensity import Intensity, joined, moments
from .jit import jit
from .plan import Plan
from .quantiles import count, quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SESSION = where(Purpose.SESSION)
_RETURNING = where(Purpose.RETURNING)
_EARLIER = where(Purpose.EARLIER)
_TASKS = where(Purpose.SESSION_TASKS)
_PULL = where(Purpose.PULL)
_CROWD = where(Purpose.CROWD)
_NO_LIMIT = 1 << 62


class Sessions(NamedTuple):
    """The sessions that a pool may have, in order of time: int64 arrays of one length.

    at: milliseconds, before the horizon.  person: number within the pool, in order of first coming.  key: subject of
    that person's draws.  tasks: how many the session is good for, at least one.  least: so many tasks must wait for the
    pool, or it does not come about; 0 where it always does.
    """

    at: Ints
    person: Ints
    key: Ints
    tasks: Ints
    least: Ints


def sessions(plan: Plan, stream: int, pool: int) -> Sessions:
    """The sessions of pool number `pool`. What a session draws hangs on the pool and the session's serial alone."""
    steps = [(max(0, stand.at), stand.pools[pool]) for stand in plan.stands]
    assert all(step.crowd for _, step in steps), f"{steps[0][1].name} is a crowd from beginning to end"
    key = steps[0][1].key
    luck = quantile(plan.normal, uniform(stream, key, _CROWD))
    coming = joined([(at, _scaled(step.coming, math.exp(step.spread * luck))) for at, step in steps])
    at = moments(stream, key, _SESSION, 0, *coming, _NO_LIMIT, plan.horizon, plan.tick, plan.exponential)
    step_of = np.searchsorted([at for at, _ in steps], at, side="right") - 1
    person = _people(stream, key, np.array([step.returning for _, step in steps])[step_of])
    tasks = _tasks(stream, key, np.array([step.session_tasks for _, step in steps]), step_of)
    pulls = np.array([(step.pull, step.offer) for _, step in steps])[step_of].reshape(-1, 2)
    return Sessions(at, person, _keys(key, person), tasks, _least(stream, key, pulls))


def _scaled(coming: Intensity, factor: float) -> Intensity:
    return coming if factor == 1.0 else coming._replace(gap=coming.gap / factor)


@jit
def _people(stream: int, pool_key: int, returning: Floats) -> Ints:
    """The person of each session. returning: chance of each session."""
    person = np.empty(returning.size, np.int64)
    known = 0
    for i in range(returning.size):
        session = subject(pool_key, i)
        if i > 0 and uniform(stream, session, _RETURNING) < returning[i]:
            person[i] = person[int(uniform(stream, session, _EARLIER) * i)]
        else:
            person[i] = known
            known += 1
    return person


@jit
def _tasks(stream: int, pool_key: int, tables: Floats, table_of: Ints) -> Ints:
    """Tasks that each session is good for. tables: [step, LENGTH]; table_of: the step of each session."""
    tasks = np.empty(table_of.size, np.int64)
    for i in range(tasks.size):
        tasks[i] = count(tables[table_of[i]], uniform(stream, subject(pool_key, i), _TASKS))
    return tasks


@jit
def _least(stream: int, pool_key: int, pulls: Floats) -> Ints:
    """How much must be on offer: with w tasks a session comes about with chance (w / offer)^pull, at most one.

    pulls: pull and offer of each session. The chance that offer * u^(1/pull) < w, for a whole w."""
    least = np.zeros(len(pulls), np.int64)
    for i in range(least.size):
        pull, offer = pulls[i]
        if pull > 0.0:
            least[i] = int(offer * uniform(stream, subject(pool_key, i), _PULL) ** (1.0 / pull)) + 1
    return least


@jit
def _keys(pool_key: int, person: Ints) -> Ints:
    keys = np.empty(person.size, np.int64)
    for i in range(person.size):
        keys[i] = subject(pool_key, person[i])
    return keys
