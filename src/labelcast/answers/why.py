"""`labelcast why` as a function: why one scenario comes to another result than a second one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import terminal
from ..reports.notebook import Table
from ..reports.waterfall import draw_waterfalls
from ..reports.why import part_rows, sentences, why_json, why_text
from ..scenarios.why import Why
from ..scenarios.why import why as told
from ..sim.engines import ENGINES
from ..sim.errors import ScenarioRefused
from ..sim.line import Line
from ..sim.registry import unit_of
from ..sim.replicate import Runs, replicate
from ..sim.swapped import differ, unlike
from .answer import Told
from .asking import Asked, check_luck, opened, typed

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class WhyAnswer(Told):
    """A difference in parts that add up. names: before and after.  base: runs of the first.  kinds: in which they
    differ.  found: by KPI.  untold: KPIs that cannot be told."""

    names: tuple[str, str]
    base: Runs
    kinds: tuple[str, ...]
    found: tuple[Why, ...]
    untold: tuple[str, ...]

    @property
    def title(self) -> str:
        """Scenarios, replications, seed."""
        return f"From {self.names[0]} to {self.names[1]}: {len(self.base.kpis):,} runs of each, seed {self.base.seed}"

    @property
    def sentences(self) -> list[str]:
        """What changed, and what moved each KPI most."""
        return [*sentences(self.names, self.base, self.kinds, self.found, self.untold)]

    @property
    def frame(self) -> pd.DataFrame:
        """A row a KPI and part: unit, begin and end (means of both scenarios), mean of the part with low and high (95%
        interval). The means of a KPI's parts add up to end less begin."""
        rows = [
            (
                one.kpi,
                unit_of(one.kpi, self.base.line.currency),
                kind,
                one.begin,
                one.end,
                each.mean,
                each.low,
                each.high,
            )
            for one in self.found
            for kind, each in one.told(self.base.level).items()
        ]
        return pd.DataFrame(rows, columns=["kpi", "unit", "part", "begin", "end", "mean", "low", "high"])

    @property
    def data(self) -> dict[str, Any]:
        """What `labelcast why --json` prints."""
        return why_json(self.names, self.base, self.kinds, self.found, self.untold)

    @property
    def text(self) -> str:
        """What `labelcast why` prints."""
        return why_text(self.names, self.base, self.kinds, self.found, self.untold)

    @property
    def tables(self) -> list[Table]:
        """A column a KPI: the first scenario, each part, the second."""
        return [Table(part_rows(self.names, self.base, self.kinds, self.found))] if self.found and self.kinds else []

    def plot(self) -> Figure:
        """From the first scenario to the second, a step a part, a panel a KPI."""
        return draw_waterfalls(self.names, self.base, self.found).on_paper()


def why(
    first: Asked,
    second: Asked,
    *,
    replications: int = 20,
    seed: int = 1,
    processes: int | None = None,
    profile: str | os.PathLike[str] | None = None,
) -> WhyAnswer:
    """Says why a scenario is slower, dearer or less accurate than another: volume, mix, speed, rework, staff, price.

    first, second: before and after, of the same stages, pools and segments: files, names in the library, or what `load`
    gave.
    replications: of each line, at least 2; as many lines as there are sets of kinds in which they differ, up to 64.
    seed: the same seed, the same numbers.  processes: one a core, if that is quicker; 1: this one.
    profile: to put under both.

    Raises ScenarioRefused as `load` does, and where their stages, pools or segments are not the same.

        lc.why("before.yaml", "after.yaml").frame.pivot(index="part", columns="kpi", values="mean")
    """
    check_luck(replications, seed, processes, least=2)
    before, after = opened(first, profile), opened(second, profile)
    one, other = before.line, after.line
    if problems := list(unlike(one, other)):
        mend = (
            "Give both the same; people who are not there yet have a headcount of 0, stages without work a share of 0%."
        )
        raise ScenarioRefused([f"{typed(second)}: {problem}. {mend}" for problem in problems])
    terminal.prepare(ENGINES[0])
    many = 2 ** len(differ(one, other))
    done: list[Runs] = []
    with terminal.progress(f"{many} lines, {replications} runs of each") as tell:

        def simulated(line: Line) -> Runs:
            """The line's replications, told of as part of all."""
            start = len(done) * replications
            runs = replicate(
                line, replications, seed, processes, progress=lambda now, _: tell(start + now, many * replications)
            )
            done.append(runs)
            return runs

        kinds, found, untold = told(one, other, simulated)
    return WhyAnswer((one.name, other.name), done[0], tuple(kinds), tuple(found), tuple(untold))
