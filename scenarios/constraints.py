"""What every plan of a search must keep, as goals of the line: in the KPIs' own units, for the mean or as a chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..sim.line import Goal, Line
from ..sim.registry import unit_of
from ..sim.replicate import GOAL_KPIS, P_READY, READY, made_of
from . import units
from .aims import percent
from .claims import Claim
from .dates import looks_like_a_date, moment
from .problems import guess, quoted
from .resolve.distributions import DIGITS
from .resolve.moments import until
from .spec import Scenario
from .tolerance import kpi_among

DAY_S = 86_400.0

_GOALS = {
    "p_deadline": ("deadline", "2027-06-15", "P(finish <= 2027-06-15) >= 90%"),
    "p_budget": ("budget", "60_000 EUR", "P(cost <= 60_000 EUR) >= 90%"),
    "p_accuracy": ("accuracy", '">= 97%"', "P(accuracy >= 97%) >= 90%"),
    "p_on_time": ("on_time", '">= 90%"', "P(on_time >= 90%) >= 80%"),
}
"""By chance: the goal that it is of, as that is written, and the chance written out."""


@dataclass(frozen=True)
class Known:
    """What claims are read against. line: of the scenario as it stands.  kpis: names that some plan gives."""

    scenario: Scenario
    line: Line
    kpis: Sequence[str]


def goal_of(claim: Claim, known: Known) -> Goal:
    """A claim as a goal. ValueError: the rule, what was found, how to mend it."""
    if made_of(claim.kpi) is not None:
        return _of_chance(claim, known)
    kpi = kpi_among(claim.kpi, known.kpis)
    return Goal(kpi, claim.relation, _bound(claim.bound, kpi, known), claim.chance)


def _of_chance(claim: Claim, known: Known) -> Goal:
    """The goal of which a claim says the chance: `p_deadline >= 90%`."""
    if claim.chance is not None:
        raise ValueError(f'{claim.kpi} is a chance itself. Write "{claim.kpi} {claim.relation} {claim.bound}".')
    if claim.relation != ">=":
        raise ValueError(f'{claim.kpi} is a chance that must be at least so much. Write "{claim.kpi} >= 90%".')
    chance = percent(claim.bound)
    if claim.kpi.startswith(P_READY):
        return _of_window(claim, known, chance)
    for goal in known.line.goals:
        if GOAL_KPIS.get(goal.kpi) == claim.kpi:
            return replace(goal, probability=chance)
    name, example, whole = _GOALS[claim.kpi]
    whole = whole.replace("EUR", known.line.currency)
    example = example.replace("EUR", known.line.currency)
    rule = f"{claim.kpi} needs the goal `{name}`, but there is none"
    raise ValueError(f"{rule}. Write `goals: {{{name}: {example}}}`, or here {quoted(whole)}.")


def _of_window(claim: Claim, known: Known, chance: float) -> Goal:
    name = claim.kpi.removeprefix(P_READY)
    for window in known.line.windows:
        if window.name == name:
            return Goal(READY + name, "<=", round(window.at_s / DAY_S, DIGITS), chance)
    names = [window.name for window in known.line.windows]
    there = f"there are: {', '.join(names)}" if names else "there are none"
    raise ValueError(f"no window of `goals` is named {quoted(name)} ({there}).{guess(name, names)}")


def _bound(text: str, kpi: str, known: Known) -> float:
    """A bound in the KPI's own unit."""
    unit = unit_of(kpi, known.line.currency)
    if (kpi == "finish_days" or kpi.startswith(READY)) and looks_like_a_date(text):
        return _days(text, known)
    if unit == "share":
        return _share(text, kpi)
    if why := units.grouped(text):
        raise ValueError(why)
    if unit == "":
        value, given = units.number(text, "5")
        if given:
            raise ValueError(f"{kpi} has no unit, but got {quoted(text)}. Write a bare number.")
        return float(value)
    money, _, each = unit.partition("/")
    if money in units.CURRENCIES and each:
        return _price(text, money, each)
    if unit in ("alarms", "results"):
        return _counted(text, kpi, unit)
    example = "2027-06-15" if kpi == "finish_days" else f"5 {unit}"
    return _finite(float(units.quantity(text, unit, f"a number of {unit}", example)), text)


def _days(text: str, known: Known) -> float:
    """Days from the start to a date's end."""
    seconds = until(known.scenario, moment(text))
    if seconds <= 0:
        start = f"{known.line.start:%Y-%m-%dT%H:%M}"
        raise ValueError(f"must be later than the start, {start}, but got {quoted(text)}. Write a later date.")
    return round(seconds / DAY_S, DIGITS)


def _share(text: str, kpi: str) -> float:
    value = units.quantity(text, "percent", "a share", "97%")
    if not 0 <= value <= 100:
        raise ValueError(f"{kpi} lies between 0% and 100%, but got {quoted(text)}.")
    return float(value / 100)


def _price(text: str, money: str, each: str) -> float:
    """An amount of money for one of something."""
    amount, slash, of = text.partition("/")
    if not slash or of.strip() not in (each, f"{each}s"):
        raise ValueError(f"must be in {money}/{each}, but got {quoted(text)}. Write it like 0.05 {money}/{each}.")
    return _finite(float(units.quantity(amount, money, "an amount of money", f"0.05 {money}/{each}")), text)


def _counted(text: str, kpi: str, unit: str) -> float:
    value, given = units.number(text, f"5 {unit}")
    if given not in (unit, unit.removesuffix("s")):
        raise ValueError(f"{kpi} is in {unit}, but got {quoted(text)}. Write it like 5 {unit}.")
    return float(value)


def _finite(value: float, text: str) -> float:
    if not math.isfinite(value):
        raise ValueError(f"must be a finite number, but got {quoted(text)}.")
    return value


def own(line: Line, written: dict[str, str]) -> list[tuple[Goal, str]]:
    """The scenario's goals, each as a claim would say it. written: texts of `goals` by name."""
    kpis = {"deadline": "finish_days", "budget": "cost", "accuracy": "accuracy", "on_time": "on_time"}
    found = []
    for name, kpi in kpis.items():
        for goal in line.goals:
            if goal.kpi == kpi:
                found.append((goal, _said(name, " ".join(written[name].split()))))
    return found


def _said(name: str, text: str) -> str:
    if text.startswith("P"):
        return text
    return {"deadline": f"finish <= {text}", "budget": f"cost <= {text}"}.get(name, f"{name} {text}")
