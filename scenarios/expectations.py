"""Expectations on the command line: "on_time >= 90%", "P(accuracy >= 97%) >= 80%", "cost <= 60_000 EUR"."""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass

import numpy as np

from ..sim.errors import ScenarioRefused
from ..sim.kpis import unit_of
from ..sim.replicate import Runs, summaries
from ..sim.statistics import wilson

_NUMBER = r"[-+]?[\d_]+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_CLAIM = rf"([\w.<>-]+?)\s*(>=|<=|>|<)\s*({_NUMBER})\s*([^\s\d)][^)]*?)?"
_PLAIN = re.compile(rf"\s*{_CLAIM}\s*")
_CHANCE = re.compile(rf"\s*P\(\s*{_CLAIM}\s*\)\s*(>=|>)\s*({_NUMBER})\s*(%?)\s*")


@dataclass(frozen=True)
class Expectation:
    """A claim on a KPI: on its mean, or, with `chance`, on the share of replications that meet it."""

    text: str
    kpi: str
    relation: str
    value: float
    unit: str
    chance: float | None = None
    strictly: bool = False

    def holds(self, runs: Runs) -> bool:
        """Whether the claim is true of these runs. A KPI that is withheld meets nothing."""
        found = self._found(runs)
        if math.isnan(found):
            return False
        if self.chance is None:
            return _meets(found, self.relation, self._value(runs))
        return found > self.chance if self.strictly else found >= self.chance

    def report(self, runs: Runs) -> str:
        """What was expected and what was found, in a sentence."""
        found = self._found(runs)
        told = "holds" if self.holds(runs) else "does not hold"
        if math.isnan(found):
            return (
                f"{self.text}: {told}: {self.kpi} is withheld, because it could not be computed in every replication."
            )
        if self.chance is not None:
            met = round(found * len(runs.kpis))
            low, high = wilson(met, len(runs.kpis), runs.level)
            return f"{self.text}: {told}: found {found:.1%} ({low:.1%} to {high:.1%}) of {len(runs.kpis)} replications."
        unit = unit_of(self.kpi, runs.line.currency)
        if unit == "share":
            return f"{self.text}: {told}: the mean is {found:.2%}."
        return f"{self.text}: {told}: the mean is {found:,.6g} {unit}."

    def _found(self, runs: Runs) -> float:
        """The mean, or with `chance` the share of replications that meet the claim; NaN where withheld."""
        known = summaries(runs)
        if self.kpi not in known:
            near = difflib.get_close_matches(self.kpi, known, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else f" There are: {', '.join(known)}."
            raise ScenarioRefused(f'--assert "{self.text}": no KPI is named "{self.kpi}".{hint}')
        value = self._value(runs)
        if self.chance is None:
            values = runs.kpis[self.kpi].to_numpy() if self.kpi in runs.kpis.columns else None
            if values is not None and np.isinf(values).any():
                return math.inf  # never finished: worse than any bound from above
            return known[self.kpi].mean
        if self.kpi not in runs.kpis.columns:
            raise ScenarioRefused(f'--assert "{self.text}": {self.kpi} is a chance itself; write "{self.kpi} >= ..".')
        values = runs.kpis[self.kpi].to_numpy()
        if np.isnan(values).any():
            return math.nan
        return float(np.mean([_meets(each, self.relation, value) for each in values]))

    def _value(self, runs: Runs) -> float:
        """The bound in the KPI's unit, refused when the unit written is another one."""
        unit = unit_of(self.kpi, runs.line.currency)
        if unit == "share":
            if self.unit not in ("%", ""):
                raise ScenarioRefused(f'--assert "{self.text}": {self.kpi} is a share; write it in %, as in 90%.')
            if self.unit == "" and not 0 <= self.value <= 1:
                raise ScenarioRefused(f'--assert "{self.text}": {self.kpi} is a share. Did you mean {self.value:g}%?')
            return self.value / 100 if self.unit == "%" else self.value
        if self.unit not in ("", unit, unit.removesuffix("s"), unit.split("/")[0]):
            raise ScenarioRefused(f'--assert "{self.text}": {self.kpi} is in {unit}, but got {self.unit}.')
        return self.value


def expectation(text: str) -> Expectation:
    """Reads an expectation. Raises ScenarioRefused with the right form when it cannot be read."""
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        kpi, relation, value, unit = plain.groups()
        return Expectation(text, kpi, relation, float(value), (unit or "").strip())
    chance = _CHANCE.fullmatch(text)
    if chance is not None:
        kpi, relation, value, unit, above, share, percent = chance.groups()
        at_least = float(share) / 100 if percent else float(share)
        if not 0 <= at_least <= 1:
            raise ScenarioRefused(f'--assert "{text}": a chance lies between 0% and 100%, but got {share}{percent}.')
        return Expectation(text, kpi, relation, float(value), (unit or "").strip(), at_least, above == ">")
    raise ScenarioRefused(
        f'--assert "{text}": an expectation must read like "on_time >= 90%", "cost <= 60_000 EUR" or '
        '"P(accuracy >= 97%) >= 80%".'
    )


def _meets(found: float, relation: str, bound: float) -> bool:
    match relation:
        case ">=":
            return found >= bound
        case "<=":
            return found <= bound
        case ">":
            return found > bound
    return found < bound
