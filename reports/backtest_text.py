"""A backtest as text and as plain numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from ..calibration.backtest.backtest import Backtest
from ..calibration.backtest.badge import Badge, short
from ..calibration.backtest.scores import BANDS, Scored

COLUMNS = ("calibrated line", "flat rate", "replay")


def backtest_text(found: Backtest, badge: Badge) -> str:
    """What was cut where, how far off each forecast was, what the bands held, what changed, and the badge."""
    three = (found.line, found.flat, found.replay)
    rows = [
        ("", *COLUMNS),
        ("makespan of a batch, hours off", *(_short(one.makespan) for one in three)),
        ("labels a day, off", *(_short(one.daily) for one in three)),
        ("hours of the day, hours off", *(_short(one.circadian) for one in three)),
        ("cycle time of items, hours off", *(_short(one.cycle) for one in three)),
    ]
    bands = [("", *(f"{100 * level:g}% bands" for level in BANDS))]
    for what, within in (("batches held", found.line.within), ("days held", found.line.days_within)):
        bands.append((what, *(f"{int(within[level].sum())} of {len(within[level])}" for level in BANDS)))
    when = pd.Timestamp(found.cut.now, unit="ms", tz="UTC").tz_convert(found.timezone)
    past, ahead = len(found.cut.past), len(found.cut.ahead)
    under_way = sum(one.posted <= found.cut.now for one in found.cut.ahead)
    who = "a crowd" if found.people == "crowd" else "a staff"
    lines = [
        f"Cut at {when:%Y-%m-%d %H:%M} {found.timezone}: fitted to what was there of {past} batch(es); {ahead} ahead, "
        f"of which {under_way} under way, and {len(found.truth.labels)} day(s) with open work. The workers are {who}.",
        "",
        *_table(rows),
        "",
        *_table(bands),
        "",
        *(_changed(one.what, one.factor, one.told) for one in found.drifts),
        badge.words,
    ]
    return "\n".join(lines)


def _changed(what: str, factor: float, told: bool) -> str:
    more = "beyond chance: drift, which no fit to the past can know" if told else "chance may do as much"
    return f"{what[0].upper()}{what[1:]}: {factor:.2f} times what it was before ({more})."


def _short(value: float) -> str:
    return short(value) if math.isfinite(value) else "never"


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]


def backtest_json(found: Backtest, badge: Badge) -> dict[str, Any]:
    """The same as a dict that JSON can hold: hours, labels and shares; null for a batch that is told never to end."""

    rows = [
        {
            "batch": batch.name,
            "labels": batch.labels,
            "posted": _moment(batch.posted),
            "under_way": batch.posted <= found.cut.now,
            "makespan_h": batch.makespan_ms / 3_600_000,
            "median_h": _finite(middle),
            "low80_h": _finite(low),
            "high80_h": _finite(high),
        }
        for batch, middle, low, high in zip(
            found.truth.batches, found.line.middle, found.line.low, found.line.high, strict=True
        )
    ]
    return {
        "cut": _moment(found.cut.now),
        "people": found.people,
        "replications": found.replications,
        "badge": {"grade": badge.grade, "words": badge.words},
        "beats_flat_rate": found.beats_flat_rate,
        "beats_replay": found.beats_replay,
        "line": _scores(found.line),
        "flat_rate": _scores(found.flat),
        "replay": _scores(found.replay),
        "drift": [{"what": one.what, "factor": one.factor, "z": one.z, "told": one.told} for one in found.drifts],
        "hindsight": None if found.hindsight is None else _scores(found.hindsight),
        "batches": rows,
        "days": [
            {
                "day": _local_day(int(start), found.timezone),
                "labels": float(labels),
                "median": float(middle),
                "low80": float(low),
                "high80": float(high),
            }
            for start, labels, middle, low, high in zip(
                found.truth.starts,
                found.truth.labels,
                found.line.days_middle,
                found.line.days_low,
                found.line.days_high,
                strict=True,
            )
        ],
    }


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _scores(one: Scored) -> dict[str, Any]:
    return {
        "makespan_h": one.makespan,
        "daily_labels": one.daily,
        "circadian_h": one.circadian,
        "cycle_h": _finite(one.cycle),
        "within": {f"{level:g}": [bool(hit) for hit in one.within[level]] for level in BANDS},
        "days_within": {f"{level:g}": [bool(hit) for hit in one.days_within[level]] for level in BANDS},
    }


def _local_day(ms: int, timezone: str) -> str:
    return str(pd.Timestamp(ms, unit="ms", tz="UTC").tz_convert(timezone).strftime("%Y-%m-%d"))


def _moment(ms: int) -> str:
    return str(np.datetime64(ms, "ms").astype("datetime64[s]")) + "Z"
