"""How right workers are: skill and its spread, and the spread of difficulty, from test questions."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .fit import Assumption, Parameter
from .workers.chain import Floats, Ints, sample

ENOUGH = 100
"""Test questions below which intervals are widened: so few may not be like the work."""

ASSUMED_SKILL_SD = 0.4
ASSUMED_DIFFICULTY_SD = 0.8
"""Middle of the ranges met in public sets (.06-.69 and 0.4-2.0 logits), for data that cannot tell."""


@dataclass(frozen=True, eq=False)
class Skill:
    """parameters and assumptions of skill and difficulty, in the scenario's words; both empty without test questions.

    workers: worker (text), gold, correct; one row a worker who judged test questions."""

    parameters: tuple[Parameter, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[str, ...] = ()
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
    worker, item = (pd.factorize(known[name])[0].astype(np.int64) for name in ("worker", "item"))
    correct = known["correct"].to_numpy(dtype=np.int64)
    rows, workers, items = len(known), int(worker.max()) + 1, int(item.max()) + 1
    tell_skill = workers >= 2 and rows / workers >= 2
    tell_difficulty = items >= 2 and rows / items >= 2
    draws = posterior(
        worker,
        item,
        correct,
        skill_sd=None if tell_skill else ASSUMED_SKILL_SD,
        difficulty_sd=None if tell_difficulty else ASSUMED_DIFFICULTY_SD,
    )
    widen = min(2.0, math.sqrt(ENOUGH / min(rows, items))) if min(rows, items) < ENOUGH else 1.0
    middle = np.quantile(draws, [0.025, 0.5, 0.975], axis=0)
    share = correct.mean()
    notes = [
        f"{rows} judgements of {items} test questions by {workers} workers; {share:.1%} are right. "
        "Test questions are chosen by hand; the work itself may be easier or harder."
    ]
    if widen > 1:
        notes.append(
            f"Accuracy rests on fewer than {ENOUGH} test questions ({items} questions, {rows} judgements): "
            f"its intervals are widened {widen:.2f} times."
        )
    paths = (f"pools.{pool}.skill.mean", f"pools.{pool}.skill.spread", f"work.{segment}.difficulty.spread")
    counts, told = (rows, workers, items), (True, tell_skill, tell_difficulty)
    method = "Rasch model with crossed worker and item effects, posterior median and quantiles"
    method += f", interval widened {widen:.2f} times" if widen > 1 else ""
    fitted, assumed = [], []
    for k, path in enumerate(paths):
        low, value, high = (float(one) for one in middle[:, k])
        if not told[k]:
            who = "worker judged" if k == 1 else "question was judged by"
            why = f"each {who} fewer than two test {'questions' if k == 1 else 'workers'} on average"
            assumed.append(Assumption(path, value, why.replace("two test workers", "two workers")))
            continue
        low, high = value - widen * (value - low), value + widen * (high - value)
        fitted.append(Parameter(path, value, max(low, 0.0) if k else low, high, counts[k], method, "logit"))
    frame = pd.DataFrame({"worker": known["worker"].to_numpy(), "correct": correct})
    table = frame.groupby("worker")["correct"].agg(gold="size", correct="sum").reset_index()
    return Skill(tuple(fitted), tuple(assumed), tuple(notes), table)


def posterior(
    worker: Ints, item: Ints, correct: Ints, *, skill_sd: float | None, difficulty_sd: float | None, sweeps: int = 3000
) -> Floats:
    """float64[draws, 3]: mean skill, its spread and that of difficulty, of a model that knows no classes.

    worker, item: whole numbers from 0, each in use.  skill_sd, difficulty_sd: a fixed value, or None to estimate it.
    """
    sizes = (int(worker.max()) + 1, 1, int(item.max()) + 1)
    fixed = (skill_sd, 0.0, difficulty_sd)
    draws = sample(worker, np.zeros_like(item), item, correct, sizes, fixed, sweeps=sweeps, kept=1)
    return np.column_stack([draws.ability[:, 0], draws.spreads[:, 0], draws.spreads[:, 2]])
