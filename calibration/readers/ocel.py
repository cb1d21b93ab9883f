"""OCEL 2.0 event logs as JSON: events, each related to objects of several types.

Read, and how sure we are (the standard's own example seen, VERIFIED-REAL): of events[] type -> stage, time ->
submitted_at. An item is an object of the type that most events are related to (leading type; of several such types
the one of most objects); an event of several such objects counts for the first of them, so that its time is not
counted twice, and an event of none is counted and left out.
worker: an attribute of the event whose name says so (resource, user, worker, annotator, ...), else the first related
object whose type or qualifier says so; where the log has neither, the one text that each type of event carries, and a
note says which. Of the event's attributes, by their names: start -> started_at, lifecycle -> as in `lifecycle`, role,
label. relationships: objectId and qualifier; objects[] id and type are read, their attributes are not.
Missing in the standard: starts; then work is taken to begin with the same worker's event before it, and a note says
so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from ...sim.errors import DataRefused
from .canonical import Told
from .delimited import decoded
from .documents import members, text_of
from .files import File
from .lifecycle import WORDS_OF, earliest, paired
from .names import NAMES, bare
from .sheet import Sheet

NAME = "ocel"
TITLE = "OCEL 2.0 event log"
BEGINS = re.compile(r'\{\s*"(?:objecttypes|eventtypes|objects|events)"\s*:\s*\[')
PEOPLE = frozenset({*NAMES["worker"], "person", "employee", "actor", "agent", "performer", "staff", "humanresource"})
MEANT = frozenset({*(name for names in NAMES.values() for name in names), "lifecycle", "lifecycletransition"})
LETTER = re.compile(r"[^\W\d_]")
STAMP = re.compile(r"\d{4}-\d\d-\d\d")
STEP = frozenset({"lifecycle", "lifecycletransition", "transition"})


def shows(head: str, data: bytes) -> bool:
    """Whether a file is such a log; head: its beginning in lower case."""
    return BEGINS.match(head) is not None and all(_has(data, key) for key in ('"eventTypes"', '"events"'))


def _has(data: bytes, text: str) -> bool:
    """Whether a text is in a file of UTF-8, or of UTF-16 where it is marked as such."""
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    return any(text.encode(one) in data for one in (("utf-16-le", "utf-16-be") if marked else ("utf-8",)))


@dataclass
class _Log:
    """kinds: type of each object.  events: id, type, time, attributes, objects with their qualifiers."""

    kinds: dict[str, str] = field(default_factory=dict)
    events: list[tuple[int, str, str, dict[str, str], tuple[tuple[str, str], ...]]] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)

    def one(self, value: Any) -> str:
        """A text, held once however often it comes."""
        text = text_of(value)
        return self.known.setdefault(text, text)

    def add(self, number: int, event: Any) -> None:
        """An event."""
        if not isinstance(event, dict):
            self.broken.append(number)
            return
        carried = {self.one(one.get("name")): self.one(one.get("value")) for one in _maps(event.get("attributes"))}
        related = tuple(
            (self.one(one.get("objectId")), self.one(one.get("qualifier"))) for one in _maps(event.get("relationships"))
        )
        self.events.append((number, self.one(event.get("type")), text_of(event.get("time")), carried, related))


def told(file: File, tell: Callable[[float], None]) -> Told:
    """The events in our names. Raises DataRefused where the file is cut off, no JSON, or tells no worker at all."""
    text = decoded(file.data, file.name)
    log = _Log()
    for key, number, value in members(text, file.name):
        if key == "objects" and isinstance(value, dict):
            log.kinds[log.one(value.get("id"))] = log.one(value.get("type"))
        elif key == "events":
            log.add(number, value)
    if not log.events:
        raise DataRefused(f"{file.name}: it is an OCEL log without any event.")
    tell(0.5)
    leading = _leading(log)
    people, note = _people(log, file.name)
    frame, row, astray = _events(log, leading, people)
    lost = {"no JSON object": np.array(log.broken, dtype=np.int64)}
    lost[f"none of its objects is of the type {leading!r}, which is taken as the item"] = astray
    first = earliest(frame["at"])
    sheet = Sheet(file.name, file.sha256, tuple(frame.columns), frame, row, (), np.zeros(0, np.int64), "event", NAME)
    notes: tuple[str, ...] = ()
    if (frame["transition"] != "").any():
        out, notes = paired(sheet)
    else:
        columns = frame.rename(columns={"at": "submitted_at"}).drop(columns="transition")
        out = replace(sheet, columns=columns, header=tuple(columns.columns))
    out = replace(out, lost={**out.lost, **{reason: rows for reason, rows in lost.items() if len(rows)}})
    notes = (*notes, f"{file.name}: objects of the type {leading} are taken as items.", *note)
    return Told(out, WORDS_OF, ("label",) if "label" in frame else (), {}, notes, earliest=first)


def _maps(values: object) -> list[Mapping[str, Any]]:
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def _leading(log: _Log) -> str:
    """The type of object, people apart, that most events are related to; of several the one of most objects, then the
    first in the alphabet."""
    found: Counter[str] = Counter()
    there: dict[str, set[str]] = {}
    for *_, related in log.events:
        kinds = {log.kinds.get(one, "") for one, _ in related}
        found.update(kinds)
        for one, _ in related:
            there.setdefault(log.kinds.get(one, ""), set()).add(one)
    ranked = [(-count, -len(there[kind]), kind) for kind, count in found.items() if kind and bare(kind) not in PEOPLE]
    return min(ranked)[2] if ranked else ""


def _people(
    log: _Log, name: str
) -> tuple[Callable[[dict[str, str], tuple[tuple[str, str], ...]], str], tuple[str, ...]]:
    """(what gives the worker of an event, what to say of it). Raises DataRefused where nothing can."""

    def by_name(carried: dict[str, str], related: tuple[tuple[str, str], ...]) -> str:
        told = (value for key, value in carried.items() if value and bare(key) in PEOPLE)
        by_object = (one for one, role in related if bare(log.kinds.get(one, "")) in PEOPLE or bare(role) in PEOPLE)
        return next(told, "") or next(by_object, "")

    def only(carried: dict[str, str], related: tuple[tuple[str, str], ...]) -> str:
        free = [value for key, value in carried.items() if bare(key) not in MEANT]
        return free[0] if len(free) == 1 and LETTER.search(free[0]) and not STAMP.match(free[0]) else ""

    if any(by_name(carried, related) for *_, carried, related in log.events):
        return by_name, ()
    names = list(dict.fromkeys(key for *_, carried, _ in log.events for key in carried))
    again = Counter(only(carried, related) for *_, carried, related in log.events)
    if any(count > 1 for one, count in again.items() if one):
        shown = ", ".join(names[:6])
        return only, (
            f"{name}: nothing is named resource; who did an event is taken from its one attribute ({shown}).",
        )
    shown = ", ".join(names[:8]) or "none"
    raise DataRefused(
        f"{name}: event {log.events[0][0]}: no attribute, type of object or qualifier is named resource, worker, user "
        f"or the like, so nothing tells who did the work. Attributes of events: {shown}. Rename the one that does."
    )


def _events(
    log: _Log, leading: str, people: Callable[[dict[str, str], tuple[tuple[str, str], ...]], str]
) -> tuple[pd.DataFrame, np.ndarray[Any, np.dtype[np.int64]], np.ndarray[Any, np.dtype[np.int64]]]:
    """(events of an item: item, stage, worker, at, transition and what attributes tell; their numbers; of no item)."""
    named = {
        key: ours
        for *_, carried, _ in log.events
        for key in carried
        for ours in ("started_at", "role", "label")
        if bare(key) in NAMES[ours]
    }
    columns: dict[str, list[str]] = {
        name: [] for name in ("item", "stage", "worker", "at", "transition", *dict.fromkeys(named.values()))
    }
    numbers, astray = [], []
    for number, kind, time, carried, related in log.events:
        item = next((one for one, _ in related if log.kinds.get(one, "") == leading), None)
        if item is None:
            astray.append(number)
            continue
        numbers.append(number)
        values = {"item": item, "stage": kind, "worker": people(carried, related), "at": time}
        values["transition"] = next((value for key, value in carried.items() if bare(key) in STEP), "")
        values |= {named[key]: value for key, value in carried.items() if key in named}
        for name, column in columns.items():
            column.append(values.get(name, ""))
    frame = pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})
    return frame, np.array(numbers, dtype=np.int64), np.array(astray, dtype=np.int64)
