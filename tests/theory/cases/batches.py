"""Machines and people who take several items at a time."""

from __future__ import annotations

import dataclasses
from functools import partial

from lines import exponential, queue

from labelcast.sim.line import DELIVER, Batch, Gather, Line, Stage

from ..case import Case, Quantity, case
from ..measures import wait, whole_wait
from ..oracles import bulk
from .parts import ITEMS, PER_WEEK, RATE
from .stations import SLOWER


def machine(mean: float, servers: int, items: int, **more: object) -> Line:
    """A model that suggests labels, alone."""
    stage = Stage("model", "prelabel", (), exponential(mean), {"suggested": DELIVER}, servers=servers, **more)  # type: ignore[arg-type]
    return queue(1, PER_WEEK, items, exponential(mean), stages=(stage,), first="model")


def _full(servers: int, mean: float, size: int) -> Case:
    """Every `size` arrivals go together: a batch is a customer of E_k/M/c. What is left at the end waits a week."""
    line = machine(mean, servers, ITEMS - ITEMS % size, gather=Gather(size), batch=Batch(size))
    theory = bulk.full_batches(servers, RATE, mean, size)
    return Case(
        line,
        (Quantity("mean wait with gathering", "s", theory, whole_wait()),),
        ("batches are gathered one larger", SLOWER),
    )


case("batches: machine, 4 at a time, 1 server, load 0.60")(partial(_full, 1, 144.0, 4))
case("batches: machine, 6 at a time, 2 servers, load 0.60")(partial(_full, 2, 432.0, 6))


@case("batches: machine, up to 4 at a time, M/M[1,4]/1, load 0.60")
def _up_to() -> Case:
    line = machine(144.0, 1, ITEMS, batch=Batch(4))
    theory = bulk.up_to(RATE, 144.0, 4, 400) / RATE
    return Case(line, (Quantity("mean wait", "s", theory, wait()),), (SLOWER,))


def _people(mean: float, setup: float, size: int) -> Case:
    line = queue(1, PER_WEEK, ITEMS, exponential(mean))
    stage = dataclasses.replace(line.stages[0], batch=Batch(size, setup))
    theory = bulk.one_by_one(RATE, mean, setup, size, 400)
    # The set-up counts to the first task, so it is no wait of that one.
    return Case(
        dataclasses.replace(line, stages=(stage,)),
        (Quantity("mean wait", "s", theory, wait()),),
        ("a batch takes no set-up", SLOWER),
    )


case("batches: people take up to 5, set-up 45 s, tasks 30 s")(partial(_people, 30.0, 45.0, 5))
case("batches: people take up to 3, set-up 20 s, tasks 36 s")(partial(_people, 36.0, 20.0, 3))
