"""Crowd sessions: people who come, do some tasks, and go."""

from __future__ import annotations

from collections.abc import Generator

from simpy.events import Event

from ..calendars import NEVER
from ..sessions import Sessions
from .bench import Bench
from .clock import CALENDAR
from .state import State

FIRST = 1 << 30
"""Number of the first pool's sessions among the events of a calendar: after the shifts of one tick."""


class Crowd:
    """The sessions of all pools that have some."""

    def __init__(self, state: State, bench: Bench) -> None:
        self.state, self.bench = state, bench
        self._people: dict[tuple[int, int], int] = {}  # (pool, person) -> worker
        self._begun: dict[int, int] = {}  # worker -> when the session began

    def come(self, pool: int, coming: Sessions) -> Generator[Event, None, None]:
        """Lets the sessions of a pool come, each at its time."""
        for at, person, key, tasks, least in zip(*(column.tolist() for column in coming), strict=True):
            yield self.state.clock.at(at, CALENDAR, FIRST + pool, None)
            if self.state.floor.waiting[pool] >= least:
                self._begin(pool, person, key, tasks)

    def _begin(self, pool: int, person: int, key: int, tasks: int) -> None:
        """A session begins; if its worker is on one already, that one is good for so many tasks more."""
        state, workers = self.state, self.state.workers
        worker = self._people.get((pool, person))
        if worker is None:
            worker = workers.add(pool, person, person, key, workers.add_shift(None), state.clock.now)
            workers.settle(state.stand.pools, worker)
            workers.allowance[worker] = 0
            self._people[pool, person] = worker
        if workers.gone[worker]:
            return
        workers.allowance[worker] += tasks
        if worker not in self._begun:
            self._begun[worker] = state.clock.now
            shift = workers.shift_of[worker]
            workers.open_since[shift], workers.open_until[shift] = state.clock.now, NEVER
            workers.idle_since[worker] = state.clock.now
            state.floor.free(worker)
            state.clock.ask()
            self._be_patient(worker)

    def rests(self, worker: int) -> None:
        """A worker in session has no task in hand: the session is over, or ends when patience does."""
        if self.state.workers.allowance[worker] == 0:
            self.end(worker)
        else:
            self._be_patient(worker)

    def _be_patient(self, worker: int) -> None:
        workers, tick = self.state.workers, self.state.plan.tick
        patience = max(tick, (self.state.pool(worker).patience + tick // 2) // tick * tick)
        self.state.clock.after(patience, self._give_up, (worker, workers.idle_since[worker]))

    def _give_up(self, waited: tuple[int, int | None]) -> None:
        worker, since = waited
        if worker in self._begun and since is not None and self.state.workers.idle_since[worker] == since:
            self.end(worker)

    def end(self, worker: int) -> None:
        """A session ends."""
        state, workers = self.state, self.state.workers
        begun = self._begun.pop(worker)
        state.sessions.append((worker, begun, state.clock.now))
        shift = workers.shift_of[worker]
        workers.open_since[shift] = workers.open_until[shift] = 0
        workers.allowance[worker] = 0
        self.bench.breaks.empty(worker)
        self.bench.breaks.disown(worker)

    def last(self) -> None:
        """Notes the sessions that still go on."""
        self.state.sessions += [(worker, begun, None) for worker, begun in sorted(self._begun.items())]
