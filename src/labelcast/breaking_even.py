"""The command that finds where two scenarios cost the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import saving, terminal


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
    save: saving.SaveAnswer = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say at which value of a key two scenarios cost the same, and which is cheaper on either side."""
    from .answers import breakeven as question
    from .answers.saved import ask
    from .reports.breakeven import draw_break_even
    from .sim.files import write_text

    terminal.files(svg=plot)
    found = ask(
        save, question.breakeven,
        first, second, over=over, points=points, replications=replications, seed=seed, processes=processes,
        profile=profile,
    )  # fmt: skip
    if plot is not None:
        write_text(plot, draw_break_even(found.found).svg())
        terminal.say(f"Picture: {plot}")
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
