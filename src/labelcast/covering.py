"""The command that tells who is on shift when."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import terminal


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(cover)


def cover(
    scenario: Annotated[Path, typer.Argument(help="A scenario file, or the name of one in the library.")],
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under the scenario.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Write the maps to this SVG file.")] = None,
    csv: Annotated[
        Path | None, typer.Option(help="Write people by hour of the week and stage to this CSV file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Tell who is on shift when: people by hour of the week for each stage, hours without anybody, hours together."""
    from .answers import cover as question
    from .reports.cover import draw_cover
    from .sim.files import write_text

    terminal.files(svg=plot, csv=csv)
    found = question.cover(scenario, profile=profile)
    if plot is not None:
        write_text(plot, draw_cover(found.line, found.found).svg())
        terminal.say(f"Picture: {plot}")
    if csv is not None:
        write_text(csv, str(found.frame.to_csv(lineterminator="\n")))
        terminal.say(f"Hours: {csv}")
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
