"""One number of a saved run with all that stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ...scenarios.problems import guess, listed, quoted
from ...scenarios.saved import Saved, origin_of
from ...sim.errors import DataRefused, ScenarioRefused
from ...sim.kept import Origin
from ...sim.kpis import kpis
from ...sim.ledger import Terms, ledger
from ...sim.registry import Kpi, kpi_of
from ...sim.replicate import GOAL_KPIS, summaries
from ...sim.statistics import Summary
from ...sim.store import read_log
from ..assumptions import Assumption
from .inputs import inputs
from .rows import Rows, rows_of


@dataclass(frozen=True)
class LogRows:
    """What a log holds of the columns that a KPI needs. columns: by table.column, its rows and those that are not null.

    value: the KPI worked out from the rows of this replication.
    """

    path: Path
    replication: int
    columns: dict[str, tuple[int, int]]
    value: float


@dataclass(frozen=True, eq=False)
class Explanation:
    """kpi: its name in the run. log: None where none was named."""

    saved: Saved
    kpi: str
    log: LogRows | None = None

    @property
    def entry(self) -> Kpi:
        """What the registry says of it."""
        return kpi_of(self.kpi)

    @cached_property
    def summary(self) -> Summary:
        """The number, with its error and its risk."""
        return summaries(self.saved.runs)[self.kpi]

    @cached_property
    def rows(self) -> Rows:
        """What it is made of."""
        return rows_of(self.saved.runs, self.kpi)

    @cached_property
    def inputs(self) -> tuple[Assumption, ...]:
        """What it rests on."""
        return inputs(self.saved.line, self.kpi)


def explain(saved: Saved, kpi: str, log: Path | None = None, replication: int = 0) -> Explanation:
    """The explanation of a KPI. log: of this run, to count its rows too.

    Raises ScenarioRefused where the run has no such KPI, DataRefused where the log is of another run.
    """
    known = summaries(saved.runs)
    if kpi not in known:
        goal = next((goal for goal, chance in GOAL_KPIS.items() if chance == kpi), None)
        if goal is not None:
            rule = f"{kpi} is the chance to meet a goal on {goal}, and {saved.manifest.name} has none"
            raise ScenarioRefused(f"{saved.name}: {rule}. Write one under `goals:`, and run it again.")
        hint = guess(kpi, known) or f" There are: {listed(known, len(known))}."
        raise ScenarioRefused(f"{saved.name}: no KPI of it is named {quoted(kpi)}.{hint}")
    found = Explanation(saved, kpi)
    return found if log is None else Explanation(saved, kpi, log_rows(saved, found.rows.of, log, replication))


def log_rows(saved: Saved, kpi: str, path: Path, replication: int) -> LogRows:
    """What a log of the run holds of the columns that a KPI needs. Raises DataRefused where it is of another run."""
    if replication >= saved.manifest.replications:
        last = saved.manifest.replications - 1
        raise DataRefused(f"{saved.name}: has replications 0 to {last}, but got --replication {replication}.")
    log, line = read_log(path, replication), saved.line
    about, wanted = log.provenance, origin_of(saved.manifest)
    found = Origin(about.digest, about.seed if about.seed is not None else -1, about.engine, about.version)
    if found != wanted:
        told = [
            f"{name} {str(there)[:12]}, not {str(here)[:12]}"
            for name, there, here in zip(vars(wanted), vars(found).values(), vars(wanted).values(), strict=True)
            if there != here
        ]
        mend = "Write it again: `labelcast run` with --log and what the run's manifest says"
        raise DataRefused(f"{path}: is no log of {saved.name} ({'; '.join(told)}). {mend}.")
    counts = {}
    for column in kpi_of(kpi).columns:
        table, _, name = column.partition(".")
        if table in ("items", "tasks", "presence"):
            cells = getattr(log, table)[name]
            counts[column] = (len(cells), int(cells.notna().sum()))
    terms = Terms.of(line)
    book = ledger(log, terms, line.currency) if terms.pays else None
    costs = {segment.name: segment.error_costs for segment in line.segments}
    return LogRows(path, replication, counts, kpis(log, book, line.windows, costs, line.charts)[kpi])
