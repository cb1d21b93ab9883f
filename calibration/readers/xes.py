"""XES event logs: traces, which are items, with events, of which starts and ends make work.

Read, and how sure we are (several published logs and one of a simulator seen, VERIFIED-REAL; the IEEE standard's
words): of a trace concept:name -> item; of an event concept:name (activity) -> stage, org:resource -> worker,
org:role, else org:group -> role, time:timestamp and lifecycle:transition -> started_at, submitted_at, posted_at
(schedule), assigned_at (assign) and active_seconds (without suspended time), as `lifecycle` puts them together; the
log's concept:name -> project. A log whose clock begins in 1970 is one of a simulation and taken as it is.
Not read: any other attribute, so labels, and concept:instance. Missing in many logs: starts; then work is taken to
begin with the same resource's end before it, and a note says so. Reviews are activities of their own, not verdicts.
The file is read as a stream. A document type or an entity is refused, as no log needs any.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from xml.parsers import expat

import numpy as np
import pandas as pd

from ...sim.errors import DataRefused
from .canonical import Told
from .files import File
from .lifecycle import WORDS_OF, earliest, paired
from .sheet import Sheet

NAME = "xes"
TITLE = "XES event log"
PART = 1 << 20
"""Bytes parsed at once."""

WANTED = {
    "concept:name": 1, "org:resource": 2, "org:role": 3, "org:group": 4, "lifecycle:transition": 5, "time:timestamp": 6,
}  # fmt: skip
"""Keys of an event that are read, with their place in its row."""

LOG = re.compile(r"<(?:\w+:)?log[\s>]")
CUT = {expat.errors.codes[one] for one in (expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN,
                                           expat.errors.XML_ERROR_PARTIAL_CHAR)}  # fmt: skip


def shows(head: str, data: bytes) -> bool:
    """Whether a file is an event log in XML; head: its beginning in lower case."""
    return head.startswith("<") and LOG.search(head) is not None and "<html" not in head


class _Events:
    """What the parser's calls have gathered. columns: item, stage, worker, role, group, transition, time."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.depth = 0
        self.project = ""
        self.case: str | None = None  # None outside of traces
        self.waiting: list[list[str]] = []  # events of the trace, whose name may come after them
        self.event: list[str] | None = None
        self.event_depth = 0
        self.columns: list[list[str]] = [[] for _ in range(7)]
        self.stray: list[int] = []
        self.seen = 0
        self.known: dict[str, str] = {}

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        self.depth += 1
        depth = self.depth
        if self.event is not None:
            if depth == self.event_depth + 1:
                place = WANTED.get(attributes.get("key", ""))
                if place is not None:
                    value = attributes.get("value", "")
                    self.event[place] = value if place == 6 else self.known.setdefault(value, value)
            return
        name = name.rpartition(":")[2]
        if name == "event" and depth == (2 if self.case is None else 3):
            self.event, self.event_depth = [""] * 7, depth
            self.seen += 1
        elif name == "trace" and depth == 2:
            self.case = ""
        elif attributes.get("key") == "concept:name" and depth <= 3:
            if depth == 2 and self.case is None:
                self.project = attributes.get("value", "")
            elif depth == 3 and self.case is not None:
                self.case = attributes.get("value", "")

    def ends(self, name: str) -> None:
        """An element closes."""
        if self.event is not None and self.depth == self.event_depth:
            if self.case is None:
                self.stray.append(self.seen)
            else:
                self.waiting.append(self.event)
            self.event = None
        elif self.depth == 2 and self.case is not None:
            for event in self.waiting:
                event[0] = self.case
                for column, value in zip(self.columns, event, strict=True):
                    column.append(value)
            self.waiting = []
            self.case = None
        self.depth -= 1

    def refuse(self, *_: object) -> None:
        """A document type opens."""
        raise DataRefused(
            f"{self.name}: it declares a document type or an entity, which no event log needs and which can make a "
            "small file fill the memory. Take the declaration out."
        )


def told(file: File, tell: Callable[[float], None]) -> Told:
    """The work in the log, in our names. Raises DataRefused where it is cut off, no sound XML, or has no event."""
    events = _Events(file.name)
    parser = expat.ParserCreate()
    parser.StartElementHandler = events.begins
    parser.EndElementHandler = events.ends
    parser.StartDoctypeDeclHandler = events.refuse
    parser.EntityDeclHandler = events.refuse
    data = memoryview(file.data)
    try:
        for start in range(0, len(data), PART):
            parser.Parse(bytes(data[start : start + PART]), False)
            tell(start / len(data))
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        what = (
            "the file is cut off inside or after it"
            if error.code in CUT
            else f"no sound XML: {str(error).split(':')[0]}"
        )
        raise DataRefused(
            f"{file.name}: event {events.seen} (line {error.lineno}): {what}. Export it again."
        ) from error
    except (LookupError, ValueError) as error:
        raise DataRefused(
            f"{file.name}: event {events.seen}: its encoding is not read: {error}. Save it as UTF-8."
        ) from error
    return _told(file, events)


def _told(file: File, events: _Events) -> Told:
    if not events.seen:
        raise DataRefused(f"{file.name}: it is an XML log without any event.")
    names = ("item", "stage", "worker", "role", "group", "transition", "at")
    frame = pd.DataFrame(
        {name: pd.Series(values, dtype="str") for name, values in zip(names, events.columns, strict=True)}
    )
    events.columns = []
    group = frame.pop("group")
    frame["role"] = frame["role"].where(frame["role"] != "", group)
    if events.project.strip():
        frame["project"] = events.project
    row = np.setdiff1d(np.arange(1, events.seen + 1, dtype=np.int64), np.array(events.stray, dtype=np.int64))
    sheet = Sheet(file.name, file.sha256, tuple(frame.columns), frame, row, (), np.zeros(0, np.int64), "event", NAME)
    first = earliest(frame["at"])
    out, notes = paired(sheet)
    if events.stray:
        out = replace(out, lost={**out.lost, "outside of any trace": np.array(events.stray, dtype=np.int64)})
    return Told(out, WORDS_OF, (), {}, notes, earliest=first)
