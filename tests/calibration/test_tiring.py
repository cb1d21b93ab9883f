"""Whether a log tells that people tire: hours at work, the law by hand, false alarms, and a line that comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.export import write_export
from labelcast.calibration.profile import write
from labelcast.calibration.service.practice import finished_before
from labelcast.calibration.service.tiring import Tiring, fit_tiring, hours_at_work
from labelcast.scenarios.load import load
from labelcast.sim.line import DELIVER, Calendar, Distribution, Fatigue, Learning, Line, Pool, Segment, Stage
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run
from labelcast.sim.statistics import coverage

LINE = Line(
    name="tiring",
    start=datetime(2027, 1, 4, 9),
    timezone="UTC",
    currency="EUR",
    horizon_s=20 * 7 * 86_400.0,
    segments=(Segment("items", backlog=3_500, classes={"car": 0.6, "bus": 0.4}),),
    calendars=(Calendar("office", "UTC", tuple((d, 9 * 3600, 13 * 3600) for d in range(5))),),
    pools=(Pool("team", 10, "office", speed_sd=0.3, fatigue=Fatigue(slower=0.08), learning=Learning(exponent=0.05)),),
    stages=(
        Stage(
            "annotate",
            "annotate",
            (("team", 1.0),),
            Distribution("lognormal", {"median": 100.0, "sigma": 0.4}),
            {"labelled": DELIVER, "tied": DELIVER},
        ),
    ),
    first="annotate",
)


def pages(
    rng: np.random.Generator, slower: float, workers: int = 10, days: int = 6, hours: float = 2.5
) -> pd.DataFrame:
    """Pages of two minutes at first of people who differ, learn, pause, and are better on some days than on others."""
    own, done, rows = rng.normal(0, 0.3, workers), np.zeros(workers), []
    who = np.arange(workers)
    for day in range(days):
        level, at = own + rng.normal(0, 0.1, workers), np.zeros(workers)
        while (here := at < 3_600 * hours).any():
            seconds = 120 * np.exp(level + 0.5 * rng.standard_normal(workers)) * (1 + done) ** -0.1
            seconds = seconds * (1 + slower * at / 3_600)
            rows.append(np.column_stack([who, day * 86_400 + at, seconds])[here])
            done, at = done + here, at + seconds * (1 + 0.1 * rng.exponential(size=workers))
    found = pd.DataFrame(np.concatenate(rows), columns=["worker", "at", "seconds"])
    found = found.sort_values(["worker", "at"], ignore_index=True)
    begin = (1000 * found["at"]).round().astype(np.int64)
    end = begin + (1000 * found["seconds"]).round().astype(np.int64)
    return found.assign(begin_ms=begin, end_ms=end, units=1, timed=True)


def fitted(log: pd.DataFrame) -> Tiring:
    """The fit of a log, which there is."""
    worker = log["worker"].to_numpy(np.int64)
    found = fit_tiring(np.log(log["seconds"].to_numpy()), worker, finished_before(log), hours_at_work(log))
    assert found is not None
    return found


def test_hours_begin_with_a_session() -> None:
    """Anew for each worker, after half an hour without a page, and after a page left open for as long; short pauses and
    long work are of the session."""
    minutes = [(0, 0, 10), (0, 15, 60), (0, 60, 70), (0, 100, 110), (1, 105, 110), (1, 135, 180), (1, 181, 190)]
    rows = [(who, a * 60_000, b * 60_000, (who, a) != (1, 135)) for who, a, b in minutes]
    log = pd.DataFrame(rows, columns=["worker", "begin_ms", "end_ms", "timed"])
    assert hours_at_work(log).tolist() == [0, 0.25, 1.0, 0, 0, 0.5, 0]
    assert hours_at_work(log.iloc[:0]).size == 0


def test_the_law_comes_back_exactly() -> None:
    """Times of no scatter by the law: its share, and nothing else, whatever practice does; of four workers nothing is
    said, nor where all pages are a session's first."""
    rng = np.random.default_rng(1)
    worker, hours = np.repeat(np.arange(8), 50), rng.uniform(0, 6, 400)
    practised = np.log1p(np.tile(np.arange(50), 8))
    y = rng.normal(size=8)[worker] + np.log1p(0.07 * hours) - 0.2 * practised
    found = fit_tiring(y, worker, practised, hours)
    assert found is not None
    assert (found.slower, found.low, found.high) == pytest.approx((0.07, 0.07, 0.07))
    assert found.told
    assert not replace(found, slower=0.004, low=0.003).told, "too little to matter"
    few = worker < 4
    assert fit_tiring(y[few], worker[few], practised[few], hours[few]) is None
    assert fit_tiring(y, worker, practised, np.zeros(400)) is None


@pytest.mark.verify
def test_few_logs_without_tiring_tell_of_it_and_intervals_hold() -> None:
    """Of 60 logs each: the 99% interval of the share of intervals that hold the truth holds 95%, of 0 and of 4% an
    hour; tiring that is not there is told in 2.5% (more than 6 times once in 500), what is there in most."""
    rng = np.random.default_rng(11)
    for slower in (0.0, 0.04):
        found = [fitted(pages(rng, slower)) for _ in range(60)]
        share = coverage(sum(one.low <= slower <= one.high for one in found), len(found))
        assert share.low <= 0.95 <= share.high, share
        told = sum(one.told for one in found)
        assert told <= 6 if slower == 0 else told >= 40
        error = np.mean([one.slower for one in found]) - slower
        assert abs(error) < 0.006, "four standard errors"


def test_a_line_whose_people_tire_comes_back(tmp_path: Path) -> None:
    """The engine's own log tells it: the share within 1.7 times its interval (99.9%), times as of the beginning of a
    session, and a profile that a scenario can be put on, which has the same law."""
    path = tmp_path / "team.csv.gz"
    write_export(run(Plan.of(LINE), seed=3, replication=0), path)
    fit = calibrate([path], pool="team")
    for name, value in {"pools.team.fatigue.slower": 8.0, "stages.annotate.time.lognormal.median": 100.0}.items():
        found = fit.parameter(name)
        low, high = (found.value + 1.7 * (end - found.value) for end in (found.low, found.high))
        assert low <= value <= high, found
    assert any(one.startswith("People tire: in a session tasks get longer by ") for one in fit.notes)
    write(fit, tmp_path / "team.profile.yaml")
    plan = "labelcast: 1\nstart: 2027-01-04T09:00\ncurrency: EUR\nwork: {items: {backlog: 100 items}}\n"
    (tmp_path / "plan.yaml").write_text(plan, encoding="utf-8")
    pool = load(tmp_path / "plan.yaml", tmp_path / "team.profile.yaml").pools[0]
    assert 100 * pool.fatigue.slower == pytest.approx(fit.parameter("pools.team.fatigue.slower").value, rel=1e-3)


def test_a_line_whose_people_do_not_tire_has_no_fatigue(tmp_path: Path) -> None:
    """The same line without it: how much there could be is told, and nothing of it is in the profile."""
    path = tmp_path / "team.csv.gz"
    pools = (replace(LINE.pools[0], fatigue=Fatigue()),)
    write_export(run(Plan.of(replace(LINE, pools=pools)), seed=4, replication=0), path)
    fit = calibrate([path], pool="team")
    assert fit.parameter("pools.team.fatigue.slower") is None
    assert "fatigue" not in fit.scenario["pools"]["team"]
    assert any(one.startswith("That people tire is not seen: tasks get longer by at most ") for one in fit.notes)
