"""Which columns a log records."""

from __future__ import annotations

from ..tables import NULL
from .facts import Facts


def recorded(facts: Facts, column: str) -> bool:
    """Whether a log records a column, "table.column". Null can be a record too: not delivered, started, finished. So a
    column of only nulls counts as not recorded where later work contradicts it."""
    table, name = column.split(".")
    if table == "ledger":
        return True
    if table == "provenance":
        return bool(getattr(facts.log.provenance, name))
    if _any(facts, table, name):
        return True
    match column:
        case "items.delivered_at":  # finished work of which nothing was delivered, and nothing is under way
            return not bool(facts.finished.all()) or not len(facts.finished)
        case "items.final_label" | "tasks.finished_at":
            return not bool(facts.delivered.any())
        case "tasks.started_at" | "tasks.worker":
            return not bool(facts.finished.any())
    return table != "presence" and not len(facts.column(table, name))


def _any(facts: Facts, table: str, name: str) -> bool:
    """Whether any row of a column is not null."""
    if name == "gold":
        return bool(facts.log.items["gold"].notna().any())
    values = facts.column(table, name)
    return bool((values != NULL).any()) if values.dtype.itemsize == 8 else bool((values >= 0).any())
