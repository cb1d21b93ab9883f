"""The command that finds where two scenarios cost the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import terminal

if TYPE_CHECKING:
    from .sim.statistics import Floats


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(breakeven)


def breakeven(
    first: Annotated[Path, typer.Argument(help="A scenario file, or the name of one in the library.")],
    second: Annotated[Path, typer.Argument(help="The one to hold against it.")],
    over: Annotated[
        str, typer.Option(metavar="PATH=LOW..HIGH", help='"work.street.backlog=10_000 items..200_000 items".')
    ],
    points: Annotated[int, typer.Option(min=2, max=100, help="Values that are looked at first.")] = 7,
    replications: Annotated[int, typer.Option("--replications", "-n", min=1, max=100_000, help="At each value.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under both.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Write the picture to this SVG file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say at which value of a key two scenarios cost the same, and which is cheaper on either side."""
    import numpy as np

    from .reports.breakeven import break_even_figure, break_even_json, break_even_text
    from .scenarios.breakeven import break_even
    from .scenarios.load import load
    from .scenarios.varied import holding, read_range
    from .sim.engines import ENGINES
    from .sim.errors import ScenarioRefused
    from .sim.files import write_text

    terminal.files(svg=plot)
    try:
        asked = read_range(over)
    except ValueError as error:
        raise ScenarioRefused(f"--over: {error}") from None
    paths = [terminal.found(one) for one in (first, second)]
    has = holding(paths, profile, asked.path)
    for end in (asked.high, asked.low):
        lines = [
            load(path, profile, (asked.path, asked.text(end)) if varies else None)
            for path, varies in zip(paths, has, strict=True)
        ]
    if lines[0].currency != lines[1].currency:
        told = f"{lines[0].name} in {lines[0].currency}, {lines[1].name} in {lines[1].currency}"
        raise ScenarioRefused(f"{second}: both need one currency, but are {told}. Write both in one.")
    terminal.prepare(ENGINES[0])
    run = _Run(profile, replications, seed, processes)
    same = {path: run.costs(path, None) for path, varies in zip(paths, has, strict=True) if not varies}

    def costs_at(value: float) -> Floats:
        vary = (asked.path, asked.text(value))
        return np.stack([same[path] if path in same else run.costs(path, vary) for path in paths])

    names = (lines[0].name, lines[1].name)
    found = break_even(asked, names, lines[0].currency, costs_at, points, has)
    if plot is not None:
        write_text(plot, break_even_figure(found))
        terminal.say(f"Picture: {plot}")
    terminal.show(json.dumps(break_even_json(found), indent=2, allow_nan=False) if as_json else break_even_text(found))


@dataclass(frozen=True)
class _Run:
    """With which profile and which luck, and how often, every value is simulated."""

    profile: Path | None
    replications: int
    seed: int
    processes: int | None

    def costs(self, path: Path, vary: tuple[str, str] | None) -> Floats:
        """float[replication], of a scenario at a value; None: as it is. Raises ScenarioRefused where it has no cost."""
        import numpy as np

        from .scenarios.load import load
        from .sim.errors import ScenarioRefused
        from .sim.replicate import replicate

        line = load(path, self.profile, vary)
        with terminal.progress(line.name if vary is None else f"{line.name} at {vary[1]}") as tell:
            runs = replicate(line, self.replications, self.seed, self.processes, progress=tell)
        costs = runs.kpis["cost"].to_numpy(np.float64)
        if np.isnan(costs).any():
            raise ScenarioRefused(f"{path}: has no cost to compare: no pool has a `pay`, and nothing falls due.")
        return costs
