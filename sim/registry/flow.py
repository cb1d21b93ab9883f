"""KPIs of waiting."""

from __future__ import annotations

from .kpi import DELIVERED, Kpi

_WAIT = ("tasks.enqueued_at", "tasks.ready_at", "tasks.started_at", "tasks.pool")
_QUEUE = ("tasks.ready_at", "tasks.started_at")

KPIS = (
    Kpi(
        "wait_h.<stage>",
        "h",
        "low",
        "Mean wait of the stage's started tasks from being asked for to start: the sum of its five parts.",
        _WAIT,
    ),
    Kpi(
        "wait_h.<stage>.contention",
        "h",
        "low",
        "Part of the wait in which people of the task's pool were on shift, but not free for it; of a machine, all of "
        "the wait once it is ready.",
        (*_WAIT, "presence.from"),
    ),
    Kpi(
        "wait_h.<stage>.off_shift",
        "h",
        "low",
        "Part of the wait in which nobody of the task's pool was on shift; before the origin nobody is.",
        (*_WAIT, "presence.from"),
    ),
    Kpi(
        "wait_h.<stage>.batching",
        "h",
        "low",
        "Part of the wait for other tasks to be ready with, or for a lot to be judged.",
        _WAIT,
    ),
    Kpi("wait_h.<stage>.consensus", "h", "low", "Part of the wait for the other labels of the item.", _WAIT),
    Kpi("wait_h.<stage>.handoff", "h", "low", "Part of the wait that the hand-off between stages takes.", _WAIT),
    Kpi(
        "wait_h_p50.<stage>",
        "h",
        "low",
        "Median wait of the stage's started tasks: the least that half of them do not exceed, to within 0.4%.",
        _WAIT,
    ),
    Kpi(
        "wait_h_p95.<stage>",
        "h",
        "low",
        "The least wait that 95% of the stage's started tasks do not exceed, to within 0.4%.",
        _WAIT,
    ),
    Kpi(
        "wait_h.segment.<segment>",
        "h",
        "low",
        "Mean wait of the started tasks on the segment's items, at all stages.",
        (*_WAIT, "items.segment"),
    ),
    Kpi("handoff_share", "share", "low", "Share of all waiting of started tasks that is hand-off.", _WAIT),
    Kpi(
        "sync_delay_h",
        "h",
        "low",
        "Wait for other labels by delivered item, over all its tasks.",
        (*_WAIT, DELIVERED),
    ),
    Kpi(
        "queue.<stage>",
        "tasks",
        "low",
        "Mean number of the stage's tasks that were ready and not started, over the run.",
        _QUEUE,
    ),
    Kpi(
        "queue_max.<stage>",
        "tasks",
        "low",
        "The most of the stage's tasks that were ready and not started at one moment of the run.",
        _QUEUE,
    ),
    Kpi(
        "starved.<stage>",
        "tasks",
        "low",
        "The stage's tasks that were ready and not started for more than seven days, or when their item fell due.",
        _QUEUE,
    ),
    Kpi(
        "sla_breaches.<stage>",
        "tasks",
        "low",
        "The stage's tasks that were not finished in the time promised, from their item's coming; what is broken off "
        "and begun again is one task; of open tasks, those that are late already.",
        ("provenance.promises", "tasks.enqueued_at", "tasks.finished_at"),
    ),
    Kpi(
        "attempts.<stage>",
        "tasks",
        "low",
        "The stage's tasks that ended without a result: broken off, held beyond their lock, escalated or skipped.",
        ("tasks.outcome",),
    ),
    Kpi(
        "escalation_rate.<stage>",
        "share",
        "low",
        "Share of the items that came to the stage of which a task was escalated.",
        ("tasks.outcome",),
    ),
)
