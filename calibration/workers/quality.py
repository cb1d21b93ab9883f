"""All that labels say of their quality: agreement, and with known truths workers, confusions and what rules deliver."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...sim.agreement import Agreement, agreement
from .chain import Draws, sample
from .changes import Change, changes
from .difficulty import Difficulty
from .forecast import Forecast, forecasts
from .labelled import Labelled
from .model import LabelModel, fit_model
from .pockets import Pocket, pockets
from .subsets import error_correlation

Floats = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]

ENOUGH = 100
"""Items of known truth below which intervals are widened: so few may not be like the work."""

MOST_LABELS = 30_000
"""Labels of known truth that intervals are drawn from; of more, items are drawn by lot, and intervals are wider than
all labels would make them."""

WORK = 20_000_000
"""Labels times sweeps of the chain, some ten seconds; LEAST to MOST sweeps."""

LEAST, MOST = 1250, 4000


@dataclass(frozen=True)
class Number:
    """A fitted number with its 95% interval, None where the data allow none.  n: what it rests on, as `of` says."""

    name: str
    value: float
    low: float | None
    high: float | None
    n: int
    of: str


@dataclass(frozen=True, eq=False)
class Accuracy:
    """What known truths tell.

    numbers: of the model.  workers: worker, labels, judged (of known truth), right, accuracy, low, high; the accuracy
    is that on items mixed like those of known truth, NaN for workers who judged none.  confusion: int64[C, C], labels
    by true class.  forecasts: by rule.  correlation: of errors, NaN where it is not defined.  changes: of workers; None
    where no times are known.  widened: by what factor intervals are wider than the model makes them.
    """

    model: LabelModel
    numbers: tuple[Number, ...]
    workers: pd.DataFrame
    confusion: npt.NDArray[np.int64]
    forecasts: tuple[Forecast, ...]
    correlation: float
    changes: tuple[Change, ...] | None
    widened: float


@dataclass(frozen=True, eq=False)
class Quality:
    """agreement, pockets: of all labels.  accuracy: None without a known truth.  notes: what a reader should know."""

    data: Labelled
    agreement: Agreement
    pockets: tuple[Pocket, ...]
    accuracy: Accuracy | None
    notes: tuple[str, ...]


def quality(data: Labelled, progress: Progress | None = None) -> Quality:
    """What labels say of their quality. The same labels give the same numbers. progress: told of steps, of how many."""

    def done(steps: int) -> None:
        if progress is not None:
            progress(steps, 4)

    values = pd.to_numeric(pd.Series(data.classes, dtype="object"), errors="coerce")
    scale = values.to_numpy(np.float64) if values.notna().all() and values.nunique() == len(values) else None
    agreed = agreement(data.item, data.label, data.worker, values=scale)
    found = tuple(pockets(data))
    done(1)
    if not (data.truth >= 0).any():
        note = (
            "No item has a known truth, so accuracy is not told: wrong labels agree as well, and models tried without "
            "truths promised 7 to 9 points too much. A hundred items of known truth are enough to start."
        )
        done(4)
        return Quality(data, agreed, found, None, (note,))
    accuracy, notes = _accuracy(data, done)
    return Quality(data, agreed, found, accuracy, tuple(notes))


def _accuracy(data: Labelled, done: Callable[[int], None]) -> tuple[Accuracy, list[str]]:
    judged = data.judged()
    model = fit_model(data)
    done(2)
    draws, notes = _draws(judged, model.rasch.difficulty)
    widened = min(2.0, math.sqrt(ENOUGH / len(judged.items))) if len(judged.items) < ENOUGH else 1.0
    if widened > 1:
        notes.append(
            f"Accuracy rests on fewer than {ENOUGH} items of known truth ({len(judged.items)}): "
            f"intervals are widened {widened:.2f} times, and to what hard items may be missing among so few."
        )
    done(3)
    told, more = forecasts(data, judged, model, draws, widened)
    confusion = np.zeros((len(data.classes), len(data.classes)), np.int64)
    np.add.at(confusion, (judged.truth[judged.item], judged.label), 1)
    done(4)
    accuracy = Accuracy(
        model=model,
        numbers=_numbers(model, judged, draws, widened),
        workers=_workers(data, judged, model, draws, widened),
        confusion=confusion,
        forecasts=told,
        correlation=error_correlation(judged),
        changes=None if judged.at is None else tuple(changes(judged, _expected(judged, model))),
        widened=widened,
    )
    return accuracy, [*notes, *more]


def _draws(judged: Labelled, difficulty: Difficulty) -> tuple[Draws, list[str]]:
    """Draws of the model's parameters, from MOST_LABELS labels at most; workers left out by that have wide ones.
    difficulty: of the model's fit; draws know of hard items where it does."""
    notes = []
    kept = np.ones(len(judged.items), np.bool_)
    if len(judged.label) > MOST_LABELS:
        order = np.random.default_rng(1).permutation(len(judged.items))
        kept[order[np.cumsum(np.diff(judged.start)[order]) > MOST_LABELS]] = False
        notes.append(
            f"Intervals are drawn from {int(kept.sum())} of {len(judged.items)} items of known truth, and are wider "
            "than all of them would make them."
        )
    rows = kept[judged.item]
    item = np.unique(judged.item[rows], return_inverse=True)[1].astype(np.int64)
    true = judged.truth[judged.item][rows]
    tell = [
        len(judged.workers) > 1,
        len(judged.workers) > 1 and len(judged.classes) > 1,
        bool(np.any(np.diff(judged.start) > 1)),
    ]
    skill, leaning = None if tell[0] else 0.4, None if tell[1] else 0.4 if len(judged.classes) > 1 else 0.0
    return sample(
        judged.worker[rows],
        true,
        item,
        (judged.label[rows] == true).astype(np.int64),
        (len(judged.workers), len(judged.classes), int(kept.sum())),
        fixed=(skill, leaning, None if tell[2] else 0.8),
        hard=difficulty,
        sweeps=int(np.clip(WORK // int(rows.sum()), LEAST, MOST)),
    ), notes


def _numbers(model: LabelModel, judged: Labelled, draws: Draws, widened: float) -> tuple[Number, ...]:
    """The model's parameters. Ability at a class: the logit of a typical worker at an item of typical difficulty."""

    def number(name: str, values: Floats, n: int, of: str, least: float = -math.inf) -> Number:
        low, value, high = (float(one) for one in np.quantile(values, (0.025, 0.5, 0.975)))
        return Number(name, value, max(least, value - widened * (value - low)), value + widened * (high - value), n, of)

    counts = np.bincount(judged.truth, minlength=len(judged.classes))
    spreads = ("skill spread", len(judged.workers), "workers"), ("leaning spread", len(judged.workers), "workers")
    found = [
        number(f"ability at {name}", draws.ability[:, c], int(counts[c]), "items of this class")
        for c, name in enumerate(judged.classes)
        if counts[c]
    ]
    for k, (name, n, of) in enumerate((*spreads, ("difficulty spread", len(judged.items), "items"))):
        fixed = bool((draws.spreads[:, k] == draws.spreads[0, k]).all())
        value = float(draws.spreads[0, k])
        if k == 1 and len(judged.classes) == 1:
            continue  # there is nothing to lean to
        found.append(
            Number(name, value, None, None, n, f"{of}; assumed, the data cannot tell")
            if fixed
            else number(name, draws.spreads[:, k], n, of, 0.0)
        )
    if draws.hard[0, 0] > 0:
        names = ("share of hard items", 0.0), ("how much harder they are", -math.inf), ("spread among them", 0.0)
        for k, (name, least) in enumerate(names):
            found.append(number(name, draws.hard[:, k], len(judged.items), "items", least))
    wrong = model.wrong
    if len(judged.classes) > 2:
        of = "items with two wrong labels or more"
        of += "" if wrong.low is not None else "; assumed, too few to tell"
        found.append(Number("attractor of wrong labels", wrong.attractor, wrong.low, wrong.high, wrong.crowded, of))
    return tuple(found)


def _workers(data: Labelled, judged: Labelled, model: LabelModel, draws: Draws, widened: float) -> pd.DataFrame:
    workload = np.bincount(data.worker, minlength=len(data.workers))
    known = {name: k for k, name in enumerate(judged.workers)}
    asked = np.bincount(judged.worker, minlength=len(judged.workers))
    right = np.bincount(judged.worker, judged.label == judged.truth[judged.item], len(judged.workers)).astype(np.int64)
    chance = np.zeros((len(draws.able), len(judged.workers)))
    for d, able in enumerate(draws.able):
        chance[d] = draws.difficulty(d).chance(able.astype(np.float64)) @ model.mix
    mean = chance.mean(axis=0)
    low, high = (mean + widened * (end - mean) for end in np.quantile(chance, (0.025, 0.975), axis=0))
    rows = []
    for w, name in enumerate(data.workers):
        k = known.get(name)
        told = (0, 0, math.nan, math.nan, math.nan)
        if k is not None:
            told = (int(asked[k]), int(right[k]), float(mean[k]), max(0.0, float(low[k])), min(1.0, float(high[k])))
        rows.append((name, int(workload[w]), *told))
    frame = pd.DataFrame(rows, columns=["worker", "labels", "judged", "right", "accuracy", "low", "high"])
    return frame.sort_values(["labels", "worker"], ascending=[False, True], ignore_index=True)


def _expected(judged: Labelled, model: LabelModel) -> Floats:
    """float64[rows]: each label's chance of being right, given the other labels of its item only through the model."""
    rasch, true = model.rasch, judged.truth[judged.item]
    logit = rasch.ability[true] + rasch.skill[judged.worker] + rasch.leaning[judged.worker, true]
    return rasch.difficulty.chance(logit)
