"""Plans worth a thought: all of a small space; else theory's frontier, what lies beside the best, some at random."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

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
CHEAP = np.geomspace(0.02, 50.0, 24)
"""What an hour of waiting by item is worth on theory's frontier, in hours of one person."""


def size(question: Question) -> int:
    """How many plans there are."""
    return int(np.prod([len(one.texts) for one in question.variables], dtype=object))


def candidates(theory: Theory, beside: Sequence[Plan], seed: int, decision: int) -> Plans:
    """Plans, each once and in a fixed order; those of `beside` are the best so far, and among them. Hangs on its
    arguments alone, not on what theory remembers."""
    sizes = [len(one.texts) for one in theory.question.variables]
    heads = {one.variable for one in theory.heads}
    policies = int(np.prod([n for at, n in enumerate(sizes) if at not in heads], dtype=object))
    if size(theory.question) <= ALL and policies <= 4 * POLICIES:
        return np.array(list(itertools.product(*map(range, sizes))), np.int64)
    rng = np.random.default_rng([seed, decision])
    found = [*beside, *_near(beside, sizes, rng), *_at_random(sizes, AT_RANDOM, rng)]
    few = found if policies <= 4 * POLICIES else _few_policies(theory, beside, found, seed)
    few += [plan for policy in {theory.policy_of(plan): None for plan in few} for plan in _frontier(theory, policy)]
    return np.array(list(dict.fromkeys(few)), np.int64)


def _at_random(sizes: Sequence[int], count: int, rng: np.random.Generator) -> list[Plan]:
    return [tuple(int(place) for place in plan) for plan in rng.integers(0, sizes, (count, len(sizes)))]


def _near(beside: Sequence[Plan], sizes: Sequence[int], rng: np.random.Generator) -> list[Plan]:
    """Plans that differ little from the best: every one that differs in one or two values by one or two places, and
    some that differ in more."""
    found: list[Plan] = []
    for plan in beside:
        for pair in itertools.combinations(range(len(sizes)), 2):
            for steps in itertools.product((-2, -1, 0, 1, 2), repeat=2):
                found.append(_moved(plan, dict(zip(pair, steps, strict=True)), sizes))
    for _ in range(NEAR if beside else 0):
        plan = beside[int(rng.integers(len(beside)))]
        many = rng.choice([-2, -1, -1, 0, 0, 0, 1, 1, 2], len(sizes)).tolist()
        found.append(_moved(plan, dict(enumerate(many)), sizes))
    return found


def _moved(plan: Plan, steps: dict[int, int], sizes: Sequence[int]) -> Plan:
    return tuple(min(max(place + int(steps.get(at, 0)), 0), sizes[at] - 1) for at, place in enumerate(plan))


def _few_policies(theory: Theory, beside: Sequence[Plan], plans: Sequence[Plan], seed: int) -> list[Plan]:
    """The plans, in order, of few policies: POLICIES at random, those of the best plans, and the first FRESH others.
    With the policies at random come plans of theirs."""
    sizes = [len(one.texts) for one in theory.question.variables]
    base = _at_random(sizes, POLICIES, np.random.default_rng([seed, POLICIES]))
    known = {theory.policy_of(plan) for plan in [*base, *beside]}
    fresh: set[Plan] = set()
    kept = []
    for plan in plans:
        policy = theory.policy_of(plan)
        if policy not in known and policy not in fresh:
            if len(fresh) >= FRESH:
                continue
            fresh.add(policy)
        kept.append(plan)
    return [*kept, *base]


def _frontier(theory: Theory, policy: Plan) -> list[Plan]:
    """For each worth of an hour of waiting, the people of each pool that cost least together with the waits: pools are
    apart in both, so each is chosen by itself. Pools without steady work are taken at a few sizes in step."""
    load = theory.policy(policy)
    if load is None:
        return []
    plans = np.tile(np.array(policy, np.int64), (len(CHEAP), 1))
    for one in theory.heads:
        numbers = np.array(theory.question.variables[one.variable].numbers)
        if load.offered[one.pool] > 0.0:
            rows = np.tile(np.array(policy, np.int64), (len(numbers), 1))
            rows[:, one.variable] = np.arange(len(numbers))
            waits: Floats = theory.features(rows)[:, one.pool]
            worth = numbers * _price(theory, one.pool) + CHEAP[:, None] * waits * load.items / load.open[one.pool]
            plans[:, one.variable] = worth.argmin(axis=1)
        else:
            plans[:, one.variable] = np.round(np.linspace(0, len(numbers) - 1, len(CHEAP))).astype(np.int64)
    return [tuple(int(place) for place in plan) for plan in plans]


def _price(theory: Theory, pool: int) -> float:
    """What an hour of one of its people costs, by that of the dearest; 1 where nobody is paid by the hour."""
    hourly = [one.contract.hourly or 0 for one in theory.question.line.pools]
    return hourly[pool] / max(hourly) if hourly[pool] else 1.0
