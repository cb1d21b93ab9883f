"""The command that says whether what a scenario changes is worth what it costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import saving, terminal


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
    save: saving.SaveAnswer = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Say whether tools, trainings and redesigns of `changes` pay: net present value, payback, chance, and for what."""
    from .answers import invest as question
    from .answers.saved import ask
    from .reports.investment.figure import draw_investments
    from .sim.files import write_text

    terminal.files(svg=plot)
    found = ask(
        save, question.invest,
        scenario, change=change, rate=rate, months=months, replications=replications, seed=seed, processes=processes,
        profile=profile, as_fitted=as_fitted,
    )  # fmt: skip
    if plot is not None:
        write_text(plot, draw_investments(found.outcome).svg())
        terminal.say(f"Picture: {plot}")
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
