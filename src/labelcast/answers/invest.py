"""`labelcast invest` as a function: is what a scenario changes worth what it costs?"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import terminal
from ..reports.investment.figure import draw_investments
from ..reports.investment.text import investment_text, value_rows
from ..reports.investment.told import investment_json
from ..reports.investment.verdict import verdict
from ..reports.investment.whole import TOGETHER, Outcome, Pair, outcome
from ..reports.investment.whole import Asked as Options
from ..reports.notebook import Table
from ..scenarios.investments import Investment, chosen, planned
from ..scenarios.load import load
from ..scenarios.problems import quoted
from ..scenarios.unsure import Unsure
from ..sim.engines import ENGINES
from ..sim.errors import Refused, ScenarioRefused
from ..sim.ledger import Terms
from ..sim.line import MICRO, Line
from ..sim.replicate import Runs, replicate
from .answer import Told
from .asking import Asked, check_luck, check_numbers, reread, typed
from .scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_RATE = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(%?)\s*", re.ASCII)


@dataclass(frozen=True, eq=False, repr=False)
class InvestAnswer(Told):
    """What investments are worth. outcome: all of it, amounts in whole micro-units."""

    outcome: Outcome

    @property
    def title(self) -> str:
        """Scenario, months, rate, replications, seed."""
        found = self.outcome
        months = f"{found.months[0]} to {found.months[-1]}, at {100 * found.asked.rate:g}% a year"
        return f"{found.line.name}: worth of {months}, {found.replications:,} replications, seed {found.seed}"

    @property
    def sentences(self) -> list[str]:
        """A verdict on each."""
        return [verdict(one, self.outcome) for one in self.outcome.found]

    @property
    def frame(self) -> pd.DataFrame:
        """A row an investment: npv (mean) with npv_low, npv_high (error), npv_p10, npv_p50, npv_p90 (risk); pays, the
        chance that it is above zero, with pays_low, pays_high; spent and saved, means; amounts in `currency`."""
        rows = [
            {
                "investment": one.name,
                "npv": one.npv.mean,
                **{f"npv_{name}": getattr(one.npv, name) for name in ("low", "high", "p10", "p50", "p90")},
                "pays": one.pays.share,
                "pays_low": one.pays.low,
                "pays_high": one.pays.high,
                "spent": one.spent.mean,
                "saved": one.saved.mean,
            }
            for one in self.outcome.found
        ]
        return pd.DataFrame(rows).set_index("investment").assign(currency=self.outcome.line.currency)

    @property
    def flows(self) -> pd.DataFrame:
        """A row a month, a column an investment: what it brings less what it costs, mean, in the currency, not
        discounted."""
        found = {one.name: one.flows.mean(axis=0) / MICRO for one in self.outcome.found}
        return pd.DataFrame(found, index=pd.Index(self.outcome.months, name="month"))

    @property
    def data(self) -> dict[str, Any]:
        """What `labelcast invest --json` prints."""
        return investment_json(self.outcome)

    @property
    def text(self) -> str:
        """What `labelcast invest` prints."""
        return investment_text(self.outcome)

    @property
    def tables(self) -> list[Table]:
        """What each is worth, and when it is paid back."""
        return [Table([*value_rows(self.outcome)])]

    def plot(self) -> Figure:
        """What each has paid back so far, discounted, month by month."""
        return draw_investments(self.outcome).on_paper()


def invest(
    scenario: Asked,
    *,
    change: str | None = None,
    rate: str = "8%",
    months: int = 24,
    replications: int = 100,
    seed: int = 1,
    processes: int | None = None,
    profile: str | os.PathLike[str] | None = None,
    as_fitted: bool = False,
) -> InvestAnswer:
    """Says whether tools, trainings and redesigns of `changes` pay: net present value, payback, chance, and for what.

    scenario: a file with `changes`, or what `load` gave.
    change: one of them, by its `why` or its number; all if not said.
    rate: by which a year is discounted, "8%" or "0.08".
    months: how many calendar months, from the start.
    replications: each draws what the profile does not know, and ranges of effects, unless as_fitted.
    seed: the same seed, the same numbers.  processes: one a core, if that is quicker; 1: this one.
    profile: to put under the scenario.

    Raises ScenarioRefused as `load` does, where nobody is paid, and where an option means nothing.

        lc.invest("my-plan.yaml", rate="10%").frame
    """
    check_luck(replications, seed, processes)
    check_numbers(months=(months, 1, 120))
    yearly_rate = yearly(str(rate))
    plan = reread(scenario, profile)
    looked_at = chosen(planned(plan.path, plan.profile), change, typed(scenario))
    if len(looked_at) > 1:
        every = tuple(sorted(number for one in looked_at for number in one.entries))
        looked_at = [*looked_at, Investment(TOGETHER, every)]
    others = [_without(plan, one.name, one.entries) for one in looked_at]
    _check_paid(plan.line, typed(scenario))
    terminal.prepare(ENGINES[0])
    luck = _Luck(plan, replications, seed, processes, as_fitted)
    kept = luck.runs(plan.line, (), "")
    pairs = [
        Pair(one.name, one.entries, kept, luck.runs(other, one.entries, f" without {one.name}"))
        for one, other in zip(looked_at, others, strict=True)
    ]
    return InvestAnswer(outcome(pairs, Options(months, yearly_rate, luck.drawn)))


def yearly(text: str) -> float:
    """A rate by the year: 8%, or 0.08. Raises ScenarioRefused."""
    match = _RATE.fullmatch(text)
    value = float(match[1]) / (100 if match[2] else 1) if match else -1.0
    if not 0 <= value < 1:
        rule = "must be a share by the year, at least 0% and less than 100%"
        raise ScenarioRefused(f"--rate: {rule}, but got {quoted(text)}. Write 8%, or 0.08.")
    return value


def _without(plan: Scenario, name: str, entries: tuple[int, ...]) -> Line:
    """The scenario without some of its changes. Raises what `load` raises, and says that they were taken out."""
    try:
        return load(plan.path, plan.profile, without=entries)
    except Refused as refused:
        head = f"{plan.path} without {name}, as which it is simulated for comparison, is no scenario:"
        tail = "Name another investment with --change, or give entries that need each other one `why`."
        raise type(refused)([head, *refused.problems, tail]) from None


def _check_paid(line: Line, name: str) -> None:
    """Raises ScenarioRefused where nothing is ever paid, so that nothing can be saved either."""
    if not Terms.of(line).pays:
        told = "nobody is paid, and no change costs anything, so there is no money to save"
        raise ScenarioRefused(f"{name}: {told}. Write how, as in `pay: {{hourly: 31 EUR}}`.")


@dataclass(frozen=True)
class _Luck:
    """What all runs of a scenario share, with and without one of its changes."""

    plan: Scenario
    replications: int
    seed: int
    processes: int | None
    as_fitted: bool

    def runs(self, line: Line, entries: tuple[int, ...], what: str) -> Runs:
        """Runs of the scenario without these entries. line: as which it stands for all that are drawn."""
        drawn = self._unsure(entries)
        lines = None if drawn is None else drawn.lines
        with terminal.progress(f"{line.name}{what}: {self.replications} replications") as tell:
            return replicate(line, self.replications, self.seed, self.processes, progress=tell, lines=lines)

    @property
    def drawn(self) -> tuple[str, ...]:
        """What each replication draws."""
        lines = self._unsure(())
        return () if lines is None else lines.paths[0]

    def _unsure(self, entries: tuple[int, ...]) -> Unsure | None:
        lines = Unsure(self.plan.path, self.plan.profile, self.seed, without=entries)
        return None if self.as_fitted or not lines.paths[0] else lines
