"""What answers hang on: each parameter from one end of its interval to the other, all others as they are, and which
verdicts that would turn.

Everything is a function of values by replication, where the same place is the same luck. Source of the one-at-a-time
diagram: Howard, Decision analysis: practice and promise, Management Science 34 (1988) 679-695 (tornado).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from ..sim.line import Goal
from ..sim.paired import WITHHELD, Claim, difference, family, paired_chance
from ..sim.replicate import GOAL_KPIS, Runs
from ..sim.statistics import Floats, Summary, summarise, wilson
from .chances import likeliest_first, together
from .draws import Z
from .matched import values_of
from .parameters import Parameter
from .screening import Index, Screened

End = Literal["low", "high"]

ENDS: Mapping[End, float] = {"low": -Z, "high": Z}
"""The ends of an interval, as deviates."""

VERDICTS = ("cost", "finish_days")
"""KPIs whose difference between two scenarios is a verdict."""

ALARM = 0.05
"""The chance of any false claim of a kind."""

Swept = Mapping[tuple[Parameter, End], Runs]
"""Runs of a scenario with one parameter at an end of its interval."""


@dataclass(frozen=True)
class Bar:
    """What a parameter does to a KPI.

    effects: value at an end less that of the scenario as it is.
    swing: between the largest and the least mean of a fitted parameter's ends and its value, or of a key's ends; NaN
    where the KPI is withheld.
    """

    parameter: Parameter
    effects: Mapping[End, Claim]
    swing: float


def tornado(base: Runs, swept: Swept, kpi: str) -> list[Bar]:
    """Bars by swing, the longest first, those withheld last; all their claims are one family."""
    return _bars(_values(base, kpi), {key: _values(runs, kpi) for key, runs in swept.items()}, base.level)


def apart(runs: tuple[Runs, Runs], swept: tuple[Swept, Swept], kpi: str) -> list[Bar]:
    """Bars of what the second scenario has more of a KPI than the first, replication by replication."""
    moved = {key: _more((swept[0][key], swept[1][key]), kpi) for key in swept[0]}
    return _bars(_more(runs, kpi), moved, runs[0].level)


def _more(pair: tuple[Runs, Runs], kpi: str) -> Floats:
    """What the second has more than the first."""
    first, second = (values_of(pair, [kpi])[one.line.name].get(kpi, _unknown(one)) for one in pair)
    return second - first


def _bars(value: Floats, moved: Mapping[tuple[Parameter, End], Floats], level: float) -> list[Bar]:
    parameters = list(dict.fromkeys(one for one, _ in moved))
    claims = family({key: (found, value) for key, found in moved.items()}, level, ALARM)
    bars = []
    for one in parameters:
        effects: dict[End, Claim] = {end: claims[one, end] for end in ENDS}
        means = [each.difference.mean for each in effects.values()] + ([0.0] if one.fitted is not None else [])
        swing = max(means) - min(means) if not any(map(math.isnan, means)) else math.nan
        bars.append(Bar(one, effects, swing))
    return sorted(bars, key=lambda bar: (math.isnan(bar.swing), -bar.swing))


def _values(runs: Runs, kpi: str) -> Floats:
    return values_of([runs], [kpi])[runs.line.name].get(kpi, _unknown(runs))


def _unknown(runs: Runs) -> Floats:
    return np.full(len(runs.kpis), np.nan)


def mean_of(runs: Runs, kpi: str) -> float:
    """Mean of a KPI; NaN where it could not be computed in every run."""
    return float(np.mean(_values(runs, kpi)))


@dataclass(frozen=True)
class Margin:
    """By how much a verdict is one way, negative the other: a difference, or what a goal is met by; low..high holds of
    all margins of a kind at once."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Turn:
    """A verdict that is another within a parameter's interval.

    ats: values of the parameter where it turns, if margins are linear between those looked at.  at_low: its margin at
    the low end.  sure: of two margins that were looked at, one is surely positive and one surely negative.
    """

    parameter: Parameter
    ats: tuple[float, ...]
    at_low: Margin
    sure: bool


@dataclass(frozen=True)
class Verdict:
    """Something that is decided. scenarios: the one whose goal it is, or both of a difference.  kpi: of the difference,
    or of the goal.  goal: None of a difference.  base: as it is.  turns: by parameter, the surest first; empty where
    none turns it."""

    scenarios: tuple[str, ...]
    kpi: str
    goal: Goal | None
    base: Margin
    turns: tuple[Turn, ...]

    @property
    def withheld(self) -> bool:
        """Whether there is none to turn, as the KPI could not be computed in every run."""
        return math.isnan(self.base.mean)


def between(runs: tuple[Runs, Runs], swept: tuple[Swept, Swept], among: int = 1) -> list[Verdict]:
    """Whether one scenario costs more, and ends later, than another: margins are the second less the first. among: how
    many pairs are looked at, whose intervals hold together."""
    level = 1 - ALARM / (among * (1 + len(swept[0])))
    names = (runs[0].line.name, runs[1].line.name)

    def margins(pair: tuple[Runs, Runs]) -> dict[str, Margin]:
        first, second = (values_of(pair, VERDICTS)[one.line.name] for one in pair)
        found = {kpi: difference(second[kpi], first[kpi], level) for kpi in first}
        return {kpi: Margin(each.mean, each.low, each.high) for kpi, each in found.items()}

    base = margins(runs)
    at = {key: margins((swept[0][key], swept[1][key])) for key in swept[0]}
    none = Margin(WITHHELD.mean, WITHHELD.low, WITHHELD.high)
    return [
        _verdict(names, kpi, None, base[kpi], {key: found.get(kpi, none) for key, found in at.items()})
        for kpi in VERDICTS
        if kpi in base
    ]


def goals(base: Runs, swept: Swept, among: int = 1) -> list[Verdict]:
    """Whether each goal of a scenario is met: with its probability where it has one, else by the mean. among: how many
    scenarios are looked at, whose intervals hold together."""
    level = 1 - ALARM / (among * (1 + len(swept)))
    return [
        _verdict(
            (base.line.name,),
            goal.kpi,
            goal,
            _met_by(goal, base, level),
            {key: _met_by(goal, runs, level) for key, runs in swept.items()},
        )
        for goal in dict.fromkeys(base.line.goals)
        if goal.kpi in GOAL_KPIS and goal.kpi in base.kpis.columns
    ]


def _met_by(goal: Goal, runs: Runs, level: float) -> Margin:
    """By how much a goal is met, negative where it is not."""
    values = runs.kpis[goal.kpi].to_numpy(np.float64)
    if np.isnan(values).any():
        return Margin(math.nan, math.nan, math.nan)
    better = values - goal.value if goal.relation == ">=" else goal.value - values
    if goal.probability is None:
        found = summarise(better, level)
        return Margin(found.mean, found.low, found.high)
    met = int((better >= 0).sum())
    low, high = wilson(met, better.size, level)
    return Margin(met / better.size - goal.probability, low - goal.probability, high - goal.probability)


def _verdict(
    scenarios: tuple[str, ...], kpi: str, goal: Goal | None, base: Margin, at: Mapping[tuple[Parameter, End], Margin]
) -> Verdict:
    turns = []
    for one in dict.fromkeys(parameter for parameter, _ in at):
        low, high = at[one, "low"], at[one, "high"]
        # Where a key's value as it is lies, and whether it lies between the ends, is not known.
        middle = [(one.at(0.0), base)] if one.fitted is not None else []
        points = [(one.at(ENDS["low"]), low), *middle, (one.at(ENDS["high"]), high)]
        found = turning([(value, margin.mean) for value, margin in points], met_at_zero=goal is not None)
        if found:
            lows, highs = [margin.low for _, margin in points], [margin.high for _, margin in points]
            sure = min(highs) < 0 and (max(lows) >= 0 if goal is not None else max(lows) > 0)
            turns.append(Turn(one, tuple(found), low, sure))
    return Verdict(scenarios, kpi, goal, base, tuple(sorted(turns, key=lambda turn: not turn.sure)))


@dataclass(frozen=True)
class Overtaken:
    """Another scenario keeps all of its goals in more runs than the one that does as all is, with a parameter at an
    end. by, first: the other's and its own share of runs, by name.  sure: in pairs of runs, for all ends at once."""

    parameter: Parameter
    end: End
    by: tuple[str, float]
    first: tuple[str, float]
    sure: bool


def overtaken(runs: Sequence[Runs], swept: Sequence[Swept]) -> tuple[str, list[Overtaken]]:
    """Which scenario keeps all of its goals in most runs, and where another does, the surest first; "" where that is
    not known of two, or none has two goals."""
    having = [(one.line.name, together(one)) for one in runs]
    known = likeliest_first(having)
    if len(known) < 2 or not any(len(one.goals) > 1 for _, one in having):
        return "", []
    first = known[0][0]
    level = 1 - 2 * ALARM / max(1, len(swept[0]) * (len(known) - 1))
    found = []
    for parameter, end in swept[0]:
        at = {one.line.name: together(one) for one in (each[parameter, end] for each in swept)}
        own = at[first]
        name, best = next(iter(likeliest_first(list(at.items()))), (first, own))
        if own.met is None or best.met is None or not best.mean > own.mean:
            continue
        sure = paired_chance(best.met, own.met, level).low > 0
        found.append(Overtaken(parameter, end, (name, best.mean), (first, own.mean), sure))
    return first, sorted(found, key=lambda one: (not one.sure, one.first[1] - one.by[1]))


def turning(points: Sequence[tuple[float, float]], met_at_zero: bool = False) -> list[float]:
    """Values at which a broken line through two or three (value, margin) changes sides; none where a margin is not
    known.

    met_at_zero: a margin of 0 is on the positive side; else it is on neither, and only + and - are two sides.
    """
    margins = [margin for _, margin in points]
    if not all(map(math.isfinite, margins)):
        return []
    if not met_at_zero:
        if len(points) == 3 and margins[1] == 0 and margins[0] * margins[2] < 0:
            return [points[1][0]]
        points = [point for point in points if point[1] != 0]
    return [
        left + before / (before - after) * (right - left)
        for (left, before), (right, after) in pairwise(points)
        if (before >= 0) != (after >= 0)
    ]


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """All that was found. runs: as they are, of the scenario and of the others that it is held against.  bars: of the
    scenario's own parameters in `kpi`.  pair: names of the scenario and of the other whose difference has bars in
    `apart`; empty where it is held against none.  first, overtaken: see `overtaken`.  screened, indices: of those that
    were looked at, None where they were not asked for or could not be computed.  notes: what was left out, and why."""

    runs: tuple[Runs, ...]
    kpi: str
    bars: list[Bar]
    verdicts: list[Verdict]
    pair: tuple[str, ...] = ()
    apart: Sequence[Bar] = ()
    first: str = ""
    overtaken: Sequence[Overtaken] = ()
    screened: Mapping[Parameter, Screened] | None = None
    indices: Mapping[Parameter, Index] | None = None
    notes: tuple[str, ...] = ()

    def runs_of(self, name: str) -> Runs:
        """Of a scenario as it is."""
        return next(one for one in self.runs if one.line.name == name)

    @property
    def difference(self) -> float:
        """Mean of what the second of the pair has more of the KPI than the first, nothing moved."""
        return float(np.mean(_more((self.runs_of(self.pair[0]), self.runs_of(self.pair[1])), self.kpi)))

    @property
    def base(self) -> Summary:
        """Mean of the KPI with its interval, nothing moved."""
        return summarise(_values(self.runs[0], self.kpi), self.runs[0].level)
