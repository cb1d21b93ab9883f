"""Which labels a contract counts, and up to which number each of its tiers goes, by pool and stretch of time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..line import Contract, Tier, Unit
from ..tables import Ints
from .accounts import accounts
from .stretches import Stretches, span_of
from .terms import Terms

UNBOUNDED = 2**63 - 1

UNITS: tuple[Unit, ...] = ("label", "item", "object")


class Prices(NamedTuple):
    """up_to: int64[pool, stretch, tier], the last number of a label that a tier prices. The last tier of a list has no
    end, even where the contract names one; where there are fewer tiers the rest repeat it. A pool that has no price
    per label in a stretch has 0 in it, and its labels are not on the account. Where all of a period's labels have one
    price there is one tier here, and the invoice finds the price.
    counted: int64[pool, stretch, 2], 1 where a label is paid and takes a number; [.., 1]: where it is rework.
    number_matters: int64[pool], 1 where a pool has more than one tier in some stretch, so that it must be known which
    label is the n-th; elsewhere any number above zero says that a label is paid.
    account: int64[pool], the first pool of those that are counted together.  counting: int64[pool, stretch], which
    count a stretch belongs to, rising; labels are numbered anew in each.
    unit: int64[pool, stretch], place in UNITS of what is paid.  rush: int64[pool, stretch, class], rising, milliseconds
    from arrival to due date within which an item is of a class; -1 fills up, and who has more time is of the last."""

    up_to: Ints
    counted: Ints
    number_matters: Ints
    account: Ints
    counting: Ints
    unit: Ints
    rush: Ints


def prices(terms: Terms, stretches: Stretches, pools: Sequence[str]) -> Prices:
    """What the terms say of labels by the piece. A label takes the number that follows in its account, in order of
    finish; where a contract counts through all time, a new price list goes on where the old one stood."""
    periods = terms.periods
    listed = [[_listed(each.contract(pool)) for each in periods] for pool in pools]
    most = max((len(bounds) for of_pool in listed for bounds in of_pool), default=0)
    up_to = np.zeros((len(pools), len(periods), most + 1), np.int64)
    counted = np.zeros((len(pools), len(periods), 2), np.int64)
    number_matters = np.zeros(len(pools), np.int64)
    for code, pool in enumerate(pools):
        for place, (period, bounds) in enumerate(zip(periods, listed[code], strict=True)):
            if period.contract(pool).per_label:
                up_to[code, place] = UNBOUNDED
                up_to[code, place, : len(bounds)] = bounds
                counted[code, place] = 1, period.contract(pool).rework_paid
                number_matters[code] |= len(bounds) > 0
    # In one layout, so that what reads them is compiled once.
    there = np.ascontiguousarray(up_to[:, stretches.period]), np.ascontiguousarray(counted[:, stretches.period])
    account = np.arange(len(pools))
    for one in accounts(terms, pools):
        account[list(one.codes)] = one.codes[0]
        number_matters[list(one.codes)] = number_matters[list(one.codes)].max()
    unit, rush = _units(terms, pools), _rush(terms, pools)
    more = np.ascontiguousarray(unit[:, stretches.period]), np.ascontiguousarray(rush[:, stretches.period])
    return Prices(*there, number_matters, account, _counts(terms, stretches, pools), *more)


def _units(terms: Terms, pools: Sequence[str]) -> Ints:
    found = [[UNITS.index(period.contract(pool).unit) for period in terms.periods] for pool in pools]
    return np.array(found, np.int64).reshape(len(pools), len(terms.periods))


def _rush(terms: Terms, pools: Sequence[str]) -> Ints:
    listed = [[period.contract(pool).rush for period in terms.periods] for pool in pools]
    most = max((len(one) for of_pool in listed for one in of_pool), default=0)
    found = np.full((len(pools), len(terms.periods), most), -1, np.int64)
    for code, of_pool in enumerate(listed):
        for place, rush in enumerate(of_pool):
            found[code, place, : len(rush)] = [round(1000 * within) for within, _ in rush]
    return found


def _counts(terms: Terms, stretches: Stretches, pools: Sequence[str]) -> Ints:
    count = np.zeros((len(pools), len(stretches.month)), np.int64)
    for code, pool in enumerate(pools):
        spans = [
            span_of(stretches.names[month], terms.periods[period].contract(pool).count)
            for month, period in zip(stretches.month.tolist(), stretches.period.tolist(), strict=True)
        ]
        new = [number > 0 and span != spans[number - 1] for number, span in enumerate(spans)]
        count[code] = np.cumsum(new)
    return count


def _listed(contract: Contract) -> list[int]:
    """The last label of each tier but the last; of all tiers as one where the last label's prices all."""
    return [] if contract.all_units else _bounds(contract.per_label)


def _bounds(tiers: Sequence[Tier]) -> list[int]:
    bounds = [tier.up_to for tier in tiers[:-1]]
    assert None not in bounds, "only the last tier may have no bound"
    return [bound for bound in bounds if bound is not None]
