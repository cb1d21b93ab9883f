"""The command that tells what holds a line up, and what one more person would give."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import saving, terminal


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
    save: saving.SaveAnswer = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Say what holds a line up: what one more person, an hour of shift, fewer reviews or labels would give."""
    from .answers import bottleneck as question
    from .answers.saved import ask
    from .reports.bottleneck import bottleneck_figure
    from .sim.files import write_text

    terminal.files(plot)
    found = ask(
        save, question.bottleneck,
        scenario, map=map_of, replications=replications, seed=seed, processes=processes, profile=profile,
    )  # fmt: skip
    if plot is not None:
        write_text(plot, bottleneck_figure(found.effects))
        terminal.say(f"Picture: {plot}")
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
