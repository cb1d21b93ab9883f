"""The command that forecasts a project that is under way, from what its log shows today."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import saving, terminal


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(forecast)


def forecast(
    scenario: Annotated[Path, typer.Argument(help="A scenario file of the whole project, from its start.")],
    log: Annotated[
        list[Path], typer.Option(help="An export of the project so far, as of calibrate; may be said again.")
    ],
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE", help='Also with this, from today on: "pools.reviewers.headcount=7"; repeatable.'
        ),
    ] = None,
    now: Annotated[
        str, typer.Option(metavar="DATE", help="Cut the log here, and forecast from then; its end if not said.")
    ] = "",
    stage: Annotated[
        list[str] | None,
        typer.Option(metavar="WORD=STAGE", help='Which stage a step of the log is: "QA=review"; repeatable.'),
    ] = None,
    segment: Annotated[
        list[str] | None,
        typer.Option(metavar="WORD=SEGMENT", help='Which segment a batch of the log is: "job 7=street"; repeatable.'),
    ] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="A map of a table's columns, as `labelcast map` writes it.")
    ] = None,
    checks: Annotated[
        int, typer.Option(min=0, max=100, help="Earlier dates from which the forecast is tried; 0 for none.")
    ] = 8,
    replications: Annotated[int, typer.Option("--replications", "-n", min=9, max=100_000, help="How many runs.")] = 39,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under the scenario.")] = None,
    as_fitted: Annotated[
        bool, typer.Option(help="Take fitted parameters as known, instead of drawing them from their intervals.")
    ] = False,
    report: Annotated[Path | None, typer.Option(help="Write a report of the whole project to this HTML file.")] = None,
    save: saving.SaveAnswer = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Forecast a project from today: its end, what waits where, what it costs, and how earlier forecasts did."""
    from .answers import forecast as question
    from .answers.saved import ask
    from .scenarios.forecast import pairs

    terminal.files(html=report)
    found = ask(
        save, question.forecast,
        scenario, log, what_if=what_if, now=now, stage=pairs(stage or (), "--stage"),
        segment=pairs(segment or (), "--segment"), map=map_file, checks=checks, replications=replications, seed=seed,
        processes=processes, profile=profile, as_fitted=as_fitted,
    )  # fmt: skip
    if report is not None:
        found.report(report)
        terminal.say(f"Report: {report}")
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
