"""Which labels a contract counts, and up to which number each of its tiers goes, by pool and stretch of time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..line import Tier
from ..tables import Ints
from .stretches import Stretches
from .terms import Terms

UNBOUNDED = 2**63 - 1


class Prices(NamedTuple):
    """up_to: int64[pool, stretch, tier], the last number of a label that a tier prices. The last tier of a list has no
    end, even where the contract names one; where there are fewer tiers the rest repeat it. A pool that has no price
    per label in a stretch has 0 in it, and its labels are not on the account.
    counted: int64[pool, stretch, 2], 1 where a label is paid and takes a number; [.., 1]: where it is rework.
    number_matters: int64[pool], 1 where a pool has more than one tier in some stretch, so that it must be known which
    label is the n-th; elsewhere any number above zero says that a label is paid."""

    up_to: Ints
    counted: Ints
    number_matters: Ints


def prices(terms: Terms, stretches: Stretches, pools: Sequence[str]) -> Prices:
    """What the terms say of labels by the piece. A label takes the number that follows in its pool, in order of finish
    through all periods, so that a new price list goes on where the old one stood."""
    periods = terms.periods
    most = max((len(each.contract(pool).per_label) for each in periods for pool in pools), default=0)
    up_to = np.zeros((len(pools), len(periods), max(most, 1)), np.int64)
    counted = np.zeros((len(pools), len(periods), 2), np.int64)
    number_matters = np.zeros(len(pools), np.int64)
    for code, pool in enumerate(pools):
        for place, period in enumerate(periods):
            contract = period.contract(pool)
            tiers = contract.per_label
            if tiers:
                bounds = _bounds(tiers)
                up_to[code, place] = UNBOUNDED
                up_to[code, place, : len(bounds)] = bounds
                counted[code, place] = 1, contract.rework_paid
                number_matters[code] |= len(tiers) > 1
    # In one layout, so that what reads them is compiled once.
    there = np.ascontiguousarray(up_to[:, stretches.period]), np.ascontiguousarray(counted[:, stretches.period])
    return Prices(*there, number_matters)


def _bounds(tiers: Sequence[Tier]) -> list[int]:
    """The last label of each tier but the last."""
    bounds = [tier.up_to for tier in tiers[:-1]]
    assert None not in bounds, "only the last tier may have no bound"
    return [bound for bound in bounds if bound is not None]
