"""Scenarios side by side: paired differences on common random numbers, told in sentences that claim no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from ..sim.errors import ScenarioRefused
from ..sim.line import Line
from ..sim.paired import Best, Claim, family, with_the_best
from ..sim.registry import kpi_of
from ..sim.replicate import Runs
from ..sim.statistics import Floats
from .chances import Chance, chance_clauses, chances_of
from .problems import listed
from .standing import CRITERIA, Relation, Standing, relation, standings
from .tolerance import Tolerance
from .verdict import Found, verdict

DECISION = ("cost", "finish_days", "accuracy", "throughput_per_week")
"""KPIs that every comparison is about."""

MORE = ("cost_per_correct_label", "cycle_time_h", "rework_rate")
"""KPIs whose differences the demo shows besides."""

FAMILY_LEVEL = 0.05
"""The chance of any false difference among all that a comparison claims."""

DAY_S = 86_400.0

Key = tuple[str, str, str]
"""Scenario, against which other, KPI."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """pairs: scenario, against, kpi, mean, low, high (scenario less the other), p_value, adjusted_p (Holm over all
    rows), low_all, high_all (an interval for all rows at once), differs; NaN where a KPI is withheld in either, or
    where one replication gives no interval.  best: by KPI that has a better side, each scenario against the best of the
    others, NaN where it is withheld.  chances: by scenario and name.  verdicts: a sentence a scenario other than the
    baseline, in order.  first: replications before the first look, None where their number was fixed."""

    baseline: str
    pairs: pd.DataFrame
    best: pd.DataFrame
    chances: Mapping[str, Mapping[str, Chance]]
    standings: tuple[Standing, ...]
    verdicts: tuple[str, ...]
    first: int | None = None

    @property
    def differences(self) -> pd.DataFrame:
        """The pairs with the baseline."""
        found = self.pairs[self.pairs["against"] == self.baseline]
        return found.drop(columns="against").reset_index(drop=True)


def compare(
    runs: Sequence[Runs],
    kpis: Sequence[str] = DECISION,
    same: Mapping[str, Tolerance] | None = None,
    first: int | None = None,
    besides: Sequence[str] = (),
) -> Comparison:
    """Compares all scenarios in pairs, replication by replication; the first is the baseline of the sentences.

    kpis: of which differences are told; all pairs times all of these, and of those in `besides`, are one family.
    same: how large a difference of a KPI must be to matter.  first: replications before the first look at their
    precision, see sim/paired.py.
    Raises ScenarioRefused unless all have one currency, seed, number of replications and level, and names of their own.
    """
    assert runs
    _check(runs)
    level = runs[0].level
    shown = [kpi for kpi in dict.fromkeys((*kpis, *besides)) if any(kpi in each.kpis.columns for each in runs)]
    values = {each.line.name: {kpi: _values(each, runs[0], kpi) for kpi in shown} for each in runs}
    claims = family(
        {
            (other.line.name, one.line.name, kpi): _pair(other, one, kpi, values)
            for one, other in combinations(runs, 2)
            for kpi in shown
        },
        level,
        FAMILY_LEVEL,
        first,
    )
    told = [kpi for kpi in shown if kpi in kpis]
    chances = {each.line.name: chances_of(each) for each in runs}
    margins = {kpi: one.of(float(np.mean(values[runs[0].line.name][kpi]))) for kpi, one in (same or {}).items()}
    return Comparison(
        runs[0].line.name,
        _table(claims),
        _best(values, [kpi for kpi in shown if kpi_of(kpi).better != "none"], level, first),
        chances,
        _standings(runs, values, claims, margins),
        tuple(_verdict(each, runs[0], claims, told, margins, chances) for each in runs[1:]),
        first,
    )


def _values(each: Runs, baseline: Runs, kpi: str) -> Floats:
    """float[R] of a KPI, NaN where the line has no such. The finish counts from the baseline's start, so that lines
    that begin on other days end in the right order."""
    if kpi not in each.kpis.columns:
        return np.full(len(each.kpis), np.nan)
    found = each.kpis[kpi].to_numpy(np.float64)
    if kpi == "finish_days":
        later = (each.line.origin - baseline.line.origin).total_seconds() / DAY_S
        return found + later if later else found
    return found


def _pair(other: Runs, one: Runs, kpi: str, values: Mapping[str, Mapping[str, Floats]]) -> tuple[Floats, Floats]:
    """Values of both; withheld where either left work undone, whose cost is not that of the whole."""
    a, b = values[other.line.name][kpi], values[one.line.name][kpi]
    if kpi == "cost" and (never(other) or never(one)):
        return np.full_like(a, np.nan), b
    return a, b


def never(runs: Runs) -> int:
    """In how many runs not everything was delivered by the horizon."""
    return int(np.isinf(runs.kpis["finish_days"]).sum()) if "finish_days" in runs.kpis.columns else 0


def _table(claims: Mapping[Key, Claim]) -> pd.DataFrame:
    numbers = ("mean", "low", "high", "p_value")
    columns = {
        **{
            name: pd.Series([key[place] for key in claims], dtype="str")
            for place, name in enumerate(("scenario", "against", "kpi"))
        },
        **{name: np.array([getattr(one.difference, name) for one in claims.values()], np.float64) for name in numbers},
        "adjusted_p": np.array([one.adjusted_p for one in claims.values()], np.float64),
        "low_all": np.array([one.low for one in claims.values()], np.float64),
        "high_all": np.array([one.high for one in claims.values()], np.float64),
        "differs": np.array([one.differs for one in claims.values()], np.bool_),
    }
    return pd.DataFrame(columns)


def _best(
    values: Mapping[str, Mapping[str, Floats]], kpis: Sequence[str], level: float, first: int | None
) -> pd.DataFrame:
    """kpi, scenario, low, high: its mean less that of the best of the others, in the KPI's unit; among: it may be the
    best. NaN and False where it is withheld, or where fewer than two are not."""
    rows: list[tuple[str, str, float, float, bool]] = []
    for kpi in kpis:
        sign = -1.0 if kpi_of(kpi).better == "low" else 1.0
        known = {name: sign * each[kpi] for name, each in values.items() if np.isfinite(each[kpi]).all()}
        enough = len(known) > 1 and len(next(iter(known.values()))) > 1
        found = dict(zip(known, with_the_best(list(known.values()), level, first), strict=True)) if enough else {}
        for name in values:
            one = found.get(name, Best(np.nan, np.nan, among=False))
            low, high = sorted((sign * one.low + 0.0, sign * one.high + 0.0))
            rows.append((kpi, name, low, high, one.among))
    return pd.DataFrame(rows, columns=["kpi", "scenario", "low", "high", "among"])


def _standings(
    runs: Sequence[Runs],
    values: Mapping[str, Mapping[str, Floats]],
    claims: Mapping[Key, Claim],
    margins: Mapping[str, float],
) -> tuple[Standing, ...]:
    criteria = [
        kpi for kpi in CRITERIA if any(kpi in each and not np.isnan(each[kpi]).all() for each in values.values())
    ]
    undone = {each.line.name for each in runs if never(each)}
    lacking = {
        name: [kpi for kpi in criteria if not np.isfinite(each[kpi]).all() or (kpi == "cost" and name in undone)]
        for name, each in values.items()
    }
    turned: dict[Relation, Relation] = {"better": "worse", "worse": "better", "same": "same", "open": "open"}

    def between(name: str, other: str, kpi: str) -> Relation:
        if (name, other, kpi) in claims:
            return relation(kpi, claims[name, other, kpi], margins.get(kpi, 0.0))
        return turned[relation(kpi, claims[other, name, kpi], margins.get(kpi, 0.0))]

    return standings(list(values), lacking, criteria, between)


def _verdict(
    each: Runs,
    baseline: Runs,
    claims: Mapping[Key, Claim],
    kpis: Sequence[str],
    margins: Mapping[str, float],
    chances: Mapping[str, dict[str, Chance]],
) -> str:
    name, base = each.line.name, baseline.line.name
    lost = (never(each), never(baseline))
    found = {
        kpi: _found(claims[name, base, kpi], lost if kpi in ("cost", "finish_days") else (0, 0), margins.get(kpi, 0.0))
        for kpi in kpis
    }
    clauses = chance_clauses(chances[name], chances[base], (each.line, baseline.line))
    return verdict(name, base, found, each.line.currency, each.level, len(each.kpis), clauses)


def _found(claim: Claim, lost: tuple[int, int], margin: float) -> Found:
    within = margin if claim.low >= -margin and claim.high <= margin else 0.0
    return Found(claim.difference, claim.differs, lost, within)


def check_lines(lines: Sequence[Line]) -> None:
    """Raises ScenarioRefused with all that keeps these lines from being compared."""
    if problems := _apart(lines):
        raise ScenarioRefused(problems)


def _apart(lines: Sequence[Line]) -> list[str]:
    names = [line.name for line in lines]
    return _alike("currency", {line.name: line.currency for line in lines}) + [
        f'compare: {names.count(name)} scenarios are named "{name}". Give each a `name:` of its own.'
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]


def _check(runs: Sequence[Runs]) -> None:
    facts: dict[str, Callable[[Runs], str]] = {
        "seed": lambda each: str(each.seed),
        "number of replications": lambda each: str(len(each.kpis)),
        "level of confidence": lambda each: f"{100 * each.level:g}%",
    }
    problems = _apart([each.line for each in runs])
    for what, fact in facts.items():
        problems += _alike(what, {each.line.name: fact(each) for each in runs})
    if problems:
        raise ScenarioRefused(problems)


def _alike(what: str, found: Mapping[str, str]) -> list[str]:
    if len(set(found.values())) <= 1:
        return []
    told = listed(f"{name}: {value}" for name, value in found.items())
    return [f"compare: all scenarios must have one {what}, but got {told}. Give all the same."]
