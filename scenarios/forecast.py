"""A forecast from today: the scenario taken up where its log stands, with what it has cost so far.

The scenario is of the whole project, from its start. Its log tells what is done, what waits and who is on what; what
nobody has taken up is the scenario's work less what the log shows. Each run draws what comes after, and, where a
profile was fitted, what the fit does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..calibration.fit import Refusal
from ..calibration.readers.mapping import read_map
from ..calibration.readers.names import NAMES
from ..calibration.readers.recognise import Export, read
from ..calibration.today.history import history
from ..calibration.today.seen import moment_of
from ..calibration.today.standing import Today, today
from ..calibration.today.words import Words, words_of
from ..sim.errors import DataRefused, ScenarioRefused
from ..sim.forecast import forecast as replicated
from ..sim.ledger import Terms, ledger
from ..sim.line import MICRO, Line
from ..sim.replicate import Runs
from ..sim.statistics import band as ends
from .dates import moment as date_of
from .earlier import AHEAD_DAYS, BAND, Earlier, between, earlier, held_up
from .load import load
from .ongoing import goes_on
from .problems import quoted
from .unsure import Unsure

Floats = NDArray[np.float64]

DAY_MS = 86_400_000

Progress = Callable[..., None]
"""Called with how many are done, of how many, and what is being done."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a forecast. now: "", or a date at which the log is cut.  what_ifs: each one or more keys with
    their values, `pools.reviewers.headcount=7`, parted by semicolons.  steps, batches: what the log's words are on the
    line.  checks: past dates from which it is tried.  drawn: whether what a fit does not know is drawn."""

    now: str = ""
    what_ifs: Sequence[str] = ()
    steps: Mapping[str, str] = field(default_factory=dict)
    batches: Mapping[str, str] = field(default_factory=dict)
    map: Path | None = None
    replications: int = 39
    seed: int = 1
    processes: int | None = None
    checks: int = 8
    drawn: bool = True


@dataclass(frozen=True, eq=False)
class WhatIf:
    """text: as it was asked for.  runs: of the project with it, from today on, on the luck of the forecast's."""

    text: str
    runs: Runs


@dataclass(frozen=True, eq=False)
class Forecast:
    """today: where the line stands.  runs: of the whole project.  spent: by month, micro-units so far, month names in
    order; None where nothing is paid.  what_ifs: in the order asked for.  earlier: how forecasts from dates before did.
    next: by stage, chance that it holds the line up over the next days.  drawn: paths that each run draws.  left_out:
    rows of the log that tell nothing, by reason."""

    line: Line
    words: Words
    today: Today
    runs: Runs
    spent: dict[str, int] | None
    what_ifs: tuple[WhatIf, ...]
    earlier: Earlier | None
    next: dict[str, float]
    drawn: tuple[str, ...]
    left_out: tuple[Refusal, ...]

    @property
    def day(self) -> float:
        """Days from the line's start to the moment of the forecast."""
        return self.today.standing.at_ms / DAY_MS


def forecast(
    path: Path,
    logs: Sequence[Path],
    asked: Asked | None = None,
    profile: Path | None = None,
    progress: Progress = lambda *_: None,
) -> Forecast:
    """Takes a scenario up where its log stands, and runs it to its end.

    path, profile: as of load.  logs: exports of the project so far, in any format that calibrate reads.
    Raises ScenarioRefused and DataRefused with what is wrong: words of the log that the scenario does not have, a log
    that begins before it, or shows nothing yet, or all of it delivered.
    """
    asked = asked or Asked()
    line = load(path, profile)
    changed = [(text, _keys(text)) for text in asked.what_ifs]
    others = [load(path, profile, keys=keys) for _, keys in changed]
    _same_parts(line, changed, others)
    by = None if asked.map is None else read_map(Path(asked.map), [*NAMES])
    export = read([Path(one) for one in logs], None, by, lambda done, of, what: progress(done, of, what))
    words = words_of(line, export.judgements, asked.steps, asked.batches)
    now = _moment(line, export, asked.now)
    there = today(line, export, words, now)
    _open(line, there, now)
    past = history(line, there)
    whole = asked.replications * (1 + len(others))

    def runs(one: Line, keys: Sequence[tuple[str, str]], begun: int) -> Runs:
        """The whole project as a line has it from today on."""
        lines = Unsure(path, profile, asked.seed, keys=tuple(keys)) if asked.drawn else None
        lines = lines if lines is not None and lines.paths[0] else None
        return replicated(
            one,
            past,
            there.standing,
            asked.replications,
            asked.seed,
            asked.processes,
            lambda done, _: progress(begun + done, whole, f"{line.name}: {whole} runs from today"),
            lines=None if lines is None else lines.lines,
        )

    base = runs(line, (), 0)
    what_ifs = tuple(
        WhatIf(text, runs(other, keys, (n + 1) * asked.replications))
        for n, ((text, keys), other) in enumerate(zip(changed, others, strict=True))
    )
    drawn = Unsure(path, profile, asked.seed) if asked.drawn else None
    paths = drawn.paths[0] if drawn is not None else ()
    tried = None
    if asked.checks:
        lines = drawn.lines if drawn is not None and paths else None
        tried = earlier(
            line, export, words, there, asked.checks, asked.seed, base.curves[0], lines, asked.processes, progress
        )
    terms = Terms.of(line)
    spent = _by_month(ledger(past, terms, line.currency)) if terms.pays else None
    return Forecast(
        line, words, there, base, spent, what_ifs, tried, _next(base, there), paths, _left_out(export, there)
    )


def pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """What is said as WORD=NAME. Raises ScenarioRefused where it is not."""
    found = {}
    for text in texts:
        word, sign, name = text.rpartition("=")
        if not sign or not name:
            raise ScenarioRefused(f'{option}: must be WORD=NAME, but got {quoted(text)}. Write {option} "QA=review".')
        found[word.strip()] = name.strip()
    return found


def _keys(text: str) -> list[tuple[str, str]]:
    """The keys of a what-if and their values."""
    found = []
    for part in text.split(";"):
        key, sign, value = part.partition("=")
        if not sign or not key.strip() or not value.strip():
            form = "pools.reviewers.headcount=7"
            raise ScenarioRefused(
                f"--what-if: must be KEY=VALUE, several parted by semicolons, but got {quoted(text)}. Write it like "
                f"{quoted(form)}."
            )
        found.append((key.strip(), value.strip()))
    return found


def _same_parts(line: Line, changed: Sequence[tuple[str, object]], others: Sequence[Line]) -> None:
    """Refuses what-ifs that make another line, on which what stands today could not be taken up."""

    def parts(one: Line) -> tuple[object, ...]:
        stages = [(stage.name, stage.kind) for stage in one.stages]
        return stages, [pool.name for pool in one.pools], [each.name for each in one.segments], one.origin

    for (text, _), other in zip(changed, others, strict=True):
        if parts(other) != parts(line):
            rule = "a forecast goes on with the stages, pools, segments and start that the log was made with"
            raise ScenarioRefused(f"--what-if {text}: {rule}. Change headcounts, hours, shares, times or pay.")


def _moment(line: Line, export: Export, text: str) -> int:
    """When the forecast begins, milliseconds since 1970: the date that was named, or the log's last moment."""
    last = moment_of(export)
    if not text:
        return last
    try:
        named = date_of(text)
    except ValueError as error:
        raise ScenarioRefused(f"--now: {error}") from error
    asked = round(named.begins(line.origin.tzinfo).timestamp() * 1000)  # type: ignore[arg-type]
    if asked > last + DAY_MS:
        until = pd.Timestamp(last, unit="ms", tz="UTC").tz_convert(line.timezone).strftime("%Y-%m-%d %H:%M")
        raise ScenarioRefused(
            f"--now {text}: the log ends on {until}, and what was done since is not known. Give a later export, or "
            "leave --now out."
        )
    return asked


def _open(line: Line, there: Today, now: int) -> None:
    """Refuses a log after the horizon, or in which nothing is left."""
    at = there.standing.at_ms
    if at >= line.horizon_s * 1000:
        raise ScenarioRefused(
            f"horizon: the log goes on to day {at / DAY_MS:.0f} of the scenario, but it ends on day "
            f"{line.horizon_s / 86_400:.0f}. Write a later horizon."
        )
    planned = sum(
        one.backlog + sum(each.items for each in one.releases) if one.arrivals is None else np.inf
        for one in line.segments
    )
    begun = sum(there.standing.begun.values())
    if not there.standing.waits and begun >= planned and not goes_on(line):
        raise DataRefused(
            f"--log: all of it is delivered: {begun:,} items, and the scenario's work is {planned:,.0f}. Where more is "
            "to come, write the project's whole work into the scenario."
        )


def _left_out(export: Export, there: Today) -> tuple[Refusal, ...]:
    """Rows that tell nothing, apart from work in hand, which is taken up."""
    both = [*export.refusals.summary(), *there.log.left_out.summary()]
    return tuple(one for one in both if one.reason != "still being worked on")


def _by_month(money: pd.DataFrame) -> dict[str, int]:
    return {str(month): int(amount) for month, amount in money.groupby("month")["amount"].sum().items()}


def _next(runs: Runs, there: Today) -> dict[str, float]:
    """By stage, in which share of the runs it holds the line up longest over the next days."""
    begin = there.standing.at_ms / 3_600_000
    found = held_up([between(curves, begin, begin + 24 * AHEAD_DAYS) for curves in runs.curves])
    return {stage.name: found.count(stage.name) / len(found) for stage in runs.line.stages}


def by_month(runs: Runs) -> tuple[list[str], Floats]:
    """Months of the ledgers, in order, and float[replication, month]: what each cost, in units of the currency."""
    months = sorted({str(month) for month in runs.ledger["month"]})
    sums = np.zeros((len(runs.kpis), len(months)))
    place = runs.ledger["month"].map({month: number for number, month in enumerate(months)}).to_numpy(np.int64)
    np.add.at(sums, (runs.ledger["replication"].to_numpy(np.int64), place), runs.ledger["amount"].to_numpy(np.float64))
    return months, sums / MICRO


def band(values: ArrayLike) -> tuple[float, float, float]:
    """(low, median, high) of runs: the band that holds the next one with chance BAND at least."""
    low, high = ends(values, BAND)
    return low, float(np.quantile(np.asarray(values, np.float64), 0.5, method="inverted_cdf")), high
