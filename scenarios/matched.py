"""What must be alike before scenarios are compared, and their values made comparable, replication by replication."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ..sim.errors import ScenarioRefused
from ..sim.line import Line
from ..sim.replicate import Runs
from ..sim.statistics import Floats
from .ongoing import goes_on, never
from .problems import listed

DAY_S = 86_400.0

Values = Mapping[str, Mapping[str, Floats]]
"""By scenario and KPI, float[R]."""


def check_lines(lines: Sequence[Line]) -> None:
    """Raises ScenarioRefused with all that keeps these lines from being compared."""
    if problems := _lines_apart(lines):
        raise ScenarioRefused(problems)


def check_runs(runs: Sequence[Runs]) -> None:
    """Raises ScenarioRefused with all that keeps these runs from being compared in pairs."""
    facts: dict[str, Callable[[Runs], str]] = {
        "seed": lambda each: str(each.seed),
        "number of replications": lambda each: str(len(each.kpis)),
        "level of confidence": lambda each: f"{100 * each.level:g}%",
    }
    problems = _lines_apart([each.line for each in runs])
    for what, fact in facts.items():
        problems += _apart(what, {each.line.name: fact(each) for each in runs})
    if problems:
        raise ScenarioRefused(problems)


def _lines_apart(lines: Sequence[Line]) -> list[str]:
    problems = _apart("currency", {line.name: line.currency for line in lines})
    if any(goes_on(line) for line in lines):
        days = {line.name: f"{line.horizon_s / DAY_S:g} days" for line in lines}
        problems += _apart("horizon, because items arrive until then", days)
    names = [line.name for line in lines]
    return problems + [
        f'compare: {names.count(name)} scenarios are named "{name}". Give each a `name:` of its own.'
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]


def _apart(what: str, found: Mapping[str, str]) -> list[str]:
    if len(set(found.values())) <= 1:
        return []
    told = listed(f"{name}: {value}" for name, value in found.items())
    return [f"compare: all scenarios must have one {what}, but got {told}. Give all the same."]


def values_of(runs: Sequence[Runs], kpis: Sequence[str]) -> Values:
    """Values of the KPIs that any scenario has, NaN where one has no such.

    The finish counts from the first scenario's start, so that lines that begin on other days end in the right order;
    where items of any arrive until the horizon, there is none. Where work was left undone in some run, its cost is not
    that of the whole work, and is NaN.
    """
    known = {kpi for each in runs for kpi in each.kpis.columns}
    if any(goes_on(each.line) for each in runs):
        known.discard("finish_days")
    shown = [kpi for kpi in dict.fromkeys(kpis) if kpi in known]
    return {each.line.name: {kpi: _values(each, runs[0].line, kpi) for kpi in shown} for each in runs}


def _values(each: Runs, baseline: Line, kpi: str) -> Floats:
    if kpi not in each.kpis.columns or (kpi == "cost" and never(each)):
        return np.full(len(each.kpis), np.nan)
    found = each.kpis[kpi].to_numpy(np.float64)
    later = (each.line.origin - baseline.origin).total_seconds() / DAY_S
    return found + later if kpi == "finish_days" and later else found
