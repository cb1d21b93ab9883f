"""Measures of the share of equal pairs: by itself, and against what chance would give."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .counts import Floats, Units, weighted
from .estimate import Estimate, Ratio, estimated, undefined
from .sums import fleiss_kappa

NO_PAIR = "no item has two labels to compare"
ONE_LABEL = "only one label was ever given, so that chance alone agrees always"


def percent(units: Units, level: float = 0.95) -> Estimate:
    """Mean over units of the share of pairs of labels that are equal; `pairwise` with its interval."""
    one = units.comparable
    if not len(one.many):
        return undefined(NO_PAIR, level)
    found = _against(one.shares, 0.0, np.zeros(len(one.many)))
    return estimated(found, len(one.many), int(one.many.sum()), level, 0.0)


def fleiss(units: Units, level: float = 0.95) -> Estimate:
    """Fleiss' kappa; not defined unless all units have the same number of labels, two or more.

    Source: see `fleiss_kappa`, which is its value.
    """
    many, counts = units.many, units.counts
    if not len(many) or int(many.max()) < 2:
        return undefined(NO_PAIR, level)
    if int(many.min()) != int(many.max()):
        why = f"items have {many.min()} to {many.max()} labels; Fleiss' kappa needs as many on each: see alpha"
        return undefined(why, level)
    if counts.shape[1] == 1:
        return undefined(ONE_LABEL, level, len(many), int(many.sum()))
    p = units.totals / units.totals.sum()
    chance = float(p @ p)
    moves = 2 * (weighted(counts, p) - many * chance) / many.sum()
    found = _against(units.shares, chance, moves)
    ratio = max(1 - fleiss_kappa(counts), 0.0)
    return estimated(Ratio(ratio, found.moves, found.worst), len(many), int(many.sum()), level)


def gwet(units: Units, level: float = 0.95) -> Estimate:
    """Gwet's AC1: like kappa, but chance is that of guesses on items too hard to tell, and stays low where one label
    is very common.

    Units with one label count for how common labels are.  Of categories there are as many as labels were given.
    Source: Gwet, Computing inter-rater reliability and its variance in the presence of high agreement, British Journal
    of Mathematical and Statistical Psychology 61 (2008) 29-48; Handbook of Inter-Rater Reliability, 4th ed. 2014, for
    missing labels.
    """
    compared, many, q = units.compared, units.many, units.counts.shape[1]
    pairs = int(compared.sum())
    if not pairs:
        return undefined(NO_PAIR, level)
    if q == 1:
        return undefined(ONE_LABEL, level, pairs, int(many[compared].sum()))
    pi = (1 / many) @ units.counts / len(many)
    chance = float(pi @ (1 - pi)) / (q - 1)
    moves = (weighted(units.counts, 1 - 2 * pi) / many - float(pi @ (1 - 2 * pi))) / len(many) / (q - 1)
    found = _against(units.shares, chance, moves, compared)
    return estimated(found, pairs, int(many[compared].sum()), level)


def _against(shares: Floats, chance: float, moves: Floats, compared: NDArray[np.bool_] | None = None) -> Ratio:
    """(1 - mean share) / (1 - chance).

    shares: of equal pairs, by unit; the mean is over the units that are `compared`, by default all.
    moves: the derivative of `chance` by the weight of each unit.
    """
    here = np.ones(len(shares), np.bool_) if compared is None else compared
    mean = float(shares[here].mean())
    share_moves = np.where(here, shares - mean, 0.0) / here.sum()
    ratio = max(1 - mean, 0.0) / (1 - chance)
    return Ratio(ratio, (ratio * moves - share_moves) / (1 - chance), 1 / (1 - chance))
