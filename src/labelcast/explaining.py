"""The command that tells why one scenario comes to another result than a second one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import terminal

if TYPE_CHECKING:
    from .sim.line import Line
    from .sim.replicate import Runs


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(why)


def why(
    first: Annotated[Path, typer.Argument(help="A scenario file, or the name of one in the library: before.")],
    second: Annotated[Path, typer.Argument(help="The other one: after. Of the same stages, pools and segments.")],
    replications: Annotated[int, typer.Option("--replications", "-n", min=2, max=100_000, help="Of each line.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under both.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say why a scenario is slower, dearer or less accurate than another: volume, mix, speed, rework, staff, price."""
    from .reports.why import why_json, why_text
    from .scenarios.load import load
    from .scenarios.why import why as told
    from .sim.engines import ENGINES
    from .sim.errors import ScenarioRefused
    from .sim.replicate import replicate
    from .sim.swapped import differ, unlike

    lines = [load(terminal.found(path), profile) for path in (first, second)]
    if problems := list(unlike(*lines)):
        mend = (
            "Give both the same; people who are not there yet have a headcount of 0, stages without work a share of 0%."
        )
        raise ScenarioRefused([f"{second}: {problem}. {mend}" for problem in problems])
    terminal.prepare(ENGINES[0])
    many = 2 ** len(differ(*lines))
    done: list[Runs] = []
    with terminal.progress(f"{many} lines, {replications} runs of each") as tell:

        def simulated(line: Line) -> Runs:
            """The line's replications, told of as part of all."""
            start = len(done) * replications
            runs = replicate(
                line, replications, seed, processes, progress=lambda now, _: tell(start + now, many * replications)
            )
            done.append(runs)
            return runs

        kinds, found, untold = told(lines[0], lines[1], simulated)
    names = (lines[0].name, lines[1].name)
    if as_json:
        terminal.show(json.dumps(why_json(names, done[0], kinds, found, untold), indent=2, allow_nan=False))
    else:
        terminal.show(why_text(names, done[0], kinds, found, untold))
