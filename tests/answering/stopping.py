"""Comparisons that stop when a difference is precise: whether their intervals still hold the true difference.

Two lines on one seed that differ in their people's luck alone (alike.py), so that the true difference is zero.
"""

from __future__ import annotations

from dataclasses import dataclass

from labelcast.scenarios.together import FIRST, Wanted, simulate
from labelcast.scenarios.tolerance import Tolerance
from labelcast.sim.paired import difference
from labelcast.sim.processes import in_order
from labelcast.sim.statistics import coverage

from .alike import line, shifted
from .section import Figure, Section

KPI = "cost"
WANTED = Wanted({KPI: Tolerance(KPI, 0.05, relative=True)}, most=400)
"""A twentieth of the baseline's cost takes some 60 replications: near the first look, where stopping harms most."""


@dataclass(frozen=True)
class Stopped:
    """One comparison. held, by_students: whether our interval, and Student's, holds zero."""

    replications: int
    reached: bool
    held: bool
    by_students: bool


def experiment(wanted: Wanted, number: int) -> Stopped:
    """One comparison, on a seed of its own."""
    lines = [line(), shifted(line(), 1)]
    runs, reached = simulate(lines, wanted, 500_000 + number, 1)
    a, b = (each.kpis[KPI] for each in runs)
    ours, students = difference(b, a, 0.95, FIRST), difference(b, a, 0.95)
    return Stopped(
        len(a), all(one.enough for one in reached), ours.low <= 0 <= ours.high, students.low <= 0 <= students.high
    )


def proved(experiments: int, processes: int) -> Section:
    """The section of the page."""
    found = list(in_order(experiment, WANTED, experiments, processes))
    held, students = (coverage(sum(getattr(one, of) for one in found), experiments) for of in ("held", "by_students"))
    runs = sorted(one.replications for one in found)
    lines = [
        f"{experiments} comparisons of two lines whose people differ by luck alone, with replications added until the",
        f"difference of `{KPI}` is known to 5% of the baseline's. They stopped at {runs[len(runs) // 20]} to",
        f"{runs[-1 - len(runs) // 20]} replications (nine in ten), {sum(one.reached for one in found)} of them as",
        "precise as was asked. Intervals must hold the true difference, zero, in at least 95%: the 99% interval of",
        "their share must not lie below it.",
        "",
        "| Interval | Share | 99% interval | Verdict |",
        "|---|---:|---:|---|",
        f"| as printed | {held.mean:.1%} | {held.low:.1%} to {held.high:.1%} | "
        f"{'kept' if held.high >= 0.95 else '**BROKEN**'} |",
        f"| Student's, as if the number had been fixed | {students.mean:.1%} | {students.low:.1%} to "
        f"{students.high:.1%} | for comparison |",
    ]
    figure = Figure(
        "stopped_coverage",
        "comparisons that stop by precision: the interval holds the true difference",
        "not below 95%",
        held.mean,
        f"{held.mean:.1%} ({held.low:.1%} to {held.high:.1%})",
        held.high >= 0.95,
    )
    return Section("Stopping by precision", lines, [figure])
