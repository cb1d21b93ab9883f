"""KPIs of labels, and of the gates that they pass."""

from __future__ import annotations

from ..line import JUDGES
from .kpi import DELIVERED, QUALITY_LEAD, TEAM_LEAD, Kpi, by_segment

_OUTCOME = ("tasks.outcome",)
_TRUE = (DELIVERED, "items.final_label", "items.truth")
_CAUGHT = (*_OUTCOME, "tasks.label", "tasks.finished_at", "items.truth")
_ACTIVE = Kpi(
    "active_h", "h", "none", TEAM_LEAD, "Active time of all tasks, those broken off included.", ("tasks.active_ms",)
)

_SEEN = (*_OUTCOME, "tasks.finished_at")
_SHIPPED = (*_SEEN, *_TRUE)

KPIS = (
    Kpi(
        "agreement",
        "share",
        "high",
        QUALITY_LEAD,
        "Mean over items of the share of pairs of their first labels that are equal; items with one label left out, "
        "and labels that came too late to count. Where consensus stops early (lead, posterior), items on which people "
        "agree have fewer labels, and it tells of these labels rather than of the people.",
        ("tasks.label",),
    ),
    Kpi(
        "alpha",
        "",
        "high",
        QUALITY_LEAD,
        "Krippendorff's alpha (nominal) of the first labels of each item, the same as in agreement: 1 is perfect, 0 is "
        "chance.",
        ("tasks.label",),
    ),
    Kpi(
        "disagreement",
        "share",
        "low",
        QUALITY_LEAD,
        "Share of items with several first labels of which these are not all equal.",
        ("tasks.label",),
    ),
    Kpi(
        "label_accuracy.<pool>",
        "share",
        "high",
        QUALITY_LEAD,
        "Share of the labels by the pool's people that are the item's truth, where it is known.",
        ("tasks.label", "tasks.pool", "tasks.finished_at", "items.truth"),
    ),
    Kpi(
        "rework_per_touch",
        "share",
        "low",
        QUALITY_LEAD,
        "Share of labels (annotate tasks finished with a result) that are rework.",
        ("tasks.finished_at",),
    ),
    Kpi(
        "surplus_labels",
        "labels",
        "low",
        TEAM_LEAD,
        "Labels that came too late to count.",
        ("tasks.outcome", "tasks.finished_at"),
    ),
    Kpi(
        "suggestion_accuracy",
        "share",
        "high",
        QUALITY_LEAD,
        "Share of a model's suggestions (finished prelabel tasks) that are the item's truth, where it is known.",
        ("tasks.suggestion", "tasks.finished_at", "items.truth"),
    ),
    Kpi(
        "suggestion_kept",
        "share",
        "none",
        QUALITY_LEAD,
        "Share of the labels given on a suggestion that are the suggested one.",
        ("tasks.suggestion", "tasks.label", "tasks.finished_at"),
    ),
    Kpi(
        "suggestion_kept_wrong",
        "share",
        "low",
        QUALITY_LEAD,
        "Share of the labels given on a wrong suggestion that keep it.",
        ("tasks.suggestion", "tasks.label", "tasks.finished_at", "items.truth"),
    ),
    Kpi("gold_labels", "labels", "none", QUALITY_LEAD, "Labels of gold items.", ("items.gold", "tasks.finished_at")),
    Kpi(
        "gold_accuracy",
        "share",
        "high",
        QUALITY_LEAD,
        "Share of the labels of gold items that are right.",
        ("items.gold", "items.truth", "tasks.label", "tasks.finished_at"),
    ),
    Kpi("gold_h", "h", "low", QUALITY_LEAD, "Active time of tasks on gold items.", ("items.gold", "tasks.active_ms")),
    Kpi(
        "check_h",
        "h",
        "low",
        TEAM_LEAD,
        "Active time in which people looked their own labels over before handing them in, and gave anew what they "
        "found wrong.",
        ("tasks.check_ms",),
    ),
    Kpi(
        "labels_caught",
        "labels",
        "none",
        QUALITY_LEAD,
        "Labels that who gave them found wrong before handing them in, and gave anew.",
        ("tasks.caught",),
    ),
    Kpi(
        "caught_right",
        "share",
        "high",
        QUALITY_LEAD,
        "Share of the labels that were found wrong by who gave them that are then the truth, where it is known: wrong "
        "labels that no review need find.",
        ("tasks.caught", "tasks.label", "items.truth"),
    ),
    _ACTIVE,
    Kpi(
        "active_min_per_item",
        "min",
        "low",
        TEAM_LEAD,
        "Active time of all tasks, set-ups of batches included, by delivered item.",
        ("tasks.active_ms", DELIVERED),
    ),
    Kpi(
        "relabel_h",
        "h",
        "low",
        TEAM_LEAD,
        "Active time of all tasks on items after a rollback sent them back: labels, and what judges them.",
        ("tasks.rollbacks", "tasks.active_ms"),
    ),
    Kpi("active_h.<stage>", "h", "none", TEAM_LEAD, "Active time of the stage's tasks.", ("tasks.active_ms",)),
    by_segment(_ACTIVE, "Active time of tasks on the segment's items; segments sum to the whole."),
    Kpi(
        "first_pass_yield.<stage>",
        "share",
        "high",
        QUALITY_LEAD,
        "Share of the items that the stage judged that it accepted at first sight.",
        _OUTCOME,
        JUDGES,
    ),
    Kpi(
        "rolled_yield",
        "share",
        "high",
        QUALITY_LEAD,
        "Product of the first-pass yields of all stages that judge.",
        _OUTCOME,
    ),
    Kpi(
        "reject_rate.<stage>",
        "share",
        "low",
        QUALITY_LEAD,
        "Share of the stage's judgements that reject.",
        _OUTCOME,
        JUDGES,
    ),
    Kpi(
        "reviewed_share",
        "share",
        "none",
        QUALITY_LEAD,
        "Share of delivered items that a stage judged at least once.",
        (*_OUTCOME, DELIVERED),
    ),
    Kpi(
        "reviewed_share.<stage>",
        "share",
        "none",
        QUALITY_LEAD,
        "Share of delivered items that the stage judged at least once.",
        (*_OUTCOME, DELIVERED),
        JUDGES,
    ),
    Kpi(
        "errors_caught.<stage>",
        "labels",
        "none",
        QUALITY_LEAD,
        "Wrong labels that the stage rejected, where the truth is known. The label of an item is what most people of "
        "the round gave, of equal ones the one with the lowest replica; a suggestion where nobody gave any.",
        _CAUGHT,
        JUDGES,
    ),
    Kpi(
        "errors_caught_by_hour.<stage>",
        "labels/h",
        "high",
        QUALITY_LEAD,
        "Wrong labels that the stage rejected, by hour of its active time, of items whose truth is known.",
        (*_CAUGHT, "tasks.active_ms"),
        JUDGES,
    ),
    Kpi(
        "errors_missed.<stage>",
        "items",
        "low",
        QUALITY_LEAD,
        "Delivered items with a wrong final label that the stage accepted when it saw them last.",
        (*_OUTCOME, *_TRUE),
        JUDGES,
    ),
    Kpi(
        "lots_inspected.<stage>",
        "lots",
        "none",
        QUALITY_LEAD,
        "Lots whose inspections are all finished; two of one segment that fill in the same millisecond count as one.",
        (*_OUTCOME, "tasks.ready_at", "tasks.finished_at"),
        ("inspect",),
    ),
    Kpi(
        "lots_rejected.<stage>",
        "lots",
        "low",
        QUALITY_LEAD,
        "Lots of which accepted items went back too, or nothing was accepted.",
        (*_OUTCOME, "tasks.ready_at", "tasks.finished_at", "tasks.enqueued_at"),
        ("inspect",),
    ),
    Kpi(
        "aoq",
        "share",
        "low",
        QUALITY_LEAD,
        "Outgoing error share: of delivered items that came in a lot, those with a wrong final label; items of unknown "
        "truth and duplicates left out.",
        ("items.lot", *_TRUE),
    ),
    Kpi(
        "charted.<chart>",
        "results",
        "none",
        QUALITY_LEAD,
        "Results that the control chart saw: labels of test questions, or verdicts of its stage.",
        _SEEN,
    ),
    Kpi(
        "false_alarms.<chart>",
        "alarms",
        "low",
        QUALITY_LEAD,
        "Alarms of the control chart before the date of the change; all of them where none is stated.",
        _SEEN,
    ),
    Kpi(
        "detected.<chart>",
        "share",
        "high",
        QUALITY_LEAD,
        "1 where the control chart alarmed at the change or later, else 0; so the mean is the share of runs.",
        _SEEN,
    ),
    Kpi(
        "detection_days.<chart>",
        "days",
        "low",
        QUALITY_LEAD,
        "Calendar days from the change to the first alarm of the control chart; where none came, to the end of the "
        "run, so that it would have taken longer: see detected.",
        _SEEN,
    ),
    Kpi(
        "shipped_wrong.<chart>",
        "items",
        "low",
        QUALITY_LEAD,
        "Items with a wrong final label that were delivered from the change to the first alarm of the control chart; "
        "where none came, to the end of the run.",
        _SHIPPED,
    ),
)
