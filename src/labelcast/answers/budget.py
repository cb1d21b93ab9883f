"""`labelcast budget` as a function: what a scenario costs month by month, how sure that is, and why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import terminal
from ..reports.budget.actuals import read_actuals
from ..reports.budget.figure import draw_budget
from ..reports.budget.sheets import write_budget
from ..reports.budget.text import budget_text, month_rows, verdict
from ..reports.budget.told import budget_json, ledger_csv, ledger_rows
from ..reports.budget.whole import Asked as Options
from ..reports.budget.whole import Budget, budget_of, goal_of, months_of
from ..reports.budget.worth import longer
from ..reports.budget.worth import marginal as marginal_of
from ..reports.notebook import Table
from ..scenarios.provenance import provenance
from ..scenarios.unsure import Unsure, unsure
from ..sim.engines import ENGINES
from ..sim.errors import ScenarioRefused
from ..sim.files import write_text
from ..sim.ledger import Terms
from ..sim.line import MICRO, Line
from ..sim.replicate import Runs, replicate
from .amounts import money, payments
from .answer import Told
from .asking import Asked, PathLike, Words, check_luck, check_numbers, path_of, reread, several

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MONEY = ("amount", "billed", "unit_price", "p50", "p80", "p95")
"""Columns of the tidy ledger that are amounts."""


@dataclass(frozen=True, eq=False, repr=False)
class BudgetAnswer(Told):
    """What a scenario costs by month. budget: all of it, amounts in whole micro-units, exact."""

    budget: Budget

    @property
    def title(self) -> str:
        """Scenario, months, currency, replications, seed."""
        found, runs = self.budget, self.budget.runs
        months = f"{found.months[0]} to {found.months[-1]}, {found.line.currency}"
        return f"{found.line.name}: budget {months}, {len(runs.kpis):,} replications, seed {runs.seed}"

    @property
    def sentences(self) -> list[str]:
        """What it comes to, how sure that is, and how likely it costs more than a budget."""
        return [*verdict(self.budget)]

    @property
    def frame(self) -> pd.DataFrame:
        """A row a month, amounts in `currency`: actual, whether it is spent; mean, p50, p80, p95 of it alone, and
        so_far of all up to its end. Means add up, percentiles do not."""
        rows = [
            {"month": one.name, "actual": one.actual}
            | {name: value / MICRO for name, value in vars(one.sum).items()}
            | {f"so_far_{name}": value / MICRO for name, value in vars(one.so_far).items()}
            for one in self.budget.outlook
        ]
        return pd.DataFrame(rows).set_index("month").assign(currency=self.budget.line.currency)

    @property
    def ledger(self) -> pd.DataFrame:
        """The tidy ledger, as `--csv` writes it: a row a month, activity, segment, pool and unit; quantities and
        amounts are means over replications, amounts in the currency; NaN or None where something is not known."""
        table = pd.DataFrame(ledger_rows(self.budget))
        return table.assign(**{name: table[name].astype("float64") / MICRO for name in MONEY})

    @property
    def data(self) -> dict[str, Any]:
        """What `labelcast budget --json` prints."""
        return budget_json(self.budget)

    @property
    def text(self) -> str:
        """What `labelcast budget` prints."""
        return budget_text(self.budget)

    @property
    def tables(self) -> list[Table]:
        """Month by month."""
        return [Table(month_rows(self.budget), f"By month, {self.budget.line.currency}")]

    def plot(self) -> Figure:
        """Spent so far, month by month: mean, P50 to P80 to P95, and the budget."""
        return draw_budget(self.budget).on_paper()

    def workbook(self, path: PathLike) -> Path:
        """Writes the workbook with summary, ledger and assumptions; its path."""
        out = Path(path)
        terminal.files(xlsx=out)
        write_budget(out, self.budget)
        return out

    def csv(self, path: PathLike) -> Path:
        """Writes the ledger as CSV, exact to the cent, that comes back as `actuals`; its path."""
        out = Path(path)
        terminal.files(csv=out)
        write_text(out, ledger_csv(self.budget))
        return out


def budget(
    scenario: Asked,
    *,
    months: int = 12,
    actuals: str | os.PathLike[str] | None = None,
    delivered: int | None = None,
    budget: str | float | None = None,
    against: Asked | None = None,
    paid_after: Words | None = None,
    fiscal_from: int = 1,
    harm: str | float | None = None,
    marginal: bool = True,
    replications: int = 100,
    seed: int = 1,
    processes: int | None = None,
    profile: str | os.PathLike[str] | None = None,
    as_fitted: bool = False,
) -> BudgetAnswer:
    """Forecasts what a scenario costs by month, how sure that is, against a budget, actuals and another scenario.

    scenario: a file, the name of one in the library, or what `load` gave.
    months: how many calendar months, from the start.
    actuals: what was spent so far, a ledger as `.csv` writes it; its months are taken as done.
    delivered: items in them.
    budget: what may be spent, "60000 EUR"; the scenario's goal if not said.
    against: another scenario, for a bridge to what it costs.
    paid_after: days from a month's end to payment, "30" or "POOL=30", one or several, for a view of cash.
    fiscal_from: month in which a fiscal year begins (--fiscal-year-from).
    harm: what a unit of harm of delivered errors costs, "2 EUR".
    marginal: also simulate 1,000 more items, for what they cost.
    replications: each draws what the profile does not know, unless as_fitted.
    seed: the same seed, the same numbers.  processes: one a core, if that is quicker; 1: this one.
    profile: to put under the scenario.

    Raises ScenarioRefused as `load` does, and where nobody is paid or an option means nothing; DataRefused where the
    actuals cannot be used.

        found = lc.budget("in-house", budget="60000 EUR")
        found.ledger.pivot_table(index="month", columns="activity", values="amount", aggfunc="sum")
    """
    check_luck(replications, seed, processes)
    check_numbers(months=(months, 1, 120), fiscal_year_from=(fiscal_from, 1, 12), delivered=(delivered, 1, None))
    plan = reread(scenario, profile)
    other = None if against is None else reread(against, profile)
    line, spent_in = plan.line, path_of(actuals)
    problems = list(_problems(line, None if other is None else other.line, spent_in, delivered))
    limit, told_by = _limit(None if budget is None else str(budget), line, problems)
    price = None if harm is None else money(str(harm), "--harm", line.currency, problems)
    terms = payments(several(paid_after), [pool.name for pool in line.pools], problems)
    if problems:
        raise ScenarioRefused(problems)
    spent = None if spent_in is None else read_actuals(spent_in, line, months_of(line, months))
    terminal.prepare(ENGINES[0])
    chance = _Chance(replications, seed, processes)
    lines = None if as_fitted else unsure(plan.path, plan.profile, seed)
    runs = chance.runs(line, lines)
    next_items = None
    if marginal:
        lengthened = None if lines is None else replace(lines, then=longer)
        next_items = marginal_of(runs, chance.runs(longer(line), lengthened, ", 1,000 items more"))
    bridged = None
    if other is not None:
        bridged = chance.runs(other.line, None if as_fitted else unsure(other.path, other.profile, seed))
    drawn = None if lines is None else lines.paths
    sources = provenance(plan.path, plan.profile)
    asked = Options(months, limit, told_by, spent, terms, fiscal_from, delivered, price, drawn, sources)
    return BudgetAnswer(budget_of(runs, asked, bridged, next_items, () if spent is None else spent.notes))


def budget_of_runs(runs: Runs) -> Budget:
    """The budget of runs that there are: twelve months, against the goal of the line. Raises ScenarioRefused where
    nobody is paid."""
    if problems := list(_problems(runs.line, None, None, None)):
        raise ScenarioRefused(problems)
    limit, told_by = goal_of(runs.line)
    return budget_of(runs, Options(months=12, budget=limit, budget_of=told_by))


def _limit(text: str | None, line: Line, problems: list[str]) -> tuple[int | None, str]:
    """The budget in micro-units, and who told it: the option, else the scenario's goal."""
    if text is not None:
        return money(text, "--budget", line.currency, problems), "--budget"
    return goal_of(line)


def _problems(line: Line, other: Line | None, actuals: Path | None, delivered: int | None) -> Iterator[str]:
    """What cannot be answered of these scenarios and options."""
    for one in (line, *([] if other is None else [other])):
        if not Terms.of(one).pays:
            yield f"{one.name}: nobody is paid, so there is no budget. Write how, as in `pay: {{hourly: 31 EUR}}`."
    if other is not None and other.currency != line.currency:
        rule = f"both scenarios must have one currency, but got {line.currency} and {other.currency}"
        yield f"--against: {rule}. Give them the same `currency`, and an `exchange` for the contracts of the other."
    if other is not None and other.name == line.name:
        yield f'--against: both scenarios are named "{line.name}". Give each a `name:` of its own.'
    if other is not None and f"{other.start:%Y-%m}" != f"{line.start:%Y-%m}":
        rule = f"both scenarios must begin in one month, but got {line.start:%Y-%m} and {other.start:%Y-%m}"
        yield f"--against: {rule}. Give them the same `start`."
    if delivered is not None and actuals is None:
        yield "--delivered: tells how many items the months of --actuals delivered, but there are none. Say both."
    most = _fixed_items(line)
    if delivered is not None and most is not None and delivered > most:
        yield (
            f"--delivered: the plan has {most:,} items in all, but got {delivered:,}. Say how many of the plan's were "
            "delivered, or write the others into its work."
        )


def _fixed_items(line: Line) -> int | None:
    """Items of a line within its horizon, None where some arrive by chance."""
    if any(segment.arrivals for segment in line.segments):
        return None
    started = {(task.segment, task.item) for task in line.initial}
    released = sum(one.items for each in line.segments for one in each.releases if one.at_s < line.horizon_s)
    return sum(segment.backlog for segment in line.segments) + released + len(started)


@dataclass(frozen=True)
class _Chance:
    """How often and with which luck every line is run."""

    replications: int
    seed: int
    processes: int | None

    def runs(self, line: Line, drawn: Unsure | None, what: str = "") -> Runs:
        lines = None if drawn is None else drawn.lines
        with terminal.progress(f"{line.name}{what}: {self.replications} replications") as tell:
            return replicate(line, self.replications, self.seed, self.processes, progress=tell, lines=lines)
