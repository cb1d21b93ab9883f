"""A scenario that was loaded: where it came from, and the line that it is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from .. import terminal
from ..reports.estimates import estimate_text, pool_rows, stage_rows, whole
from ..reports.notebook import Table
from ..scenarios.load import load as line_of
from ..sim.estimates import Estimate, estimate
from ..sim.line import Line, machine_form
from .answer import Answer


@dataclass(frozen=True, eq=False, repr=False)
class Scenario(Answer):
    """A scenario and, without simulation, what to expect of it.

    path: of its file.  profile: that was put under it in place of its own, None for none.  line: what is simulated,
    in seconds, shares and logits.
    """

    path: Path
    profile: Path | None
    line: Line

    @property
    def name(self) -> str:
        """What the planner called it."""
        return self.line.name

    @cached_property
    def estimate(self) -> Estimate:
        """Loads, waits, people wanted and the end of the backlog, by formulas."""
        return estimate(self.line)

    @property
    def title(self) -> str:
        """What it consists of."""
        parts = {"segment": self.line.segments, "pool": self.line.pools, "stage": self.line.stages}
        words = ", ".join(f"{len(part)} {name}{'' if len(part) == 1 else 's'}" for name, part in parts.items())
        return f"{self.name} can be simulated ({words})"

    @property
    def sentences(self) -> list[str]:
        """What to expect of the line as a whole, and warnings."""
        return [*whole(self.line, self.estimate), *(f"Warning: {text}" for text in self.estimate.warnings)]

    @property
    def frame(self) -> pd.DataFrame:
        """A row a pool: people on shift, open_h (hours a week), tasks_per_week, offered_load (people), utilisation
        (share), wait_s, people_wanted and work_h (hours of work that is there); NaN for what cannot be said."""
        return pd.DataFrame([vars(pool) for pool in self.estimate.pools]).set_index("name")

    @property
    def data(self) -> dict[str, Any]:
        """The machine form, as `labelcast show` prints it."""
        return machine_form(self.line)

    @property
    def text(self) -> str:
        """What `labelcast check` prints."""
        return f"{self.title}.\n{estimate_text(self.line, self.estimate)}"

    @property
    def tables(self) -> list[Table]:
        """Pools and stages."""
        return [Table([*pool_rows(self.estimate)]), Table([*stage_rows(self.estimate)])]


def load(scenario: str | os.PathLike[str], profile: str | os.PathLike[str] | None = None) -> Scenario:
    """A scenario, ready for every question.

    scenario: a file, or the name of one that comes with labelcast: "in-house", "vendor", "mixed", "common-model".
    profile: a profile to put under it in place of the one that it names; or "library:NAME".

    Raises ScenarioRefused with every problem of the file, by line and column, and how to mend it; Infeasible where
    nobody may do some of the work.

        plan = lc.load("my-plan.yaml", profile="team.profile.yaml")
        plan.frame                 # how busy each pool will be, before anything is simulated
    """
    path, under = terminal.found(Path(scenario)), None if profile is None else Path(profile)
    return Scenario(path, under, line_of(path, under))
