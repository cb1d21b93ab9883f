"""The chance that a scenario meets its goals, with Wilson's interval, and the clause that tells it of two scenarios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..sim.line import Goal, Line
from ..sim.paired import WITHHELD, paired_chance
from ..sim.replicate import GOAL_KPIS, Runs
from ..sim.statistics import Difference, wilson
from .when import by_day


@dataclass(frozen=True, eq=False)
class Chance:
    """How often a goal of a scenario is met. name: p_deadline, p_budget, ..; met: bool[R], None where it is withheld,
    because the KPI could not be computed in some run.  share, low, high: with Wilson's interval."""

    scenario: str
    name: str
    goal: Goal
    met: NDArray[np.bool_] | None
    share: float
    low: float
    high: float


def chances_of(runs: Runs) -> dict[str, Chance]:
    """By name, of the first goal on each KPI; what never finishes has not met its deadline."""
    found: dict[str, Chance] = {}
    for goal in runs.line.goals:
        name = GOAL_KPIS.get(goal.kpi)
        if name is None or name in found or goal.kpi not in runs.kpis.columns:
            continue
        values = runs.kpis[goal.kpi].to_numpy(np.float64)
        if np.isnan(values).any():
            found[name] = Chance(runs.line.name, name, goal, None, math.nan, math.nan, math.nan)
            continue
        met = values >= goal.value if goal.relation == ">=" else values <= goal.value
        share = float(met.mean())
        found[name] = Chance(runs.line.name, name, goal, met, share, *wilson(int(met.sum()), met.size, runs.level))
    return found


def chance_difference(one: Chance, other: Chance, level: float) -> Difference:
    """By how much likelier `one` meets its goal than `other` its own, in pairs of runs."""
    if one.met is None or other.met is None:
        return WITHHELD
    return paired_chance(one.met, other.met, level)


def chance_clauses(found: dict[str, Chance], base: dict[str, Chance], lines: tuple[Line, Line]) -> list[str]:
    """For each goal of a scenario: how likely it is missed, there and by the baseline.

    lines: of the scenario and of the baseline.  A goal that only the baseline has is told of the baseline.
    """
    told = []
    for name in dict.fromkeys([*found, *base]):
        sides = [(each[name], line) for each, line in zip((found, base), lines, strict=True) if name in each]
        sides = [(chance, line) for chance, line in sides if chance.met is not None]
        if not sides:
            continue
        (chance, line), *rest = sides
        text = f"{chance.scenario} {missed(chance.goal, line)} with probability {share_words(chance)}"
        for other, its in rest:
            alike = missed(other.goal, its) == missed(chance.goal, line)
            text += f", {other.scenario} {'' if alike else f'{missed(other.goal, its)} '}with {share_words(other)}"
        told.append(text)
    return told


def missed(goal: Goal, line: Line) -> str:
    """What happens where a goal is not met: misses 15 Jun 2027, costs more than 60,000 EUR, stays below 97% of it."""
    if goal.kpi == "finish_days":
        return f"misses {by_day(line, goal.value)}"
    if goal.kpi == "cost":
        return f"costs more than {amount(goal.value)} {line.currency}"
    noun = goal.kpi.replace("_", " ")
    return f"{'stays below' if goal.relation == '>=' else 'exceeds'} {100 * goal.value:.4g}% {noun}"


def share_words(chance: Chance) -> str:
    """The chance to miss, in whole percent: 8% (5% to 12%); ends are rounded outward."""
    low, high = (100 * (1 - end) for end in (chance.high, chance.low))
    middle = 100 * (1 - chance.share)
    rounded = min(max(round(middle), 1), 99) if 0 < middle < 100 else round(middle)
    return f"{rounded}% ({math.floor(low + 1e-9)}% to {math.ceil(high - 1e-9)}%)"


def amount(value: float) -> str:
    """An amount of money: 60,000 or 0.42."""
    return f"{value:,.0f}" if value == round(value) or value >= 1_000 else f"{value:,.2f}"


def all_names(chances: Sequence[dict[str, Chance]]) -> list[str]:
    """Names of the chances that any scenario has, in the order of GOAL_KPIS."""
    return [name for name in GOAL_KPIS.values() if any(name in each for each in chances)]
