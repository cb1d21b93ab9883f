"""KPIs of labels, and of the gates that they pass."""

from __future__ import annotations

from ..line import JUDGES
from .kpi import DELIVERED, Kpi, by_segment

_OUTCOME = ("tasks.outcome",)
_TRUE = (DELIVERED, "items.final_label", "items.truth")
_ACTIVE = Kpi("active_h", "h", "none", "Active time of all tasks, those broken off included.", ("tasks.active_ms",))

KPIS = (
    Kpi(
        "agreement",
        "share",
        "high",
        "Mean over items of the share of pairs of their first labels that are equal; items with one label left out, "
        "and labels that came too late to count. Where consensus stops early (lead, posterior), items on which people "
        "agree have fewer labels, and it tells of these labels rather than of the people.",
        ("tasks.label",),
    ),
    Kpi(
        "alpha",
        "",
        "high",
        "Krippendorff's alpha (nominal) of the first labels of each item, the same as in agreement: 1 is perfect, 0 is "
        "chance.",
        ("tasks.label",),
    ),
    Kpi(
        "disagreement",
        "share",
        "low",
        "Share of items with several first labels of which these are not all equal.",
        ("tasks.label",),
    ),
    Kpi(
        "label_accuracy.<pool>",
        "share",
        "high",
        "Share of the labels by the pool's people that are the item's truth, where it is known.",
        ("tasks.label", "tasks.pool", "tasks.finished_at", "items.truth"),
    ),
    Kpi(
        "rework_per_touch",
        "share",
        "low",
        "Share of labels (annotate tasks finished with a result) that are rework.",
        ("tasks.finished_at",),
    ),
    Kpi(
        "surplus_labels",
        "labels",
        "low",
        "Labels that came too late to count.",
        ("tasks.outcome", "tasks.finished_at"),
    ),
    Kpi(
        "suggestion_accuracy",
        "share",
        "high",
        "Share of a model's suggestions (finished prelabel tasks) that are the item's truth, where it is known.",
        ("tasks.suggestion", "tasks.finished_at", "items.truth"),
    ),
    Kpi(
        "suggestion_kept",
        "share",
        "none",
        "Share of the labels given on a suggestion that are the suggested one.",
        ("tasks.suggestion", "tasks.label", "tasks.finished_at"),
    ),
    Kpi(
        "suggestion_kept_wrong",
        "share",
        "low",
        "Share of the labels given on a wrong suggestion that keep it.",
        ("tasks.suggestion", "tasks.label", "tasks.finished_at", "items.truth"),
    ),
    Kpi("gold_labels", "labels", "none", "Labels of gold items.", ("items.gold", "tasks.finished_at")),
    Kpi(
        "gold_accuracy",
        "share",
        "high",
        "Share of the labels of gold items that are right.",
        ("items.gold", "items.truth", "tasks.label", "tasks.finished_at"),
    ),
    Kpi("gold_h", "h", "low", "Active time of tasks on gold items.", ("items.gold", "tasks.active_ms")),
    _ACTIVE,
    Kpi("active_h.<stage>", "h", "none", "Active time of the stage's tasks.", ("tasks.active_ms",)),
    by_segment(_ACTIVE, "Active time of tasks on the segment's items; segments sum to the whole."),
    Kpi(
        "first_pass_yield.<stage>",
        "share",
        "high",
        "Share of the items that the stage judged that it accepted at first sight.",
        _OUTCOME,
        JUDGES,
    ),
    Kpi("rolled_yield", "share", "high", "Product of the first-pass yields of all stages that judge.", _OUTCOME),
    Kpi("reject_rate.<stage>", "share", "low", "Share of the stage's judgements that reject.", _OUTCOME, JUDGES),
    Kpi(
        "reviewed_share",
        "share",
        "none",
        "Share of delivered items that a stage judged at least once.",
        (*_OUTCOME, DELIVERED),
    ),
    Kpi(
        "reviewed_share.<stage>",
        "share",
        "none",
        "Share of delivered items that the stage judged at least once.",
        (*_OUTCOME, DELIVERED),
        JUDGES,
    ),
    Kpi(
        "errors_missed.<stage>",
        "items",
        "low",
        "Delivered items with a wrong final label that the stage accepted when it saw them last.",
        (*_OUTCOME, *_TRUE),
        JUDGES,
    ),
    Kpi(
        "lots_inspected.<stage>",
        "lots",
        "none",
        "Lots whose inspections are all finished; two of one segment that fill in the same millisecond count as one.",
        (*_OUTCOME, "tasks.ready_at", "tasks.finished_at"),
        ("inspect",),
    ),
    Kpi(
        "lots_rejected.<stage>",
        "lots",
        "low",
        "Lots of which accepted items went back too, or nothing was accepted.",
        (*_OUTCOME, "tasks.ready_at", "tasks.finished_at", "tasks.enqueued_at"),
        ("inspect",),
    ),
    Kpi(
        "aoq",
        "share",
        "low",
        "Outgoing error share: of delivered items that came in a lot, those with a wrong final label; items of unknown "
        "truth and duplicates left out.",
        ("items.lot", *_TRUE),
    ),
)
