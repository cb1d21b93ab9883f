"""The common model as a Ciw user would write it: customer classes for the rounds, and priorities. The rival."""

from __future__ import annotations

from typing import Any

import ciw  # type: ignore[import-untyped]
from common import ANNOTATORS, MU, RATE, REJECTED, REVIEW_MIN, REVIEWERS, ROUNDS, SHAPE, SIGMA

TO_ANNOTATE = [f"annotate {round_}" for round_ in range(ROUNDS + 1)]
TO_REVIEW = [f"review {round_}" for round_ in range(ROUNDS + 1)]
ACCEPTED = "accepted"
CLASSES = [*TO_ANNOTATE, *TO_REVIEW, ACCEPTED]
"""What an item waits for, and in which round: Ciw's routing and priorities see only the class."""


class Limited(ciw.dists.Exponential):  # type: ignore[misc]
    """Exponential times between arrivals, of so many arrivals."""

    def __init__(self, rate: float, items: int) -> None:
        super().__init__(rate=rate)
        self.left = items

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        """The time until the next arrival; infinite after the last."""
        self.left -= 1
        return float(super().sample(t, ind)) if self.left >= 0 else float("inf")


def mean_cycle_time_min(items: int, seed: int) -> float:
    """Runs `items` items from empty to empty; their mean time in the line, in minutes."""
    ciw.seed(seed)
    simulation = ciw.Simulation(_network(items))
    simulation.simulate_until_max_customers(items, method="Complete")
    records = (individual.data_records for individual in simulation.nodes[-1].all_individuals)
    return float(sum(visits[-1].exit_date - visits[0].arrival_date for visits in records)) / items


def _network(items: int) -> Any:
    annotated = _becomes({now: {after: 1.0} for now, after in zip(TO_ANNOTATE, TO_REVIEW, strict=True)})
    rejected = {now: {after: REJECTED} for now, after in zip(TO_REVIEW, TO_ANNOTATE[1:], strict=False)}
    judged = _becomes({now: {ACCEPTED: 1 - REJECTED * (now in rejected), **rejected.get(now, {})} for now in TO_REVIEW})
    times = [ciw.dists.Lognormal(MU, SIGMA), ciw.dists.Gamma(shape=SHAPE, scale=REVIEW_MIN / SHAPE)]
    to_stage = ciw.routing.TransitionMatrix([[0.0, 1.0], [1.0, 0.0]])
    out = ciw.routing.TransitionMatrix([[0.0, 0.0], [0.0, 0.0]])
    return ciw.create_network(
        arrival_distributions={name: [None, None] for name in CLASSES} | {CLASSES[0]: [Limited(RATE, items), None]},
        service_distributions=dict.fromkeys(CLASSES, times),
        routing={name: out if name == ACCEPTED else to_stage for name in CLASSES},
        class_change_matrices=[annotated, judged],
        priority_classes={name: int(name == TO_ANNOTATE[0]) for name in CLASSES},
        number_of_servers=[ANNOTATORS, REVIEWERS],
    )


def _becomes(changes: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """A class change matrix: the chances of each class after a service, by the class before; others stay."""
    return {now: dict.fromkeys(CLASSES, 0.0) | changes.get(now, {now: 1.0}) for now in CLASSES}
