"""Consensus and acceptance sampling: chances of counts, without any queue."""

from __future__ import annotations

import math
from functools import lru_cache, partial

import numpy as np
from lines import constant, queue

from labelcast.sim.line import DELIVER, Consensus, Line, Lot, Pool, Segment, Stage
from labelcast.sim.log import Log

from ..case import Case, Quantity, case
from ..measures import Measure
from ..oracles import labels
from .parts import work

RIGHT = 0.8


def _right(log: Log) -> np.ndarray:
    items = log.items
    return (items["final_label"].astype(str) == items["truth"].astype(str)).to_numpy()


def accuracy(log: Log) -> float:
    """Share of the items whose final label is right."""
    return float(_right(log).mean())


def labels_an_item(log: Log) -> float:
    return len(log.tasks) / len(log.items)


def _consensus(k: int, rule: Consensus, workers: int, items: int) -> Line:
    pools = (Pool("annotators", workers, "always", skill_mean=math.log(RIGHT / (1 - RIGHT))),)
    after = {"labelled": DELIVER, "tied": DELIVER}
    time = constant(10)
    stage = Stage("annotate", "annotate", (("annotators", 1.0),), time, after, labels_per_item=k, consensus=rule)
    return queue(1, 0, 0, time, pools=pools, stages=(stage,), segments=(Segment("items", backlog=items),))


def _majority(k: int) -> Case:
    line = _consensus(k, Consensus(), k, 2000)
    quantity = Quantity("accuracy", "", labels.majority_right(k, RIGHT), accuracy)
    return Case(line, (quantity,), ("items differ in difficulty",), replications=12)


for labels_wanted in (1, 3, 5, 7):
    case(f"labels: majority of {labels_wanted} (binomial)")(partial(_majority, labels_wanted))


def _lead(lead: int, most: int, rule: Consensus) -> Case:
    """Equal skills: the posterior of two equally frequent classes hangs on the lead alone."""
    right, asked = labels.led(RIGHT, lead, most)
    line = _consensus(1 if rule.rule == "posterior" else lead, rule, most, 2000)
    return Case(
        line,
        (
            Quantity("accuracy", "", right, accuracy),
            Quantity("labels an item", "", asked, labels_an_item),
        ),
        ("items differ in difficulty", "labels suffice one vote sooner"),
        replications=12,
    )


case("labels: lead of 2, at most 7 (gambler's ruin)")(partial(_lead, 2, 7, Consensus("lead", lead=2, most=7)))
case("labels: lead of 3, at most 9 (gambler's ruin)")(partial(_lead, 3, 9, Consensus("lead", lead=3, most=9)))
# Two ahead: 0.8^2 / (0.8^2 + 0.2^2) = 0.941; one ahead: 0.8.
case("labels: posterior above 0.9, at most 7 (gambler's ruin)")(
    partial(_lead, 2, 7, Consensus("posterior", threshold=0.9, most=7))
)

SIZE, SAMPLE, ACCEPT, WRONG = 10, 5, 1, 0.2


def _lots(items: int) -> Line:
    """Labels, lots of 10 of which 5 are inspected without error; what is not accepted is looked at again."""
    stages = (
        Stage("annotate", "annotate", (("annotators", 1.0),), constant(5), {"labelled": "inspect", "tied": "inspect"}),
        Stage(
            "inspect",
            "inspect",
            (("inspectors", 1.0),),
            constant(1),
            {"accepted": DELIVER, "rejected": "again", "exhausted": "again"},
            rounds=0,
            lot=Lot(SIZE, SAMPLE, ACCEPT),
        ),
        work("again", constant(1), DELIVER),
    )
    pools = (
        Pool("annotators", 5, "always", skill_mean=math.log((1 - WRONG) / WRONG)),
        Pool("inspectors", 5, "always", sensitivity=1.0, false_alarm=0.0),
        Pool("again", 5, "always"),
    )
    return queue(1, 0, 0, constant(5), pools=pools, stages=stages, segments=(Segment("items", backlog=items),))


@lru_cache(1)
def _by_lot(log: Log) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each lot, its wrong items and whether it was accepted; for each item whether it passed."""
    lots = log.items["lot"].to_numpy(np.int64)
    again = np.zeros(len(lots), bool)
    again[log.tasks.loc[log.tasks["stage"] == "again", "item"].to_numpy()] = True
    sizes = np.bincount(lots)
    there = sizes > 0
    wrong = np.bincount(lots, ~_right(log))[there]
    accepted = np.bincount(lots, again)[there] < sizes[there]
    return wrong, accepted, ~again


def lots_accepted(log: Log) -> float:
    return float(_by_lot(log)[1].mean())


def accepted_of(wrong: int) -> Measure:
    """Share accepted of the lots that hold so many wrong items."""

    def measure(log: Log) -> float:
        found, accepted, _ = _by_lot(log)
        return float(accepted[found == wrong].mean())

    return measure


def wrong_passed(log: Log) -> float:
    """Wrong items that passed without a second look, as a share of all."""
    return float((_by_lot(log)[2] & ~_right(log)).mean())


@case("labels: lots of 10, sample 5, at most 1 wrong (operating characteristic)")
def _acceptance() -> Case:
    chance = labels.accepted_in_the_long_run(SAMPLE, ACCEPT, WRONG)
    each = (
        Quantity(
            f"lots with {wrong} wrong accepted", "", labels.accepted(SIZE, wrong, SAMPLE, ACCEPT), accepted_of(wrong)
        )  # type: ignore[arg-type]
        for wrong in (2, 3)
    )
    passed = WRONG * (1 - SAMPLE / SIZE) * chance
    return Case(
        _lots(5000),
        (
            Quantity("lots accepted", "", chance, lots_accepted),
            *each,
            Quantity("wrong items that pass", "", passed, wrong_passed),
        ),
        ("a lot's sample is one too few",),
        replications=32,
    )
