"""The ledger of any log, against an account kept minute by minute in exact fractions."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from books import book_log
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import full

from labelcast.sim.kpis import kpis
from labelcast.sim.ledger import ledger, minor_unit
from labelcast.sim.line import Contract, Tier
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run

MINUTE = 60_000
ORIGINS = [
    ("2027-03-27T20:30:00+01:00", "Europe/Paris"),  # summer time begins
    ("2027-10-31T01:30:00+02:00", "Europe/Paris"),  # summer time ends, and so does the month
    ("2026-12-31T20:00:00-05:00", "America/New_York"),
    ("2028-02-29T12:00:00+05:30", "Asia/Kolkata"),
]
POOLS, SEGMENTS = ("team", "vendor"), ("street", "night")


@dataclass(frozen=True)
class Book:
    """A log in minutes, what is paid for it, and in which currency."""

    origin: str
    timezone: str
    segments: list[str]
    tasks: list[tuple[int, str, int, str, int, int, int | None]]
    presence: list[tuple[str, int, int, int]]
    ended: int
    contracts: dict[str, Contract]
    currency: str

    def log(self) -> Log:
        """Its log, in canonical order like any."""
        tasks = [
            (*t[:5], t[5] * MINUTE, None if t[6] is None else t[6] * MINUTE)
            for t in sorted(self.tasks, key=lambda t: (t[0], ("annotate", "review", "adjudicate").index(t[1]), t[2]))
        ]
        presence = [(pool, worker, a * MINUTE, b * MINUTE) for pool, worker, a, b in self.presence]
        return book_log(self.segments, tasks, presence, self.ended * MINUTE, self.origin, self.timezone)


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Any book: shifts with gaps, tasks on and off shift, overlapping ones too, open ones, contracts of every form."""
    whole = draw(st.integers(1, 2000))
    minute = st.integers(0, whole)
    presence = []
    for pool in POOLS:
        for worker in range(draw(st.integers(0, 2))):
            marks = sorted(draw(st.sets(minute, max_size=6)))
            presence += [(pool, worker, a, b) for a, b in zip(marks[::2], marks[1::2], strict=False)]
    segments = draw(st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=4))
    tasks = []
    for _ in range(draw(st.integers(0, 10))):
        begin, end = sorted((draw(minute), draw(minute)))
        kind = draw(st.sampled_from(["annotate", "annotate", "review", "adjudicate"]))
        item, turn = draw(st.integers(0, len(segments) - 1)), draw(st.integers(0, 1))
        pool, worker = draw(st.sampled_from(POOLS)), draw(st.integers(0, 1))
        tasks.append((item, kind, turn, pool, worker, begin, draw(st.sampled_from([end, end, end, None]))))
    price = st.integers(0, 40_000_000)
    contracts = {}
    for pool in draw(st.sets(st.sampled_from(POOLS))):
        bounds = sorted(draw(st.sets(st.integers(1, 6), max_size=2)))
        tiers = (*(Tier(n, draw(price)) for n in bounds), Tier(None, draw(price)))
        per_label = tiers if draw(st.booleans()) else ()
        contracts[pool] = Contract(draw(st.none() | price), per_label, draw(st.booleans()))
    origin, zone = draw(st.sampled_from(ORIGINS))
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    return Book(origin, zone, segments, tasks, presence, whole, contracts, currency)


Account = dict[tuple[str, str, str], dict[tuple[str, str], tuple[Fraction, Fraction]]]
"""By month, pool and unit: by activity and segment, how much and what it costs exactly."""


def account(book: Book) -> Account:
    """The account, kept by walking minute by minute and label by label, rounding nothing."""
    found: Account = {}
    log_order = sorted(book.tasks, key=lambda t: (t[0], ("annotate", "review", "adjudicate").index(t[1]), t[2]))

    def month_of(minute: int) -> str:
        moment = datetime.fromisoformat(book.origin).astimezone(UTC) + timedelta(minutes=minute)
        return moment.astimezone(ZoneInfo(book.timezone)).strftime("%Y-%m")

    def activity_of(task: tuple[int, str, int, str, int, int, int | None]) -> tuple[str, str]:
        return ("rework" if task[1] == "annotate" and task[2] else task[1]), book.segments[task[0]]

    def enter(month: str, pool: str, unit: str, line: tuple[str, str], much: Fraction, cost: Fraction) -> None:
        lines = found.setdefault((month, pool, unit), {})
        before = lines.get(line, (Fraction(0), Fraction(0)))
        lines[line] = (before[0] + much, before[1] + cost)

    for pool, contract in book.contracts.items():
        rate = contract.hourly
        for who, worker, a, b in book.presence if rate is not None else []:
            for minute in range(a, b) if who == pool else []:
                at = [
                    task
                    for task in log_order
                    if task[3:5] == (pool, worker) and task[5] <= minute < (book.ended if task[6] is None else task[6])
                ]
                line = activity_of(min(at, key=lambda task: task[5])) if at else ("idle", "")
                enter(month_of(minute), pool, "h", line, Fraction(1, 60), Fraction(rate or 0, 60))
        number = 0
        done = [task for task in log_order if task[3] == pool and task[6] is not None]
        for task in sorted(done, key=lambda task: task[6] or 0) if contract.per_label else []:
            line = activity_of(task)
            cost = 0
            if line[0] != "rework" or contract.rework_paid:
                number += 1
                cost = next(tier.price for tier in contract.per_label if tier.up_to is None or number <= tier.up_to)
            enter(month_of(task[6] or 0), pool, "labels", line, Fraction(1), Fraction(cost))
    return found


@given(books())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_ledger_is_the_account_rounded_once_an_invoice(book: Book) -> None:
    """For any log and contracts: the lines are those of the account kept minute by minute; each invoice is its exact
    total rounded half up to the minor unit; each line is within a micro-unit of its share of the invoice."""
    found = ledger(book.log(), book.contracts, book.currency)
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
        invoice = math.floor(exact / minor + Fraction(1, 2)) * minor
        assert sum(here["amount"].tolist()) == invoice
        for name, amount in zip(names, here["amount"].tolist(), strict=True):
            share = invoice * lines[name][1] / exact if exact else Fraction(0)
            assert abs(amount - share) < 1


@given(books())
@settings(max_examples=100, deadline=None, derandomize=True)
def test_any_grouping_sums_to_the_cent(book: Book) -> None:
    """Whatever the ledger is grouped by, the groups sum to the whole, which is a whole number of minor units."""
    found = ledger(book.log(), book.contracts, book.currency)
    whole = sum(found["amount"].tolist())
    assert whole % minor_unit(book.currency) == 0
    columns = ["month", "activity", "segment", "pool", "unit"]
    for size in range(1, len(columns) + 1):
        for by in combinations(columns, size):
            groups = found.groupby(list(by))["amount"].sum()
            assert groups.dtype == "int64"
            assert sum(groups.tolist()) == whole


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
