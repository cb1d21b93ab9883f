"""A log cut in two: the line fitted to the first part against what really came, and against two naive forecasts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from ...sim.errors import DataRefused, ScenarioRefused
from ...sim.line import Learning
from ..availability import fit_availability
from ..crowd.fit import CrowdFit, fit_crowd, service_of
from ..crowd.model import Service
from ..people import People
from ..readers.mapping import read_map
from ..readers.names import NAMES
from ..readers.recognise import Export, read
from ..readers.stamps import no_zone
from ..service.fit import fit_service, timed
from ..stages.lines import flow_of
from ..steps import of_step
from .ahead import DRAWS, by_crowd, by_flat_rate, by_replay
from .drift import Drift, of_times, of_visits
from .scores import Actual, Scored, actual, scored
from .split import Split, split
from .staff import by_staff

SEED = 11

Progress = Callable[..., None]
"""Called with how many steps are done, of how many, and what is being done."""

STEPS = 4


@dataclass(frozen=True, eq=False)
class Backtest:
    """line, flat, replay: how near the calibrated line, a flat average rate and a replay of the log's first part came.

    people: what the workers were taken to be.  cut, truth: where the log was cut, and what came.  drifts: what changed.
    hindsight: the line at the level of the part ahead, where the line did not hold: if that does, the world changed and
    the model did not fail.  sources: SHA-256 of each file.  replications: of the line.
    """

    people: People
    cut: Split
    truth: Actual
    line: Scored
    flat: Scored
    replay: Scored
    drifts: tuple[Drift, ...]
    hindsight: Scored | None
    timezone: str
    replications: int
    sources: tuple[str, ...]

    @property
    def beats_flat_rate(self) -> bool:
        """Nearer in batch makespans and in daily throughput."""
        return bool(self.line.makespan < self.flat.makespan and self.line.daily < self.flat.daily)

    @property
    def beats_replay(self) -> bool:
        """Nearer in batch makespans and in daily throughput."""
        return bool(self.line.makespan < self.replay.makespan and self.line.daily < self.replay.daily)


def backtest(
    files: Sequence[Path],
    *,
    share: float = 0.5,
    replications: int = 100,
    timezone: str = "UTC",
    people: str = "auto",
    step: str | None = None,
    map: Path | None = None,
    no_clean: Collection[str] = (),
    progress: Progress = lambda *_: None,
) -> Backtest:
    """Cuts the log of `files` after `share` of its batches and forecasts the rest from the part before.

    files, timezone, people, step, map, no_clean: as of calibrate.  replications: of the calibrated line.
    Raises as calibrate does, and DataRefused where either part is too short, or the log has several steps of work and
    none was asked for.
    """
    if why := no_zone(timezone):
        raise ScenarioRefused(f"--timezone: {why}")
    if not 0.0 < share < 1.0:
        raise ScenarioRefused(f"--split: must lie between 0% and 100%, but got {share:.0%}.")
    by = None if map is None else read_map(Path(map), [*NAMES])
    export = read([Path(one) for one in files], None, by, lambda done, of, what: progress(done / of, STEPS, what))
    flow, _ = (None, "") if step is not None else flow_of(export.judgements, "annotate")
    if flow is not None:
        there = ", ".join(one.name for one in flow.steps)
        raise DataRefused(
            f"This log has several steps of work ({there}), and a backtest knows lines of one. Say which: --step NAME."
        )
    return of_export(
        of_step(export, step),
        share=share,
        replications=replications,
        timezone=timezone,
        people=people,
        no_clean=no_clean,
        progress=progress,
    )


def of_export(
    export: Export,
    *,
    share: float,
    replications: int,
    timezone: str = "UTC",
    people: str = "auto",
    no_clean: Collection[str] = (),
    progress: Progress = lambda *_: None,
) -> Backtest:
    """As backtest, of a log that was read."""
    progress(1, STEPS, "Fitting the part before the cut")
    cut = split(export, share, timezone, people, no_clean)
    pages = cut.known.pages
    availability = fit_availability(pages, "people", timezone, _labels_per_item(cut))
    fitted = fit_service(timed(pages))
    service = service_of(fitted, availability.shrinkage.value)
    truth = actual(cut.ahead, cut.now, timezone)
    drifts = [of_times(cut.whole.pages, cut.now, fitted.practice)]
    crowd: CrowdFit | None = None
    if cut.people == "crowd":
        crowd = fit_crowd(cut.past, service, timezone, cut.now)
        drifts.insert(0, of_visits(crowd, cut.ahead, timezone))
        progress(2, STEPS, "Simulating the part ahead")
        told = by_crowd(crowd, cut.ahead, cut.now, replications, SEED)
    else:
        progress(2, STEPS, "Simulating the part ahead")
        told = by_staff(availability, _practised(service, pages), cut.ahead, cut.now, timezone, replications, SEED)
    progress(3, STEPS, "Comparing")
    line = scored(truth, told, replications)
    told_drifts = tuple(one for one in drifts if one is not None)
    return Backtest(
        cut.people,
        cut,
        truth,
        line,
        scored(truth, by_flat_rate(cut.past, cut.ahead, cut.now), 1),
        scored(truth, by_replay(cut.past, cut.ahead, cut.now, SEED), DRAWS),
        told_drifts,
        _hindsight(crowd, line, told_drifts, cut, truth, replications),
        timezone,
        replications,
        tuple(one.sha256 for one in export.sources),
    )


def _labels_per_item(cut: Split) -> int:
    return int(np.median([one.labels_per_item for one in cut.past]))


def _practised(service: Service, pages: pd.DataFrame) -> Service:
    """The same of people who have done by now what the middle one of them has done."""
    done = int(pages.groupby("worker")["units"].sum().median())
    learning: Learning = dataclasses.replace(service.learning, experience=min(done, service.learning.tasks))
    return dataclasses.replace(service, learning=learning)


def _hindsight(
    crowd: CrowdFit | None, line: Scored, drifts: Sequence[Drift], cut: Split, truth: Actual, replications: int
) -> Scored | None:
    """The crowd's line at the level that the part ahead had, where its own did not hold and more or fewer came."""
    hits = line.within[0.8]
    if crowd is None or binomial_interval(int(hits.sum()), len(hits), 0.99)[1] >= 0.8:
        return None
    if not drifts[0].told:
        return None
    moved = float(np.log(drifts[0].factor))
    level = dataclasses.replace(crowd.crowd.level, centre=crowd.crowd.level.centre + moved)
    hind = dataclasses.replace(crowd, crowd=dataclasses.replace(crowd.crowd, level=level))
    return scored(truth, by_crowd(hind, cut.ahead, cut.now, replications, SEED), replications)


def binomial_interval(hits: int, of: int, level: float) -> tuple[float, float]:
    """Clopper and Pearson's interval of a share; 0 and 1 for none."""
    if of == 0:
        return 0.0, 1.0
    tail = (1.0 - level) / 2.0
    low = 0.0 if hits == 0 else float(stats.beta.ppf(tail, hits, of - hits + 1))
    high = 1.0 if hits == of else float(stats.beta.ppf(1.0 - tail, hits + 1, of - hits))
    return low, high
