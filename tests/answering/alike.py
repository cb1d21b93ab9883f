"""Scenarios that differ in nothing but luck: how often intervals hold the true difference, zero, and how often any of
ten is said to differ.

Ten streams of one line, each with a seed of its own, are compared as ten scenarios would be: 45 pairs, four KPIs. Of
the first two the intervals are kept. So that luck is shared in part, as it is between scenarios on common random
numbers, ten lines are compared as well that have one seed and pools of nobody's before their own: a pool's luck hangs
on its place (decision 040), so their people differ, their items do not, and their truth is the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lines import full

from labelcast.scenarios.compare import DECISION, Comparison, compare
from labelcast.sim.line import Contract, Line, Pool
from labelcast.sim.processes import in_order
from labelcast.sim.replicate import Runs, replicate
from labelcast.sim.statistics import Summary, coverage

from .section import Figure, Section

SCENARIOS, REPLICATIONS, ITEMS = 10, 10, 20
"""Of one experiment; items of each of two segments."""

FAMILY = 0.05
MOST = 0.07
"""Promised and largest admitted chance of any false difference."""


def line() -> Line:
    """Every mechanism of the engine, with people who are paid by the hour."""
    made = full(ITEMS)
    return replace(made, pools=tuple(replace(pool, contract=Contract(hourly=20_000_000)) for pool in made.pools))


def shifted(made: Line, places: int) -> Line:
    """The same line with so many pools before its own, which nobody is asked of."""
    spare = tuple(Pool(f"spare-{number}", 1, "office") for number in range(places))
    return replace(made, name=f"shifted-{places}", pools=(*spare, *made.pools))


def named(runs: Runs, name: str) -> Runs:
    """Runs as of a scenario of that name, on the first seed: the comparison pairs them by number."""
    return replace(runs, line=replace(runs.line, name=name), seed=1)


@dataclass(frozen=True)
class Job:
    """What an experiment is given. independent: of streams, or of shifted lines."""

    line: Line
    independent: bool
    scenarios: int = SCENARIOS
    replications: int = REPLICATIONS


@dataclass(frozen=True)
class Told:
    """What one experiment told. held: by KPI, whether the interval of the first pair holds zero.  by_itself: whether
    any pair differs by its own p-value.  differs: whether any is claimed to.  best: whether one is said to be surely
    the best of a KPI."""

    held: dict[str, bool]
    by_itself: bool
    differs: bool
    best: bool


def experiment(job: Job, number: int) -> Told:
    """One experiment, with seeds of its own."""
    first = 1_000 + 100 * number
    if job.independent:
        runs = [
            named(replicate(job.line, job.replications, first + place, 1), f"stream-{place}")
            for place in range(job.scenarios)
        ]
    else:
        runs = [replicate(shifted(job.line, place), job.replications, first, 1) for place in range(job.scenarios)]
    return told(compare(runs))


def told(found: Comparison) -> Told:
    """What is counted of a comparison."""
    pairs = found.differences
    pair = pairs[pairs["scenario"] == pairs["scenario"].iloc[0]]
    held = {
        str(kpi): bool(low <= 0.0 <= high)
        for kpi, low, high in zip(pair["kpi"], pair["low"], pair["high"], strict=True)
    }
    return Told(
        held,
        bool((found.pairs["p_value"] < FAMILY).any()),
        bool(found.pairs["differs"].any()),
        bool((found.best.groupby("kpi")["among"].sum() == 1).any()),
    )


@dataclass(frozen=True)
class Alike:
    """Shares of experiments. held: by KPI.  by_itself, differs, best: as of Told."""

    experiments: int
    held: dict[str, Summary]
    by_itself: Summary
    differs: Summary
    best: Summary


def counted(job: Job, experiments: int, processes: int) -> Alike:
    """All experiments together, each share with its exact 99% interval."""
    found = list(in_order(experiment, job, experiments, processes))
    held = {kpi: coverage(sum(one.held[kpi] for one in found), experiments) for kpi in DECISION}
    shares = (
        coverage(sum(getattr(one, name) for one in found), experiments) for name in ("by_itself", "differs", "best")
    )
    return Alike(experiments, held, *shares)


def proved(experiments: int, processes: int) -> Section:
    """The section of the page."""
    streams = counted(Job(line(), independent=True), experiments, processes)
    lucky = counted(Job(line(), independent=False), max(1, experiments // 5), processes)
    worst = min(streams.held.values(), key=lambda share: share.mean)
    kept = all(share.low <= 0.95 <= share.high for share in streams.held.values())
    safe = [one.differs.high < MOST for one in (streams, lucky)]
    lines = [
        f"{experiments} experiments of {SCENARIOS} streams, each of {REPLICATIONS} replications and a seed of its own,",
        f"of a line with two segments of {ITEMS} items, three pools, consensus, review, rework and adjudication; and",
        f"{lucky.experiments} of {SCENARIOS} lines on one seed whose people differ by luck alone: nothing differs.",
        "",
        "| What | Experiments | Share | 99% interval | Promise | Verdict |",
        "|---|---:|---:|---:|---|---|",
    ]
    for which, one in (("streams", streams), ("one seed", lucky)):
        for kpi, share in one.held.items():
            verdict = "kept" if share.low <= 0.95 <= share.high else "**BROKEN**" if share.high < 0.95 else "more"
            lines.append(_row(f"{which}: the interval of `{kpi}` holds zero", one.experiments, share, "95%", verdict))
        verdict = "kept" if one.differs.high < MOST else "**BROKEN**"
        lines.append(_row(f"{which}: any of 180 differences is claimed", one.experiments, one.differs, "5%", verdict))
        lines.append(
            _row(f"{which}: any p-value by itself is below 5%", one.experiments, one.by_itself, "none", "seen")
        )
        lines.append(_row(f"{which}: one is called the best of a KPI", one.experiments, one.best, "5% a KPI", "seen"))
    figures = [
        Figure(
            "independent_coverage",
            "two independent streams: the interval of a difference holds zero (least of four KPIs)",
            "99% interval holds 95%",
            worst.mean,
            _share(worst),
            kept,
        ),
        Figure(
            "family_wise_error",
            "ten scenarios that do not differ: any difference is claimed",
            "at most 5%, upper end below 7%",
            max(streams.differs.mean, lucky.differs.mean),
            _share(max(streams.differs, lucky.differs, key=lambda share: share.mean)),
            all(safe),
        ),
    ]
    return Section("Scenarios that do not differ", lines, figures)


def _row(what: str, experiments: int, share: Summary, promise: str, verdict: str) -> str:
    return (
        f"| {what} | {experiments} | {share.mean:.1%} | {share.low:.1%} to {share.high:.1%} | {promise} | {verdict} |"
    )


def _share(share: Summary) -> str:
    return f"{share.mean:.1%} ({share.low:.1%} to {share.high:.1%})"
