"""What queueing theory knows of a plan without running it: the features of its response surfaces, and how plans cost.

The load of a line is worked out once for a policy (all that varies but how many people a pool has) and scales with
people from there, so that thousands of plans cost no more than their policies. Features decide nothing: what is not in
them (routes by how busy pools are, hires, what comes later) is left to what the surface learns from replications.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...sim.errors import Infeasible, ScenarioRefused
from ...sim.line import Line, anonymous, digest
from ...sim.statistics import Floats
from .policy import FORETOLD, Policy, policy
from .question import Plan, Question, Variable

Plans = NDArray[np.int64]
"""int64[n, variables]: plans."""

LineOf = Callable[[Plan], Line]
"""The line of a plan. Raises ScenarioRefused or Infeasible where there is no such line."""


@dataclass(frozen=True)
class Head:
    """A variable that is how many people a pool has. variable, pool: their places."""

    variable: int
    pool: int


class Theory:
    """Features of plans. Of one question; remembers the policies that it has worked out."""

    def __init__(self, question: Question, line_of: LineOf) -> None:
        self.question, self.line_of = question, line_of
        places = {f"pools.{name}.headcount": place for place, name in enumerate(question.pools)}
        self.heads = tuple(
            Head(number, places[one.path])
            for number, one in enumerate(question.variables)
            if one.path in places and one.kind == "whole"
        )
        self.top = tuple(len(one.texts) - 1 for one in question.variables)
        self.sizes = {one.pool: np.array(question.variables[one.variable].numbers) for one in self.heads}
        self.known: dict[Plan, Policy | None] = {}
        self.names: dict[Plan, str | None] = {}
        self.cheapest: dict[Plan, Plans] = {}

    def policy_of(self, plan: Sequence[int]) -> Plan:
        """The plan with the most people everywhere, which stands for all that differ in people only."""
        heads = {one.variable for one in self.heads}
        return tuple(self.top[at] if at in heads else int(place) for at, place in enumerate(plan))

    def keys(self, plans: Plans) -> Plans:
        """policy_of of each."""
        heads = [one.variable for one in self.heads]
        found = plans.copy()
        found[:, heads] = np.array(self.top, np.int64)[heads]
        return found

    def policy(self, plan: Sequence[int]) -> Policy | None:
        """Its load; None where there is no such line."""
        key = self.policy_of(plan)
        if key not in self.known:
            try:
                line = self.line_of(key)
            except (ScenarioRefused, Infeasible):
                self.known[key] = None
            else:
                self.known[key] = policy(line, self.question.pools, self.sizes)
        return self.known[key]

    def identity(self, plan: Plan) -> str | None:
        """Names the line of a plan: plans that differ in nothing that matters (the staff of a pool without work) have
        one name. None where there is no line."""
        if plan not in self.names:
            try:
                line = self.line_of(plan)
            except (ScenarioRefused, Infeasible):
                self.names[plan] = None
            else:
                self.names[plan] = digest(anonymous(line))
        return self.names[plan]

    def people(self, plans: Plans) -> Floats:
        """float[n, heads]: how many people each pool that varies has."""
        numbers = [np.array(self.question.variables[one.variable].numbers) for one in self.heads]
        return np.array(
            [known[plans[:, one.variable]] for known, one in zip(numbers, self.heads, strict=True)]
        ).T.reshape(len(plans), len(self.heads))

    def features(self, plans: Plans) -> Floats:
        """float[n, features]: those of Policy. Plans without a line have the features of none, all 0."""
        return self.seen(plans)[0]

    def seen(self, plans: Plans) -> tuple[Floats, Floats]:
        """(features, FORETOLD) of plans, float[n, features] and float[n, 3]."""
        width = 6 * len(self.question.pools) + 2
        both = np.zeros((len(plans), width + len(FORETOLD)))
        keys, inverse = np.unique(self.keys(plans), axis=0, return_inverse=True)
        order = np.argsort(inverse.ravel(), kind="stable")
        parts = np.split(order, np.cumsum(np.bincount(inverse.ravel()))[:-1])
        people = self.people(plans)
        for key, rows in zip(keys.tolist(), parts, strict=True):
            own = self.policy(key)
            if own is not None:
                employed = self._employed(own, people[rows])
                both[rows, :width], both[rows, width:] = own.features(employed), own.foretold(employed)
        return both[:, :width], both[:, width:]

    def _employed(self, policy: Policy, people: Floats) -> Floats:
        """float[n, pools]. Pools that do not vary have what the policy has."""
        employed = np.tile(policy.heads, (len(people), 1))
        for place, one in enumerate(self.heads):
            employed[:, one.pool] = people[:, place]
        return employed


def coordinates(variables: Sequence[Variable], plans: Plans) -> Floats:
    """float[n, coordinates]: numbers from 0 to 1 by their size; of choices, a coordinate for each but the first."""
    columns: list[Floats] = []
    for one, places in zip(variables, plans.T, strict=True):
        if one.kind == "choice":
            columns += [(places == other) * 0.7 for other in range(len(one.texts))] if len(one.texts) > 1 else []
        elif len(one.numbers) > 1:
            numbers = np.array(one.numbers)
            columns.append((numbers[places] - numbers[0]) / (numbers[-1] - numbers[0]))
    return np.array(columns, np.float64).T.reshape(len(plans), len(columns))
