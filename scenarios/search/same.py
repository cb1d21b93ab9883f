"""A plan written as near to today's as the same line can be: what people a pool without work has is no change."""

from __future__ import annotations

from .question import Plan
from .search import Found


def as_today(found: Found, plan: Plan) -> Plan:
    """The plan with today's value wherever that changes nothing."""
    theory = found.view.theory
    same = theory.identity(plan)
    for at, one in enumerate(found.question.variables):
        if one.today is not None and one.today != plan[at]:
            other = (*plan[:at], one.today, *plan[at + 1 :])
            plan = other if theory.identity(other) == same else plan
    return plan
