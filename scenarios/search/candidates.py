"""Plans worth a thought: all of a small space; else theory's frontier, what lies beside the best, some at random."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...sim.statistics import Floats
from .question import Plan, Question
from .theory import Plans, Theory

ALL = 4_000
"""Spaces up to this size are looked at as a whole, if their policies are few enough."""

POLICIES = 60
"""Policies at random of a larger space, the same for all decisions of a search."""

FRESH = 12
"""Policies more that one decision may look at: to work out a load takes as long as a short replication."""

AT_RANDOM = 600
NEAR = 1_500
STEPS = (-2, -1, 0, 1, 2)
CHEAP = np.geomspace(0.02, 50.0, 24)
"""What an hour of waiting by item is worth on theory's frontier, in hours of one person."""


def size(question: Question) -> int:
    """How many plans there are."""
    return int(np.prod([len(one.texts) for one in question.variables], dtype=object))


def many_policies(theory: Theory) -> bool:
    """Whether there are too many policies to look at all of them."""
    heads = {one.variable for one in theory.heads}
    sizes = [len(one.texts) for at, one in enumerate(theory.question.variables) if at not in heads]
    return int(np.prod(sizes, dtype=object)) > 4 * POLICIES


def candidates(theory: Theory, beside: Sequence[Plan], guessed: Plans, seed: int, decision: int) -> Plans:
    """Plans, each once, in order; those of `beside`, the best so far, are among them, as are those that were guessed.
    Hangs on its arguments alone, not on what theory remembers."""
    sizes = np.array([len(one.texts) for one in theory.question.variables])
    if size(theory.question) <= ALL and not many_policies(theory):
        return np.indices(tuple(sizes.tolist())).reshape(len(sizes), -1).T.astype(np.int64)
    rng = np.random.default_rng([seed, decision])
    best = np.array([*beside], np.int64).reshape(-1, len(sizes))
    by_chance = rng.integers(0, sizes, (AT_RANDOM, len(sizes)))
    found = np.concatenate([best, guessed, _near(best, sizes, rng), by_chance])
    if many_policies(theory):
        found = _of_few_policies(theory, best, found, seed)
    keys = np.unique(theory.keys(found), axis=0)
    return np.unique(np.concatenate([found, *(_frontier(theory, tuple(key)) for key in keys.tolist())]), axis=0)


def _near(best: Plans, sizes: NDArray[np.int64], rng: np.random.Generator) -> Plans:
    """Plans that differ little from the best: every one that differs in one or two values by one or two places, and
    some that differ in more."""
    pairs = np.array(list(itertools.combinations(range(len(sizes)), 2)), np.int64).reshape(-1, 2)
    steps = np.array(list(itertools.product(STEPS, repeat=2)), np.int64)
    moved = np.zeros((len(pairs), len(steps), len(sizes)), np.int64)
    for at in (0, 1):
        moved[np.arange(len(pairs))[:, None], np.arange(len(steps)), pairs[:, at, None]] = steps[:, at]
    few = (best[:, None] + moved.reshape(1, -1, len(sizes))).reshape(-1, len(sizes))
    many = best[rng.integers(0, max(len(best), 1), NEAR if len(best) else 0)]
    many = many + rng.choice([-2, -1, -1, 0, 0, 0, 1, 1, 2], many.shape)
    found: Plans = np.clip(np.concatenate([few, many]), 0, sizes - 1)
    return found


def _of_few_policies(theory: Theory, best: Plans, plans: Plans, seed: int) -> Plans:
    """The plans of few policies: POLICIES at random, those of the best plans, and the first FRESH others. With the
    policies at random come plans of theirs."""
    sizes = [len(one.texts) for one in theory.question.variables]
    base = np.random.default_rng([seed, POLICIES]).integers(0, sizes, (POLICIES, len(sizes)))
    known = {tuple(key) for key in theory.keys(np.concatenate([base, best])).tolist()}
    of = [tuple(key) for key in theory.keys(plans).tolist()]
    fresh = set(itertools.islice((key for key in dict.fromkeys(of) if key not in known), FRESH))
    return np.concatenate([plans[[key in known or key in fresh for key in of]], base])


def _frontier(theory: Theory, policy: Plan) -> Plans:
    """_cheapest, worked out once."""
    if policy not in theory.cheapest:
        theory.cheapest[policy] = _cheapest(theory, policy)
    return theory.cheapest[policy]


def _cheapest(theory: Theory, policy: Plan) -> Plans:
    """The plans of a policy that theory knows no cheaper ones for. Of pools with steady work: for each worth of an hour
    of waiting, the people that cost least with the waits; pools are apart in both, so each is chosen by itself.
    Of the others: for each of as many days, the fewest that are done by then."""
    load = theory.policy(policy)
    if load is None:
        return np.zeros((0, len(policy)), np.int64)
    plans = np.tile(policy, (len(CHEAP), 1))
    idle = [one for one in theory.heads if not load.offered[one.pool] > 0.0]
    days = {one: load.days_of(one.pool, theory.sizes[one.pool]) for one in idle}
    by = np.quantile(np.concatenate([*days.values()]), np.linspace(0.0, 1.0, len(CHEAP))) if days else CHEAP
    for one in theory.heads:
        numbers = theory.sizes[one.pool]
        if one in days:
            in_time = days[one] <= by[:, None]
            fewest = np.where(in_time, numbers, np.inf).argmin(axis=1)
            plans[:, one.variable] = np.where(in_time.any(axis=1), fewest, numbers.argmax())
        else:
            rows = np.tile(policy, (len(numbers), 1))
            rows[:, one.variable] = np.arange(len(numbers))
            waits: Floats = theory.features(rows)[:, one.pool]
            worth = numbers * _price(theory, one.pool) + CHEAP[:, None] * waits * load.items / load.open[one.pool]
            plans[:, one.variable] = worth.argmin(axis=1)
    return plans


def _price(theory: Theory, pool: int) -> float:
    """What an hour of one of its people costs, by that of the dearest; 1 where nobody is paid by the hour."""
    hourly = {one.name: one.contract.hourly or 0 for one in theory.question.line.pools}
    own = hourly.get(theory.question.pools[pool], 0)
    return own / max(hourly.values()) if own else 1.0
