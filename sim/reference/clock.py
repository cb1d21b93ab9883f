"""The clock of the reference engine: whole milliseconds, and events of unique keys.

Every event has the key (tick, kind, number); in one tick all events come first, in the order of their keys, then one
dispatch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import simpy
from simpy.events import Event

COMPLETE, MACHINE, CHANGE, CALENDAR, RELEASE, HANDOFF, TIMER = range(7)
"""Kinds of events, in their order within a tick.

COMPLETE: a worker finishes a task; number: the worker.  MACHINE: a machine's batch is done; the batch.  CHANGE: an
epoch begins, items are relabelled; which.  CALENDAR: a shift begins or ends, someone leaves, a session begins; which.
RELEASE: an item arrives; the item.  HANDOFF: a task has been handed over; the task.  TIMER: a wait is over; the timer.
"""

_DISPATCH = 1 << 62  # after every key
_HORIZON = 0  # before every key: the horizon is exclusive


class _At(Event):
    """An event at a tick with the key (kind, number); SimPy orders events of one time by priority.

    Priorities 0 and 1 are SimPy's own, for events without delay: they drain first. In whole numbers
    now + (tick - now) is tick.
    """

    def __init__(
        self,
        env: simpy.Environment,
        tick: int,
        priority: int,
        then: Callable[[Event], None] | None = None,
        value: Any = None,
    ) -> None:
        # As SimPy's Timeout does, the fields are set here and not by Event.__init__: this is the hottest line.
        self.env = env
        self.callbacks = [] if then is None else [then]
        self._value = value
        self._ok = True
        env.schedule(self, priority, tick - env._now)  # type: ignore[arg-type]


class Clock:
    """The time of a run. dispatch: called at the end of each tick in which it was asked for."""

    def __init__(self, horizon: int, dispatch: Callable[[], None]) -> None:
        self.horizon = horizon
        self.env = simpy.Environment(initial_time=0)
        self._done = self.env.event()
        self._asked = False
        self._to_dispatch = dispatch
        self._timers = 0
        _At(self.env, horizon, _HORIZON, lambda _: self.stop())

    @property
    def now(self) -> int:
        """Milliseconds since the start of the run."""
        return self.env._now  # type: ignore[return-value]

    def at(self, tick: int, kind: int, number: int, then: Callable[[Event], None] | None, value: Any = None) -> Event:
        """An event at this tick; `then` is called with it, `value` is its value."""
        return _At(self.env, tick, 2 + (kind << 40) + number, then, value)

    def after(self, delay: int, then: Callable[[Any], None], value: Any) -> None:
        """Calls `then` with `value` after a wait, timers of one tick in the order in which they were set."""
        tick = self.env._now + delay
        if tick < self.horizon:
            self._timers += 1
            self.at(tick, TIMER, self._timers, lambda event: then(event._value), value)  # type: ignore[arg-type]

    def ask(self) -> None:
        """Asks for the tick's dispatch."""
        if not self._asked:
            self._asked = True
            _At(self.env, self.env._now, _DISPATCH, self._dispatch)  # type: ignore[arg-type]

    def _dispatch(self, _: Event) -> None:
        self._asked = False
        self._to_dispatch()

    def run(self) -> int:
        """Runs until `stop`, or to the horizon; the moment at which it ended."""
        self.env.run(until=self._done)
        return self.now

    def stop(self) -> None:
        """Ends the run in this tick."""
        if not self._done.triggered:
            self._done.succeed()
