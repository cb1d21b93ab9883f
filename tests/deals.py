"""Any contracts with any books of work.

All times are whole hours from the origin, which is a whole hour of its zone, so that every date is too.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

import pandas as pd
from books import Presence, Task, book_log
from hypothesis import strategies as st

from labelcast.sim.ledger import Period, Terms
from labelcast.sim.ledger.terms import indexed
from labelcast.sim.line import Audit, Contract, Count, Index, Minimum, Refund, Steps, Termination, Tier, Unit
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
LOTS = (1, 2, 3, 4)


class Label(NamedTuple):
    """A label, the only one of its item. objects, room: of the item, None where not told; room: hours from `came` to
    its due date.  right: None where nobody knows.  lot: of the item, None for none."""

    finish: int
    start: int
    pool: str
    worker: int | None
    turn: int
    segment: str
    replica: int = 0
    objects: int | None = None
    came: int = 0
    room: int | None = None
    right: bool | None = None
    lot: int | None = None


Prices = tuple[int, dict[str, Contract], dict[str, str]]
"""From which hour on, contracts by pool, and the name of the factor of each segment."""


@dataclass(frozen=True)
class Deal:
    """A book of work and what was agreed. labels: in order of finish.  presence: (pool, worker, from, to, kind).
    rates: by currency, (hour, billionths).  refused: hours at which lots were, by number."""

    origin: str
    timezone: str
    currency: str
    ended: int
    prices: tuple[Prices, ...]
    labels: tuple[Label, ...]
    presence: tuple[Presence, ...]
    rates: dict[str, tuple[tuple[int, int], ...]]
    refused: dict[int, int] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """The origin in its zone."""
        return datetime.fromisoformat(self.origin).astimezone(ZoneInfo(self.timezone))

    def log(self) -> Log:
        """Its log."""
        tasks: list[Task] = [
            (item, "annotate", one.turn, one.pool, one.worker, one.start * HOUR, one.finish * HOUR)
            for item, one in enumerate(self.labels)
        ]
        there = [(pool, worker, a * HOUR, b * HOUR, *kind) for pool, worker, a, b, *kind in self.presence]
        segments = [one.segment for one in self.labels]
        log = book_log(segments, tasks, there, self.ended * HOUR, self.origin, self.timezone)  # type: ignore[arg-type]
        hours = {
            "arrived_at": [one.came for one in self.labels],
            "due_at": [None if one.room is None else one.came + one.room for one in self.labels],
            "refused_at": [None if one.lot is None else self.refused.get(one.lot) for one in self.labels],
        }
        plain = {
            "objects": [one.objects for one in self.labels],
            "refused_lot": [one.lot if one.lot in self.refused else None for one in self.labels],
            **{name: [None if at is None else at * HOUR for at in found] for name, found in hours.items()},
        }
        items = log.items.assign(**{name: pd.array(values, dtype="Int64") for name, values in plain.items()})
        words = pd.CategoricalDtype(["yes", "no"])
        truth = pd.array([None if one.right is None else "yes" for one in self.labels], dtype=words)
        label = pd.array(["no" if one.right is False else "yes" for one in self.labels], dtype=words)
        made = log.tasks.assign(label=label, replica=[one.replica for one in self.labels])
        return Log(items.assign(truth=truth), made, log.presence, log.provenance)

    def terms(self) -> Terms:
        """What was agreed, as the ledger reads it; prices rise as long as anything is billed."""
        periods = [
            Period(at * HOUR, contracts, {name: float(FACTORS[of]) for name, of in factors.items()})
            for at, contracts, factors in self.prices
        ]
        rates = {name: tuple((at * HOUR, rate) for at, rate in of) for name, of in self.rates.items()}
        return Terms(indexed(periods, self.moment, 20 * LONGEST * HOUR), (), rates)


Kind = Literal["any", "labels", "commitment", "people", "pieces"]
"""What the contracts of deals are sure to have: nothing; tiers of labels; a minimum near what is used; salaries; pieces
that are judged, looked at and refused."""


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


@st.composite
def steps(draw: st.DrawFn) -> Steps:
    """One to three, the first of them at nothing or higher."""
    shares = sorted(draw(st.sets(st.sampled_from([0.0, 0.25, 0.333333, 0.5, 0.75, 1.0]), min_size=1, max_size=3)))
    changes = st.sampled_from([-0.1, -0.025, 0.0, 0.012345, 0.05])
    return Steps(tuple((share, draw(changes)) for share in shares), draw(st.sampled_from(get_args(Count))))


@st.composite
def by_the_piece(draw: st.DrawFn, contract: Contract) -> Contract:
    """The contract with any other unit, rush, steps by quality, audits and refunds for lots."""
    none, price = st.none(), st.integers(0, 3_000_000)
    rush = sorted(
        draw(st.dictionaries(st.sampled_from([4, 24, 48]), st.sampled_from([1.5, 1.333333]), max_size=2)).items()
    )
    return replace(
        contract,
        unit=draw(st.sampled_from(get_args(Unit))),
        rush=tuple((3600.0 * within, factor) for within, factor in rush),
        accuracy=draw(none | steps()),
        on_time=draw(none | steps()),
        audit=draw(none | st.builds(Audit, st.sampled_from([0.0, 0.125, 0.333333]), price)),
        lots=draw(none | st.builds(Refund, st.sampled_from([0.0, 0.5, 0.333333, 1.0]), st.just(0) | price)),
    )


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
        per_label=tiers if by_label or kind in ("commitment", "pieces") or draw(st.booleans()) else (),
        rework_paid=draw(st.booleans()),
        overtime=draw(st.sampled_from([1.0, 1.25, 1.333333, 3.0])),
        salary=draw(salary if kind == "people" else none | salary) if salaries else None,
        count=draw(st.sampled_from(["all", "quarter", "month", "year"])),
        all_units=draw(st.sampled_from([True, True, False] if by_label else [False, True])),
        monthly=draw(st.just(0) | price),
        management=draw(st.just(0) | price),
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
        management=contract.management + more,
        seat=contract.seat + more,
        audit=None if contract.audit is None else replace(contract.audit, price=contract.audit.price + more),
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
    if kind in ("any", "pieces"):
        mine = {pool: draw(by_the_piece(contract)) for pool, contract in mine.items()}
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
    refused = draw(st.dictionaries(st.sampled_from(LOTS), st.integers(0, ended), max_size=len(LOTS)))
    return Deal(origin, zone, home, ended, tuple(prices), made, there, rates, refused)


@st.composite
def _labels(draw: st.DrawFn, ended: int, kind: Kind, named: tuple[str, ...]) -> tuple[Label, ...]:
    """No two of one hour. Lots hold what finishes near together, as lots do, and some are refused in the midst."""
    surely = kind in ("labels", "commitment", "pieces")
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
        one = Label(finish, start, pool, worker, draw(st.sampled_from([0, 0, 1])), draw(st.sampled_from(SEGMENTS)))
        if kind in ("any", "pieces"):
            one = one._replace(
                replica=draw(st.sampled_from([0, 0, 1])),
                objects=draw(st.none() | st.integers(1, 4)),
                came=draw(st.integers(max(0, finish - 60), finish)),
                room=draw(st.none() | st.sampled_from([1, 4, 5, 24, 48, 49])),
                right=draw(st.sampled_from([None, True, True, False])),
                lot=draw(st.none() | st.just(LOTS[finish * len(LOTS) // (ended + 1)])),
            )
        found.append(one)
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
