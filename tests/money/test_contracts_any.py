"""Laws of any contract and any book of work, and its invoices against accounts kept by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import get_args

import pandas as pd
import pytest
from auditor import Auditor, Invoice
from deals import LONGEST, POOLS, WORKERS, Deal, Kind, Label, by_the_piece, contracts, deals
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labelcast.sim.ledger import ledger, minor_unit
from labelcast.sim.ledger.activities import BILLED
from labelcast.sim.line import Contract, Minimum, Tier

PIECES = ("labels", "items", "objects")
PARTS = {
    ("h", ""): "hours",
    ("h", "notice"): "notice by the hour",
    ("audits", ""): "audits",
    **{(unit, ""): "labels" for unit in PIECES},
    **{(unit, "credit"): "corrections" for unit in PIECES},
    **{(unit, "lot_credit"): "share of lots" for unit in PIECES},
    ("lots", "lot_credit"): "lots",
    ("months", ""): "salaries",
    ("months", "fee"): "monthly",
    ("months", "management"): "management",
    ("months", "notice"): "notice",
    ("months", "tax"): "tax",
    ("once", "fee"): "set-up",
    ("people", "hiring"): "hiring",
    ("people", "leaving"): "leaving",
    ("periods", "bonus"): "bonus",
    ("periods", "credit"): "carried",
    ("periods", "late_credit"): "late",
    ("periods", "malus"): "malus",
    ("periods", "shortfall"): "shortfall",
    ("seats", ""): "seats",
}
"""Part of the contract by unit and, where it is no activity of time or labels, by activity."""

steady = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def table_of(deal: Deal) -> pd.DataFrame:
    """The ledger of a deal."""
    return ledger(deal.log(), deal.terms(), deal.currency)


def invoices(deal: Deal) -> dict[Invoice, tuple[str, int, int]]:
    """The ledger's invoices, likewise to the auditor's."""
    shared = any(contract.account for contract in deal.prices[0][1].values())
    there, here, currencies = Counter[Invoice](), Counter[Invoice](), {}
    for row in table_of(deal).itertuples():
        part = PARTS[str(row.unit), str(row.activity) if row.activity in BILLED else ""]
        key = str(row.month), min(deal.prices[0][1]) if shared else str(row.pool), part
        there[key] += int(row.billed)  # type: ignore[arg-type]
        here[key] += int(row.amount)  # type: ignore[arg-type]
        currencies[key] = str(row.currency)
    return {key: (currencies[key], there[key], here[key]) for key in there if there[key]}


def totals(deal: Deal) -> dict[tuple[str, ...], tuple[int, int]]:
    """What a deal costs by month, unit, activity and currency, whatever the pool; parts of nothing are left out."""
    by = table_of(deal).groupby(["month", "unit", "activity", "currency"])[["billed", "amount"]].sum()
    return {key: pair for key, *pair in by.itertuples(name=None) if any(pair)}  # type: ignore[misc]


@pytest.mark.parametrize("kind", get_args(Kind))
@given(st.data())
@settings(steady, max_examples=30)
def test_any_invoice_is_what_the_auditor_makes_it(kind: Kind, data: st.DataObject) -> None:
    """For any contract and work: hours with overtime, salaries, hires, leavers and notice, tiers of both schemes and
    all counts, fees, seats, minimums with ramps and what is carried, raises and tax come to the accounts kept hour by
    hour, in both currencies; and nothing else is billed."""
    deal = data.draw(deals(kind))
    assert invoices(deal) == Auditor(deal).invoices()


@given(deals())
@settings(steady, max_examples=12)
def test_any_grouping_sums_to_the_minor_unit(deal: Deal) -> None:
    """Whatever a ledger is grouped by, the groups sum to the whole: in the home currency, and what is billed in each
    currency; and each whole is one that its currency can pay."""
    table = table_of(deal)
    whole = sum(table["amount"].tolist())
    assert whole % minor_unit(deal.currency) == 0
    by_currency = {str(name): sum(rows["billed"].tolist()) for name, rows in table.groupby("currency")}
    assert all(billed % minor_unit(name) == 0 for name, billed in by_currency.items())
    columns = ["month", "activity", "segment", "pool", "unit"]
    for size in range(1, len(columns) + 1):
        for by in combinations(columns, size):
            sums = table.groupby(list(by))["amount"].sum()
            assert sums.dtype == "int64"
            assert sum(sums.tolist()) == whole
            each = table.groupby([*by, "currency"])["billed"].sum()
            found = Counter[str]()
            for key, billed in each.items():
                found[str(key[-1])] += int(billed)  # type: ignore[index]
            assert found == Counter(by_currency)


def under_one_contract(deal: Deal, split: bool) -> Deal:
    """The deal with the team's contract for both pools, as one account; or, not split, with all of its work and people
    in the team."""
    prices = tuple(
        (at, dict.fromkeys(POOLS if split else POOLS[:1], replace(mine[min(mine)], account="acme")), factors)
        for at, mine, factors in deal.prices
    )
    if split:
        return replace(deal, prices=prices)
    labels = tuple(one._replace(pool=POOLS[0]) for one in deal.labels)
    presence = tuple((POOLS[0], *rest) for _, *rest in deal.presence)
    return replace(deal, prices=prices, labels=labels, presence=presence)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", get_args(Kind))
@given(st.data())
@settings(steady, max_examples=12)
def test_a_pool_split_in_two_under_one_contract_costs_the_same(kind: Kind, data: st.DataObject) -> None:
    """Whoever of a pool is in which of two pools of its contract: each month, unit, activity and currency comes to the
    same but what hours and salaries of a rounded invoice went to, whose sum does."""
    deal = data.draw(deals(kind))
    one, two = (totals(under_one_contract(deal, split)) for split in (False, True))
    assert invoices_of(one) == invoices_of(two)


def invoices_of(parts: dict[tuple[str, ...], tuple[int, int]]) -> dict[tuple[str, ...], tuple[int, int]]:
    """The totals of whole invoices."""
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    for (month, unit, activity, currency), (billed, amount) in parts.items():
        key = month, PARTS[unit, activity if activity in BILLED else ""], currency
        before = found.get(key, (0, 0))
        found[key] = before[0] + billed, before[1] + amount
    return found


@given(deals(), st.floats(1.0, 9.0).map(lambda over: round(over, 6)))
@settings(steady, max_examples=20)
def test_a_contract_of_nothing_costs_nothing(deal: Deal, overtime: float) -> None:
    """Zero prices, fees and minimums cost zero, whatever else the contract says and whatever was done."""

    def free(contract: Contract) -> Contract:
        tiers = tuple(Tier(tier.up_to, 0) for tier in contract.per_label)
        minimum = None if contract.minimum is None else replace(contract.minimum, amount=0)
        none = None if contract.salary is None else 0
        nothing = replace(contract, hourly=0, salary=none, per_label=tiers, monthly=0, management=0, set_up=0, seat=0)
        nothing = replace(nothing, hiring=0, leaving=0)
        if contract.audit is not None:
            nothing = replace(nothing, audit=replace(contract.audit, price=0))
        if contract.lots is not None:
            nothing = replace(nothing, lots=replace(contract.lots, amount=0))
        return replace(nothing, overtime=overtime, minimum=minimum)

    prices = tuple((at, {pool: free(one) for pool, one in mine.items()}, factors) for at, mine, factors in deal.prices)
    table = table_of(replace(deal, prices=prices))
    assert not table[["amount", "billed"]].any(axis=None)
    told = {"h", *PIECES} & set(table_of(deal)["unit"])
    assert told <= set(table["unit"]), "what costs nothing is told"


@given(deals("labels"), st.integers(0, LONGEST), st.sampled_from(POOLS))
@settings(steady, max_examples=25)
def test_more_volume_never_costs_less_under_marginal_tiers(deal: Deal, finish: int, pool: str) -> None:
    """A label more, at any time and of any of the account's pools: labels by marginal tiers of whole cents cost as much
    or more. (All units, a list that changes, and finer granularity in dearer tiers may cost less.)"""
    finish = min(finish, deal.ended)
    whole = [
        Tier(tier.up_to, tier.price // 10_000 * 10_000) for tier in next(iter(deal.prices[0][1].values())).per_label
    ]
    count = deal.prices[0][1][min(deal.prices[0][1])].count
    contract = Contract(per_label=tuple(whole), count=count, rework_paid=True, account="acme")
    same = dict.fromkeys(("street", "night"), "same")
    plain = replace(deal, currency="EUR", prices=((0, dict.fromkeys(POOLS, contract), same),))
    labels = [*plain.labels, Label(finish, finish, pool, None, 0, "street")]
    more = replace(plain, labels=tuple(sorted(labels, key=lambda label: label.finish)))
    less, much = (sum(table_of(one)["amount"].tolist()) for one in (plain, more))
    cheapest, dearest = (pick(tier.price for tier in whole) for pick in (min, max))
    assert less + cheapest <= much <= less + dearest


@given(deals(), st.integers(1, LONGEST))
@settings(steady, max_examples=25)
def test_a_date_on_which_nothing_changes_changes_nothing(deal: Deal, hour: int) -> None:
    """What holds, agreed once more on any date: the same rows to the micro-unit, and prices rise on the same days."""
    _, mine, factors = [price for price in deal.prices if price[0] <= hour][-1]
    again = replace(deal, prices=tuple(sorted([*deal.prices, (hour, mine, factors)], key=lambda price: price[0])))
    pd.testing.assert_frame_equal(table_of(again), table_of(deal))


@given(deals("commitment"), st.integers(1, 400_000_000))
@settings(steady, max_examples=15)
def test_a_minimum_costs_no_less_than_none(deal: Deal, amount: int) -> None:
    """What is used and what it lacks to a minimum cost no less than without one, and no more than where nothing of a
    shortfall can be worked off later."""

    def cost(minimum: Minimum | None) -> int:
        prices = tuple(
            (at, {pool: replace(one, minimum=minimum, tax=0.0) for pool, one in mine.items()}, factors)
            for at, mine, factors in deal.prices
        )
        table = table_of(replace(deal, prices=prices))
        return sum(table["billed"].tolist())

    assert cost(None) <= cost(Minimum(amount, carry=2)) <= cost(Minimum(amount))


def test_the_auditor_reads_every_part() -> None:
    """A month worked out by hand, so that auditor and ledger are not wrong alike: 10 hours at 10.00, one label, a seat,
    a fee and a minimum of 200, of which 110 are used; 19% on 100 + 10 + 5 + 20 + 90."""
    contract = Contract(
        hourly=10_000_000,
        per_label=(Tier(None, 10_000_000),),
        monthly=20_000_000,
        seat=5_000_000,
        minimum=Minimum(200_000_000),
        tax=0.19,
    )
    deal = Deal(
        "2027-01-01T00:00:00+00:00",
        "UTC",
        "EUR",
        30 * 24,
        ((0, {"team": contract}, {"street": "same", "night": "same"}),),
        (Label(30, 30, "team", None, 0, "street"),),
        (("team", WORKERS["team"][0], 8, 18, "working"),),
        {},
    )
    expected = {"hours": 100, "labels": 10, "monthly": 20, "seats": 5, "shortfall": 90, "tax": 42.75}
    right = {
        ("2027-01", "team", part): ("EUR", round(much * 10**6), round(much * 10**6)) for part, much in expected.items()
    }
    assert Auditor(deal).invoices() == right
    assert invoices(deal) == right


def test_contracts_are_of_every_form() -> None:
    """Sixty contracts drawn have every part, with something in it, and lack it."""
    seen: list[Contract] = []

    @given(contracts().flatmap(by_the_piece))
    @settings(steady, max_examples=60, database=None)
    def collect(contract: Contract) -> None:
        seen.append(contract)

    collect()
    neutral = vars(Contract())
    for name in set(neutral) - {"account"}:
        assert {getattr(contract, name) == neutral[name] for contract in seen} == {True, False}, name
