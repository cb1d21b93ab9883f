"""Cases in which every certificate is false, or all but that of a plan much dearer: the best lies just beyond.

The exponential line for 30 h, with headcounts up to some plan, the greatest, and a limit 2% below the mean wait
of that plan, which is known by long simulation. More people never make a wait longer, so no plan keeps the limit.
In every second case one pool may have one person more; whether a plan with that person keeps the limit, and with it
its certificate, is settled by long simulation.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from labelcast.scenarios.search.question import Plan, Question

from .book import FOLDER, Book
from .exponential import KPI, POOLS, SCENARIO
from .problem import Problem, Truth

HORIZON = "30 h"
BEYOND = 0.02
"""By so much of it the limit lies below the mean wait of the greatest plan."""

FEWER = 3
"""So many people fewer than in the greatest plan may be in each pool, of at least one."""

GREATEST = (
    (10, 6, 6, 3, 3, 3),
    (11, 7, 6, 4, 4, 3),
    (12, 7, 6, 3, 4, 3),
    (10, 6, 7, 4, 4, 3),
    (12, 7, 7, 4, 4, 4),
)
"""Headcounts."""

RUNS = 20_000
"""Replications by which the wait of a greatest plan is known: to 0.4%, a fifth of what the limit lies below it."""


@dataclass(frozen=True)
class Case:
    """A line's caps. greatest: its place.  wider: the pool that may have one person more, None for none."""

    greatest: int
    wider: int | None


def case(number: int) -> Case:
    """The cases in turn: every second one has a wider pool."""
    greatest = number % len(GREATEST)
    turn = number // len(GREATEST)
    return Case(greatest, None if turn % 2 else (turn // 2) % len(POOLS))


def waits() -> dict[tuple[int, ...], float]:
    """Mean wait of each greatest plan, h, as simulated; made by python -m searching.truth beyond."""
    with (FOLDER / "beyond.csv").open(encoding="utf-8", newline="") as stream:
        next(stream)
        rows = csv.DictReader(stream)
        return {tuple(int(row[pool]) for pool in POOLS): float(row["wait_h"]) for row in rows}


def text(tops: tuple[int, ...], greatest: tuple[int, ...], limit: float) -> str:
    """The scenario file, with headcounts from a few below the greatest plan to `tops`."""
    pairs = zip(POOLS, greatest, tops, strict=True)
    vary = "".join(f"    pools.{pool}.headcount: {max(1, many - FEWER)}..{top}\n" for pool, many, top in pairs)
    scenario = SCENARIO.replace("horizon: 100 h", f"horizon: {HORIZON}")
    return f'{scenario}search:\n  minimise: cost\n  subject_to: ["{KPI} <= {limit:.6f} h"]\n  vary:\n{vary}'


def problem(one: Case) -> Problem:
    """The problem of a case; its best plan is not known, or there is none."""
    greatest = GREATEST[one.greatest]
    tops = tuple(many + (place == one.wider) for place, many in enumerate(greatest))
    limit = waits()[greatest] * (1.0 - BEYOND)

    def truth(question: Question, plan: Plan) -> Truth:
        heads = [int(variable.texts[place]) for variable, place in zip(question.variables, plan, strict=True)]
        if one.wider is None or heads[one.wider] <= greatest[one.wider]:
            return Truth(float("nan"), False)
        book = Book(question, len(POOLS))
        return Truth(book.of(plan).cost, book.holds(plan))

    return Problem(f"beyond-{one.greatest}-{one.wider}", text(tops, greatest, limit), None, truth)


def write(path: Path, found: dict[tuple[int, ...], tuple[float, float]], made: str) -> None:
    """The table of waits. found: mean and its standard error, h, by greatest plan."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(f"# {made}\n")
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow([*POOLS, "replications", "wait_h", "its se"])
        rows.writerows([*plan, RUNS, f"{mean:.6f}", f"{error:.6f}"] for plan, (mean, error) in found.items())
