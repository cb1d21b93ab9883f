"""`labelcast sensitivity` as a function: what an answer hangs on, and what would change the verdict."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan, nan
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import terminal
from ..reports.notebook import Table
from ..reports.sensitivity import (
    bar_rows,
    difference_words,
    draw_tornado,
    sensitivity_json,
    sensitivity_text,
    verdict_lines,
)
from ..scenarios.matched import check_lines
from ..scenarios.parameters import movable, parameters_of
from ..scenarios.ranges import Range, read_range
from ..scenarios.screening import check_installed
from ..scenarios.sensitivity import Bar, Sensitivity, apart, between, goals, mean_of, overtaken, tornado
from ..scenarios.tolerance import kpi_named
from ..sim.engines import ENGINES
from ..sim.errors import ScenarioRefused
from ..sim.line import Line
from ..sim.registry import unit_of
from ..sim.replicate import Runs
from .answer import Told
from .asking import Asked, Words, check_luck, reread, several
from .scenario import Scenario
from .swept import Joint, Runner, sweep

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class SensitivityAnswer(Told):
    """What an answer hangs on. found: runs, bars, verdicts and what turns them, screening and indices."""

    found: Sensitivity

    @property
    def title(self) -> str:
        """Scenarios, KPI, replications, seed."""
        runs = self.found.runs
        names = " against ".join(each.line.name for each in runs)
        return f"{names}: what {self.found.kpi} hangs on, {len(runs[0].kpis):,} runs of each, seed {runs[0].seed}"

    @property
    def sentences(self) -> list[str]:
        """Each verdict as it is, and which parameter turns it, about where."""
        return [*verdict_lines(self.found)]

    @property
    def frame(self) -> pd.DataFrame:
        """A row a parameter, the largest swing first: from_value, value (NaN of a key that was given a range), to_value
        and unit of the parameter; swing, and changes of the KPI at the low and the high end of its interval (at_low,
        at_high), each with an interval that holds for all at once, in kpi_unit."""
        table = pd.DataFrame([_flat(bar) for bar in sensitivity_json(self.found)["parameters"]])
        return table.assign(kpi=self.found.kpi, kpi_unit=unit_of(self.found.kpi, self.found.runs[0].line.currency))

    @property
    def data(self) -> dict[str, Any]:
        """What `labelcast sensitivity --json` prints."""
        return sensitivity_json(self.found)

    @property
    def text(self) -> str:
        """What `labelcast sensitivity` prints."""
        return sensitivity_text(self.found)

    @property
    def tables(self) -> list[Table]:
        """The parameters with the largest swings."""
        told = "Each alone from end to end of its interval; in brackets where no difference could be seen"
        found = [Table(bar_rows(self.found, self.found.bars), told)] if self.found.bars else []
        if self.found.apart:
            found.append(Table(bar_rows(self.found, self.found.apart), f"The same of {difference_words(self.found)}"))
        return found

    def plot(self) -> Figure:
        """The tornado."""
        return draw_tornado(self.found).on_paper()


def _flat(bar: dict[str, Any]) -> dict[str, Any]:
    """A bar as one row; NaN for what is not known."""
    row = {"parameter": bar["name"], "from_value": bar["low"], "value": bar["value"], "to_value": bar["high"]}
    row |= {"unit": bar["unit"], "swing": bar["swing"]}
    for end in ("at_low", "at_high"):
        row |= {end: bar[end]["mean"], f"{end}_low": bar[end]["low"], f"{end}_high": bar[end]["high"]}
        row[f"{end}_differs"] = bar[end]["differs"]
    return {name: nan if value is None else value for name, value in row.items()}


def sensitivity(
    scenario: Asked,
    *,
    against: Asked | Sequence[Asked] | None = None,
    kpi: str = "cost",
    over: Words | None = None,
    morris: bool = False,
    sobol: bool = False,
    replications: int = 10,
    seed: int = 1,
    processes: int | None = None,
    profile: str | os.PathLike[str] | None = None,
) -> SensitivityAnswer:
    """Says which fitted parameters and keys an answer hangs on, and which would change the verdict, about where.

    scenario: a file, the name of one in the library, or what `load` gave.
    against: another, or several; for which parameter the better of two is the other.
    kpi: what of the scenario is looked at (docs/kpis.md).
    over: also these keys over a range, "pools.team.headcount=4..12", one or several.
    morris, sobol: also all varying at once, screened, or as shares of the variance; with labelcast[sensitivity].
    replications: of each setting, at least 2.
    seed: the same seed, the same numbers.  processes: one a core, if that is quicker; 1: this one.
    profile: to put under each.

    Raises ScenarioRefused as `load` does, and where there is nothing to move or an option means nothing.

        found = lc.sensitivity("in-house", profile="team.profile.yaml", over="pools.reviewers.headcount=2..6")
        found.plot()                   # the tornado
    """
    check_luck(replications, seed, processes, least=2)
    for option, said in (("--morris", morris), ("--sobol", sobol)):
        if said:
            check_installed(option)
    ranges = _ranges(several(over))
    others = _others(against)
    loaded = [reread(one, profile) for one in (scenario, *others)]
    lines = [one.line for one in loaded]
    check_lines(lines)
    asked = _kpi(kpi, lines[0])
    scenarios = [movable(one.path, one.profile, ranges) for one in loaded]
    parameters, left_out = parameters_of(scenarios, ranges)
    terminal.prepare(ENGINES[0])
    with terminal.progress(lines[0].name) as tell:
        runners = [Runner(one, replications, seed, processes, tell) for one in scenarios]
        base = tuple(runner({}) for runner in runners)
        _check(base[0], asked)
        swept = [sweep(runner, parameters) for runner in runners]
        own = runners[0].scenario.own(dict.fromkeys(parameters, 0.0))
        bars = tornado(base[0], {key: runs for key, runs in swept[0].items() if key[0] in own}, asked)
        pairs = range(1, len(base))
        verdicts = [
            *(one for k in pairs for one in between((base[0], base[k]), (swept[0], swept[k]), len(pairs))),
            *(one for k in range(len(base)) for one in goals(base[k], swept[k], len(base))),
        ]
        pair: tuple[str, ...] = ()
        bars_apart: list[Bar] = []
        if others:
            own_mean = mean_of(base[0], asked)
            nearest = min(pairs, key=lambda k: _last_if_unknown(abs(mean_of(base[k], asked) - own_mean)))
            pair = (lines[0].name, lines[nearest].name)
            bars_apart = apart((base[0], base[nearest]), (swept[0], swept[nearest]), asked)
        if not bars:
            names = " and ".join(line.name for line in lines[1:])
            left_out.append(f"Nothing that was moved is of {lines[0].name}; all is of {names}.")
        joint = Joint(runners[0], asked, seed, left_out)
        screened = joint.screened(bars) if morris else None
        indices = joint.indices(bars, screened) if sobol else None
    found = Sensitivity(
        base, asked, bars, verdicts, pair, bars_apart, *overtaken(base, swept), screened, indices, tuple(left_out)
    )
    return SensitivityAnswer(found)


def _others(against: Asked | Sequence[Asked] | None) -> list[Asked]:
    if against is None:
        return []
    return [against] if isinstance(against, str | os.PathLike | Scenario) else list(against)


def _last_if_unknown(apart: float) -> float:
    return inf if isnan(apart) else apart


def _ranges(texts: Sequence[str]) -> list[Range]:
    """Raises ScenarioRefused with all that is wrong."""
    found, problems = [], []
    for text in texts:
        try:
            found.append(read_range(text))
        except ValueError as error:
            problems.append(f"--over: {error}")
    if problems:
        raise ScenarioRefused(problems)
    return found


def _kpi(word: str, line: Line) -> str:
    try:
        return kpi_named(word, [line])
    except ValueError as error:
        raise ScenarioRefused(f"--kpi: {error}") from None


def _check(base: Runs, kpi: str) -> None:
    """Raises ScenarioRefused where there is nothing to hold against."""
    if not isfinite(mean_of(base, kpi)):
        rule = f"{kpi} has no mean, as some run of {base.line.name} did not finish, or nothing tells of it"
        raise ScenarioRefused(f"--kpi {kpi}: {rule}. Name another with --kpi, or a longer horizon in the scenario.")
