"""KPIs of items: when they are delivered, how many, and how right."""

from __future__ import annotations

from .kpi import DELIVERED, PROGRAM_MANAGER, QUALITY_LEAD, TEAM_LEAD, Kpi, by_segment

_CYCLE = Kpi(
    "cycle_time_h",
    "h",
    "low",
    TEAM_LEAD,
    "Mean time of delivered items from arrival to delivery.",
    ("items.arrived_at", DELIVERED),
)
_ACCURACY = Kpi(
    "accuracy",
    "share",
    "high",
    QUALITY_LEAD,
    "Share of delivered items whose final label is their truth; items of unknown truth and duplicates left out.",
    (DELIVERED, "items.final_label", "items.truth"),
)
_HARM = Kpi(
    "error_cost_per_1k",
    "",
    "low",
    QUALITY_LEAD,
    "Harm of the errors in 1,000 delivered items, each at its cost by segment, true class and label, 1 where none is "
    "stated; items of unknown truth and duplicates left out.",
    _ACCURACY.columns,
)
_ON_TIME = Kpi(
    "on_time",
    "share",
    "high",
    PROGRAM_MANAGER,
    "Share delivered by the due date, of items with one that are delivered, or still open with the due date past; what "
    "was relabelled counts by its last delivery.",
    ("items.due_at", DELIVERED),
)
_THROUGHPUT = Kpi(
    "throughput_per_week",
    "items/week",
    "high",
    PROGRAM_MANAGER,
    "Items delivered by week of seven days from the origin to the end of the run.",
    (DELIVERED,),
)
_ARRIVED = Kpi(
    "items_arrived",
    "items",
    "none",
    PROGRAM_MANAGER,
    "Items that came in, test questions left out: delivered, dropped and open ones together.",
    (DELIVERED,),
)
_DELIVERED = Kpi("items_delivered", "items", "high", PROGRAM_MANAGER, "Items delivered.", (DELIVERED,))
_DROPPED = Kpi(
    "items_dropped",
    "items",
    "none",
    PROGRAM_MANAGER,
    "Items that were not sampled, or were taken for duplicates.",
    (DELIVERED,),
)
_OPEN = Kpi(
    "items_open", "items", "low", PROGRAM_MANAGER, "Items still in the line at the end of the run.", (DELIVERED,)
)
_COVERAGE = Kpi(
    "coverage", "share", "none", PROGRAM_MANAGER, "Share of the items that came in that are sampled.", (DELIVERED,)
)
_SAVED = Kpi(
    "labels_saved",
    "labels",
    "none",
    PROGRAM_MANAGER,
    "Labels that items not sampled would have taken at this run's labels by item of their segment that is through: "
    "delivered, or dropped as a duplicate. Rework and labels too late count, test questions do not.",
    (DELIVERED, "tasks.finished_at"),
)

KPIS = (
    _SAVED,
    by_segment(_SAVED, "The same of the segment; segments sum to the whole."),
    Kpi(
        "finish_days",
        "days",
        "low",
        PROGRAM_MANAGER,
        "Calendar days from the origin to the last delivery; infinite when an item is open at the end.",
        (DELIVERED,),
    ),
    Kpi(
        "ready_days.<window>",
        "days",
        "low",
        PROGRAM_MANAGER,
        "Calendar days from the origin until the window's number of items was delivered; infinite when it never was; "
        "what was relabelled counts by its last delivery.",
        (DELIVERED,),
    ),
    Kpi(
        "slack_days.<window>",
        "days",
        "high",
        PROGRAM_MANAGER,
        "Days between the window's items being ready and its date; negative when they were late.",
        (DELIVERED,),
    ),
    _CYCLE,
    by_segment(_CYCLE, "Mean time of the segment's delivered items from arrival to delivery."),
    _ACCURACY,
    by_segment(_ACCURACY, "Accuracy of the segment's items."),
    _HARM,
    by_segment(_HARM, "Harm of the errors in 1,000 delivered items of the segment."),
    _ON_TIME,
    by_segment(_ON_TIME, "Share of the segment's items that is on time."),
    Kpi(
        "rework_rate",
        "share",
        "low",
        QUALITY_LEAD,
        "Share of delivered items with at least one round of rework.",
        (DELIVERED,),
    ),
    Kpi(
        "first_pass_yield",
        "share",
        "high",
        QUALITY_LEAD,
        "Share of delivered items that had neither rework nor adjudication.",
        (DELIVERED,),
    ),
    _THROUGHPUT,
    by_segment(_THROUGHPUT, "The segment's items delivered by week; segments sum to the whole."),
    _ARRIVED,
    by_segment(_ARRIVED, "The segment's items that came in; segments sum to the whole."),
    _DELIVERED,
    by_segment(_DELIVERED, "The segment's items delivered; segments sum to the whole."),
    _DROPPED,
    by_segment(_DROPPED, "The segment's items dropped; segments sum to the whole."),
    _OPEN,
    by_segment(_OPEN, "The segment's items still in the line; segments sum to the whole."),
    Kpi(
        "unfinished_share",
        "share",
        "low",
        PROGRAM_MANAGER,
        "Share of items that were not delivered, of all but the dropped.",
        (DELIVERED,),
    ),
    _COVERAGE,
    by_segment(_COVERAGE, "Share of the segment's items that is sampled."),
    Kpi(
        "items_relabelled",
        "items",
        "low",
        PROGRAM_MANAGER,
        "Items that a rollback sent back after their delivery, to be labelled anew; each counts once.",
        ("tasks.rollbacks",),
    ),
    Kpi(
        "duplicates_dropped",
        "items",
        "high",
        QUALITY_LEAD,
        "Items dropped as duplicates that are.",
        ("items.duplicate_of",),
    ),
    Kpi(
        "false_drops",
        "items",
        "low",
        QUALITY_LEAD,
        "Items dropped as duplicates that repeat no other.",
        ("items.duplicate_of",),
    ),
)
