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
        met = _met(runs, goal)
        found[name] = Chance(runs.line.name, name, goal, met, *_share(met, runs.level))
    return found


@dataclass(frozen=True, eq=False)
class Together:
    """How often a scenario meets all of its goals in one and the same run. goals: all that have a chance.  met:
    bool[R], None where it is withheld, because a KPI could not be computed in some run.  mean, low, high: the share of
    runs with Wilson's interval, NaN where it is withheld."""

    goals: tuple[Goal, ...]
    met: NDArray[np.bool_] | None
    mean: float
    low: float
    high: float


def together(runs: Runs) -> Together:
    """Of every goal on a KPI that has a chance, several on one KPI included; what never finishes has not met its
    deadline."""
    goals = tuple(goal for goal in runs.line.goals if goal.kpi in GOAL_KPIS and goal.kpi in runs.kpis.columns)
    each = [_met(runs, goal) for goal in goals]
    known = [met for met in each if met is not None]
    met = np.logical_and.reduce(known) if len(known) == len(each) > 0 else None
    return Together(goals, met, *_share(met, runs.level))


def likeliest_first(having: Sequence[tuple[str, Together]]) -> list[tuple[str, Together]]:
    """Scenarios by how often they meet all of their goals, those of whom it is known; of equals who comes first."""
    return sorted(((name, one) for name, one in having if one.met is not None), key=lambda pair: -pair[1].mean)


def _met(runs: Runs, goal: Goal) -> NDArray[np.bool_] | None:
    """bool[R], None where the KPI could not be computed in some run."""
    values = runs.kpis[goal.kpi].to_numpy(np.float64)
    if np.isnan(values).any():
        return None
    return np.asarray(values >= goal.value if goal.relation == ">=" else values <= goal.value)


def _share(met: NDArray[np.bool_] | None, level: float) -> tuple[float, float, float]:
    """How often, with Wilson's interval."""
    if met is None:
        return math.nan, math.nan, math.nan
    return float(met.mean()), *wilson(int(met.sum()), met.size, level)


def chance_difference(one: Chance, other: Chance, level: float) -> Difference:
    """By how much likelier `one` meets its goal than `other` its own, in pairs of runs."""
    if one.met is None or other.met is None:
        return WITHHELD
    return paired_chance(one.met, other.met, level)


TOLD = ("p_deadline", "p_budget", "p_accuracy")
"""Chances that a verdict tells; tables have all."""


def chance_clauses(found: dict[str, Chance], base: dict[str, Chance], lines: tuple[Line, Line]) -> list[str]:
    """How likely a scenario misses each goal, with the baseline's chance in brackets; goals that no run of either
    missed are told together.

    lines: of the scenario and of the baseline.  A goal that only the baseline has is not told.
    """
    told, kept = [], []
    for name, chance in found.items():
        if name not in TOLD or chance.met is None:
            continue
        goal, other = missed(chance.goal, lines[0]), base.get(name)
        if other is None or other.met is None:
            told.append(f"{goal} with probability {share_words(chance)}")
            continue
        alike = missed(other.goal, lines[1]) == goal
        if alike and chance.share == other.share == 1:
            kept.append(goal)
            continue
        its = f"{other.scenario} {'' if alike else f'{missed(other.goal, lines[1])} with '}{share_words(other, ', ')}"
        told.append(f"{goal} with probability {share_words(chance, more=f'; {its}')}")
    scenario = next(iter(found.values())).scenario if found else ""
    clauses = [f"{scenario} {_and(told)}"] if told else []
    if kept:
        most = share_ends(next(chance for chance in found.values() if chance.share == 1))[1]
        clauses.append(f"neither {' or '.join(kept)} in any run (at most {most}% each)")
    return clauses


def missed(goal: Goal, line: Line) -> str:
    """What happens where a goal is not met: misses 15 Jun 2027, exceeds 60,000 EUR, misses 97% accuracy."""
    if goal.kpi == "finish_days":
        return f"misses {by_day(line, goal.value)}"
    if goal.kpi == "cost":
        return f"exceeds {amount(goal.value)} {line.currency}"
    noun = goal.kpi.replace("_", " ")
    return f"{'misses' if goal.relation == '>=' else 'exceeds'} {100 * goal.value:.4g}% {noun}"


def share_words(chance: Chance, bracket: str = " (", more: str = "") -> str:
    """The chance to miss, in whole percent: 8% (5% to 12%). more: what else stands in the brackets."""
    low, high = share_ends(chance)
    middle = 100 * (1 - chance.share)
    rounded = min(max(round(middle), 1), 99) if 0 < middle < 100 else round(middle)
    return f"{rounded}%{bracket}{low}% to {high}%{more}{')' if bracket == ' (' else ''}"


def share_ends(chance: Chance) -> tuple[int, int]:
    """Ends of the interval of the chance to miss, in percent, rounded outward."""
    return math.floor(100 * (1 - chance.high) + 1e-9), math.ceil(100 * (1 - chance.low) - 1e-9)


def amount(value: float) -> str:
    """An amount of money: 60,000 or 0.42."""
    return f"{value:,.0f}" if value == round(value) or value >= 1_000 else f"{value:,.2f}"


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
