"""The commands that learn from exports: fit a line, propose a map of columns, and see whether the fit foretells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import terminal

TimeZone = Annotated[str, typer.Option(help="Time zone of hours and days.")]
Step = Annotated[str | None, typer.Option(help="Of several steps of work in a log the one to fit.")]
MapFile = Annotated[
    Path | None, typer.Option("--map", help="A map of a table's columns, as `labelcast map` writes it.")
]
NoClean = Annotated[
    list[str] | None,
    typer.Option(
        metavar="STEP",
        help="Leave a step of cleaning out; may be said again: zones, clock, pages, doubled, active, hoarding, "
        "reopened, idle, bots.",
    ),
]
People = Annotated[
    str, typer.Option(help="What the workers are: staff, crowd, or auto to tell by how many they are and how long.")
]


def add(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command()(calibrate)
    app.command()(backtest)
    app.command("map")(map_of)


def calibrate(
    out: Annotated[Path, typer.Option(help="Where to write the profile.")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Exports of labelling platforms, or tables of labels with times.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write what was read, cleaned and fitted to this HTML file.")
    ] = None,
    pool: Annotated[str, typer.Option(help="Name of the pool that the workers become.")] = "annotators",
    segment: Annotated[str, typer.Option(help="Name of the segment that the items become.")] = "items",
    timezone: TimeZone = "UTC",
    label: Annotated[str | None, typer.Option(help="Column that holds the label; found by itself if not said.")] = None,
    step: Step = None,
    map_file: MapFile = None,
    no_clean: NoClean = None,
    people: People = "auto",
    pools: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Column that says which team each worker is of: each becomes a pool."),
    ] = None,
    server: Annotated[
        str | None, typer.Option("--from", metavar="label-studio", help="Instead of files: a server that runs.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="Address of the server.")] = None,
    token: Annotated[str | None, typer.Option(envvar="LABEL_STUDIO_API_KEY", help="Token of the server.")] = None,
    project: Annotated[int | None, typer.Option(min=1, help="Number of the project, if there are several.")] = None,
) -> None:
    """Fit a line from a labelling platform's export, and keep it as a profile that a scenario names."""
    from .answers import calibrate as question

    terminal.files(yaml=out, html=report)
    found = question.calibrate(
        *files or (), pool=pool, segment=segment, timezone=timezone, label=label, step=step, map=map_file,
        no_clean=no_clean, people=people, pools=pools, server=server, url=url, token=token, project=project,
    )  # fmt: skip
    found.write(out)
    terminal.show(found.text)
    terminal.say(f"Profile: {out}")
    if report is not None:
        terminal.say(f"Report: {found.report(report)}")


def map_of(file: Annotated[Path, typer.Argument(help="A table of labels, CSV or Parquet.")]) -> None:
    """Propose which columns of a table are what, with what is doubtful as comments: for `calibrate --map`."""
    from .calibration.readers.proposal import proposal

    terminal.show(proposal(file))


def backtest(
    files: Annotated[list[Path], typer.Argument(help="Exports of labelling platforms, as of calibrate.")],
    split: Annotated[
        str, typer.Option(metavar="SHARE", help="Cut after this share of the batches; of one batch, of its labels.")
    ] = "50%",
    replications: Annotated[
        int, typer.Option("--replications", "-n", min=20, max=10_000, help="How many runs of each batch.")
    ] = 100,
    profile: Annotated[
        Path | None, typer.Option(help="A profile fitted to the same files, which keeps the badge for its forecasts.")
    ] = None,
    timezone: TimeZone = "UTC",
    people: People = "auto",
    step: Step = None,
    map_file: MapFile = None,
    no_clean: NoClean = None,
    plot: Annotated[
        Path | None, typer.Option(help="Write a picture of what was told and what came to this SVG file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Fit the first part of a log, forecast the rest, and say how far off that was: beside a flat rate and a replay."""
    from .calibration.backtest.backtest import backtest
    from .calibration.backtest.badge import badge
    from .calibration.backtest.kept import write_badge
    from .calibration.profile import read
    from .reports.backtest_figure import draw_backtest
    from .reports.backtest_text import backtest_json, backtest_text
    from .scenarios.question import part_of
    from .sim.engines import ENGINES
    from .sim.errors import DataRefused
    from .sim.files import write_text

    terminal.files(svg=plot)
    share = part_of(split, "--split")
    if profile is not None:
        told = read(profile).provenance.get("pools")  # so that a wrong one is refused before any work is done
        if told:
            raise DataRefused(
                f"{profile.name}: its pools are those of the column {told!r}, and a backtest knows lines of one pool: "
                "the badge would be of another line. Leave --profile out to see how far the line of all is off."
            )
    terminal.prepare(ENGINES[0])
    with terminal.progress("Reading") as tell:
        found = backtest(
            files,
            share=share,
            replications=replications,
            timezone=timezone,
            people=people,
            step=step,
            map=map_file,
            no_clean=no_clean or (),
            progress=tell,
        )
    given = badge(found)
    if profile is not None:
        write_badge(profile, found, given)
        terminal.say(f"Profile: {profile}, with this badge.")
    if plot is not None:
        write_text(plot, draw_backtest(found).svg())
        terminal.say(f"Picture: {plot}")
    told = backtest_json(found, given)
    terminal.show(json.dumps(told, indent=2, allow_nan=False) if as_json else backtest_text(found, given))
