"""Five pools and a vendor, lognormal times that vary by one and a half of their mean, and a chance: 19 of 20 images are
delivered when they are due.

The cheapest headcounts and share of the vendor are asked for. No formula is exact here: what is true of the plans near
the best is in truths/lognormal.csv, by long simulation.
"""

from __future__ import annotations

import math
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
from scipy import integrate, stats

from labelcast.scenarios.search.question import Plan, Question

from .book import ASKED, FOLDER, Book, facts, read
from .problem import Problem, Truth, no_truth

KPI = "on_time"
LIMIT = 0.95
HORIZON_H = 100.0
RATE = 10.0
"""Images an hour."""

POOLS = ("drawers", "checkers", "fixers", "auditors", "judges")
WAGES = (29, 26, 22, 33, 51)
LEAST, MOST = (4, 6, 3, 3, 2), (16, 13, 8, 8, 7)
"""Headcounts."""

SIGMA = 1.0857
"""Of the logarithm of a time: a coefficient of variation of 1.5."""

VENDOR_MEAN_H = 1.5
TIER, FIRST, REST = 150, 22.0, 32.0
"""The vendor's first labels cost less, EUR."""

SCENARIO = """\
labelcast: 1
name: lognormal
start: 2027-01-04T00:00
timezone: UTC
currency: EUR
horizon: 100 h
work:
  images: {arrivals: {rate: 1_680 items/week, calendar: always}, due: 8.1 h}
pools:
  drawers: {headcount: 13, calendar: always, speed: {spread: 0}, pay: {hourly: 29 EUR}}
  vendor:
    headcount: 80
    calendar: always
    speed: {spread: 0, factor: 1.5}
    pay: {per_label: {tiers: {150: 22 EUR, rest: 32 EUR}}}
  checkers: {headcount: 9, calendar: always, speed: {spread: 0}, pay: {hourly: 26 EUR}}
  fixers: {headcount: 5, calendar: always, speed: {spread: 0}, pay: {hourly: 22 EUR}}
  auditors: {headcount: 5, calendar: always, speed: {spread: 0}, pay: {hourly: 33 EUR}}
  judges: {headcount: 4, calendar: always, speed: {spread: 0}, pay: {hourly: 51 EUR}}
stages:
  draw:
    kind: work
    pools: {drawers: 100%}
    time: {lognormal: {mean: 60 min, sigma: 1.0857}}
    next: {done: check}
  check:
    kind: work
    pools: [checkers]
    time: {lognormal: {mean: 25 min, sigma: 1.0857}}
    next: {done: {fix: 22%, audit: 30%, judge: 14%, deliver: 34%}}
  fix: {kind: work, pools: [fixers], time: {lognormal: {mean: 46 min, sigma: 1.0857}}, next: {done: check}}
  audit:
    kind: work
    pools: [auditors]
    time: {lognormal: {mean: 40 min, sigma: 1.0857}}
    next: {done: {fix: 10%, deliver: 90%}}
  judge: {kind: work, pools: [judges], time: {lognormal: {mean: 60 min, sigma: 1.0857}}, next: {done: deliver}}
"""


@cache
def _vendor(tenths: int) -> float:
    """What the vendor costs on average, EUR. The labels that it finishes are Poisson: nobody waits there."""
    if not tenths:
        return 0.0
    scale = VENDOR_MEAN_H * math.exp(-(SIGMA**2) / 2.0)
    hours, _ = integrate.quad(lambda t: stats.lognorm.cdf(t, SIGMA, scale=scale), 0.0, HORIZON_H)
    mean = RATE * tenths / 10.0 * hours
    labels = np.arange(int(mean + 12.0 * math.sqrt(mean)))
    bill = FIRST * np.minimum(labels, TIER) + REST * np.maximum(labels - TIER, 0)
    return float(stats.poisson.pmf(labels, mean) @ bill)


def cost(plan: Plan) -> float:
    """What a run costs on average, EUR."""
    people = zip(WAGES, LEAST, plan, strict=False)
    return HORIZON_H * sum(wage * (low + place) for wage, low, place in people) + _vendor(plan[-1])


_PAIRS = zip(POOLS, LEAST, MOST, strict=True)
_SHARES = ", ".join(f"{{drawers: {100 - percent}%, vendor: {percent}%}}" for percent in range(0, 70, 10))
_HEADS = "\n".join(f"    pools.{pool}.headcount: {low}..{most}" for pool, low, most in _PAIRS)
SEARCH = f"""\
search:
  minimise: cost
  subject_to: ["{KPI} >= {LIMIT:.0%}"]
  vary:
{_HEADS}
    stages.draw.pools: [{_SHARES}]
"""

BEST: Plan = (10 - 4, 7 - 6, 4 - 3, 4 - 3, 3 - 2, 2)
"""Ten drawers, seven checkers, four fixers, four auditors, three judges; a fifth goes to the vendor."""


TABLE = FOLDER / "lognormal.csv"


def asked() -> Problem:
    """The problem as long as nothing is known of it."""
    return Problem("lognormal", SCENARIO + SEARCH, BEST, no_truth)


def problem() -> Problem:
    """The problem, with what is known of it."""
    with tempfile.TemporaryDirectory() as folder:
        known = tuple(facts(read(TABLE, Book(asked().question(Path(folder)), len(POOLS))), BEST, cost))
    book: Book | None = None

    def truth(question: Question, plan: Plan) -> Truth:
        nonlocal book
        book = book or read(TABLE, Book(question, len(POOLS), most=ASKED))
        return Truth(cost(plan), book.holds(plan))

    return Problem("lognormal", SCENARIO + SEARCH, BEST, truth, known)
