"""What a backtest allows to be said of forecasts from the same log: a grade and a line that goes with each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from .backtest import Backtest, binomial_interval
from .scores import Scored

Grade = Literal["holds", "with care", "does not hold", "too little to tell"]

FEWEST = 5
"""Batches and days ahead, together, below which nothing is said."""


@dataclass(frozen=True)
class Badge:
    """grade: what to make of forecasts.  reasons: why it is no better.  words: the line that goes with forecasts.
    book: the figures behind it, as a profile keeps them."""

    grade: Grade
    reasons: tuple[str, ...]
    words: str
    book: Mapping[str, Any]


def badge(found: Backtest) -> Badge:
    """The badge of a backtest.

    does not hold: farther off than a flat rate in makespans or in days, or bands that are too narrow (the 99% interval
    of the share within the 80% bands lies below 80%).  with care: farther off than a replay, bands too wide, or a line
    that changed.  holds: none of these.
    """
    line, flat, replay = found.line, found.flat, found.replay
    hits, of = int(line.within[0.8].sum()), len(line.within[0.8])
    days, of_days = int(line.days_within[0.8].sum()), len(line.days_within[0.8])
    low, high = binomial_interval(hits + days, of + of_days, 0.99)
    bad, doubts = [], []
    if not found.beats_flat_rate:
        bad.append("a flat rate came nearer")
    if high < 0.8:
        bad.append(f"the 80% bands held {hits + days} of {of + of_days} only")
    if not found.beats_replay:
        doubts.append("a replay of the past came nearer")
    if low > 0.8:
        doubts.append(f"the 80% bands are wide: they held {hits + days} of {of + of_days}")
    for one in found.drifts:
        if one.told:
            doubts.append(f"{one.what} became {one.factor:.2g} of what it was")
    if found.hindsight is not None:
        held = int(found.hindsight.within[0.8].sum())
        doubts.append(f"with that change known, the bands would have held {held} of {of} batches")
    grade: Grade = "does not hold" if bad else "with care" if doubts else "holds"
    if of + of_days < FEWEST:
        grade = "too little to tell"
    when = pd.Timestamp(found.cut.now, unit="ms", tz="UTC").tz_convert(found.timezone).strftime("%Y-%m-%d")
    words = (
        f"Backtest: {grade}. Fitted to what was there on {when}, it foretold {of} batch(es) after it "
        f"{short(line.makespan)} h off on average (flat rate {short(flat.makespan)} h, replay "
        f"{short(replay.makespan)} h); "
        f"{hits} lay within their 80% bands, and {days} of {of_days} days"
    )
    reasons = (*bad, *doubts)
    words += f"; {'; '.join(reasons)}." if reasons else "."
    return Badge(grade, reasons, words, _book(found, grade, words, when))


def short(value: float) -> str:
    """Three digits that count, never as a power of ten."""
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _scores(one: Scored) -> dict[str, float]:
    return {
        "makespan_hours": float(f"{one.makespan:.4g}"),
        "labels_a_day": float(f"{one.daily:.4g}"),
        "hours_of_day": float(f"{one.circadian:.4g}"),
        "cycle_hours": float(f"{one.cycle:.4g}"),
    }


def _book(found: Backtest, grade: Grade, words: str, when: str) -> dict[str, Any]:
    return {
        "grade": grade,
        "words": words,
        "cut": when,
        "batches": len(found.truth.batches),
        "days": len(found.truth.labels),
        "off": {"line": _scores(found.line), "flat-rate": _scores(found.flat), "replay": _scores(found.replay)},
        "within": {
            f"p{round(100 * level)}": {"batches": int(hits.sum()), "days": int(found.line.days_within[level].sum())}
            for level, hits in found.line.within.items()
        },
    }
