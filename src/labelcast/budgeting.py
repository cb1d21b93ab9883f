"""The command about money: what a scenario costs month by month, how sure that is, and why it is not as planned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import saving, terminal


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(budget)


def budget(
    scenario: Annotated[Path, typer.Argument(help="A scenario file, or the name of one in the library.")],
    months: Annotated[int, typer.Option(min=1, max=120, help="How many calendar months, from the start.")] = 12,
    actuals: Annotated[
        Path | None,
        typer.Option(help="What was spent so far: a ledger as --csv writes it; its months are taken as done."),
    ] = None,
    delivered: Annotated[
        int | None, typer.Option(min=1, help="Items that were delivered in the months of --actuals.")
    ] = None,
    budget: Annotated[
        str | None, typer.Option(metavar="MONEY", help='What may be spent: "60000 EUR"; the goal if not said.')
    ] = None,
    against: Annotated[Path | None, typer.Option(help="Another scenario: a bridge to what it costs.")] = None,
    paid_after: Annotated[
        list[str] | None,
        typer.Option(metavar="[POOL=]DAYS", help="Days from a month's end to payment, for a view of cash; repeatable."),
    ] = None,
    fiscal_from: Annotated[
        int, typer.Option("--fiscal-year-from", min=1, max=12, help="Month in which a fiscal year begins.")
    ] = 1,
    harm: Annotated[
        str | None, typer.Option(metavar="MONEY", help='What a unit of harm of delivered errors costs: "2 EUR".')
    ] = None,
    marginal: Annotated[bool, typer.Option(help="Also simulate 1,000 more items, for what they cost.")] = True,
    replications: Annotated[int, typer.Option("--replications", "-n", min=1, max=100_000, help="How many runs.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under the scenario.")] = None,
    as_fitted: Annotated[
        bool, typer.Option(help="Take fitted parameters as known, instead of drawing them from their intervals.")
    ] = False,
    csv: Annotated[Path | None, typer.Option(help="Write the ledger, month by activity, to this CSV file.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write a workbook with summary, ledger and assumptions.")] = None,
    save: saving.SaveAnswer = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Forecast what a scenario costs by month, how sure that is, against a budget, actuals and another scenario."""
    from .answers import budget as question
    from .answers.saved import ask

    terminal.files(csv=csv, xlsx=xlsx)
    found = ask(
        save, question.budget,
        scenario, months=months, actuals=actuals, delivered=delivered, budget=budget, against=against,
        paid_after=paid_after, fiscal_from=fiscal_from, harm=harm, marginal=marginal, replications=replications,
        seed=seed, processes=processes, profile=profile, as_fitted=as_fitted,
    )  # fmt: skip
    if csv is not None:
        terminal.say(f"Ledger: {found.csv(csv)}")
    if xlsx is not None:
        terminal.say(f"Workbook: {found.workbook(xlsx)}")
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
