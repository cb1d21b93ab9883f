"""`labelcast compare` as a function: scenarios side by side on the same luck."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import terminal
from ..reports.comparison.figure import draw_trade_offs
from ..reports.comparison.text import compare_text
from ..reports.comparison.told import PAIRS, compare_json
from ..reports.comparison.words import standing_sentences
from ..reports.figures import draw_burn_up
from ..reports.notebook import Table
from ..reports.page import write_report
from ..reports.reading import Reading, read
from ..reports.tables import key, side_by_side
from ..reports.words import cautions
from ..scenarios.aimed import aimed
from ..scenarios.compare import DECISION, Comparison
from ..scenarios.compare import compare as compared
from ..scenarios.matched import check_lines
from ..scenarios.problems import guess, listed
from ..scenarios.together import FIRST, Reached, Wanted, simulate
from ..scenarios.tolerance import kpi_named, read_tolerances
from ..sim.engines import ENGINES
from ..sim.errors import ScenarioRefused
from ..sim.line import Line
from ..sim.registry import unit_of
from ..sim.replicate import Runs
from . import REPLICATIONS
from .answer import Told
from .asking import Asked, PathLike, Words, check_numbers, folder, opened, several, typed
from .run import RunAnswer

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class CompareAnswer(Told):
    """What scenarios differ in. all_runs: of each, the baseline first.  comparison: pairs, best, chances, standings.
    reached: how precisely differences are known, where that was asked for."""

    all_runs: tuple[Runs, ...]
    comparison: Comparison
    reached: tuple[Reached, ...] = ()

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """What is worked out once for every way of showing it."""
        return read(self.all_runs)

    @property
    def runs(self) -> Mapping[str, RunAnswer]:
        """Each scenario by itself, by name."""
        return {each.line.name: RunAnswer(each) for each in self.all_runs}

    @property
    def title(self) -> str:
        """Scenarios, replications, seed."""
        first = self.all_runs[0]
        return f"{' against '.join(self.runs)}: {len(first.kpis):,} replications of each, seed {first.seed}"

    @property
    def sentences(self) -> list[str]:
        """A verdict on each scenario against the baseline, the frontier, what to be wary of; and what is less precise
        than was asked for."""
        told = [*self.comparison.verdicts, *standing_sentences(self.comparison), *cautions(self.readings)]
        return [*told, *self.shortfall]

    @property
    def shortfall(self) -> list[str]:
        """What is less precise than was asked for; empty where all is."""
        return _shortfall(self.all_runs, self.reached)

    @property
    def frame(self) -> pd.DataFrame:
        """A row a pair and KPI: scenario, against, kpi, unit; mean, low, high of scenario less against, with its own
        95% interval; low_all, high_all, an interval for all rows at once; p_value, adjusted_p (Holm over all rows);
        differs, whether a difference is claimed. NaN where it is withheld."""
        pairs = self.comparison.pairs
        units = [unit_of(kpi, self.all_runs[0].line.currency) for kpi in pairs["kpi"]]
        return pairs.assign(unit=pd.array(units, dtype="str"))[[*PAIRS]]

    @property
    def kpis(self) -> pd.DataFrame:
        """A row a scenario and replication, a column a KPI; equal replications have equal luck."""
        return pd.concat({each.line.name: each.kpis for each in self.all_runs}, names=["scenario"])

    @property
    def data(self) -> dict[str, Any]:
        """What `labelcast compare --json` prints."""
        return compare_json(self.all_runs, self.comparison, self.reached)

    @property
    def text(self) -> str:
        """What `labelcast compare` prints."""
        return compare_text(self.all_runs, self.comparison)

    @property
    def tables(self) -> list[Table]:
        """The scenarios side by side."""
        return [Table(side_by_side(self.readings, self.comparison), key(self.all_runs[0]))]

    def plot(self) -> Figure:
        """Cost against finish and accuracy, with risk and error; where somebody is not paid, items delivered over
        time."""
        if not all(reading.paid for reading in self.readings):
            return draw_burn_up(self.readings).on_paper()
        dominated = [one.scenario for one in self.comparison.standings if one.kind == "dominated"]
        return draw_trade_offs(self.readings, dominated=dominated).on_paper()

    def burn_up(self) -> Figure:
        """Items delivered over time, with bands, and the dates of the finish."""
        return draw_burn_up(self.readings).on_paper()

    def report(self, path: PathLike) -> Path:
        """Writes the page with pictures, one HTML file; its path."""
        out = Path(path)
        terminal.files(html=out)
        write_report(out, self.all_runs, self.comparison)
        return out


def compare(
    *scenarios: Asked,
    baseline: str | None = None,
    kpi: Words | None = None,
    deadline: str | date | None = None,
    budget: str | float | None = None,
    accuracy: str | None = None,
    same: Words | None = None,
    precise: Words | None = None,
    replications: int | None = None,
    most: int | None = None,
    keep: str | os.PathLike[str] | None = None,
    seed: int = 1,
    processes: int | None = None,
    profile: str | os.PathLike[str] | None = None,
) -> CompareAnswer:
    """Says what scenarios differ in, how sure that is, which are best, and which another beats in everything.

    scenarios: two or more files, names in the library, or what `load` gave.
    baseline: which of them the others are held against, by name; the first if not said.
    kpi: to be compared as well as cost, finish, accuracy and throughput, one or several (docs/kpis.md).
    deadline ("2027-06-15"), budget ("60000 EUR"), accuracy ("97%"): goals of all, in place of their own.
    same: differences too small to matter, "accuracy=0.5 points", one or several.
    precise: run until differences are known to so much, "cost=2%", one or several; `most` runs of each (1,000).
    replications: of each; 50 if neither they nor `precise` are said.
    keep: a folder of finished replications, to begin with and to write.
    seed: the same seed, the same numbers.  processes: one a core, if that is quicker; 1: this one.
    profile: to put under all.

    Raises ScenarioRefused as `load` does, where an option means nothing, and where scenarios have several currencies or
    the same name.

        found = lc.compare("in-house", "vendor", deadline="2027-03-01")
        found.frame                    # all differences, with intervals and p-values
        found.plot()                   # who costs what, who is when done
    """
    kept = folder(keep)
    _check(scenarios, replications, several(precise), most)
    check_numbers(
        replications=(replications, 1, 100_000), most=(most, 30, 100_000), seed=(seed, 0, None),
        processes=(processes, 1, None),
    )  # fmt: skip
    lines = [opened(one, profile).line for one in scenarios]
    aims = (None if one is None else str(one) for one in (deadline, budget, accuracy))
    lines = aimed(_ordered(lines, scenarios, baseline), *aims)
    asked = kpis_named(several(kpi), lines)
    margins = read_tolerances(several(same), "--same", lines)
    wanted = _wanted(several(precise), most, lines) or replications or REPLICATIONS
    terminal.prepare(ENGINES[0])
    with terminal.progress("") as tell:
        runs, reached = simulate(lines, wanted, seed, processes, keep=kept, progress=telling(tell, lines))
    kpis = (*DECISION, *asked, *margins, *(one.kpi for one in reached))
    found = compared(runs, tuple(dict.fromkeys(kpis)), margins, FIRST if reached else None)
    return CompareAnswer(tuple(runs), found, reached)


def _check(scenarios: Sequence[Asked], replications: int | None, precise: Sequence[str], most: int | None) -> None:
    """Raises ScenarioRefused with what cannot be meant."""
    problems = []
    if len(scenarios) < 2:
        name = typed(scenarios[0]) if scenarios else "No scenario"
        problems.append(f"{name}: there is nothing to compare it with. Name two scenarios, or more.")
    if replications is not None and precise:
        problems.append("--replications and --precise are both said, but one of them sets the number. Leave one out.")
    if most is not None and not precise:
        problems.append(f"--most {most}: belongs to --precise, but that is not said. Say both.")
    if problems:
        raise ScenarioRefused(problems)


def _ordered(lines: Sequence[Line], scenarios: Sequence[Asked], baseline: str | None) -> list[Line]:
    """The lines with the baseline first. baseline: its name, or how its file was named."""
    check_lines(lines)
    if baseline is None:
        return [*lines]
    names = [line.name for line in lines]
    at = next((n for n, one in enumerate(scenarios) if baseline in (names[n], typed(one))), None)
    if at is None:
        there = f"(there are: {listed(names)}).{guess(baseline, names)}"
        raise ScenarioRefused(f"--baseline: none of the scenarios is {baseline!r} {there}")
    return [lines[at], *lines[:at], *lines[at + 1 :]]


def kpis_named(words: Sequence[str], lines: Sequence[Line]) -> list[str]:
    """The KPIs that --kpi names, of lines. Raises ScenarioRefused."""
    found, problems = [], []
    for word in words:
        try:
            found.append(kpi_named(word, lines))
        except ValueError as error:
            problems.append(f"--kpi: {error}")
    if problems:
        raise ScenarioRefused(problems)
    return found


def _wanted(precise: Sequence[str], most: int | None, lines: Sequence[Line]) -> Wanted | None:
    halves = read_tolerances(precise, "--precise", lines)
    if not halves:
        return None
    return Wanted(halves) if most is None else Wanted(halves, most)


def telling(tell: Callable[..., None], lines: Sequence[Line]) -> Callable[[Line, int], Callable[[int, int], None]]:
    """What moves the bar: all scenarios' replications of one look are one bar."""
    order = {line.name: place for place, line in enumerate(lines)}

    def of(line: Line, number: int) -> Callable[[int, int], None]:
        """What is told of each replication of a line."""
        before = order[line.name] * number

        def done(count: int, _: int) -> None:
            tell(before + count, len(lines) * number, f"{line.name}, {number} replications of each")

        return done

    return of


def _shortfall(runs: Sequence[Runs], reached: Sequence[Reached]) -> list[str]:
    """Sentences on differences that are less precise than was asked for; none where all are."""
    short = [each for each in reached if not each.enough]
    if not short:
        return []
    mend = "Raise --most or ask for less; with --keep FOLDER nothing that is done is run again."
    if all(each.lacking for each in short):
        mend = "More replications cannot help."
    told = [f"--precise: was not reached in {len(runs[0].kpis)} replications of each. {mend}"]
    for each in short:
        unit = unit_of(each.kpi, runs[0].line.currency)
        scale, unit = (100, "points") if unit == "share" else (1, unit)
        if each.lacking:
            told.append(f"  {each.scenario}, {each.kpi}: has no difference from {runs[0].line.name}.")
            continue
        size, wanted = (f"{scale * value:.4g} {unit}".rstrip() for value in (each.half, each.wanted))
        told.append(f"  {each.scenario}, {each.kpi}: half-width {size}, wanted {wanted}.")
    return told
