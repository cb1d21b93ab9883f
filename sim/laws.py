"""The laws of a log, each a function that says where it is broken. Null, "not recorded", breaks no law by itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from . import balance, conduct
from .evidence import View, plain, say
from .line import MACHINE
from .log import ATTEMPTS, ORDER, Log
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
    roles, promises = log.provenance.roles, log.provenance.promises
    without = [stage for stage in dict.fromkeys([*vocabularies.get("stage", []), *promises]) if stage not in roles]
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
    """arrival <= enqueued <= ready <= started <= finished <= end, over what is recorded; an item is neither delivered
    nor dropped before it arrives."""
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
    arrived, delivered, dropped = (v.items[name] for name in ("arrived_at", "delivered_at", "dropped_at"))
    left = np.maximum(delivered, dropped)  # an item does one of the two
    for what, at in (("delivered", delivered), ("dropped", dropped)):

        def told(row: int, at: Ints = at) -> str:
            return f"{v.item(row)}: {at[row]} < {arrived[row]}"

        broken += say(f"an item must not be {what} before it arrives", (at != NULL) & (at < arrived), told)
    ended = v.log.provenance.ended_at
    broken += say(
        "nothing may happen after the end of the run",
        before > ended,
        lambda row: f"{v.task(row)}: {before[row]} > {ended}",
    )
    last = np.maximum(arrived, left)
    return broken + say(
        "no item may arrive or be delivered after the end of the run",
        last > ended,
        lambda row: f"{v.item(row)}: {last[row]} > {ended}",
    )


def _begun(v: View) -> list[str]:
    """What is finished was started, unless it was taken from its queue; what was started has a worker, unless a machine
    does it; where these are recorded at all. A machine's task has neither pool nor worker."""
    started, finished, worker = (v.tasks[name] for name in ("started_at", "finished_at", "worker"))
    taken, machine = v.came_to("escalated"), v.of_kind(*MACHINE)
    broken = []
    if (started != NULL).any():
        never = (finished != NULL) & (started == NULL) & ~taken
        broken = say("a finished task must have been started", never, v.task)
    if (worker != NULL).any():
        nobody = (started != NULL) & (v.who.of_task < 0) & ~machine
        broken += say("a started task must have a worker", nobody, v.task)
    broken += say("a machine's task must have no pool and no worker", machine & (v.tasks["pool"] >= 0), v.task)
    wrong = taken & ((started != NULL) | (finished == NULL))
    return broken + say("an escalated task must have a finish and no start", wrong, v.task)


def _parts(v: View) -> list[str]:
    """What a task waited before it was ready is at least its wait for other labels and its hand-off together."""
    enqueued, ready = v.tasks["enqueued_at"], v.tasks["ready_at"]
    parts = [v.tasks[name] for name in ("consensus_ms", "handoff_ms")]
    broken = [*say("consensus_ms must not be negative", (parts[0] != NULL) & (parts[0] < 0), v.task)]
    broken += say("handoff_ms must not be negative", (parts[1] != NULL) & (parts[1] < 0), v.task)
    known = (enqueued != NULL) & (ready != NULL)
    gap = np.where(known, ready - enqueued, 0)
    both = np.sum([np.where(part == NULL, 0, part) for part in parts], axis=0)
    return broken + say(
        "consensus_ms and handoff_ms must fit into the wait before a task is ready",
        known & (both > gap),
        lambda row: f"{v.task(row)}: {both[row]} > {gap[row]}",
    )


def _result(v: View) -> list[str]:
    """Who broke off gave no label. A label comes too late to count only where another of its stage and round counts, or
    where the item has gone on from there by an escalation."""
    label, late = v.tasks["label"], v.came_to("surplus")
    broken = say("a task without a result must have no label", v.came_to(*ATTEMPTS) & (label >= 0), v.task)
    if not late.any():
        return broken
    key = _numbered(v.tasks["item"], v.tasks["stage"], v.tasks["round"])
    closed = np.zeros(int(key.max()) + 1, np.bool_)
    closed[
        key[
            (v.tasks["finished_at"] != NULL)
            & ~late
            & ~v.came_to("returned", "expired", "skipped", "preempted", "asked")
        ]
    ] = True
    broken += say("a surplus task must be finished", late & (v.tasks["finished_at"] == NULL), v.task)
    return broken + say("a surplus label must stand beside one that counts", late & ~closed[key], v.task)


_LAWS: tuple[Law, ...] = (
    _exists,
    _succession,
    _begun,
    _parts,
    _result,
    *balance.LAWS,
    conduct.one_at_a_time,
    conduct.own_work,
    conduct.distinct,
    conduct.once,
    conduct.active,
    conduct.present,
)


def _numbered(*keys: Ints) -> Ints:
    """Numbers 0, 1, .. of the combinations of keys, row by row."""
    order = np.lexsort(keys[::-1])
    new = np.ones(len(order), np.bool_)
    new[1:] = np.logical_or.reduce([key[order][1:] != key[order][:-1] for key in keys])
    number = np.empty(len(order), np.int64)
    number[order] = np.cumsum(new) - 1
    return number
