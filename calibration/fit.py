"""What calibration found out: fitted parameters with their intervals, what was refused, and the real log itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..sim.log import Log


@dataclass(frozen=True)
class Parameter:
    """A fitted number. path: where a scenario keeps it (`pools.annotators.skill.mean`).  low, high: 95% interval, None
    where the data allow none.  n: how many observations it rests on.  method: in words, what n counts included."""

    path: str
    value: float
    low: float | None
    high: float | None
    n: int
    method: str
    unit: str = ""


@dataclass(frozen=True)
class Together:
    """The correlation of the errors of two parameters, by path, on the scales of their intervals."""

    first: str
    second: str
    correlation: float


@dataclass(frozen=True)
class Assumption:
    """A number in the profile that the data could not tell, and why."""

    path: str
    value: float
    why: str


@dataclass(frozen=True)
class Refusal:
    """Rows that were not used, or not for everything. first: "file, row 12" of the first of them; rows are counted as
    a spreadsheet does, the header being row 1."""

    reason: str
    rows: int
    first: str


@dataclass(frozen=True)
class Source:
    """A file that was read. rows: data rows in it, blank lines apart."""

    name: str
    sha256: str
    format: str
    rows: int


@dataclass(frozen=True, eq=False)
class Evidence:
    """The data that the figures of a fit are drawn from.

    log_seconds: natural logarithms of seconds a unit, one per page.  qq: float64[k, 2], normal deviates of evenly
    spread shares, and those that the fitted family gives to the log's quantiles within workers.  curve: float64[k, 2],
    log seconds and the density of the fitted model there.  concurrent: float64[7, 24], mean number of workers in
    session by local weekday (0 = Monday) and hour, NaN where the log does not cover the hour.  on_shift: int64[7, 24],
    slots on shift as the profile says, None for a crowd.  coming: float64[24], factor on a crowd's visits by local
    hour, None for a staff.  worker_seconds: worker, pages, seconds (geometric mean).  worker_accuracy:
    worker, gold, correct.  items_per_day: day (local date), items first seen on it.
    """

    log_seconds: npt.NDArray[np.float64]
    qq: npt.NDArray[np.float64]
    concurrent: npt.NDArray[np.float64]
    on_shift: npt.NDArray[np.int64] | None
    worker_seconds: pd.DataFrame
    worker_accuracy: pd.DataFrame
    items_per_day: pd.DataFrame
    curve: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    coming: npt.NDArray[np.float64] | None = None


@dataclass(frozen=True, eq=False)
class Fit:
    """All that `calibrate` learned from files.

    parameters: fitted, in the order of the scenario's words.  assumptions: in the profile, but not fitted.
    rows_read = rows_used + sum of `refused`.  set_apart: rows used, though not for service time, or changed (hoarding).
    answer: for each source the column that was taken as the label, with the reason.
    digest: SHA-256 of the sources' digests.  first, last: first start and last submit, ISO 8601 in `timezone`.
    scenario: the block that a scenario inherits, in the scenario's words.
    together: which parameters err together.
    pool: of most of the work.  pools: the column that tells several, None for one pool or those of the log's own roles.
    """

    pool: str
    segment: str
    stage: str
    timezone: str
    parameters: tuple[Parameter, ...]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]
    sources: tuple[Source, ...]
    rows_read: int
    rows_used: int
    refused: tuple[Refusal, ...]
    set_apart: tuple[Refusal, ...]
    counts: Mapping[str, int]
    answer: Mapping[str, str]
    digest: str
    first: str
    last: str
    scenario: Mapping[str, Any]
    evidence: Evidence
    log: Log = field(repr=False)
    pools: str | None = None
    together: tuple[Together, ...] = ()

    def parameter(self, path: str) -> Parameter | None:
        """The fitted parameter at `path`, None if it was not fitted."""
        return next((one for one in self.parameters if one.path == path), None)
