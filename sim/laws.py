"""The laws of a log, each a function that says where it is broken. Null, "not recorded", breaks no law by itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from . import conduct
from .evidence import View, plain, say
from .log import ORDER, Log
from .tables import NULL, SCHEMAS, VOCABULARY, Ints, names, rank

Law = Callable[[View], list[str]]


def check(log: Log) -> list[str]:
    """The broken laws, a sentence each; [] when all hold. Columns come first: without them nothing else is judged."""
    broken = _columns(log)
    if broken:
        return broken
    broken = _order(log)
    view = View.of(log)
    return broken + [sentence for law in _LAWS for sentence in law(view)]


def _columns(log: Log) -> list[str]:
    """Columns, their order and types; the same categories in all columns of one vocabulary; a kind for each stage."""
    broken = []
    vocabularies: dict[str, list[str]] = {}
    for table, schema in SCHEMAS.items():
        frame: pd.DataFrame = getattr(log, table)
        if list(frame.columns) != list(schema):
            has = ", ".join(map(str, frame.columns))
            broken.append(f"{table} must have the columns {', '.join(schema)}, but has {has}")
            continue
        for name, dtype in schema.items():
            if str(frame[name].dtype) != dtype:
                broken.append(f"{table}.{name} must be {dtype}, but is {frame[name].dtype}")
            elif dtype == "category":
                word = VOCABULARY.get(name, name)
                if vocabularies.setdefault(word, names(frame[name])) != names(frame[name]):
                    broken.append(f"{table}.{name} must have the categories of every other column of {word}s")
    without = [stage for stage in vocabularies.get("stage", []) if stage not in log.provenance.roles]
    return broken + [f"the provenance must say the kind of each stage, but not of {stage}" for stage in without]


def _order(log: Log) -> list[str]:
    broken = []
    for table, key in ORDER.items():
        frame: pd.DataFrame = getattr(log, table)
        arrays = plain(frame)
        columns = [arrays[name] for name in key]
        order = rank(columns)
        if order is not None:
            back = np.flatnonzero(order != np.arange(len(order)))[:1]
            broken += say(f"{table} must be in the order of {', '.join(key)}", back, lambda _: "is out of place")
            columns = [column[order] for column in columns]
        if len(frame) > 1:
            again = np.logical_and.reduce([column[1:] == column[:-1] for column in columns])
            rows = np.flatnonzero(again) + 1
            rows = rows if order is None else order[rows]
            broken += say(f"{table} must be unique by {', '.join(key)}", rows, lambda _: "comes twice")
    return broken


def _exists(v: View) -> list[str]:
    return say("the item of every task must be among the items", v.place < 0, v.task)


def _succession(v: View) -> list[str]:
    """arrival <= enqueued <= ready <= started <= finished <= end, over what is recorded; an item is not delivered
    before it arrives."""
    steps = ("arrived_at", "enqueued_at", "ready_at", "started_at", "finished_at")
    broken = []
    before, named = v.of_item("arrived_at"), np.zeros(len(v.place), np.int64)
    for number, step in enumerate(steps[1:], 1):
        now = v.tasks[step]

        def tell(row: int, step: str = step, now: Ints = now, before: Ints = before, named: Ints = named) -> str:
            return f"{v.task(row)}: {step} {now[row]} < {steps[named[row]]} {before[row]}"

        law = f"{step} must not be earlier than what comes before it"
        broken += say(law, (now != NULL) & (now < before), tell)
        named = np.where(now != NULL, number, named)
        before = np.where(now != NULL, now, before)
    arrived, delivered = v.items["arrived_at"], v.items["delivered_at"]
    broken += say(
        "an item must not be delivered before it arrives",
        (delivered != NULL) & (delivered < arrived),
        lambda row: f"item {v.items['item'][row]}: {delivered[row]} < {arrived[row]}",
    )
    ended = v.log.provenance.ended_at
    broken += say(
        "nothing may happen after the end of the run",
        before > ended,
        lambda row: f"{v.task(row)}: {before[row]} > {ended}",
    )
    last = np.maximum(arrived, delivered)
    return broken + say(
        "no item may arrive or be delivered after the end of the run",
        last > ended,
        lambda row: f"item {v.items['item'][row]}: {last[row]} > {ended}",
    )


def _begun(v: View) -> list[str]:
    """What is finished was started, and what was started has a worker, where these are recorded at all."""
    started, finished, worker = (v.tasks[name] for name in ("started_at", "finished_at", "worker"))
    broken = []
    if (started != NULL).any():
        broken = say("a finished task must have been started", (finished != NULL) & (started == NULL), v.task)
    if (worker != NULL).any():
        broken += say("a started task must have a worker", (started != NULL) & (v.who.of_task < 0), v.task)
    return broken


def _balance(v: View) -> list[str]:
    """Items in = delivered + still in the line. What is delivered has no open task; what is not, has one, unless all
    that was asked of it was skipped or expired; where deliveries are not recorded, nothing is said."""
    delivered = v.items["delivered_at"] != NULL
    if not delivered.any():
        return []
    skipping = {"skipped", "expired"}
    gone = np.array([name in skipping for name in names(v.log.tasks["outcome"])] + [False])[v.tasks["outcome"]]
    is_open = v.tasks["finished_at"] == NULL
    held, dropped = np.zeros(len(delivered), np.bool_), np.zeros(len(delivered), np.bool_)
    known = v.place >= 0
    held[v.place[known & is_open & ~gone]] = True
    dropped[v.place[known & gone]] = True
    lost = ~delivered & ~held & ~dropped
    broken = say("an item must be delivered or have an open task", lost, lambda row: f"item {v.items['item'][row]}")
    after = v.of_item("delivered_at")
    finished = v.tasks["finished_at"]
    late = (after != NULL) & (finished > after)
    law = "no task of an item may finish after its delivery"
    broken += say(law, late, lambda row: f"{v.task(row)}: {finished[row]} > {after[row]}")
    return broken + say("a delivered item must have no open task", (after != NULL) & is_open & ~gone, v.task)


def _final(v: View) -> list[str]:
    """Where labels are recorded, a delivered item has a final one, unless its labels tie; others have none."""
    final, delivered, label = v.items["final_label"], v.items["delivered_at"] != NULL, v.tasks["label"]
    law = "an item must not have a final label before it is delivered"
    broken = say(law, (final >= 0) & ~delivered, lambda row: f"item {v.items['item'][row]}")
    bare = delivered & (final < 0)
    if not bare.any() or not (label >= 0).any():
        return broken
    labels = len(names(v.log.tasks["label"]))
    mine = (label >= 0) & (v.place >= 0)
    votes = np.bincount(v.place[mine] * labels + label[mine], minlength=len(final) * labels).reshape(-1, labels)
    tied = (votes == votes.max(axis=1, keepdims=True)).sum(axis=1) > 1
    law = "a delivered item must have a final label, unless its labels tie"
    return broken + say(law, bare & ~tied, lambda row: f"item {v.items['item'][row]}")


_LAWS: tuple[Law, ...] = (
    _exists,
    _succession,
    _begun,
    _balance,
    _final,
    conduct.one_at_a_time,
    conduct.own_work,
    conduct.distinct,
    conduct.active,
    conduct.present,
)
