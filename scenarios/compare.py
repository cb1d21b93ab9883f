"""Scenarios side by side: paired differences on common random numbers, told in sentences that claim no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from ..sim.paired import Best, Claim, family, with_the_best
from ..sim.registry import kpi_of
from ..sim.replicate import Runs
from .chances import Chance, chance_clauses, chances_of
from .matched import Values, check_runs, values_of
from .ongoing import never
from .standing import Relation, Standing, relation, standings
from .tolerance import Tolerance
from .verdict import Found, verdict

DECISION = ("cost", "finish_days", "accuracy", "throughput_per_week")
"""KPIs that every comparison is about."""

MORE = ("cost_per_correct_label", "cycle_time_h", "rework_rate")
"""KPIs whose differences the demo shows besides."""

FAMILY_LEVEL = 0.05
"""The chance of any false difference among all that a comparison claims."""

Key = tuple[str, str, str]
"""Scenario, against which other, KPI."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """All that is claimed of scenarios in pairs.

    pairs: scenario, against, kpi, mean, low, high (scenario less the other), p_value, adjusted_p (Holm over all rows),
    low_all, high_all (an interval for all rows at once), differs; NaN where a KPI is withheld in either, or where one
    replication gives no interval.  best: by KPI that has a better side, each scenario against the best of the others,
    NaN where it is withheld.  chances: by scenario and name.  criteria: of the frontier.  verdicts: a sentence a
    scenario other than the baseline, in order.  first: replications before the first look, None for a fixed number.
    """

    baseline: str
    pairs: pd.DataFrame
    best: pd.DataFrame
    chances: Mapping[str, Mapping[str, Chance]]
    criteria: tuple[str, ...]
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
    check_runs(runs)
    values = values_of(runs, (*kpis, *besides))
    shown = [*values[runs[0].line.name]]
    level = runs[0].level
    claims = family(
        {
            (other, one, kpi): (values[other][kpi], values[one][kpi])
            for one, other in combinations(values, 2)
            for kpi in shown
        },
        level,
        FAMILY_LEVEL,
        first,
    )
    told = [kpi for kpi in shown if kpi in kpis]
    criteria = _criteria(values)
    chances = {each.line.name: chances_of(each) for each in runs}
    base = values[runs[0].line.name]
    margins = {kpi: one.of(float(np.mean(base[kpi]))) for kpi, one in (same or {}).items() if kpi in base}
    return Comparison(
        runs[0].line.name,
        _table(claims),
        _best(values, [kpi for kpi in shown if kpi_of(kpi).better != "none"], level, first),
        chances,
        criteria,
        _standings(values, claims, criteria, margins),
        tuple(_verdict(each, runs[0], claims, told, margins, chances) for each in runs[1:]),
        first,
    )


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


def _best(values: Values, kpis: Sequence[str], level: float, first: int | None) -> pd.DataFrame:
    """kpi, scenario, low, high: its mean less that of the best of the others, in the KPI's unit; among: it may be the
    best. NaN and False where it is withheld, or where fewer than two are not."""
    rows: list[tuple[str, str, float, float, bool]] = []
    for kpi in kpis:
        sign = -1.0 if kpi_of(kpi).better == "low" else 1.0
        known = {name: sign * each[kpi] for name, each in values.items() if np.isfinite(each[kpi]).all()}
        enough = len(known) > 1 and all(each.size > 1 for each in known.values())
        found = dict(zip(known, with_the_best([*known.values()], level, first), strict=True)) if enough else {}
        for name in values:
            one = found.get(name, Best(np.nan, np.nan, among=False))
            low, high = sorted((sign * one.low + 0.0, sign * one.high + 0.0))
            rows.append((kpi, name, low, high, one.among))
    return pd.DataFrame(rows, columns=["kpi", "scenario", "low", "high", "among"])


def _criteria(values: Values) -> tuple[str, ...]:
    """What the frontier is of: cost, finish (else throughput) and accuracy, where any scenario has it."""
    shown = {kpi for each in values.values() for kpi, found in each.items() if not np.isnan(found).all()}
    third = "finish_days" if any("finish_days" in each for each in values.values()) else "throughput_per_week"
    return tuple(kpi for kpi in ("cost", third, "accuracy") if kpi in shown)


def _standings(
    values: Values, claims: Mapping[Key, Claim], criteria: Sequence[str], margins: Mapping[str, float]
) -> tuple[Standing, ...]:
    lacking = {name: [kpi for kpi in criteria if not np.isfinite(each[kpi]).all()] for name, each in values.items()}
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
