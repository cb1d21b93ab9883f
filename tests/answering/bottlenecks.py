"""Bottlenecks that are planted, and whether one more person is seen to help most there.

Chains of two to four stages, each with people of its own, to which everything has come or comes faster than it can be
done. The offered load of a pool is the work that comes to it, by its people; the bottleneck's is at least 1.25 times
that of the next.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from lines import WEEK, exponential, queue

from labelcast.scenarios.bottleneck import effects
from labelcast.sim.levers import levers
from labelcast.sim.line import Arrivals, Line, Pool, Segment, Stage
from labelcast.sim.processes import in_order
from labelcast.sim.replicate import Runs, replicate
from labelcast.sim.statistics import coverage

from .section import Figure, Section

LEAST = 1.25
"""How many times the load of the next."""

PROMISED = 0.95

LINES = 200

RUNS = 20

ITEMS = 300


def planted(rng: np.random.Generator) -> tuple[Line, str]:
    """A random line and the pool that is its bottleneck; half of the lines are backlogs, half have arrivals at 1.1 to 2
    times what the bottleneck can do."""
    stages = int(rng.integers(2, 5))
    people = rng.integers(2, 13, stages)
    slow = int(rng.integers(stages))
    load = np.exp(rng.uniform(np.log(0.2), np.log(1 / LEAST), stages))
    load[slow] = 1.0
    seconds = 60.0 * load * people  # of a task, so that the bottleneck's pool can do one a minute
    names = [f"p{k}" for k in range(stages)]
    line = replace(
        queue(1, 1.0, ITEMS, exponential(60.0)),
        pools=tuple(Pool(name, int(many), "always") for name, many in zip(names, people, strict=True)),
        stages=tuple(
            Stage(
                f"s{k}",
                "work",
                ((name, 1.0),),
                exponential(float(seconds[k])),
                {"done": f"s{k + 1}" if k + 1 < stages else "deliver"},
            )
            for k, name in enumerate(names)
        ),
        first="s0",
        segments=(Segment("items", backlog=ITEMS),),
    )
    if rng.random() < 0.5:
        rate = float(rng.uniform(1.1, 2.0)) * WEEK / 60.0
        line = replace(line, segments=(Segment("items", arrivals=Arrivals(rate, "always", items=ITEMS)),))
    return line, names[slow]


def found(number: int) -> bool:
    """Whether the bottleneck of the line of this number is found."""
    line, pool = planted(np.random.default_rng([128, number]))

    def simulated(one: Line) -> Runs:
        return replicate(one, RUNS, number, 1)

    result = effects([lever for lever in levers(line) if lever.kind == "person"], line, simulated)
    return result.bottleneck is not None and result.levers[result.bottleneck].target == pool


def _numbered(_: None, number: int) -> bool:
    return found(number)


def proved(lines: int, processes: int | None) -> Section:
    """The section of the page."""
    hits = sum(in_order(_numbered, None, lines, processes))
    share = coverage(hits, lines)
    held = share.mean >= PROMISED
    told = f"{hits} of {lines} = {share.mean:.1%} (99% interval {share.low:.1%} to {share.high:.1%})"
    text = [
        f"{lines} random chains of two to four stages with 2 to 12 people each, {ITEMS} items, {RUNS} runs of each;",
        f"the bottleneck has at least {LEAST} times the offered load per person of the next. Found: the pool of which",
        "`labelcast bottleneck` says that one more adds most to throughput.",
        "",
        f"Found in {told}.",
    ]
    what = f"bottlenecks found among {lines} planted ones"
    return Section("Bottlenecks", text, [Figure("bottlenecks_found", what, "at least 95%", share.mean, told, held)])
