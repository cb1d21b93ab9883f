"""How right workers are: skill and its spread, and the spread of difficulty, from test questions."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .answers import Answers, Posterior, answers_of, posterior_of
from .fit import Assumption, Parameter, Together
from .together import of_draws
from .workers.chain import Floats

ENOUGH = 100
"""Test questions below which intervals are widened: so few may not be like the work."""

ASSUMED_SKILL_SD = 0.4
ASSUMED_DIFFICULTY_SD = 0.8
"""Middle of the ranges met in public sets (.06-.69 and 0.4-2.0 logits), for data that cannot tell."""


@dataclass(frozen=True, eq=False)
class Skill:
    """parameters and assumptions of skill and difficulty, in the scenario's words; both empty without test questions.
    together: how the parameters' errors hang together.

    workers: worker (text), gold, correct; one row a worker who judged test questions."""

    parameters: tuple[Parameter, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[str, ...] = ()
    together: tuple[Together, ...] = ()
    workers: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"worker": [], "gold": [], "correct": []}))


def fit_skill(judgements: pd.DataFrame, pool: str, segment: str) -> Skill:
    """Skill and difficulty from judgements whose correctness is known (`counts` and `correct` not null)."""
    known = judgements[judgements["counts"] & judgements["correct"].notna()]
    if known.empty:
        return Skill(
            notes=(
                "No judgement of a test question is known to be right or wrong, so nothing is fitted about accuracy: "
                "the profile holds no skill, and an accuracy forecast from it would be assumed, not fitted.",
            )
        )
    answers = answers_of(known)
    rows, workers, items = len(answers.right), answers.workers, answers.items
    tell_skill = workers >= 2 and rows / workers >= 2
    tell_difficulty = items >= 2 and rows / items >= 2
    told = posterior_of(
        answers,
        None if tell_skill else ASSUMED_SKILL_SD,
        None if tell_difficulty else ASSUMED_DIFFICULTY_SD,
    )
    widen = min(2.0, math.sqrt(ENOUGH / min(rows, items))) if min(rows, items) < ENOUGH else 1.0
    share = known["correct"].mean()
    notes = [
        f"{len(known)} judgements of {known['item'].nunique()} test questions by {known['worker'].nunique()} workers; "
        f"{share:.1%} are right. Test questions are chosen by hand; the work itself may be easier or harder."
    ]
    if answers.sampled:
        notes.append(f"Skill is fitted to {items} of {answers.sampled} test questions, drawn by lot.")
    if widen > 1:
        notes.append(
            f"Accuracy rests on fewer than {ENOUGH} test questions ({items} questions, {rows} judgements): "
            f"its intervals are widened {widen:.2f} times."
        )
    method = "Rasch model with crossed worker and item effects, posterior median and quantiles"
    method += f", interval widened {widen:.2f} times" if widen > 1 else ""
    numbers = Numbers(method, widen)
    paths = (f"pools.{pool}.skill.mean", f"pools.{pool}.skill.spread", f"work.{segment}.difficulty.spread")
    fitted = [numbers.of(paths[0], told.mean, rows)]
    assumed = []
    if tell_skill:
        fitted.append(numbers.of(paths[1], told.spread, workers, 0.0))
    else:
        why = "each worker judged fewer than two test questions on average"
        assumed.append(Assumption(paths[1], float(np.median(told.spread)), why))
    if tell_difficulty:
        fitted.append(numbers.of(paths[2], told.difficulty, items, 0.0))
    else:
        why = "each question was judged by fewer than two workers on average"
        assumed.append(Assumption(paths[2], float(np.median(told.difficulty)), why))
    more, said = _beyond(told, answers, numbers, pool, segment)
    frame = pd.DataFrame({"worker": known["worker"].to_numpy(), "correct": known["correct"].astype("int64").to_numpy()})
    table = frame.groupby("worker")["correct"].agg(gold="size", correct="sum").reset_index()
    both = tuple(of_draws(_draws_by_path(told, answers, paths, pool, segment)))
    return Skill((*fitted, *more), tuple(assumed), (*notes, *said), both, table)


def _draws_by_path(
    told: Posterior, answers: Answers, paths: tuple[str, str, str], pool: str, segment: str
) -> dict[str, Floats]:
    """float64[draws] of every parameter; paths: of mean, spread and difficulty."""
    draws = dict(zip(paths, (told.mean, told.spread, told.difficulty), strict=True))
    if told.effects is not None:
        draws |= {f"pools.{pool}.class_effects.{one}": told.effects[:, k] for k, one in enumerate(answers.classes)}
    if told.hard is not None:
        path = f"work.{segment}.difficulty.hard"
        draws |= {f"{path}.{one}": told.hard[:, k] for k, one in enumerate(("share", "harder", "spread"))}
    return draws


@dataclass(frozen=True)
class Numbers:
    """How draws become parameters. widen: how many times their intervals are."""

    method: str
    widen: float

    def of(self, path: str, draws: Floats, n: int, least: float = -math.inf, most: float = math.inf) -> Parameter:
        """The median of draws, in logits unless they are a share (of `most` 1)."""
        low, value, high = (float(one) for one in np.quantile(draws, [0.025, 0.5, 0.975]))
        low, high = value - self.widen * (value - low), value + self.widen * (high - value)
        unit = "share" if most == 1 else "logit"
        return Parameter(path, value, max(low, least), min(high, most), n, self.method, unit)


def _beyond(
    told: Posterior, answers: Answers, numbers: Numbers, pool: str, segment: str
) -> tuple[list[Parameter], list[str]]:
    """Effects of classes and hard items, where they are told, and what to say of them."""
    out, notes = [], []
    if told.effects is not None:
        counts = np.bincount(answers.true, minlength=answers.groups)
        out += [
            numbers.of(f"pools.{pool}.class_effects.{name}", told.effects[:, k], int(counts[k]))
            for k, name in enumerate(answers.classes)
        ]
        notes.append(
            "How often labels are right differs by class: skill is that at the test questions' mix of classes, and "
            "what workers differ in by class is part of the spread of skill."
        )
    elif len(answers.classes) > 1:
        notes.append("That some classes are harder than others cannot be told, so they are taken as alike.")
    if told.hard is not None:
        path, n = f"work.{segment}.difficulty.hard", answers.items
        out += [
            numbers.of(f"{path}.share", told.hard[:, 0], n, 0.0, 1.0),
            numbers.of(f"{path}.harder", told.hard[:, 1], n),
            numbers.of(f"{path}.spread", told.hard[:, 2], n, 0.0),
        ]
        notes.append(
            f"Some test questions are much harder than the rest ({np.median(told.hard[:, 0]):.1%} of them): skill is "
            "that at the others."
        )
    return out, notes
