"""`labelcast breakeven` as a function: at which value of a key do two scenarios cost the same?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .. import terminal
from ..reports.breakeven import break_even_json, break_even_text, cost_rows, draw_break_even, verdict
from ..reports.notebook import Table
from ..scenarios.breakeven import BreakEven, break_even, means_of
from ..scenarios.load import load
from ..scenarios.ranges import Range, read_range
from ..scenarios.varied import holding
from ..sim.engines import ENGINES
from ..sim.errors import ScenarioRefused
from ..sim.replicate import replicate
from ..sim.statistics import Floats
from .answer import Told
from .asking import Asked, check_luck, check_numbers, reread
from .scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class BreakevenAnswer(Told):
    """Where two scenarios cost the same. found: costs at each value that was looked at, and the crossings."""

    found: BreakEven
    seed: int

    @property
    def title(self) -> str:
        """Scenarios, key, replications, seed."""
        first, second = self.found.names
        many = self.found.costs.shape[2]
        return f"{first} against {second} over {self.found.over.path}: {many:,} replications, seed {self.seed}"

    @property
    def sentences(self) -> list[str]:
        """Where the cheaper one changes, and how sure that is."""
        return verdict(self.found)

    @property
    def frame(self) -> pd.DataFrame:
        """A row a value of the key: mean cost of each scenario, by its name; difference (what the second costs more),
        with its 95% interval low, high; amounts in `currency`."""
        found = self.found
        rows = [
            {name: float(found.costs[which, place].mean()) for which, name in enumerate(found.names)}
            | dict(zip(("difference", "low", "high"), told, strict=True))
            for place, told in enumerate(means_of(found))
        ]
        return pd.DataFrame(rows, index=pd.Index(found.values, name=found.over.path)).assign(currency=found.currency)

    @property
    def data(self) -> dict[str, Any]:
        """What `labelcast breakeven --json` prints."""
        return break_even_json(self.found)

    @property
    def text(self) -> str:
        """What `labelcast breakeven` prints."""
        return break_even_text(self.found)

    @property
    def tables(self) -> list[Table]:
        """Costs at each value."""
        return [Table(cost_rows(self.found))]

    def plot(self) -> Figure:
        """Costs of both over the values, and where they cross."""
        return draw_break_even(self.found).on_paper()


def breakeven(
    first: Asked,
    second: Asked,
    *,
    over: str,
    points: int = 7,
    replications: int = 20,
    seed: int = 1,
    processes: int | None = None,
    profile: str | os.PathLike[str] | None = None,
) -> BreakevenAnswer:
    """Says at which value of a key two scenarios cost the same, and which is cheaper on either side.

    first, second: files, names in the library, or what `load` gave, in one currency.
    over: the key and its range, "work.street.backlog=10_000 items..200_000 items".
    points: values that are looked at first.
    replications: at each value.
    seed: the same seed, the same numbers.  processes: one a core, if that is quicker; 1: this one.
    profile: to put under both.

    Raises ScenarioRefused as `load` does, at either end of the range too, where an option means nothing, and where a
    scenario costs nothing.

        lc.breakeven("in-house", "vendor", over="work.street.backlog=10_000 items..200_000 items").frame
    """
    check_luck(replications, seed, processes)
    check_numbers(points=(points, 2, 100))
    asked = _range(over)
    plans = [reread(one, profile) for one in (first, second)]
    has = holding([(plan.path, plan.profile) for plan in plans], asked.path)
    lines = [
        [
            load(plan.path, plan.profile, (asked.path, asked.text(end)) if varies else None)
            for end in (asked.low, asked.high)
        ]
        for plan, varies in zip(plans, has, strict=True)
    ]
    (one, _), (other, _) = lines
    if one.currency != other.currency:
        told = f"{one.name} in {one.currency}, {other.name} in {other.currency}"
        raise ScenarioRefused(f"{plans[1].path}: both need one currency, but are {told}. Write both in one.")
    terminal.prepare(ENGINES[0])
    luck = _Luck(replications, seed, processes)
    same = [None if varies else luck.costs(plan, None) for plan, varies in zip(plans, has, strict=True)]

    def costs_at(value: float) -> Floats:
        vary = (asked.path, asked.text(value))
        costs = [luck.costs(plan, vary) if kept is None else kept for plan, kept in zip(plans, same, strict=True)]
        return np.stack(costs)

    found = break_even(asked, (one.name, other.name), one.currency, costs_at, points, has)
    return BreakevenAnswer(found, seed)


def _range(over: str) -> Range:
    """What --over asks for. Raises ScenarioRefused."""
    try:
        return read_range(over)
    except ValueError as error:
        raise ScenarioRefused(f"--over: {error}") from None


@dataclass(frozen=True)
class _Luck:
    """With which luck, and how often, every value is simulated."""

    replications: int
    seed: int
    processes: int | None

    def costs(self, plan: Scenario, vary: tuple[str, str] | None) -> Floats:
        """float[replication], of a scenario at a value; None: as it is. Raises ScenarioRefused where it has no cost."""
        line = load(plan.path, plan.profile, vary)
        with terminal.progress(line.name if vary is None else f"{line.name} at {vary[1]}") as tell:
            runs = replicate(line, self.replications, self.seed, self.processes, progress=tell)
        costs = runs.kpis["cost"].to_numpy(np.float64)
        if np.isnan(costs).any():
            raise ScenarioRefused(f"{plan.path}: has no cost to compare: no pool has a `pay`, and nothing falls due.")
        return costs
