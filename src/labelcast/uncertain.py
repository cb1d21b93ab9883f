"""The command that tells what an answer's spread is of: chance, the data, or the plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import saving, terminal


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(uncertainty)


def uncertainty(
    scenarios: Annotated[list[Path], typer.Argument(help="Scenario files, or names of those in the library.")],
    draws: Annotated[int, typer.Option(min=2, max=10_000, help="Draws of what the profile does not know.")] = 50,
    inner: Annotated[int, typer.Option(min=2, max=1_000, help="Runs of each draw.")] = 4,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under each.")] = None,
    save: saving.SaveAnswer = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Tell how much of an answer's spread is chance, what the log does not tell, or which plan is taken."""
    from .answers import uncertainty as question
    from .answers.saved import ask

    found = ask(
        save, question.uncertainty,
        *scenarios, draws=draws, inner=inner, seed=seed, processes=processes, profile=profile,
    )  # fmt: skip
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
