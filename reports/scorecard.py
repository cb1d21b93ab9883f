"""The scorecard: for each reader the KPIs that they answer for, with what is wanted of them and whether it is met."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal

from ..sim.line import Goal
from ..sim.registry import OWNERS, REGISTRY, Kpi, kpi_of
from ..sim.replicate import GOAL_KPIS, READY
from ..sim.statistics import Summary
from . import words
from .assumptions import goal_words
from .cells import Cell, Group, Row, Table
from .reading import Reading
from .windows import wanted

HEADLINES = (
    *("cost", "cost_per_label", "cost_per_accepted_label", "cost_per_correct_label", "relabel_cost", "cost_saved"),
    *("finish_days", "ready_days.<window>", "throughput_per_week", "items_delivered", "unfinished_share", "on_time"),
    *("wip_max", "labels_saved", "items_relabelled", "accuracy", "error_cost_per_1k", "agreement", "first_pass_yield"),
    *("rework_rate", "aoq", "gold_accuracy", "mistier_rate"),
    *("detection_days.<chart>", "shipped_wrong.<chart>"),
    *("cycle_time_h", "wip_age_h", "active_min_per_item", "utilisation.<pool>", "wait_h.<stage>", "lost_h"),
)
"""KPIs of the registry that a scorecard has; the rest is in the tables of a report, and in `run --json`."""

OCCURRING = frozenset(
    {"relabel_cost", "cost_saved", "labels_saved", "unfinished_share", "items_relabelled", "aoq", "gold_accuracy"}
    | {"mistier_rate", "lost_h"}
)
"""Shown only where there are any."""

BETTER = {"low": "lower", "high": "higher", "none": "neither"}

Standing = Literal["met", "not met", "open"]


def scorecard(readings: Sequence[Reading]) -> Table:
    """A group for each owner of the registry, a row for each of their headlines that the lines have, and a cell for
    each scenario: mean ± half-width, and beneath it the goal and whether it is met, where there is one."""
    groups = []
    for owner in OWNERS:
        mine = [kpi for kpi in REGISTRY if kpi.owner == owner and kpi.name in HEADLINES]
        rows = tuple(_row(readings, name) for kpi in mine for name in _names(readings, kpi))
        groups.append(Group(owner[0].upper() + owner[1:], rows))
    return Table(("better", *(reading.name for reading in readings)), tuple(group for group in groups if group.rows))


def standing(summary: Summary, chance: Summary | None, goal: Goal) -> Standing:
    """Whether a goal is met, as far as the replications tell: the whole interval must lie on one side of what is asked,
    else it is open. A goal with a probability asks for the chance, another one for the mean."""
    if goal.probability is not None:
        return "open" if chance is None else _side(chance, goal.probability, ">=")
    return _side(summary, goal.value, goal.relation)


def _side(summary: Summary, bound: float, relation: str) -> Standing:
    low, high = (summary.mean, summary.mean) if math.isinf(summary.mean) else (summary.low, summary.high)
    if math.isnan(low) or math.isnan(high):
        return "open"
    if relation == "<=":
        return "met" if high <= bound else "not met" if low > bound else "open"
    return "met" if low >= bound else "not met" if high < bound else "open"


def _names(readings: Sequence[Reading], kpi: Kpi) -> Iterator[str]:
    """The KPIs of a family that some scenario has, in its order."""
    found = dict.fromkeys(name for reading in readings for name in reading.kpis if _is_of(name, kpi))
    for name in found:
        summaries = [summary for reading in readings if (summary := reading.kpi(name)) is not None]
        if kpi.name in OCCURRING and not any(summary.mean > 0 for summary in summaries):
            continue
        if kpi.name == "error_cost_per_1k" and not any(one.error_costs for r in readings for one in r.line.segments):
            continue
        if not all(math.isnan(summary.p50) for summary in summaries):
            yield name


def _is_of(name: str, kpi: Kpi) -> bool:
    """Whether a KPI is of a family; those by part of a wait and by segment are families of their own."""
    head, of, _ = kpi.name.partition(".<")
    return name == kpi.name if not of else name.startswith(f"{head}.") and kpi_of(name) is kpi


def _row(readings: Sequence[Reading], name: str) -> Row:
    better = Cell(BETTER[kpi_of(name).better])
    return Row(words.title(name), (better, *(_cell(reading, name) for reading in readings)))


def _cell(reading: Reading, name: str) -> Cell:
    summary = reading.kpi(name)
    if summary is None:
        return Cell("does not apply", there=False)
    text = words.mean(reading, name)
    return Cell(text, not math.isnan(summary.p50), "; ".join(_told(reading, name, summary)))


def _told(reading: Reading, name: str, summary: Summary) -> Iterator[str]:
    """Each goal on a KPI, and whether it is met; with its chance where it asks for one."""
    for goal in reading.line.goals:
        if goal.kpi == name:
            chance = reading.kpi(GOAL_KPIS.get(name, ""))
            likely = "" if chance is None or goal.probability is None else f" ({words.chance(chance)})"
            yield f"{goal_words(reading.line, goal)}: {standing(summary, chance, goal)}{likely}"
    for window in reading.line.windows:
        if name == READY + window.name:
            asked = Goal(name, "<=", window.at_s / 86_400)
            yield f"{wanted(reading.line, window)}: {standing(summary, None, asked)}"
