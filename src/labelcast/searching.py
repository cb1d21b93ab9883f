"""The command that searches a scenario's plans for the cheapest that keeps its promises."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import terminal


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(search)


def search(
    scenario: Annotated[Path, typer.Argument(help="A scenario file with a `search:` block (docs/search.md).")],
    budget: Annotated[int, typer.Option(help="Replications of the search.")] = 3_000,
    time: Annotated[
        str | None, typer.Option(metavar="TIME", help="Certify what was found when this is nearly up: 5m, 90 s.")
    ] = None,
    study: Annotated[
        Path | None, typer.Option(help="Keep every trial in this Optuna study: FILE.db (SQLite), or FILE.journal.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the search that --study holds.")] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Run on the workers of this Dask scheduler (docs/scale.md).")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    confidence: Annotated[
        str, typer.Option(metavar="SHARE", help="With which the plan keeps what is asked for.")
    ] = "95%",
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under the scenario.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write a page with pictures to this HTML file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Search for the cheapest plan that keeps its goals, certify it, and say what to change first: staff, reviews."""
    from .answers import search as question

    terminal.files(html=report)
    try:
        found = question.search(
            scenario, budget=budget, time=time, study=study, resume=resume, workers=workers, dask=dask, seed=seed,
            confidence=confidence, profile=profile,
        )  # fmt: skip
    except terminal.Interrupted:
        raise terminal.Interrupted(interrupted(study)) from None
    if report is not None:
        terminal.say(f"Page: {found.report(report)}")
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
    if not found.certified:
        terminal.say(found.sentences[0])
        raise typer.Exit(4)


def interrupted(study: Path | None) -> str:
    """What to say of a search that was broken off."""
    if study is not None and study.exists():
        return f"Interrupted. What was tried is kept in {study}; run the same command with --resume to go on there."
    mend = "" if study is not None else " With --study FILE a search goes on where it stopped."
    return f"Interrupted. Nothing was half-written; run the same command to start again.{mend}"
