"""What is counted before it is priced, and that it is the same however the rows come."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from anyline import lines
from deals import amended, contracts, span_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labelcast.sim.employment import Moves
from labelcast.sim.kernel import run
from labelcast.sim.ledger import (
    ACTIVITIES,
    Period,
    Spent,
    Terms,
    accounts,
    activity_codes,
    books_of,
    fold_labels,
    frame,
    ledger,
    nothing,
    prices,
    spent,
    stretches,
)
from labelcast.sim.line import Contract, Epoch, Exchange, Line, Pool
from labelcast.sim.log import ATTEMPTS, Log
from labelcast.sim.paid import Paid
from labelcast.sim.plan import Plan
from labelcast.sim.tables import NULL, codes, ints, names
from labelcast.sim.tally.columns import PAID_NUMBER, ROLLBACKS, TASK_WIDTH

DAY = 86_400_000
PARIS = ZoneInfo("Europe/Paris")


@st.composite
def paid_lines(draw: st.DrawFn) -> Line:
    """Any line from the noon before a month's end, each of whose pools has any contract, or all of them one together;
    and the same contract at other prices after two hours, or none by the label any more."""
    line = draw(lines())
    mine = {pool.name: draw(contracts()) for pool in line.pools}
    if draw(st.booleans()):
        mine = dict.fromkeys(mine, dataclasses.replace(draw(contracts("labels")), account="acme"))
    unpriced = draw(st.booleans())

    def later(contract: Contract) -> Contract:
        return dataclasses.replace(contract, per_label=()) if unpriced else amended(contract, 10_000)

    line = dataclasses.replace(line, start=datetime(2027, 3, 31, 12), pools=signed(line.pools, mine), epochs=())
    rates = tuple(Exchange(name, 0.0, rate) for name, rate in (("USD", 0.92), ("KRW", 0.0006), ("OMR", 2.4)))
    after = signed(line.pools, {name: later(contract) for name, contract in mine.items()})
    return dataclasses.replace(line, exchange=rates, epochs=(Epoch(7200.0, pools=after),))


def signed(pools: tuple[Pool, ...], contracts: dict[str, Contract]) -> tuple[Pool, ...]:
    """The pools with these contracts."""
    return tuple(dataclasses.replace(pool, contract=contracts[pool.name]) for pool in pools)


def chunk(log: Log, first: int, last: int, number: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Items `first` to `last` of a log with their tasks in the layout of chunks, as far as it is read; the tasks of an
    item last first."""
    items = np.full((last - first, 16), NULL, np.int64)
    items[:, 1] = codes(log.items["segment"])[first:last]
    items[:, 4] = ints(log.items["delivered_at"])[first:last]
    items[:, 7] = log.items["gold"].to_numpy(np.int64, na_value=-1)[first:last]
    of_item = np.searchsorted(ints(log.items["item"]), ints(log.tasks["item"]))
    items[:, 15] = np.bincount(of_item, minlength=len(log.items))[first:last]
    rows = np.flatnonzero((of_item >= first) & (of_item < last))
    rows = rows[np.lexsort((-rows, of_item[rows]))]
    tasks = np.full((len(rows), TASK_WIDTH), NULL, np.int64)
    for place, column in ((1, "stage"), (4, "pool"), (16, "outcome")):
        tasks[:, place] = codes(log.tasks[column])[rows]
    for place, column in ((2, "round"), (3, "replica"), (11, "finished_at"), (ROLLBACKS, "rollbacks")):
        tasks[:, place] = ints(log.tasks[column])[rows]
    tasks[:, PAID_NUMBER] = number[rows]
    return items, tasks


def paid_numbers(log: Log, terms: Terms) -> np.ndarray:
    """The number of each task among the paid labels of its account and count, counted one by one as they finish; 0 for
    none."""
    number, taken = np.zeros(len(log.tasks), np.int64), Counter[tuple[str, str]]()
    questions = set(log.items["item"][log.items["gold"].fillna(False) & log.items["delivered_at"].isna()])
    for row, task in log.tasks.sort_values("finished_at", kind="stable").iterrows():
        if pd.isna(task["finished_at"]) or pd.isna(task["pool"]) or task["outcome"] in ATTEMPTS:
            continue
        period = [each for each in terms.periods if each.from_ms <= max(task["finished_at"], 0)][-1]
        contract = period.contract(task["pool"])
        again = log.provenance.roles[task["stage"]] == "annotate" and task["round"] > 0
        if contract.per_label and (contract.rework_paid or not again or task["item"] in questions):
            moment = log.provenance.moment + timedelta(milliseconds=int(task["finished_at"]))
            month = f"{moment.astimezone(ZoneInfo(log.provenance.timezone)):%Y-%m}"
            key = contract.account or task["pool"], span_of(month, contract.count)
            taken[key] += 1
            number[row] = taken[key]
    return number


def folded(log: Log, terms: Terms, found: Spent, cuts: list[int]) -> np.ndarray:
    """The table of labels, folded from the chunks between the cuts."""
    pools, segments = names(log.tasks["pool"]), names(log.items["segment"])
    price = prices(terms, found.stretches, pools)
    counted = nothing(terms, found.stretches, price, len(segments))
    kinds = [log.provenance.roles[stage] for stage in names(log.tasks["stage"])]
    attempts = np.array([name in ATTEMPTS for name in names(log.tasks["outcome"])], np.int64)
    number = paid_numbers(log, terms)
    bounds = [0, *cuts, len(log.items)]
    for first, last in pairwise(bounds):
        items, tasks = chunk(log, first, last, number)
        edges = found.stretches.edges
        tables = price.up_to, price.unit, price.rush, found.stretches.month, *counted[:3]
        fold_labels(items, tasks, activity_codes(kinds), attempts, edges, *tables)
    return counted.labels


@given(paid_lines(), st.data())
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_labels_folded_in_chunks_are_those_of_the_log(line: Line, data: st.DataObject) -> None:
    """For any run and terms: chunks of any items, with the tasks of an item in another order, give the log's table; so
    the number that each label has among the paid ones is right too. Some items are gold, delivered or not."""
    log, terms = run(Plan.of(line), 1, 0), Terms.of(line)
    gold = log.items["gold"].mask(log.items["item"] % 3 == 0, True)
    log = dataclasses.replace(log, items=log.items.assign(gold=gold))
    found = spent(log, terms)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(log.items)), max_size=3)))
    assert np.array_equal(folded(log, terms, found, cuts), found.labels)


@given(paid_lines())
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_the_tables_of_any_run_keep_their_laws(line: Line) -> None:
    """Tasks take no more than the time on shift of their pool and stretch, totals are nested, and stretches to the
    horizon, of which most are empty, make the same ledger as those of the log."""
    log, terms = run(Plan.of(line), 1, 0), Terms.of(line)
    found = spent(log, terms)
    assert (found.busy >= 0).all()
    assert (found.busy.sum(axis=(2, 3)) <= found.paid.on_shift).all()
    for less, more in pairwise(found.paid):
        assert (less <= more).all()
    pools, segments = names(log.tasks["pool"]), names(log.items["segment"])
    wide = stretches(terms, log.provenance.moment, -400 * DAY, round(line.horizon_s * 1000) + 4000 * DAY)
    place = wide.at(found.stretches.edges[:-1])
    assert len(wide.month) > len(found.stretches.month)

    def widened(table: np.ndarray) -> np.ndarray:
        more = np.zeros((table.shape[0], len(wide.month), *table.shape[2:]), np.int64)
        more[:, place] = table
        return more

    paid = Paid(*map(widened, found.paid))
    months = [wide.names.index(name) for name in found.stretches.names]
    seats = np.zeros((len(pools), len(wide.edges)), np.int64)
    seats[:, months] = found.seats[:, : len(months)]
    tables = (
        widened(found.busy),
        paid,
        widened(found.employed[:, : len(found.stretches.month)]),
        seats,
        Moves(*map(widened, found.moves)),
        widened(found.labels),
        found.quality,
        found.refunds,
        found.lots,
    )
    everyone, ended = accounts(terms, pools), log.provenance.ended_at
    again = books_of(Spent(wide, *tables), terms, "EUR", everyone, segments, ended)
    pd.testing.assert_frame_equal(frame(again), ledger(log, terms, "EUR"))


def test_stretches_are_cut_at_months_and_at_terms() -> None:
    """From 20 January to 3 March with new terms in the midst of February, and others on the first of March, where there
    is a cut already; months are local ones."""
    origin = datetime(2027, 1, 20, 12, tzinfo=PARIS)
    march = round((datetime(2027, 3, 1, tzinfo=PARIS) - origin).total_seconds() * 1000)
    terms = Terms((Period(0, {}), Period(25 * DAY, {}), Period(march, {}), Period(9000 * DAY, {})))
    found = stretches(terms, origin, 0, 42 * DAY)
    assert found.names == ["2027-01", "2027-02", "2027-03"]
    assert found.month.tolist() == [0, 1, 1, 2]
    assert found.period.tolist() == [0, 0, 1, 2]
    assert found.edges[2:4].tolist() == [25 * DAY, march]
    assert found.at([0, 25 * DAY - 1, 25 * DAY, march - 1, march]).tolist() == [0, 1, 2, 2, 3]
    with pytest.raises(AssertionError, match="outside"):
        found.at([-100 * DAY])


def test_a_task_has_the_activity_of_its_stage_its_round_and_its_item() -> None:
    """Only annotation becomes rework, or relabelling after a rollback, and on a test question everything is gold."""
    codes_of = activity_codes(["annotate", "inspect", "dedup", "work"])
    assert [ACTIVITIES[code] for code in codes_of[:, 0, 0]] == ["annotate", "review", "tooling", "work"]
    again = [[ACTIVITIES[code] for code in codes_of[:, times, 0]] for times in (1, 2)]
    assert again == [[name, "review", "tooling", "work"] for name in ("rework", "relabelling")]
    assert set(codes_of[:, :, 1].ravel().tolist()) == {ACTIVITIES.index("gold")}
