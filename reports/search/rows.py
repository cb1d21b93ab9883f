"""The answer of a search as rows of text under their headers, for a terminal and a page alike."""

from __future__ import annotations

from ...scenarios.search.after import Recommended, Short
from ...scenarios.search.judged import Judged, Standing, judged
from ...scenarios.search.question import Plan
from ...scenarios.search.search import Found
from ...sim.registry import kpi_of
from ...sim.statistics import Floats, summarise
from .. import numbers, words
from ..comparison.words import titled
from .names import bound, differing, goal, key, span, unit, value
from .names import found as found_words
from .words import step_difference, why

Rows = list[list[str]]

SHORT = 28
"""Characters of a value in a wide table."""

SAME_LUCK = (
    "Both on the same luck, which is not that of the certificate. Worse, better, changed: surely so; the chance of any "
    "false one among all rows is 5% at most."
)

LEAST_SURE = "Least sure: the least chance that the goals could be certified; low, too, where the search knows little."

IN_FULL = 1_000
"""Characters of a value, where it must not be cut."""

STANDINGS: dict[Standing, str] = {"kept": "kept", "unsure": "not sure", "missed": "missed"}


def plan_rows(found: Found, plan: Plan) -> Rows:
    """A row a variable: today, and in the plan, found or nearest; values in full, since this is what is to be done."""
    rows = [["", "today", "nearest" if found.plan is None else "found"]]
    for at, one in enumerate(found.question.variables):
        now, then = (value(found.question, at, place, IN_FULL) for place in (one.today, plan[at]))
        rows.append([key(found.question, at), now, then if then != now else "as today"])
    return rows


def goal_rows(found: Found, goals: list[Judged]) -> Rows:
    """A row a goal: what was found, and its bound."""
    rows = [["", "found", "surely", ""]]
    for one in goals:
        told = [found_words(found.question, one), bound(found.question, one), STANDINGS[one.standing]]
        rows.append([goal(found.question, one.goal), *told])
    return rows


def choice_rows(found: Found, after: Recommended) -> Rows:
    """A row a plan of the frontier: each objective with its interval, and why it is one of them."""
    question = found.question
    units = [unit(question, one.kpi) for one in question.objectives]
    heads = [titled(one.kpi, of).replace("points", "%") for one, of in zip(question.objectives, units, strict=True)]
    rows = [["", *heads, ""]]
    for number, one in enumerate(after.choices, 1):
        told = [
            words.bare(numbers.mean_half_width(each.mean, each.low, each.high, of), of).removesuffix("%")
            for each, of in zip(one.means, units, strict=True)
        ]
        rows.append([f"plan {number}", *told, why(found, after, one)])
    return rows


def choice_lines(found: Found, after: Recommended) -> list[str]:
    """What each of them is, against today's."""
    told = []
    for number, one in enumerate(after.choices, 1):
        parts = [
            f"{key(found.question, at)} {value(found.question, at, place)}"
            for at, (each, place) in enumerate(zip(found.question.variables, one.plan, strict=True))
            if each.today != place
        ]
        changed = f"today's, with {', '.join(parts)}" if parts else "today's"
        told.append(f"Plan {number}: {changed}.")
    return told


def step_rows(found: Found, after: Recommended) -> Rows:
    """A row a plan on the way: the objective, what the step does to it, and what is found of each goal."""
    question = found.question
    kpi = question.objectives[0].kpi
    of = unit(question, kpi)
    heads = [words.title(one.goal.kpi) for one in question.constraints]
    rows = [["", titled(kpi, of), "by this step", *heads]]
    rows.append(["today", *_state(found, after, after.way.today, "")])
    for number, one in enumerate(after.way.changes):
        by = step_difference(found, after, number)
        told = words.bare(numbers.difference(by.mean, by.low, by.high, of), of)
        what = ", ".join(key(question, at) for at in one.variables)
        rows.append([f"{number + 1}. {what}", *_state(found, after, one.values, told)])
    return rows


def _state(found: Found, after: Recommended, values: Floats, by: str) -> list[str]:
    question = found.question
    kpi = question.objectives[0].kpi
    of = unit(question, kpi)
    own = summarise(values[:, after.kpis.index(kpi)])
    goals = [judged(one, values[:, after.kpis.index(one.goal.kpi)]) for one in question.constraints]
    told = [f"{found_words(question, one)}{_mark(one.standing)}" for one in goals]
    return [words.bare(numbers.mean_half_width(own.mean, own.low, own.high, of), of), by, *told]


def _mark(standing: Standing) -> str:
    return {"kept": "", "unsure": " (?)", "missed": " (missed)"}[standing]


def traded_rows(found: Found, after: Recommended) -> Rows:
    """A row a KPI, what is worse first: today, found, and the difference."""
    rows = [["", "today", "found", "difference", ""]]
    for one in after.traded:
        of = unit(found.question, one.kpi)
        by = one.claim.difference
        half = (by.high - by.low) / 2.0
        told = [numbers.number(mean, of, half or None) for mean in (one.today, one.found)]
        apart = numbers.difference(by.mean, by.low, by.high, of)
        turn = {"worse": "worse", "better": "better", "other": "changed", "open": "not sure", "same": ""}[one.turn]
        rows.append([words.title(one.kpi), *told, apart, turn])
    return rows


def volume_rows(found: Found, after: Recommended) -> Rows:
    """A row a plan, a column a volume: whether it keeps its goals, at what objective."""
    question = found.question
    kpi = question.objectives[0].kpi
    of = unit(question, kpi)
    heads = [_volume(row[0].factor) for row in after.volumes]
    rows = [[titled(kpi, of), *heads]]
    for place in range(len(after.volumes[0])):
        cells = []
        for row in after.volumes:
            one = row[place]
            text = words.bare(numbers.number(one.cost.mean, of, (one.cost.high - one.cost.low) / 2.0), of)
            cells.append(f"{text}{_mark(one.standing) if question.constraints else ''}")
        rows.append([rival(place), *cells])
    return rows


def rival(place: int) -> str:
    """How the plan found and its rivals are called."""
    return f"rival {place}" if place else "the plan found"


def rival_lines(found: Found, after: Recommended) -> list[str]:
    """What each rival is."""
    plans = [one.plan for one in after.volumes[0]]
    told = [differing(found.question, plan, after.plan) for plan in plans[1:]]
    return [f"Rival {place}: the plan found, with {each}." for place, each in enumerate(told, 1)]


def _volume(factor: float) -> str:
    if factor == 1.0:
        return "as it is"
    sign = "+" if factor > 1.0 else numbers.MINUS
    return f"{sign}{numbers.significant(abs(100.0 * (factor - 1.0)))}% work"


def weight_rows(found: Found, after: Recommended) -> Rows:
    """A row a variable: how far the objective goes over its values, and the least chance to be certified."""
    question = found.question
    kpi = question.objectives[0].kpi
    of = unit(question, kpi)
    worst = "most" if kpi_of(kpi).better == "low" else "least"
    rows = [["", f"{titled(kpi, of)}, least", "most", f"{worst} at", "goals, least sure"]]
    for one in (each for each in after.weights if not each.idle):
        low, high = min(one.objective), max(one.objective)
        far = high if worst == "most" else low
        half = max(one.swing, abs(high) / 10.0) / 10.0
        ends = [words.bare(numbers.number(each, of, half or None), of) for each in (low, high)]
        at = value(question, one.variable, one.places[one.objective.index(far)], SHORT)
        there = value(question, one.variable, one.places[one.chance.index(one.worst)], SHORT)
        least = f"{numbers.plain(100.0 * one.worst)}% at {there}"
        rows.append([key(question, one.variable), *ends, at, least if question.constraints else ""])
    return rows


def short_rows(found: Found, after: Short) -> Rows:
    """A row a goal of the plan that came nearest."""
    rows = [["", "found", "95% interval", ""]]
    for one in after.goals:
        told = [found_words(found.question, one), span(found.question, one), STANDINGS[one.standing]]
        rows.append([goal(found.question, one.goal), *told])
    return rows
