"""Kinds of items of which some go first, with and without interruption; disciplines within a priority."""

from __future__ import annotations

import dataclasses
from functools import partial

from lines import constant, exponential, queue

from labelcast.sim.line import Distribution, Line, Pool

from ..case import Case, Quantity, case
from ..measures import time_in_line, wait
from ..oracles import priority, single
from .parts import ITEMS, PER_WEEK, RATE, kinds
from .stations import SLOWER

EQUAL = "all priorities are equal"
SHARES = {"urgent": 0.3, "usual": 0.4, "patient": 0.3}
RATES = [RATE * share for share in SHARES.values()]


def _line(servers: int, mean: float, **pool: object) -> Line:
    segments = kinds(dict(zip(SHARES, (1, 2, 3), strict=True)), SHARES, ITEMS)
    pools = (Pool("annotators", servers, "always", **pool),)  # type: ignore[arg-type]
    return queue(servers, PER_WEEK, ITEMS, exponential(mean), segments=segments, pools=pools)


def _cobham(servers: int, mean: float) -> Case:
    waits = priority.cobham(servers, RATES, mean)
    return Case(
        _line(servers, mean),
        tuple(
            Quantity(f"mean wait, {name}", "s", theory, wait(segment=name))
            for name, theory in zip(SHARES, waits, strict=True)
        ),
        (EQUAL, SLOWER),
        replications=24,
    )


case("priorities: M/M/1 in turn (Cobham), load 0.70")(partial(_cobham, 1, 42.0))
case("priorities: M/M/3 in turn (Cobham), load 0.75")(partial(_cobham, 3, 135.0))


def _preemptive(servers: int, mean: float) -> Case:
    times = priority.preemptive(servers, RATES, mean)
    return Case(
        _line(servers, mean, preempts=True),
        tuple(
            Quantity(f"mean time, {name}", "s", theory, time_in_line(name))
            for name, theory in zip(SHARES, times, strict=True)
        ),
        ("nobody is interrupted", SLOWER),
    )


case("priorities: M/M/1 with interruption, load 0.70")(partial(_preemptive, 1, 42.0))
case("priorities: M/M/3 with interruption, load 0.75")(partial(_preemptive, 3, 135.0))


def _two(time: Distribution, factors: dict[str, float], **pool: object) -> Line:
    """Two kinds, half of the items each, whose tasks take different times."""
    share = {"short": 0.5, "long": 0.5}
    segments = kinds({"short": 1, "long": 1}, share, ITEMS, time_factor=factors)
    return queue(1, PER_WEEK, ITEMS, time, segments=segments, pools=(Pool("annotators", 1, "always", **pool),))  # type: ignore[arg-type]


@case("priorities: M/G/1 with interruption, two kinds of constant times, load 0.70")
def _preemptive_one() -> Case:
    """What was done of a task that is interrupted is not lost."""
    means = [20.0, 64.0]
    rates = [RATE / 2, RATE / 2]
    times = priority.preemptive_one(rates, means, [mean**2 for mean in means])
    line = _two(constant(20.0), {"short": 1.0, "long": 3.2}, preempts=True)
    short, long = line.segments
    return Case(
        dataclasses.replace(line, segments=(short, dataclasses.replace(long, priority=2))),
        (
            Quantity("mean time, short", "s", times[0], time_in_line("short")),
            Quantity("mean time, long", "s", times[1], time_in_line("long")),
        ),
        ("nobody is interrupted", "interrupted work is lost"),
    )


@case("priorities: M/G/1 shortest expected time first, load 0.70")
def _shortest() -> Case:
    """Two kinds, one of them expected to be short: Cobham's queue with the short ones first."""
    means = [18.0, 66.0]
    rates = [RATE / 2, RATE / 2]
    waits = priority.cobham_one(rates, means, [2 * mean**2 for mean in means])
    return Case(
        _two(exponential(18.0), {"short": 1.0, "long": 66 / 18}, discipline="shortest"),
        (
            Quantity("mean wait, short", "s", waits[0], wait(segment="short")),
            Quantity("mean wait, long", "s", waits[1], wait(segment="long")),
        ),
        ("every discipline is first come, first served", SLOWER),
    )


@case("priorities: M/G/1 earliest due date first, load 0.70")
def _due() -> Case:
    """Kleinrock's conservation law: whoever goes first, load x wait summed over the kinds stays the same; and the wait
    of the urgent lies between that of the first and the last of Cobham's two."""
    means = [18.0, 66.0]
    rates = [RATE / 2, RATE / 2]
    squares = [2 * mean**2 for mean in means]
    line = _two(exponential(18.0), {"short": 1.0, "long": 66 / 18}, discipline="due")
    segments = tuple(
        dataclasses.replace(segment, due_s=due) for segment, due in zip(line.segments, (60.0, 600.0), strict=True)
    )
    best = priority.cobham_one(rates, means, squares)[0]
    fifo = single.mg1_wait(RATE, sum(means) / 2, sum(squares) / 2)
    return Case(
        dataclasses.replace(line, segments=segments),
        (
            _conserved(rates, means, squares),
            Quantity("mean wait, urgent", "s", best, wait(segment="short"), low=best, high=0.8 * fifo),
        ),
        (SLOWER, "every discipline is first come, first served"),
    )


@case("priorities: M/G/1 shared by weight, load 0.70")
def _fair() -> Case:
    """The conservation law again, where who goes first hangs on what each kind has had for its weight."""
    means = [18.0, 66.0]
    line = _two(exponential(18.0), {"short": 1.0, "long": 66 / 18}, discipline="fair", weights={"long": 2.0})
    return Case(line, (_conserved([RATE / 2, RATE / 2], means, [2 * mean**2 for mean in means]),), (SLOWER,))


def _conserved(rates: list[float], means: list[float], squares: list[float]) -> Quantity:
    """Load x wait of the two kinds together."""
    loads = [rate * mean for rate, mean in zip(rates, means, strict=True)]

    def measure(log: object) -> float:
        return sum(load * wait(segment=name)(log) for load, name in zip(loads, ("short", "long"), strict=True))  # type: ignore[arg-type]

    return Quantity("load x wait, summed over kinds", "s", priority.conserved(rates, means, squares), measure)
