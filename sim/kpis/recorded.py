"""Which columns a log records."""

from __future__ import annotations

from ..tally import Shape, Tally
from ..tally import sums as n
from ..tally.columns import ITEM_FIELDS, ITEM_WIDTH, TASK_FIELDS
from .outside import Outside


def recorded(tally: Tally, shape: Shape, outside: Outside, column: str) -> bool:
    """Whether a column, "table.column", is recorded. Null can be a record too: not delivered, started, finished. So a
    column of only nulls counts as not recorded where later work contradicts it."""
    table, name = column.split(".")
    tasks, finished = (int(tally.sums.whole[part]) for part in (n.TASK_ROWS, n.FINISHED_TASKS))
    delivered = int(tally.sums.by_segment[:, n.DELIVERED].sum())
    match table, name:
        case "ledger", _:
            return True
        case "provenance", "promises":
            return bool(shape.promises)
        case "presence", "from":
            return outside.presence
    place = ITEM_FIELDS.index(name) if table == "items" else ITEM_WIDTH + TASK_FIELDS.index(name)
    if tally.sums.seen[place]:
        return True
    match column:
        case "items.delivered_at":  # finished work of which nothing was delivered, and nothing is under way
            return finished < tasks or not tasks
        case "items.final_label" | "tasks.finished_at":
            return not delivered
        case "tasks.started_at" | "tasks.worker":
            return not finished
    return not tasks if table == "tasks" else not tally.sums.by_segment[:, n.ITEMS].any()
