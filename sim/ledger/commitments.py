"""What use lacks to a minimum, period by period, and what is taken off later for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from ..line import MICRO, Minimum
from .accounts import Account
from .activities import CREDIT, SHORTFALL
from .amounts import minor_unit, rounded
from .bills import Bill, shared
from .stretches import span_bounds, span_of
from .terms import Terms


def commitments(
    used: Mapping[str, int], terms: Terms, account: Account, origin: datetime, ended_at: int, currency: str
) -> list[Bill]:
    """Bills at the ends of periods: a shortfall where use comes to less than was committed, and where it comes to more,
    a credit for shortfalls of the last `carry` periods, the oldest first.

    used: micro-units of the contract's currency by month.  Periods are all that [0, ended_at) touches, each
    to its own end: who stops in the middle of a month still owes its minimum.
    """
    found: list[Bill] = []
    if all(contract.minimum is None for contract in account.contracts):
        return found
    open_: list[tuple[int, int]] = []  # number of the period, what was paid for and not yet worked off
    for number, (span, last) in enumerate(spans(terms, account, origin, ended_at)):
        minimum, share = _committed(terms, account, origin, span)
        owed = rounded(share, 1, minor_unit(currency))
        spent = sum(amount for month, amount in used.items() if span_of(month, minimum.per) == span)
        if spent < owed:
            found.append(shared(last, "periods", account, SHORTFALL, owed - spent))
            open_.append((number, owed - spent))
            continue
        beyond, credit, left = spent - owed, 0, []
        for when, paid in open_:
            taken = min(paid, beyond - credit) if number - when <= minimum.carry else 0
            credit += taken
            left.append((when, paid - taken))
        open_ = [(when, paid) for when, paid in left if paid]
        if credit:
            found.append(shared(last, "periods", account, CREDIT, -credit))
    return found


def spans(terms: Terms, account: Account, origin: datetime, ended_at: int) -> list[tuple[str, str]]:
    """The periods of a minimum that a run touches and their last months, in order."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < max(ended_at, 1):
        moment = datetime.fromtimestamp(origin.timestamp() + at / 1000, origin.tzinfo)
        month = f"{moment.year:04d}-{moment.month:02d}"
        minimum = _any(terms, account, at, span_bounds(month, origin)[1])
        span = span_of(month, "month" if minimum is None else minimum.per)
        _, at, last = span_bounds(span, origin)
        if minimum is not None:
            found.append((span, last))
    return found


def _any(terms: Terms, account: Account, begin: int, end: int) -> Minimum | None:
    """A minimum that holds at some time from `begin` to `end`."""
    held = [
        _minimum(terms, account, at)
        for at in (begin, *(one.from_ms for one in terms.periods if begin < one.from_ms < end))
    ]
    return next((one for one in held if one is not None), None)


def _committed(terms: Terms, account: Account, origin: datetime, span: str) -> tuple[Minimum, Fraction]:
    """The minimum of a period, and what of it is committed: each share of the amount by the time for which it holds."""
    begin, end, _ = span_bounds(span, origin)
    edges = {max(0, begin), end, *(one.from_ms for one in terms.periods)}
    for period in range(len(terms.periods)):
        minimum = account.contracts[period].minimum
        edges |= {round(1000 * at) for at, _ in minimum.ramp} if minimum is not None else set()
    cuts = sorted(at for at in edges if max(0, begin) <= at <= end)
    owed, last = Fraction(0), None
    for at, until in pairwise(cuts):
        minimum = _minimum(terms, account, at)
        if minimum is not None:
            last = minimum
            owed += minimum.amount * _share(minimum, at) * Fraction(until - at, end - begin)
    assert last is not None
    return last, owed


def _share(minimum: Minimum, at: int) -> Fraction:
    """Of the amount that is committed at a moment, to the millionth."""
    if not minimum.ramp:
        return Fraction(1)
    shares = [share for since, share in minimum.ramp if round(1000 * since) <= at]
    return Fraction(round(shares[-1] * MICRO), MICRO) if shares else Fraction(0)


def _minimum(terms: Terms, account: Account, at: int) -> Minimum | None:
    period = max((n for n, one in enumerate(terms.periods) if one.from_ms <= at), default=0)
    return account.contracts[period].minimum
