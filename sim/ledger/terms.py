"""What is paid for a line's work, by date: contracts, price factors of granularity, and costs that fall due once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..line import MICRO, Contract, Line, Segment


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
    one_offs: (milliseconds from the origin, micro-units)."""

    periods: tuple[Period, ...]
    one_offs: tuple[tuple[int, int], ...] = ()

    @staticmethod
    def of(line: Line) -> Terms:
        """The terms of a line: those of the start, and of each epoch that changes them. Times are rounded to the
        millisecond as in a plan, and what falls due at the horizon, which is exclusive, or later is left out."""
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
        return Terms(tuple(periods), tuple((at, amount) for at, amount in due if at < _ms(line.horizon_s)))

    @property
    def pays(self) -> bool:
        """Whether anyone or anything is ever paid, however little it comes to; where not, there are no costs."""
        contracts = [contract for period in self.periods for contract in period.contracts.values()]
        by_contract = any(contract.hourly is not None or contract.per_label for contract in contracts)
        return by_contract or bool(self.one_offs)

    @staticmethod
    def unchanging(contracts: Mapping[str, Contract]) -> Terms:
        """One contract a pool, at all times."""
        return Terms((Period(0, contracts),))


def _period(at: int, contracts: Mapping[str, Contract], segments: tuple[Segment, ...]) -> Period:
    return Period(at, contracts, {segment.name: segment.price_factor for segment in segments})


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
