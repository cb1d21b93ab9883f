"""Scenarios side by side: paired differences on common random numbers, told in sentences that claim no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..sim.errors import ScenarioRefused
from ..sim.replicate import Runs
from ..sim.statistics import Difference, holm, paired
from .problems import listed
from .verdict import Found, verdict

COMPARED = ("cost", "cost_per_correct_label", "finish_days", "accuracy", "cycle_time_h", "rework_rate")

FAMILY_LEVEL = 0.05
"""The chance of any false difference among all that a comparison claims."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """differences: scenario, kpi, mean, low, high (scenario less baseline), p_value, adjusted_p (Holm over all rows),
    differs; NaN where a KPI is withheld in either, or where one replication gives no interval.  verdicts: a sentence a
    scenario other than the baseline, in order."""

    baseline: str
    differences: pd.DataFrame
    verdicts: tuple[str, ...]


def compare(runs: Sequence[Runs]) -> Comparison:
    """Compares each scenario with the first, replication by replication.

    Raises ScenarioRefused unless all have one currency, seed, number of replications and level, and names of their own.
    """
    assert runs
    _check(runs)
    baseline, others = runs[0], runs[1:]
    names = [name for name in COMPARED if all(name in each.kpis.columns for each in runs)]
    found = {
        (each.line.name, name): paired(each.kpis[name], baseline.kpis[name], each.level)
        for each in others
        for name in names
    }
    adjusted = holm([difference.p_value for difference in found.values()])
    differs = [bool(p < FAMILY_LEVEL) for p in adjusted]
    return Comparison(
        baseline.line.name,
        _table(found, adjusted, differs),
        tuple(
            verdict(
                each.line.name,
                baseline.line.name,
                {
                    kpi: _found(difference, sure, each, baseline, kpi)
                    for ((scenario, kpi), difference), sure in zip(found.items(), differs, strict=True)
                    if scenario == each.line.name
                },
                each.line.currency,
                each.level,
                len(each.kpis),
            )
            for each in others
        ),
    )


def _table(found: dict[tuple[str, str], Difference], adjusted: list[float], differs: list[bool]) -> pd.DataFrame:
    numbers = ("mean", "low", "high", "p_value")
    columns = {
        "scenario": pd.Series([scenario for scenario, _ in found], dtype="str"),
        "kpi": pd.Series([kpi for _, kpi in found], dtype="str"),
        **{name: np.array([getattr(d, name) for d in found.values()], np.float64) for name in numbers},
        "adjusted_p": np.array(adjusted, np.float64),
        "differs": np.array(differs, np.bool_),
    }
    return pd.DataFrame(columns)


def _found(difference: Difference, differs: bool, each: Runs, baseline: Runs, kpi: str) -> Found:
    never = (int(np.isinf(each.kpis[kpi]).sum()), int(np.isinf(baseline.kpis[kpi]).sum()))
    return Found(difference, differs, never)


def _check(runs: Sequence[Runs]) -> None:
    facts: dict[str, Callable[[Runs], str]] = {
        "currency": lambda each: each.line.currency,
        "seed": lambda each: str(each.seed),
        "number of replications": lambda each: str(len(each.kpis)),
        "level of confidence": lambda each: f"{100 * each.level:g}%",
    }
    problems = []
    for what, fact in facts.items():
        if len({fact(each) for each in runs}) > 1:
            told = listed(f"{each.line.name}: {fact(each)}" for each in runs)
            problems.append(f"compare: all scenarios must have one {what}, but got {told}. Give all the same.")
    names = [each.line.name for each in runs]
    problems += [
        f'compare: {names.count(name)} scenarios are named "{name}". Give each a `name:` of its own.'
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if problems:
        raise ScenarioRefused(problems)
