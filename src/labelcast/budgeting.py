"""The command about money: what a scenario costs month by month, how sure that is, and why it is not as planned."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .reports.budget.whole import Budget
    from .scenarios.unsure import Unsure
    from .sim.line import Line
    from .sim.replicate import Runs

DEAREST = 10**12
"""Units of currency of the largest budget."""

LONGEST = 3_650
"""Days of the longest term of payment."""


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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Forecast what a scenario costs by month, how sure that is, against a budget, actuals and another scenario."""
    from .reports.budget.actuals import read_actuals
    from .reports.budget.text import budget_text
    from .reports.budget.told import budget_json
    from .reports.budget.whole import Asked, budget_of, months_of
    from .reports.budget.worth import longer
    from .reports.budget.worth import marginal as marginal_of
    from .scenarios.load import load
    from .scenarios.provenance import provenance
    from .scenarios.unsure import unsure
    from .sim.engines import ENGINES
    from .sim.errors import ScenarioRefused

    terminal.files(csv=csv, xlsx=xlsx)
    path = terminal.found(scenario)
    line = load(path, profile)
    against = None if against is None else terminal.found(against)
    other = None if against is None else load(against, profile)
    problems = list(_problems(line, other, actuals, delivered))
    limit, told_by = _limit(budget, line, problems)
    price = None if harm is None else money(harm, "--harm", line.currency, problems)
    terms = payments(paid_after, [pool.name for pool in line.pools], problems)
    if problems:
        raise ScenarioRefused(problems)
    spent = None if actuals is None else read_actuals(actuals, line, months_of(line, months))
    terminal.prepare(ENGINES[0])
    chance = _Chance(replications, seed, processes)
    lines = None if as_fitted else unsure(path, profile, seed)
    runs = chance.runs(line, lines)
    next_items = None
    if marginal:
        lengthened = None if lines is None else replace(lines, then=longer)
        next_items = marginal_of(runs, chance.runs(longer(line), lengthened, ", 1,000 items more"))
    bridged = None
    if against is not None and other is not None:
        bridged = chance.runs(other, None if as_fitted else unsure(against, profile, seed))
    drawn = None if lines is None else lines.paths
    sources = provenance(path, profile)
    asked = Asked(months, limit, told_by, spent, terms, fiscal_from, delivered, price, drawn, sources)
    result = budget_of(runs, asked, bridged, next_items, () if spent is None else spent.notes)
    _write(result, csv, xlsx)
    terminal.show(json.dumps(budget_json(result), indent=2, allow_nan=False) if as_json else budget_text(result))


def _write(result: Budget, csv: Path | None, xlsx: Path | None) -> None:
    from .reports.budget.sheets import write_budget
    from .reports.budget.told import ledger_csv
    from .sim.files import write_text

    if csv is not None:
        write_text(csv, ledger_csv(result))
        terminal.say(f"Ledger: {csv}")
    if xlsx is not None:
        write_budget(xlsx, result)
        terminal.say(f"Workbook: {xlsx}")


def money(text: str, option: str, currency: str, problems: list[str]) -> int | None:
    """Micro-units of an amount in a currency, which it need not name; None, and a problem more, where it is none."""
    from .scenarios.problems import quoted
    from .scenarios.units import grouped, number
    from .sim.line import MICRO

    if why := grouped(text):
        problems.append(f"{option}: {why}")
        return None
    try:
        value, unit = number(text, f"60000 {currency}")
    except ValueError as error:
        problems.append(f"{option}: {error}")
        return None
    if unit not in ("", currency):
        problems.append(
            f"{option}: must be in {currency}, the scenario's currency, but got {quoted(text)}. Convert it."
        )
        return None
    if not 0 <= value <= DEAREST:
        problems.append(f'{option}: must be at least 0 and at most {DEAREST:,}, but got {quoted(text)}. Write "60000".')
        return None
    return int((value * MICRO).to_integral_value())


def payments(words: Sequence[str] | None, pools: Sequence[str], problems: list[str]) -> Mapping[str, int] | None:
    """Days to payment by pool, "" for all others; None where nothing is said."""
    from .scenarios.problems import guess, listed, quoted

    if not words:
        return None
    found: dict[str, int] = {}
    for word in words:
        pool, days = _pair(word)
        if pool and pool not in pools:
            rule = f"no pool is named {quoted(pool)} (there are: {listed(pools)})"
            problems.append(f"--paid-after {word}: {rule}.{guess(pool, pools)}")
        elif not re.fullmatch(r"[0-9]{1,4}", days) or int(days) > LONGEST:
            rule = f"must be a whole number of days, at most {LONGEST:,}, but got {quoted(days)}"
            problems.append(f"--paid-after: {rule}. Write 30, or {pools[0]}=30.")
        elif pool in found:
            problems.append(f"--paid-after {word}: {pool or 'all others'} stands twice. Take one out.")
        else:
            found[pool] = int(days)
    return found


def _pair(word: str) -> tuple[str, str]:
    pool, mark, days = word.rpartition("=")
    return (pool.strip(), days.strip()) if mark else ("", word.strip())


def _limit(text: str | None, line: Line, problems: list[str]) -> tuple[int | None, str]:
    """The budget in micro-units, and who told it: the option, else the scenario's goal."""
    from .sim.line import MICRO

    if text is not None:
        return money(text, "--budget", line.currency, problems), "--budget"
    goals = [goal.value for goal in line.goals if goal.kpi == "cost" and goal.relation == "<="]
    return (round(min(goals) * MICRO), "the scenario's goal") if goals else (None, "")


def _problems(line: Line, other: Line | None, actuals: Path | None, delivered: int | None) -> Iterator[str]:
    """What cannot be answered of these scenarios and options."""
    from .sim.ledger import Terms

    for one in (line, *([] if other is None else [other])):
        if not Terms.of(one).pays:
            yield f"{one.name}: nobody is paid, so there is no budget. Write how, as in `pay: {{hourly: 31 EUR}}`."
    if other is not None and other.currency != line.currency:
        rule = f"both scenarios must have one currency, but got {line.currency} and {other.currency}"
        yield f"--against: {rule}. Give them the same `currency`, and an `exchange` for the contracts of the other."
    if other is not None and other.name == line.name:
        yield f'--against: both scenarios are named "{line.name}". Give each a `name:` of its own.'
    if other is not None and f"{other.start:%Y-%m}" != f"{line.start:%Y-%m}":
        rule = f"both scenarios must begin in one month, but got {line.start:%Y-%m} and {other.start:%Y-%m}"
        yield f"--against: {rule}. Give them the same `start`."
    if delivered is not None and actuals is None:
        yield "--delivered: tells how many items the months of --actuals delivered, but there are none. Say both."


@dataclass(frozen=True)
class _Chance:
    """How often and with which luck every line is run."""

    replications: int
    seed: int
    processes: int | None

    def runs(self, line: Line, drawn: Unsure | None, what: str = "") -> Runs:
        from .sim.replicate import replicate

        lines = None if drawn is None else drawn.lines
        with terminal.progress(f"{line.name}{what}: {self.replications} replications") as tell:
            return replicate(line, self.replications, self.seed, self.processes, progress=tell, lines=lines)
