"""The command that tells what an answer's spread is of: chance, the data, or the plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import terminal

if TYPE_CHECKING:
    from .scenarios.twofold import Plan
    from .scenarios.unsure import Unsure


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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Tell how much of an answer's spread is chance, what the log does not tell, or which plan is taken."""
    from .reports.twofold import twofold_json, twofold_text
    from .scenarios.load import load
    from .scenarios.twofold import sources
    from .scenarios.unsure import Unsure
    from .sim.engines import ENGINES
    from .sim.errors import ScenarioRefused

    paths = [terminal.found(one) for one in scenarios]
    lines = [load(path, profile) for path in paths]
    names = [line.name for line in lines]
    problems = [
        f'{path}: a scenario before is named "{name}", too. Give each a `name:` of its own.'
        for k, (path, name) in enumerate(zip(paths, names, strict=True))
        if name in names[:k]
    ]
    if len({line.currency for line in lines}) > 1:
        problems.append("all scenarios need one currency, but are in several. Write them in one.")
    all_unsure = [Unsure(path, profile, seed, each=inner) for path in paths]
    if not problems and not any(one.paths[0] for one in all_unsure):
        rule = "no parameter of any of these is fitted with an interval, so all of their spread is chance"
        problems.append(f"{rule}. Put a fitted profile under them (`labelcast calibrate`), or say `labelcast run`.")
    if problems:
        raise ScenarioRefused(problems)
    terminal.prepare(ENGINES[0])
    plans = [_plan(one, draws, processes) for one in all_unsure]
    found = sources(plans, inner)
    told = twofold_json(plans, found, inner)
    terminal.show(json.dumps(told, indent=2, allow_nan=False) if as_json else twofold_text(plans, found, inner))


def _plan(unsure: Unsure, draws: int, processes: int | None) -> Plan:
    from .scenarios.load import load
    from .scenarios.twofold import Plan
    from .sim.replicate import replicate

    line = load(unsure.path, unsure.profile)
    drawn = bool(unsure.paths[0])
    with terminal.progress(f"{line.name}: {draws} draws, {unsure.each} runs of each") as tell:
        lines = unsure.lines if drawn else None
        runs = replicate(line, draws * unsure.each, unsure.seed, processes, progress=tell, lines=lines)
    deviates = [unsure.deviates(number) for number in range(draws)] if drawn else []
    return Plan(runs, deviates, unsure.log_days)
