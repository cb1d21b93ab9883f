"""How plans, goals and amounts of a search are written."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...scenarios.search.judged import Judged
from ...scenarios.search.question import Plan, Question
from ...sim.line import Goal
from ...sim.registry import unit_of
from .. import numbers, style, words
from ..assumptions import goal_words

LONGEST = 60
"""Characters of a value, or of a key."""


def value(question: Question, variable: int, place: int | None, longest: int = LONGEST) -> str:
    """A variable's value; None: what the file says, which is none of those that it may have."""
    return "as the file says" if place is None else style.name(question.variables[variable].texts[place], longest)


def key(question: Question, variable: int) -> str:
    """A variable's path."""
    return style.name(question.variables[variable].path, LONGEST)


def differing(question: Question, plan: Plan, base: Plan) -> str:
    """What of a plan differs from another: pools.team.headcount 8, stages.review.fraction 10%."""
    told = [
        f"{key(question, at)} {value(question, at, place)}"
        for at, (place, other) in enumerate(zip(plan, base, strict=True))
        if place != other
    ]
    return ", ".join(told)


def change(question: Question, plan: Plan, variable: int) -> str:
    """From what to what a variable changes on the way to a plan."""
    place = question.variables[variable].today
    today = "what the file says" if place is None else value(question, variable, place)
    return f"{key(question, variable)} from {today} to {value(question, variable, plan[variable])}"


def unit(question: Question, kpi: str) -> str:
    """Of a KPI, as `numbers` writes it."""
    return unit_of(kpi, question.line.currency)


def goal(question: Question, of: Goal) -> str:
    """A goal in words: accuracy at least 96.0%."""
    return f"{words.title(of.kpi)} {goal_words(question.line, of)}"


def found(question: Question, one: Judged) -> str:
    """What was found of a goal: 96.3%; in 99.2% of runs."""
    if one.goal.probability is not None:
        return f"in {numbers.number(one.found, numbers.SHARE)} of runs"
    half = (one.high - one.low) / 2.0
    return numbers.number(one.found, unit(question, one.goal.kpi), half if half > 0.0 else None)


def bound(question: Question, one: Judged) -> str:
    """The bound that a goal is judged by: at least 96.1%."""
    if not math.isfinite(one.bound):
        return numbers.NOT_COMPUTED
    half = (one.high - one.low) / 2.0
    of = numbers.SHARE if one.goal.probability is not None else unit(question, one.goal.kpi)
    side = "at least" if one.upwards else "at most"
    return f"{side} {numbers.number(one.bound, of, half if half > 0.0 else None)}"


def span(question: Question, one: Judged) -> str:
    """Both bounds: 95.9% to 96.7%."""
    of = numbers.SHARE if one.goal.probability is not None else unit(question, one.goal.kpi)
    return numbers.interval(one.low, one.high, of)


def percent(level: float) -> str:
    """A level: 95%."""
    return f"{numbers.significant(100.0 * level)}%"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Several in one sentence."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def counted(many: int, one: str, several: str = "") -> str:
    """A count with its noun: 1 plan, 1,200 plans."""
    return f"{many:,} {one if many == 1 else several or one + 's'}"
