"""KPIs of waiting."""

from __future__ import annotations

from .kpi import DELIVERED, QUALITY_LEAD, TEAM_LEAD, Kpi, by_segment

_WAIT = ("tasks.enqueued_at", "tasks.ready_at", "tasks.started_at", "tasks.pool")
_QUEUE = ("tasks.ready_at", "tasks.started_at")
_TIER = ("tasks.tier", "tasks.pool")
_IN_PROGRESS = ("tasks.started_at", DELIVERED)
_MISTIER = Kpi(
    "mistier_rate",
    "share",
    "low",
    QUALITY_LEAD,
    "Of the items that are routed by difficulty, the share that went to another pool than their true difficulty calls "
    "for, over all stages that route so.",
    _TIER,
)

KPIS = (
    Kpi(
        "wait_h.<stage>",
        "h",
        "low",
        TEAM_LEAD,
        "Mean wait of the stage's started tasks from being asked for to start: the sum of its five parts.",
        _WAIT,
    ),
    Kpi(
        "wait_h.<stage>.contention",
        "h",
        "low",
        TEAM_LEAD,
        "Part of the wait in which people of the task's pool were on shift, but not free for it; of a machine, all of "
        "the wait once it is ready.",
        (*_WAIT, "presence.from"),
    ),
    Kpi(
        "wait_h.<stage>.off_shift",
        "h",
        "low",
        TEAM_LEAD,
        "Part of the wait in which nobody of the task's pool was on shift; before the origin nobody is.",
        (*_WAIT, "presence.from"),
    ),
    Kpi(
        "wait_h.<stage>.batching",
        "h",
        "low",
        TEAM_LEAD,
        "Part of the wait for other tasks to be ready with, or for a lot to be judged.",
        _WAIT,
    ),
    Kpi("wait_h.<stage>.consensus", "h", "low", TEAM_LEAD, "Part of the wait for the other labels of the item.", _WAIT),
    Kpi(
        "wait_h.<stage>.handoff",
        "h",
        "low",
        TEAM_LEAD,
        "Part of the wait that the hand-off between stages takes.",
        _WAIT,
    ),
    Kpi(
        "wait_h_p50.<stage>",
        "h",
        "low",
        TEAM_LEAD,
        "Median wait of the stage's started tasks: the least that half of them do not exceed, to within 0.4%.",
        _WAIT,
    ),
    Kpi(
        "wait_h_p95.<stage>",
        "h",
        "low",
        TEAM_LEAD,
        "The least wait that 95% of the stage's started tasks do not exceed, to within 0.4%.",
        _WAIT,
    ),
    Kpi(
        "wait_h.segment.<segment>",
        "h",
        "low",
        TEAM_LEAD,
        "Mean wait of the started tasks on the segment's items, at all stages.",
        (*_WAIT, "items.segment"),
    ),
    Kpi(
        "wip_age_h",
        "h",
        "low",
        TEAM_LEAD,
        "Mean age of the items in progress, over all moments of the run: since somebody first took one up, or took it "
        "up again after a rollback. To within 1%.",
        _IN_PROGRESS,
    ),
    Kpi(
        "wip_age_h_p95",
        "h",
        "low",
        TEAM_LEAD,
        "The least age that 95% of the items in progress do not exceed, over all moments of the run. To within 1%.",
        _IN_PROGRESS,
    ),
    Kpi("handoff_share", "share", "low", TEAM_LEAD, "Share of all waiting of started tasks that is hand-off.", _WAIT),
    Kpi(
        "sync_delay_h",
        "h",
        "low",
        TEAM_LEAD,
        "Wait for other labels by delivered item, over all its tasks.",
        (*_WAIT, DELIVERED),
    ),
    Kpi(
        "queue.<stage>",
        "tasks",
        "low",
        TEAM_LEAD,
        "Mean number of the stage's tasks that were ready and not started, over the run.",
        _QUEUE,
    ),
    Kpi(
        "queue_max.<stage>",
        "tasks",
        "low",
        TEAM_LEAD,
        "The most of the stage's tasks that were ready and not started at one moment of the run.",
        _QUEUE,
    ),
    Kpi(
        "starved.<stage>",
        "tasks",
        "low",
        TEAM_LEAD,
        "The stage's tasks that were ready and not started for more than seven days, or when their item fell due.",
        _QUEUE,
    ),
    Kpi(
        "sla_breaches.<stage>",
        "tasks",
        "low",
        TEAM_LEAD,
        "The stage's tasks that were not finished in the time promised, from their item's coming; what is broken off "
        "and begun again is one task; of open tasks, those that are late already.",
        ("provenance.promises", "tasks.enqueued_at", "tasks.finished_at"),
    ),
    _MISTIER,
    by_segment(_MISTIER, "Share of the segment's items, of those that have a tier, that went to the pool of another."),
    Kpi(
        "attempts.<stage>",
        "tasks",
        "low",
        TEAM_LEAD,
        "The stage's tasks that ended without a result: broken off, held beyond their lock, escalated or skipped.",
        ("tasks.outcome",),
    ),
    Kpi(
        "lost_h",
        "h",
        "low",
        TEAM_LEAD,
        "Active time that came to nothing: of labels that came too late to count, and of tasks that were broken off, "
        "skipped or held beyond their lock; not of those that another went before, whose time is carried over.",
        ("tasks.outcome", "tasks.active_ms"),
    ),
    Kpi(
        "lost_h.<stage>",
        "h",
        "low",
        TEAM_LEAD,
        "Active time at the stage that came to nothing; stages sum to the whole.",
        ("tasks.outcome", "tasks.active_ms"),
    ),
    Kpi(
        "skips",
        "tasks",
        "low",
        TEAM_LEAD,
        "Tasks that somebody looked at and left to somebody else.",
        ("tasks.outcome",),
    ),
    Kpi(
        "skips.<stage>",
        "tasks",
        "low",
        TEAM_LEAD,
        "The stage's tasks that somebody looked at and left to somebody else; stages sum to the whole.",
        ("tasks.outcome",),
    ),
    Kpi(
        "skip_h",
        "h",
        "low",
        TEAM_LEAD,
        "Active time of looks at tasks that were then left to somebody else; a part of lost_h.",
        ("tasks.outcome", "tasks.active_ms"),
    ),
    Kpi(
        "skip_h.<stage>",
        "h",
        "low",
        TEAM_LEAD,
        "Active time of looks at the stage's tasks that were then left to somebody else.",
        ("tasks.outcome", "tasks.active_ms"),
    ),
    Kpi(
        "mistier_rate.<stage>",
        "share",
        "low",
        QUALITY_LEAD,
        "Of the items that the stage routes by difficulty, the share that went to another pool than their true "
        "difficulty calls for; items that are as hard as those across the border have no tier.",
        _TIER,
    ),
    Kpi(
        "escalation_rate.<stage>",
        "share",
        "low",
        TEAM_LEAD,
        "Share of the items that came to the stage of which a task was escalated.",
        ("tasks.outcome",),
    ),
)
