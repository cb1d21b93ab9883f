"""A budget: what was asked, and all that is told, worked out once for every way of showing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from ...scenarios.provenance import Provenance
from ...sim.ledger import minor_unit
from ...sim.line import MICRO, Line
from ...sim.replicate import Runs
from ...sim.statistics import wilson
from .actuals import Actuals
from .amounts import Fan, Ints, Known, beyond, by_month, fan, known, mean_ledger
from .bridge import Bridge, bridge
from .calendar import fiscal_quarter, fiscal_year, months_from, paid_in
from .commitments import Commitment, commitments_of
from .worth import Marginal, Worth, worth


@dataclass(frozen=True)
class Asked:
    """months: how many, from the start.  budget: micro-units, None without one; budget_of: who said it.
    paid_after: days from the end of an invoice's month to its payment, by pool, "" for all others; None for no view of
    cash.  fiscal_from: month in which a fiscal year begins.  delivered: items that the actuals delivered, None if
    nobody says.  harm_price: micro-units of one unit of harm.
    drawn: (paths of fitted parameters that each replication draws, of those that have no interval); None where fitted
    parameters are taken as known.  provenance: where values of the line come from, None where nobody told."""

    months: int = 12
    budget: int | None = None
    budget_of: str = ""
    actuals: Actuals | None = None
    paid_after: Mapping[str, int] | None = None
    fiscal_from: int = 1
    delivered: int | None = None
    harm_price: int | None = None
    drawn: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    provenance: Provenance | None = None


@dataclass(frozen=True)
class Month:
    """Of a month or of more than one. actual: whether all of it is spent.  sum: of it alone; so_far: of all up to its
    end. The mean of so_far is the sum of the means."""

    name: str
    actual: bool
    sum: Fan
    so_far: Fan


@dataclass(frozen=True)
class Risk:
    """Of the estimate at completion against a budget. over: replications that cost more; low, high: Wilson's interval
    of that chance.  at_risk: P95 less the budget, and contingency: P80 less the budget; below zero is room."""

    budget: int
    told_by: str
    over: int
    chance: float
    low: float
    high: float
    at_risk: int
    contingency: int


@dataclass(frozen=True, eq=False)
class Budget:
    """Amounts are micro-units of the line's currency; see the parts.

    plan: the months as simulated.  outlook: actuals as far as they go, then the simulated months; without actuals the
    plan.  ledger: rows of the plan that stand for all replications, see `mean_ledger`.  spent: of the actuals.
    estimate: at completion, the sum of the outlook.  known: its error.  to_complete: what of it is still to come.
    later: what falls due after the last month, in none of the other numbers.
    """

    line: Line
    runs: Runs
    asked: Asked
    months: tuple[str, ...]
    plan: tuple[Month, ...]
    outlook: tuple[Month, ...]
    quarters: tuple[Month, ...]
    years: tuple[Month, ...]
    ledger: pd.DataFrame
    spent: int
    estimate: Fan
    known: Known | None
    to_complete: Fan
    later: Fan
    later_share: float
    risk: Risk | None
    commitments: tuple[Commitment, ...]
    bridges: tuple[tuple[str, Bridge], ...]
    cash: tuple[Month, ...]
    cash_later: Fan | None
    worth: Worth
    against: Runs | None = None
    marginal: Marginal | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def cut(self) -> str:
        """The last month of actuals, "" without any."""
        return self.asked.actuals.last if self.asked.actuals is not None else ""


def months_of(line: Line, count: int) -> tuple[str, ...]:
    """The months of a budget."""
    return months_from(f"{line.start:%Y-%m}", count)


def goal_of(line: Line) -> tuple[int | None, str]:
    """What a scenario may cost by its own goal, micro-units, None without one; and who says so."""
    goals = [goal.value for goal in line.goals if goal.kpi == "cost" and goal.relation == "<="]
    return (round(min(goals) * MICRO), "the scenario's goal") if goals else (None, "")


def budget_of(
    runs: Runs, asked: Asked, against: Runs | None = None, marginal: Marginal | None = None, notes: Sequence[str] = ()
) -> Budget:
    """The budget of a line's runs. against: runs of another scenario, for a bridge to it."""
    line, count = runs.line, len(runs.kpis)
    months, minor = months_of(line, asked.months), minor_unit(line.currency)
    simulated = by_month(runs.ledger, count, months)
    ledger = mean_ledger(runs.ledger, count, months, line.currency)
    expected = _expected(ledger, months)
    outlook, told, done = _outlook(simulated, expected, asked.actuals, months)
    cut = sum(done)
    later = beyond(runs.ledger, count, months)
    whole, to_come = outlook.sum(axis=1), outlook[:, cut:].sum(axis=1)
    estimate = fan(whole, minor, sum(told))
    paid = None if asked.paid_after is None else _cash(runs.ledger, ledger, count, months, asked, minor)
    return Budget(
        line=line,
        runs=runs,
        asked=asked,
        months=months,
        plan=_months(simulated, expected, months, [False] * len(months), minor),
        outlook=_months(outlook, told, months, done, minor),
        quarters=_spans(outlook, told, months, done, minor, lambda month: fiscal_quarter(month, asked.fiscal_from)),
        years=_spans(outlook, told, months, done, minor, lambda month: fiscal_year(month, asked.fiscal_from)),
        ledger=ledger,
        spent=sum(told[:cut]),
        estimate=estimate,
        known=known(whole, runs.level),
        to_complete=fan(to_come, minor, sum(told[cut:])),
        later=fan(later, minor),
        later_share=float((later != 0).mean()),
        risk=None if asked.budget is None else _risk(whole, asked.budget, asked.budget_of, estimate, runs.level),
        commitments=commitments_of(line, runs.ledger, count, months, asked.actuals),
        bridges=_bridges(runs, ledger, asked, months, against),
        cash=() if paid is None else paid[0],
        cash_later=None if paid is None else paid[1],
        worth=worth(runs, asked.harm_price),
        against=against,
        marginal=marginal,
        notes=tuple(notes),
    )


def _expected(ledger: pd.DataFrame, months: Sequence[str]) -> list[int]:
    """Means by month, as the mean ledger has them."""
    sums = ledger.groupby("month", observed=True)["amount"].sum()
    return [int(sums.get(month, 0)) for month in months]


def _outlook(
    simulated: Ints, expected: Sequence[int], actuals: Actuals | None, months: Sequence[str]
) -> tuple[Ints, list[int], list[bool]]:
    """Amounts and means by month, and which months are spent: all up to the last one of the actuals."""
    if actuals is None:
        return simulated, list(expected), [False] * len(months)
    sums = actuals.rows.groupby("month", observed=True)["amount"].sum()
    spent = [int(sums.get(month, 0)) for month in months]
    known = [month <= actuals.last for month in months]
    found = np.where(np.array(known), np.array(spent, np.int64), simulated)
    return found, [spent[n] if known[n] else expected[n] for n in range(len(months))], known


def _months(
    amounts: Ints, means: Sequence[int], names: Sequence[str], known: Sequence[bool], minor: int
) -> tuple[Month, ...]:
    so_far = np.cumsum(amounts, axis=1)
    return tuple(
        Month(
            name,
            known[at],
            fan(amounts[:, at], minor, means[at]),
            fan(so_far[:, at], minor, sum(means[: at + 1])),
        )
        for at, name in enumerate(names)
    )


def _spans(
    amounts: Ints,
    means: Sequence[int],
    months: Sequence[str],
    known: Sequence[bool],
    minor: int,
    span_of: Callable[[str], str],
) -> tuple[Month, ...]:
    """The months put together."""
    names = list(dict.fromkeys(map(span_of, months)))
    place = np.array([names.index(span_of(month)) for month in months])
    together = np.stack([amounts[:, place == at].sum(axis=1) for at in range(len(names))], axis=1)
    sums = [sum(mean for mean, at in zip(means, place, strict=True) if at == span) for span in range(len(names))]
    spent = [all(one for one, at in zip(known, place, strict=True) if at == span) for span in range(len(names))]
    return _months(together, sums, names, spent, minor)


def _risk(whole: Ints, budget: int, told_by: str, estimate: Fan, level: float) -> Risk:
    over = int((whole > budget).sum())
    low, high = wilson(over, len(whole), level)
    return Risk(budget, told_by, over, over / len(whole), low, high, estimate.p95 - budget, estimate.p80 - budget)


def _bridges(
    runs: Runs, ledger: pd.DataFrame, asked: Asked, months: Sequence[str], against: Runs | None
) -> tuple[tuple[str, Bridge], ...]:
    found = []
    if asked.actuals is not None:
        last = asked.actuals.last
        planned = delivered_by(runs, last)
        items = None if asked.delivered is None else (planned, float(asked.delivered))
        begun, coming = ledger[ledger["month"] <= last], int(ledger.loc[ledger["month"] > last, "amount"].sum())
        one = _bridge(begun, asked.actuals.rows, items)
        whole = replace(one, begin=one.begin + coming, end=one.end + coming)
        found.append((f"from the plan to the estimate at completion, with actuals up to {last}", whole))
    if against is not None:
        other = mean_ledger(against.ledger, len(against.kpis), months, against.line.currency)
        items = delivered_by(runs, months[-1]), delivered_by(against, months[-1])
        found.append((f"from {runs.line.name} to {against.line.name}", _bridge(ledger, other, items)))
    return tuple(found)


def _bridge(first: pd.DataFrame, second: pd.DataFrame, items: tuple[float, float] | None) -> Bridge:
    return bridge(first, second, items if items is not None and min(items) > 0 else None)


def delivered_by(runs: Runs, month: str) -> float:
    """Mean number of items delivered by the end of a month."""
    following = months_from(month, 2)[1]
    end = runs.line.origin.replace(year=int(following[:4]), month=int(following[5:]), day=1, hour=0, minute=0, second=0)
    hours = (end.timestamp() - runs.line.origin.timestamp()) / 3600
    counts = [int(one.delivered[np.searchsorted(one.hours, hours, side="right") - 1]) for one in runs.curves]
    return sum(counts) / len(counts)


def _cash(
    stacked: pd.DataFrame, ledger: pd.DataFrame, count: int, months: Sequence[str], asked: Asked, minor: int
) -> tuple[tuple[Month, ...], Fan]:
    """Payments by month, and what invoices of these months leave to be paid after the last one."""
    cut = "" if asked.actuals is None else asked.actuals.last
    coming, expected = (_paid(one[one["month"] > cut], asked, months[-1]) for one in (stacked, ledger))
    amounts, late = by_month(coming, count, months), beyond(coming, count, months)
    parts = [expected]
    if asked.actuals is not None:
        spent = _paid(asked.actuals.rows, asked, months[-1])
        amounts += _by(spent, months)
        late += int(spent.loc[spent["month"] > months[-1], "amount"].sum())
        parts.append(spent)
    told = np.sum([_by(part, months) for part in parts], axis=0).tolist()
    left = sum(int(part.loc[part["month"] > months[-1], "amount"].sum()) for part in parts)
    return _months(amounts, told, months, [month <= cut for month in months], minor), fan(late, minor, left)


def _paid(rows: pd.DataFrame, asked: Asked, last: str) -> pd.DataFrame:
    """Rows of invoices up to a month, by the month in which they are paid."""
    terms = asked.paid_after or {}
    inside = rows[rows["month"] <= last]
    pairs = list(zip(inside["month"].tolist(), inside["pool"].tolist(), strict=True))
    paid = {pair: paid_in(pair[0], terms.get(pair[1], terms.get("", 0))) for pair in dict.fromkeys(pairs)}
    return inside.assign(month=pd.array([paid[pair] for pair in pairs], dtype="str"))


def _by(rows: pd.DataFrame, months: Sequence[str]) -> Ints:
    sums = rows.groupby("month", observed=True)["amount"].sum()
    return np.array([int(sums.get(month, 0)) for month in months], np.int64)
