"""Which items a review sees."""

from __future__ import annotations

import math

from ..draws import Purpose, uniform, where
from ..plan import StagePlan
from ..risk import above, moved
from .record import Item
from .state import State


class Selection:
    """Who is reviewed: by a draw of the item, or by the score of its label, against a bar that scores have moved."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._raised: dict[tuple[int, int], float] = {}  # by stage and segment

    def of(self, item: Item, number: int, stage: StagePlan) -> bool:
        """Whether an item is reviewed at a stage: by one draw of its own, the same in every round."""
        fraction = self._fraction(item, stage)
        luck = uniform(self.state.stream, item.key, where(Purpose.SELECTED, stage.key))
        wrong = item.label is not None and item.label != item.truth
        lift = float(stage.lifts[item.truth]) if wrong else 0.0
        place = number, item.segment
        raised = self._raised.get(place, 0.0) if stage.distance > 0.0 else 0.0
        chosen = above(luck, lift, fraction, raised, self.state.plan.normal)
        if stage.distance > 0.0 and item.round == item.base:
            self._raised[place] = moved(raised, stage.distance, fraction, chosen)
        return chosen

    def _fraction(self, item: Item, stage: StagePlan) -> float:
        """The share of such items that is reviewed."""
        fraction = float(stage.fractions[item.segment])
        if item.label is not None and not math.isnan(stage.class_fractions[item.label]):
            fraction = float(stage.class_fractions[item.label])
        if stage.tenure_fractions and item.votes:
            votes = sorted(item.votes)
            author = next((worker for _, worker, label in votes if label == item.label), votes[0][1])
            done = item.tenures.get(author, self.state.workers.practice[author][item.voted])
            steps = (share for tasks, share in stage.tenure_fractions if done < tasks)
            fraction = next(steps, fraction)
        return fraction
