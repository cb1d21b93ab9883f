"""What investments are worth: what was asked, and all that is told, worked out once for every way of showing it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from ...sim.ledger import IDLE
from ...sim.line import MICRO, Line
from ...sim.replicate import Runs
from ...sim.statistics import Difference, Floats, holm, paired, wilson
from ..budget.amounts import beyond, by_month
from ..budget.calendar import months_from
from .flows import Ints, discounts, paybacks, present_values

OWN = ("once", "running")
"""Units of the ledger in which `changes` themselves are paid."""

FAMILY_LEVEL = 0.05
"""The chance of any false claim among all that the sentences make."""

NPV, FINISH, ACCURACY, DELIVERED, IDLE_COST = "npv", "finish_days", "accuracy", "items_delivered", "idle_cost"

TOGETHER = "all together"
"""The name of all investments at once."""

TENTHS = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Asked:
    """months: calendar months that count, from the scenario's first.  rate: by which they are discounted, by the year:
    0.08 for 8%.  drawn: what has another value in each replication: paths of fitted parameters, ranges of `changes`."""

    months: int = 24
    rate: float = 0.08
    drawn: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Runs of the scenario as it is and without an investment, on common random numbers. entries: of `changes`, from
    0."""

    name: str
    entries: tuple[int, ...]
    kept: Runs
    without: Runs


@dataclass(frozen=True)
class Fan:
    """mean with its interval (error) and order statistics over replications (risk); NaN where it is not known."""

    mean: float
    low: float
    high: float
    p10: float
    p50: float
    p90: float


@dataclass(frozen=True)
class Chance:
    """A share of the replications, with Wilson's interval."""

    count: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Payback:
    """Months from 0 in which all is paid back, infinite where never within the months that are covered; of the
    replications in which anything differs. within: how many of all pay back."""

    p10: float
    p50: float
    p90: float
    within: Chance


@dataclass(frozen=True)
class Effect:
    """What an investment does to a KPI, and whether that stands after Holm's correction. never: replications with and
    without it in which the KPI is infinite."""

    difference: Difference
    stands: bool = False
    never: tuple[int, int] = (0, 0)


@dataclass(frozen=True, eq=False)
class Found:
    """Of one investment. Amounts are units of the line's currency, but flows: micro-units, int64[replication, month],
    what the month costs less with it.

    values: net present value, float[replication]; npv: their fan.  pays: that it is above zero.  spent: paid for the
    change itself, not discounted; saved: what all else costs less.  reached: replications in which anything
    differs.  later: what is saved after the months, not discounted.  effects: by KPI.
    """

    name: str
    entries: tuple[int, ...]
    flows: Ints
    values: Floats
    npv: Fan
    npv_stands: bool
    pays: Chance
    discounted: Payback
    simple: Payback
    spent: Fan
    saved: Fan
    reached: Chance
    later: Fan
    effects: Mapping[str, Effect]

    def so_far(self, rate: float) -> Floats:
        """Discounted sums of the flows up to each month: float[replication, month], micro-units."""
        return np.asarray(np.cumsum(self.flows * discounts(self.flows.shape[1], rate), axis=1), np.float64)


@dataclass(frozen=True, eq=False)
class Outcome:
    """months: that were asked for.  covered: how many of them the longest run reaches.  unfinished: share of the
    replications, with or without, that leave work at the horizon.  unpaid: nobody is paid but for the changes."""

    line: Line
    asked: Asked
    months: tuple[str, ...]
    covered: int
    unfinished: float
    unpaid: bool
    seed: int
    level: float
    replications: int
    engine: str
    found: tuple[Found, ...]


def outcome(pairs: Sequence[Pair], asked: Asked) -> Outcome:
    """What the investments of a scenario are worth. Pairs: at least one, all with the same `kept`."""
    kept = pairs[0].kept
    months = months_from(f"{kept.line.start:%Y-%m}", asked.months)
    found = [_found(pair, months, asked) for pair in pairs]
    every = [kept, *(pair.without for pair in pairs)]
    return Outcome(
        line=kept.line,
        asked=asked,
        months=months,
        covered=_covered(every, months),
        unfinished=max(float((runs.kpis["items_open"] > 0).mean()) for runs in every),
        unpaid=all(set(runs.ledger["unit"].tolist()) <= set(OWN) for runs in every),
        seed=kept.seed,
        level=kept.level,
        replications=len(kept.kpis),
        engine=kept.engine,
        found=tuple(_standing(found, kept.level)),
    )


def _found(pair: Pair, months: Sequence[str], asked: Asked) -> Found:
    kept, without, count, level = pair.kept, pair.without, len(pair.kept.kpis), pair.kept.level
    flows = by_month(without.ledger, count, months) - by_month(kept.ledger, count, months)
    spent = (_own(kept, count, months) - _own(without, count, months)).sum(axis=1)
    values = present_values(flows, asked.rate)
    later = beyond(without.ledger, count, months) - beyond(kept.ledger, count, months)
    differs = (flows != 0).any(axis=1)
    return Found(
        name=pair.name,
        entries=pair.entries,
        flows=flows,
        values=values,
        npv=_fan(values, level),
        npv_stands=False,
        pays=_chance(int((values > 0).sum()), count, level),
        discounted=_payback(paybacks(flows, asked.rate), level),
        simple=_payback(paybacks(flows), level),
        spent=_fan(spent / MICRO, level),
        saved=_fan((flows.sum(axis=1) + spent) / MICRO, level),
        reached=_chance(int(differs.sum()), count, level),
        later=_fan(later / MICRO, level),
        effects=_effects(kept, without, months),
    )


def _own(runs: Runs, count: int, months: Sequence[str]) -> Ints:
    """What is paid for changes themselves: int64[replication, month]."""
    return by_month(runs.ledger[runs.ledger["unit"].isin(OWN)], count, months)


def _effects(kept: Runs, without: Runs, months: Sequence[str]) -> dict[str, Effect]:
    """Of whole runs; what is delivered and what idle time is paid, of these months."""
    found = {}
    for kpi in (FINISH, ACCURACY):
        if kpi in kept.kpis and kpi in without.kpis:
            here, there = (runs.kpis[kpi].to_numpy(np.float64) for runs in (kept, without))
            never = (int(np.isinf(here).sum()), int(np.isinf(there).sum()))
            found[kpi] = Effect(paired(here, there, kept.level), never=never)
    found[DELIVERED] = Effect(paired(_delivered(kept, months), _delivered(without, months), kept.level))
    found[IDLE_COST] = Effect(paired(_idle(kept, months), _idle(without, months), kept.level))
    return found


def _idle(runs: Runs, months: Sequence[str]) -> Floats:
    """What idle time is paid, in units of the currency: float[replication]."""
    rows = runs.ledger[runs.ledger["activity"] == IDLE]
    return np.asarray(by_month(rows, len(runs.kpis), months).sum(axis=1) / MICRO, np.float64)


def _delivered(runs: Runs, months: Sequence[str]) -> Floats:
    """Items delivered by the last whole hour of these months: float[replication]."""
    end = (_begin(runs.line, months_from(months[-1], 2)[1]) - runs.line.origin).total_seconds() / 3600
    hours = runs.curves[0].hours
    at = int(np.searchsorted(hours, math.floor(end), side="right")) - 1
    return np.array([curve.delivered[at] for curve in runs.curves], np.float64)


def _begin(line: Line, month: str) -> datetime:
    """The first midnight of a month, where the line is."""
    return datetime(int(month[:4]), int(month[5:]), 1, tzinfo=line.origin.tzinfo)


def _covered(every: Sequence[Runs], months: Sequence[str]) -> int:
    """How many of the months the longest run reaches."""
    line = every[0].line
    longest = min(3600.0 * max(int(runs.curves[0].hours[-1]) for runs in every), line.horizon_s)
    moment = datetime.fromtimestamp(line.origin.timestamp() + max(0.0, longest - 1), line.origin.tzinfo)
    return sum(month <= f"{moment:%Y-%m}" for month in months)


def _standing(found: Sequence[Found], level: float) -> list[Found]:
    """The investments with what stands, over all that is claimed of all of them."""
    tests = {(one.name, NPV): paired(one.values, np.zeros_like(one.values), level) for one in found}
    tests |= {(one.name, kpi): effect.difference for one in found for kpi, effect in one.effects.items()}
    adjusted = dict(zip(tests, holm([test.p_value for test in tests.values()]), strict=True))
    stands = {key: bool(p < FAMILY_LEVEL) for key, p in adjusted.items()}
    return [
        replace(
            one,
            npv_stands=stands[one.name, NPV],
            effects={kpi: replace(effect, stands=stands[one.name, kpi]) for kpi, effect in one.effects.items()},
        )
        for one in found
    ]


def _fan(values: Floats, level: float) -> Fan:
    mean = paired(values, np.zeros_like(values), level)
    tenths = (float(np.quantile(values, q, method="inverted_cdf")) for q in TENTHS)
    return Fan(mean.mean, mean.low, mean.high, *tenths)


def _payback(months: Floats, level: float) -> Payback:
    known = months[~np.isnan(months)]
    within = _chance(int(np.isfinite(months).sum()), len(months), level)
    if not known.size:
        return Payback(math.nan, math.nan, math.nan, within)
    p10, p50, p90 = (float(np.quantile(known, q, method="inverted_cdf")) for q in TENTHS)
    return Payback(p10, p50, p90, within)


def _chance(count: int, trials: int, level: float) -> Chance:
    return Chance(count, count / trials, *wilson(count, trials, level))
