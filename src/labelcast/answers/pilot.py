"""`labelcast pilot` as a function: what a pilot is worth before a plan is signed, and of which size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import terminal
from ..reports.notebook import Table
from ..reports.pilot import draw_pilot, pilot_json, pilot_text, size_rows, verdict
from ..scenarios.aimed import aimed
from ..scenarios.load import load
from ..scenarios.matched import check_lines
from ..scenarios.pilot import SIZES, Pilot, Terms, check_day, looked_at, people_of, price_of, seen
from ..scenarios.pilot import Asked as Wanted
from ..scenarios.pilot import pilot as of_pilot
from ..scenarios.ranges import Range, read_range
from ..scenarios.units import quantity
from ..scenarios.unsure import Unsure
from ..scenarios.varied import holding
from ..sim.engines import ENGINES
from ..sim.errors import ScenarioRefused
from ..sim.line import MICRO, Line, Pool
from ..sim.replicate import Runs, replicate
from .amounts import money
from .answer import Told
from .asking import Asked, PathLike, Words, check_numbers, reread, several

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class PilotAnswer(Told):
    """What a pilot is worth. found: by size, with what each draw gains."""

    found: Pilot

    @property
    def title(self) -> str:
        """Scenarios, draws, seed."""
        first, second = (line.name for line in self.found.lines)
        return f"{second} against {first}: a pilot before signing, {self.found.draws:,} draws, seed {self.found.seed}"

    @property
    def sentences(self) -> list[str]:
        """Whether to sign, stay, or look first, and from how many right labels on to sign."""
        return [*verdict(self.found)]

    @property
    def frame(self) -> pd.DataFrame:
        """A row a size: labels and people of the pilot; worth, cost and net in units of the currency, worth and net
        with low and high (95%); turns, how often it changes what is done; needed, right labels from which on the second
        plan is taken, NaN where no one number tells."""
        rows = [
            {
                "labels": one.trial.labels,
                "people": one.trial.people,
                "worth": one.found.worth.value,
                "worth_low": one.found.worth.low,
                "worth_high": one.found.worth.high,
                "cost": one.cost,
                "net": one.net.value,
                "net_low": one.net.low,
                "net_high": one.net.high,
                "turns": one.found.turns,
                "needed": float("nan") if one.needed is None else one.needed,
            }
            for one in self.found.sizes
        ]
        return pd.DataFrame(rows)

    @property
    def data(self) -> dict[str, Any]:
        """What `labelcast pilot --json` prints."""
        return pilot_json(self.found)

    @property
    def text(self) -> str:
        """What `labelcast pilot` prints."""
        return pilot_text(self.found)

    @property
    def tables(self) -> list[Table]:
        """What a pilot of each size is worth and costs."""
        return [Table(size_rows(self.found))]

    def plot(self) -> Figure:
        """Worth and cost against the number of labels, and what perfect knowledge is worth."""
        return draw_pilot(self.found).on_paper()


def pilot(
    first: Asked,
    second: Asked,
    *,
    over: Words | None = None,
    labels: int | Sequence[int] | None = None,
    people: int | None = None,
    pool: str | None = None,
    price: str | None = None,
    delay: str = "0 d",
    harm: str | None = None,
    day: str | None = None,
    deadline: str | None = None,
    draws: int = 200,
    seed: int = 1,
    processes: int | None = None,
    profile: PathLike | None = None,
) -> PilotAnswer:
    """Says what a pilot of n labels is worth before a plan is signed, what it costs, and which n is best.

    first: the plan that there is; second: the one that a pilot is to tell of, as with a new vendor. Each is a file, a
    name in the library, or what `load` gave.
    over: what is not known, "pools.vendor.skill.accuracy=85%..97%"; one or several.
    labels: sizes of the pilot, 50 to 2,000 if not said.  people: who label it; all of the pool if not said.
    pool: whose people; the pool that only the second plan has if not said.
    price: of a pilot's label, that of the pool's pay if not said.  delay: by which a pilot puts off both plans.
    harm: what a unit of harm of delivered errors costs.  day: what each day after the deadline costs; without a
    deadline, each day.  deadline: of both, in place of their own.
    draws: of what is not known, a run of each plan; at least 50.
    seed: the same seed, the same numbers.  processes: one a core, if that is quicker.  profile: to put under both.

    Raises ScenarioRefused as `load` does, and with what is wrong with the amounts, the keys and the plans: nothing that
    is not known, no price of a label, several currencies.

        lc.pilot("in-house", "vendor", over="pools.vendor.skill.accuracy=70%..92%", harm="15 EUR").plot()
    """
    sizes = [labels] if isinstance(labels, int) else list(labels or ())
    check_numbers(
        people=(people, 1, 100_000), draws=(draws, 50, 10_000), seed=(seed, 0, None), processes=(processes, 1, None)
    )
    for one in sizes:
        check_numbers(labels=(one, 1, 1_000_000))
    loaded = [reread(one, profile) for one in (first, second)]
    paths, ranges = [one.path for one in loaded], _ranges(several(over))
    lines = aimed([one.line for one in loaded], deadline, None, None)
    check_lines(lines)
    people_at, stage = looked_at(lines, pool)
    asked = _asked(lines, people_at, stage.name, sizes, people, _Said(price, delay, harm, day))
    unsure = _unsure(paths, [one.profile for one in loaded], ranges, seed, draws)
    unknown = list(dict.fromkeys(name for one in unsure for name in one.paths[0]))
    truths = seen(_drawn(unsure[1], lines[1], draws), unknown, asked)
    terminal.prepare(ENGINES[0])
    runs = [_runs(one, line, draws, processes) for one, line in zip(unsure, lines, strict=True)]
    return PilotAnswer(of_pilot((runs[0], runs[1]), (lines[0], lines[1]), truths, unknown, asked))


def _ranges(texts: Sequence[str]) -> list[Range]:
    """Raises ScenarioRefused with all that is wrong."""
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
) -> Wanted:
    """Raises ScenarioRefused with all that is wrong."""
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
    return Wanted(pool.name, stage, tuple(sorted({*(labels or SIZES)})), who, terms, deadline)


def _terms(said: _Said, line: Line, own: float | None, pool: str, problems: list[str]) -> Terms | None:
    """None, and a problem more, where something is wrong. own: price of a label by the pool's pay."""
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
    paths: Sequence[Path], profiles: Sequence[Path | None], ranges: Sequence[Range], seed: int, draws: int
) -> list[Unsure]:
    """Both plans with what is not known of each. Raises ScenarioRefused where that is nothing, no plan has a key, or
    an end of a range is no line."""
    own: list[list[Range]] = [[] for _ in paths]
    for one in ranges:
        for which, has in enumerate(holding([*zip(paths, profiles, strict=True)], one.path)):
            if has:
                own[which].append(one)
                for end in (one.low, one.high):
                    load(paths[which], profiles[which], (one.path, one.text(end)))
    found = [
        Unsure(path, profile, seed, over=tuple(over), of=draws)
        for path, profile, over in zip(paths, profiles, own, strict=True)
    ]
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
    with terminal.progress(f"{line.name}: {draws} draws") as tell:
        lines = unsure.lines if unsure.paths[0] else None
        return replicate(line, draws, unsure.seed, processes, progress=tell, lines=lines)
