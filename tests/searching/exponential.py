"""Six pools, exponential times, Poisson arrivals: a Jackson network, so that every plan's cost and wait are exact.

Images are drawn on, described and checked; a check sends them back to be fixed, on to an audit or a judge, or out. The
cheapest headcounts are asked for whose tasks wait 0.0517 h on average. The cost of a plan is wages times the horizon,
without chance. The mean wait is that of the steady state (Jackson 1957, by theory/oracles), from which a run of 100 h
that begins with an empty line differs by a little; it is below, since the line fills up: docs/search-proof.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray
from theory.oracles.networks import traffic
from theory.oracles.single import mmc_wait

from labelcast.scenarios.search.question import Plan, Question

from .book import ASKED, Book
from .problem import Problem, Truth

KPI = "wait_h.segment.images"
LIMIT = 0.0517
HORIZON_H = 100.0
RATE = 10.0
"""Images an hour."""

POOLS = ("drawers", "describers", "checkers", "fixers", "auditors", "judges")
MEANS_MIN = (45.0, 25.0, 19.0, 36.0, 30.0, 48.0)
WAGES = (25, 25, 33, 28, 30, 49)
LEAST, MOST = (7, 4, 4, 2, 2, 1), (16, 12, 12, 8, 8, 7)
"""Headcounts; with the least of them queues grow for ever."""

BEGINNING = 2.0
"""No plan's wait is brought down by more than this factor by the empty line at the beginning; 6% is the most that was
seen of plans whose wait is near the limit."""

WAYS = (
    (0.0, 1.0, 0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 1.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.22, 0.30, 0.14),
    (0.0, 0.0, 1.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.10, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
)
"""Chances from a stage, in the order of the pools, to another; the rest leaves."""

SCENARIO = """\
labelcast: 1
name: exponential
start: 2027-01-04T00:00
timezone: UTC
currency: EUR
horizon: 100 h
work:
  images: {arrivals: {rate: 1_680 items/week, calendar: always}}
pools:
  drawers: {headcount: 13, calendar: always, speed: {spread: 0}, pay: {hourly: 25 EUR}}
  describers: {headcount: 8, calendar: always, speed: {spread: 0}, pay: {hourly: 25 EUR}}
  checkers: {headcount: 8, calendar: always, speed: {spread: 0}, pay: {hourly: 33 EUR}}
  fixers: {headcount: 5, calendar: always, speed: {spread: 0}, pay: {hourly: 28 EUR}}
  auditors: {headcount: 5, calendar: always, speed: {spread: 0}, pay: {hourly: 30 EUR}}
  judges: {headcount: 4, calendar: always, speed: {spread: 0}, pay: {hourly: 49 EUR}}
stages:
  draw: {kind: work, pools: [drawers], time: {exponential: {mean: 45 min}}, next: {done: describe}}
  describe: {kind: work, pools: [describers], time: {exponential: {mean: 25 min}}, next: {done: check}}
  check:
    kind: work
    pools: [checkers]
    time: {exponential: {mean: 19 min}}
    next: {done: {fix: 22%, audit: 30%, judge: 14%, deliver: 34%}}
  fix: {kind: work, pools: [fixers], time: {exponential: {mean: 36 min}}, next: {done: check}}
  audit:
    kind: work
    pools: [auditors]
    time: {exponential: {mean: 30 min}}
    next: {done: {fix: 10%, deliver: 90%}}
  judge: {kind: work, pools: [judges], time: {exponential: {mean: 48 min}}, next: {done: deliver}}
"""


@cache
def _visits() -> tuple[float, ...]:
    """Tasks an hour at each stage."""
    return tuple(traffic([RATE, 0.0, 0.0, 0.0, 0.0, 0.0], WAYS))


@cache
def _wait(stage: int, headcount: int) -> float:
    """Mean wait at a stage, h; infinite where the queue grows for ever."""
    rate, mean = _visits()[stage], MEANS_MIN[stage] / 60.0
    return mmc_wait(headcount, rate, mean) if rate * mean < headcount - 1e-9 else math.inf


def heads(plan: Plan) -> tuple[int, ...]:
    """The headcounts of a plan."""
    return tuple(low + place for low, place in zip(LEAST, plan, strict=True))


def wait_h(plan: Plan) -> float:
    """Mean wait of all tasks in the steady state, h."""
    visits = _visits()
    waits = [rate * _wait(stage, many) for stage, (rate, many) in enumerate(zip(visits, heads(plan), strict=True))]
    return sum(waits) / sum(visits)


def cost(plan: Plan) -> float:
    """What a run costs, EUR."""
    return HORIZON_H * sum(wage * many for wage, many in zip(WAGES, heads(plan), strict=True))


@cache
def enumerated() -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """(plans, int[plans, 6]; cost of each; wait of each), by cost, and by wait among those that cost the same."""
    sizes = [most - low + 1 for low, most in zip(LEAST, MOST, strict=True)]
    plans = np.array(list(product(*map(range, sizes))))
    costs = HORIZON_H * ((plans + np.array(LEAST)) @ np.array(WAGES, np.float64))
    visits = _visits()
    waits = np.zeros(len(plans))
    for stage, size in enumerate(sizes):
        each = np.array([visits[stage] * _wait(stage, LEAST[stage] + place) for place in range(size)])
        waits += each[plans[:, stage]] / sum(visits)
    order = np.lexsort((waits, costs))
    return plans[order], costs[order], waits[order]


def cheapest(limit: float) -> Plan | None:
    """The cheapest plan whose tasks wait so long at most, by enumeration; None where there is none."""
    plans, _, waits = enumerated()
    kept = np.flatnonzero(waits <= limit)
    return tuple(map(int, plans[kept[0]])) if kept.size else None


def holds(plan: Plan, limit: float) -> bool | None:
    """Whether a run of a plan keeps the limit on its mean wait; None where only runs can tell, since the steady state's
    lies above it by no more than what the empty beginning may take off."""
    wait = wait_h(plan)
    return True if wait <= limit else None if wait <= BEGINNING * limit else False


def problem(limit: float = LIMIT) -> Problem:
    """The problem with this limit on the mean wait, h."""
    pairs = zip(POOLS, LEAST, MOST, strict=True)
    vary = "".join(f"    pools.{pool}.headcount: {low}..{most}\n" for pool, low, most in pairs)
    block = f'search:\n  minimise: cost\n  subject_to: ["{KPI} <= {limit:.6g} h"]\n  vary:\n{vary}'
    book: Book | None = None

    def truth(question: Question, plan: Plan) -> Truth:
        nonlocal book
        kept = holds(plan, limit)
        if kept is None:
            book = book or Book(question, len(POOLS), most=ASKED)
            kept = book.holds(plan)
        return Truth(cost(plan), kept)

    return Problem("exponential", SCENARIO + block, cheapest(limit), truth, tuple(_facts(limit)))


def _facts(limit: float) -> Iterator[tuple[str, str]]:
    best = cheapest(limit)
    if best is None:
        return
    _, costs, waits = enumerated()
    least, kept = cost(best), costs[waits <= limit]
    near = [int((kept <= least * more).sum()) - 1 for more in (1.01, 1.02, 1.05)]
    yield (
        "Exact mean wait of the best plan, limit, least of all cheaper plans",
        ", ".join(f"{one:.4f} h" for one in (wait_h(best), limit, waits[costs < least].min())),
    )
    yield "Others that keep the limit and cost 1%, 2%, 5% more at most", ", ".join(map(str, near))
    yield "Next in cost", f"{kept[kept > least].min() / least - 1.0:.2%} dearer"
    yield "Share of the plans that keep the limit", f"{len(kept) / len(costs):.0%}"
