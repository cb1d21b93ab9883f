"""From today's plan to the one that was found, one variable at a time: first what brings the goals, then what saves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...sim.certificate import slack
from ...sim.errors import Infeasible, ScenarioRefused
from ...sim.line import Line
from ...sim.statistics import Floats
from ..load import load
from .beside import Beside
from .question import Plan, Question
from .read import keys_of

REPLICATIONS = 40
"""Of every plan on the way, all on the same luck."""

MOST = 6
"""Variables up to which every order is looked at step by step; of more they are ordered by what each does alone."""


@dataclass(frozen=True, eq=False)
class Change:
    """A step. variables: those that change in it, by place: one, or all that no line is without.  values:
    float[REPLICATIONS, kpis], with this change and all before it."""

    variables: tuple[int, ...]
    values: Floats


@dataclass(frozen=True, eq=False)
class Way:
    """today: float[REPLICATIONS, kpis].  changes: in order; none where today's plan was found."""

    today: Floats
    changes: tuple[Change, ...]

    @property
    def end(self) -> Floats:
        """float[REPLICATIONS, kpis] of the plan that was found."""
        return self.changes[-1].values if self.changes else self.today

    def around(self, number: int) -> tuple[Floats, Floats]:
        """(before, after) a step, from 0 on."""
        return (self.changes[number - 1].values if number else self.today), self.changes[number].values


def way(question: Question, plan: Plan, beside: Beside) -> Way:
    """The way to a plan, greedily: at each step the change after which least is missed, and which costs least then;
    those that change nothing yet wait."""
    left = [n for n, (one, place) in enumerate(zip(question.variables, plan, strict=True)) if one.today != place]
    (today,) = beside.values([question.line], REPLICATIONS)
    done: list[int] = []
    changes: list[Change] = []
    order: list[int] | None = None
    while left:
        tried = left if order is None else [one for one in order if one in left]
        found = _after(question, plan, done, tried, order is None, beside)
        if not found:
            (values,) = beside.values([_line(question, plan, [*done, *left])], REPLICATIONS)
            changes.append(Change(tuple(left), values))
            break
        now = changes[-1].values if changes else today
        idle = {one for one, values in found.items() if np.array_equal(values, now, equal_nan=True)}
        ranked = sorted(found, key=lambda one: (one in idle, *_worth(question, beside, found[one])))
        if order is None and len(left) > MOST:
            order = [*ranked, *(one for one in left if one not in ranked)]
        best = ranked[0]
        changes.append(Change((best,), found[best]))
        done.append(best)
        left = [one for one in left if one != best]
    return Way(today, tuple(changes))


def _after(
    question: Question, plan: Plan, done: Sequence[int], tried: Sequence[int], every: bool, beside: Beside
) -> Mapping[int, Floats]:
    """By variable, the values once it is changed as well; of all, or of the first that there is a line of."""
    lines: dict[int, Line] = {}
    for one in tried:
        try:
            lines[one] = _line(question, plan, [*done, one])
        except (ScenarioRefused, Infeasible):
            continue  # half of a change may be no plan: it is made together with another
        if not every:
            break
    return dict(zip(lines, beside.values([*lines.values()], REPLICATIONS), strict=True))


def _line(question: Question, plan: Plan, changed: Iterable[int]) -> Line:
    """Today's line with these variables as in the plan."""
    keys = keys_of(question, plan)
    return load(question.path, question.profile, keys=[keys[one] for one in sorted(changed)])


def _worth(question: Question, beside: Beside, values: Floats) -> tuple[float, float]:
    """(how much is missed, the objective): the less the better."""
    first = question.objectives[0]
    short = sum(max(slack(one.goal, beside.column(values, one.goal.kpi)).value, 0.0) for one in question.constraints)
    mean = float(np.mean(first.sign * beside.column(values, first.kpi)))
    return short, mean if np.isfinite(mean) else np.inf
