"""`labelcast bottleneck` as a function: what holds a line up, and what one more person would give."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import terminal
from ..reports.bottleneck import bottleneck_json, bottleneck_text, draw_levers, effect_rows, lever_words, verdict
from ..reports.notebook import Table
from ..scenarios.bottleneck import KPIS, Cell, Effects, binding_map, effects, places, seen
from ..scenarios.problems import guess, listed, quoted
from ..sim.engines import ENGINES
from ..sim.errors import ScenarioRefused
from ..sim.levers import levers
from ..sim.line import Line
from ..sim.registry import unit_of
from ..sim.replicate import Runs, replicate
from .answer import Told
from .asking import Asked, check_luck, opened

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class BottleneckAnswer(Told):
    """What holds a line up. effects: of each lever.  cells: of the map over staffing of `pool`, none without one."""

    effects: Effects
    cells: tuple[Cell, ...] = ()
    pool: str = ""

    @property
    def title(self) -> str:
        """Scenario, replications, seed."""
        base = self.effects.base
        return f"{base.line.name}: what holds it up, {len(base.kpis):,} runs of each lever, seed {base.seed}"

    @property
    def sentences(self) -> list[str]:
        """Who holds the line up, what one more person gives in each pool, and what utilisation and queues say."""
        return [*verdict(self.effects)]

    @property
    def frame(self) -> pd.DataFrame:
        """A row a lever and KPI, the lever that adds most throughput first: kind, target (a pool or a stage), what;
        kpi, unit, mean of the change with low and high, which hold for all levers of a KPI at once; adjusted_p; seen,
        whether a change is claimed and its interval leaves zero out."""
        found, currency = self.effects, self.effects.base.line.currency
        rows = [
            {
                "kind": found.levers[k].kind,
                "target": found.levers[k].target,
                "what": lever_words(found.levers[k]),
                "kpi": kpi,
                "unit": unit_of(kpi, currency),
                "mean": claim.difference.mean,
                "low": claim.low,
                "high": claim.high,
                "adjusted_p": claim.adjusted_p,
                "seen": seen(claim),
            }
            for k in found.order
            for kpi in KPIS
            if (claim := found.claim(k, kpi)) is not None
        ]
        names = ("kind", "target", "what", "kpi", "unit", "mean", "low", "high", "adjusted_p", "seen")
        return pd.DataFrame(rows, columns=[*names])

    @property
    def held_up(self) -> pd.DataFrame:
        """A row a stage: share of the hours in which tasks waited that it held the line up, alone and with_another."""
        held = {name: {"alone": one.sole, "with_another": one.shifting} for name, one in self.effects.held.items()}
        return pd.DataFrame.from_dict(held, orient="index", columns=["alone", "with_another"]).rename_axis("stage")

    @property
    def map(self) -> pd.DataFrame:
        """A row a cell and stage: more_people, volume (times the work), stage ("" for none), chance that it holds the
        line up longest, with low and high; empty without a map."""
        rows = [(one.more, one.volume, stage, *chance) for one in self.cells for stage, chance in one.chances.items()]
        return pd.DataFrame(rows, columns=["more_people", "volume", "stage", "chance", "low", "high"])

    @property
    def data(self) -> dict[str, Any]:
        """What `labelcast bottleneck --json` prints."""
        return bottleneck_json(self.effects, self.cells, self.pool)

    @property
    def text(self) -> str:
        """What `labelcast bottleneck` prints."""
        return bottleneck_text(self.effects, self.cells, self.pool)

    @property
    def tables(self) -> list[Table]:
        """What each lever would change."""
        return [
            Table(effect_rows(self.effects), "What each would change; in brackets where no difference could be seen")
        ]

    def plot(self) -> Figure:
        """What each lever adds to items a week, with intervals."""
        return draw_levers(self.effects).on_paper()


def bottleneck(
    scenario: Asked,
    *,
    map: str | None = None,
    replications: int = 30,
    seed: int = 1,
    processes: int | None = None,
    profile: str | os.PathLike[str] | None = None,
) -> BottleneckAnswer:
    """Says what holds a line up: what one more person, an hour of shift, fewer reviews or labels would give.

    scenario: a file, the name of one in the library, or what `load` gave.
    map: a pool; also which stage binds with other work and other people in it.
    replications: of the line as it is and with each lever, on the same luck; at least 2.
    seed: the same seed, the same numbers.  processes: one a core, if that is quicker; 1: this one.
    profile: to put under the scenario.

    Raises ScenarioRefused as `load` does, and where no pool of staff has the name of `map`.

        found = lc.bottleneck("in-house")
        found.frame.query("kind == 'person' and kpi == 'throughput_per_week'")
    """
    check_luck(replications, seed, processes, least=2)
    line = opened(scenario, profile).line
    if map is not None:
        _check(map, line)
    terminal.prepare(ENGINES[0])
    moved = levers(line)
    luck = _Luck(replications, seed, processes)
    with terminal.progress(f"{line.name}: {1 + len(moved)} lines, {replications} runs of each") as tell:
        found = effects(moved, line, luck.runner(tell, 1 + len(moved)))
    cells: list[Cell] = []
    if map is not None:
        grid = places(line, map)
        with terminal.progress(f"{line.name}: map of {len(grid)} cells, {replications} runs of each") as tell:
            cells = binding_map(line, map, luck.runner(tell, len(grid)), grid)
    return BottleneckAnswer(found, tuple(cells), map or "")


@dataclass(frozen=True)
class _Luck:
    """How often and with which luck every line is run."""

    replications: int
    seed: int
    processes: int | None

    def runner(self, tell: Callable[..., None], lines: int) -> Callable[[Line], Runs]:
        """Runs one line after the other; tells of replications over all of them."""
        before = 0

        def run(line: Line) -> Runs:
            """The line's replications."""
            nonlocal before
            start, whole = before, lines * self.replications
            runs = replicate(
                line, self.replications, self.seed, self.processes, progress=lambda done, _: tell(start + done, whole)
            )
            before += self.replications
            return runs

        return run


def _check(pool: str, line: Line) -> None:
    """Raises ScenarioRefused where a pool has no headcount to vary."""
    staff = [one.name for one in line.pools if one.sessions is None]
    if pool not in staff:
        there = f"(there are: {listed(staff) or 'none'}).{guess(pool, staff)}"
        raise ScenarioRefused(f"--map: no pool of staff is named {quoted(pool)} {there}")
