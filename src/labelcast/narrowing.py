"""The command that tells what holds a line up, and what one more person would give."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import terminal

if TYPE_CHECKING:
    from .scenarios.bottleneck import Cell
    from .sim.line import Line
    from .sim.replicate import Runs


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(bottleneck)


def bottleneck(
    scenario: Annotated[Path, typer.Argument(help="A scenario file, or the name of one in the library.")],
    map_of: Annotated[
        str | None,
        typer.Option("--map", metavar="POOL", help="Also which stage binds with other work and people here."),
    ] = None,
    replications: Annotated[int, typer.Option("--replications", "-n", min=2, max=100_000, help="Runs of each.")] = 30,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under the scenario.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Write a picture of the effects to this SVG file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Say what holds a line up: what one more person, an hour of shift, fewer reviews or labels would give."""
    from .reports.bottleneck import bottleneck_figure, bottleneck_json, bottleneck_text
    from .scenarios.bottleneck import binding_map, effects, places
    from .scenarios.load import load
    from .sim.engines import ENGINES
    from .sim.files import write_text
    from .sim.levers import levers

    terminal.files(plot)
    line = load(terminal.found(scenario), profile)
    if map_of is not None:
        _check(map_of, line)
    terminal.prepare(ENGINES[0])
    moved = levers(line)
    asked = _Asked(replications, seed, processes)
    with terminal.progress(f"{line.name}: {1 + len(moved)} lines, {replications} runs of each") as tell:
        found = effects(moved, line, asked.runner(tell, 1 + len(moved)))
    cells: list[Cell] = []
    if map_of is not None:
        grid = places(line, map_of)
        with terminal.progress(f"{line.name}: map of {len(grid)} cells, {replications} runs of each") as tell:
            cells = binding_map(line, map_of, asked.runner(tell, len(grid)), grid)
    if plot is not None:
        write_text(plot, bottleneck_figure(found))
        terminal.say(f"Picture: {plot}")
    told = bottleneck_json(found, cells, map_of or "")
    terminal.show(
        json.dumps(told, indent=2, allow_nan=False) if as_json else bottleneck_text(found, cells, map_of or "")
    )


@dataclass(frozen=True)
class _Asked:
    """How often and with which luck every line is run."""

    replications: int
    seed: int
    processes: int | None

    def runner(self, tell: Callable[..., None], lines: int) -> Callable[[Line], Runs]:
        """Runs one line after the other; tells of replications over all of them."""
        from .sim.replicate import replicate

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
    from .scenarios.problems import guess, listed, quoted
    from .sim.errors import ScenarioRefused

    staff = [one.name for one in line.pools if one.sessions is None]
    if pool not in staff:
        there = f"(there are: {listed(staff) or 'none'}).{guess(pool, staff)}"
        raise ScenarioRefused(f"--map: no pool of staff is named {quoted(pool)} {there}")
