"""The chance that an investment pays, where it is known."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from invested import PROJECT, project
from scipy import special, stats

from labelcast.reports.investment.whole import Asked, Pair, outcome
from labelcast.scenarios.load import load
from labelcast.scenarios.unsure import Unsure
from labelcast.sim.engines import ENGINES, prepare
from labelcast.sim.replicate import Runs, replicate

RUNS = 300
LOW, HIGH, PRICE, CHANCE = 0.7, 1.1, 0.1, 0.75
LATER = (
    PROJECT.replace("hourly: 20 EUR", f"per_label: {PRICE} EUR")
    .replace("16_000 items", "3_000 items")
    .replace("2027-01-18T09:00", "2027-01-31T20:00")
    .replace("time: {lognormal: {median: 120 s, p95: 300 s}}", "time: 200 s")
)


@pytest.mark.verify
def test_the_chance_that_it_pays_is_that_of_its_effect(tmp_path: Path) -> None:
    """A price per label that falls by a factor of which only a range is known, for 3,000 labels that are all given
    after it, pays where the factor is low enough: so often as a lognormal is below that. Of 300 replications so many
    pay as a binomial of that chance reaches with chance 99.9%; the mean is the lognormal's within 3.3 standard errors
    (0.1%), and the payback is in the month in which it all happens, exactly where it pays."""
    middle, spread = math.log(LOW * HIGH) / 2, math.log(HIGH / LOW) / (2 * 1.959963984540054)
    edge = math.exp(middle + spread * float(special.ndtri(CHANCE)))
    prepare(ENGINES[0])
    path = project(tmp_path, text=LATER)
    plain = replicate(load(path), 2, 1, 1)
    rows = plain.ledger[plain.ledger["month"] == "2027-02"]
    labels = rows["quantity"].to_numpy(np.float64)
    assert labels.tolist() == [3_000.0] * 2
    assert set(plain.ledger["month"]) == {"2027-02"}
    saved = 3_000 * PRICE
    cost = round((1 - edge) * saved, 2)
    effect = f"path: pools.team.pay.per_label, factor: {LOW}..{HIGH}"
    path = project(tmp_path, f"on: 2027-02-01, why: deal, {effect}, cost: {cost} EUR", text=LATER)
    runs = [_runs(path, entries) for entries in ((), (0,))]
    (one,) = outcome([Pair("deal", (0,), *runs)], Asked(2, 0.0)).found
    assert stats.binom.ppf(0.0005, RUNS, CHANCE) <= one.pays.count <= stats.binom.ppf(0.9995, RUNS, CHANCE)
    assert one.pays.low <= one.pays.share <= one.pays.high
    expected = saved * (1 - math.exp(middle + spread**2 / 2)) - cost
    error = float(one.values.std(ddof=1)) / math.sqrt(RUNS)
    assert abs(one.npv.mean - expected) < 3.3 * error
    assert one.discounted.within.count == (one.values >= 0).sum()
    assert one.simple.p10 == 1


def _runs(path: Path, entries: tuple[int, ...]) -> Runs:
    lines = Unsure(path, None, 1, without=entries)
    drawn = lines.lines if lines.paths[0] else None
    return replicate(load(path, without=entries), RUNS, 1, 1, lines=drawn)
