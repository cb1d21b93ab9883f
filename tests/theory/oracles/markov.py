"""Continuous-time Markov chains with finitely many states, solved by linear algebra."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import spsolve

State = TypeVar("State", bound=Hashable)


def stationary(start: State, moves: Callable[[State], Iterable[tuple[State, float]]]) -> dict[State, float]:
    """Stationary probability of every state that can be reached from `start`.

    moves: (next state, rate) pairs of a state; one that truncates an infinite chain simply leaves moves out.
    Source: Stewart, Introduction to the Numerical Solution of Markov Chains, direct methods.
    """
    numbers = {start: 0}
    states = [start]
    rows, columns, rates = [], [], []
    for state in states:  # grows while it is read
        for target, rate in moves(state):
            if target not in numbers:
                numbers[target] = len(states)
                states.append(target)
            rows += [numbers[target], numbers[state]]
            columns += [numbers[state], numbers[state]]
            rates += [rate, -rate]
    size = len(states)
    balance = sparse.coo_matrix((rates, (rows, columns)), (size, size)).tolil()
    balance[0, :] = 1.0  # one balance equation follows from the others; in its place the sum is one
    solved = spsolve(balance.tocsc(), np.eye(1, size).ravel())
    return dict(zip(states, solved.tolist(), strict=True))


def mean_of(chances: Mapping[State, float], value: Callable[[State], float]) -> float:
    """Mean of a function of the state."""
    return sum(chance * value(state) for state, chance in chances.items())


def periodic(generators: list[np.ndarray], step: float) -> list[np.ndarray]:
    """Distribution over the states at the start of each of the cycle's steps, once the chain has forgotten its start.

    generators: Q of each step of one cycle, rows summing to zero.  step: length of a step.
    """
    known: dict[bytes, np.ndarray] = {}
    through = []
    for generator in generators:
        key = generator.tobytes()
        if key not in known:
            known[key] = linalg.expm(generator * step)
        through.append(known[key])
    cycle = np.linalg.multi_dot(through) if len(through) > 1 else through[0]
    size = len(cycle)
    system = np.vstack([cycle.T - np.eye(size), np.ones(size)])
    at = np.linalg.lstsq(system, np.append(np.zeros(size), 1.0), rcond=None)[0]
    found = []
    for one in through:
        found.append(at)
        at = at @ one
    return found
