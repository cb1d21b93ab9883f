"""What a pilot with a new vendor is worth before signing: two plans, what is not known of them, n labels to look at.

A plan is worth less the more it costs, the more harm its errors do and the later it ends. Both are simulated with
draws of what is not known, a run of each draw, on the same luck; what the second is worth more is a smooth function of
how often the pilot's people are right and how fast they are. Whatever else is not known, no pilot tells: it is averaged
over, as luck is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..sim.errors import ScenarioRefused
from ..sim.estimates.trial import truths_of
from ..sim.information import Estimate, Gains, Trialled, gains_of, told
from ..sim.line import MICRO, Line, Pool, Stage
from ..sim.replicate import Runs
from ..sim.statistics import Floats
from ..sim.trials import Trial, Truths
from .matched import values_of
from .ongoing import goes_on, never
from .problems import listed, quoted

LABELLING = ("annotate", "adjudicate", "work")
"""Kinds of stages whose people a pilot can look at, the first first."""

SIZES = (50, 100, 200, 500, 1_000, 2_000)
"""Labels that are looked at where none are asked for."""


@dataclass(frozen=True)
class Terms:
    """harm: of one unit of harm of delivered errors; day: of one day late; None for nothing.  price: of a pilot's
    label.  delay_days: by which a pilot puts off either plan.  All money in units of the plans' currency."""

    price: float
    harm: float | None = None
    day: float | None = None
    delay_days: float = 0.0


@dataclass(frozen=True)
class Size:
    """A pilot of one size. cost: of labels and delay.  needed: right labels from which on the second plan is taken,
    None where there is no one number.  level: nothing tells it from the best of the sizes."""

    trial: Trial
    found: Trialled
    cost: float
    needed: int | None
    level: bool

    @property
    def net(self) -> Estimate:
        """What it is worth less what it costs."""
        return self.found.worth.less(self.cost)


@dataclass(frozen=True, eq=False)
class Pilot:
    """All that was found. lines: as they stand, nothing drawn.  unknown: names of what is drawn.  deadline: days late
    count from it, else from the start.  gains: of the second plan.  truths: of the pool's people at `stage`."""

    lines: tuple[Line, Line]
    pool: str
    stage: str
    terms: Terms
    unknown: tuple[str, ...]
    deadline: bool
    gains: Gains
    sizes: tuple[Size, ...]
    draws: int
    seed: int

    @property
    def truths(self) -> Truths:
        """What is true of the pool in each draw."""
        return self.gains.truths

    @property
    def now(self) -> Line:
        """The plan that is the better on average."""
        return self.lines[int(self.gains.mean.value > 0)]

    @property
    def best(self) -> Size:
        """Of the sizes."""
        return max(self.sizes, key=lambda one: one.net.value)


def looked_at(lines: Sequence[Line], named: str | None) -> tuple[Pool, Stage]:
    """The pool whose people a pilot looks at, and the stage: the one named, else the second plan's own.

    Raises ScenarioRefused where the second plan has no such pool, or where it is not clear which.
    """
    first, second = lines
    stages = sorted((one for one in second.stages if one.kind in LABELLING), key=lambda one: LABELLING.index(one.kind))
    at: dict[str, Stage] = {}
    for stage in stages:
        for pool, _ in stage.pools:
            at.setdefault(pool, stage)
    known = listed(at) if at else "none"
    if named is not None and named not in at:
        rule = f"no pool {quoted(named)} labels in {second.name}, the second plan (there are: {known})"
        raise ScenarioRefused(f"--pool: {rule}. Name the one whose people do the pilot.")
    own = [one for one in at if one not in {pool.name for pool in first.pools}] or [*at]
    if named is None and len(own) != 1:
        rule = f"whose people do the pilot is not clear: in {second.name}, the second plan, label {known}"
        raise ScenarioRefused(f"--pool: {rule}. Name one with --pool.")
    name = named or own[0]
    return next(one for one in second.pools if one.name == name), at[name]


def price_of(pool: Pool, line: Line) -> float | None:
    """What a label of a pool costs by its contract; None where that is not said by one number."""
    contract = pool.contract
    plain = contract.hourly is None and contract.salary is None and contract.currency in ("", line.currency)
    return contract.per_label[0].price / MICRO if contract.per_label and plain else None


def people_of(pool: Pool) -> int | None:
    """Who would do a pilot where nobody says: all of the pool; None of a crowd."""
    return max(pool.headcount, 1) if pool.sessions is None else None


def check_day(lines: Sequence[Line]) -> bool:
    """Whether days late count from a deadline. Raises ScenarioRefused where days cannot be counted."""
    if any(goes_on(line) for line in lines):
        rule = "work of these plans goes on until the horizon, so that no day is the end"
        raise ScenarioRefused(f"--day: {rule}. Leave --day out, or let arrivals end (`until`).")
    having = [line.name for line in lines if _deadline(line) is not None]
    if len(having) == 1:
        raise ScenarioRefused(
            f"--day: of the two plans only {having[0]} has a deadline. Give both one: --deadline 2027-06-15."
        )
    return bool(having)


def _deadline(line: Line) -> float | None:
    return next((goal.value for goal in line.goals if goal.kpi == "finish_days"), None)


def net(runs: Sequence[Runs], lines: Sequence[Line], terms: Terms, delay_days: float) -> Floats:
    """float64[plans, draws]: what each plan is worth, put off by so many days; below 0, as it counts what is lost.

    lines: with the deadlines that count. Raises ScenarioRefused where cost, harm or finish are not known in some run.
    """
    values = values_of(runs, ("cost", "finish_days"))
    found = []
    for each, line in zip(runs, lines, strict=True):
        worth = -values[line.name].get("cost", np.full(len(each.kpis), np.nan))
        if terms.harm is not None:
            worth = worth - terms.harm * _harm(each)
        if terms.day is not None:
            deadline = _deadline(line)
            counted = each.kpis["finish_days"].to_numpy(np.float64), values[line.name]["finish_days"]
            finish = counted[int(deadline is None)]
            worth = worth - terms.day * np.maximum(finish + delay_days - (deadline or 0.0), 0.0)
        if not np.isfinite(worth).all():
            raise ScenarioRefused(_unknown(each, terms))
        found.append(worth)
    return np.stack(found)


def _harm(runs: Runs) -> Floats:
    """Units of harm of all delivered errors, in each run."""
    names = ("error_cost_per_1k", "items_delivered")
    rate, items = (runs.kpis[name].to_numpy(np.float64) for name in names)
    return np.asarray(rate / 1000 * items)


def _unknown(runs: Runs, terms: Terms) -> str:
    """Why some run of a plan has no worth, and what to do."""
    name, lost = runs.line.name, never(runs)
    if lost:
        rule = (
            f"in {lost} of {len(runs.kpis)} runs not everything was delivered by the horizon, so nothing tells its cost"
        )
        return f"{name}: {rule}. Write a longer `horizon`, or a narrower range."
    if terms.harm is not None and not np.isfinite(_harm(runs)).all():
        return f"--harm: nothing tells which labels of {name} are wrong. Leave --harm out."
    return f"{name}: has no cost to weigh: no pool has a `pay`, and nothing falls due. Give its pools a `pay`."


@dataclass(frozen=True)
class Asked:
    """pool, stage: that the pilot looks at.  sizes: labels, rising, each once.  people: who label at most."""

    pool: str
    stage: str
    sizes: tuple[int, ...]
    people: int
    terms: Terms
    deadline: bool


def seen(drawn: Sequence[Line], unknown: Sequence[str], asked: Asked) -> Truths:
    """What is true of the pool in each draw. drawn: the second plan's line in each.  unknown: names of what is drawn.
    Raises ScenarioRefused where none of it is what a pilot tells."""
    truths = truths_of(drawn, asked.pool, asked.stage)
    if not truths.points.shape[1]:
        rule = f"what is not known ({listed(unknown[:5])}) changes neither how often people of {asked.pool} are right"
        mend = f'Say what of theirs is not known: --over "pools.{asked.pool}.skill.accuracy=85%..97%".'
        raise ScenarioRefused(f"{drawn[0].name}: {rule} nor how fast they are, which is all that a pilot tells. {mend}")
    return truths


def pilot(
    runs: tuple[Runs, Runs], lines: tuple[Line, Line], truths: Truths, unknown: Sequence[str], asked: Asked
) -> Pilot:
    """What pilots of some sizes are worth.

    runs: of both plans, one a draw.  lines: as they stand, with the deadlines that count.  truths: of each draw.
    unknown: names of what is drawn. Raises ScenarioRefused as `net` does.
    """
    seed, terms = runs[0].seed, asked.terms
    at_once, put_off = (net(runs, lines, terms, days) for days in (0.0, terms.delay_days))
    gains, later = (gains_of(truths, values[1] - values[0], seed) for values in (at_once, put_off))
    delay = float(at_once.mean(axis=1).max() - put_off.mean(axis=1).max())
    trials = [Trial(labels, min(asked.people, labels)) for labels in asked.sizes]
    found = [later.of(trial, seed) for trial in trials]
    costs = [trial.labels * terms.price + delay for trial in trials]
    best = int(np.argmax([one.worth.value - cost for one, cost in zip(found, costs, strict=True)]))
    sizes = []
    for trial, each, cost in zip(trials, found, costs, strict=True):
        behind = told(found[best].drawn - each.drawn).less(costs[best] - cost)
        sizes.append(Size(trial, each, cost, later.needed(trial), behind.low <= 0))
    told_of = (lines, asked.pool, asked.stage, terms, tuple(unknown), asked.deadline)
    return Pilot(*told_of, gains, tuple(sizes), truths.right.size, seed)
