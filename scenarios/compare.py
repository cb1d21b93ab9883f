"""Scenarios side by side: paired differences on common random numbers, told in sentences that claim no more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..sim.errors import ScenarioRefused
from ..sim.replicate import Runs
from ..sim.statistics import Difference, holm, paired

COMPARED = ("cost", "cost_per_correct_label", "finish_days", "accuracy", "cycle_time_h", "rework_rate")

FAMILY_LEVEL = 0.05
"""The chance of any false difference among all that a comparison claims."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """differences: scenario, kpi, mean, low, high (scenario less baseline), p_value, adjusted_p (Holm over all rows),
    differs.  verdicts: a sentence a scenario other than the baseline, in order."""

    baseline: str
    differences: pd.DataFrame
    verdicts: tuple[str, ...]


def compare(runs: Sequence[Runs]) -> Comparison:
    """Compares each scenario with the first, replication by replication.

    Raises ScenarioRefused unless all have one currency, one seed, one number of replications, and names of their own.
    """
    baseline, others = runs[0], runs[1:]
    _check(runs)
    names = [name for name in COMPARED if all(name in each.kpis.columns for each in runs)]
    found = [
        (each.line.name, name, paired(each.kpis[name], baseline.kpis[name], each.level))
        for each in others
        for name in names
    ]
    adjusted = holm([difference.p_value for _, _, difference in found])
    rows = [
        (scenario, name, d.mean, d.low, d.high, d.p_value, p, bool(p < FAMILY_LEVEL))
        for (scenario, name, d), p in zip(found, adjusted, strict=True)
    ]
    columns = ["scenario", "kpi", "mean", "low", "high", "p_value", "adjusted_p", "differs"]
    table = pd.DataFrame(rows, columns=columns)
    differs = {(row[0], row[1]): row[7] for row in rows}
    verdicts = tuple(
        _verdict(each, baseline, {name: d for s, name, d in found if s == each.line.name}, differs) for each in others
    )
    return Comparison(baseline.line.name, table, verdicts)


def _check(runs: Sequence[Runs]) -> None:
    for what, values in (
        ("currency", [each.line.currency for each in runs]),
        ("seed", [str(each.seed) for each in runs]),
        ("number of replications", [str(len(each.kpis)) for each in runs]),
    ):
        if len(set(values)) > 1:
            told = ", ".join(f"{each.line.name}: {value}" for each, value in zip(runs, values, strict=True))
            raise ScenarioRefused(f"compare: all scenarios must have one {what}, but got {told}. Give all the same.")
    names = [each.line.name for each in runs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ScenarioRefused(f"compare: two scenarios are named {twice[0]!r}. Give each a `name:` of its own.")


def _verdict(
    each: Runs, baseline: Runs, differences: dict[str, Difference], differs: dict[tuple[str, str], bool]
) -> str:
    """The sentence of one pair: cost, finish and accuracy."""
    name, other = each.line.name, baseline.line.name
    if len(each.kpis) < 2:
        return f"{name} and {other} were run once each: one replication gives no interval, so nothing is claimed."
    money, level = each.line.currency, f"{100 * each.level:g}% interval "
    parts = []
    if "cost" in differences:
        d, sure = differences["cost"], differs[name, "cost"]
        parts.append(_part(d, sure, "costs", ("more", "less"), money, 0, level, f"than {other}"))
    d, sure = differences["finish_days"], differs[name, "finish_days"]
    if math.isnan(d.mean):
        parts.append(f"{_unfinished(each, baseline)}")
    else:
        parts.append(_part(d, sure, "finishes", ("later", "earlier"), "days", 2, level, ""))
    if "accuracy" in differences and not math.isnan(differences["accuracy"].mean):
        d, sure = differences["accuracy"], differs[name, "accuracy"]
        points = Difference(100 * d.mean, 100 * d.low, 100 * d.high, d.p_value)
        parts.append(_part(points, sure, "is right for", ("more", "fewer"), "points of its labels", 2, level, ""))
    said = [part for part in parts if not part.startswith("no ")]
    unseen = [part for part in parts if part.startswith("no ")]
    sentence = f"{name} {_listed(said)}" if said else f"{name} against {other}"
    if unseen:
        sentence += f"{'; ' if said else ': '}{_listed(unseen)} could be seen"
    return sentence + "."


def _part(
    d: Difference, sure: bool, verb: str, words: tuple[str, str], unit: str, digits: int, level: str, tail: str
) -> str:
    if math.isnan(d.mean):
        return f"no difference in {_NOUNS[verb]}, which is withheld,"
    if not sure:
        largest = max(abs(d.low), abs(d.high))
        return (
            f"no difference in {_NOUNS[verb]} larger than {largest:,.{digits}f} {unit.removesuffix(' of its labels')}"
        )
    low, high = sorted((abs(d.low), abs(d.high)))
    if d.low < 0 < d.high:  # surely different after Holm implies a one-sided interval; kept for other levels
        low = 0.0
    direction = words[0] if d.mean > 0 else words[1]
    how_much = f"{abs(d.mean):,.{digits}f}"
    amount = f"{how_much} {unit} {direction}" if verb != "is right for" else f"{how_much} {direction} {unit}"
    return " ".join(f"{verb} {amount} {tail}".split()) + f" ({level}{low:,.{digits}f} to {high:,.{digits}f})"


_NOUNS = {"costs": "cost", "finishes": "finish", "is right for": "accuracy"}


def _unfinished(each: Runs, baseline: Runs) -> str:
    """What to say of the finish where a replication never finished."""
    told = []
    for runs in (each, baseline):
        share = float((runs.kpis["finish_days"] == math.inf).mean())
        told.append(f"{100 * share:.0f}% of {runs.line.name}'s runs")
    return f"was not finished by the horizon in every run ({told[0]}, {told[1]}), so the finish is not compared"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
