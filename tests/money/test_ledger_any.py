"""The ledger of any log, against an account kept minute by minute in exact fractions."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import combinations
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from books import ROLES, STAGES, Presence, Task, book_log
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import full
from twins import run

from labelcast.sim.kpis import kpis
from labelcast.sim.ledger import Period, Terms, ledger, minor_unit
from labelcast.sim.line import Contract, Gold, Tier
from labelcast.sim.log import ATTEMPTS, OUTCOMES, PRESENCE, Log
from labelcast.sim.plan import Plan

MINUTE = 60_000
ORIGINS = [
    ("2027-03-27T20:30:00+01:00", "Europe/Paris"),  # summer time begins
    ("2027-10-31T01:30:00+02:00", "Europe/Paris"),  # summer time ends, and so does the month
    ("2026-12-31T20:00:00-05:00", "America/New_York"),
    ("2028-02-29T12:00:00+05:30", "Asia/Kolkata"),
]
POOLS, SEGMENTS = ("team", "vendor"), ("street", "night")
FACTORS = {"half": Fraction(1, 2), "same": Fraction(1), "more": Fraction(135, 100), "third": Fraction(333_333, 10**6)}
ACTIVITY = {"inspect": "review", "prelabel": "tooling"}


@dataclass(frozen=True)
class Book:
    """A log in minutes, what is paid for it, from which minute on, and in which currency.

    prices: (from, contracts by pool, name of the factor by segment).  one_offs: (minute, micro-units)."""

    origin: str
    timezone: str
    segments: list[str]
    tasks: list[Task]
    presence: list[Presence]
    ended: int
    prices: list[tuple[int, dict[str, Contract], dict[str, str]]]
    currency: str
    gold: set[int] = field(default_factory=set)
    delivered: set[int] = field(default_factory=set)
    one_offs: list[tuple[int, int]] = field(default_factory=list)

    def in_order(self) -> list[Task]:
        """Its tasks in the canonical order of a log."""
        return sorted(self.tasks, key=lambda t: (t[0], STAGES.index(t[1]), t[2]))

    def log(self) -> Log:
        """Its log, in canonical order like any."""
        tasks = [(*t[:5], (t[5] or 0) * MINUTE, None if t[6] is None else t[6] * MINUTE, t[7]) for t in self.in_order()]
        presence = [(pool, worker, a * MINUTE, b * MINUTE, kind) for pool, worker, a, b, kind in self.presence]
        more = (self.ended * MINUTE, self.origin, self.timezone, self.gold, self.delivered)
        return book_log(self.segments, tasks, presence, *more)

    def terms(self) -> Terms:
        """What is paid, as the ledger reads it."""
        periods = [
            Period(at * MINUTE, contracts, {segment: float(FACTORS[name]) for segment, name in factors.items()})
            for at, contracts, factors in self.prices
        ]
        return Terms(tuple(periods), tuple((at * MINUTE, amount) for at, amount in self.one_offs))

    def price_at(self, minute: int) -> tuple[dict[str, Contract], dict[str, str]]:
        """Contracts and factors of a moment."""
        began = [price for price in self.prices[1:] if price[0] <= minute]
        return (began or self.prices)[-1 if began else 0][1:]


@st.composite
def contracts(draw: st.DrawFn) -> dict[str, Contract]:
    """Contracts of every form, for any of the pools."""
    price = st.integers(0, 40_000_000)
    found = {}
    for pool in draw(st.sets(st.sampled_from(POOLS))):
        bounds = sorted(draw(st.sets(st.integers(1, 6), max_size=2)))
        tiers = (*(Tier(n, draw(price)) for n in bounds), Tier(None, draw(price)))
        per_label = tiers if draw(st.booleans()) else ()
        found[pool] = Contract(draw(st.none() | price), per_label, draw(st.booleans()))
    return found


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Any book: presence of all kinds, with gaps and overlaps, tasks on and off shift, overlapping ones too, open ones,
    attempts, test questions, contracts of every form that change on any date, and costs that fall due once."""
    whole = draw(st.integers(1, 2000))
    minute = st.integers(0, whole)
    presence: list[Presence] = []
    for pool in POOLS:
        for worker in range(draw(st.integers(0, 2))):
            marks = sorted(draw(st.sets(minute, max_size=6)))
            kinds = st.sampled_from(["working", "working", *PRESENCE])
            presence += [(pool, worker, a, b, draw(kinds)) for a, b in zip(marks[::2], marks[1::2], strict=False)]
            if len(marks) > 2 and draw(st.booleans()):
                presence.append((pool, worker, marks[1], marks[-1], draw(kinds)))
    segments = draw(st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=4))
    tasks: list[Task] = []
    for _ in range(draw(st.integers(0, 10))):
        begin, end = sorted((draw(minute), draw(minute)))
        kind = draw(st.sampled_from(["annotate", "annotate", *STAGES]))
        item, turn = draw(st.integers(0, len(segments) - 1)), draw(st.integers(0, 1))
        pool, worker = draw(st.sampled_from(POOLS)), draw(st.integers(0, 1))
        outcome = draw(st.sampled_from(["done", "done", *OUTCOMES]))
        tasks.append((item, kind, turn, pool, worker, begin, draw(st.sampled_from([end, end, end, None])), outcome))
    factor = st.fixed_dictionaries({segment: st.sampled_from([*FACTORS]) for segment in SEGMENTS})
    dates = [0, *sorted(draw(st.sets(st.integers(0, whole + 60), max_size=2)))]
    origin, zone = draw(st.sampled_from(ORIGINS))
    numbers = st.sets(st.integers(0, len(segments) - 1))
    return Book(
        origin=origin,
        timezone=zone,
        segments=segments,
        tasks=tasks,
        presence=presence,
        ended=whole,
        prices=[(at, draw(contracts()), draw(factor)) for at in dates],
        currency=draw(st.sampled_from(["EUR", "JPY", "KWD"])),
        gold=draw(numbers),
        delivered=draw(numbers),
        one_offs=draw(st.lists(st.tuples(st.integers(0, whole + 60), st.integers(-(10**9), 10**10)), max_size=3)),
    )


Account = dict[tuple[str, str, str], dict[tuple[str, str], tuple[Fraction, Fraction]]]
"""By month, pool and unit: by activity and segment, how much and what it costs exactly."""


def month_of(book: Book, minute: int) -> str:
    """The local month of a minute."""
    moment = datetime.fromisoformat(book.origin).astimezone(UTC) + timedelta(minutes=minute)
    return moment.astimezone(ZoneInfo(book.timezone)).strftime("%Y-%m")


def activity_of(book: Book, task: Task) -> tuple[str, str]:
    """What a task is called in the ledger."""
    segment = book.segments[task[0]]
    if task[0] in book.gold and task[0] not in book.delivered:
        return "gold", segment
    kind = ROLES[task[1]]
    return ("rework" if kind == "annotate" and task[2] else ACTIVITY.get(kind, kind)), segment


def spent_on(book: Book, pool: str, worker: int, minute: int) -> tuple[str, str] | None:
    """What the ledger says that a worker did in a minute; None when it is not paid."""
    kinds = {row[4] for row in book.presence if row[:2] == (pool, worker) and row[2] <= minute < row[3]}
    if kinds & {"working", "session", "overtime"}:
        held = [
            task
            for task in book.in_order()
            if task[3:5] == (pool, worker) and (task[5] or 0) <= minute < (book.ended if task[6] is None else task[6])
        ]
        return activity_of(book, min(held, key=lambda task: task[5] or 0)) if held else ("idle", "")
    if "training" in kinds:
        return "training", ""
    return ("absence", "") if "absent_paid" in kinds else None


def account(book: Book) -> Account:
    """The account, kept by walking minute by minute and label by label, rounding nothing."""
    found: Account = {}

    def enter(month: str, pool: str, unit: str, line: tuple[str, str], much: Fraction, cost: Fraction) -> None:
        lines = found.setdefault((month, pool, unit), {})
        before = lines.get(line, (Fraction(0), Fraction(0)))
        lines[line] = (before[0] + much, before[1] + cost)

    for at, amount in book.one_offs:
        if at <= book.ended:
            enter(month_of(book, at), "", "once", ("tooling", ""), Fraction(1), Fraction(amount))
    for pool in POOLS:
        for worker in range(2):
            for minute in range(book.ended):
                rate = book.price_at(minute)[0].get(pool, Contract()).hourly
                line = None if rate is None else spent_on(book, pool, worker, minute)
                if line is not None:
                    enter(month_of(book, minute), pool, "h", line, Fraction(1, 60), Fraction(rate or 0, 60))
        number = 0
        done = [task for task in book.in_order() if task[3] == pool and task[6] is not None]
        for task in sorted(done, key=lambda task: task[6] or 0):
            terms, factors = book.price_at(task[6] or 0)
            contract = terms.get(pool, Contract())
            if contract.per_label and task[7] not in ATTEMPTS:
                line, cost = activity_of(book, task), Fraction(0)
                if line[0] != "rework" or contract.rework_paid:
                    number += 1
                    prices = (tier.price for tier in contract.per_label if tier.up_to is None or number <= tier.up_to)
                    cost = next(prices) * FACTORS[factors[line[1]]]
                enter(month_of(book, task[6] or 0), pool, "labels", line, Fraction(1), cost)
    return found


@given(books())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_ledger_is_the_account_rounded_once_an_invoice(book: Book) -> None:
    """For any log and terms: the lines are those of the account kept minute by minute; each invoice is its exact
    total rounded half up to the minor unit; each line is within a micro-unit of its share of the invoice."""
    found = ledger(book.log(), book.terms(), book.currency)
    expected = account(book)
    keys = list(zip(found["month"], found["pool"], found["unit"], strict=True))
    assert keys == sorted(keys)
    assert set(keys) == set(expected)
    for key, lines in expected.items():
        here = found[[other == key for other in keys]]
        names = list(zip(here["activity"], here["segment"], strict=True))
        assert names == sorted(lines)
        assert here["quantity"].tolist() == pytest.approx([float(lines[name][0]) for name in names], rel=1e-12)
        exact = sum((cost for _, cost in lines.values()), Fraction(0))
        minor = minor_unit(book.currency)
        invoice = math.floor(abs(exact) / minor + Fraction(1, 2)) * minor * (1 if exact > 0 else -1)
        assert sum(here["amount"].tolist()) == invoice
        for name, amount in zip(names, here["amount"].tolist(), strict=True):
            share = invoice * lines[name][1] / exact if exact else Fraction(0)
            assert abs(amount - share) < 1


@given(books())
@settings(max_examples=100, deadline=None, derandomize=True)
def test_any_grouping_sums_to_the_cent(book: Book) -> None:
    """Whatever the ledger is grouped by, the groups sum to the whole, which is a whole number of minor units."""
    found = ledger(book.log(), book.terms(), book.currency)
    whole = sum(found["amount"].tolist())
    assert whole % minor_unit(book.currency) == 0
    columns = ["month", "activity", "segment", "pool", "unit"]
    for size in range(1, len(columns) + 1):
        for by in combinations(columns, size):
            groups = found.groupby(list(by))["amount"].sum()
            assert groups.dtype == "int64"
            assert sum(groups.tolist()) == whole


@given(books(), st.integers(0, 2000))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_date_on_which_nothing_changes_changes_nothing(book: Book, minute: int) -> None:
    """For any book: prices written down once more on any date give the same rows to the micro-unit; and one contract a
    pool without factors and dates is its plain mapping."""
    again = (minute, *book.price_at(minute))
    both = replace(book, prices=sorted([*book.prices, again], key=lambda price: price[0]))
    log = book.log()
    pd.testing.assert_frame_equal(ledger(log, both.terms(), book.currency), ledger(log, book.terms(), book.currency))
    contracts = book.prices[0][1]
    plain = replace(book, prices=[(0, contracts, dict.fromkeys(SEGMENTS, "same"))], one_offs=[])
    pd.testing.assert_frame_equal(ledger(log, plain.terms(), book.currency), ledger(log, contracts, book.currency))


def test_what_the_engine_ran_is_paid_to_the_hour() -> None:
    """Of a run with every mechanism: hours of a pool's lines are its busy and idle hours, its hourly invoices are its
    paid hours times the rate to half a cent each, labels are its finished tasks, and the cost is the ledger's sum."""
    rates = {"team": 31_000_000, "reviewers": 28_990_000}
    line = full(40)
    contracts = {name: Contract(hourly=rate) for name, rate in rates.items()}
    contracts["vendor"] = Contract(per_label=(Tier(100, 420_000), Tier(None, 350_000)))
    log = run(Plan.of(replace(line, horizon_s=14 * 86_400.0)), 1, 0)
    money = ledger(log, contracts)
    found = kpis(log, money)
    assert found["cost"] == sum(money["amount"].tolist()) / 1e6
    for pool, rate in rates.items():
        mine = money[money["pool"] == pool]
        idle = mine["activity"] == "idle"
        assert mine["quantity"][idle].sum() == pytest.approx(found[f"idle_h.{pool}"], rel=1e-12)
        assert mine["quantity"][~idle].sum() == pytest.approx(found[f"busy_h.{pool}"], rel=1e-12)
        for _, invoice in mine.groupby("month"):
            off = abs(int(invoice["amount"].sum()) - float(invoice["quantity"].sum()) * rate)
            assert off <= 5_000 + 1e-3
    tasks = log.tasks[(log.tasks["pool"] == "vendor") & log.tasks["finished_at"].notna()]
    assert money["quantity"][money["pool"] == "vendor"].sum() == len(tasks)


def test_what_the_engine_asked_as_gold_is_paid_as_gold() -> None:
    """Of a run with test questions and short locks: the labels told are the tasks with a result, those on gold items as
    gold; what was broken off has hours and no label."""
    line = full(12)
    first = replace(line.stages[0], gold=Gold(share=0.3), lock_s=300.0)
    log = run(Plan.of(replace(line, stages=(first, *line.stages[1:]), horizon_s=14 * 86_400.0)), 1, 0)
    per_label = Contract(per_label=(Tier(None, 1_000_000),), rework_paid=True)
    money = ledger(log, dict.fromkeys(("team", "vendor", "reviewers"), per_label))
    result = log.tasks["finished_at"].notna() & ~log.tasks["outcome"].isin(ATTEMPTS)
    gold = log.tasks["item"].isin(log.items.loc[log.items["gold"].fillna(False), "item"])
    counts = money.groupby("activity")["quantity"].sum()
    assert counts["gold"] == (result & gold).sum() > 0
    assert counts.sum() == result.sum()
    assert (log.tasks["outcome"] == "surplus").any()
    assert money["amount"].sum() == 1_000_000 * result.sum()
