"""What label quality says of simulated labels against what they were made with: do its intervals hold the truth?"""

from __future__ import annotations

from dataclasses import astuple, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from crowds import draw, from_priors, usual

from labelcast.calibration.workers import forecast
from labelcast.calibration.workers import quality as room
from labelcast.calibration.workers.chain import sample
from labelcast.calibration.workers.difficulty import FIRST, Difficulty
from labelcast.calibration.workers.quality import quality
from labelcast.calibration.workers.reading import read_labels
from labelcast.calibration.workers.rules import designed, outcomes
from labelcast.calibration.workers.wrong import fit_wrong
from labelcast.sim.line import DELIVER, Calendar, Distribution, Line, Pool, Segment, Stage
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run
from labelcast.sim.statistics import coverage
from labelcast.sim.store import write_log


@pytest.mark.verify
@pytest.mark.parametrize(("hard", "logs"), [(False, 70), (True, 50)])
def test_posterior_intervals_hold_what_was_drawn_from_the_priors(hard: bool, logs: int) -> None:
    """Parameters drawn from the chain's own priors, labels from them: 95% intervals then hold them in 95 of 100 logs by
    theory, whatever the size. Logs with less than half or more than 97% right are left out, which theory allows because
    it is told by the data. Per parameter (two abilities, three spreads; the share, mean and spread of hard items where
    there are some) and for the logits of all workers together, so many logs of 20 workers and 150 items with three
    labels: the exact 99% interval of the rate holds 95%."""
    rng = np.random.default_rng(1)
    inside, logits = [], []
    while len(inside) < logs:
        crowd = from_priors(20, 2, rng, hard)
        data = draw(crowd, 150, 3, rng)
        true = data.truth[data.item]
        right = (data.label == true).astype(np.int64)
        if not 0.5 <= right.mean() <= 0.97:
            continue
        first = Difficulty(1.0, *FIRST) if hard else None
        draws = sample(data.worker, true, data.item, right, (20, 2, 150), hard=first, sweeps=3000)
        told = [draws.ability, draws.spreads, draws.hard[:, : 3 * hard]]
        low, high = np.quantile(np.column_stack(told), (0.025, 0.975), axis=0)
        items = astuple(crowd.difficulty)[: 1 + 3 * hard]
        truth = np.array([*crowd.ability, crowd.skill_sd, crowd.leaning_sd, *items])
        inside.append((low <= truth) & (truth <= high))
        low, high = np.quantile(draws.able, (0.025, 0.975), axis=0)
        logits.append(((low <= crowd.able) & (crowd.able <= high)).mean())
    for held in np.array(inside).T:
        rate = coverage(int(held.sum()), len(held))
        assert rate.low <= 0.95 <= rate.high, rate
    error = np.std(logits, ddof=1) / np.sqrt(len(logits))
    assert np.mean(logits) == pytest.approx(0.95, abs=2.6 * error + 0.01)  # 200 draws: quantiles a little narrow


@pytest.mark.verify
def test_attractors_come_back() -> None:
    """Profile intervals of attractors of 0.6 to 8 hold them: 100 logs of 300 items, three labels, three classes with
    shares that are drawn; the exact 99% interval of the rate holds 95%."""
    rng, hits, told = np.random.default_rng(2), 0, 0
    for _ in range(100):
        share = rng.dirichlet(np.full(3, 2.0), 3) * (1 - np.eye(3))
        crowd = replace(
            usual(40, 3, rng),
            share=share / share.sum(axis=1, keepdims=True),
            attractor=float(np.exp(rng.uniform(-0.5, 2.1))),
        )
        found = fit_wrong(draw(crowd, 300, 3, rng))
        if found.low is not None:
            told += 1
            hits += found.low <= crowd.attractor <= found.high
    assert told > 90
    rate = coverage(hits, told)
    assert rate.low <= 0.95 <= rate.high, rate


@pytest.mark.verify
def test_forecasts_hold_what_majorities_deliver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Majorities of three and five, forecast from 200 items with three labels by 30 workers, against 60,000 items drawn
    at the true parameters with the same mix: 95% intervals hold the truth in a share of 24 logs whose exact 99%
    interval holds 95%. Spreads are drawn from the priors, abilities around 1.5; widening for few items is off, as there
    are more than a hundred."""
    monkeypatch.setattr(room, "MOST", 1500)
    rng = np.random.default_rng(3)
    hits = {3: 0, 5: 0}
    for _ in range(24):
        skill, leaning, difficulty = abs(rng.normal(0, 1, 3))
        crowd = usual(30, 3, rng, skill_sd=skill, leaning_sd=leaning, difficulty_sd=difficulty)
        crowd = replace(crowd, ability=rng.normal(1.5, 0.7, 3), attractor=float(np.exp(rng.uniform(0, 2.1))))
        data = draw(crowd, 200, 3, rng)
        accuracy = quality(data).accuracy
        luck = np.random.default_rng(4)
        design = designed(accuracy.model.mix, np.bincount(data.worker, minlength=30), 60_000, 5, luck)
        rules = [one.rule for one in accuracy.forecasts[:5]]
        true = outcomes(rules, design, crowd.able, crowd.difficulty, crowd.share * crowd.attractor, luck).right
        for k in hits:
            hits[k] += accuracy.forecasts[k - 1].low <= true[k - 1] <= accuracy.forecasts[k - 1].high
    for held in hits.values():
        rate = coverage(held, 24)
        assert rate.low <= 0.95 <= rate.high, rate


def test_a_scenarios_line_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's own log, read as any log is: skill, its spread and difficulty lie in 99.9% intervals (1.7 times the
    95% ones), and the truth of every item is its gold. One seed."""
    monkeypatch.setattr(forecast, "ITEMS", 1000)
    line = Line(
        name="recovery", start=datetime(2027, 1, 4, 9), timezone="UTC", currency="EUR", horizon_s=20 * 7 * 86_400.0,
        segments=(Segment("items", backlog=600, classes={"car": 0.5, "bus": 0.3, "tram": 0.2}, difficulty_sd=0.9),),
        calendars=(Calendar("office", "UTC", tuple((d, 9 * 3600, 12 * 3600) for d in range(5))),),
        pools=(Pool("team", 20, "office", skill_mean=1.4, skill_sd=0.5),),
        stages=(
            Stage(
                "annotate", "annotate", (("team", 1.0),), Distribution("lognormal", {"median": 100.0, "sigma": 0.4}),
                {"labelled": DELIVER, "tied": DELIVER}, labels_per_item=3,
            ),
        ),
        first="annotate",
    )  # fmt: skip
    path = tmp_path / "log.parquet"
    write_log(path, [run(Plan.of(line), seed=5, replication=0)])
    labels = read_labels([path])
    assert (labels.data.truth >= 0).all()
    found = {one.name: one for one in quality(labels.data).accuracy.numbers}
    wanted = {"skill spread": 0.5, "difficulty spread": 0.9}
    wanted |= {f"ability at {name}": 1.4 for name in ("car", "bus", "tram")}
    for name, value in wanted.items():
        one = found[name]
        low, high = (one.value + 1.7 * (end - one.value) for end in (one.low, one.high))
        assert low <= value <= high, one
