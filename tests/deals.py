"""Any contracts with any books of work.

All times are whole hours from the origin, which is a whole hour of its zone, so that every date is too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from books import Presence, Task, book_log
from hypothesis import strategies as st

from labelcast.sim.ledger import Period, Terms
from labelcast.sim.ledger.terms import indexed
from labelcast.sim.line import Contract, Index, Minimum, Termination, Tier
from labelcast.sim.log import Log

HOUR, MICRO, NANO = 3_600_000, 10**6, 10**9
POOLS, SEGMENTS = ("team", "vendor"), ("street", "night")
WORKERS = {"team": (0, 1), "vendor": (2, 3)}
FACTORS = {"same": Fraction(1), "half": Fraction(1, 2), "third": Fraction(333_333, MICRO), "more": Fraction(27, 20)}
ORIGINS = (
    ("2027-01-18T09:00:00+00:00", "UTC"),
    ("2028-01-31T00:00:00+05:30", "Asia/Kolkata"),  # months that have no such day
    ("2027-03-05T09:00:00+01:00", "Europe/Paris"),  # summer time begins
    ("2026-10-01T00:00:00-04:00", "America/New_York"),  # the first of a month; winter time begins
)
LONGEST = 24 * 130

Prices = tuple[int, dict[str, Contract], dict[str, str]]
"""From which hour on, contracts by pool, and the name of the factor of each segment."""


@dataclass(frozen=True)
class Deal:
    """A book of work and what was agreed. labels: (finish, start, pool, worker, round, segment), no two of one hour.
    presence: (pool, worker, from, to, kind).  rates: by currency, (hour, billionths)."""

    origin: str
    timezone: str
    currency: str
    ended: int
    prices: tuple[Prices, ...]
    labels: tuple[tuple[int, int, str, int | None, int, str], ...]
    presence: tuple[Presence, ...]
    rates: dict[str, tuple[tuple[int, int], ...]]

    @property
    def moment(self) -> datetime:
        """The origin in its zone."""
        return datetime.fromisoformat(self.origin).astimezone(ZoneInfo(self.timezone))

    def log(self) -> Log:
        """Its log."""
        tasks: list[Task] = [
            (SEGMENTS.index(segment), "annotate", turn, pool, worker, start * HOUR, finish * HOUR)
            for finish, start, pool, worker, turn, segment in self.labels
        ]
        tasks.sort(key=lambda task: (task[0], task[2]))
        there = [(pool, worker, a * HOUR, b * HOUR, *kind) for pool, worker, a, b, *kind in self.presence]
        return book_log(SEGMENTS, tasks, there, self.ended * HOUR, self.origin, self.timezone)  # type: ignore[arg-type]

    def terms(self) -> Terms:
        """What was agreed, as the ledger reads it; prices rise as long as anything is billed."""
        periods = [
            Period(at * HOUR, contracts, {name: float(FACTORS[of]) for name, of in factors.items()})
            for at, contracts, factors in self.prices
        ]
        rates = {name: tuple((at * HOUR, rate) for at, rate in of) for name, of in self.rates.items()}
        return Terms(indexed(periods, self.moment, 20 * LONGEST * HOUR), (), rates)


Kind = Literal["any", "labels", "commitment", "people"]
"""What the contracts of deals are sure to have: nothing; tiers of labels; a minimum near what is used; salaries."""


@st.composite
def minimums(draw: st.DrawFn, kind: Kind = "any") -> Minimum:
    """One of any form, or one that some months keep and others do not."""
    near = kind == "commitment"
    dates = sorted(draw(st.sets(st.integers(-100, LONGEST), max_size=1 if near else 3)))
    share = st.sampled_from([1.0, 0.5] if near else [0.0, 0.25, 0.333333, 0.5, 1.0])
    ramp = tuple((3600.0 * at, draw(share)) for at in dates)
    per = draw(st.sampled_from(["month"] if near else ["month", "quarter", "year"]))
    amount = st.sampled_from([200 * MICRO, 300 * MICRO]) if near else st.integers(0, 300 * MICRO)
    return Minimum(draw(amount), per, draw(st.integers(int(near), 3)), ramp)  # type: ignore[arg-type]


def terminations() -> st.SearchStrategy[Termination]:
    """Notice at the end or on any day."""
    given = st.none() | st.integers(0, LONGEST).map(lambda hour: 3600.0 * hour)
    return st.builds(Termination, st.sampled_from([0, 1, 45]), given)


@st.composite
def contracts(draw: st.DrawFn, kind: Kind = "any", salaries: bool = True) -> Contract:
    """One of any form, in the home currency or another, with an account of its own."""
    price = st.sampled_from([420_000, 333_333, 30_000_000, 5_000, 0]) | st.integers(0, 40_000_000)
    none, by_label = st.none(), kind == "labels"
    bounds = sorted(draw(st.sets(st.integers(1, 10 if by_label else 6), min_size=int(by_label), max_size=2)))
    listed = draw(st.lists(price, min_size=1 + len(bounds), max_size=1 + len(bounds), unique=by_label))
    tiers = tuple(map(Tier, (*bounds, None), listed))
    if kind == "commitment":
        tiers = (Tier(None, 100 * MICRO),)
    salary = st.sampled_from([3_100_000_000, 2_799_990_000])
    return Contract(
        hourly=draw(price if kind == "people" else none | price),
        per_label=tiers if by_label or kind == "commitment" or draw(st.booleans()) else (),
        rework_paid=draw(st.booleans()),
        overtime=draw(st.sampled_from([1.0, 1.25, 1.333333, 3.0])),
        salary=draw(salary if kind == "people" else none | salary) if salaries else None,
        count=draw(st.sampled_from(["all", "quarter", "month", "year"])),
        all_units=draw(st.sampled_from([True, True, False] if by_label else [False, True])),
        monthly=draw(st.just(0) | price),
        set_up=draw(st.just(0) | price),
        seat=draw(st.just(0) | price),
        minimum=draw(minimums(kind) if kind == "commitment" else none | minimums()),
        index=draw(none | st.builds(Index, st.sampled_from([0.03, 0.1, 0.012345]), st.sampled_from([1, 2, 12]))),
        currency=draw(st.sampled_from(["", "", "USD", "KRW", "OMR"])),
        tax=draw(st.sampled_from([0.0, 0.19, 0.077])),
        hiring=draw(st.just(0) | price),
        leaving=draw(st.just(0) | price),
        notice_days=draw(st.sampled_from([0, 3, 45])),
        termination=draw(none | terminations()),
    )


def amended(contract: Contract, more: int) -> Contract:
    """The contract with all prices raised by so many micro-units. A scenario cannot change its currency, tax, set-up
    and account; how labels are counted and how long the periods of a minimum are stays, too."""
    minimum = contract.minimum
    return replace(
        contract,
        hourly=None if contract.hourly is None else contract.hourly + more,
        salary=None if contract.salary is None else contract.salary + more,
        per_label=tuple(Tier(tier.up_to, tier.price + more) for tier in contract.per_label),
        monthly=contract.monthly + more,
        seat=contract.seat + more,
        hiring=contract.hiring + more,
        leaving=contract.leaving + more,
        minimum=None if minimum is None else replace(minimum, amount=minimum.amount + more),
    )


@st.composite
def deals(draw: st.DrawFn, kind: Kind = "any") -> Deal:
    """Any deal: one or two pools, of an account each or of one together, with prices that change on up to two dates."""
    origin, zone = draw(st.sampled_from(ORIGINS[:2] if kind == "people" else ORIGINS))
    fixed_offset = (origin, zone) in ORIGINS[:2]  # for salaries of months in which clocks change there are cases
    least = 1 if kind == "any" else LONGEST // 2
    ended = draw(st.integers(least, LONGEST))
    named = draw(st.sampled_from([("team",), ("vendor",), POOLS, POOLS]))
    mine = {pool: draw(contracts(kind, fixed_offset)) for pool in named}
    if draw(st.booleans()):
        mine = dict.fromkeys(named, replace(mine[named[0]], account="acme"))
    if datetime.fromisoformat(origin).hour:  # raises of contracts that are agreed at noon: see the cases of an index
        mine = {pool: replace(contract, index=None) for pool, contract in mine.items()}
    factor = st.fixed_dictionaries({segment: st.sampled_from([*FACTORS]) for segment in SEGMENTS})
    prices: list[Prices] = [(0, mine, draw(factor))]
    for at in sorted(draw(st.sets(st.integers(1, LONGEST // 24), max_size=2))):
        more = draw(st.sampled_from([1, 10_000, 7_654_321]))
        new = {pool: amended(contract, more) for pool, contract in prices[-1][1].items()}
        prices.append((24 * at, new, draw(factor)))
    rates = {name: draw(_rates()) for name in ("USD", "KRW", "OMR")}
    home = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    made, there = draw(_labels(ended, kind, named)), draw(_presence(ended, kind))
    return Deal(origin, zone, home, ended, tuple(prices), made, there, rates)


@st.composite
def _labels(
    draw: st.DrawFn, ended: int, kind: Kind, named: tuple[str, ...]
) -> tuple[tuple[int, int, str, int | None, int, str], ...]:
    surely = kind in ("labels", "commitment")
    found = []
    if surely:  # all through the run, so that tiers end in any month
        many = draw(st.integers(8, 14))
        finishes = [number * ended // many + draw(st.integers(0, 30)) for number in range(many)]
    else:
        finishes = sorted(draw(st.sets(st.integers(0, ended), max_size=14)))
    for finish in finishes:
        pool = draw(st.sampled_from(named if surely else POOLS))
        worker = draw(st.none() | st.sampled_from(WORKERS[pool]))
        start = draw(st.sampled_from([finish, max(0, finish - 5)]))
        found.append((finish, start, pool, worker, draw(st.sampled_from([0, 0, 1])), draw(st.sampled_from(SEGMENTS))))
    return tuple(found)


@st.composite
def _presence(draw: st.DrawFn, ended: int, kind: Kind) -> tuple[Presence, ...]:
    kinds = st.sampled_from(["working", "working", "session", "overtime", "training", "absent_paid", "absent_unpaid"])
    found: list[Presence] = []
    for pool, workers in WORKERS.items():
        for worker in workers:
            for begin in sorted(draw(st.sets(st.integers(0, ended), min_size=int(kind == "people"), max_size=3))):
                found.append((pool, worker, begin, begin + draw(st.integers(1, 40)), draw(kinds)))
    return tuple(found)


@st.composite
def _rates(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    dates = sorted({0, *draw(st.sets(st.integers(0, 2 * LONGEST), max_size=2))})
    return tuple((at, draw(st.integers(1, 2 * NANO))) for at in dates)


def span_of(month: str, per: str) -> str:
    """The calendar period of a month."""
    year, number = month[:4], int(month[5:])
    return {"all": "", "month": month, "quarter": f"{year} {(number - 1) // 3}", "year": year}[per]
