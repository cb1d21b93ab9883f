"""The command that tells what answers hang on, and what would change the verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import saving, terminal


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(sensitivity)


def sensitivity(
    scenario: Annotated[Path, typer.Argument(help="A scenario file, or the name of one in the library.")],
    against: Annotated[
        list[Path] | None,
        typer.Option(help="Another scenario: for which parameter the better of the two is the other; repeatable."),
    ] = None,
    kpi: Annotated[str, typer.Option(help="What of the scenario is looked at (docs/kpis.md).")] = "cost",
    over: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH=LOW..HIGH", help='Also this key: "pools.team.headcount=4..12"; repeatable.'),
    ] = None,
    morris: Annotated[bool, typer.Option("--morris", help="Also Morris' screening, all varying at once.")] = False,
    sobol: Annotated[bool, typer.Option("--sobol", help="Also Sobol's indices of the largest eight.")] = False,
    replications: Annotated[int, typer.Option("--replications", "-n", min=2, max=100_000, help="Runs of each.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under each.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Write the tornado to this SVG file.")] = None,
    save: saving.SaveAnswer = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Say which fitted parameters and keys an answer hangs on, and which would change the verdict, about where."""
    from .answers import sensitivity as question
    from .answers.saved import ask
    from .reports.sensitivity import sensitivity_figure
    from .sim.files import write_text

    terminal.files(plot)
    found = ask(
        save, question.sensitivity,
        scenario, against=against, kpi=kpi, over=over, morris=morris, sobol=sobol, replications=replications,
        seed=seed, processes=processes, profile=profile,
    )  # fmt: skip
    if plot is not None:
        write_text(plot, sensitivity_figure(found.found))
        terminal.say(f"Picture: {plot}")
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
