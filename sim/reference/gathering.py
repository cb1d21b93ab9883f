"""Tasks that become ready together, and lots that are judged together."""

from __future__ import annotations

from collections.abc import Callable

from ..draws import Purpose, uniform, where
from ..plan import StagePlan
from ..service import whole_ms
from .record import Item, Task
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


class Lots:
    """Items that are accepted or rejected together. inspect: called with each item that is to be inspected; judged:
    with each item of a judged lot, and whether it is accepted."""

    def __init__(
        self, state: State, inspect: Callable[[Item, int], None], judged: Callable[[Item, int, bool], None]
    ) -> None:
        self.state, self._inspect, self._judged = state, inspect, judged
        self._filling: dict[tuple[int, int], list[Item]] = {}
        self._items: dict[int, list[Item]] = {}  # by lot
        self._open: dict[int, int] = {}  # lot -> inspections that are not finished
        self._faulty: dict[int, list[Item]] = {}

    def put(self, item: Item, number: int) -> None:
        """An item has come to the stage of this number."""
        lot = self.state.stand.stages[number].lot
        place = (number, item.segment)
        group = self._filling.setdefault(place, [])
        group.append(item)
        if len(group) >= lot.size:
            self._close(place)
        elif len(group) == 1:
            wait = whole_ms(lot.wait_s, self.state.plan.tick)
            self.state.clock.after(wait, self._expire, (place, group))

    def verdict(self, task: Task, rejected: bool) -> None:
        """An inspection is finished; after the last one the lot is judged."""
        lot = task.item.lot
        assert lot is not None
        if rejected:
            self._faulty[lot].append(task.item)
        self._inspected(lot, task.stage)

    def withdraw(self, item: Item, number: int) -> None:
        """An item that was to be inspected has gone elsewhere; its lot is judged by the others."""
        assert item.lot is not None
        self._items[item.lot].remove(item)
        self._inspected(item.lot, number)

    def _inspected(self, lot: int, number: int) -> None:
        self._open[lot] -= 1
        if self._open[lot] == 0:
            self._judge(lot, number)

    def _expire(self, waited: tuple[tuple[int, int], list[Item]]) -> None:
        place, group = waited
        if self._filling.get(place) is group:
            self._close(place)

    def _close(self, place: tuple[int, int]) -> None:
        """A lot is complete: a sample of it, by draws of its items, is inspected."""
        state, (number, _) = self.state, place
        stage: StagePlan = state.stand.stages[number]
        items = self._filling.pop(place)
        state.lots += 1
        for item in items:
            item.lot = state.lots
        self._items[state.lots], self._faulty[state.lots] = items, []
        draws = {
            item.number: uniform(state.stream, item.key, where(Purpose.LOT, stage.key, item.round)) for item in items
        }
        sample = sorted(items, key=lambda item: (draws[item.number], item.number))[: stage.lot.sample]
        self._open[state.lots] = len(sample)
        if not sample:
            self._judge(state.lots, number)
        for item in sorted(sample, key=lambda item: item.number):
            self._inspect(item, number)
        state.clock.ask()

    def _judge(self, lot: int, number: int) -> None:
        """Accepts or rejects a lot. What was found wrong goes back in any case."""
        faulty = self._faulty.pop(lot)
        accepted = len(faulty) <= self.state.stand.stages[number].lot.accept
        del self._open[lot]
        for item in self._items.pop(lot):
            self._judged(item, number, accepted and item not in faulty)
