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
from ...sim.estimates.erlang import mean_waits
from ...sim.estimates.line import work_h
from ...sim.estimates.load import Load, load
from ...sim.line import Line, anonymous, digest
from ...sim.statistics import Floats
from .question import Plan, Question, Variable

Plans = NDArray[np.int64]
"""int64[n, variables]: plans."""

BUSY = 0.97
"""Utilisation above which waits go on as a straight line: beyond it theory has infinity, and a run has an end."""

LineOf = Callable[[Plan], Line]
"""The line of a plan. Raises ScenarioRefused or Infeasible where there is no such line."""


@dataclass(frozen=True)
class Head:
    """A variable that is how many people a pool has. variable, pool: their places."""

    variable: int
    pool: int


@dataclass(frozen=True, eq=False)
class Policy:
    """The load of a policy, by pool, float[pools] each.

    heads: employed.  people: who are there, of one that is employed.  offered: people that its steady work keeps busy.
    tasks: a week.  mean: hours of a task.  services: its squared coefficient of variation.  work: hours of what has an
    end.  open: hours of a week.  items: a week.  wrong: share of the delivered, by typical people.
    """

    heads: Floats
    people: Floats
    offered: Floats
    tasks: Floats
    mean: Floats
    services: Floats
    work: Floats
    open: Floats
    items: float
    wrong: float


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
        self.known: dict[Plan, Policy | None] = {}
        self.names: dict[Plan, str | None] = {}

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
                self.known[key] = _policy(line, load(line), self.question.pools)
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
        """float[n, features]: for each pool its waits, how far it is overloaded, and the days of what there is an end
        of; the longest of these; person-days; hours of work there is an end of, and by week; and the share of wrong
        labels. Plans without a line have the features of none, all 0."""
        found = np.zeros((len(plans), 6 * len(self.question.pools) + 2))
        keys, inverse = np.unique(self.keys(plans), axis=0, return_inverse=True)
        people = self.people(plans)
        for number, key in enumerate(keys):
            policy = self.policy([int(one) for one in key])
            if policy is not None:
                rows = np.flatnonzero(inverse.ravel() == number)
                found[rows] = _features(policy, self._staff(policy, people[rows]))
        return found

    def _staff(self, policy: Policy, people: Floats) -> Floats:
        """float[n, pools]: people there. Pools that do not vary have what the policy has."""
        there = np.tile(policy.heads, (len(people), 1))
        for place, one in enumerate(self.heads):
            there[:, one.pool] = people[:, place]
        return there * policy.people


def _policy(line: Line, found: Load, names: Sequence[str]) -> Policy:
    """Of a line whose pools have people; pools that it does not have get no work."""
    tasks, heads = found.tasks.sum(axis=0), np.array([float(pool.headcount) for pool in line.pools])
    open_s = np.array([max(one.open_s, 1.0) for one in found.staff])
    places = [names.index(pool.name) for pool in line.pools]

    def spread(values: Floats, default: float = 0.0) -> Floats:
        """By pool of the file."""
        whole = np.full(len(names), default)
        whole[places] = values
        return whole

    return Policy(
        heads=spread(heads),
        people=spread(np.array([one.people for one in found.staff]) / np.maximum(heads, 1.0)),
        offered=spread(tasks * found.mean / open_s),
        tasks=spread(tasks),
        mean=spread(found.mean / 3600.0),
        services=spread(found.services),
        work=spread(np.nan_to_num([work_h(line, found, place) for place in range(len(line.pools))])),
        open=spread(open_s / 3600.0, 1.0),
        items=max(found.per_week, 1e-9),
        wrong=float(np.nan_to_num(found.wrong)),
    )


def _features(policy: Policy, people: Floats) -> Floats:
    """float[n, features]. people: float[n, pools], there on average."""
    there = np.maximum(people, 1e-6)
    busy = np.where(policy.offered > 0.0, policy.offered / there, 0.0)
    waits = mean_waits(np.maximum(there, policy.offered / BUSY), policy.offered, policy.mean)
    waits *= (1.0 + policy.services) / 2.0 * (1.0 + np.maximum(busy - BUSY, 0.0) / (1.0 - BUSY))
    days = np.minimum(policy.work / there * 7.0 / policy.open, 1e4)
    longest = days.max(axis=1, keepdims=True)
    spent = people * np.maximum(longest, 0.0)
    fixed = np.array([*policy.work, *(policy.offered * policy.open), policy.wrong])
    own = np.tile(fixed, (len(people), 1))
    return np.hstack([waits * policy.tasks / policy.items, np.maximum(busy - 0.9, 0.0), days, longest, spent, own])


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
