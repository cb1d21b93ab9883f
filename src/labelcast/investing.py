"""The command that says whether what a scenario changes is worth what it costs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import terminal

if TYPE_CHECKING:
    from .scenarios.unsure import Unsure
    from .sim.line import Line
    from .sim.replicate import Runs

_RATE = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(%?)\s*", re.ASCII)


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(invest)


def invest(
    scenario: Annotated[Path, typer.Argument(help="A scenario file with `changes`.")],
    change: Annotated[
        str | None, typer.Option(metavar="WHY|NUMBER", help="One of them, by its `why` or its number; all if not said.")
    ] = None,
    rate: Annotated[str, typer.Option(metavar="SHARE", help="By which a year is discounted.")] = "8%",
    months: Annotated[int, typer.Option(min=1, max=120, help="How many calendar months, from the start.")] = 24,
    replications: Annotated[int, typer.Option("--replications", "-n", min=1, max=100_000, help="How many runs.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under the scenario.")] = None,
    as_fitted: Annotated[
        bool, typer.Option(help="Take fitted parameters and ranges as known, instead of drawing them.")
    ] = False,
    plot: Annotated[Path | None, typer.Option(help="Write the picture to this SVG file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Say whether tools, trainings and redesigns of `changes` pay: net present value, payback, chance, and for what."""
    from .reports.investment.figure import investment_figure
    from .reports.investment.text import investment_text
    from .reports.investment.told import investment_json
    from .reports.investment.whole import TOGETHER, Asked, Pair, outcome
    from .scenarios.investments import Investment, chosen, planned
    from .scenarios.load import load
    from .sim.engines import ENGINES
    from .sim.files import write_text

    terminal.files(svg=plot)
    yearly_rate = yearly(rate)
    path = terminal.found(scenario)
    line = load(path, profile)
    looked_at = chosen(planned(path, profile), change, str(scenario))
    if len(looked_at) > 1:
        every = tuple(sorted(number for one in looked_at for number in one.entries))
        looked_at = [*looked_at, Investment(TOGETHER, every)]
    others = [_without(path, profile, one.name, one.entries) for one in looked_at]
    _paid(line, str(scenario))
    terminal.prepare(ENGINES[0])
    luck = _Luck(path, profile, replications, seed, processes, as_fitted)
    kept = luck.runs(line, (), "")
    pairs = [
        Pair(one.name, one.entries, kept, luck.runs(other, one.entries, f" without {one.name}"))
        for one, other in zip(looked_at, others, strict=True)
    ]
    asked = Asked(months, yearly_rate, luck.drawn)
    found = outcome(pairs, asked)
    if plot is not None:
        write_text(plot, investment_figure(found))
        terminal.say(f"Picture: {plot}")
    terminal.show(json.dumps(investment_json(found), indent=2, allow_nan=False) if as_json else investment_text(found))


def yearly(text: str) -> float:
    """A rate by the year: 8%, or 0.08. Raises ScenarioRefused."""
    from .scenarios.problems import quoted
    from .sim.errors import ScenarioRefused

    match = _RATE.fullmatch(text)
    value = float(match[1]) / (100 if match[2] else 1) if match else -1.0
    if not 0 <= value < 1:
        rule = "must be a share by the year, at least 0% and less than 100%"
        raise ScenarioRefused(f"--rate: {rule}, but got {quoted(text)}. Write 8%, or 0.08.")
    return value


def _without(path: Path, profile: Path | None, name: str, entries: tuple[int, ...]) -> Line:
    """The scenario without some of its changes. Raises what `load` raises, and says that they were taken out."""
    from .scenarios.load import load
    from .sim.errors import Refused

    try:
        return load(path, profile, without=entries)
    except Refused as refused:
        head = f"{path} without {name}, as which it is simulated for comparison, is no scenario:"
        tail = "Name another investment with --change, or give entries that need each other one `why`."
        raise type(refused)([head, *refused.problems, tail]) from None


def _paid(line: Line, name: str) -> None:
    """Raises ScenarioRefused where nothing is ever paid, so that nothing can be saved either."""
    from .sim.errors import ScenarioRefused
    from .sim.ledger import Terms

    if not Terms.of(line).pays:
        told = "nobody is paid, and no change costs anything, so there is no money to save"
        raise ScenarioRefused(f"{name}: {told}. Write how, as in `pay: {{hourly: 31 EUR}}`.")


@dataclass(frozen=True)
class _Luck:
    """What all runs of a scenario share, with and without one of its changes."""

    path: Path
    profile: Path | None
    replications: int
    seed: int
    processes: int | None
    as_fitted: bool

    def runs(self, line: Line, entries: tuple[int, ...], what: str) -> Runs:
        """Runs of the scenario without these entries. line: as which it stands for all that are drawn."""
        from .sim.replicate import replicate

        lines = self._unsure(entries)
        with terminal.progress(f"{line.name}{what}: {self.replications} replications") as tell:
            return replicate(
                line,
                self.replications,
                self.seed,
                self.processes,
                progress=tell,
                lines=None if lines is None else lines.lines,
            )

    @property
    def drawn(self) -> tuple[str, ...]:
        """What each replication draws."""
        lines = self._unsure(())
        return () if lines is None else lines.paths[0]

    def _unsure(self, entries: tuple[int, ...]) -> Unsure | None:
        from .scenarios.unsure import Unsure

        lines = Unsure(self.path, self.profile, self.seed, without=entries)
        return None if self.as_fitted or not lines.paths[0] else lines
