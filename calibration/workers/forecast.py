"""What rules of consensus deliver, forecast from a fitted model with the uncertainty of its parameters."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...sim.estimates.consensus import Lead, Majority
from ...sim.statistics import wilson
from .chain import Draws
from .difficulty import Difficulty
from .labelled import Labelled
from .model import LabelModel, donors
from .rasch import fit_rasch
from .rules import FIXED, SEQUENTIAL, Design, Outcome, designed, outcomes
from .subsets import majority_accuracy
from .wrong import Wrong

Floats = npt.NDArray[np.float64]

ITEMS = 10_000
"""Items on which rules are tried, for each draw of the parameters."""

USUAL_SPREAD = 0.5
"""Of the logarithm of attractors met in public sets."""

INDEPENDENT = 1e6
"""An attractor as good as none."""


@dataclass(frozen=True)
class Forecast:
    """What a rule delivers.

    accuracy, low..high: share of items with the right label, with its 95% interval (of the model's parameters).
    labels: an item, on average.  independent: the accuracy, were errors independent.  observed: the same of all subsets
    of the labels at hand, of `items` items; None for a rule in turns, or where too few items have so many labels.
    """

    rule: Majority | Lead
    accuracy: float
    low: float
    high: float
    labels: float
    independent: float
    observed: float | None
    items: int


def forecasts(
    data: Labelled, judged: Labelled, model: LabelModel, draws: Draws, widened: float
) -> tuple[tuple[Forecast, ...], list[str]]:
    """(what each rule delivers, what a reader should know of it), on items mixed like those of known truth, labelled by
    the workers of `data` in proportion to what each has done.

    judged: the part of `data` that `model` and `draws` were fitted to.  widened: how many times intervals are; then
    they also reach as far as a Wilson interval of so few items, because hard items may be missing among them.
    """
    rules: Sequence[Majority | Lead] = [*FIXED, *SEQUENTIAL]
    workload = np.bincount(data.worker, minlength=len(data.workers))
    place = {name: k for k, name in enumerate(model.workers)}
    stands = np.array([place.get(name, -1) for name in data.workers], np.int64)
    unknown = np.flatnonzero(stands < 0)
    stands[unknown] = donors(model.workload, workload[unknown], np.random.default_rng(2))
    attractors = _attractors(model.wrong, len(draws.able), np.random.default_rng(5))
    most = max(rule.labels for rule in FIXED)

    def tried(draw: int, design: Design, luck: np.random.Generator) -> Outcome:
        able = draws.able[draw].astype(np.float64)[stands]
        shape = model.wrong.share * attractors[draw]
        return outcomes(rules, design, able, draws.difficulty(draw), shape, luck)

    design = designed(model.mix, workload, ITEMS, most, np.random.default_rng(3))
    found = [tried(draw, design, np.random.default_rng(4)) for draw in range(len(draws.able))]
    right = np.array([one.right for one in found])
    right += _other_luck(right, lambda draw, luck: tried(draw, designed(model.mix, workload, ITEMS, most, luck), luck))
    labels = np.mean([one.asked for one in found], axis=0)
    alone = fit_rasch(judged, independent=True)
    able = (alone.ability + alone.skill[:, None] + alone.leaning)[stands]
    shape = model.wrong.share * INDEPENDENT
    many = designed(model.mix, workload, 20 * ITEMS, most, np.random.default_rng(3))
    apart = outcomes(rules, many, able, Difficulty(0.0), shape, np.random.default_rng(4))
    observed, items = majority_accuracy(judged, most)
    told = []
    for r, rule in enumerate(rules):
        if math.isnan(right[0, r]):
            continue
        mean = float(right[:, r].mean())
        low, high = (mean + widened * (float(end) - mean) for end in np.quantile(right[:, r], (0.025, 0.975)))
        if widened > 1:
            least, greatest = wilson(round(mean * len(judged.items)), len(judged.items))
            low, high = min(low, least), max(high, greatest)
        seen = (
            rule.labels - 1 if isinstance(rule, Majority) and items[rule.labels - 1] >= len(judged.items) / 2 else None
        )
        told.append(
            Forecast(
                rule=rule,
                accuracy=mean,
                low=max(low, 0.0),
                high=min(high, 1.0),
                labels=float(labels[r]),
                independent=float(apart.right[r]),
                observed=None if seen is None else float(observed[seen]),
                items=0 if seen is None else int(items[seen]),
            )
        )
    notes = []
    if len(told) < len(rules):
        notes.append(f"Rules that need more than {len(data.workers)} workers are left out: nobody else is there.")
    if len(unknown):
        notes.append(
            f"{len(unknown)} of {len(data.workers)} workers labelled no item of known truth; the forecast takes each "
            "to be like one who did, of like workload."
        )
    return tuple(told), notes


AFRESH = 10
"""Of so many draws one is tried again with luck of its own."""


def _other_luck(right: Floats, tried: Callable[[int, np.random.Generator], Outcome]) -> Floats:
    """float64[rules]: by how much the mean is off because all draws share the luck of one design, from draws that are
    tried again on designs of their own. right: float64[draws, rules]."""
    again = range(0, len(right), AFRESH)
    off: Floats = np.mean([tried(draw, np.random.default_rng((6, draw))).right - right[draw] for draw in again], axis=0)
    return off


def _attractors(wrong: Wrong, many: int, luck: np.random.Generator) -> Floats:
    """float64[many]: attractors as likely as data make them, log-normal to each side of the best; around the usual one
    with USUAL_SPREAD where data tell none."""
    z = luck.standard_normal(many)
    if wrong.low is None or wrong.high is None:
        return wrong.attractor * np.exp(USUAL_SPREAD * z)
    down, up = (math.log(end / wrong.attractor) / 1.96 for end in (wrong.low, wrong.high))
    return wrong.attractor * np.exp(np.where(z < 0, -down, up) * z)
