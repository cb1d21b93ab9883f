"""What a line rests on, as rows a planner can check: every path with its value, and who said so."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..sim.line import Calendar, Contract, Distribution, Goal, Kind, Line, Pool, Segment, Stage
from . import numbers
from .days import WEEKDAYS, by_day

Origin = Literal["stated", "fitted", "default"]

ORIGINS: Mapping[Origin, str] = {
    "stated": "written in the scenario",
    "fitted": "fitted from a past log",
    "default": "our default: nobody stated it",
}


GOAL_WORDS: Mapping[str, str] = {"finish_days": "deadline", "cost": "budget"}
"""What a scenario calls a goal on a KPI, where that is not the KPI's name."""


@dataclass(frozen=True)
class Assumption:
    """One value of a line. section: work, calendars, pools, stages, goals or line."""

    section: str
    path: str
    value: str
    origin: Origin


def assumptions(line: Line) -> tuple[Assumption, ...]:
    """Every value of the line in words, in the order of a scenario file, and every path that was fitted or assumed."""
    values = list(_values(line))
    told = [path for path, _ in values]
    told += [path.replace(".skill.mean", ".skill.accuracy") for path in told]
    for path in (*line.fitted, *line.assumed):
        if not any(_touch(path, other) for other in told):
            values.append((path, "as `labelcast show` prints it"))
            told.append(path)
    return tuple(
        Assumption(path.split(".")[0] if "." in path else "line", path, value, origin(line, path))
        for path, value in values
    )


def origin(line: Line, path: str) -> Origin:
    """Who gave the value at a scenario path; of a value in parts, the most doubtful: our default before a fit."""
    written = {path, path.replace(".skill.mean", ".skill.accuracy")}  # either word sets the mean skill
    if any(_touch(one, other) for one in written for other in line.assumed):
        return "default"
    return "fitted" if any(_touch(one, other) for one in written for other in line.fitted) else "stated"


def _touch(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}.") or other.startswith(f"{path}.")


def _values(line: Line) -> Iterator[tuple[str, str]]:
    yield "start", f"{line.start:%Y-%m-%d %H:%M}"
    yield "timezone", line.timezone
    yield "currency", line.currency
    yield "horizon", numbers.duration(line.horizon_s)
    if line.initial:
        yield "initial", f"{len(line.initial):,} tasks waiting or in progress at the start"
    for segment in line.segments:
        yield from ((f"work.{segment.name}.{key}", value) for key, value in _segment(segment))
    for calendar in line.calendars:
        yield f"calendars.{calendar.name}", calendar_words(calendar)
    for pool in line.pools:
        kinds = {stage.kind for stage in line.stages if pool.name in dict(stage.pools)}
        yield from ((f"pools.{pool.name}.{key}", value) for key, value in _pool(pool, kinds, line.currency))
    for stage in line.stages:
        yield from ((f"stages.{stage.name}.{key}", value) for key, value in _stage(stage))
    for goal in line.goals:
        yield f"goals.{GOAL_WORDS.get(goal.kpi, goal.kpi)}", goal_words(line, goal)


def _segment(segment: Segment) -> Iterator[tuple[str, str]]:
    if segment.backlog or not segment.arrivals:
        yield "backlog", f"{segment.backlog:,} items"
    if stream := segment.arrivals:
        limit = f", at most {stream.items:,} items" if stream.items is not None else ""
        until = f", none after {numbers.duration(stream.until_s)}" if stream.until_s is not None else ""
        yield "arrivals", f"{numbers.significant(stream.per_week)} items a week in {stream.calendar}{limit}{until}"
    yield "classes", _shares(segment.classes)
    yield "difficulty.spread", f"{numbers.significant(segment.difficulty_sd)} logits"
    alike = math.isinf(segment.attractor)
    yield "difficulty.attractor", "none: errors spread alike" if alike else numbers.significant(segment.attractor)
    if segment.class_effects:
        yield "class_effects", _logits(segment.class_effects)
    for truth, wrong in segment.confusions.items():
        yield f"confusions.{truth}", _shares(wrong)
    yield "priority", str(segment.priority)
    yield "due", "no due date" if segment.due_s is None else f"{numbers.duration(segment.due_s)} after arrival"


def _pool(pool: Pool, kinds: set[Kind], currency: str) -> Iterator[tuple[str, str]]:
    yield "headcount", f"{pool.headcount:,} people"
    yield "calendar", pool.calendar
    yield "shrinkage", f"{numbers.number(pool.shrinkage, numbers.SHARE)} of on-shift time is not spent on tasks"
    yield "speed.spread", f"{numbers.significant(pool.speed_sd)} (sd of log speed over workers)"
    if kinds & {"annotate", "adjudicate"}:
        right = numbers.number(1 / (1 + math.exp(-pool.skill_mean)), numbers.SHARE)
        yield "skill.mean", f"{pool.skill_mean:.2f} logits ({right} right on an item of middling difficulty)"
        yield "skill.spread", f"{numbers.significant(pool.skill_sd)} logits over workers"
    if pool.class_effects:
        yield "class_effects", _logits(pool.class_effects)
    if "review" in kinds:
        yield "reviewing.sensitivity", f"rejects {numbers.number(pool.sensitivity, numbers.SHARE)} of wrong labels"
        yield "reviewing.false_alarm", f"rejects {numbers.number(pool.false_alarm, numbers.SHARE)} of right labels"
    yield from _pay(pool.contract, currency)


def _pay(contract: Contract, currency: str) -> Iterator[tuple[str, str]]:
    if contract.hourly is not None:
        yield "pay.hourly", f"{numbers.money(contract.hourly, currency)} per on-shift hour"
    if contract.per_label:
        told = []
        for tier in contract.per_label:
            further = " for all further" if len(contract.per_label) > 1 else ""
            reach = f" up to label {tier.up_to:,}" if tier.up_to is not None else further
            told.append(f"{numbers.money(tier.price, currency)} per label{reach}")
        yield "pay.per_label", ", ".join(told)
        yield "pay.rework_paid", "rework is paid" if contract.rework_paid else "rework is not paid"
    if contract.hourly is None and not contract.per_label:
        yield "pay", "nothing"


def _stage(stage: Stage) -> Iterator[tuple[str, str]]:
    yield "pools", ", ".join(f"{name} {numbers.significant(100 * share)}%" for name, share in stage.pools)
    if stage.kind == "annotate":
        yield "labels_per_item", str(stage.labels_per_item)
        yield "rework_by", stage.rework_by
    if stage.kind == "review":
        yield "fraction", f"{numbers.significant(100 * stage.fraction)}% of items"
        yield "on_reject.rounds", f"at most {stage.rounds} returns to rework"
    yield "time", distribution_words(stage.time)
    yield "next", ", ".join(f"{outcome} → {target}" for outcome, target in stage.next.items())


def distribution_words(time: Distribution) -> str:
    """A distribution of seconds in words: lognormal, median 42 s, P95 2.6 min."""
    p = time.parameters
    if time.family == "lognormal":
        p95 = p["median"] * math.exp(1.6448536269514722 * p["sigma"])
        return f"lognormal, median {numbers.duration(p['median'])}, P95 {numbers.duration(p95)}"
    seconds = ("value", "mean", "scale", "low", "high")
    told = [f"{k} {numbers.duration(v) if k in seconds else numbers.significant(v)}" for k, v in p.items()]
    return f"{time.family}, {', '.join(told)}"


def calendar_words(calendar: Calendar) -> str:
    """When people are on shift: Mon-Fri 09:00-13:00, 14:00-18:00 (Europe/Paris)."""
    if calendar.availability is not None:
        full = sum(calendar.availability)
        return f"by hour of the week, {numbers.significant(full)} full hours a week in all ({calendar.timezone})"
    by_day = {day: [(a, b) for d, a, b in calendar.intervals if d == day] for day in range(7)}
    runs: list[tuple[int, int]] = []
    for day in range(7):
        if runs and by_day[runs[-1][0]] == by_day[day]:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    told = [f"{_days(*run)} {_clock(by_day[run[0]])}" for run in runs if by_day[run[0]]]
    return f"{'; '.join(told) or 'never'} ({calendar.timezone})"


def goal_words(line: Line, goal: Goal) -> str:
    """A goal in words: by 15 Jun 2027 (its end); at least 97.0%; with a chance of at least 80%."""
    bound = "at least" if goal.relation == ">=" else "at most"
    if goal.kpi == "finish_days":
        words = f"by {by_day(line, goal.value)}" if math.isfinite(goal.value) else "no deadline"
    elif goal.kpi.startswith("cost"):
        words = f"{bound} {numbers.number(goal.value, line.currency)}"
    elif 0 <= goal.value <= 1:
        words = f"{bound} {numbers.number(goal.value, numbers.SHARE)}"
    else:
        words = f"{bound} {numbers.significant(goal.value)}"
    chance = goal.probability
    return words if chance is None else f"{words}, with a chance of at least {numbers.significant(100 * chance)}%"


def _shares(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {numbers.significant(100 * share)}%" for name, share in shares.items())


def _logits(effects: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:+.2f}" for name, value in effects.items()) + " logits"


def _days(first: int, last: int) -> str:
    return WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}-{WEEKDAYS[last]}"


def _clock(spans: Sequence[tuple[int, int]]) -> str:
    if list(spans) == [(0, 86_400)]:
        return "all day"
    return ", ".join(f"{a // 3600:02}:{a % 3600 // 60:02}-{b // 3600:02}:{b % 3600 // 60:02}" for a, b in spans)
