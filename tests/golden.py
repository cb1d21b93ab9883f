"""A log of the engine with test questions, as exports of labelling platforms have them."""

from __future__ import annotations

from labelcast.sim.log import Log
from labelcast.sim.tables import codes, ints, make_log, names


def with_gold(log: Log, every: int) -> Log:
    """`log` with each `every`-th item a test question: labelling lines have them, the engine's lines do not yet."""
    columns = ("item", "segment", "arrived_at", "delivered_at", "final_label", "truth")
    items = {
        name: codes(log.items[name]) if name in ("segment", "final_label", "truth") else ints(log.items[name])
        for name in columns
    }
    items["gold"] = ints(log.items["item"]) % every == 0
    tasks = {
        name: codes(log.tasks[name]) if log.tasks[name].dtype == "category" else ints(log.tasks[name])
        for name in log.tasks.columns
    }
    presence = {
        name: codes(log.presence[name]) if log.presence[name].dtype == "category" else ints(log.presence[name])
        for name in log.presence.columns
    }
    words = {name: names(log.tasks[name]) for name in ("stage", "pool", "label", "outcome")}
    words |= {"segment": names(log.items["segment"]), "kind": names(log.presence["kind"])}
    return make_log(items, tasks, presence, words, log.provenance)
