"""Tasks that become ready together."""

from __future__ import annotations

from collections.abc import Callable

from ..service import whole_ms
from .record import Task
from .state import State


class Gathering:
    """Tasks that wait until enough of their segment have come. ready: called with each task that is ready, in order."""

    def __init__(self, state: State, ready: Callable[[Task], None]) -> None:
        self.state, self._ready = state, ready
        self._groups: dict[tuple[int, int], list[Task]] = {}

    def put(self, task: Task) -> None:
        """A task has come."""
        gather = self.state.stand.stages[task.stage].gather
        if gather.size == 1:
            self._ready(task)
            return
        place = (task.stage, task.item.segment)
        group = self._groups.setdefault(place, [])
        group.append(task)
        if len(group) >= gather.size:
            self._release(place)
        elif len(group) == 1:
            wait = whole_ms(gather.wait_s, self.state.plan.tick)
            self.state.clock.after(wait, self._expire, (place, group))

    def _expire(self, waited: tuple[tuple[int, int], list[Task]]) -> None:
        place, group = waited
        if self._groups.get(place) is group:
            self._release(place)

    def _release(self, place: tuple[int, int]) -> None:
        for task in self._groups.pop(place):
            if not task.void:
                self._ready(task)
        self.state.clock.ask()
