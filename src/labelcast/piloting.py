"""The command that tells what a pilot is worth before a plan is signed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import saving, terminal


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(pilot)


def pilot(
    first: Annotated[Path, typer.Argument(help="The plan that there is: a scenario file, or a name in the library.")],
    second: Annotated[Path, typer.Argument(help="The plan that a pilot is to tell of, as with a new vendor.")],
    over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=LOW..HIGH", help='What is not known: "pools.vendor.skill.accuracy=85%..97%"; repeatable.'
        ),
    ] = None,
    labels: Annotated[
        list[int] | None,
        typer.Option(min=1, max=1_000_000, help="Labels of the pilot; repeatable; 50 to 2,000 if not said."),
    ] = None,
    people: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="Who label the pilot; all of the pool if not said.")
    ] = None,
    pool: Annotated[
        str | None, typer.Option(help="Whose people; the pool that only the second plan has if not said.")
    ] = None,
    price: Annotated[
        str | None, typer.Option(metavar="MONEY", help="Of a pilot's label; that of the pool's `pay` if not said.")
    ] = None,
    delay: Annotated[str, typer.Option(metavar="TIME", help='By which a pilot puts off both plans: "5 days".')] = "0 d",
    harm: Annotated[
        str | None, typer.Option(metavar="MONEY", help='What a unit of harm of delivered errors costs: "2 EUR".')
    ] = None,
    day: Annotated[
        str | None, typer.Option(metavar="MONEY", help="What each day after the deadline costs; without one, each day.")
    ] = None,
    deadline: Annotated[
        str | None, typer.Option(metavar="DATE", help="Of both, in place of their own: 2027-06-15.")
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", "-n", min=50, max=10_000, help="Draws of what is not known, a run of each plan.")
    ] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under both.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Write the picture to this SVG file.")] = None,
    save: saving.SaveAnswer = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say what a pilot of n labels is worth before a plan is signed, what it costs, and which n is best."""
    from .answers import pilot as question
    from .answers.saved import ask
    from .reports.pilot import pilot_figure
    from .sim.files import write_text

    terminal.files(svg=plot)
    found = ask(
        save, question.pilot,
        first, second, over=over, labels=labels, people=people, pool=pool, price=price, delay=delay, harm=harm,
        day=day, deadline=deadline, draws=draws, seed=seed, processes=processes, profile=profile,
    )  # fmt: skip
    if plot is not None:
        write_text(plot, pilot_figure(found.found))
        terminal.say(f"Picture: {plot}")
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
