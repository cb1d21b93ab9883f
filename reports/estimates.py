"""The estimates of a line as text: a short block under what `labelcast check` says."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..sim.estimates import Estimate
from ..sim.line import Line
from . import numbers
from .columns import columns
from .days import local_moment, moment
from .gates import gate_lines

UNKNOWN = "-"

HEAD = "Estimate, without simulation:"


def estimate_text(line: Line, found: Estimate) -> str:
    """Pools, stages, time in the line and the end of the backlog, each number with its unit; what inspection of lots
    and gold let through; then warnings and what the estimate leaves out."""
    told = [HEAD, "", *columns(pool_rows(found)), "", *columns(stage_rows(found)), "", *whole(line, found)]
    told += gate_lines(line)
    told += [f"Warning: {text}" for text in found.warnings]
    if found.left_out:
        told += ["Left out, or taken for granted:", *(f"- {text}" for text in found.left_out)]
    return _plain("\n".join(told))


def pool_rows(found: Estimate) -> Iterator[tuple[str, ...]]:
    """A row a pool under a header."""
    keeps_coming = found.items_per_week > 0.0
    backlog = any(pool.work_h > 0.0 for pool in found.pools)
    head = ["pool", "open", "on shift"]
    head += ["load", "busy", "mean wait", "headcount for 1 in 5 waiting"] if keeps_coming else []
    yield (*head, "backlog") if backlog else tuple(head)
    for pool in found.pools:
        row = [pool.name, _with(pool.open_h, "h/week"), _with(pool.people, "people")]
        if keeps_coming:
            row += [_with(pool.offered_load, "people"), _share(pool.utilisation), _span(pool.wait_s)]
            row += [_with(pool.people_wanted, "people")]
        yield (*row, _with(pool.work_h, "h of work")) if backlog else tuple(row)


def stage_rows(found: Estimate) -> Iterator[tuple[str, ...]]:
    """A row a stage under a header."""
    keeps_coming = found.items_per_week > 0.0
    yield ("stage", "visits/item", "tasks/visit", "rejected", "time/task", *(["mean wait"] if keeps_coming else []))
    for stage in found.stages:
        row = [stage.name, numbers.significant(stage.visits), numbers.significant(stage.tasks)]
        row += [_share(stage.rejected) if stage.rejected > 0.0 else UNKNOWN, _span(stage.time_s)]
        yield (*row, _span(stage.wait_s)) if keeps_coming else tuple(row)


def whole(line: Line, found: Estimate) -> Iterator[str]:
    """Sentences on the line as a whole: how long an item is in it, and when the backlog is done."""
    if found.items_per_week > 0.0:
        span = _span(found.time_in_line_s)
        span = "not estimated" if span == UNKNOWN else f"{span} on shift, nights and free days not counted"
        yield f"Mean time in the line: {span}."
    else:
        yield "No work keeps coming: there are no waits of a steady stream, only a backlog to work off."
    if math.isinf(found.drained_s):
        yield "Work that is there: not done by the horizon."
    elif not math.isnan(found.drained_s):
        yield f"Work that is there: done by {local_moment(moment(line, found.drained_s / 86_400.0))}."
    yield from found.assumed


def _with(value: float, unit: str) -> str:
    return UNKNOWN if math.isnan(value) else numbers.with_unit(numbers.significant(value), unit)


def _share(value: float) -> str:
    return UNKNOWN if math.isnan(value) else f"{numbers.significant(100.0 * value)}%"


def _span(seconds: float) -> str:
    if math.isnan(seconds):
        return UNKNOWN
    return numbers.duration(seconds) if seconds >= 1.0 else "under 1 s"


def _plain(text: str) -> str:
    """Text for any terminal: no control character that a name might smuggle in."""
    plain = text.replace(numbers.MINUS, "-")
    return "".join(c if c == "\n" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in plain)
