"""`labelcast search` as a function: the cheapest plan that keeps its promises, certified, and what is to be changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import terminal
from ..reports.notebook import Table
from ..reports.search import rows
from ..reports.search.figure import draw_tried
from ..reports.search.page import write_search
from ..reports.search.short import short_sentences
from ..reports.search.text import search_text
from ..reports.search.told import search_json
from ..reports.search.words import sentences
from ..scenarios.problems import quoted
from ..scenarios.search.after import Recommended, Short, after
from ..scenarios.search.history import History, Step
from ..scenarios.search.question import Question
from ..scenarios.search.read import read_question
from ..scenarios.search.rules import LEAST, Rules
from ..scenarios.search.search import Found
from ..scenarios.search.search import search as searched
from ..scenarios.units import number, quantity
from ..sim.crew import Crew
from ..sim.engines import ENGINES
from ..sim.errors import ScenarioRefused
from .answer import Told
from .asking import Asked, PathLike, check_numbers, path_of, reread
from .select import level_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 10_000_000

SHORTEST = 5.0
"""Seconds of a search."""

DOING = {
    "start": "a first look around",
    "try": "trying",
    "bold": "trying what seems unlikely",
    "further": "trying further",
    "confirm": "looking closer at what is to be certified",
    "certify": "certifying",
}
"""What a move is, in words."""


@dataclass(frozen=True, eq=False, repr=False)
class SearchAnswer(Told):
    """Which plan to take. found: the search.  after: what is told of its plan, or of how far the nearest one is."""

    found: Found
    after: Recommended | Short

    @property
    def certified(self) -> bool:
        """Whether there is a plan to recommend."""
        return isinstance(self.after, Recommended)

    @property
    def title(self) -> str:
        """Scenario, replications, seed."""
        used, rules = self.found.history.used, self.found.rules
        return f"Search of {self.found.question.line.name}: {used:,} replications, seed {rules.seed}"

    @cached_property
    def sentences(self) -> list[str]:
        """The plan and what it keeps, the steps to it, what is given up, how it moves, how it was found."""
        if isinstance(self.after, Short):
            return short_sentences(self.found, self.after)
        return sentences(self.found, self.after)

    @property
    def plan(self) -> dict[str, str] | None:
        """Of the certified plan the value of each key that varied; None where none is certified."""
        found: dict[str, str] | None = self.data["plan"]
        return found

    @property
    def frame(self) -> pd.DataFrame:
        """A row a plan that was tried: a column a key, replications, the mean of each KPI that was watched (NaN where
        there is none), certified (True, False, None where no certificate was tried)."""
        passed = {step.move.plan: step.passed for step in self.found.history.certificates}
        told = []
        for plan, one in zip(self.found.view.tried, self.data["tried"], strict=True):
            means = {kpi: nan if mean is None else mean for kpi, mean in one["means"].items()}
            told.append({**one["plan"], "replications": one["replications"], **means, "certified": passed.get(plan)})
        return pd.DataFrame(told)

    @cached_property
    def data(self) -> dict[str, Any]:
        """What `labelcast search --json` prints."""
        return search_json(self.found, self.after)

    @property
    def text(self) -> str:
        """What `labelcast search` prints."""
        return search_text(self.found, self.after)

    @property
    def tables(self) -> list[Table]:
        """The plan, its goals, the steps to it, what is given up, volumes; or how far the nearest plan is."""
        found = self.found
        if isinstance(self.after, Short):
            return [Table(rows.short_rows(found, self.after), "The plan that came nearest")]
        told = [Table(rows.plan_rows(found, self.after.plan)), Table(rows.goal_rows(found, [*self.after.goals]))]
        if self.after.way.changes:
            told += [Table(rows.step_rows(found, self.after)), Table(rows.traded_rows(found, self.after))]
        return [*told, Table(rows.volume_rows(found, self.after)), Table(rows.weight_rows(found, self.after))]

    def plot(self) -> Figure:
        """Every plan that was tried: its objective, and how it keeps its goals."""
        return draw_tried(self.found).on_paper()

    def report(self, path: PathLike) -> Path:
        """Writes the page with pictures, one HTML file; its path."""
        out = Path(path)
        terminal.files(html=out)
        write_search(out, self.found, self.after)
        return out


def search(
    scenario: Asked,
    *,
    budget: int = 3_000,
    time: str | None = None,
    study: PathLike | None = None,
    resume: bool = False,
    workers: int | None = None,
    dask: str | None = None,
    seed: int = 1,
    confidence: str = "95%",
    profile: PathLike | None = None,
) -> SearchAnswer:
    """Searches the plans that the `search:` block allows for the best that keeps what is asked for, and certifies it.

    scenario: a file, a name in the library, or what `load` gave, with a `search:` block (docs/search.md).
    budget: replications of the search.  time: after which nothing more is tried, "5 min".
    study: an Optuna study, .db or .journal, that keeps every trial.  resume: goes on with it.
    workers: processes; one a core, if that is quicker; 1: this one.  dask: the scheduler whose workers do it instead.
    seed: the same seed, the same plan and numbers, wherever they are made, unless `time` was up.
    confidence: with which the plan keeps what is asked for.
    profile: to put under it.

    Raises ScenarioRefused as `load` does, where the block or an option means nothing, and where the study is not of
    this search; DataRefused where it cannot be read. That no plan is certified is an answer, too: `.certified`.

        lc.search("my-plan.yaml", budget=2_000).plan
    """
    check_numbers(
        budget=(budget, LEAST, MOST), seed=(seed, 0, None), workers=(workers, 1, None),
    )  # fmt: skip
    certain = _confidence(confidence)
    allowed = None if time is None else seconds(time)
    kept = path_of(study)
    _check(resume, kept, workers, dask)
    loaded = reread(scenario, profile)
    question = read_question(loaded.path, loaded.profile)
    rules = Rules(budget, seed, certain, several=len(question.objectives) > 1)
    with _crew(workers, dask) as crew:
        found = _found(question, rules, crew, kept, resume, allowed)
        with terminal.progress("Looking at the plan found") as tell:
            more = after(found, crew, lambda done: tell(done, None, f"{done:,} replications of what was found"))
    return SearchAnswer(found, more)


def _found(
    question: Question, rules: Rules, crew: Crew, kept: Path | None, resume: bool, allowed: float | None
) -> Found:
    with terminal.progress("Searching") as tell:

        def told(step: Step, history: History) -> None:
            tell(history.used, rules.budget, f"{DOING[step.move.why]}, {len(history.plans)} plans")

        return searched(question, rules, crew, study=kept, resume=resume, seconds=allowed, told=told)


@contextmanager
def _crew(workers: int | None, dask: str | None) -> Iterator[Crew]:
    """Whoever runs the replications."""
    with ExitStack() as stack:
        if dask is None:
            terminal.prepare(ENGINES[0])
            yield stack.enter_context(Crew(workers))
            return
        from ..cluster import dask_executor

        tell = stack.enter_context(terminal.progress("Workers make ready"))
        executor = stack.enter_context(dask_executor(dask, progress=tell))
        yield stack.enter_context(Crew(executor.workers, executor))


def _confidence(text: str) -> float:
    try:
        return level_of(text)
    except ValueError as error:
        raise ScenarioRefused(f"--confidence: {error}") from None


def seconds(text: str) -> float:
    """A time that an option allows. 5m is read as minutes, as no length could be meant."""
    try:
        value, unit = number(text, "5 min")
        found = float(value) * 60.0 if unit == "m" else float(quantity(text, "second", "a time", "5 min"))
    except ValueError as error:
        raise ScenarioRefused(f"--time: {error}") from None
    if found < SHORTEST:
        rule = f"must be at least {SHORTEST:g} s, but got {quoted(text)}"
        raise ScenarioRefused(f"--time: {rule}: no plan could be tried and certified. Write 5 min, or leave it out.")
    return found


def _check(resume: bool, study: Path | None, workers: int | None, dask: str | None) -> None:
    """Raises ScenarioRefused with what cannot be meant."""
    problems = []
    if resume and study is None:
        problems.append("--resume: goes on with a study, but none is named. Say --study FILE as well.")
    if workers is not None and dask is not None:
        problems.append("--workers: sets processes here, but --dask has the work done elsewhere. Leave one out.")
    if problems:
        raise ScenarioRefused(problems)
    terminal.files(study)
