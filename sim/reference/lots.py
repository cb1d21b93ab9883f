"""Lots: items that are accepted or rejected together, inspected as severely as those before them ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..draws import Purpose, uniform, where
from ..plan import StagePlan
from ..service import whole_ms
from ..switching import NORMAL, WHOLE, Standing, after, plans
from .record import Item, Task
from .state import State


@dataclass
class Sampled:
    """A lot that is inspected. open: inspections that are not finished.  spell: switches of its segment at its stage
    when it was closed, None where its verdict is not to count for one.  again: most of it has been sent back by this
    stage before."""

    items: list[Item]
    severity: int
    open: int
    spell: int | None
    again: bool
    faulty: list[Item] = field(default_factory=list)


class Lots:
    """Items that are accepted or rejected together. inspect: called with each item that is to be inspected; judged:
    with each item of a judged lot, and whether it is accepted."""

    def __init__(
        self, state: State, inspect: Callable[[Item, int], None], judged: Callable[[Item, int, bool], None]
    ) -> None:
        self.state, self._inspect, self._judged = state, inspect, judged
        self._filling: dict[tuple[int, int], list[Item]] = {}
        self._sampled: dict[int, Sampled] = {}
        self._standing: dict[tuple[int, int], Standing] = {}  # by stage and segment
        self._spell: dict[tuple[int, int], int] = {}

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
        item = task.item
        assert item.lot is not None
        if rejected:
            self._sampled[item.lot].faulty.append(item)
        self._inspected(item, task.stage)

    def withdraw(self, item: Item, number: int) -> None:
        """An item that was to be inspected has gone elsewhere; its lot is judged by the others."""
        assert item.lot is not None
        self._sampled[item.lot].items.remove(item)
        self._inspected(item, number)

    def _inspected(self, item: Item, number: int) -> None:
        assert item.lot is not None
        lot = self._sampled[item.lot]
        lot.open -= 1
        if lot.open == 0:
            self._judge(item.lot, (number, item.segment))

    def _expire(self, waited: tuple[tuple[int, int], list[Item]]) -> None:
        place, group = waited
        if self._filling.get(place) is group:
            self._close(place)

    def _close(self, place: tuple[int, int]) -> None:
        """A lot is complete: a sample of it, by draws of its items, is inspected."""
        state, (number, _) = self.state, place
        stage: StagePlan = state.stand.stages[number]
        items = self._filling.pop(place)
        again = 2 * sum(item.sent_back == number for item in items) > len(items)
        severity, spell = self._severity(place, again)
        state.lots += 1
        for item in items:
            item.lot = state.lots
        draws = {
            item.number: uniform(state.stream, item.key, where(Purpose.LOT, stage.key, item.round)) for item in items
        }
        ranked = sorted(items, key=lambda item: (draws[item.number], item.number))
        sample = ranked[: plans(stage.lot)[severity].sample] if severity != WHOLE else ranked
        self._sampled[state.lots] = Sampled(items, severity, len(sample), spell, again)
        if not sample:
            self._judge(state.lots, place)
        for item in sorted(sample, key=lambda item: item.number):
            self._inspect(item, number)
        state.clock.ask()

    def _severity(self, place: tuple[int, int], again: bool) -> tuple[int, int | None]:
        """How severely a lot is inspected; and its spell, None for a lot most of which this stage has sent back
        before: it is inspected like others, but switches nothing."""
        number, _ = place
        if self.state.stand.stages[number].lot.switching is None:
            return NORMAL, None
        severity, spell = self._standing.get(place, Standing()).severity, self._spell.get(place, 0)
        return severity, None if again else spell

    def _judge(self, number: int, place: tuple[int, int]) -> None:
        """Accepts or rejects a lot. What was found wrong goes back in any case."""
        lot, rules = self._sampled.pop(number), self.state.stand.stages[place[0]].lot
        accepted = lot.severity == WHOLE or len(lot.faulty) <= plans(rules)[lot.severity].accept
        if rules.switching is not None and lot.spell == self._spell.get(place, 0):
            was = self._standing.get(place, Standing())
            self._standing[place] = after(was, rules, len(lot.faulty))
            self._spell[place] = lot.spell + (self._standing[place].severity != was.severity)
        for item in lot.items:
            if not accepted and not lot.again and item.refused is None:
                item.refused = number, self.state.clock.now
        for item in lot.items:
            self._judged(item, place[0], accepted and item not in lot.faulty)
