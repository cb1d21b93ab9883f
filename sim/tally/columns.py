"""The two arrays of rows that tallies are made of: the places of their columns. Everything is int64.

Null is tables.NULL, for codes of names and for gold -1. Rows of tasks stand in the order of the rows of items, as many
for each as its column TASKS says, and within an item in any order.
"""

from __future__ import annotations

ITEM_FIELDS = (
    "item",
    "segment",
    "arrived_at",
    "due_at",
    "delivered_at",
    "final_label",
    "truth",
    "gold",  # 1 true, 0 false, -1 null
    "duplicate_of",
    "lot",
    "objects",
    "dropped_at",
    "dropped_as",
    "refused_lot",
    "refused_at",
    "tasks",  # how many rows of tasks it has
)
ITEM_WIDTH = len(ITEM_FIELDS)
(
    ITEM,
    SEGMENT,
    ARRIVED_AT,
    DUE_AT,
    DELIVERED_AT,
    FINAL_LABEL,
    TRUTH,
    GOLD,
    DUPLICATE_OF,
    LOT,
    OBJECTS,
    DROPPED_AT,
    DROPPED_AS,
    REFUSED_LOT,
    REFUSED_AT,
    TASKS,
) = range(16)

TASK_FIELDS = (
    "item",
    "stage",
    "round",
    "replica",
    "pool",
    "worker",
    "enqueued_at",
    "ready_at",
    "consensus_ms",
    "handoff_ms",
    "started_at",
    "finished_at",
    "active_ms",
    "batch",
    "suggestion",
    "label",
    "outcome",
    "tier",
    "rollbacks",
    "check_ms",
    "caught",
    "off_shift_ms",  # of [ready_at, started_at): nobody of the pool was present; a machine always is, see sim/waits
    "paid_number",  # its last piece is the n-th paid one of its account, 0 where it is not paid, see sim/ledger/labels
)
TASK_WIDTH = len(TASK_FIELDS)
(
    OF_ITEM,
    STAGE,
    ROUND,
    REPLICA,
    POOL,
    WORKER,
    ENQUEUED_AT,
    READY_AT,
    CONSENSUS_MS,
    HANDOFF_MS,
    STARTED_AT,
    FINISHED_AT,
    ACTIVE_MS,
    BATCH,
    SUGGESTION,
    LABEL,
    OUTCOME,
    TIER,
    ROLLBACKS,
    CHECK_MS,
    CAUGHT,
    OFF_SHIFT_MS,
    PAID_NUMBER,
) = range(23)

LOGGED_FIELDS = 21
"""The columns of tasks that a log has too; the further ones only those can tell who see more than one item."""

CODES_OF_ITEMS = ("segment", "final_label", "truth", "gold", "dropped_as")
CODES_OF_TASKS = ("stage", "pool", "suggestion", "label", "outcome", "tier")
"""Columns whose null is -1."""
