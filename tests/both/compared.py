"""Both engines, and runs with and without a log, on many lines: how many rows were compared, and what differed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import get_args

import anyline
import numpy as np
import pandas as pd
from comparison import differences
from hypothesis import HealthCheck, Phase, given, seed, settings
from lines import full, whole

from labelcast.sim import kernel, reference
from labelcast.sim.line import (
    MICRO,
    Audit,
    Contract,
    Exchange,
    Index,
    Line,
    Minimum,
    Pool,
    Refund,
    Steps,
    Termination,
    Tier,
    Unit,
    Window,
)
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan
from labelcast.sim.replication import Job, One, one

TICKS = (0.001, 60.0)
"""A millisecond, at which events seldom share a tick; a minute, at which most do."""


Check = Callable[[Line, int], tuple[int, list[str]]]
"""Runs a line under a seed in two ways: rows that were compared, and sentences about what was not equal."""


def engines(line: Line, seed: int) -> tuple[int, list[str]]:
    """The logs of both engines."""
    plan = Plan.of(line)
    log = reference.run(plan, seed, 0)
    return rows(log), differences(log, kernel.run(plan, seed, 0))


def streams(line: Line, seed: int) -> tuple[int, list[str]]:
    """What comes out of a log, and of the same run without one: KPIs, ledger and curves, with contracts for all."""
    return _streams(signed(line), seed)


def shared_streams(line: Line, seed: int) -> tuple[int, list[str]]:
    """Likewise, with contracts of all parts that pools share, over a month's end."""
    return _streams(shared(line), seed)


def _streams(line: Line, seed: int) -> tuple[int, list[str]]:
    logged, streamed = (one(Job(line, seed, "fast", keep_log), 0) for keep_log in (True, False))
    assert logged.log is not None
    assert streamed.log is None
    return rows(logged.log), apart(logged, streamed)


def apart(logged: One, streamed: One) -> list[str]:
    """Sentences about what differs in two results of one replication."""
    found = [] if list(logged.kpis) == list(streamed.kpis) else ["the names of the KPIs"]
    found += [
        f"{name}: {value} from the log, {streamed.kpis[name]} without"
        for name, value in logged.kpis.items()
        if not np.array_equal(value, streamed.kpis.get(name, 0.0), equal_nan=True)
    ]
    try:
        pd.testing.assert_frame_equal(logged.ledger, streamed.ledger, check_exact=True)
    except AssertionError as error:
        found.append(f"the ledger: {error}")
    curves = [
        {name: getattr(each.curves, name) for name in ("delivered", "worked", "trained")} | each.curves.waiting
        for each in (logged, streamed)
    ]
    found += [f"the curve of {name}" for name, curve in curves[0].items() if not np.array_equal(curve, curves[1][name])]
    return found


def signed(line: Line) -> Line:
    """The line with a contract for each pool: hours, tiers that end soon, rework paid by every other one; and with
    windows, for the whole and for its first segment."""
    tiers = Tier(3, 7 * MICRO), Tier(9, 5 * MICRO), Tier(None, 3 * MICRO)
    pools = tuple(
        dataclasses.replace(pool, contract=Contract(20 * MICRO, tiers, rework_paid=place % 2 == 0))
        for place, pool in enumerate(line.pools)
    )
    windows = (Window("early", 3600.0, 2), Window("first", 7200.0, 5, line.segments[0].name))
    return dataclasses.replace(line, pools=pools, windows=(*line.windows, *windows))


def shared(line: Line) -> Line:
    """The line from the noon before a month's end, with one contract of all parts for all pools but the last, which has
    one of its own, and dearer ones at its dates. What labels are counted by depends on the line."""
    variant = sum(segment.backlog for segment in line.segments)
    first = Contract(
        hourly=20 * MICRO,
        per_label=(Tier(3, 7 * MICRO), Tier(9, 5 * MICRO), Tier(None, 3 * MICRO)),
        rework_paid=variant % 2 == 0,
        overtime=1.5,
        salary=3000 * MICRO,
        count=("month", "all", "quarter", "month", "year")[variant % 5],
        all_units=variant % 3 == 0,
        monthly=100 * MICRO,
        set_up=500 * MICRO,
        seat=45 * MICRO,
        minimum=Minimum(1000 * MICRO, carry=2, ramp=((0.0, 0.5), (86_400.0, 1.0))),
        index=Index(0.03, 1),
        currency="USD",
        unit=get_args(Unit)[variant % 3],
        rush=((1800.0, 1.5), (10_000.0, 1.25)),
        accuracy=Steps(((0.0, -0.1), (0.5, 0.0), (0.8, 0.02))),
        on_time=Steps(((0.0, -0.15), (0.9, 0.01)), "all"),
        audit=Audit(0.125, MICRO // 3),
        lots=Refund(0.3, 7 * MICRO),
        tax=0.19,
        hiring=2500 * MICRO,
        leaving=4000 * MICRO,
        notice_days=40,
        termination=Termination(30),
        account="acme",
    )

    def signing(pools: tuple[Pool, ...], dearer: int) -> tuple[Pool, ...]:
        one = dataclasses.replace(first, per_label=tuple(Tier(t.up_to, t.price + dearer) for t in first.per_label))
        own = dataclasses.replace(one, account="", all_units=False, count="month")
        return tuple(
            dataclasses.replace(pool, contract=own if pool.name == line.pools[-1].name else one) for pool in pools
        )

    epochs = tuple(
        dataclasses.replace(epoch, pools=signing(line.pools if epoch.pools is None else epoch.pools, number * MICRO))
        for number, epoch in enumerate(line.epochs, 1)
    )
    rates = Exchange("USD", 0.0, 0.92), Exchange("USD", 86_400.0, 0.95)
    start = datetime(2027, 3, 31, 12)
    return dataclasses.replace(line, start=start, pools=signing(line.pools, 0), epochs=epochs, exchange=rates)


@dataclasses.dataclass
class Compared:
    """lines, rows: compared so far.  different: sentences about what was not equal, with the line."""

    check: Check = engines
    lines: int = 0
    rows: int = 0
    different: list[str] = dataclasses.field(default_factory=list)

    def add(self, line: Line, seed: int = 1) -> None:
        """Runs a line in both ways."""
        many, different = self.check(line, seed)
        self.lines += 1
        self.rows += many
        self.different += [f"{sentence} of {line.name}, seed {seed}: {line!r}" for sentence in different]


def rows(log: Log) -> int:
    """Rows of all tables of a log."""
    return len(log.items) + len(log.tasks) + len(log.presence)


def as_it_is(line: Line) -> Line:
    """The line."""
    return line


def random_lines(
    tick_s: float, lines: int, first: int = 1, check: Check = engines, change: Callable[[Line], Line] = as_it_is
) -> Compared:
    """So many lines out of all mechanisms, always the same ones. first: the seed that they are drawn by.  change: what
    is done to each line before."""
    compared = Compared(check)

    @seed(first)
    @settings(
        max_examples=lines,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(anyline.lines(tick_s=tick_s))
    def compare(line: Line) -> None:
        compared.add(change(line))

    compare()
    return compared


def large_lines(tick_s: float, items: int, seeds: int, check: Check = engines) -> Iterator[Compared]:
    """A line with every mechanism and a plainer one with many more items, by several seeds."""
    for number in range(1, seeds + 1):
        for line in (whole(items // 10, tick_s=tick_s), dataclasses.replace(full(items), tick_s=tick_s)):
            compared = Compared(check)
            compared.add(line, number)
            yield compared
