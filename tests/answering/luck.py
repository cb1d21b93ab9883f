"""What common random numbers buy: the variance of the effect of one more worker, beside that of independent seeds.

Of no two sides with standard deviations s and t can the difference have less variance than (s - t)^2, however their
luck is coupled. Each line is shown with the ratio that such a coupling would give. Of cycle times near balance it is
close to 1: one side has a queue that the other has not, and is nearly all of the difference. Finish and throughput near
balance lie below their bound: there one side ends when its work is done and the other with its last arrival, which are
different parts of the same luck.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from lines import exponential, queue
from numpy.typing import NDArray

from labelcast.sim.line import Contract, Distribution, Line, Pool, Segment, Stage
from labelcast.sim.replicate import replicate

from .section import Figure, Section

MEAN_S, ITEMS = 48.0, 1_000
WEEK_S = 7 * 86_400.0
KPIS = ("throughput_per_week", "finish_days", "cycle_time_h", "cost")
LEAST = 10.0
"""Of throughput, on lines that are loaded."""

LOGNORMAL = Distribution("lognormal", {"median": 40.0, "sigma": 0.6})
WAGE = Contract(hourly=20_000_000)


@dataclass(frozen=True)
class Loaded:
    """A line, to which pool one worker is added, and whether all its people have work at all times but its last."""

    name: str
    line: Line
    pool: str
    loaded: bool


def station(workers: int, load: float, time: Distribution | None = None) -> Line:
    """One stage of equal people, to which items come at `load` times what they can do."""
    made = queue(workers, load * workers * WEEK_S / MEAN_S, ITEMS, time or exponential(MEAN_S))
    return replace(made, pools=(replace(made.pools[0], contract=WAGE),))


def backlog(workers: int, time: Distribution | None = None) -> Line:
    """The same with all items there at the start."""
    return replace(station(workers, 1.0, time), segments=(Segment("items", backlog=ITEMS),))


def reviewed(annotators: int, reviewers: int) -> Line:
    """A backlog that is labelled, reviewed, and labelled again where it was rejected."""
    pools = (
        Pool("annotators", annotators, "always", skill_mean=1.5, contract=WAGE),
        Pool("reviewers", reviewers, "always", skill_mean=2.5, sensitivity=0.9, false_alarm=0.05, contract=WAGE),
    )
    done = {"accepted": "deliver", "rejected": "annotate", "exhausted": "deliver"}
    stages = (
        Stage(
            "annotate", "annotate", (("annotators", 1.0),), exponential(48.0), {"labelled": "review", "tied": "review"}
        ),
        Stage("review", "review", (("reviewers", 1.0),), exponential(24.0), done, rounds=3),
    )
    return replace(backlog(annotators), pools=pools, stages=stages)


def lines() -> list[Loaded]:
    """From those that always have work to those that wait for it."""
    return [
        *(Loaded(f"backlog, {n} workers", backlog(n), "annotators", True) for n in (3, 5, 10, 20)),
        Loaded("backlog, 5 workers, lognormal times", backlog(5, LOGNORMAL), "annotators", True),
        Loaded("arrivals at 1.3 of capacity, 10 workers", station(10, 1.3), "annotators", True),
        Loaded("reviewed backlog, 10 and 12, annotator", reviewed(10, 12), "annotators", True),
        Loaded("reviewed backlog, 20 and 5, reviewer", reviewed(20, 5), "reviewers", True),
        *(
            Loaded(f"arrivals at {rho}, 10 workers", station(10, rho), "annotators", False)
            for rho in (1.05, 0.95, 0.85)
        ),
        *(Loaded(f"arrivals at {rho}, 3 workers", station(3, rho), "annotators", False) for rho in (1.05, 0.95, 0.85)),
    ]


@dataclass(frozen=True)
class Ratio:
    """Variance of an independent difference over that of a paired one, with its 99% bootstrap interval; and what the
    best coupling of these two sides would give."""

    ratio: float
    low: float
    high: float
    best: float


def ratio_of(a: NDArray[np.float64], b: NDArray[np.float64], rng: np.random.Generator) -> Ratio:
    """Of values float[R] on common random numbers."""
    drawn = rng.integers(0, a.size, (400, a.size))
    spread = np.array([_ratio(a[one], b[one]) for one in drawn])
    low, high = np.quantile(spread, [0.005, 0.995], method="inverted_cdf")
    s, t = float(a.std(ddof=1)), float(b.std(ddof=1))
    best = math.inf if s == t else (s * s + t * t) / (s - t) ** 2
    return Ratio(_ratio(a, b), float(low), float(high), best)


def _ratio(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    apart = float((b - a).var(ddof=1))
    return float(a.var(ddof=1) + b.var(ddof=1)) / apart if apart else math.inf


def one_more(line: Line, pool: str) -> Line:
    """The line with one more worker."""
    pools = (replace(each, headcount=each.headcount + (each.name == pool)) for each in line.pools)
    return replace(line, pools=tuple(pools))


def measured(which: Loaded, replications: int, processes: int | None) -> dict[str, Ratio]:
    """The ratio of each KPI, seed 1."""
    sides = [replicate(one, replications, 1, processes).kpis for one in (which.line, one_more(which.line, which.pool))]
    rng = np.random.default_rng(1)
    return {kpi: ratio_of(*(side[kpi].to_numpy(np.float64) for side in sides), rng) for kpi in KPIS}


def proved(replications: int, processes: int | None) -> Section:
    """The section of the page."""
    found = [(which, measured(which, replications, processes)) for which in lines()]
    loaded = [one["throughput_per_week"] for which, one in found if which.loaded]
    least = min(loaded, key=lambda ratio: ratio.ratio)
    text = [
        f"The effect of one more worker in {ITEMS} items, {replications} replications: variance of the difference of",
        "two independent seeds over that on common random numbers. In brackets what the best coupling of the two sides",
        "could give: (s² + t²) / (s − t)², with their standard deviations s and t. Bold: lines on which everybody has",
        "work, where at least 10 is promised of throughput. Near balance less is gained, though arrivals and times of",
        "items are the same on both sides: of cycle time nothing can be, since one side has a queue and the other not;",
        "and one side finishes when its work is done, the other with its last arrival, other parts of the same luck.",
        "",
        "| Line | throughput | 99% interval | finish | cycle time | cost |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for which, one in found:
        first = one["throughput_per_week"]
        name = f"**{which.name}**" if which.loaded else which.name
        cells = [name, _told(first), f"{first.low:.3g} to {first.high:.3g}", *(_told(one[kpi]) for kpi in KPIS[1:])]
        text.append(f"| {' | '.join(cells)} |")
    figure = Figure(
        "crn_variance_ratio",
        "one more worker on a loaded line: variance on independent seeds over paired (least of the loaded lines)",
        f"at least {LEAST:g}",
        least.ratio,
        f"{least.ratio:.3g} ({least.low:.3g} to {least.high:.3g})",
        all(ratio.ratio >= LEAST for ratio in loaded),
    )
    return Section("Common random numbers", text, [figure])


def _told(one: Ratio) -> str:
    best = f"{float(f'{one.best:.2g}'):,g}" if one.best < 1e4 else "over 10,000"
    return f"{one.ratio:.3g} ({best})"
