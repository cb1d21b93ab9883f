"""The command that puts scenarios side by side on the same luck."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import terminal

if TYPE_CHECKING:
    from .scenarios.together import Reached, Wanted
    from .sim.line import Line
    from .sim.replicate import Runs

REPLICATIONS = 50
"""Runs of each scenario where neither a number nor a precision is asked for."""


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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Say what scenarios differ in, how sure that is, which are best, and which another beats in everything."""
    from .reports.comparison.text import compare_text
    from .reports.comparison.told import compare_csv, compare_json
    from .reports.page import write_report
    from .scenarios.aimed import aimed
    from .scenarios.compare import DECISION
    from .scenarios.compare import compare as compared
    from .scenarios.load import load
    from .scenarios.together import FIRST, simulate
    from .scenarios.tolerance import read_tolerances
    from .sim.engines import ENGINES
    from .sim.files import write_text

    terminal.files(html=html, csv=csv)
    _check(scenarios, replications, precise, most, keep)
    lines = [load(terminal.found(scenario), profile) for scenario in scenarios]
    lines = aimed(_ordered(lines, scenarios, baseline), deadline, budget, accuracy)
    asked = kpis_named(kpi or [], lines)
    margins = read_tolerances(same or [], "--same", lines)
    wanted = _wanted(precise or [], most, lines) or replications or REPLICATIONS
    terminal.prepare(ENGINES[0])
    with terminal.progress("") as tell:
        runs, reached = simulate(lines, wanted, seed, processes, keep=keep, progress=telling(tell, lines))
    kpis = (*DECISION, *asked, *margins, *(one.kpi for one in reached))
    found = compared(runs, tuple(dict.fromkeys(kpis)), margins, FIRST if reached else None)
    if html is not None:
        write_report(html, runs, found)
        terminal.say(f"Page: {html}")
    if csv is not None:
        write_text(csv, compare_csv(found, lines[0].currency))
        terminal.say(f"Differences: {csv}")
    if as_json:
        terminal.show(json.dumps(compare_json(runs, found, reached), indent=2, allow_nan=False))
    else:
        terminal.show(compare_text(runs, found))
    if short := _shortfall(runs, reached):
        for text in short:
            terminal.say(text)
        raise typer.Exit(5)


def _check(
    scenarios: Sequence[Path],
    replications: int | None,
    precise: Sequence[str] | None,
    most: int | None,
    keep: Path | None,
) -> None:
    """Raises ScenarioRefused with what cannot be meant."""
    from .sim.errors import ScenarioRefused

    problems = []
    if len(scenarios) < 2:
        problems.append(f"{scenarios[0]}: there is nothing to compare it with. Name two scenarios, or more.")
    if replications is not None and precise:
        problems.append("--replications and --precise are both said, but one of them sets the number. Leave one out.")
    if most is not None and not precise:
        problems.append(f"--most {most}: belongs to --precise, but that is not said. Say both.")
    if problems:
        raise ScenarioRefused(problems)
    terminal.folder(keep)


def _ordered(lines: Sequence[Line], scenarios: Sequence[Path], baseline: str | None) -> list[Line]:
    """The lines with the baseline first. baseline: its name, or how its file was named."""
    from .scenarios.matched import check_lines
    from .scenarios.problems import guess, listed
    from .sim.errors import ScenarioRefused

    check_lines(lines)
    if baseline is None:
        return [*lines]
    names = [line.name for line in lines]
    at = next((n for n, path in enumerate(scenarios) if baseline in (names[n], str(path))), None)
    if at is None:
        there = f"(there are: {listed(names)}).{guess(baseline, names)}"
        raise ScenarioRefused(f"--baseline: none of the scenarios is {baseline!r} {there}")
    return [lines[at], *lines[:at], *lines[at + 1 :]]


def kpis_named(words: Sequence[str], lines: Sequence[Line]) -> list[str]:
    """The KPIs that --kpi names, of lines. Raises ScenarioRefused."""
    from .scenarios.tolerance import kpi_named
    from .sim.errors import ScenarioRefused

    found, problems = [], []
    for word in words:
        try:
            found.append(kpi_named(word, lines))
        except ValueError as error:
            problems.append(f"--kpi: {error}")
    if problems:
        raise ScenarioRefused(problems)
    return found


def _wanted(precise: Sequence[str], most: int | None, lines: Sequence[Line]) -> Wanted | None:
    from .scenarios.together import Wanted
    from .scenarios.tolerance import read_tolerances

    halves = read_tolerances(precise, "--precise", lines)
    if not halves:
        return None
    return Wanted(halves) if most is None else Wanted(halves, most)


def telling(tell: Callable[..., None], lines: Sequence[Line]) -> Callable[[Line, int], Callable[[int, int], None]]:
    """What moves the bar: all scenarios' replications of one look are one bar."""
    order = {line.name: place for place, line in enumerate(lines)}

    def of(line: Line, number: int) -> Callable[[int, int], None]:
        """What is told of each replication of a line."""
        before = order[line.name] * number

        def done(count: int, _: int) -> None:
            tell(before + count, len(lines) * number, f"{line.name}, {number} replications of each")

        return done

    return of


def _shortfall(runs: Sequence[Runs], reached: Sequence[Reached]) -> list[str]:
    """Sentences on differences that are less precise than was asked for; none where all are."""
    from .sim.registry import unit_of

    short = [each for each in reached if not each.enough]
    if not short:
        return []
    mend = "Raise --most or ask for less; with --keep FOLDER nothing that is done is run again."
    if all(each.lacking for each in short):
        mend = "More replications cannot help."
    told = [f"--precise: was not reached in {len(runs[0].kpis)} replications of each. {mend}"]
    for each in short:
        unit = unit_of(each.kpi, runs[0].line.currency)
        scale, unit = (100, "points") if unit == "share" else (1, unit)
        if each.lacking:
            told.append(f"  {each.scenario}, {each.kpi}: has no difference from {runs[0].line.name}.")
            continue
        size, wanted = (f"{scale * value:.4g} {unit}".rstrip() for value in (each.half, each.wanted))
        told.append(f"  {each.scenario}, {each.kpi}: half-width {size}, wanted {wanted}.")
    return told
