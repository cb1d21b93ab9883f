"""Events of a log, each a step of an activity's life, put together into work with a start and an end.

The words are those of the XES standard's lifecycle extension. Work of a case, an activity and a resource begins with
start (or resume, where it was begun by another) and ends with complete: first in, first out. Between suspend and
resume nobody works. Work that is suspended and never resumed by the same resource was given back; work that was begun
and has no end is under way at the log's last event, which the log cannot tell from an end that was not recorded.
schedule says when the activity of the case was offered, assign when the resource was given it. A log whose words are
all others tells changes of status: each counts as complete. A log without any start has none: `canonical` says what
stands for it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from .judgements import column
from .sheet import Sheet
from .stamps import EARLIEST, moments

ENDS = {
    "complete": "accepted", "autoskip": "skipped", "manualskip": "skipped", "withdraw": "returned",
    "ate_abort": "returned", "pi_abort": "returned", "abort": "returned",
}  # fmt: skip
"""What work comes to by the word that ends it."""

WORDS = frozenset({"schedule", "assign", "reassign", "start", "suspend", "resume", *ENDS})
WORDS_OF = {"item": "case", "worker": "resource", "started_at": "start event", "submitted_at": "timestamp"}
PARTNER = "a start of the same case, activity and resource"
SIMULATED = pd.Timestamp("1970-01-01")
"""Where the clock of simulated logs begins."""


@dataclass
class _Open:
    """Work under way. begin, last: places of its events.  since: ms from which it runs, None while suspended.
    posted: place of the event that offered it, -1 for none.  worked: ms before.  broken: it was suspended once."""

    begin: int
    last: int
    since: int | None
    posted: int
    worked: int = 0
    broken: bool = False


@dataclass
class _Book:
    """Places of events by row of the result; spent: ms, -1 where work was not broken; -1 for no event."""

    begin: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    spent: list[int] = field(default_factory=list)
    outcome: list[str] = field(default_factory=list)
    posted: list[int] = field(default_factory=list)
    assigned: list[int] = field(default_factory=list)

    def add(self, begin: int, end: int, spent: int, outcome: str, posted: int, assigned: int) -> None:
        """One piece of work."""
        for values, value in ((self.begin, begin), (self.end, end), (self.spent, spent), (self.posted, posted)):
            values.append(value)
        self.assigned.append(assigned)
        self.outcome.append(outcome)


@dataclass
class _Found:
    """begun: whether the log tells any start.  last: ms of its last event.  lonely: places of events without a partner,
    by reason."""

    begun: bool
    last: int = 0
    book: _Book = field(default_factory=_Book)
    lonely: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def earliest(text: pd.Series[str]) -> pd.Timestamp:
    """The first moment that a stamp of the log may name: a clock that began in 1970 is that of a simulation."""
    seen = text[text != ""]
    old = seen.str.match(r"(?:19[7-9]\d)-").fillna(False).astype(bool)
    return SIMULATED if len(seen) and bool(old.mean() > 0.5) else EARLIEST


def paired(sheet: Sheet, timezone: str = "UTC") -> tuple[Sheet, tuple[str, ...]]:
    """(sheet of one row a piece of work in our names, numbered by the event that ended it; notes).

    sheet: one row an event: item, stage, worker, role, transition, at (text); further columns go along from the end.
    """
    text = column(sheet, "at")
    when, why = moments(text, timezone, earliest(text))
    lost = {
        "timestamp is empty" if reason == "none" else f"timestamp {reason}": sheet.row[(why == reason).to_numpy(bool)]
        for reason in why.dropna().unique()
    }
    step = column(sheet, "transition").str.lower().replace("", "complete")
    notes = []
    if not step.isin(WORDS).any():
        notes.append(f"{sheet.name}: no event has a word of the standard's life cycle; each counts as complete.")
        step = pd.Series("complete", index=step.index, dtype="str")
    for word in sorted({*step.unique()} - WORDS):
        lost[f"lifecycle:transition is {word[:20]!r}, which is no word of the standard"] = sheet.row[
            (step == word).to_numpy(bool)
        ]
    good = (when.notna() & step.isin(WORDS)).to_numpy(bool)
    events = sheet.only(good)
    ms = np.asarray(when[good].astype("datetime64[ms]").astype("int64"), dtype=np.int64)
    book, lonely = _matched(events, step[good].tolist(), ms)
    lost |= {reason: events.row[np.array(places, dtype=np.int64)] for reason, places in lonely.items()}
    out = _table(events, book)
    if not any(begin >= 0 for begin in book.begin):
        notes.append(f"{sheet.name} has no start events: only ends of work are known.")
    return replace(out, lost={reason: rows for reason, rows in lost.items() if len(rows)}), tuple(notes)


def _matched(events: Sheet, steps: list[str], ms: npt.NDArray[np.int64]) -> tuple[_Book, dict[str, list[int]]]:
    """(work, places of events without a partner by reason), events being taken case by case in the order of time."""
    case = pd.factorize(column(events, "item"))[0]
    activity = pd.factorize(column(events, "stage"))[0]
    who = pd.factorize(column(events, "worker"))[0]
    keys = (activity.astype(np.int64) * (int(who.max(initial=0)) + 1) + who).tolist()
    activities, moment = activity.tolist(), ms.tolist()
    order = np.lexsort((ms, case))
    ends: list[int] = [*(np.flatnonzero(np.diff(case[order])) + 1).tolist(), len(order)]
    found = _Found(not {"start", "resume"}.isdisjoint(steps), max(moment, default=0))
    first = 0
    for last in ends:
        _case(order[first:last].tolist(), steps, keys, activities, moment, found)
        first = last
    return found.book, found.lonely


def _case(
    places: list[int], steps: list[str], keys: list[int], activities: list[int], moment: list[int], found: _Found
) -> None:
    """Puts together the work of one case. places: of its events, in the order of time.  keys: activity and resource."""
    offered: dict[int, deque[int]] = defaultdict(deque)
    given: dict[int, int] = {}
    under_way: dict[int, deque[_Open]] = defaultdict(deque)
    for at in places:
        step, key, waiting = steps[at], keys[at], offered[activities[at]]
        left = under_way[key]
        if step == "schedule":
            waiting.append(at)
        elif step in ("assign", "reassign"):
            given[key] = at
        elif step == "start" or (step == "resume" and not any(one.since is None for one in left)):
            left.append(_Open(at, at, moment[at], waiting.popleft() if waiting else -1))
        elif step in ("suspend", "resume"):
            if not _turned(left, step, at, moment[at]):
                found.lonely[f"suspended without {PARTNER}"].append(at)
        elif left:
            one = left.popleft()
            spent = one.worked + (moment[at] - one.since if one.since is not None else 0)
            found.book.add(one.begin, at, spent if one.broken else -1, ENDS[step], one.posted, given.pop(key, -1))
        elif found.begun or step != "complete":
            found.lonely[f"{step} without {PARTNER}"].append(at)
        else:
            posted = waiting.popleft() if waiting else -1
            found.book.add(-1, at, -1, "accepted", posted, given.pop(key, -1))
    for left in under_way.values():
        for one in left:
            going = one.since is not None
            spent = one.worked + found.last - one.since if one.since is not None and one.broken else -1
            found.book.add(one.begin, one.last, spent, "active" if going else "returned", one.posted, -1)


def _turned(left: deque[_Open], step: str, at: int, moment: int) -> bool:
    """Whether there was work to suspend or to resume; the first of it is."""
    for one in left:
        if step == "suspend" and one.since is not None:
            one.worked, one.since, one.last, one.broken = one.worked + moment - one.since, None, at, True
            return True
        if step == "resume" and one.since is None:
            one.since, one.last = moment, at
            return True
    return False


def _table(events: Sheet, book: _Book) -> Sheet:
    end = np.array(book.end, dtype=np.int64)
    order = np.argsort(events.row[end], kind="stable") if len(end) else end
    end = end[order]
    frame = events.columns.iloc[end].reset_index(drop=True)
    at = column(events, "at")
    spent = np.array(book.spent, dtype=np.int64)[order]
    frame = frame.drop(columns=["at", "transition"], errors="ignore").assign(
        started_at=_stamps(at, book.begin, order),
        submitted_at=at.iloc[end].reset_index(drop=True),
        posted_at=_stamps(at, book.posted, order),
        assigned_at=_stamps(at, book.assigned, order),
        active_seconds=pd.Series([f"{ms / 1000:.3f}" if ms >= 0 else "" for ms in spent.tolist()], dtype="str"),
        outcome=pd.Series([book.outcome[place] for place in order.tolist()], dtype="str"),
    )
    keys = [frame[name] for name in ("item", "stage", "worker") if name in frame]
    frame["attempt"] = (frame.groupby(keys).cumcount() + 1).astype("str") if keys else "1"
    return replace(events, columns=frame, header=tuple(frame.columns), row=events.row[end])


def _stamps(at: pd.Series[str], places: Sequence[int], order: npt.NDArray[np.int64]) -> pd.Series[str]:
    """Stamps of events by their places, blank where there is none."""
    chosen = np.array(places, dtype=np.int64)[order]
    known = chosen >= 0
    text = at.iloc[np.where(known, chosen, 0)].reset_index(drop=True) if len(at) else at
    return text.where(pd.Series(known, index=text.index), "").astype("str")
