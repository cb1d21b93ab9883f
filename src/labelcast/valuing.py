"""The command that tells what more labels are worth to a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import saving, terminal


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(modelvalue)


def modelvalue(
    points: Annotated[
        Path, typer.Argument(help="CSV of your own trainings: labels, accuracy and, where known, noise.")
    ],
    worth: Annotated[
        str | None, typer.Option(metavar="MONEY", help='What a point (1%) of accuracy is worth: "5000 EUR".')
    ] = None,
    price: Annotated[str | None, typer.Option(metavar="MONEY", help='What a label costs: "0.10 EUR".')] = None,
    scenario: Annotated[
        Path | None, typer.Option(help="Take price and noise of further labels from runs of this scenario.")
    ] = None,
    labels: Annotated[
        int | None, typer.Option(min=1, help="Labels that there are; the largest point if not said.")
    ] = None,
    noise: Annotated[str, typer.Option(metavar="SHARE", help="Share of further labels that are wrong.")] = "0%",
    classes: Annotated[int, typer.Option(min=2, max=1_000, help="Classes of the labels.")] = 2,
    replications: Annotated[int, typer.Option("--replications", "-n", min=1, max=100_000, help="Of --scenario.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Seed of --scenario.")] = 1,
    plot: Annotated[Path | None, typer.Option(help="Write the curve to this SVG file.")] = None,
    save: saving.SaveAnswer = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say what the next thousand labels add to a model's accuracy, whether they pay, and where to stop."""
    from .answers import modelvalue as question
    from .answers.saved import ask
    from .reports.learning_curve import worth_figure
    from .sim.files import write_text

    terminal.files(plot)
    found = ask(
        save, question.modelvalue,
        points, worth=worth, price=price, scenario=scenario, labels=labels, noise=noise, classes=classes,
        replications=replications, seed=seed,
    )  # fmt: skip
    if plot is not None:
        write_text(plot, worth_figure(found.curve, found.points, found.asked))
        terminal.say(f"Picture: {plot}")
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
