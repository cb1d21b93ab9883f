"""Choices among plans: how often the best is chosen, of numbers whose means are known and of a line whose best size of
batches is known by enumeration.

The numbers: four systems, three of them worse than the best by exactly the zone, which is the hardest that is promised.
The line: people set themselves up for each batch and hand it on together, so that small ones cost set-ups and large
ones waiting; of each size so many runs are made that the best is beyond doubt, and the zone is what the next is worse.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from selection.by_the_paper import draws

from labelcast.scenarios.choice import PROCEDURES, Promise, choose
from labelcast.scenarios.sweep import read_sweep, swept
from labelcast.scenarios.tolerance import Tolerance
from labelcast.sim.line import Line
from labelcast.sim.paired import difference
from labelcast.sim.processes import in_order
from labelcast.sim.replicate import replicate
from labelcast.sim.selection import Procedure, Rule, select
from labelcast.sim.statistics import Difference, Summary, coverage

from .section import Figure, Section

KPI = "cycle_time_h"
PROMISED = 0.95

SETTINGS: dict[str, tuple[tuple[float, ...], float]] = {
    "equal, independent": ((3.0, 3.0, 3.0, 3.0), 0.0),
    "equal, on shared luck": ((3.0, 3.0, 3.0, 3.0), 0.8),
    "unequal, independent": ((3.0, 1.0, 2.0, 5.0), 0.0),
    "unequal, on shared luck": ((4.0, 1.0, 2.0, 5.0), 0.8),
}
"""Standard deviations, in zones, and the correlation of each pair."""

BATCHED = """
labelcast: 1
name: batched
start: 2027-01-04T09:00
currency: EUR
work:
  images: {backlog: 200 items, classes: {a: 60%, b: 40%}, difficulty: {spread: 0.8}}
pools:
  team: {headcount: 4, calendar: always, speed: {spread: 0.2}, skill: {accuracy: 92%}, pay: {hourly: 20 EUR}}
  judges: {headcount: 2, calendar: always, reviewing: {sensitivity: 90%, false_alarm: 2%}, pay: {hourly: 30 EUR}}
stages:
  annotate:
    pools: [team]
    time: {lognormal: {median: 60 s, p95: 150 s}}
    batch: {size: 5 items, setup: 90 s, together: yes}
  review:
    pools: [judges]
    fraction: 50%
    time: {lognormal: {median: 30 s, p95: 60 s}}
    on_reject: {to: annotate, rounds: 2, then: deliver}
"""
SIZES = "stages.annotate.batch.size=4, 6, 7, 8, 9, 10, 14 items"


@dataclass(frozen=True)
class Case:
    """A setting and a procedure, drawn so often in one piece of work."""

    setting: str
    procedure: Procedure
    many: int = 100


def drawn(case: Case, piece: int) -> int:
    """How often the best of four is chosen in a piece of work."""
    sd, rho = SETTINGS[case.setting]
    rng = np.random.default_rng([piece, list(SETTINGS).index(case.setting), PROCEDURES.index(case.procedure)])
    rule = Rule(1.0, PROMISED, procedure=case.procedure)
    numbers = (draws(rng, [1.0, 0.0, 0.0, 0.0], sd, rho, 1_200) for _ in range(case.many))
    return sum(select([*x], rule).chosen == 0 for x in numbers)


@dataclass(frozen=True, eq=False)
class Known:
    """A line at several sizes of batches. best: the place of the one that is known to be the best.  next: the one after
    it, and what it is worse, which is the zone."""

    lines: tuple[Line, ...]
    means: tuple[float, ...]
    best: int
    next: int
    worse: Difference

    def promise(self, procedure: Procedure) -> Promise:
        """With the zone of what the next is worse."""
        return Promise(KPI, Tolerance(KPI, self.worse.mean, relative=False), PROMISED, procedure)


def known(many: int, processes: int | None) -> Known:
    """By so many runs of each size."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "batched.yaml"
        path.write_text(BATCHED, encoding="utf-8")
        lines = swept(path, None, read_sweep(SIZES)).lines
    values = [replicate(line, many, 1, processes).kpis[KPI].to_numpy(np.float64) for line in lines]
    order = sorted(range(len(lines)), key=lambda place: values[place].mean())
    worse = difference(values[order[1]], values[order[0]], 0.99)
    return Known(lines, tuple(float(one.mean()) for one in values), order[0], order[1], worse)


@dataclass(frozen=True)
class Made:
    """A choice on a seed of its own. right: the known best; spent: runs of all plans."""

    right: bool
    spent: int


def experiment(job: tuple[Known, Procedure], number: int) -> Made:
    """One choice."""
    which, procedure = job
    found = choose(which.lines, which.promise(procedure), 800_000 + number, 1)
    return Made(found.chosen is not None and found.places[found.found.leader] == which.best, found.spent)


def proved(experiments: int, processes: int) -> Section:
    """The section of the page. experiments: choices among sizes, and forty times as many of numbers, of each."""
    pieces = max(1, 2 * experiments // 5)
    rows: list[tuple[str, Procedure, Summary, str]] = []
    for setting in SETTINGS:
        for procedure in PROCEDURES:
            case = Case(setting, procedure)
            hits = sum(in_order(drawn, case, pieces, processes))
            rows.append((f"numbers: {setting}", procedure, coverage(hits, pieces * case.many), "-"))
    which = known(20 * experiments, processes)
    for procedure in PROCEDURES:
        made = list(in_order(experiment, (which, procedure), experiments, processes))
        share = coverage(sum(one.right for one in made), experiments)
        spent = f"{np.mean([one.spent for one in made]):.0f}"
        rows.append(("sizes of batches", procedure, share, spent))
    return Section("Choices", [*_text(which, experiments), *map(_row, rows)], [_figure(rows)])


def _text(which: Known, experiments: int) -> list[str]:
    sizes = ", ".join(f"{line.name} {mean:.4f}" for line, mean in zip(which.lines, which.means, strict=True))
    worse = which.worse
    return [
        "Numbers: four normal systems, three of them worse by exactly the zone. Sizes of batches: a line of 200 items,",
        f"its mean cycle time in hours by {20 * experiments:,} runs of each: {sizes}. The best is",
        f"{which.lines[which.best].name}; {which.lines[which.next].name} is worse by {worse.mean:.4f} h (99%",
        f"{worse.low:.4f} to {worse.high:.4f}), which is the zone. Promised: the best in 95%.",
        "",
        "| What | Procedure | Chosen | 99% interval | Runs of all plans, mean | Verdict |",
        "|---|---|---:|---:|---:|---|",
    ]


def _row(row: tuple[str, Procedure, Summary, str]) -> str:
    what, procedure, share, spent = row
    verdict = "kept" if share.high >= PROMISED else "**BROKEN**"
    told = f"{share.low:.1%} to {share.high:.1%}"
    return f"| {what} | `{procedure}` | {share.mean:.1%} | {told} | {spent} | {verdict} |"


def _figure(rows: list[tuple[str, Procedure, Summary, str]]) -> Figure:
    least = min((share for _, _, share, _ in rows), key=lambda share: share.mean)
    return Figure(
        "chosen_best",
        "the best of several is chosen where all others are worse by the zone (least of ten settings)",
        "not below 95%",
        least.mean,
        f"{least.mean:.1%} ({least.low:.1%} to {least.high:.1%})",
        all(share.high >= PROMISED for _, _, share, _ in rows),
    )
