"""The command that puts scenarios side by side on the same luck."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import saving, terminal
from .answers import REPLICATIONS


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(compare)


def compare(
    scenarios: Annotated[list[Path], typer.Argument(help="Two or more scenario files, or names in the library.")],
    baseline: Annotated[
        str | None, typer.Option(help="Which of them the others are held against; the first if not said.")
    ] = None,
    kpi: Annotated[list[str] | None, typer.Option(help="Compare this KPI too (docs/kpis.md); repeatable.")] = None,
    deadline: Annotated[
        str | None, typer.Option(metavar="DATE", help="Of all, in place of their own: 2027-06-15.")
    ] = None,
    budget: Annotated[
        str | None, typer.Option(metavar="MONEY", help='Of all, in place of their own: "60000 EUR".')
    ] = None,
    accuracy: Annotated[
        str | None, typer.Option(metavar="SHARE", help="At least; of all, in place of their own: 97%.")
    ] = None,
    same: Annotated[
        list[str] | None,
        typer.Option(metavar="KPI=SIZE", help='Differences too small to matter: "accuracy=0.5 points"; repeatable.'),
    ] = None,
    precise: Annotated[
        list[str] | None,
        typer.Option(metavar="KPI=SIZE", help='Run until the difference is known to so much: "cost=2%"; repeatable.'),
    ] = None,
    replications: Annotated[
        int | None, typer.Option("--replications", "-n", min=1, max=100_000, help=f"Runs of each; {REPLICATIONS}.")
    ] = None,
    most: Annotated[
        int | None, typer.Option(min=30, max=100_000, help="With --precise: no more runs of each than this; 1000.")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Keep finished runs in this folder, and begin with those that are in it.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under all.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with pictures to this HTML file.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write all differences to this CSV file.")] = None,
    save: saving.SaveAnswer = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Say what scenarios differ in, how sure that is, which are best, and which another beats in everything."""
    from .answers import compare as question
    from .answers.saved import ask
    from .reports.comparison.told import compare_csv
    from .sim.files import write_text

    terminal.files(html=html, csv=csv)
    found = ask(
        save, question.compare,
        *scenarios, baseline=baseline, kpi=kpi, deadline=deadline, budget=budget, accuracy=accuracy, same=same,
        precise=precise, replications=replications, most=most, keep=keep, seed=seed, processes=processes,
        profile=profile,
    )  # fmt: skip
    if html is not None:
        terminal.say(f"Page: {found.report(html)}")
    if csv is not None:
        write_text(csv, compare_csv(found.comparison, found.all_runs[0].line.currency))
        terminal.say(f"Differences: {csv}")
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
    if found.shortfall:
        for text in found.shortfall:
            terminal.say(text)
        raise typer.Exit(5)
