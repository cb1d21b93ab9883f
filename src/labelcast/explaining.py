"""The command that tells why one scenario comes to another result than a second one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import saving, terminal


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
    save: saving.SaveAnswer = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say why a scenario is slower, dearer or less accurate than another: volume, mix, speed, rework, staff, price."""
    from .answers import why as question
    from .answers.saved import ask

    found = ask(
        save, question.why,
        first, second, replications=replications, seed=seed, processes=processes, profile=profile,
    )  # fmt: skip
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
