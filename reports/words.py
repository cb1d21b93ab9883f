"""The sentences of a report: names of KPIs, the verdict of one scenario, and pictures told to who cannot see them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from ..scenarios.chances import Together
from ..sim.kpis import unit_of
from ..sim.replicate import GOAL_KPIS
from ..sim.statistics import Summary
from . import numbers
from .assumptions import goal_words
from .days import weekday
from .reading import Reading

TITLES: Mapping[str, str] = {
    "cost": "cost",
    "cost_per_label": "cost per label",
    "cost_per_accepted_label": "cost per accepted label",
    "cost_per_correct_label": "cost per correct label",
    "finish_days": "finish",
    "cycle_time_h": "cycle time",
    "accuracy": "accuracy",
    "agreement": "agreement of labels",
    "alpha": "Krippendorff's alpha",
    "on_time": "items on time",
    "rework_rate": "items reworked",
    "items_relabelled": "items relabelled by rollbacks",
    "relabel_cost": "cost of relabelling",
    "labels_saved": "labels saved by the sample",
    "cost_saved": "cost saved by the sample",
    "relabel_h": "time on items of rollbacks",
    "mistier_rate": "items in the wrong tier",
    "wip_age_h": "age of work in progress",
    "wip_age_h_p95": "age of work in progress, P95",
    "wip_max": "peak work in progress",
    "active_min_per_item": "active time by item",
    "skips": "tasks skipped",
    "questions": "questions asked back",
    "answer_h": "answered after",
    "lost_h": "time lost",
    "rework_per_touch": "rework among annotations",
    "first_pass_yield": "first-pass yield",
    "throughput_per_week": "throughput",
    "items_delivered": "items delivered",
    "unfinished_share": "items unfinished at the horizon",
    "items_arrived": "items in",
    "items_dropped": "items dropped",
    "items_open": "items unfinished",
    "error_cost_per_1k": "harm of errors in 1,000 items",
    "aoq": "wrong among items that came in lots",
    "surplus_labels": "labels too late to count",
    "gold_labels": "labels of test questions",
    "gold_accuracy": "test questions right",
    "gold_h": "time on test questions",
    "duplicates_dropped": "duplicates dropped",
    "false_drops": "dropped, but no duplicates",
    "p_deadline": "deadline",
    "p_budget": "budget",
    "p_accuracy": "accuracy",
    "p_on_time": "items on time",
}

GOALS: Mapping[str, str] = {chance: kpi for kpi, chance in GOAL_KPIS.items()}
"""The KPI that each chance is about."""

WAITS: Mapping[str, str] = {
    "contention": "everybody is busy",
    "off_shift": "nobody is at work",
    "batching": "a batch or a lot is not full yet",
    "consensus": "the item's other labels are not there yet",
    "handoff": "it is on the way between stages",
}
"""Why a task waits, by part of the wait."""

WHY_NOT: Mapping[str, str] = {
    "on_time": "no item has a due date",
    "alpha": "no item has two labels to compare",
    "agreement": "no item has two labels to compare",
    "finish_days": "some replications did not finish by the horizon, so a mean would mislead",
    "accuracy": "no delivered item has a known truth",
    "cost": "no pool is paid",
    "cost_per_label": "no pool is paid, or there is no label",
    "cost_per_accepted_label": "no pool is paid, or no item was delivered",
    "cost_per_correct_label": "no pool is paid, or the truth of some delivered items is unknown",
    "cycle_time_h": "no item was delivered",
}
"""Why a KPI may have no value, in words."""


def title(kpi: str) -> str:
    """A KPI's name for people: wait_h.review.off_shift becomes "wait, review, off shift"."""
    if kpi in TITLES:
        return TITLES[kpi]
    head, *rest = kpi.split(".")
    return ", ".join([head.removesuffix("_h").replace("_", " "), *(part.replace("_", " ") for part in rest)])


def unit(kpi: str, reading: Reading) -> str:
    """Unit of a KPI as `numbers` writes it."""
    return numbers.SHARE if kpi.startswith("p_") else unit_of(kpi, reading.line.currency)


def mean(reading: Reading, kpi: str, precision: float = 0.0) -> str:
    """Mean ± half-width of a KPI with its unit, or in words why there is none."""
    summary = reading.kpi(kpi)
    if summary is None:
        return "does not apply"
    if kpi == "finish_days" and math.isinf(summary.p95):
        return "withheld"
    return numbers.mean_half_width(summary.mean, summary.low, summary.high, unit(kpi, reading), precision)


def percentiles(reading: Reading, kpi: str) -> tuple[str, ...]:
    """P5, P50, P80 and P95 of a KPI without their unit, to a tenth of what they span."""
    summary = reading.kpis[kpi]
    span = (summary.p95 - summary.p5) / 10
    half = span if math.isfinite(span) and span > 0 else None
    of = unit(kpi, reading)
    values = (summary.p5, summary.p50, summary.p80, summary.p95)
    return tuple(bare(numbers.number(value, of, half), of) for value in values)


def bare(text: str, of: str) -> str:
    """A number without its unit, which a header tells; a percent sign stays."""
    return text if of in ("", numbers.SHARE) else text.removesuffix(f" {of}")


def coarsest(readings: Sequence[Reading], kpi: str) -> float:
    """The widest half-width of a KPI among the scenarios, 0 where there is none: it sets the decimals of a row."""
    halves = [(s.high - s.low) / 2 for reading in readings if (s := reading.kpi(kpi)) is not None]
    return max((half for half in halves if math.isfinite(half)), default=0.0)


def chance(summary: Summary | Together) -> str:
    """A probability with its Wilson interval: 93% (77% to 98%)."""
    if math.isnan(summary.mean):
        return numbers.NOT_COMPUTED
    return numbers.chance(summary.mean, summary.low, summary.high)


def sentence(reading: Reading) -> str:
    """What one scenario delivers, when, for how much and how good, with risk and error kept apart."""
    finish, accuracy = reading.kpis["finish_days"], reading.kpi("accuracy")
    items = reading.total_items
    done = numbers.plain(reading.kpis["items_delivered"].mean)
    what = f"{numbers.plain(items)} items" if items else f"{done} items on average"
    if math.isinf(finish.p50):
        left = numbers.number(reading.kpis["unfinished_share"].mean, numbers.SHARE)
        most = f"{done} of {what}" if items else what
        text = f"{reading.name} delivers {most} by the horizon, with {left} left undone,"
    elif math.isnan(finish.p50):
        text = f"{reading.name} delivers {done} items"
    else:
        p80 = numbers.NOT_FINISHED if math.isinf(finish.p80) else numbers.plain(finish.p80, 1)
        text = f"{reading.name} delivers {what} in {numbers.plain(finish.p50, 1)} days (median; P80 {p80})"
    right = "" if accuracy is None or math.isnan(accuracy.mean) else numbers.number(accuracy.mean, numbers.SHARE)
    return f"{text} for {_paid(reading)}{f', {right} right' if right else ''}."


def _paid(reading: Reading) -> str:
    """The mean cost with its interval; 0 where people are paid, but had nothing to be paid for."""
    cost, currency = reading.kpis["cost"], reading.line.currency
    if math.isnan(cost.mean):
        return "no money, because no pool is paid"
    paid = numbers.number(cost.mean, currency, (cost.high - cost.low) / 2)
    if not cost.high > cost.low:
        return paid
    level = numbers.significant(100 * reading.runs.level)
    return f"{paid} ({level}% interval {numbers.interval(cost.low, cost.high)})"


def goal_sentences(reading: Reading) -> list[str]:
    """For each goal its chance, with the Wilson interval."""
    told = []
    for chance_name, kpi in GOALS.items():
        summary, goal = reading.kpi(chance_name), reading.goal(kpi)
        if summary is not None and goal is not None:
            told.append(f"{TITLES[chance_name]} {goal_words(reading.line, goal)}: chance {chance(summary)}")
    return told


NEARLY = 0.99
"""The share of items after which only the last few are missing."""


def nearly_done(readings: Sequence[Reading]) -> list[str]:
    """By when all but the last few items are delivered, where they make the finish later by a day or more."""
    told = []
    for reading in readings:
        finish, most = reading.kpis["finish_days"].p50, reading.days_to_deliver(NEARLY)
        if math.isfinite(finish) and finish - most >= 1.0:
            last = weekday(reading.line, finish)
            told.append(
                f"{reading.name} has delivered {NEARLY:.0%} on {weekday(reading.line, most)}, the last on {last}"
            )
    return [f"The last few items take long: {_listed(told)} (medians)."] if told else []


def burn_up_words(readings: Sequence[Reading]) -> str:
    """What the burn-up shows, in words."""
    return f"Items delivered over time. {_listed(f'{r.name} {_finish(r)}' for r in readings)}."


def cost_words(readings: Sequence[Reading]) -> str:
    """What the picture of costs shows, in words."""
    told = []
    for reading in readings:
        parts = [f"{activity.replace('_', ' ')} {numbers.plain(cost.mean)}" for activity, cost in reading.costs.items()]
        told.append(f"{reading.name}: {', '.join(parts)} {reading.line.currency}" if parts else f"{reading.name}: none")
    return f"Mean cost by activity. {_listed(told)}."


def queue_words(readings: Sequence[Reading]) -> str:
    """What the picture of queues shows, in words."""
    told = []
    for reading in readings:
        queues = [(stage, reading.kpi(f"queue.{stage}")) for stage in reading.stages]
        parts = [f"{stage} {numbers.significant(queue.mean)}" for stage, queue in queues if queue is not None]
        told.append(f"{reading.name}: on average {', '.join(parts)}")
    return f"Tasks waiting at each stage over time. {_listed(told)}."


def frontier_words(readings: Sequence[Reading]) -> str:
    """What the picture of cost against finish and accuracy shows, in words."""
    told = []
    for r in readings:
        right = r.kpi("accuracy")
        rated = f", {numbers.number(right.mean, numbers.SHARE)} right" if right and math.isfinite(right.mean) else ""
        told.append(f"{r.name} {numbers.number(r.kpis['cost'].mean, r.line.currency)}, {_finish(r)}{rated}")
    return f"Cost against finish and accuracy. {_listed(told)}."


def _finish(reading: Reading) -> str:
    finish = reading.kpis["finish_days"]
    if math.isinf(finish.p50):
        return "does not finish by the horizon"
    if math.isnan(finish.p50):
        return "has nothing to finish"
    p80 = "not by the horizon" if math.isinf(finish.p80) else weekday(reading.line, finish.p80)
    return f"finishes on {weekday(reading.line, finish.p50)} (median), P80 {p80}"


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(parts)


def cautions(readings: Sequence[Reading]) -> list[str]:
    """What a reader must know before trusting the numbers: work left undone, skills that nobody measured."""
    told = []
    for reading in readings:
        lost = reading.runs.kpis["finish_days"].map(math.isinf).sum()
        if lost:
            told.append(
                f"{reading.name}: {lost} of {reading.replications} replications had undelivered items at the horizon; "
                "their finish counts as never."
            )
    for words in dict.fromkeys(reading.line.backtest for reading in readings if reading.line.backtest):
        named = [reading.name for reading in readings if reading.line.backtest == words]
        told.append(f"{', '.join(named)}: {words}" if len(readings) > 1 else words)
    bare = [reading.name for reading in readings if not any(".skill" in path for path in reading.line.fitted)]
    if bare:
        told.append(f"Accuracy rests on skills that are assumed, not fitted, in {', '.join(bare)}.")
    few = [reading for reading in readings if reading.replications < 10]
    if few:
        n = few[0].replications
        many = f"Only {n} replications: P5 and P95 are little more than the lowest and the highest."
        told.append("One replication only: it shows what may happen, not how likely it is." if n == 1 else many)
    return told
