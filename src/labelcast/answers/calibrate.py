"""`labelcast calibrate` as a function: a line fitted from a labelling platform's export."""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from .. import terminal
from ..asked import Asked, exports
from ..calibration.calibrate import calibrate as fitted
from ..calibration.fit import Fit
from ..calibration.profile import write
from ..reports.fit import cautions, parameter_rows, verdict, write_fit_report
from ..reports.fit_figures import draw_service_time
from ..reports.fit_text import fit_text
from ..reports.notebook import Table
from ..sim.errors import DataRefused
from .answer import Answer
from .asking import PathLike, Words, check_numbers, path_of, several

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TOKEN = "LABEL_STUDIO_API_KEY"
"""Where the environment keeps a server's token."""

HEAD = ("", "value", "95% interval", "n")


@dataclass(frozen=True, eq=False, repr=False)
class CalibrateAnswer(Answer):
    """What exports say about their line. fit: parameters, what was refused, and the log itself."""

    fit: Fit

    @property
    def title(self) -> str:
        """Rows used and read, and their span."""
        fit = self.fit
        return f"{fit.pool}: {fit.rows_used:,} of {fit.rows_read:,} rows used, {fit.first} to {fit.last}"

    @property
    def sentences(self) -> list[str]:
        """How quick and how right the workers are, and what to be wary of."""
        return [*verdict(self.fit), *cautions(self.fit)]

    @property
    def frame(self) -> pd.DataFrame:
        """A row a number of the profile, by its path in a scenario: value, low and high (95% interval, NaN where the
        data allow none), unit, n (observations), how; assumed, whether the data could not tell it."""
        rows = [
            (one.path, one.value, nan if one.low is None else one.low, nan if one.high is None else one.high, one.unit,
             one.n, one.method, False)
            for one in self.fit.parameters
        ]  # fmt: skip
        rows += [(one.path, one.value, nan, nan, "", 0, one.why, True) for one in self.fit.assumptions]
        names = ["path", "value", "low", "high", "unit", "n", "how", "assumed"]
        return pd.DataFrame(rows, columns=names).set_index("path")

    @property
    def refused(self) -> pd.DataFrame:
        """A row a reason why rows were not used (used: False), or not for service time (True): rows, and the first."""
        pairs = [(one, False) for one in self.fit.refused] + [(one, True) for one in self.fit.set_apart]
        rows = [(one.reason, one.rows, one.first, used) for one, used in pairs]
        return pd.DataFrame(rows, columns=["reason", "rows", "first", "used"])

    @property
    def text(self) -> str:
        """What `labelcast calibrate` prints."""
        return fit_text(self.fit)

    @property
    def tables(self) -> list[Table]:
        """The fitted parameters."""
        return [Table([HEAD, *(row[: len(HEAD)] for row in parameter_rows(self.fit))])]

    def plot(self) -> Figure:
        """Does the family of service times hold: seconds a unit, seen and fitted. Raises DataRefused where no page has
        a time."""
        if not len(self.fit.evidence.log_seconds):
            raise DataRefused(f"{self.fit.pool}: no page has a time to draw. `.frame` has what could be fitted.")
        return draw_service_time(self.fit).on_paper()

    def write(self, path: PathLike) -> Path:
        """Writes the profile, which a scenario names and `load` puts under one; its path."""
        out = Path(path)
        terminal.files(yaml=out)
        write(self.fit, out)
        return out

    def report(self, path: PathLike) -> Path:
        """Writes what was read, cleaned and fitted, one HTML file; its path."""
        out = Path(path)
        terminal.files(html=out)
        write_fit_report(out, self.fit)
        return out


def calibrate(
    *files: str | os.PathLike[str],
    pool: str = "annotators",
    segment: str = "items",
    timezone: str = "UTC",
    label: str | None = None,
    step: str | None = None,
    map: str | os.PathLike[str] | None = None,
    no_clean: Words | None = None,
    people: str = "auto",
    pools: str | None = None,
    server: str | None = None,
    url: str | None = None,
    token: str | None = None,
    project: int | None = None,
) -> CalibrateAnswer:
    """Fits a line from a labelling platform's export; `.write(path)` keeps it as a profile that a scenario names.

    files: exports of labelling platforms, or tables of labels with times; gz and zip too.
    pool, segment: names that the workers and the items get.  timezone: of hours and days.
    label: column that holds the label, found by itself if not said.  step: of several steps of work the one to fit.
    map: a file that says which columns are what, as `labelcast map` writes it.
    no_clean: steps of cleaning to leave out, one or several.
    people: "staff", "crowd", or "auto" to tell by how many they are and how long.
    pools: column that says which team each worker is of; each becomes a pool.
    server: "label-studio" in place of files (--from), with its url, project and token (else LABEL_STUDIO_API_KEY of the
    environment).

    Raises DataRefused when files cannot be used, ScenarioRefused when an option means nothing.

        fit = lc.calibrate("export.csv.gz", timezone="Europe/Paris")
        lc.run("in-house", profile=fit.write("team.profile.yaml"))
    """
    check_numbers(project=(project, 1, None))
    token = os.environ.get(TOKEN) if token is None else token
    asked = Asked(tuple(Path(one) for one in files), server, url, token, project)
    with terminal.progress("Reading and fitting") as tell, exports(asked) as paths:
        fit = fitted(
            paths,
            pool=pool,
            segment=segment,
            timezone=timezone,
            label=label,
            step=step,
            map=path_of(map),
            no_clean=several(no_clean),
            people=people,
            pools=pools,
            progress=tell,
        )
    return CalibrateAnswer(fit)
