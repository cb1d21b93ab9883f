"""k labels an item, by distinct workers.

With exactly k workers in the pool each of them gives every item one label, in order of arrival, so each worker is a
queue of their own and the items are a fork-join queue of k parallel servers. With plenty of workers the labels start
at once, and the last is the greatest of k exponentials.
"""

from __future__ import annotations

import dataclasses
from functools import partial

from lines import exponential, queue

from labelcast.sim.line import DELIVER, Line, Pool, Stage

from ..case import Case, Quantity, case
from ..measures import SECOND, time_in_line
from ..oracles import forks
from .parts import ITEMS, PER_WEEK, RATE
from .stations import SLOWER

ONE = "the labels of an item go on when the first is in"


def forked(k: int, mean: float, workers: int, items: int) -> Line:
    """Items that take k labels each."""
    stages = (
        Stage(
            "annotate",
            "annotate",
            (("annotators", 1.0),),
            exponential(mean),
            {"labelled": DELIVER, "tied": DELIVER},
            labels_per_item=k,
        ),
    )
    return queue(workers, PER_WEEK, items, exponential(mean), stages=stages)


@case("forks: 2 labels, 2 workers (Flatto-Hahn), load 0.60")
def _two() -> Case:
    mean = 36.0
    return Case(
        forked(2, mean, 2, ITEMS * 3 // 4),
        (Quantity("mean time in the line", "s", forks.two(RATE, mean), time_in_line()),),
        (SLOWER, ONE),
    )


def _more(k: int, mean: float) -> Case:
    theory, (low, high) = forks.nelson_tantawi(k, RATE, mean), forks.bounds(k, RATE, mean)
    return Case(
        forked(k, mean, k, ITEMS // 3),
        (
            Quantity("mean time (Nelson-Tantawi, 5%)", "s", theory, time_in_line(), 0.95 * theory, 1.05 * theory),
            Quantity("mean time within its bounds", "s", theory, time_in_line(), low, high),
        ),
        (SLOWER, ONE),
        replications=40,
    )


case("forks: 3 labels, 3 workers, load 0.60")(partial(_more, 3, 36.0))
case("forks: 5 labels, 5 workers, load 0.50")(partial(_more, 5, 30.0))


@case("forks: 5 labels, plenty of workers")
def _plenty() -> Case:
    """The greatest of five exponentials; the next stage's tasks say how long they waited for the last label."""
    k, mean = 5, 60.0
    line = forked(k, mean, 60, 3000)
    annotate = dataclasses.replace(line.stages[0], next={"labelled": "check", "tied": "check"})
    check = Stage("check", "work", (("checkers", 1.0),), exponential(1.0), {"done": DELIVER})
    line = dataclasses.replace(line, stages=(annotate, check), pools=(*line.pools, Pool("checkers", 30, "always")))

    def consensus(log: object) -> float:
        tasks = log.tasks  # type: ignore[attr-defined]
        return float(tasks.loc[tasks["stage"] == "check", "consensus_ms"].mean()) / SECOND

    return Case(
        line,
        (
            Quantity("mean time in the line", "s", forks.greatest_of_exponentials(k, mean) + 1.0, time_in_line()),
            Quantity("mean wait for consensus", "s", forks.spread_of_exponentials(k, mean), consensus),
        ),
        (SLOWER, ONE),
    )
