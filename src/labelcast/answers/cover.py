"""`labelcast cover` as a function: who is on shift when, and where is nobody?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..reports.cover import cover_json, cover_sentences, cover_text, draw_cover, map_rows, pool_rows, shared_rows
from ..reports.days import WEEKDAYS
from ..reports.notebook import Table
from ..sim.cover import Cover, hourly
from ..sim.cover import cover as cover_of
from ..sim.line import Line
from .answer import Told
from .asking import Asked, opened

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class CoverAnswer(Told):
    """Who is on shift in a regular week. found: minute by minute."""

    line: Line
    found: Cover

    @property
    def title(self) -> str:
        """Scenario and week."""
        return f"{self.line.name}: cover of a regular week, {self.line.timezone}"

    @property
    def sentences(self) -> list[str]:
        """Of each stage for how much of the week somebody is on shift, and the longest time without anybody."""
        return cover_sentences(self.found)

    @property
    def frame(self) -> pd.DataFrame:
        """A row an hour of the week (day, hour), a column a stage: people on shift who may work at it, mean of the
        hour."""
        index = pd.MultiIndex.from_product([WEEKDAYS, range(24)], names=["day", "hour"])
        return pd.DataFrame({stage: hourly(minutes) for stage, minutes in self.found.stages.items()}, index=index)

    @property
    def pools(self) -> pd.DataFrame:
        """The same of each pool."""
        return pd.DataFrame({name: hourly(one) for name, one in self.found.people.items()}, index=self.frame.index)

    @property
    def data(self) -> dict[str, Any]:
        """What `labelcast cover --json` prints."""
        return cover_json(self.line, self.found)

    @property
    def text(self) -> str:
        """What `labelcast cover` prints."""
        return cover_text(self.line, self.found)

    @property
    def tables(self) -> list[Table]:
        """A map a stage, pools, and pairs of them."""
        maps = [Table(map_rows(one), stage) for stage, one in self.found.stages.items() if self.found.serves[stage]]
        return [*maps, Table(pool_rows(self.found)), Table(shared_rows(self.line, self.found))]

    def plot(self) -> Figure:
        """A map a stage: days down, hours across."""
        return draw_cover(self.line, self.found).on_paper()


def cover(scenario: Asked, *, profile: str | os.PathLike[str] | None = None) -> CoverAnswer:
    """Tells who is on shift when: people by hour of the week for each stage, hours without anybody, hours together.

    scenario: a file, the name of one in the library, or what `load` gave.  profile: to put under it.

    Raises ScenarioRefused as `load` does.

        lc.cover("in-house").frame
    """
    line = opened(scenario, profile).line
    return CoverAnswer(line, cover_of(line))
