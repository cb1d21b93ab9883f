"""The answer of a search in sentences, which claim no more than its numbers."""

from __future__ import annotations

from collections.abc import Iterator

from ...scenarios.search.after import Recommended
from ...scenarios.search.candidates import size
from ...scenarios.search.choices import Choice
from ...scenarios.search.given_up import Traded
from ...scenarios.search.judged import judged
from ...scenarios.search.search import Found
from ...scenarios.search.volumes import winner
from ...scenarios.search.way import REPLICATIONS
from ...sim.paired import difference
from ...sim.statistics import Difference
from .. import numbers, words
from .names import change, counted, differing, goal, key, listed, percent, unit

LITTLE = 1e-3
"""Share of the objective below which what may be saved is not told."""

MOST = 4
"""KPIs, or variables, that one sentence names."""


def headline(found: Found, after: Recommended) -> Iterator[str]:
    """What is certified, what it costs, and what that is against today's plan."""
    question = found.question
    level = percent(found.rules.confidence)
    units = [unit(question, one.kpi) for one in after.means]
    told = [
        f"{words.title(one.kpi)} is {numbers.number(one.mean, of, (one.high - one.low) / 2.0)}"
        for one, of in zip(after.means, units, strict=True)
    ]
    spans = [
        f"{words.title(one.kpi)} {numbers.interval(one.low, one.high, of)}"
        for one, of in zip(after.means, units, strict=True)
    ]
    goals = [goal(question, one.goal) for one in after.goals]
    name = words.title(question.objectives[0].kpi)
    if goals:
        yield f"With {level} confidence this plan keeps what is asked for: {'; '.join(goals)}. Its {listed(told)}."
    else:
        yield f"Nothing is to be kept. Of the plan found {listed(told)}."
    yield (
        f"Mean {', '.join(spans)}{', each' if len(spans) > 1 else ''} with {level} confidence, from the "
        f"{counted(certified_runs(found), 'fresh run')} of its certificate."
    )
    yield from frontier(found, after)
    if not after.way.changes:
        yield "It is today's plan: nothing is to be changed."
        return
    yield f"Against today's plan: {name} {apart(found, after)}, on the same luck."


def frontier(found: Found, after: Recommended) -> Iterator[str]:
    """Of several objectives, that the plan is one of several."""
    if not after.choices:
        return
    wanted = listed([words.title(one.kpi) for one in found.question.objectives])
    if len(after.choices) == 1:
        yield f"No other plan that is certified is better in any of {wanted}."
        return
    yield (
        f"It is the knee of {len(after.choices)} certified plans between which {wanted} must be traded: the one whose "
        "worst is the least bad."
    )


def why(found: Found, after: Recommended, one: Choice) -> str:
    """Why a plan is one of the frontier."""
    told = [f"best {words.title(found.question.objectives[at].kpi)}" for at in one.best]
    told += ["knee"] if one.knee else []
    return ", ".join(told) or "between"


def certified_runs(found: Found) -> int:
    """Replications of the certificate."""
    step = found.certificate
    return 0 if step is None else len(step.values)


def total(found: Found, after: Recommended) -> Difference:
    """The objective of the plan found less that of today's."""
    place = after.kpis.index(found.question.objectives[0].kpi)
    return difference(after.way.end[:, place], after.way.today[:, place])


def apart(found: Found, after: Recommended) -> str:
    """The same in words."""
    one = total(found, after)
    return numbers.difference(one.mean, one.low, one.high, unit(found.question, found.question.objectives[0].kpi))


def steps(found: Found, after: Recommended) -> Iterator[str]:
    """What to change in which order, and what each step buys."""
    for number, one in enumerate(after.way.changes):
        told = listed([change(found.question, after.plan, at) for at in one.variables])
        together = ", together, as none of these is a plan without the others" if len(one.variables) > 1 else ""
        bought = [_objective(found, after, number), *_goals(found, after, number)]
        yield f"{number + 1}. {told}{together}: {'; '.join(bought)}."


def step_difference(found: Found, after: Recommended, number: int) -> Difference:
    """What a step, from 0 on, does to the objective."""
    before, values = after.way.around(number)
    place = after.kpis.index(found.question.objectives[0].kpi)
    return difference(values[:, place], before[:, place])


def _objective(found: Found, after: Recommended, number: int) -> str:
    kpi = found.question.objectives[0].kpi
    by = step_difference(found, after, number)
    return f"{words.title(kpi)} {numbers.difference(by.mean, by.low, by.high, unit(found.question, kpi))}"


def _goals(found: Found, after: Recommended, number: int) -> Iterator[str]:
    """Goals that a step brings, or takes."""
    for constraint in found.question.constraints:
        place = after.kpis.index(constraint.goal.kpi)
        was, now = (judged(constraint, values[:, place]) for values in after.way.around(number))
        told = goal(found.question, constraint.goal)
        if now.standing == "kept" and was.standing != "kept":
            yield f"brings {told}"
        elif was.standing == "kept" and now.standing != "kept":
            yield f"{'loses' if now.standing == 'missed' else 'puts in doubt'} {told}"


def given_up(found: Found, after: Recommended) -> Iterator[str]:
    """What is worse than today."""
    if not after.way.changes:
        return
    worse = [one for one in after.traded if one.turn == "worse"]
    if worse:
        more = f", and {len(worse) - MOST} more" if len(worse) > MOST else ""
        yield f"Given up: {listed([_moved(found, one) for one in worse[:MOST]])}{more}."
    else:
        yield "Nothing that was looked at is surely worse than today."


def _moved(found: Found, one: Traded) -> str:
    by = one.claim.difference
    text = numbers.difference(by.mean, by.low, by.high, unit(found.question, one.kpi))
    return f"{words.title(one.kpi)} {text}"


def work(factor: float) -> str:
    """A volume: 20% less work."""
    if factor == 1.0:
        return "the same work"
    return f"{numbers.significant(abs(100.0 * (factor - 1.0)))}% {'more' if factor > 1.0 else 'less'} work"


def volumes(found: Found, after: Recommended) -> Iterator[str]:
    """How the recommendation moves with volume."""
    first = [row[0] for row in after.volumes]
    many = len(found.question.constraints)
    if many:
        kept = [work(one.factor) for one in first if one.standing == "kept"]
        unsure = [work(one.factor) for one in first if one.standing == "unsure"]
        missed = [work(one.factor) for one in first if one.standing == "missed"]
        goals = "its goals" if many > 1 else "its goal"
        told = [f"keeps {goals} with {listed(kept)}"] if kept and len(kept) < len(first) else []
        told += [f"keeps {goals} at every volume from 20% less to 20% more"] if len(kept) == len(first) else []
        told += [f"may or may not with {listed(unsure)}"] if unsure else []
        told += [f"misses with {listed(missed)}"] if missed else []
        yield f"As the work grows or shrinks, the plan {'; '.join(told)} ({REPLICATIONS} runs each)."
    yield from _rivals(found, after)


def _rivals(found: Found, after: Recommended) -> Iterator[str]:
    others = len(after.volumes[0]) - 1
    if found.rules.several:
        return
    if not others:
        yield "No other plan that was tried is likely to keep what is asked for."
        return
    sign = found.question.objectives[0].sign
    best = [(row[0].factor, winner(row, sign)) for row in after.volumes]
    moved = [(factor, one) for factor, one in best if one is not None and one.plan != after.plan]
    nobody = [work(factor) for factor, one in best if one is None]
    those = "its closest rival" if others == 1 else f"its {others} closest rivals"
    for plan in dict.fromkeys(one.plan for _, one in moved):
        those_volumes = listed([work(factor) for factor, one in moved if one.plan == plan])
        yield f"With {those_volumes} the better plan is this one with {differing(found.question, plan, after.plan)}."
    if not moved:
        yield f"At none of these volumes is {'' if others == 1 else 'any of '}{those} surely better."
    if nobody:
        yield f"With {listed(nobody)} none of these plans surely keeps what is asked for: search again at that volume."


def fitted(found: Found, after: Recommended) -> Iterator[str]:
    """How sure it is where the profile is not."""
    one = after.fits
    if one is None:
        if found.question.constraints:
            yield "Nothing of the scenario is fitted with an interval: all of this is as if its numbers were exact."
        return
    low, high = one.interval
    yield (
        f"Over {one.draws} draws of {counted(one.parameters, 'fitted parameter')} it keeps what is asked for in "
        f"{one.kept} ({numbers.plain(100 * low)}% to {numbers.plain(100 * high)}% of such draws, by 95%)."
    )
    if any(one.missed):
        worst = max(range(len(one.missed)), key=lambda at: one.missed[at])
        told = goal(found.question, found.question.constraints[worst].goal)
        yield f"What is missed most often then is {told}: in {one.missed[worst]} of {one.draws}."


def importance(found: Found, after: Recommended) -> Iterator[str]:
    """What hangs on which variable, as foretold."""
    kpi = found.question.objectives[0].kpi
    of = unit(found.question, kpi)
    moving = [one for one in after.weights if not one.idle and one.swing > 0.0]
    if moving:
        told = [
            f"{key(found.question, one.variable)} ({numbers.interval(min(one.objective), max(one.objective), of)})"
            for one in moving[:MOST]
        ]
        yield (
            f"Foretold, not simulated: over its values, the rest as found, {words.title(kpi)} hangs most on "
            f"{listed(told)}."
        )
    idle = [key(found.question, one.variable) for one in after.weights if one.idle]
    if idle:
        yield f"With this plan {listed(idle)} {'changes' if len(idle) == 1 else 'change'} nothing."


def method(found: Found, after: Recommended) -> Iterator[str]:
    """How it was found, and what is not promised."""
    yield effort(found, after.replications)
    kpi = found.question.objectives[0].kpi
    of = unit(found.question, kpi)
    verb = "save" if found.question.objectives[0].better == "low" else "gain"
    told = "That the goals are kept is certified; that no other plan is better is not"
    if not found.question.constraints:
        told = "That no other plan is better is not certified"
    if after.left is None:
        yield f"{told}."
    elif after.left.gain > LITTLE * abs(after.means[0].mean):
        amount = numbers.number(after.left.gain, of, after.left.gain / 10.0)
        yield f"{told}: by what the search has learnt, the most promising other plan is expected to {verb} {amount}."
    else:
        yield f"{told}, though by what the search has learnt none is expected to {verb} a thousandth of it."


def effort(found: Found, beside: int) -> str:
    """What it took."""
    tries = found.history.certificates
    passed = sum(bool(one.passed) for one in tries)
    return (
        f"{found.history.used:,} of {found.rules.budget:,} replications were used: "
        f"{counted(len(found.view.tried), 'plan')} tried of {size(found.question):,}, "
        f"{counted(len(tries), 'certificate')} tried of at most {found.rules.tries}, {passed} passed. {beside:,} more, "
        "beside the budget, are of what is told here."
    )


def sentences(found: Found, after: Recommended) -> list[str]:
    """All of them."""
    parts = (headline, steps, given_up, volumes, fitted, importance, method)
    return [one for part in parts for one in part(found, after)]
