"""What is said where no plan is certified: which goal is missed by how much, and what would help."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ...scenarios.search.after import Short
from ...scenarios.search.judged import Judged
from ...scenarios.search.rules import FINAL
from ...scenarios.search.search import Found
from ...sim.certificate import SHARES
from .. import numbers, words
from .names import counted, goal, key, listed, percent, span, unit, value
from .names import found as found_words
from .words import effort

STEP = 100
"""Of budgets that are named."""


def short_sentences(found: Found, after: Short) -> list[str]:
    """All of them, the first in one breath."""
    level = percent(found.rules.confidence)
    tried = counted(len(found.view.tried), "plan")
    told = [
        f"No certified plan: of {tried} tried none was shown to keep all that is asked for with {level} confidence."
    ]
    if after.endless:
        wanted = listed([words.title(one.kpi) for one in found.question.objectives])
        told.append(
            f"In {after.endless} of {after.replications} runs the plan that came nearest comes to no {wanted}, as work "
            "is not done by the horizon."
        )
    told += [_goal(found, one) for one in sorted(after.goals, key=_order)]
    told += helps(found, after)
    return [*told, effort(found, after.replications)]


def _order(one: Judged) -> int:
    return ("missed", "unsure", "kept").index(one.standing)


def _goal(found: Found, one: Judged) -> str:
    """A goal of the plan that came nearest."""
    asked = goal(found.question, one.goal)
    if not math.isfinite(one.found):
        return f"The plan that came nearest misses {asked}: some of its runs come to no number, as work never ends."
    seen = f"{found_words(found.question, one)} (95% interval {span(found.question, one)})"
    if one.standing == "missed":
        return f"The plan that came nearest misses {asked} by {by(found, one)}: {seen}."
    if one.standing == "unsure":
        return f"Whether it keeps {asked} cannot be told: {seen}."
    return f"It keeps {asked}: {seen}."


def by(found: Found, one: Judged) -> str:
    """By how much a goal is missed."""
    of = numbers.SHARE if one.goal.probability is not None else unit(found.question, one.goal.kpi)
    half = (one.high - one.low) / 2.0
    if of == numbers.SHARE:
        return f"{numbers.significant(100.0 * one.short, 2)} points"
    return numbers.number(one.short, of, half if half > 0.0 else None)


def helps(found: Found, after: Short) -> Iterator[str]:
    """What to do about it."""
    few = too_few(found)
    if few:
        yield few
    missed = [one for one in after.goals if one.standing == "missed"]
    ends = at_the_end(found, after)
    wider = f"let more vary{f', where the plan stands at the end of {listed(ends)}' if ends else ''}"
    if after.endless:
        yield f"What would help: a longer `horizon`, less work, or {wider}."
        return
    if missed:
        asked = listed(list(dict.fromkeys(words.title(one.goal.kpi) for one in missed)))
        yield f"What would help: ask for less of {asked}, or {wider}."
        return
    if few:
        return
    more = f"more replications, --budget {2 * found.rules.budget}"
    if found.history.used + found.rules.last < found.rules.budget:
        more = f"more time, where --time ended the search; else {more}"
    yield f"What would help: {more}; or a little less asked for."


def too_few(found: Found) -> str:
    """That no certificate of this budget can show a chance, though every run meet it; "" where one can."""
    chances = [one.goal.probability for one in found.question.constraints if one.goal.probability is not None]
    if not chances:
        return ""
    rules, asked = found.rules, max(chances)
    if asked >= 1.0:
        return "What would help: ask for a chance below 100%, which no number of runs can show."
    wanted = math.ceil(math.log(SHARES[-1] * rules.alpha) / math.log(asked))
    if wanted <= rules.last:
        return ""
    told = (
        f"A certificate has at most {rules.last} runs at this budget, too few to show a chance of {percent(asked)} even"
    )
    if wanted > FINAL:
        return f"{told} with a larger one. What would help: ask for a lower chance, or a lower --confidence."
    budget = rules.budget
    while replace(rules, budget=budget).last < wanted:
        budget += STEP
    return f"{told} if every run meets it. What would help: --budget {budget}, or a lower chance asked for."


def at_the_end(found: Found, after: Short) -> list[str]:
    """Ranges of which the nearest plan has the first or the last value."""
    told = []
    for at, (one, place) in enumerate(zip(found.question.variables, after.plan, strict=True)):
        if one.numbers and len(one.texts) > 1 and place in (0, len(one.texts) - 1):
            told.append(f"{key(found.question, at)} ({value(found.question, at, place)})")
    return told
