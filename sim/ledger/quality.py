"""What is billed more or less for how right and how punctual the labels of a period were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ..line import MICRO, Contract, Steps
from .accounts import Account
from .activities import BONUS, LATE_CREDIT, MALUS
from .bills import Bill, shared
from .labels import DATED, IN_TIME, KNOWN, RIGHT
from .spent import Spent
from .stretches import span_of
from .terms import Terms


def quality(used: Mapping[str, int], spent: Spent, terms: Terms, account: Account) -> list[Bill]:
    """A bill for each kind of quality and period, in its last month with labels: a bonus, or what is taken off.

    used: micro-units of the contract's currency by month, billed for use.  Steps are those with which the run begins.
    """
    contract, found = account.contracts[0], list[Bill]()
    for steps, judged, good, less in _kinds(contract):
        counts: dict[str, tuple[int, int]] = {}
        last: dict[str, str] = {}
        for month, name in enumerate(spent.stretches.names):
            mine = spent.quality[list(account.codes)][:, spent.stretches.month == month].sum(axis=(0, 1)).tolist()
            if not mine[judged]:
                continue
            span = span_of(name, steps.per)
            before = counts.get(span, (0, 0))
            counts[span] = before[0] + mine[judged], before[1] + mine[good]
            last[span] = name
        for span, (many, right) in counts.items():
            billed = sum(amount for month, amount in used.items() if span_of(month, steps.per) == span)
            owed = billed * _change(steps, Fraction(right, many))
            if owed:
                whole = shared(last[span], "periods", account, BONUS if owed > 0 else less, owed)
                found.append(Bill(whole.month, whole.unit, whole.items, whole.owed, whole.denominator * MICRO))
    return found


def _kinds(contract: Contract) -> Iterator[tuple[Steps, int, int, str]]:
    """Steps with the columns of what is judged and what is good, and the activity of what is taken off."""
    if contract.accuracy is not None:
        yield contract.accuracy, KNOWN, RIGHT, MALUS
    if contract.on_time is not None:
        yield contract.on_time, DATED, IN_TIME, LATE_CREDIT


def _change(steps: Steps, share: Fraction) -> int:
    """Millionths by which what was billed changes."""
    reached = [change for since, change in steps.steps if Fraction(round(since * MICRO), MICRO) <= share]
    return round(reached[-1] * MICRO) if reached else 0
