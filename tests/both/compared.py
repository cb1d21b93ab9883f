"""Both engines on many lines: how many rows were compared, and what differed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import anyline
from comparison import differences
from hypothesis import HealthCheck, Phase, given, seed, settings
from lines import full, whole

from labelcast.sim import kernel, reference
from labelcast.sim.line import Line
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan

TICKS = (0.001, 60.0)
"""A millisecond, at which events seldom share a tick; a minute, at which most do."""


@dataclasses.dataclass
class Compared:
    """lines, rows: compared so far.  different: sentences about what was not equal, with the line."""

    lines: int = 0
    rows: int = 0
    different: list[str] = dataclasses.field(default_factory=list)

    def add(self, line: Line, seed: int = 1) -> None:
        """Runs a line on both engines."""
        plan = Plan.of(line)
        one, other = reference.run(plan, seed, 0), kernel.run(plan, seed, 0)
        self.lines += 1
        self.rows += rows(one)
        self.different += [f"{sentence} of {line.name}, seed {seed}: {line!r}" for sentence in differences(one, other)]


def rows(log: Log) -> int:
    """Rows of all tables of a log."""
    return len(log.items) + len(log.tasks) + len(log.presence)


def random_lines(tick_s: float, lines: int, first: int = 1) -> Compared:
    """So many lines out of all mechanisms, always the same ones. first: the seed that they are drawn by."""
    compared = Compared()

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
        compared.add(line)

    compare()
    return compared


def large_lines(tick_s: float, items: int, seeds: int) -> Iterator[Compared]:
    """A line with every mechanism and a plainer one with many more items, by several seeds."""
    for number in range(1, seeds + 1):
        for line in (whole(items // 10, tick_s=tick_s), dataclasses.replace(full(items), tick_s=tick_s)):
            compared = Compared()
            compared.add(line, number)
            yield compared
