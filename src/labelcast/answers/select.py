"""`labelcast select` as a function: the best of several plans, with the chance that it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import terminal
from ..reports.choice import choice_json, choice_rows, choice_sentences, choice_text, draw_choice
from ..reports.notebook import Table
from ..scenarios import units
from ..scenarios.choice import PROCEDURES, Choice, Promise, choose
from ..scenarios.problems import guess, listed, quoted
from ..scenarios.sweep import read_sweep, swept
from ..scenarios.together import FIRST, Simulating
from ..scenarios.tolerance import Tolerance, kpi_named, tolerance
from ..scenarios.varied import holding
from ..sim.engines import ENGINES
from ..sim.errors import ScenarioRefused
from ..sim.line import Line
from ..sim.registry import kpi_of
from ..sim.replicate import Progress
from ..sim.selection import Procedure
from .answer import Told
from .asking import MOST, Asked, PathLike, check_numbers, folder, opened, reread, typed

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class SelectAnswer(Told):
    """Which plan is the best. found: the choice, what it is of, and all runs."""

    found: Choice

    @property
    def title(self) -> str:
        """Plans, KPI, runs, seed."""
        names = [each.line.name for each in self.found.runs]
        return f"The best of {listed(names)} in {self.found.promise.kpi}: {self.found.spent:,} runs, seed " + str(
            self.found.leader.seed
        )

    @property
    def sentences(self) -> list[str]:
        """What is promised of the choice, what may be as good, what it took."""
        return [*choice_sentences(self.found)]

    @property
    def decided(self) -> bool:
        """Whether a plan was chosen before the runs allowed were over."""
        return self.found.chosen is not None

    @property
    def frame(self) -> pd.DataFrame:
        """A row a plan, the leader first: scenario, standing (chosen, leads, left, out, aside), replications, mean with
        low and high, apart (its mean less that of the leader) with its own, out_after and out_by where it fell out.
        NaN where a number is withheld."""
        rows = []
        for one in choice_json(self.found)["ranking"]:
            row = {name: one[name] for name in ("scenario", "standing", "replications")}
            for of, name in (("mean", "mean"), ("against_leader", "apart")):
                row |= {f"{name}{end}": one[of][key] for end, key in (("", "mean"), ("_low", "low"), ("_high", "high"))}
            rows.append(row | {"out_after": one["out_after"] or nan, "out_by": one["out_by"]})
        table = pd.DataFrame(rows)
        numbers = [name for name in table.columns if name.startswith(("mean", "apart"))]
        return table.astype(dict.fromkeys(numbers, "float64"))

    @property
    def data(self) -> dict[str, Any]:
        """What `labelcast select --json` prints."""
        return choice_json(self.found)

    @property
    def text(self) -> str:
        """What `labelcast select` prints."""
        return choice_text(self.found)

    @property
    def tables(self) -> list[Table]:
        """The ranking."""
        return [Table(choice_rows(self.found))]

    def plot(self) -> Figure:
        """Each plan's difference from the leader, and the zone that does not matter."""
        return draw_choice(self.found).on_paper()


def select(
    *scenarios: Asked,
    over: str | None = None,
    best: str = "cost",
    within: str = "1%",
    confidence: str = "95%",
    procedure: str = "good",
    most: int = 1_000,
    keep: PathLike | None = None,
    seed: int = 1,
    processes: int | None = None,
    profile: PathLike | None = None,
) -> SelectAnswer:
    """Chooses the best of several plans by one KPI, with as many runs as its promise takes.

    scenarios: two or more files, names in the library, or what `load` gave; or one of them with `over`.
    over: one key at several values, each a plan, "stages.annotate.batch.size=1, 5, 10, 20 items".
    best: the KPI of which the best mean is wanted (docs/kpis.md).
    within: how much of it does not matter, "500 EUR", "0.5 points", or a share of the first plan's mean.
    confidence: the chance that the choice is the best, or within that of it.
    procedure: "good" promises that whatever the means are; "kn", with fewer runs, that the best is chosen where it is
    ahead of all others by `within` or more, and nothing else.
    most: runs of a plan; where they are over first, nothing is chosen.
    keep: a folder of finished replications, to begin with and to write.
    seed: the same seed, the same numbers.  processes: one a core, if that is quicker; 1: this one.
    profile: to put under all.

    Raises ScenarioRefused as `load` does, where an option means nothing, and where plans have several currencies or the
    same name; Infeasible where no plan has a mean of the KPI.

        lc.select("my-plan.yaml", over="stages.annotate.batch.size=1, 5, 20 items", within="100 EUR").plot()
    """
    kept = folder(keep)
    check_numbers(most=(most, FIRST, MOST), seed=(seed, 0, None), processes=(processes, 1, None))
    lines = _plans(scenarios, over, profile)
    promise = _promise(lines, best, within, confidence, procedure, most)
    terminal.prepare(ENGINES[0])
    with terminal.progress("") as tell:
        return SelectAnswer(choose(lines, promise, seed, processes, keep=kept, progress=_telling(tell)))


def _plans(scenarios: Sequence[Asked], over: str | None, profile: PathLike | None) -> list[Line]:
    """Raises ScenarioRefused with what cannot be meant."""
    if over is None:
        if len(scenarios) < 2:
            name = typed(scenarios[0]) if scenarios else "No scenario"
            raise ScenarioRefused(f"{name}: there is nothing to choose from. Name two scenarios, or say --over.")
        return [opened(one, profile).line for one in scenarios]
    if len(scenarios) != 1:
        rule = f"--over: makes the plans of one scenario, but {len(scenarios)} are named"
        raise ScenarioRefused(f"{rule}. Name one, or leave --over out.")
    try:
        asked = read_sweep(over)
    except ValueError as error:
        raise ScenarioRefused(f"--over: {error}") from None
    loaded = reread(scenarios[0], profile)
    holding([(loaded.path, loaded.profile)], asked.path)
    return [*swept(loaded.path, loaded.profile, asked).lines]


def _promise(lines: Sequence[Line], best: str, within: str, confidence: str, procedure: str, most: int) -> Promise:
    """Raises ScenarioRefused with all that is wrong."""
    problems: list[str] = []

    def read(option: str, reading: Callable[[], Any]) -> Any:
        try:
            return reading()
        except ValueError as error:
            problems.append(f"{option}: {error}")
            return None

    kpi: str | None = read("--best", lambda: _kpi(best, lines))
    zone: Tolerance | None = None if kpi is None else read("--within", lambda: tolerance(kpi, within, lines))
    level: float | None = read("--confidence", lambda: level_of(confidence))
    which: Procedure | None = read("--procedure", lambda: _procedure(procedure))
    if problems or kpi is None or zone is None or level is None or which is None:
        raise ScenarioRefused(problems)
    return Promise(kpi, zone, level, which, most)


def _kpi(word: str, lines: Sequence[Line]) -> str:
    name = kpi_named(word, lines)
    if kpi_of(name).better == "none":
        raise ValueError(f"neither more nor less of {quoted(word)} is better. Name a KPI such as cost.")
    return name


def level_of(text: str) -> float:
    value, unit = units.number(text, "95%")
    if unit != "%" or not 50 < value < 100:
        raise ValueError(f"must be above 50% and below 100%, but got {quoted(text)}. Write 95%.")
    return float(value) / 100


def _procedure(word: str) -> Procedure:
    for one in PROCEDURES:
        if word == one:
            return one
    raise ValueError(
        f"no procedure is named {quoted(word)} (there are: {listed(PROCEDURES)}).{guess(word, PROCEDURES)}"
    )


def _telling(tell: Callable[..., None]) -> Simulating:
    """What moves the bar: a plan's replications."""

    def of(line: Line, number: int) -> Progress:
        """What is told of each replication of a line."""
        return lambda done, _: tell(done, number, f"{line.name}, {number} replications")

    return of
