"""How right each pool's people are: one model of all answers to test questions, pools drawn towards the whole."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..answers import SWEEPS, Answers, answers_of
from ..skill import ENOUGH, Skill
from ..workers.chain import Draws, sample
from ..workers.difficulty import Difficulty
from ..workers.quality import LEAST, WORK
from .together import Together, together

Ints = npt.NDArray[np.int64]

MEANS, SPREADS = 1.0, 0.5
"""Scales of what pools may differ by: mean skill in logits, and the logarithm of the spread of skill."""

LEAST_WORKERS, LEAST_ANSWERS = 2, 2
"""Workers, and test questions of each on average, below which a pool tells no spread of skill."""


@dataclass(frozen=True, eq=False)
class Skills:
    """mean: of each pool, logits.  spread: logarithm of the sd over workers; None where no pool tells it, or it was
    assumed.  answers, workers: of each pool.  widen: times the intervals are wider, as those of all."""

    mean: Together
    spread: Together | None
    answers: Ints
    workers: Ints
    widen: float


@dataclass(frozen=True)
class Known:
    """What the fit of all people says. spread: of skill, None to estimate it.  difficulty: with hard items, if any.
    difficulty_told: whether it was estimated.  by_class: whether classes differ."""

    spread: float | None
    difficulty: Difficulty
    difficulty_told: bool
    by_class: bool


def known_of(skill: Skill, pool: str, segment: str) -> Known | None:
    """What a fit of all people says that those of their pools rest on; None where no answer is known to be right."""
    if not skill.parameters:
        return None
    fitted = {one.path: one.value for one in skill.parameters}
    both = fitted | {one.path: one.value for one in skill.assumptions}
    path, spread = f"work.{segment}.difficulty", f"pools.{pool}.skill.spread"
    hard = [both[f"{path}.hard.{name}"] for name in ("share", "harder", "spread") if f"{path}.hard.share" in both]
    return Known(
        None if spread in fitted else both[spread],
        Difficulty(both[f"{path}.spread"], *hard),
        f"{path}.spread" in fitted,
        any(one.startswith(f"pools.{pool}.class_effects.") for one in fitted),
    )


def fit_skills(judgements: pd.DataFrame, pools: Mapping[str, str], names: Sequence[str], known: Known) -> Skills | None:
    """pools: name by worker.  names: of the pools that are told apart.  known: what the fit of all says.

    None where no answer of theirs is known to be right or wrong. Means come of one chain, so that pools which got
    different questions are compared at equal difficulty; spreads of one a pool, with the difficulties of all.
    """
    place = {name: j for j, name in enumerate(names)}
    of = judgements["worker"].map(pools).map(place)
    rows = judgements[judgements["counts"] & judgements["correct"].notna() & of.notna()]
    if rows.empty:
        return None
    answers = answers_of(rows)
    pool = np.array([place[pools[one]] for one in answers.names], dtype=np.int64)
    of_row = pool[answers.worker]
    count = np.bincount(of_row, minlength=len(names))
    people = np.bincount(pool, minlength=len(names))
    value, error = _means(answers, of_row, len(names), known)
    error = np.where(count > 0, error, math.inf)
    mean = together(value, error, MEANS)
    assert mean is not None
    few = min(len(answers.right), answers.items)
    widen = min(2.0, math.sqrt(ENOUGH / few)) if few < ENOUGH else 1.0
    return Skills(mean, _spreads(answers, of_row, people, count, known), count, people, widen)


def _means(answers: Answers, of_row: Ints, pools: int, known: Known) -> tuple[np.ndarray, np.ndarray]:
    """Mean skill of each pool over the questions' classes, and its standard error."""
    classes = answers.groups if known.by_class else 1
    true = answers.true[answers.item] if known.by_class else np.zeros_like(answers.item)
    mix = np.bincount(answers.true, minlength=classes) / answers.items if known.by_class else np.ones(1)
    cell = of_row * classes + true
    difficulty = None if known.difficulty_told else known.difficulty.spread
    sizes = (answers.workers, pools * classes, answers.items)
    draws = _drawn(answers.worker, cell, answers.item, answers.right, sizes, (known.spread, difficulty), known)
    mean = draws.ability.reshape(len(draws.ability), pools, classes) @ mix
    return mean.mean(axis=0), mean.std(axis=0)


def _spreads(answers: Answers, of_row: Ints, people: Ints, count: Ints, known: Known) -> Together | None:
    """Logarithms of the spread of skill in each pool, drawn together."""
    if known.spread is not None:
        return None
    value, error = np.zeros(len(people)), np.full(len(people), math.inf)
    for j in np.flatnonzero((people >= LEAST_WORKERS) & (count >= LEAST_ANSWERS * people)):
        mine = of_row == j
        worker, item = (np.unique(one[mine], return_inverse=True)[1] for one in (answers.worker, answers.item))
        true = answers.true[answers.item[mine]] if known.by_class else np.zeros(len(worker), np.int64)
        true = np.unique(true, return_inverse=True)[1]
        sizes = (int(worker.max()) + 1, int(true.max()) + 1, int(item.max()) + 1)
        fixed = (None, known.difficulty.spread)
        draws = _drawn(worker, true, item, answers.right[mine], sizes, fixed, known)
        low, value[j], high = np.log(np.quantile(draws.spreads[:, 0], [0.16, 0.5, 0.84]))
        error[j] = (high - low) / 2
    return together(value, error, SPREADS)


def _drawn(
    worker: Ints,
    true: Ints,
    item: Ints,
    right: Ints,
    sizes: tuple[int, int, int],
    fixed: tuple[float | None, float | None],
    known: Known,
) -> Draws:
    return sample(
        worker.astype(np.int64),
        true.astype(np.int64),
        item.astype(np.int64),
        right,
        sizes,
        fixed=(fixed[0], 0.0, fixed[1]),
        hard=known.difficulty,
        sweeps=int(np.clip(WORK // len(right), LEAST, SWEEPS)),
        kept=1,
    )
