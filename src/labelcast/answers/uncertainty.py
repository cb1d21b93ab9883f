"""`labelcast uncertainty` as a function: is an answer's spread of chance, of the data, or of the plan?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import terminal
from ..reports.notebook import Table
from ..reports.parts import draw_parts
from ..reports.twofold import plan_rows, sentences, twofold_json, twofold_text
from ..scenarios.twofold import Plan, Sources, sources
from ..scenarios.unsure import Unsure
from ..sim.engines import ENGINES
from ..sim.errors import ScenarioRefused
from ..sim.line import Line
from ..sim.registry import unit_of
from ..sim.replicate import replicate
from .answer import Told
from .asking import Asked, check_numbers, reread

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class UncertaintyAnswer(Told):
    """What spreads are of. plans: with their runs.  sources: by KPI.  inner: runs of each draw."""

    plans: tuple[Plan, ...]
    sources: tuple[Sources, ...]
    inner: int

    @property
    def title(self) -> str:
        """Scenarios, draws, runs of each, seed."""
        runs, names = self.plans[0].runs, ", ".join(plan.line.name for plan in self.plans)
        return f"{names}: {len(runs.kpis) // self.inner:,} draws, {self.inner} runs of each, seed {runs.seed}"

    @property
    def sentences(self) -> list[str]:
        """Of each KPI what moves it most, and what would make it surer."""
        return [told for one in self.sources for told in sentences(self.plans, one)]

    @property
    def frame(self) -> pd.DataFrame:
        """A row a scenario and KPI: unit; mean with error (half of its 95% interval); chance and data, standard
        deviations of a run; share of the variance that is the data's, with share_low and share_high; policy, standard
        deviation of the scenarios' means, NaN of one; largest of the three. NaN where a run never came to one."""
        rows = [
            {
                "scenario": plan.line.name,
                "kpi": one.kpi,
                "unit": unit_of(one.kpi, plan.line.currency),
                **{name: getattr(each, name) for name in ("mean", "error", "chance", "data", "share")},
                "share_low": each.low,
                "share_high": each.high,
                "policy": float("nan") if one.policy is None else one.policy,
                "largest": one.largest,
            }
            for one in self.sources
            for plan, each in zip(self.plans, one.plans, strict=True)
        ]
        return pd.DataFrame(rows)

    @property
    def variables(self) -> pd.DataFrame:
        """A row a scenario, KPI and fitted parameter or range: share of the data's variance that goes with it, and
        slope (KPI by standard deviation of the parameter), largest first."""
        rows = [
            (plan.line.name, one.kpi, part.variable, part.share, part.slope)
            for one in self.sources
            for plan, by in zip(self.plans, one.by, strict=True)
            for part in by
        ]
        return pd.DataFrame(rows, columns=["scenario", "kpi", "variable", "share", "slope"])

    @property
    def data(self) -> dict[str, Any]:
        """What `labelcast uncertainty --json` prints."""
        return twofold_json(self.plans, self.sources, self.inner)

    @property
    def text(self) -> str:
        """What `labelcast uncertainty` prints."""
        return twofold_text(self.plans, self.sources, self.inner)

    @property
    def tables(self) -> list[Table]:
        """A table a scenario."""
        return [Table(plan_rows(plan, self.sources, n), plan.line.name) for n, plan in enumerate(self.plans)]

    def plot(self) -> Figure:
        """Of each scenario and KPI, what share of a run's variance is chance and what share the data's."""
        return draw_parts(self.plans, self.sources).on_paper()


def uncertainty(
    *scenarios: Asked,
    draws: int = 50,
    inner: int = 4,
    seed: int = 1,
    processes: int | None = None,
    profile: str | os.PathLike[str] | None = None,
) -> UncertaintyAnswer:
    """Tells how much of an answer's spread is chance, what the log does not tell, or which plan is taken.

    scenarios: one or more files, names in the library, or what `load` gave; at least one with a fitted profile.
    draws: of what the profile does not know.  inner: runs of each draw.  Both at least 2.
    seed: the same seed, the same numbers.  processes: one a core, if that is quicker; 1: this one.
    profile: to put under each.

    Raises ScenarioRefused as `load` does, where scenarios have several currencies or the same name, and where nothing
    has an interval to draw from.

        lc.uncertainty("in-house", "vendor", profile="team.profile.yaml").frame
    """
    check_numbers(
        draws=(draws, 2, 10_000), inner=(inner, 2, 1_000), seed=(seed, 0, None), processes=(processes, 1, None)
    )
    if not scenarios:
        raise ScenarioRefused("No scenario was given. Name one, or more.")
    loaded = [reread(one, profile) for one in scenarios]
    names, lines = [one.name for one in loaded], [one.line for one in loaded]
    problems = [
        f'{one.path}: a scenario before is named "{name}", too. Give each a `name:` of its own.'
        for k, (one, name) in enumerate(zip(loaded, names, strict=True))
        if name in names[:k]
    ]
    if len({line.currency for line in lines}) > 1:
        problems.append("all scenarios need one currency, but are in several. Write them in one.")
    all_unsure = [Unsure(one.path, one.profile, seed, each=inner) for one in loaded]
    if not problems and not any(one.paths[0] for one in all_unsure):
        rule = "no parameter of any of these is fitted with an interval, so all of their spread is chance"
        problems.append(f"{rule}. Put a fitted profile under them (`labelcast calibrate`), or say `labelcast run`.")
    if problems:
        raise ScenarioRefused(problems)
    terminal.prepare(ENGINES[0])
    plans = [_plan(line, one, draws, processes) for line, one in zip(lines, all_unsure, strict=True)]
    return UncertaintyAnswer(tuple(plans), tuple(sources(plans, inner)), inner)


def _plan(line: Line, unsure: Unsure, draws: int, processes: int | None) -> Plan:
    drawn = bool(unsure.paths[0])
    with terminal.progress(f"{line.name}: {draws} draws, {unsure.each} runs of each") as tell:
        lines = unsure.lines if drawn else None
        runs = replicate(line, draws * unsure.each, unsure.seed, processes, progress=tell, lines=lines)
    deviates = [unsure.deviates(number) for number in range(draws)] if drawn else []
    return Plan(runs, deviates, unsure.log_days)
