"""Expectations on the command line: "on_time >= 90%", "P(accuracy >= 97%) >= 80%", "cost <= 60_000 EUR"."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..sim.errors import ScenarioRefused
from ..sim.line import Line
from ..sim.registry import names_of, unit_of
from ..sim.replicate import GOAL_KPIS, Runs, made_of, summaries
from .problems import guess, listed, quoted
from .units import grouped

_NUMBER = r"[-+]?\d+(?:_\d+)*(?:\.\d+)?(?:[eE][-+]?\d+)?"
_RELATION = r">=|<=|>|<"
_CLAIM = rf"([\w.-]+?)\s*({_RELATION})\s*({_NUMBER})\s*([^\s\d()<>=]*)"
_PLAIN = re.compile(rf"\s*{_CLAIM}\s*")
_CHANCE = re.compile(rf"\s*P\(\s*{_CLAIM}\s*\)\s*({_RELATION})\s*({_NUMBER})\s*(%?)\s*")

_RELATIONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True)
class Chance:
    """What share of the replications must meet a claim."""

    relation: str
    share: float


@dataclass(frozen=True)
class Expectation:
    """A claim on a KPI: on its mean, or, with `chance`, on the share of replications that meet it.

    value: in the unit written, "" for none.
    """

    text: str
    kpi: str
    relation: str
    value: float
    unit: str
    chance: Chance | None = None

    def check(self, line: Line) -> None:
        """Raises ScenarioRefused when the line gives no such KPI, or gives it in another unit."""
        known = _known(line)
        if self.kpi in GOAL_KPIS.values() and self.kpi not in known:
            goal = next(kpi for kpi, chance in GOAL_KPIS.items() if chance == self.kpi)
            raise self._refused(f'{self.kpi} needs a goal for it in {line.name}, or write "P({goal} ...) >= ...".')
        if self.kpi not in known:
            hint = guess(self.kpi, known) or f" There are: {listed(known, len(known))}."
            raise self._refused(f"no KPI is named {quoted(self.kpi)}.{hint}")
        if self.chance is not None and made_of(self.kpi) is not None:
            raise self._refused(f'{self.kpi} is a chance itself. Write "{self.kpi} {self.relation} ...".')
        self._bound(line)

    def holds(self, runs: Runs) -> bool:
        """Whether the claim is true of these runs; of a KPI that is withheld none is. Raises as check() does."""
        found = self._found(runs)
        if math.isnan(found):
            return False
        if self.chance is not None:
            return _RELATIONS[self.chance.relation](found, self.chance.share)
        return _RELATIONS[self.relation](found, self._bound(runs.line))

    def report(self, runs: Runs) -> str:
        """What was expected and what was found, in a sentence. Raises as check() does."""
        told = f"{self.text.strip()}: {'holds' if self.holds(runs) else 'does not hold'}"
        found, kpi = self._found(runs), self.kpi
        many, level = len(runs.kpis), f"{100 * runs.level:g}% interval"
        if math.isnan(found):
            return f"{told}: {kpi} is withheld, because {self._why(runs)}."
        summary = None if self.chance is not None else summaries(runs)[kpi]
        if summary is None:
            bound = f"{self.value:g}{self.unit}" if self.unit == "%" else f"{self.value:g} {self.unit}".rstrip()
            met = f"{round(found * many)} of {many} replications meet {kpi} {self.relation} {bound}"
            return f"{told}: {met}, {_percent(found)}."
        unit = unit_of(kpi, runs.line.currency)
        mean, low, high = (_amount(value, unit) for value in (summary.mean, summary.low, summary.high))
        error = "one replication gives no interval" if math.isnan(summary.low) else f"{level} {low} to {high}"
        return f"{told}: {'the mean of ' if kpi in runs.kpis else ''}{kpi} is {mean} ({error})."

    def _found(self, runs: Runs) -> float:
        """The mean, or with `chance` the share of replications that meet the claim; NaN where withheld."""
        self.check(runs.line)
        if (made_of(self.kpi) or self.kpi) not in runs.kpis.columns:
            return math.nan
        if self.chance is None:
            return summaries(runs)[self.kpi].mean
        values, bound = runs.kpis[self.kpi].to_numpy(), self._bound(runs.line)
        if np.isnan(values).any():
            return math.nan
        return float(np.mean([_RELATIONS[self.relation](float(value), bound) for value in values]))

    def _why(self, runs: Runs) -> str:
        """Why the KPI is withheld."""
        kpi = made_of(self.kpi) or self.kpi
        if kpi not in runs.kpis.columns:
            return f"no replication gives {kpi}"
        values = runs.kpis[kpi].to_numpy()
        if np.isnan(values).any():
            return f"{kpi} could not be computed in {int(np.isnan(values).sum())} of {len(values)} replications"
        return f"{int(np.isinf(values).sum())} of {len(values)} replications never finished"

    def _bound(self, line: Line) -> float:
        """The claim's value in the unit of the KPI."""
        unit = unit_of(self.kpi, line.currency)
        if unit == "share":
            if self.unit not in ("%", ""):
                raise self._refused(f"{self.kpi} is a share, but got {quoted(self.unit)}. Write it in %, as in 90%.")
            share = self.value / 100 if self.unit == "%" else self.value
            if not 0 <= share <= 1:
                hint = f" Did you mean {self.value:g}%?" if not self.unit and 1 < self.value <= 100 else ""
                raise self._refused(f"{self.kpi} lies between 0% and 100%, but got {self.value:g}{self.unit}.{hint}")
            return share
        allowed = {"", unit, unit.removesuffix("s")}
        if self.unit not in allowed:
            mend = f"is in {unit}" if unit else "has no unit"
            raise self._refused(f"{self.kpi} {mend}, but got {quoted(self.unit)}.")
        return self.value

    def _refused(self, message: str) -> ScenarioRefused:
        return ScenarioRefused(f"--assert {quoted(self.text)}: {message}")


def expectation(text: str, line: Line | None = None) -> Expectation:
    """Reads an expectation, and checks it against the line, if given, so that a mistake is told before the run.

    Raises ScenarioRefused with the right form when it cannot be read.
    """
    plain, chance = _PLAIN.fullmatch(text), _CHANCE.fullmatch(text)
    if plain is not None:
        found = Expectation(text, *_claim(text, plain.groups()))
    elif chance is not None:
        *claim, relation, share, percent = chance.groups()
        at = float(share) / (100 if percent else 1)
        if not 0 <= at <= 1:
            hint = f" Did you mean {share}%?" if not percent and 1 < at <= 100 else ""
            rule = f"a chance lies between 0% and 100%, but got {share}{percent}.{hint}"
            raise ScenarioRefused(f"--assert {quoted(text)}: {rule}")
        found = Expectation(text, *_claim(text, claim), Chance(relation, at))
    else:
        raise ScenarioRefused(
            f'--assert {quoted(text)}: an expectation must read like "on_time >= 90%", "cost <= 60_000 EUR" or '
            '"P(accuracy >= 97%) >= 80%".'
        )
    if line is not None:
        found.check(line)
    return found


def _claim(text: str, groups: tuple[str, ...] | list[str]) -> tuple[str, str, float, str]:
    kpi, relation, value, unit = groups
    if why := grouped(f"{value} {unit}"):
        raise ScenarioRefused(f"--assert {quoted(text)}: {why}")
    return kpi, relation, float(value), unit


def _known(line: Line) -> list[str]:
    """Names of all KPIs of a line's runs."""
    goals = {GOAL_KPIS[goal.kpi] for goal in line.goals if goal.kpi in GOAL_KPIS}
    parts = ([part.name for part in parts] for parts in (line.pools, line.segments, line.windows, line.charts))
    names = names_of({stage.name: stage.kind for stage in line.stages}, *parts)
    return [name for name in names if name not in GOAL_KPIS.values() or name in goals]


def _amount(value: float, unit: str) -> str:
    """A number to six significant digits, with its unit."""
    if unit == "share":
        return _percent(value)
    decimals = 5 - math.floor(math.log10(abs(value))) if value and math.isfinite(value) else 0
    text = f"{value:,.{max(0, decimals)}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {unit}".rstrip()


def _percent(share: float) -> str:
    return f"{100 * share:.6g}%"
