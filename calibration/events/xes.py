"""XES 2.0 (IEEE 1849): a trace an item, an event a step of a task."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, iterparse
from xml.sax.saxutils import quoteattr

from ...sim.errors import DataRefused
from ...sim.files import whole
from ...sim.log import Log, Provenance
from ...sim.tables import SCHEMAS
from .cells import Cell, Row, rows_of
from .steps import OURS, Clock, Step, about, is_moment, kind_of, log_of, steps_of

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="2.0" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/><string key="lifecycle:transition" value="complete"/>\
<date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/></global>
<classifier name="Activity" keys="concept:name"/>
<string key="concept:name" value="labelcast"/>
"""


def write_xes(path: Path, log: Log) -> None:
    """Writes a log, all of it or nothing. Equal logs give equal bytes."""
    clock = Clock.of(log.provenance)
    steps = {item: list(own) for item, own in groupby(steps_of(log), key=lambda step: step.item)}
    with whole(path) as part, part.open("w", encoding="utf-8", newline="\n") as out:
        out.write(HEAD)
        out.write(_tag("string", f"{OURS}log", about(log)) + "\n")
        for row in rows_of(log.items, SCHEMAS["items"]):
            cells = "".join(_cell(name, value, clock) for name, value in row.items() if name != "item")
            out.write(f"<trace>{_tag('string', 'concept:name', str(row['item']))}{cells}\n")
            for step in steps.get(int(row["item"]), ()):
                out.write(_event(step, clock))
            out.write("</trace>\n")
        out.write("</log>\n")


def _event(step: Step, clock: Clock) -> str:
    told = [("string", "concept:name", step.stage), ("string", "lifecycle:transition", step.transition)]
    told.append(("date", "time:timestamp", clock.stamp(step.at)))
    told += [
        ("string", key, value) for key, value in (("org:role", step.pool), ("org:resource", step.resource)) if value
    ]
    told += [("int", f"{OURS}task", str(step.task)), ("string", f"{OURS}phase", step.phase)]
    if step.worker is not None:
        told.append(("int", f"{OURS}worker", str(step.worker)))
    more = "".join(_cell(name, value, clock) for name, value in step.more.items())
    return f"<event>{''.join(_tag(*one) for one in told)}{more}</event>\n"


def _cell(name: str, value: Cell, clock: Clock) -> str:
    kind = kind_of(name, value)
    text = clock.stamp(int(value)) if kind == "date" else str(value).lower() if kind == "boolean" else str(value)
    return _tag(kind, f"{OURS}{name}", text)


def _tag(kind: str, key: str, value: str) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(value)}/>"


def read_xes(path: Path) -> Log:
    """The log that was written. Raises DataRefused where a file is another's, cut off, or no sound XML."""
    told: dict[str, Any] | None = None
    clock: Clock | None = None
    items: list[Row] = []
    steps: list[Step] = []
    try:
        for kind, element in _elements(path):
            if kind == "about":
                told = json.loads(element.attrib["value"])
                clock = Clock.of(Provenance(**told["provenance"]))
            elif told is None or clock is None:
                break
            else:
                item = _item(element, clock)
                items.append(item)
                steps += (_step(event, int(item["item"]), clock) for event in element if _name(event) == "event")
        if told is not None:
            return log_of(told, items, steps)
    except (ParseError, ValueError, KeyError, TypeError) as error:
        raise DataRefused(f"{path}: no log that labelcast wrote, or damaged ({error}). Write it again.") from error
    raise DataRefused(
        f"{path}: an XES log, but not one that labelcast wrote: it has no {OURS}log. `labelcast calibrate` reads such."
    )


def _elements(path: Path) -> Iterator[tuple[str, Element]]:
    """What the log tells of itself, then its traces, one at a time."""
    depth = 0
    with path.open("rb") as file:
        for event, element in iterparse(file, ("start", "end")):
            if event == "start":
                depth += 1
                continue
            depth -= 1
            if depth == 1 and element.attrib.get("key") == f"{OURS}log":
                yield "about", element
            elif depth == 1 and _name(element) == "trace":
                yield "trace", element
                element.clear()


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _values(element: Element) -> dict[str, tuple[str, str]]:
    """Type and text of an element's attributes, by key."""
    return {one.attrib["key"]: (_name(one), one.attrib["value"]) for one in element if "key" in one.attrib}


def _ours(values: dict[str, tuple[str, str]], clock: Clock) -> Row:
    row: Row = {}
    for key, (kind, text) in values.items():
        if key.startswith(OURS):
            name = key.removeprefix(OURS)
            if is_moment(name):
                row[name] = clock.at(text)
            else:
                row[name] = int(text) if kind == "int" else text == "true" if kind == "boolean" else text
    return row


def _item(trace: Element, clock: Clock) -> Row:
    values = _values(trace)
    return {"item": int(values["concept:name"][1])} | _ours(values, clock)


def _step(event: Element, item: int, clock: Clock) -> Step:
    values = _values(event)
    more = _ours(values, clock)
    task, phase, worker = int(more.pop("task")), str(more.pop("phase")), more.pop("worker", None)
    texts = {key: text for key, (_, text) in values.items()}
    return Step(
        clock.at(texts["time:timestamp"]),
        item,
        task,
        phase,
        texts["concept:name"],
        texts["lifecycle:transition"],
        texts.get("org:role"),
        None if worker is None else int(worker),
        more,
    )
