"""The review of one stage's work: how much is reviewed and when, how much is rejected, what follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .delay import Delay, fit_delay, reviewed_share
from .rates import Rate, rate, wilson
from .rework import Rework, rework_of
from .verdicts import DAY_MS, Verdicts, labels_each, verdicts_of

FIRST_TASKS = 20
"""A worker's first tasks, held against the later ones."""

RUN_MS = 30 * 60_000
"""Verdicts of one reviewer less than this apart are of one sitting: the second was worked on since the first."""

ENOUGH = 20
"""Times between verdicts from which on their median is told."""


@dataclass(frozen=True, eq=False)
class Review:
    """fraction: of the work of the first round, that a person reviews.  again: of the later rounds, None if there are
    none.  rejected, fixed: of what is reviewed.  by_round: of each round that has ten verdicts or more.
    early, late: rejected of a worker's first FIRST_TASKS tasks, and of later ones; None where there are none.
    delay: None where no verdict tells it.  rework: of the rejections.  time: seconds between verdicts of one sitting,
    the most that one can have taken; None where the log tells nothing of it.  people: reviewers told.  each: labels
    that an item gets.  sensitivity, false_alarm: rejected of wrong and of right answers to test questions, None
    without any.
    """

    verdicts: Verdicts
    fraction: Rate
    again: Rate | None
    rejected: Rate
    fixed: Rate
    by_round: tuple[tuple[int, Rate], ...]
    early: Rate | None
    late: Rate | None
    delay: Delay | None
    rework: Rework
    time: float | None
    people: int
    each: int
    sensitivity: Rate | None
    false_alarm: Rate | None


def fit_review(judgements: pd.DataFrame, *, by_item: bool = False) -> Review | None:
    """The review that cleaned judgements (of Cleaned) tell of; None where no person gave a verdict.

    by_item: a verdict is on all labels that an item got since the last one, and stands with the last of these.
    """
    if by_item:
        judgements = _last_of_rounds(judgements)
    verdicts = verdicts_of(judgements)
    if not verdicts.told:
        return None
    rows = verdicts.rows
    judged = rows[rows["reviewed"]]
    worker = pd.factorize(judged["worker"])[0].astype(np.int64)
    sitting = _sittings(judged)
    rejected = judged["rejected"].to_numpy(bool)

    def part(mask: npt.NDArray[np.bool_]) -> Rate | None:
        return rate(rejected[mask], (worker[mask], sitting[mask])) if mask.any() else None

    rounds = judged["round"].to_numpy()
    early = judged["place"].to_numpy() < FIRST_TASKS
    right = judged["right"].fillna(False).to_numpy(bool)
    known = judged["right"].notna().to_numpy()
    by_round = [(int(k), part(rounds == k)) for k in np.unique(rounds) if (rounds == k).sum() >= 10]
    waited, seen = _waits(rows)
    first = rows["round"] == 1
    return Review(
        verdicts=verdicts,
        fraction=_fraction(rows[first]) if first.any() else _fraction(rows),
        again=_fraction(rows[~first]) if (~first).any() and first.any() else None,
        rejected=rate(rejected, (worker, sitting)),
        fixed=rate(judged["fixed"].to_numpy(bool), (worker, sitting)),
        by_round=tuple((k, one) for k, one in by_round if one is not None),
        early=part(early),
        late=part(~early),
        delay=fit_delay(waited, seen, _told(rows)["submitted_ms"].to_numpy(np.int64) // DAY_MS),
        rework=rework_of(rows),
        time=_time(judged),
        people=judged["reviewer"].nunique(),
        each=labels_each(rows),
        sensitivity=part(known & ~right),
        false_alarm=part(known & right),
    )


def _last_of_rounds(judgements: pd.DataFrame) -> pd.DataFrame:
    """The last label of each item before each verdict, and the last of all."""
    frame = judgements.sort_values(["item", "submitted_at", "started_at"], kind="stable")
    last = frame["item"] != frame["item"].shift(-1)
    return frame[last | frame["reviewed_at"].notna()].sort_index()


def _fraction(rows: pd.DataFrame) -> Rate:
    """Of the work, that is reviewed sooner or later; verdicts without a time count as given at once."""
    reviewed = rows["reviewed"].to_numpy(bool)
    plain = rate(reviewed, (pd.factorize(rows["worker"])[0].astype(np.int64),))
    if rows["reviewed_ms"].isna().all() or not 0 < plain.value < 1:
        return plain
    at = rows["reviewed_ms"].fillna(rows["submitted_ms"].where(rows["reviewed"], rows["seen_until_ms"]))
    waited = np.maximum(at.to_numpy(np.float64) - rows["submitted_ms"].to_numpy(np.float64), 0.0) / 1000
    share, variance = reviewed_share(waited, reviewed)
    if variance <= 0 or not 0 < share < 1:
        return plain
    alone = min(float(len(rows)), share * (1 - share) / variance)
    return wilson(share, len(rows), alone * plain.effective / len(rows), max(plain.effective - 1, 1))


def _waits(rows: pd.DataFrame) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """(Seconds from submit to verdict, or to when the log no longer tells; which got one) of rows that tell it."""
    timed = _told(rows)
    seen = timed["reviewed_ms"].notna().to_numpy()
    until = timed["reviewed_ms"].fillna(timed["seen_until_ms"]).to_numpy(np.float64)
    return np.maximum(until - timed["submitted_ms"].to_numpy(), 0.0) / 1000, seen


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` without those whose verdict has no time."""
    return rows[~rows["reviewed"] | rows["reviewed_ms"].notna()]


def _sittings(judged: pd.DataFrame) -> npt.NDArray[np.int64]:
    """int64[rows]: the sitting in which each verdict was given; where no time is told, the day of submit."""
    who = pd.factorize(judged["reviewer"].fillna(""))[0]
    when = judged["reviewed_ms"].fillna(judged["submitted_ms"] // DAY_MS * DAY_MS).to_numpy()
    order = np.lexsort((when, who))
    new = np.ones(len(order), bool)
    new[1:] = (np.diff(who[order]) != 0) | (np.diff(when[order]) >= RUN_MS)
    out = np.empty(len(order), np.int64)
    out[order] = np.cumsum(new) - 1
    return out


def _time(judged: pd.DataFrame) -> float | None:
    """Median seconds between two verdicts of one sitting; None where reviewers are not told, or judged many at once."""
    timed = judged[judged["reviewer"].notna() & judged["reviewed_ms"].notna()].sort_values(["reviewer", "reviewed_ms"])
    apart = timed.groupby("reviewer")["reviewed_ms"].diff()
    apart = apart[apart < RUN_MS]
    if len(apart) < ENOUGH or float((apart < 1000).mean()) > 0.5:
        return None
    return float(apart[apart >= 1000].median()) / 1000
