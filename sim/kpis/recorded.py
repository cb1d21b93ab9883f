"""Which columns a log records."""

from __future__ import annotations

import pandas as pd

from ..log import Log


def recorded(log: Log, column: str) -> bool:
    """Whether a log records a column, "table.column". Null can be a record too: not delivered, started, finished. So a
    column of only nulls counts as not recorded where later work contradicts it."""
    table, name = column.split(".")
    if table == "ledger":
        return True
    if table == "provenance":
        return bool(getattr(log.provenance, name))
    frame: pd.DataFrame = getattr(log, table)
    if bool(frame[name].notna().any()):
        return True
    delivered = bool(log.items["delivered_at"].notna().any())
    finished = bool(log.tasks["finished_at"].notna().any())
    match column:
        case "items.delivered_at":  # finished work of which nothing was delivered, and nothing is under way
            return bool(log.tasks["finished_at"].isna().any()) or not len(log.tasks)
        case "items.final_label" | "tasks.finished_at":
            return not delivered
        case "tasks.started_at" | "tasks.worker":
            return not finished
    return table != "presence" and not len(frame)
