"""What is paid for a line's work, by date: contracts, price factors of granularity, costs that fall due once, and what
currencies are worth."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction

from ..line import MICRO, Contract, Line, Segment, Tier

DAY_MS = 24 * 3_600_000

NANO = 10**9
"""Exchange rates count to the billionth."""


@dataclass(frozen=True)
class Period:
    """What holds from `from_ms` on (milliseconds from the origin), until the next period begins.

    contracts: by pool; a pool without one costs nothing.  price_factors: by segment, on prices per label; 1 where
    absent. A factor counts to the millionth.
    """

    from_ms: int
    contracts: Mapping[str, Contract]
    price_factors: Mapping[str, float] = field(default_factory=dict)

    def contract(self, pool: str) -> Contract:
        """The contract of a pool."""
        return self.contracts.get(pool, Contract())

    def millionths(self, segment: str) -> int:
        """The price factor of a segment in millionths, so that products with it are whole."""
        return round(self.price_factors.get(segment, 1.0) * MICRO)


@dataclass(frozen=True)
class Terms:
    """periods: in order of their dates, at least one; the first also holds for what was before it.
    one_offs: (milliseconds from the origin, micro-units).  rates: of each foreign currency, in order of their dates,
    (milliseconds from the origin, billionths of the line's currency); the first also holds before it.
    running: (milliseconds from the origin, 0 or later; micro-units of each calendar month from the one begun then on).
    """

    periods: tuple[Period, ...]
    one_offs: tuple[tuple[int, int], ...] = ()
    rates: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    running: tuple[tuple[int, int], ...] = ()

    @staticmethod
    def of(line: Line) -> Terms:
        """The terms of a line: those of the start, and of each epoch and index that changes them. Times are rounded to
        the millisecond as in a plan, and what falls due at the horizon, which is exclusive, or later is left out."""
        segments = line.segments
        periods = [_period(0, {pool.name: pool.contract for pool in line.pools}, segments)]
        for epoch in line.epochs:
            segments = segments if epoch.segments is None else epoch.segments
            given = None if epoch.pools is None else {pool.name: pool.contract for pool in epoch.pools}
            before = periods[-1]
            period = _period(_ms(epoch.at_s), before.contracts if given is None else given, segments)
            if (period.contracts, period.price_factors) != (before.contracts, before.price_factors):
                periods.append(period)
        due = ((_ms(each.at_s), each.amount) for each in line.one_offs)
        running = ((_ms(each.at_s), each.monthly) for each in line.running)
        return Terms(
            indexed(periods, line.origin, _ms(line.horizon_s)),
            tuple((at, amount) for at, amount in due if at < _ms(line.horizon_s)),
            _rates(line),
            tuple((at, monthly) for at, monthly in running if at < _ms(line.horizon_s)),
        )

    @property
    def pays(self) -> bool:
        """Whether anyone or anything is ever paid, however little it comes to; where not, there are no costs."""
        found = (contract for period in self.periods for contract in period.contracts.values())
        return bool(self.one_offs or self.running) or any(map(_pays, found))

    @staticmethod
    def unchanging(contracts: Mapping[str, Contract]) -> Terms:
        """One contract a pool, at all times."""
        return Terms((Period(0, contracts),))

    @property
    def notice_ms(self) -> int:
        """For how long after the end, at most, something may be billed by the day."""
        contracts = [one for period in self.periods for one in period.contracts.values()]
        days = [one.notice_days for one in contracts]
        days += [one.termination.notice_days for one in contracts if one.termination is not None]
        longest = max(days, default=0)
        return (longest + 3) * DAY_MS if longest else 0  # a day may have 25 hours, and the last one ends later

    def rate(self, currency: str, at_ms: int) -> int:
        """Billionths of the line's currency that a unit is worth at a moment; KeyError for a currency without any."""
        rates = self.rates[currency]
        known = [rate for from_ms, rate in rates if from_ms <= at_ms]
        return known[-1] if known else rates[0][1]


def _pays(one: Contract) -> bool:
    by_use = one.hourly is not None or one.salary is not None or bool(one.per_label)
    return (
        by_use
        or one.minimum is not None
        or sum((one.monthly, one.management, one.set_up, one.seat, one.hiring, one.leaving)) > 0
    )


PRICES = ("hourly", "salary", "per_label", "monthly", "management", "seat", "audit")
"""Parts of a contract that an index raises."""


def indexed(periods: list[Period], origin: datetime, until: int) -> tuple[Period, ...]:
    """The periods, and one more on each day on which an index raises prices, up to `until` ms from the origin. Each
    price counts from the day on which it was agreed: the start, or the date that last changed it or the index."""
    agreed: dict[tuple[str, str], int] = {}
    raises: list[dict[tuple[str, str], list[int]]] = []
    for number, period in enumerate(periods):
        ends = periods[number + 1].from_ms if number + 1 < len(periods) else until
        days: dict[tuple[str, str], list[int]] = {}
        for pool, contract in period.contracts.items():
            before = periods[number - 1].contract(pool) if number else Contract()
            for part in PRICES:
                new = (getattr(contract, part), contract.index) != (getattr(before, part), before.index)
                if new or number == 0:
                    agreed[pool, part] = period.from_ms
                if contract.index is not None:
                    days[pool, part] = _raises(origin, agreed[pool, part], contract.index.every, ends)
        raises.append(days)
    marks = {one.from_ms for one in periods}
    for period, days in zip(periods, raises, strict=True):
        marks |= {at for found in days.values() for at in found if at > period.from_ms}
    found = []
    for at in sorted(marks):
        number = max((n for n, one in enumerate(periods) if one.from_ms <= at), default=0)
        times = {key: sum(day <= at for day in days) for key, days in raises[number].items()}
        contracts = {pool: _raised(one, pool, times) for pool, one in periods[number].contracts.items()}
        found.append(replace(periods[number], from_ms=at, contracts=contracts))
    return tuple(found)


def _raises(origin: datetime, agreed: int, every: int, until: int) -> list[int]:
    """Local midnights, in milliseconds, on which a price agreed on a day is raised, before `until`: of that day's date
    so many months later, or of the last day of a month that has no such date."""
    begun = datetime.fromtimestamp(origin.timestamp() + agreed / 1000, origin.tzinfo)
    found: list[int] = []
    while True:
        months = begun.month - 1 + every * (len(found) + 1)
        year, month = begun.year + months // 12, months % 12 + 1
        day = min(begun.day, monthrange(year, month)[1])
        moment = datetime(year, month, day, tzinfo=origin.tzinfo)
        at = round((moment.timestamp() - origin.timestamp()) * 1000)
        if at >= until:
            return found
        found.append(at)


def _raised(contract: Contract, pool: str, times: Mapping[tuple[str, str], int]) -> Contract:
    """The contract with each price raised so many times, rounded half up to the micro-unit."""
    if contract.index is None:
        return contract
    once = 1 + Fraction(round(contract.index.by * MICRO), MICRO)

    def price(part: str, micro: int) -> int:
        return int(micro * once ** times[pool, part] + Fraction(1, 2))

    return replace(
        contract,
        hourly=None if contract.hourly is None else price("hourly", contract.hourly),
        salary=None if contract.salary is None else price("salary", contract.salary),
        per_label=tuple(Tier(tier.up_to, price("per_label", tier.price)) for tier in contract.per_label),
        audit=None if contract.audit is None else replace(contract.audit, price=price("audit", contract.audit.price)),
        monthly=price("monthly", contract.monthly),
        management=price("management", contract.management),
        seat=price("seat", contract.seat),
    )


def _rates(line: Line) -> dict[str, tuple[tuple[int, int], ...]]:
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for one in line.exchange:
        found[one.currency] = (*found.get(one.currency, ()), (_ms(one.at_s), round(one.rate * NANO)))
    return found


def _period(at: int, contracts: Mapping[str, Contract], segments: tuple[Segment, ...]) -> Period:
    return Period(at, contracts, {segment.name: segment.price_factor for segment in segments})


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
