"""Answers to test questions as the label model takes them, and its draws: by class, and with hard items, where told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from .workers.chain import Draws, Floats, Ints, sample
from .workers.difficulty import Difficulty
from .workers.labelled import Labelled
from .workers.quality import LEAST, MOST_LABELS, WORK
from .workers.rasch import fit_rasch

SWEEPS = 3000

CLASS_ITEMS = 10
"""Test questions that a class needs to have an effect of its own; smaller ones are taken together."""

SURE = 0.99
"""Confidence with which classes must differ before a profile says so."""


@dataclass(frozen=True, eq=False)
class Answers:
    """worker, item, right: int64[rows], by item and worker; right is 0 or 1.  true: int64[items], the class of each in
    `classes`, the last number for all of small or unknown classes.  workers, items: how many.  classes: names of those
    that stand alone.  sampled: questions there were more of, which lots drew these from; 0 where these are all.
    names: of the workers."""

    worker: Ints
    item: Ints
    right: Ints
    true: Ints
    workers: int
    classes: tuple[str, ...]
    sampled: int = 0
    names: tuple[str, ...] = ()

    @property
    def items(self) -> int:
        """How many test questions."""
        return len(self.true)

    @property
    def groups(self) -> int:
        """Classes that the model tells apart: those that stand alone, and the others together if there are any."""
        return int(self.true.max()) + 1

    def labelled(self, by_class: bool) -> Labelled:
        """For the model's fit; of a wrong label only that it is wrong. by_class: False for one class of all."""
        groups = self.groups if by_class else 1
        true = self.true if by_class else np.zeros_like(self.true)
        start = np.concatenate([[0], np.cumsum(np.bincount(self.item, minlength=self.items))])
        return Labelled(
            worker=self.worker,
            label=np.where(self.right == 1, true[self.item], groups).astype(np.int64),
            start=start.astype(np.int64),
            truth=true,
            workers=tuple(map(str, range(self.workers))),
            items=tuple(map(str, range(self.items))),
            classes=tuple(map(str, range(groups + 1))),
        )


def answers_of(known: pd.DataFrame) -> Answers:
    """Of judgements that count and are known to be right or wrong. Of very many, questions drawn by lot."""
    worker, item = (pd.factorize(known[name])[0].astype(np.int64) for name in ("worker", "item"))
    right = known["correct"].to_numpy(dtype=np.int64)
    sampled = 0
    if len(known) > MOST_LABELS:
        sampled = int(item.max()) + 1
        order = np.random.default_rng(1).permutation(sampled)
        kept = np.zeros(sampled, bool)
        kept[order[np.cumsum(np.bincount(item)[order]) <= MOST_LABELS]] = True
        known = known[kept[item]]
        right = right[kept[item]]
        worker, item = (pd.factorize(known[name])[0].astype(np.int64) for name in ("worker", "item"))
    gold = known["gold"].to_numpy(object) if "gold" in known else np.full(len(known), None, object)
    true, classes = _classes(item, gold)
    order = np.lexsort((worker, item))
    names = tuple(str(one) for one in known["worker"].unique())
    return Answers(worker[order], item[order], right[order], true, int(worker.max()) + 1, classes, sampled, names)


def _classes(item: Ints, gold: npt.NDArray[np.object_]) -> tuple[Ints, tuple[str, ...]]:
    """(class of each question, names of those that stand alone, in the order of the alphabet)."""
    first = np.unique(item, return_index=True)[1]
    names = pd.Series(gold[first], dtype="object")
    counts = names.value_counts()
    alone = tuple(sorted(str(one) for one in counts.index[counts >= CLASS_ITEMS]))
    place = {name: k for k, name in enumerate(alone)}
    true = names.map(lambda one: place.get(one, len(alone))).to_numpy(np.int64)
    return true, alone


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of the model's parameters.

    mean: float64[draws], skill averaged over the questions' classes.  spread: of a worker's skill so averaged.
    difficulty: float64[draws].  effects: float64[draws, classes] of those that stand alone, less the mean; None where
    classes do not differ surely, which are then one.  hard: float64[draws, 3], share, harder, spread; None where none
    are told.
    """

    mean: Floats
    spread: Floats
    difficulty: Floats
    effects: Floats | None
    hard: Floats | None


def posterior_of(answers: Answers, skill_sd: float | None, difficulty_sd: float | None) -> Posterior:
    """skill_sd, difficulty_sd: a fixed value, or None to estimate it. Hard items are looked for in the latter case."""
    by_class = answers.workers > 1 and _differ(answers)
    draws = _draws(answers, by_class, skill_sd, difficulty_sd)
    hard = draws.hard if draws.hard[0, 0] > 0 else None
    if not by_class:
        return Posterior(draws.ability[:, 0], draws.spreads[:, 0], draws.spreads[:, 2], None, hard)
    mix = np.bincount(answers.true, minlength=answers.groups) / answers.items
    mean = draws.ability @ mix
    # Workers lean to classes; what that does to their skill over the mix is part of its spread.
    spread = np.sqrt(draws.spreads[:, 0] ** 2 + draws.spreads[:, 1] ** 2 * float((mix**2).sum()))
    effects = (draws.ability - mean[:, None])[:, : len(answers.classes)]
    return Posterior(mean, spread, draws.spreads[:, 2], effects, hard)


def _differ(answers: Answers) -> bool:
    """Whether classes surely differ in how often labels are right: F test of the share of each question. Never where
    fewer than two classes stand alone."""
    if len(answers.classes) < 2:
        return False
    share = np.bincount(answers.item, answers.right) / np.bincount(answers.item)
    groups = [share[answers.true == k] for k in range(answers.groups)]
    groups = [one for one in groups if len(one) > 1]
    if len(groups) < 2 or np.ptp(np.concatenate(groups)) == 0:
        return False
    spread = max(float(one.var()) for one in groups)
    return spread == 0 or float(stats.f_oneway(*groups).pvalue) < 1 - SURE


def _draws(answers: Answers, by_class: bool, skill_sd: float | None, difficulty_sd: float | None) -> Draws:
    hard = Difficulty(0.0)
    if difficulty_sd is None:
        hard = fit_rasch(answers.labelled(by_class)).difficulty
    draws = _drawn(answers, by_class, skill_sd, difficulty_sd, hard)
    if hard.hard > 0 and float(np.quantile(draws.hard[:, 1], UNSURE)) <= 0:
        return _drawn(answers, by_class, skill_sd, difficulty_sd, Difficulty(0.0))
    return draws


UNSURE = 0.025
"""Quantile of how much harder the hard items are that must be above 0: else they may be none."""


def _drawn(
    answers: Answers, by_class: bool, skill_sd: float | None, difficulty_sd: float | None, hard: Difficulty
) -> Draws:
    groups = answers.groups if by_class else 1
    true = answers.true[answers.item] if by_class else np.zeros_like(answers.item)
    return sample(
        answers.worker,
        true,
        answers.item,
        answers.right,
        (answers.workers, groups, answers.items),
        fixed=(skill_sd, None if groups > 1 else 0.0, difficulty_sd),
        hard=hard,
        sweeps=int(np.clip(WORK // len(answers.right), LEAST, SWEEPS)),
        kept=1,
    )
