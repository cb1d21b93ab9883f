"""`labelcast run` as a function: one scenario simulated, each number with its error and its risk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import terminal
from ..replications import asked, check_engine, check_keep, on_look, shortfall
from ..reports.figures import draw_burn_up
from ..reports.histograms import draw_histograms
from ..reports.notebook import Table
from ..reports.page import write_report
from ..reports.reading import Reading, read
from ..reports.tables import run_rows, run_sentences, run_text
from ..sim.engines import ENGINES
from ..sim.line import MICRO
from ..sim.registry import unit_of
from ..sim.replicate import Runs, replicate, summaries
from ..sim.results import results
from .answer import Answer
from .asking import Asked, PathLike, check_numbers, opened, path_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class RunAnswer(Answer):
    """What replications of a scenario gave. runs: all of it, amounts in micro-units, with curves over time."""

    runs: Runs

    @cached_property
    def reading(self) -> Reading:
        """What is worked out once for every way of showing it."""
        return read([self.runs])[0]

    @property
    def title(self) -> str:
        """Scenario, replications, seed."""
        return f"{self.runs.line.name}: {_times(self.runs)}, seed {self.runs.seed}"

    @property
    def sentences(self) -> list[str]:
        """What comes out, the chance of each goal, what to be wary of; and what is less precise than was asked for."""
        return [*run_sentences(self.reading), *self.shortfall]

    @property
    def shortfall(self) -> list[str]:
        """What is less precise than was asked for; empty where all is."""
        return shortfall(self.runs)

    @property
    def frame(self) -> pd.DataFrame:
        """A row a KPI: mean with low and high (its 95% interval: error), p5, p50, p80, p95 (risk over replications) and
        unit. Shares lie between 0 and 1; NaN is a number that is withheld. Names: docs/kpis.md."""
        found = {name: vars(one) for name, one in summaries(self.runs).items()}
        table = pd.DataFrame.from_dict(found, orient="index").rename_axis("kpi")
        return table.assign(unit=[unit_of(str(name), self.runs.line.currency) for name in table.index])

    @property
    def kpis(self) -> pd.DataFrame:
        """A row a replication, a column a KPI."""
        return self.runs.kpis

    @property
    def ledger(self) -> pd.DataFrame:
        """What was paid: a row a replication, month, activity, segment, pool and unit; amounts in the currency."""
        money = {name: self.runs.ledger[name] / MICRO for name in ("amount", "billed") if name in self.runs.ledger}
        return self.runs.ledger.assign(**money)

    @property
    def data(self) -> dict[str, Any]:
        """What `labelcast run --json` prints."""
        return results(self.runs)

    @property
    def text(self) -> str:
        """What `labelcast run` prints."""
        return run_text(self.runs)

    @property
    def tables(self) -> list[Table]:
        """The main KPIs."""
        return [Table(run_rows(self.reading))]

    def plot(self, *kpis: str) -> Figure:
        """How KPIs came out over the replications, with P50, P80 and goals; finish and cost if none is named.
        Raises ScenarioRefused where the run has no such KPI."""
        return draw_histograms(self.reading, kpis).on_paper()

    def burn_up(self) -> Figure:
        """Items delivered over time, with bands, and the dates of the finish."""
        return draw_burn_up([self.reading]).on_paper()

    def report(self, path: PathLike) -> Path:
        """Writes the report, one HTML file; its path."""
        out = Path(path)
        terminal.files(html=out)
        write_report(out, [self.runs], None)
        return out


def run(
    scenario: Asked,
    *,
    replications: int | str = 20,
    precision: str | float | None = None,
    most: int | None = None,
    keep: str | os.PathLike[str] | None = None,
    seed: int = 1,
    processes: int | None = None,
    engine: str = ENGINES[0],
    profile: str | os.PathLike[str] | None = None,
    log: str | os.PathLike[str] | None = None,
) -> RunAnswer:
    """Simulates a scenario: cost, finish, quality, waits, each with its interval and its risk.

    scenario: a file, the name of one in the library, or what `load` gave.
    replications: how many runs; "auto" adds runs until cost, finish and the KPIs of goals are known to `precision`
    ("2%" of the mean if not said), `most` of them (1,000).
    keep: a file of finished replications, to begin with and to write.  log: a Parquet file for the logs of all.
    seed: the same seed, the same numbers.  processes: one a core, if that is quicker; 1: this one.
    engine: "fast", or "reference", which gives the same numbers slowly.  profile: to put under the scenario.

    Raises ScenarioRefused and Infeasible as `load` does, and where an option means nothing.

        found = lc.run("in-house", replications=100)
        found.frame.loc["cost"]        # mean, low, high: error; p5 to p95: risk; unit
        found.plot()
    """
    check_numbers(most=(most, 10, 100_000), seed=(seed, 0, None), processes=(processes, 1, None))
    wanted = asked(str(replications), None if precision is None else str(precision), most)
    check_engine(engine)
    kept, logged = path_of(keep), path_of(log)
    check_keep(kept, logged)
    terminal.files(kept, parquet=logged)
    line = opened(scenario, profile).line
    what = f"{line.name}: {wanted} replications" if isinstance(wanted, int) else line.name
    terminal.prepare(engine)
    with terminal.progress(what) as tell:
        looked = on_look(what, wanted, tell)
        return RunAnswer(
            replicate(line, wanted, seed, processes, logged, tell, engine=engine, keep=kept, looked=looked)
        )


def _times(runs: Runs) -> str:
    return "1 replication" if len(runs.kpis) == 1 else f"{len(runs.kpis):,} replications"
