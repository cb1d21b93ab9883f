"""The answer of a search as plain data; None where a number is withheld."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from ...scenarios.search.after import Recommended, Short
from ...scenarios.search.candidates import size
from ...scenarios.search.judged import Judged, Mean, judged
from ...scenarios.search.question import Plan, Question
from ...scenarios.search.search import Found
from ...scenarios.search.volumes import winner
from ...sim.line import digest
from ...sim.registry import unit_of
from ...sim.statistics import Floats, summarise
from .short import short_sentences
from .words import sentences, step_difference, total


def search_json(found: Found, after: Recommended | Short) -> dict[str, Any]:
    """All of it as a dict that JSON can hold."""
    question = found.question
    own = sentences(found, after) if isinstance(after, Recommended) else short_sentences(found, after)
    return {
        "version": version("labelcast"),
        "scenario": question.line.name,
        "digest": digest(question.line),
        "seed": found.rules.seed,
        "confidence": found.rules.confidence,
        "certified": found.plan is not None,
        "plan": named(question, after.plan) if isinstance(after, Recommended) else None,
        "today": {one.path: None if one.today is None else one.texts[one.today] for one in question.variables},
        "replications": {
            "budget": found.rules.budget,
            "used": found.history.used,
            "beside": after.replications,
        },
        "plans": {"all": size(question), "tried": len(found.view.tried)},
        "certificates": [
            {"plan": named(question, one.move.plan), "passed": one.passed, "replications": len(one.values)}
            for one in found.history.certificates
        ],
        "tried": [_tried(found, plan) for plan in found.view.tried],
        **(_recommended(found, after) if isinstance(after, Recommended) else _short(found, after)),
        "sentences": own,
    }


def named(question: Question, plan: Plan) -> dict[str, str]:
    """A plan's values by path, as the file would have them."""
    return {one.path: one.texts[place] for one, place in zip(question.variables, plan, strict=True)}


def _tried(found: Found, plan: Plan) -> dict[str, Any]:
    values = found.view.values[plan]
    means = {kpi: _finite(float(values[:, at].mean())) for at, kpi in enumerate(found.question.kpis)}
    return {"plan": named(found.question, plan), "replications": len(values), "means": means}


def _short(found: Found, after: Short) -> dict[str, Any]:
    goals = [_goal(one) for one in after.goals]
    return {"nearest": {"plan": named(found.question, after.plan), "goals": goals, "endless": after.endless}}


def _recommended(found: Found, after: Recommended) -> dict[str, Any]:
    question = found.question
    by = total(found, after)
    return {
        "objectives": _objectives(question, after.means),
        "goals": [_goal(one) for one in after.goals],
        "against_today": {"kpi": question.objectives[0].kpi, **_interval(by)},
        "way": _way(found, after),
        "traded": [
            {
                "kpi": one.kpi,
                "unit": unit_of(one.kpi, question.line.currency),
                "turn": one.turn,
                "today": _finite(one.today),
                "found": _finite(one.found),
                "difference": _interval(one.claim.difference),
                "adjusted_p": _finite(one.claim.adjusted_p),
            }
            for one in after.traded
        ],
        "volumes": _volumes(found, after),
        "fitted": _fitted(found, after),
        "importance": [
            {
                "path": question.variables[one.variable].path,
                "values": [question.variables[one.variable].texts[place] for place in one.places],
                "objective": [*one.objective],
                "chance": [*one.chance],
            }
            for one in after.weights
        ],
        "left": None
        if after.left is None
        else {
            "plans": after.left.plans,
            "gain": _finite(after.left.gain),
            "plan": None if after.left.plan is None else named(question, after.left.plan),
        },
        "frontier": [
            {
                "plan": named(question, one.plan),
                "knee": one.knee,
                "best": [question.objectives[at].kpi for at in one.best],
                "objectives": _objectives(question, one.means),
                "goals": [_goal(each) for each in one.goals],
            }
            for one in after.choices
        ],
    }


def _objectives(question: Question, means: Sequence[Mean]) -> list[dict[str, Any]]:
    return [{"kpi": one.kpi, "unit": unit_of(one.kpi, question.line.currency), **_interval(one)} for one in means]


def _way(found: Found, after: Recommended) -> dict[str, Any]:
    question = found.question
    steps = []
    for number, one in enumerate(after.way.changes):
        keys = [question.variables[at] for at in one.variables]
        steps.append(
            {
                "change": {
                    each.path: {
                        "from": None if each.today is None else each.texts[each.today],
                        "to": each.texts[after.plan[at]],
                    }
                    for at, each in zip(one.variables, keys, strict=True)
                },
                "objective": _interval(step_difference(found, after, number)),
                "then": _state(found, after, one.values),
            }
        )
    return {"replications": len(after.way.today), "today": _state(found, after, after.way.today), "steps": steps}


def _state(found: Found, after: Recommended, values: Floats) -> dict[str, Any]:
    question = found.question
    own = summarise(values[:, after.kpis.index(question.objectives[0].kpi)])
    goals = [judged(one, values[:, after.kpis.index(one.goal.kpi)]) for one in question.constraints]
    return {"objective": _interval(own), "goals": [_goal(one) for one in goals]}


def _volumes(found: Found, after: Recommended) -> list[dict[str, Any]]:
    question = found.question
    told = []
    for row in after.volumes:
        best = None if found.rules.several else winner(row, question.objectives[0].sign)
        plans = [
            {
                "plan": named(question, one.plan),
                "standing": one.standing,
                "objective": _interval(one.cost),
                "against_found": _interval(one.apart),
                "goals": [_goal(each) for each in one.goals],
            }
            for one in row
        ]
        told.append(
            {"factor": row[0].factor, "best": None if best is None else named(question, best.plan), "plans": plans}
        )
    return told


def _fitted(found: Found, after: Recommended) -> dict[str, Any] | None:
    one = after.fits
    if one is None:
        return None
    low, high = one.interval
    missed = dict(zip([each.text for each in found.question.constraints], one.missed, strict=True))
    return {
        "parameters": one.parameters,
        "draws": one.draws,
        "kept": one.kept,
        "low": low,
        "high": high,
        "missed": missed,
    }


def _goal(one: Judged) -> dict[str, Any]:
    return {
        "text": one.constraint.text,
        "kpi": one.goal.kpi,
        "relation": one.goal.relation,
        "goal": _finite(one.goal.value),
        "chance": one.goal.probability,
        "found": _finite(one.found),
        "low": _finite(one.low),
        "high": _finite(one.high),
        "standing": one.standing,
    }


def _interval(one: object) -> Mapping[str, float | None]:
    return {name: _finite(float(getattr(one, name))) for name in ("mean", "low", "high")}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
