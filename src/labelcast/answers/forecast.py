"""`labelcast forecast` as a function: a project that is under way, from what its log shows today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import terminal
from ..reports.figures import draw_burn_up
from ..reports.forecast.ahead import ahead_frame
from ..reports.forecast.text import ahead_rows, forecast_text, of_today, sentences, standing_rows
from ..reports.forecast.told import forecast_json
from ..reports.notebook import Table
from ..reports.page import write_report
from ..reports.reading import Reading, read
from ..scenarios.forecast import Asked as Wanted
from ..scenarios.forecast import Forecast
from ..scenarios.forecast import forecast as forecast_of
from ..sim.engines import ENGINES
from .answer import Told
from .asking import Asked, PathLike, Words, check_luck, check_numbers, path_of, reread, several

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FEWEST = 9
"""Runs below which no band of 80% can be told."""


@dataclass(frozen=True, eq=False, repr=False)
class ForecastAnswer(Told):
    """A forecast from today. found: all of it, the runs of the whole project among it."""

    found: Forecast

    @cached_property
    def reading(self) -> Reading:
        """The runs of the whole project, worked out once for every way of showing them."""
        return read([self.found.runs])[0]

    @property
    def title(self) -> str:
        """Scenario, runs, seed."""
        runs = self.found.runs
        return f"{runs.line.name}: {len(runs.kpis):,} runs from today, seed {runs.seed}"

    @property
    def sentences(self) -> list[str]:
        """Where it stands, when it ends, what it costs, what holds it up, and how earlier forecasts did."""
        return [*sentences(self.found)]

    @property
    def frame(self) -> pd.DataFrame:
        """A row a date ahead: date, then low, median and high (the 80% band over runs) of items delivered so far, and
        of the tasks that wait at each stage."""
        return ahead_frame(self.found)

    @property
    def kpis(self) -> pd.DataFrame:
        """A row a run, a column a KPI of the whole project."""
        return self.found.runs.kpis

    @property
    def data(self) -> dict[str, Any]:
        """What `labelcast forecast --json` prints."""
        return forecast_json(self.found)

    @property
    def text(self) -> str:
        """What `labelcast forecast` prints."""
        return forecast_text(self.found)

    @property
    def tables(self) -> list[Table]:
        """Where it stands, and what comes."""
        return [Table(standing_rows(self.found), "where it stands"), Table(ahead_rows(self.found), "what comes")]

    def plot(self) -> Figure:
        """Items delivered: so far as the log shows, and then as they may come."""
        return draw_burn_up([self.reading]).on_paper()

    def report(self, path: PathLike) -> None:
        """Writes the report of the whole project, so far and to come, to an HTML file."""
        found = path_of(path)
        assert found is not None
        terminal.files(html=found)
        write_report(found, [self.found.runs], None, [of_today(self.found)])


def forecast(
    scenario: Asked,
    log: PathLike | Sequence[PathLike],
    *,
    what_if: Words | None = None,
    now: str = "",
    stage: Mapping[str, str] | None = None,
    segment: Mapping[str, str] | None = None,
    map: PathLike | None = None,
    checks: int = 8,
    replications: int = 39,
    seed: int = 1,
    processes: int | None = None,
    profile: PathLike | None = None,
    as_fitted: bool = False,
) -> ForecastAnswer:
    """Takes a project up where its log stands and runs it to its end: finish, backlog and spend with 80% bands.

    scenario: of the whole project, from its start: a file, a name in the library, or what `load` gave.
    log: one or more exports of the project so far, as of `calibrate`.
    what_if: keys with other values from today on, "pools.reviewers.headcount=7"; several keys of one are parted by
    semicolons.
    now: a date at which the log is cut; its end if not said.
    stage, segment: what the log's words for steps and batches are in the scenario, where names do not tell.
    map: of a table's columns, as of `calibrate`.
    checks: earlier dates from which the forecast is tried, 0 for none.
    replications: runs, at least 9.  seed: the same seed, the same numbers.  processes: one a core, if that is quicker.
    profile: to put under the scenario.  as_fitted: takes what is fitted as known, instead of drawing it.

    Raises ScenarioRefused and DataRefused with what is wrong: words of the log that the scenario does not have, a log
    that begins before it, in which nothing is done yet, or all of it.

        lc.forecast("project.yaml", "live-export.json", what_if="pools.reviewers.headcount=7").plot()
    """
    check_luck(replications, seed, processes, least=FEWEST)
    check_numbers(checks=(checks, 0, 100))
    loaded = reread(scenario, profile)
    logs = [log] if isinstance(log, str) or not isinstance(log, Sequence) else [*log]
    wanted = Wanted(
        now=now,
        what_ifs=several(what_if),
        steps=dict(stage or {}),
        batches=dict(segment or {}),
        map=path_of(map),
        replications=replications,
        seed=seed,
        processes=processes,
        checks=checks,
        drawn=not as_fitted,
    )
    terminal.prepare(ENGINES[0])
    with terminal.progress("Reading the log") as tell:
        paths = [found for found in (path_of(one) for one in logs) if found is not None]
        return ForecastAnswer(forecast_of(loaded.path, paths, wanted, loaded.profile, tell))
