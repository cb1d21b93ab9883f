"""The mix of classes and how wrong labels gather, from test questions where there are any."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, special, stats

from .fit import Parameter

CROWDED = 30
"""Test questions with two wrong labels or more that a fit of the attractor needs."""


@dataclass(frozen=True)
class Mix:
    """shares: of each class in alphabetical order, summing to one; empty when labels are not modelled."""

    shares: dict[str, float]
    parameters: tuple[Parameter, ...]
    notes: tuple[str, ...]


def fit_mix(judgements: pd.DataFrame, segment: str) -> Mix:
    """Shares of the true classes of test questions; without any, of the majority labels of items (ties left out)."""
    labelled = judgements[judgements["counts"] & judgements["label"].notna()]
    majority = majorities(labelled)
    golds = judgements[judgements["golden"] & judgements["gold"].notna()].drop_duplicates("item")
    if golds.empty and majority.empty:
        return Mix(
            {}, (), ("Labels are not modelled: the profile gives no classes, and a scenario must name its own.",)
        )
    notes = []
    if golds.empty:
        truths, method = majority, "share of majority labels: no test question has a known truth"
        notes.append("The mix of classes is that of majority labels, errors included, as no truth is known.")
    else:
        truths, method = golds.set_index("item")["gold"], "share of test questions"
        notes.extend(_unlike(truths, majority))
    counts = truths.value_counts()
    names = sorted(set(counts.index) | set(labelled["label"].unique()))
    total = int(counts.sum())
    shares = {str(name): int(counts.get(name, 0)) / total for name in names}
    parameters = tuple(
        Parameter(f"work.{segment}.classes.{name}", share, *_wilson(share, total), total, f"{method}; Wilson interval")
        for name, share in shares.items()
    )
    return Mix(shares, parameters, tuple(notes))


def majorities(labelled: pd.DataFrame) -> pd.Series[str]:
    """The most frequent label of each item, by item; items whose labels tie are left out."""
    votes = labelled.groupby(["item", "label"]).size().rename("votes").reset_index()
    votes = votes.sort_values(["item", "votes"], ascending=[True, False])
    best = votes.drop_duplicates("item")
    tied = votes.groupby("item")["votes"].transform("max") == votes["votes"]
    alone = tied.groupby(votes["item"]).sum() == 1
    return best.set_index("item")["label"][lambda one: alone.reindex(one.index).to_numpy()]


def _unlike(truths: pd.Series[str], majority: pd.Series[str]) -> list[str]:
    rest = majority[~majority.index.isin(truths.index)]
    if len(rest) < 30:
        return []
    gap = truths.value_counts(normalize=True).sub(rest.value_counts(normalize=True), fill_value=0.0)
    name = str(gap.abs().idxmax())
    if abs(gap[name]) < 0.1:
        return []
    return [
        f"Test questions are not mixed like the work: {name!r} is {(truths == name).mean():.0%} of them and "
        f"{(rest == name).mean():.0%} of the majority labels of other items. The profile has the test questions' mix; "
        "write `classes:` in the scenario to use another."
    ]


def _wilson(share: float, n: int) -> tuple[float, float]:
    z = float(stats.norm.ppf(0.975))
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def fit_attractor(judgements: pd.DataFrame, classes: int, segment: str) -> Parameter | None:
    """kappa of the Dirichlet by which wrong labels of one item gather, against all other classes alike.

    None with fewer than three classes, or too few test questions with two wrong labels.
    Dirichlet-multinomial maximum likelihood over test questions, profile interval; kappa at most 100.
    """
    wrong = judgements[judgements["counts"] & judgements["gold"].notna() & judgements["label"].notna()]
    wrong = wrong[(wrong["correct"] == False).fillna(False)]  # noqa: E712
    table = pd.crosstab(wrong["item"], wrong["label"]).to_numpy()
    table = table[table.sum(axis=1) >= 2] if len(table) else table
    if classes < 3 or len(table) < CROWDED:
        return None

    def minus(log_kappa: float) -> float:
        return -_log_likelihood(table, math.exp(log_kappa), classes - 1)

    ends = (math.log(0.02), math.log(100.0))
    best = optimize.minimize_scalar(minus, bounds=ends, method="bounded")
    top = float(best.fun) + float(stats.chi2.ppf(0.95, 1)) / 2
    low, high = (
        end if minus(end) < top else float(optimize.brentq(lambda x: minus(x) - top, best.x, end)) for end in ends
    )
    method = "Dirichlet-multinomial ML of the wrong labels of test questions that have two or more"
    return Parameter(
        f"work.{segment}.difficulty.attractor", math.exp(best.x), math.exp(low), math.exp(high), len(table), method
    )


def _log_likelihood(table: npt.NDArray[np.int64], kappa: float, others: int) -> float:
    """Of counts of wrong labels, one row an item, `others` classes being alike before the item is known."""
    each = kappa / others
    total = table.sum(axis=1)
    value = special.gammaln(kappa) - special.gammaln(kappa + total)
    value += (special.gammaln(each + table) - special.gammaln(each)).sum(axis=1)
    return float(value.sum())
