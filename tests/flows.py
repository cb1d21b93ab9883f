"""What the traces of an item's way share: a run that keeps the laws of the log, its rows, and people whose labels are
known beforehand."""

from __future__ import annotations

from typing import Any

from lines import constant, queue
from twins import run

from labelcast.sim.laws import check
from labelcast.sim.line import Line, Pool, Segment, Stage
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan

SURE = 100.0
"""Logits that leave no doubt: expit(100) is 1 in floating point."""

YES = {"yes": SURE, "no": -SURE}
"""Class effects of someone who says yes whatever the truth is."""

NO = {"yes": -SURE, "no": SURE}
"""Class effects of someone who says no whatever the truth is."""

TRULY_YES = {"yes": 1.0, "no": 0.0}
"""Class shares of a segment in which all is yes."""


def simulate(line: Line, seed: int = 1, replication: int = 0) -> Log:
    """The log of a run, which keeps every law."""
    log = run(Plan.of(line), seed, replication)
    assert check(log) == []
    return log


def rows(log: Log, *columns: str, stage: str | None = None) -> list[tuple[Any, ...]]:
    """These columns of the tasks, of one stage if it is named, in the log's order; seconds in place of milliseconds,
    None for null."""
    tasks = log.tasks if stage is None else log.tasks[log.tasks["stage"] == stage]
    table = []
    for row in tasks[list(columns)].astype(object).where(tasks[list(columns)].notna(), None).to_numpy().tolist():
        table.append(tuple(_seconds(name, value) for name, value in zip(columns, row, strict=True)))
    return table


def items(log: Log, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of the items, as `rows` gives those of the tasks."""
    return rows(Log(log.items, log.items, log.presence, log.provenance), *columns)


def _seconds(name: str, value: Any) -> Any:
    return value / 1000 if value is not None and name.endswith(("_at", "_ms")) else value


def backlog(count: int, **more: Any) -> tuple[Segment, ...]:
    """One segment whose items are all there at the start, and all are yes."""
    return (Segment("items", **{"backlog": count, "classes": TRULY_YES, **more}),)


def people(name: str, count: int = 1, **more: Any) -> Pool:
    """A pool that is always there and never wrong."""
    return Pool(name, count, "always", **{"skill_mean": SURE, **more})


def annotate(seconds: float = 60.0, by: str = "annotators", to: str = "deliver", **more: Any) -> Stage:
    """A stage of kind annotate whose tasks take so long, all outcomes leading to one stage."""
    ways = {"labelled": to, "tied": to}
    return Stage("annotate", "annotate", ((by, 1.0),), **{"time": constant(seconds), "next": ways, **more})


def review(
    seconds: float = 10.0, by: str = "reviewers", to: str = "deliver", name: str = "review", **more: Any
) -> Stage:
    """A stage of kind review whose tasks take so long; what is rejected goes back to annotate."""
    ways = {"accepted": to, "rejected": "annotate", "exhausted": to}
    return Stage(name, "review", ((by, 1.0),), constant(seconds), **{"next": ways, **more})


def line_of(count: int, stages: tuple[Stage, ...], *pools: Pool, **more: Any) -> Line:
    """So many items at the start, stages, of which the first is where they enter, and pools."""
    parts = {"segments": backlog(count), "stages": stages, "pools": pools, "first": stages[0].name}
    return queue(1, 0, 0, constant(60), **{**parts, **more})
