"""The measured errors of the estimates, docs/estimates.md; minutes of computing.

PYTHONPATH=tests python -m estimates.measure [--items N] [--replications N] [--processes N] [--to FILE]
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np
from lines import queue

from labelcast.scenarios.library import scenarios
from labelcast.scenarios.load import load
from labelcast.sim.estimates import dispersion, estimate, qna
from labelcast.sim.estimates.erlang import erlang_c, square_root_staffing
from labelcast.sim.kernel import run
from labelcast.sim.plan import Plan
from labelcast.sim.processes import in_order

from .grid import PER_WEEK, SEED, Point, Simulated, cycle_s, points, service, simulated

ROOT = Path(__file__).parents[2]
GROUPS = [list(group) for _, group in groupby(points(), lambda point: (point.servers, point.busy))]
BACKLOGS = ("in-house", "vendor", "mixed")

PAGE = """# How far the estimates are off

Written by `PYTHONPATH=tests python -m estimates.measure`; do not edit.

`labelcast check` says without simulation what to expect of a line. This page says how far such answers are from the
simulated ones. Simulated by the kernel: {items:,} items, {replications} replications, the first fifth not counted;
intervals are of 95%.

## Mean time in the line

Three stages with rework: annotate, review, pack; a review sends one item in five back. All service times have the same
coefficient of variation (cv): lognormal at 0.5 and 1.5, exponential at 1, where the simulated mean is Jackson's, which
is exact. "Estimate" is what `check` says: a network by the dispersion of its streams over time (Whitt and You 2022),
with near-immediate feedback taken out and waits for several servers by Whitt 1993. "QNA" is Whitt's analyzer of 1983.

Largest error of the estimate: **{worst:.1f}%** (interval of that cell: ±{half:.1f}%). Of QNA: {worst_qna:.1f}%.

| servers | busy | cv | simulated, min | estimate | QNA |
|---|---|---:|---:|---:|---:|
{rows}

## Several labels an item

One stage at which all labels of an item are asked for at once, of different people. The wait of a label is estimated
too low where people are few or seldom all busy, because the labels of one item queue behind each other.

| people | labels | busy | cv | wait, min | estimate | time in line, min | estimate |
|---:|---:|---:|---:|---:|---:|---:|---:|
{together}

## People wanted

Square-root staffing against the least number of servers with which no more tasks wait (Erlang C): the difference.

| share that waits | load 1 | 2 | 5 | 10 | 20 | 50 | 100 | 300 |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
{staffing}

## End of a backlog

The fluid answer against the mean finish of {finishes} runs, for the plans of the library (3,000 items). The last items
decide: one that is sent back on the last day may take until the next.

| plan | estimate, days | simulated, days | error |
|---|---:|---:|---:|
{backlogs}
"""


@dataclass(frozen=True)
class Size:
    """Items of a run, and replications."""

    items: int
    replications: int


def measure(size: Size, number: int) -> list[Simulated]:
    """Simulated means of a group of points that differ in cv alone."""
    return simulated(GROUPS[number], size.items, size.replications)


def table(size: Size, processes: int) -> Iterator[tuple[Point, Simulated, float, float]]:
    """Each point with its simulated mean, and the errors of the estimate and of QNA in percent."""
    for number, found in enumerate(in_order(measure, size, len(GROUPS), processes)):
        print(f"{number + 1}/{len(GROUPS)}", file=sys.stderr)
        for point, one in zip(GROUPS[number], found, strict=True):
            network = point.network()
            guess, plain = point.cycle_s(dispersion.waits(network)), point.cycle_s(qna.waits(network))
            yield point, one, 100.0 * (guess / one.mean_s - 1.0), 100.0 * (plain / one.mean_s - 1.0)


def labels_together(size: Size) -> Iterator[str]:
    for people, labels, busy, cv in ((4, 3, 0.85, 1.0), (8, 3, 0.7, 1.0), (8, 3, 0.9, 0.5), (20, 5, 0.85, 0.5)):
        line = queue(people, PER_WEEK, size.items, service(60.0 * busy * people / labels, cv))
        line = replace(line, stages=(replace(line.stages[0], labels_per_item=labels),))
        logs = [run(Plan.of(line), SEED, r) for r in range(size.replications)]
        wait = np.mean([float((log.tasks["started_at"] - log.tasks["ready_at"]).mean()) for log in logs]) / 60_000.0
        cycle = np.mean([cycle_s(log) for log in logs]) / 60.0
        found = estimate(line)
        errors = (found.pools[0].wait_s / 60.0 / wait - 1.0, found.time_in_line_s / 60.0 / cycle - 1.0)
        told = (f"{wait:.2f}", f"{100.0 * errors[0]:+.0f}%", f"{cycle:.2f}", f"{100.0 * errors[1]:+.0f}%")
        yield f"| {people} | {labels} | {busy} | {cv} | {' | '.join(told)} |"


def staffing() -> Iterator[str]:
    for waiting in (0.5, 0.2, 0.05):
        found = []
        for load_ in (1, 2, 5, 10, 20, 50, 100, 300):
            exact = next(c for c in range(load_ + 1, 2 * load_ + 20) if erlang_c(c, load_) <= waiting)
            found.append(f"{math.ceil(square_root_staffing(load_, waiting)) - exact:+d}")
        yield f"| {waiting:.0%} | {' | '.join(found)} |"


def backlogs(runs: int) -> Iterator[str]:
    for name in BACKLOGS:
        line = load(scenarios()[name])
        finishes = [run(Plan.of(line), 1, r).items["delivered_at"].max() / 86_400_000 for r in range(runs)]
        guess, mean = estimate(line).drained_s / 86_400.0, float(np.mean(finishes))
        yield f"| {name} | {guess:.2f} | {mean:.2f} | {100.0 * (guess / mean - 1.0):+.0f}% |"


def page(size: Size, processes: int, finishes: int) -> str:
    found = list(table(size, processes))
    one, worst = max(((row[1], row[2]) for row in found), key=lambda row: abs(row[1]))
    rows = [
        f"| {', '.join(map(str, p.servers))} | {', '.join(map(str, p.busy))} | {p.cv} "
        f"| {s.mean_s / 60.0:.2f} ± {s.half_s / 60.0:.2f} | {error:+.1f}% | {plain:+.1f}% |"
        for p, s, error, plain in found
    ]
    return PAGE.format(
        items=size.items,
        replications=size.replications,
        worst=abs(worst),
        half=100.0 * one.half_s / one.mean_s,
        worst_qna=max(abs(row[3]) for row in found),
        rows="\n".join(rows),
        together="\n".join(labels_together(size)),
        staffing="\n".join(staffing()),
        finishes=finishes,
        backlogs="\n".join(backlogs(finishes)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--replications", type=int, default=12)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "estimates.md")
    told = parser.parse_args()
    text = page(Size(told.items, told.replications), told.processes, finishes=20)
    told.to.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
