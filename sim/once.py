"""What is worked out once for a plan, and kept as long as the plan is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from .plan import Plan

R = TypeVar("R")


def once(function: Callable[[Plan], R]) -> Callable[[Plan], R]:
    """`function`, whose answer hangs on the plan alone: every replication asks anew, and only the first one waits. What
    comes back is shared: it must not be written to."""
    known: WeakKeyDictionary[Plan, R] = WeakKeyDictionary()

    @wraps(function)
    def asked(plan: Plan) -> R:
        if plan not in known:
            known[plan] = function(plan)
        return known[plan]

    return asked
