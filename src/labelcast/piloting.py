"""The command that tells what a pilot is worth before a plan is signed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import terminal

if TYPE_CHECKING:
    from .scenarios.pilot import Asked, Terms
    from .scenarios.unsure import Unsure
    from .scenarios.varied import Range
    from .sim.line import Line, Pool
    from .sim.replicate import Runs


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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say what a pilot of n labels is worth before a plan is signed, what it costs, and which n is best."""
    from .reports.pilot import pilot_figure, pilot_json, pilot_text
    from .scenarios.aimed import aimed
    from .scenarios.load import load
    from .scenarios.matched import check_lines
    from .scenarios.pilot import looked_at, seen
    from .scenarios.pilot import pilot as of_pilot
    from .sim.engines import ENGINES
    from .sim.files import write_text

    terminal.files(svg=plot)
    ranges = _ranges(over or [])
    paths = [terminal.found(one) for one in (first, second)]
    lines = aimed([load(path, profile) for path in paths], deadline, None, None)
    check_lines(lines)
    people_of, stage = looked_at(lines, pool)
    said = _Said(price, delay, harm, day)
    asked = _asked(lines, people_of, stage.name, labels, people, said)
    unsure = _unsure(paths, profile, ranges, seed, draws)
    unknown = list(dict.fromkeys(name for one in unsure for name in one.paths[0]))
    truths = seen(_drawn(unsure[1], lines[1], draws), unknown, asked)
    terminal.prepare(ENGINES[0])
    runs = [_runs(one, line, draws, processes) for one, line in zip(unsure, lines, strict=True)]
    found = of_pilot((runs[0], runs[1]), (lines[0], lines[1]), truths, unknown, asked)
    if plot is not None:
        write_text(plot, pilot_figure(found))
        terminal.say(f"Picture: {plot}")
    terminal.show(json.dumps(pilot_json(found), indent=2, allow_nan=False) if as_json else pilot_text(found))


def _ranges(texts: Sequence[str]) -> list[Range]:
    """Raises ScenarioRefused with all that is wrong."""
    from .scenarios.varied import read_range
    from .sim.errors import ScenarioRefused

    found: list[Range] = []
    problems = []
    for text in texts:
        try:
            one = read_range(text)
        except ValueError as error:
            problems.append(f"--over: {error}")
            continue
        if one.path in {other.path for other in found}:
            problems.append(f"--over {one.path}: is said twice. Say each key once.")
        found.append(one)
    if problems:
        raise ScenarioRefused(problems)
    return found


@dataclass(frozen=True)
class _Said:
    """Options, as they were typed."""

    price: str | None
    delay: str
    harm: str | None
    day: str | None


def _asked(
    lines: Sequence[Line], pool: Pool, stage: str, labels: Sequence[int] | None, people: int | None, said: _Said
) -> Asked:
    """Raises ScenarioRefused with all that is wrong."""
    from .scenarios.pilot import SIZES, Asked, check_day, people_of, price_of
    from .sim.errors import ScenarioRefused

    problems: list[str] = []
    terms = _terms(said, lines[1], price_of(pool, lines[1]), pool.name, problems)
    who = people or people_of(pool)
    if who is None:
        problems.append(f"--people: {pool.name} is a crowd, so that nothing tells who label the pilot. Say how many.")
    deadline = False
    if said.day is not None:
        try:
            deadline = check_day(lines)
        except ScenarioRefused as refused:
            problems += refused.problems
    if problems or terms is None or who is None:
        raise ScenarioRefused(problems)
    return Asked(pool.name, stage, tuple(sorted({*(labels or SIZES)})), who, terms, deadline)


def _terms(said: _Said, line: Line, own: float | None, pool: str, problems: list[str]) -> Terms | None:
    """None, and a problem more, where something is wrong. own: price of a label by the pool's pay."""
    from .answers.amounts import money
    from .scenarios.pilot import Terms
    from .scenarios.units import quantity
    from .sim.line import MICRO

    before = len(problems)
    micro = {
        name: None if text is None else money(text, name, line.currency, problems)
        for name, text in (("--price", said.price), ("--harm", said.harm), ("--day", said.day))
    }
    paid, harm, day = (None if one is None else one / MICRO for one in micro.values())
    if said.price is None and own is None:
        rule = f"nothing tells what a label of a pilot costs: the `pay` of {pool} is not one price per label"
        problems.append(f'--price: {rule}. Say --price "0.10 {line.currency}".')
    days = 0.0
    try:
        days = float(quantity(said.delay, "day", "a time", "5 days"))
        if not 0 <= days <= 3650:
            problems.append(f"--delay: must be from 0 to 3,650 days, but got {days:g} days. Write it like 5 days.")
    except ValueError as error:
        problems.append(f"--delay: {error}")
    if len(problems) > before:
        return None
    return Terms(own or 0.0 if paid is None else paid, harm, day, days)


def _unsure(
    paths: Sequence[Path], profile: Path | None, ranges: Sequence[Range], seed: int, draws: int
) -> list[Unsure]:
    """Both plans with what is not known of each. Raises ScenarioRefused where that is nothing, no plan has a key, or
    an end of a range is no line."""
    from .scenarios.load import load
    from .scenarios.unsure import Unsure
    from .scenarios.varied import holding
    from .sim.errors import ScenarioRefused

    own: list[list[Range]] = [[] for _ in paths]
    for one in ranges:
        for which, has in enumerate(holding(paths, profile, one.path)):
            if has:
                own[which].append(one)
                for end in (one.low, one.high):
                    load(paths[which], profile, (one.path, one.text(end)))
    found = [Unsure(path, profile, seed, over=tuple(over), of=draws) for path, over in zip(paths, own, strict=True)]
    if not any(one.paths[0] for one in found):
        rule = f"{paths[0]}, {paths[1]}: nothing of either is said not to be known, so a pilot has nothing to tell"
        mend = 'Say what is not: --over "pools.vendor.skill.accuracy=85%..97%", or put a fitted profile under them'
        raise ScenarioRefused(f"{rule}. {mend} (`labelcast calibrate`).")
    return found


def _drawn(unsure: Unsure, line: Line, draws: int) -> list[Line]:
    """The line of each draw."""
    if not unsure.paths[0]:
        return [line] * draws
    found = []
    with terminal.progress(f"{line.name}: what may be true") as tell:
        for number in range(draws):
            found.append(unsure(number))
            tell(number + 1, draws)
    return found


def _runs(unsure: Unsure, line: Line, draws: int, processes: int | None) -> Runs:
    """A run of each draw."""
    from .sim.replicate import replicate

    with terminal.progress(f"{line.name}: {draws} draws") as tell:
        lines = unsure.lines if unsure.paths[0] else None
        return replicate(line, draws, unsure.seed, processes, progress=tell, lines=lines)
