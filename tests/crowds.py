"""Labels drawn from the label model by numpy alone, so that fits have a truth to find."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelcast.calibration.workers.difficulty import Difficulty
from labelcast.calibration.workers.labelled import Labelled


@dataclass(frozen=True, eq=False)
class Crowd:
    """ability: float64[C].  skill: float64[W].  leaning: float64[W, C].  difficulty: of items.
    share: float64[C, C], of wrong labels by true class.  attractor: kappa of their Dirichlet.
    leaning_sd, skill_sd: what skill and leaning were drawn with."""

    ability: np.ndarray
    skill: np.ndarray
    leaning: np.ndarray
    skill_sd: float
    leaning_sd: float
    difficulty: Difficulty
    share: np.ndarray
    attractor: float

    @property
    def able(self) -> np.ndarray:
        """float64[W, C]: logit of a right label at an item of typical difficulty."""
        return self.ability + self.skill[:, None] + self.leaning


def from_priors(workers: int, classes: int, rng: np.random.Generator, hard: bool = False) -> Crowd:
    """A crowd drawn from the priors that chain.py states; wrong labels by an even Dirichlet, kappa of 1 to 8.
    hard: some items are harder than the rest."""
    spreads = abs(rng.normal(0, 1.0, 3))
    middle = rng.normal(0, 5.0)
    share = rng.dirichlet(np.full(classes, 2.0), classes) * (1 - np.eye(classes))
    return Crowd(
        ability=rng.normal(middle, 1.5, classes) if classes > 1 else np.array([middle]),
        skill=rng.normal(0, spreads[0], workers),
        leaning=rng.normal(0, spreads[1], (workers, classes)),
        skill_sd=spreads[0],
        leaning_sd=spreads[1],
        difficulty=Difficulty(spreads[2], rng.beta(2, 10), rng.normal(3, 2), abs(rng.normal()))
        if hard
        else Difficulty(spreads[2]),
        share=share / np.maximum(share.sum(axis=1, keepdims=True), 1e-300),
        attractor=float(np.exp(rng.uniform(0, np.log(8)))),
    )


def usual(workers: int, classes: int, rng: np.random.Generator, **given: float) -> Crowd:
    """A crowd of the middle of what public sets show: four of five labels right. given: spreads and attractor."""
    skill_sd, leaning_sd = given.get("skill_sd", 0.5), given.get("leaning_sd", 0.5)
    share = (1 - np.eye(classes)) / max(1, classes - 1)
    return Crowd(
        ability=np.linspace(1.2, 2.4, classes),
        skill=rng.normal(0, skill_sd, workers),
        leaning=rng.normal(0, leaning_sd, (workers, classes)),
        skill_sd=skill_sd,
        leaning_sd=leaning_sd,
        difficulty=Difficulty(given.get("difficulty_sd", 1.0)),
        share=share,
        attractor=given.get("attractor", 3.0),
    )


def draw(
    crowd: Crowd, items: int, each: int, rng: np.random.Generator, mix: np.ndarray | None = None, known: float = 1.0
) -> Labelled:
    """Labels of so many items by `each` different workers, classes by `mix` (even); known: share of truths told."""
    workers, classes = crowd.leaning.shape
    truth = rng.choice(classes, size=items, p=mix)
    worker = np.sort(np.argsort(rng.random((items, workers)), axis=1)[:, :each], axis=1)
    hard = crowd.difficulty.of(rng.normal(size=items), rng.random(items))
    chance = 1 / (1 + np.exp(hard[:, None] - crowd.able[worker, truth[:, None]]))
    label = np.where(rng.random((items, each)) < chance, truth[:, None], -1)
    for i in range(items):
        miss = label[i] < 0
        if miss.any():
            alpha = crowd.attractor * crowd.share[truth[i]]
            kinds = np.flatnonzero(alpha)
            label[i, miss] = rng.choice(kinds, size=int(miss.sum()), p=rng.dirichlet(alpha[kinds]))
    told = rng.random(items) < known
    return Labelled(
        worker=worker.ravel().astype(np.int64),
        label=label.ravel().astype(np.int64),
        start=np.arange(items + 1) * each,
        truth=np.where(told, truth, -1).astype(np.int64),
        workers=tuple(f"w{w:03}" for w in range(workers)),
        items=tuple(f"i{i:06}" for i in range(items)),
        classes=tuple(f"c{c}" for c in range(classes)),
        at=np.arange(items * each),
    )
