"""Fair shares: whose turn it is among the segments that wait for a pool, by weight.

Every segment has an account in each pool: the expected time of its tasks that were begun, over its weight. The one with
the lowest goes first, so that segments that all wait get time by their weights. The pool's clock is the lowest account
of what waits; a segment that comes to wait again begins there, at the earliest: it saves nothing up without work.
Source: Goyal, Vin and Cheng, Start-time fair queueing, SIGCOMM 1996; for several people at once, Jin, Chase and Kaur,
Interposed proportional sharing, SIGMETRICS 2004.
"""

from __future__ import annotations

from ..plan import Plan
from .record import Task


class Sharing:
    """Accounts of the segments, by pool."""

    def __init__(self, plan: Plan) -> None:
        self.account = [[0] * len(plan.segments) for _ in plan.pools]
        self._waiting = [[0] * len(plan.segments) for _ in plan.pools]
        self._clock = [0] * len(plan.pools)

    def joins(self, pool: int, segment: int) -> None:
        """A task of a segment waits for a pool from now on."""
        if self._waiting[pool][segment] == 0:
            self.account[pool][segment] = max(self.account[pool][segment], self._clock[pool])
        self._waiting[pool][segment] += 1

    def leaves(self, pool: int, segment: int) -> None:
        """A task of a segment waits for a pool no longer."""
        self._waiting[pool][segment] -= 1

    def begins(self, pool: int, task: Task, cost: int) -> None:
        """Somebody of a pool has taken a task of this cost out of its queues."""
        accounts, waiting, own = self.account[pool], self._waiting[pool], task.item.segment
        lowest = min(account for n, account in enumerate(accounts) if waiting[n] or n == own)
        self._clock[pool] = max(self._clock[pool], lowest)
        accounts[own] += cost
        task.charged = cost

    def gives_back(self, pool: int, task: Task) -> None:
        """A task that somebody of a pool had taken was not begun."""
        self.account[pool][task.item.segment] -= task.charged
        task.charged = 0
