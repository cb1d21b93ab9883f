"""The command that says when a change has made up for what it costs at first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import terminal


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(catchup)


def catchup(
    before: Annotated[Path, typer.Argument(help="A scenario file, or the name of one in the library.")],
    after: Annotated[Path, typer.Argument(help="The same with a mentoring, a training, a new guideline.")],
    replications: Annotated[int, typer.Option("--replications", "-n", min=1, max=100_000, help="Of each.")] = 50,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under both.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say when a change that costs work at first has caught up in items delivered, and how many hours it saves, net."""
    from .answers.compare import telling
    from .reports.catchup import catch_up_json, catch_up_text
    from .scenarios.catchup import catch_up, check_work
    from .scenarios.load import load
    from .scenarios.matched import check_lines
    from .scenarios.together import simulate
    from .sim.engines import ENGINES

    lines = [load(terminal.found(path), profile) for path in (before, after)]
    check_lines(lines)
    check_work(*lines)
    terminal.prepare(ENGINES[0])
    with terminal.progress("") as tell:
        runs, _ = simulate(lines, replications, seed, processes, progress=telling(tell, lines))
    found = catch_up(*runs)
    terminal.show(json.dumps(catch_up_json(found), indent=2, allow_nan=False) if as_json else catch_up_text(found))
