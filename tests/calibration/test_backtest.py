"""Backtests: cuts, naive forecasts and scores worked by hand; a line that is what it seems, and one that changes."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from crowd_log import HOUR, MONDAY, Truth, crowd_log, levels
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from labelcast.calibration.backtest.ahead import Told, by_crowd, by_flat_rate, by_replay
from labelcast.calibration.backtest.backtest import Backtest, backtest, binomial_interval
from labelcast.calibration.backtest.badge import badge, short
from labelcast.calibration.backtest.drift import of_times
from labelcast.calibration.backtest.kept import write_badge
from labelcast.calibration.backtest.scores import actual, around_the_clock, crps, scored
from labelcast.calibration.backtest.split import moment, split
from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.crowd.batches import Batch
from labelcast.calibration.crowd.fit import fit_crowd
from labelcast.calibration.profile import read, write
from labelcast.calibration.readers.recognise import read as read_export
from labelcast.calibration.service.practice import Practice
from labelcast.reports.backtest_text import backtest_json, backtest_text
from labelcast.sim.errors import DataRefused, ScenarioRefused
from labelcast.sim.statistics import band

DAY = 24 * HOUR


def batch(name: str, posted_h: float, *ends_h: float, labels: int | None = None) -> Batch:
    """A batch of one label an item. Times: hours after Monday."""
    ends = np.array([MONDAY + round(end * HOUR) for end in ends_h], np.int64)
    return Batch(
        name, MONDAY + round(posted_h * HOUR), True, labels or len(ends), labels or len(ends), ends - 1, ends, ends - 1,
        np.ones(len(ends), np.int64), np.arange(len(ends)), ends, len(ends), ends, labels is None,
    )  # fmt: skip


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=12), st.floats(-60, 60))
@settings(max_examples=60, deadline=None)
def test_the_score_is_the_area_between_two_distributions(values: list[float], actual: float) -> None:
    """The integral of (F(x) - 1[x >= actual])^2, summed piece by piece; of one value the absolute error."""
    edges = np.unique([*values, actual])
    area = 0.0
    for low, high in pairwise(edges):
        share = np.mean(np.array(values) <= low)
        area += (high - low) * (share - (low >= actual)) ** 2
    assert crps(np.array(values), actual) == pytest.approx(area, abs=1e-9)
    assert crps(np.array(values[:1]), actual) == pytest.approx(abs(values[0] - actual))


def test_hours_are_moved_around_the_clock() -> None:
    """From 23 to 1 is two hours, not 22; against the plan of least cost by linear programming."""
    one, other = np.zeros(24), np.zeros(24)
    one[23] = other[1] = 1.0
    assert around_the_clock(one, other) == pytest.approx(2.0)
    rng = np.random.default_rng(8)
    one, other = rng.dirichlet(np.ones(24)), rng.dirichlet(np.ones(24))
    apart = np.abs(np.subtract.outer(np.arange(24), np.arange(24)))
    cost = np.minimum(apart, 24 - apart)
    leaves, comes = np.kron(np.eye(24), np.ones(24)), np.kron(np.ones(24), np.eye(24))
    plan = optimize.linprog(cost.ravel(), A_eq=np.vstack([leaves, comes]), b_eq=np.concatenate([one, other]))
    assert around_the_clock(one, other) == pytest.approx(plan.fun, abs=1e-7)


def test_bands_hold_the_next_value_as_often_as_they_say() -> None:
    """Of 19 values the 80% band lies from the 2nd to the 18th: the 20th is in it with chance 16/20; too few values give
    no bound."""
    values = np.arange(1.0, 20.0)
    assert band(values, 0.8) == (2.0, 18.0)
    assert band(values[:3], 0.8) == (-np.inf, np.inf)


def test_a_log_is_cut_where_a_batch_is_posted() -> None:
    """Half of four batches: just before the third. Two at the same moment stay together. One batch: by its labels."""
    four = [batch(str(n), 10 * n, 10 * n + 1, 10 * n + 2) for n in range(4)]
    assert moment(four, 0.5) == MONDAY + 20 * HOUR - 1
    tied = [four[0], four[1], dataclasses.replace(four[2], posted=four[1].posted), four[3]]
    assert moment(tied, 0.5) == MONDAY + 30 * HOUR - 1
    assert moment([batch("one", 0, 1, 2, 3, 4)], 0.5) == MONDAY + 3 * HOUR


def test_a_flat_rate_by_hand() -> None:
    """Six labels in 3 + 3 hours: one an hour. A batch of three posted at 10 h is told to end at 13 h; one under way at
    8 h, with one of three labels there, at 10 h."""
    past = [batch("a", 0, 1, 2, 3), batch("b", 4, 5, 6, 7)]
    ahead = [batch("c", 7.5, 7.9, 9, 11), batch("d", 10, 11, 12, 16)]
    told = by_flat_rate(past, ahead, MONDAY + 8 * HOUR)
    assert [one.makespans(two).tolist() for one, two in zip(told, ahead, strict=True)] == [[2.5], [3.0]]


def test_a_replay_by_hand() -> None:
    """A past batch with labels after 1, 2 and 6 hours happens again. Under way with a third of its labels, a batch goes
    on from the second of them: after 0 and 4 hours; as many labels as are wanted, spread alike."""
    past = [batch("a", 0, 1, 2, 6)]
    ahead = [batch("c", 7, 7.5, 9, 11), batch("d", 10, 11, 12, 13, 14, 15, 16)]
    under_way, new = by_replay(past, ahead, MONDAY + 8 * HOUR, 1)
    assert ((under_way.ends[0] - MONDAY) / HOUR).tolist() == [8.0, 12.0]
    assert ((new.ends[0] - MONDAY) / HOUR).tolist() == [11.0, 11.0, 12.0, 12.0, 16.0, 16.0]
    assert ((new.items[0] - MONDAY) / HOUR).tolist() == [11.0, 11.0, 12.0, 12.0, 16.0, 16.0]


def test_days_without_an_open_batch_do_not_count() -> None:
    """Batches on Monday and Thursday: two days, the first from the cut on."""
    ahead = [batch("c", 1, 2, 5, 6), batch("d", 73, 74, 75)]
    truth = actual(ahead, MONDAY + 3 * HOUR, "UTC")
    assert ((truth.starts - MONDAY) / HOUR).tolist() == [3, 72]
    assert truth.labels.tolist() == [2, 2]
    assert truth.hours[[5, 6, 2, 3]].tolist() == [0.25] * 4


def test_a_forecast_that_is_right_has_no_distance_and_one_that_never_ends_the_largest() -> None:
    """The truth told as a forecast scores nothing; a batch that never ends counts as a year."""
    ahead = [batch("c", 1, 2, 5, 6), batch("d", 73, 74, 75)]
    truth = actual(ahead, MONDAY, "UTC")
    exact = scored(truth, [Told([one.ends], [one.whole], [True]) for one in ahead], 1)
    assert (exact.makespan, exact.daily, exact.circadian, exact.cycle) == (0.0, 0.0, 0.0, 0.0)
    late = scored(truth, [Told([one.ends + 2 * HOUR], [one.whole + 2 * HOUR], [True]) for one in ahead], 1)
    assert (late.makespan, late.circadian, late.cycle) == (pytest.approx(2.0),) * 3
    never = scored(truth, [Told([one.ends[:1]], [one.whole[:1]], [False]) for one in ahead], 1)
    assert never.makespan == pytest.approx((365 * 24 - 5 + 365 * 24 - 2) / 2)
    assert np.isinf(never.middle).all()


def test_days_begin_when_clocks_say_so() -> None:
    """In Santiago a midnight in September is left out; in Kolkata days begin half an hour before the hour of UTC."""
    begin = pd.Timestamp("2025-09-06 12:00", tz="America/Santiago").value // 10**6
    moved = dataclasses.replace(batch("c", 0, 1, 20), posted=begin, ends=begin + HOUR * np.array([1, 20]))
    truth = actual([moved], begin, "America/Santiago")
    assert truth.labels.tolist() == [1, 1]
    assert ((truth.stops[0] - begin) / HOUR) == 12.0
    truth = actual([batch("c", 0, 1, 20)], MONDAY, "Asia/Kolkata")
    assert ((truth.stops[0] - MONDAY) / HOUR) == 18.5


def test_what_came_after_the_cut_is_not_known(log: Path) -> None:
    """All that was known was submitted by the cut; of what is ahead none was over then, and a batch under way is told
    to go on from there, with the labels that it lacks."""
    export = read_export([log])
    whole = split(export, 0.5, people="crowd")
    assert whole.known.judgements["end_ms"].max() <= whole.now
    assert len(whole.known.judgements) == (export.judgements["submitted_at"].astype("int64") <= whole.now).sum()
    assert all(one.last > whole.now for one in whole.ahead)
    fit = fit_crowd(whole.past, Truth().crowd().service, "UTC", whole.now)
    begun = dataclasses.replace(whole.ahead[0], posted=whole.now - HOUR)
    (told,) = by_crowd(fit, [begun], whole.now, 3, 1)
    assert min(int(one.min()) for one in told.ends) >= whole.now, "nothing is told to come before the cut"


def test_the_interval_of_a_share_against_its_tails() -> None:
    """At the ends of Clopper and Pearson's interval a tail has half a percent; none and all are open on one side."""
    low, high = binomial_interval(40, 50, 0.99)
    assert stats.binom.sf(39, 50, low) == pytest.approx(0.005)
    assert stats.binom.cdf(40, 50, high) == pytest.approx(0.005)
    assert binomial_interval(0, 5, 0.99)[0] == 0.0
    assert binomial_interval(5, 5, 0.99)[1] == 1.0
    assert binomial_interval(0, 0, 0.99) == (0.0, 1.0)


def test_people_who_get_faster_are_a_change_and_others_are_not() -> None:
    """Twelve workers of thirty pages each, half of them later at two thirds of the time: told; the same at the same
    pace: not; fewer than five workers tell nothing."""
    rng = np.random.default_rng(2)
    worker = np.repeat([f"w{n}" for n in range(12)], 30)
    ends = np.tile(np.arange(30) * 1000, 12)
    log = rng.normal(3.4, 0.5, 360) + np.repeat(rng.normal(0, 0.4, 12), 30)
    for factor, told in ((1.0, False), (2 / 3, True)):
        seconds = np.exp(log) * np.where(ends > 14_500, factor, 1.0)
        pages = pd.DataFrame({"worker": worker, "end_ms": ends, "seconds": seconds, "timed": True})
        pages = pages.assign(begin_ms=pages["end_ms"] - 500, units=1)
        found = of_times(pages, 14_500, None)
        assert found is not None
        assert found.told == told
        assert found.factor == pytest.approx(factor, rel=0.2)
    assert of_times(pages[pages["worker"].isin(["w0", "w1"])], 14_500, None) is None
    practised = Practice(0.3, 0.2, 0.4, 12, 30)
    seconds = np.exp(log) * (1.0 + np.tile(np.arange(30), 12)) ** -0.3
    pages = pages.assign(seconds=seconds)
    plain, known = of_times(pages, 14_500, None), of_times(pages, 14_500, practised)
    assert plain is not None
    assert known is not None
    assert plain.told, "who has practised is faster"
    assert not known.told, "which a line that knows practice foretold"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen batches of a crowd that stays as it is."""
    path = tmp_path_factory.mktemp("backtest") / "labels.csv"
    truth = Truth()
    crowd_log(truth, levels(truth, 16, np.random.default_rng(11)), 3).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def found(log: Path) -> Backtest:
    """Its backtest."""
    return backtest([log], people="crowd", replications=40)


def test_a_crowd_that_stays_as_it_is_is_foretold(found: Backtest) -> None:
    """Eight batches ahead, of which most lie in their 80% bands; no change is told. (They are all alike, so a flat rate
    foretells them as well.)"""
    assert len(found.truth.batches) == 8
    assert found.line.within[0.8].sum() >= 5
    assert not any(one.told for one in found.drifts)
    assert abs(np.log(found.line.middle / [one.makespan_ms / HOUR for one in found.truth.batches]).mean()) < 0.4


def test_what_is_told_of_a_backtest(found: Backtest) -> None:
    """Text and JSON have the same figures, and the badge stands in both."""
    given = badge(found)
    text, told = backtest_text(found, given), backtest_json(found, given)
    assert given.words in text
    assert told["badge"]["words"] == given.words
    assert told["line"]["makespan_h"] == found.line.makespan
    assert len(told["batches"]) == 8
    assert short(found.line.makespan) in text
    assert "The workers are a crowd." in text


def test_the_badge_goes_with_the_profile(found: Backtest, log: Path, tmp_path: Path) -> None:
    """Written twice it stands once, and the profile is still one; another file's profile is refused, and left alone."""
    path, given = tmp_path / "team.profile.yaml", badge(found)
    write(calibrate([log], people="crowd"), path)
    before = read(path)
    write_badge(path, found, given)
    once = path.read_bytes()
    write_badge(path, found, given)
    assert path.read_bytes() == once
    assert once.count(b"\nbacktest:\n") == 1
    assert read(path).scenario == before.scenario
    other = tmp_path / "other.profile.yaml"
    other.write_bytes(once.replace(str(before.provenance["digest"]).encode(), b"0" * 64))
    with pytest.raises(DataRefused, match="not fitted to the files"):
        write_badge(other, found, given)


def test_logs_that_are_too_short_are_refused(tmp_path: Path) -> None:
    """Twenty labels cannot be cut in two; and a share must be one."""
    path = tmp_path / "labels.csv"
    crowd_log(Truth(items=4, each=5), [0.0], 3).to_csv(path, index=False)
    with pytest.raises(DataRefused, match="at least 30 labels"):
        backtest([path])
    with pytest.raises(ScenarioRefused, match="--split"):
        backtest([path], share=1.2)
    with pytest.raises(ScenarioRefused, match="--timezone"):
        backtest([path], timezone="Mars/Crater")


def test_a_staff_is_foretold_in_its_hours(tmp_path: Path) -> None:
    """Six people, nine to noon every day but Sunday, 700 items each Monday, which last until Saturday: the line knows
    when nobody works. (How much more they could have done in a week the log does not show, so that a batch may be told
    to need the Monday after.)"""
    rng, rows = np.random.default_rng(5), []
    for week in range(6):
        left = 700
        for day in range(7 * week, 7 * week + 6):
            for person in range(6):
                clock, noon = MONDAY + day * DAY + 9 * HOUR, MONDAY + day * DAY + 12 * HOUR
                while left and clock < noon:
                    took = round(1000 * 60 * 8 * np.exp(rng.normal(0, 0.3)))
                    rows.append((f"week {week}", f"{week}-{left}", f"p{person}", clock, clock + took))
                    clock, left = clock + took, left - 1
    table = pd.DataFrame(rows, columns=["batch", "item", "worker", "started_at", "submitted_at"])
    for name in ("started_at", "submitted_at"):
        table[name] = pd.to_datetime(table[name], unit="ms", utc=True)
    path = tmp_path / "staff.csv"
    table.assign(label="yes").to_csv(path, index=False)
    found = backtest([path], replications=20)
    assert found.people == "staff"
    assert found.line.circadian < 0.5 < found.flat.circadian
    assert found.line.daily < found.flat.daily


@pytest.mark.verify
def test_bands_hold_and_a_changed_line_is_rejected(tmp_path: Path) -> None:
    """Eight logs of 16 batches of crowds that stay: of the batches ahead a share lies in the 80% bands whose 99%
    binomial interval holds 80%, but for what the priors of public crowds add: its lower end is at most 90%. A crowd
    that comes a tenth as often after the cut is told to have changed, and does not hold."""
    rng = np.random.default_rng(77)
    hits = of = 0
    for number in range(8):
        truth = Truth(pull=float(rng.uniform(0.1, 0.6)), own=float(rng.uniform(0.2, 0.5)))
        path = tmp_path / f"{number}.csv"
        crowd_log(truth, levels(truth, 16, rng), number).to_csv(path, index=False)
        found = backtest([path], people="crowd", replications=40)
        hits, of = hits + int(found.line.within[0.8].sum()), of + len(found.line.within[0.8])
    low, high = binomial_interval(hits, of, 0.99)
    assert high >= 0.8, (hits, of)
    assert low <= 0.9, (hits, of)
    truth = Truth(own=0.2)
    changed = np.concatenate([levels(truth, 10, rng), levels(truth, 10, rng) + np.log(0.1)])
    path = tmp_path / "changed.csv"
    crowd_log(truth, changed, 99, every_h=200).to_csv(path, index=False)
    found = backtest([path], people="crowd", replications=40)
    given = badge(found)
    assert found.drifts[0].told
    assert given.grade == "does not hold"
    assert found.hindsight is not None
    assert found.hindsight.within[0.8].sum() > found.line.within[0.8].sum()
