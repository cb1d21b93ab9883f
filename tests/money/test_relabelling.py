"""What rollbacks cost, apart from other rework."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest
from books import book_log
from engine.test_flow_relabel import STRICT, rolled
from flows import annotate, line_of, people, review, simulate

from labelcast.sim.kpis import kpis
from labelcast.sim.ledger import ledger
from labelcast.sim.line import Contract, Line, Relabel, Tier
from labelcast.sim.log import Log
from labelcast.sim.replicate import replicate, summaries

A_MINUTE = Contract(hourly=60_000_000)
"""One unit of the currency a minute."""

A_CENT = 1e-3
"""An invoice of a few EUR is rounded to the cent, and its rows with it."""


def amounts(log: Log, contracts: dict[str, Contract]) -> tuple[dict[str, int], pd.DataFrame]:
    """Amounts by activity, idle time left out, and the ledger."""
    table = ledger(log, contracts)
    sums = table.groupby("activity", observed=True)["amount"].sum()
    return {name: int(amount) for name, amount in sums.items() if name != "idle"}, table


def test_a_rollback_is_an_activity_of_its_own() -> None:
    """Three items of a minute at 1 EUR a minute; at 200 s the two that were delivered since 120 s are labelled anew:
    3 EUR are annotation, 2 EUR relabelling, and nothing is rework."""
    log = simulate(rolled(3, Relabel(200.0, "annotate", since_s=120.0)))
    found, table = amounts(log, {"annotators": A_MINUTE})
    assert found == pytest.approx({"annotate": 3_000_000, "relabelling": 2_000_000}, rel=A_CENT)
    measured = kpis(log, table)
    assert measured["relabel_cost"] == found["relabelling"] / 1e6
    assert measured["items_relabelled"] == 2
    assert measured["relabel_h"] == pytest.approx(120 / 3600)


def test_other_rework_stays_rework() -> None:
    """Two labels an item and a review that rejects all, with one return: before the rollback 2 minutes of annotation
    and 1 of rework; after it 3 of relabelling, its own return included; reviews, 10 s each, are reviews in all four."""
    stages = (annotate(to="review", labels_per_item=2), review(by="judges", rounds=1))
    pools = (people("annotators", 2), people("judges", **STRICT))
    log = simulate(line_of(1, stages, *pools, relabels=(Relabel(1000.0, "annotate"),)))
    found, table = amounts(log, {"annotators": A_MINUTE, "judges": A_MINUTE})
    assert found == {"annotate": 2_000_000, "relabelling": 3_000_000, "review": 666_667, "rework": 1_000_000}
    assert kpis(log, table)["relabel_h"] == pytest.approx((180 + 20) / 3600)


@pytest.mark.parametrize(("paid", "owed"), [(False, 0), (True, 2_000_000)])
def test_who_is_not_paid_for_rework_is_not_paid_for_relabelling(paid: bool, owed: int) -> None:
    """By the label: 3 labels of 1 EUR, and 2 of a rollback, which are rework to the contract."""
    log = simulate(rolled(3, Relabel(200.0, "annotate", since_s=120.0)))
    priced = Contract(per_label=(Tier(None, 1_000_000),), rework_paid=paid)
    assert amounts(log, {"annotators": priced})[0] == {"annotate": 3_000_000, "relabelling": owed}


def test_an_item_that_goes_back_twice_counts_once() -> None:
    """All three items go back at 200 s, and again at 1,000 s: three items, six labels anew."""
    log = simulate(rolled(3, Relabel(200.0, "annotate"), Relabel(1000.0, "annotate")))
    assert sorted(log.tasks["rollbacks"]) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    found, table = amounts(log, {"annotators": A_MINUTE})
    assert found["relabelling"] == pytest.approx(6_000_000, rel=A_CENT)
    assert kpis(log, table)["items_relabelled"] == 3


def dice(share: float) -> Line:
    """A hundred items of a minute, of which each goes back with this chance."""
    line = rolled(100, Relabel(1e5, "annotate", share=share), team=5)
    paid = tuple(dataclasses.replace(pool, contract=A_MINUTE) for pool in line.pools)
    return dataclasses.replace(line, pools=paid)


def test_what_a_rollback_costs_has_percentiles_of_its_own() -> None:
    """A share of 30% of 100 items, each a minute at 1 EUR: in each of 40 replications it costs as many EUR as items
    went back, from P5 to P95 as wide as a binomial: 22 to 38, within 4 standard errors of a percentile (about 5). A
    share of nought costs nothing, and of one everything."""
    runs = replicate(dice(0.3), 40, seed=2, processes=1)
    assert runs.kpis["relabel_cost"].tolist() == pytest.approx(runs.kpis["items_relabelled"].tolist())
    summary = dict(summaries(runs))["relabel_cost"]
    assert abs(summary.p5 - 22) <= 5
    assert abs(summary.p50 - 30) <= 5
    assert abs(summary.p95 - 38) <= 5
    assert [replicate(dice(share), 2, seed=2, processes=1).kpis["relabel_cost"].tolist() for share in (0.0, 1.0)] == [
        pytest.approx([0.0, 0.0]),
        pytest.approx([100.0, 100.0]),
    ]


def test_a_log_without_rollbacks_withholds_it() -> None:
    """Where nothing tells of rollbacks nobody says that they cost nothing."""
    log = book_log(["street"], [(0, "annotate", 0, "team", 0, 0, 60_000)], [("team", 0, 0, 60_000)], 60_000)
    found = kpis(log, ledger(log, {"team": A_MINUTE}))
    assert math.isnan(found["relabel_cost"])
    assert math.isnan(found["items_relabelled"])
