"""The sessions of a crowd in one replication: when each begins, whose it is, and how many tasks it is good for.

Sessions come as a Poisson stream. Each is by someone who had one before with chance `returning`, then by the person of
an earlier session, each session being as likely; else by somebody new. So the chance that a person comes again grows
with how often they came, and few people do most of the work.
Source: Simon, On a class of skew distribution functions, Biometrika 42, 1955.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .draws import Purpose, subject, uniform, where
from .intensity import joined, moments
from .jit import jit
from .plan import Plan
from .quantiles import count

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SESSION = where(Purpose.SESSION)
_RETURNING = where(Purpose.RETURNING)
_EARLIER = where(Purpose.EARLIER)
_TASKS = where(Purpose.SESSION_TASKS)
_NO_LIMIT = 1 << 62


class Sessions(NamedTuple):
    """The sessions of a pool in order of time: int64 arrays of one length.

    at: milliseconds, before the horizon.  person: number within the pool, in order of first coming.  key: subject of
    that person's draws.  tasks: how many the session is good for, at least one.
    """

    at: Ints
    person: Ints
    key: Ints
    tasks: Ints


def sessions(plan: Plan, stream: int, pool: int) -> Sessions:
    """The sessions of pool number `pool`. What a session draws hangs on the pool and the session's serial alone."""
    steps = [(max(0, stand.at), stand.pools[pool]) for stand in plan.stands]
    assert all(step.crowd for _, step in steps), f"{steps[0][1].name} is a crowd from beginning to end"
    key = steps[0][1].key
    coming = joined([(at, step.coming) for at, step in steps])
    at = moments(stream, key, _SESSION, 0, *coming, _NO_LIMIT, plan.horizon, plan.tick, plan.exponential)
    step_of = np.searchsorted([at for at, _ in steps], at, side="right") - 1
    person = _people(stream, key, np.array([step.returning for _, step in steps])[step_of])
    tasks = _tasks(stream, key, np.array([step.session_tasks for _, step in steps]), step_of)
    return Sessions(at, person, _keys(key, person), tasks)


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
def _keys(pool_key: int, person: Ints) -> Ints:
    keys = np.empty(person.size, np.int64)
    for i in range(person.size):
        keys[i] = subject(pool_key, person[i])
    return keys
