"""The command that runs a scenario at several values of one key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import terminal

if TYPE_CHECKING:
    from .scenarios.sweep import Sweep, Swept


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(sweep)


def sweep(
    scenario: Annotated[Path, typer.Argument(help="A scenario file, or the name of one in the library.")],
    over: Annotated[
        str,
        typer.Option(
            metavar="PATH=VALUES", help='"stages.annotate.batch.size=1,5,10,20" or "stages.review.fraction=0%..100%".'
        ),
    ],
    kpi: Annotated[list[str] | None, typer.Option(help="Look at this KPI too (docs/kpis.md); repeatable.")] = None,
    replications: Annotated[int, typer.Option("--replications", "-n", min=1, max=100_000, help="At each value.")] = 50,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under it.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Write the curves to this SVG file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the page of a comparison to this HTML file.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write all differences in pairs to this CSV file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say what several values of one key give side by side, which is best, and how sure that is: batches, reviews."""
    from .answers.compare import kpis_named, telling
    from .reports.comparison.told import compare_csv
    from .reports.page import write_report
    from .reports.sweep import SHOWN, sweep_json, sweep_text
    from .reports.sweep_figure import sweep_figure
    from .scenarios.compare import DECISION, compare
    from .scenarios.together import simulate
    from .sim.engines import ENGINES
    from .sim.files import write_text

    terminal.files(svg=plot, html=html, csv=csv)
    asked = _read(over)
    plans = _plans(terminal.found(scenario), profile, asked)
    named = kpis_named(kpi or [], plans.lines)
    terminal.prepare(ENGINES[0])
    with terminal.progress("") as tell:
        runs, _ = simulate(plans.lines, replications, seed, processes, progress=telling(tell, plans.lines))
    looked_at = [one for one in dict.fromkeys([*SHOWN, *named]) if any(one in each.kpis for each in runs)]
    first = 0 if plans.base is None else plans.base
    ordered = [runs[first], *runs[:first], *runs[first + 1 :]]
    found = compare(ordered, besides=[one for one in looked_at if one not in DECISION])
    if plot is not None:
        write_text(plot, sweep_figure(runs, asked, looked_at))
        terminal.say(f"Picture: {plot}")
    if html is not None:
        write_report(html, ordered, found)
        terminal.say(f"Page: {html}")
    if csv is not None:
        write_text(csv, compare_csv(found, plans.lines[0].currency))
        terminal.say(f"Differences: {csv}")
    if as_json:
        terminal.show(json.dumps(sweep_json(ordered, found, asked), indent=2, allow_nan=False))
    else:
        terminal.show(sweep_text(runs, found, asked, looked_at))


def _read(over: str) -> Sweep:
    from .scenarios.sweep import read_sweep
    from .sim.errors import ScenarioRefused

    try:
        return read_sweep(over)
    except ValueError as error:
        raise ScenarioRefused(f"--over: {error}") from None


def _plans(path: Path, profile: Path | None, asked: Sweep) -> Swept:
    """The plans of all values. Raises ScenarioRefused where the file has no such key."""
    from .scenarios.sweep import swept
    from .scenarios.varied import holding

    holding([(path, profile)], asked.path)
    return swept(path, profile, asked)
