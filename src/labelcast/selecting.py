"""The command that chooses the best of several plans."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import saving, terminal


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(select)


def select(
    scenarios: Annotated[
        list[Path], typer.Argument(help="Scenario files, or names in the library: several, or one with --over.")
    ],
    over: Annotated[
        str | None,
        typer.Option(
            metavar="PATH=VALUES", help='One key at several values: "stages.annotate.batch.size=1, 5, 10, 20 items".'
        ),
    ] = None,
    best: Annotated[str, typer.Option(metavar="KPI", help="Of which the best mean is wanted (docs/kpis.md).")] = "cost",
    within: Annotated[
        str, typer.Option(metavar="SIZE", help='How much of it does not matter: "500 EUR", "0.5 points", "1%".')
    ] = "1%",
    confidence: Annotated[
        str, typer.Option(metavar="SHARE", help="Chance that the choice is the best, or within that of it.")
    ] = "95%",
    procedure: Annotated[
        str,
        typer.Option(
            metavar="good|kn", help="good: promised whatever the means are; kn: where the best is ahead by --within."
        ),
    ] = "good",
    most: Annotated[int, typer.Option(min=30, max=100_000, help="No more runs of a plan than this.")] = 1_000,
    keep: Annotated[
        Path | None, typer.Option(help="Keep finished runs in this folder, and begin with those that are in it.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under all.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Write the picture to this SVG file.")] = None,
    save: saving.SaveAnswer = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Choose the best of several plans, with as many runs as it takes to be that sure: batches, rosters, vendors."""
    from .answers import select as question
    from .answers.saved import ask
    from .reports.choice import choice_figure
    from .sim.files import write_text

    terminal.files(svg=plot)
    found = ask(
        save, question.select,
        *scenarios, over=over, best=best, within=within, confidence=confidence, procedure=procedure, most=most,
        keep=keep, seed=seed, processes=processes, profile=profile,
    )  # fmt: skip
    if plot is not None:
        write_text(plot, choice_figure(found.found))
        terminal.say(f"Picture: {plot}")
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
    if not found.decided:
        terminal.say(found.sentences[0])
        raise typer.Exit(5)
