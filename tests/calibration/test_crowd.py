"""Crowds: batches and visits by hand, the likelihood of visits and levels against closed forms, and recovery."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from crowd_log import HOUR, MONDAY, Truth, crowd_log, levels, read_back
from scipy import optimize, special, stats

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.crowd import words
from labelcast.calibration.crowd.batches import Batch, batches, naming, promised
from labelcast.calibration.crowd.fit import CrowdFit, fit_crowd
from labelcast.calibration.crowd.level import AHEAD, Level, _filter, fit_level
from labelcast.calibration.crowd.model import left_of, simulate
from labelcast.calibration.crowd.returning import fit_returning
from labelcast.calibration.crowd.stays import fit_stays, through
from labelcast.calibration.crowd.visits import _of_counts, fit_coming, local_hour, seen_by
from labelcast.calibration.people import people_of
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.intensity import EARLY_H

MINUTE = 60_000


def judgements(*rows: tuple[str, str, str, float, float], golden: str = "") -> pd.DataFrame:
    """Cleaned judgements of (project, item, worker, begin, end), minutes after Monday; golden: an item."""
    frame = pd.DataFrame(rows, columns=["project", "item", "worker", "begin_ms", "end_ms"])
    for name in ("begin_ms", "end_ms"):
        frame[name] = (frame[name] * MINUTE).astype("int64") + MONDAY
    frame["golden"] = frame["item"] == golden
    frame["posted_at"] = pd.Series(pd.NaT, index=frame.index).astype("datetime64[ms]")
    return frame


def two_batches() -> pd.DataFrame:
    """A: two items, three labels by x (two visits) and y; a test question by y.  B: one item later."""
    return judgements(
        ("A", "1", "x", 0, 2), ("A", "2", "x", 3, 5), ("A", "1", "y", 4, 9), ("A", "2", "x", 35, 37),
        ("A", "gold", "y", 9, 10), ("B", "3", "x", 100, 101), golden="gold",
    )  # fmt: skip


def test_batches_by_hand() -> None:
    """Visits end with a gap of half an hour; test questions are no work; the first start stands for posting."""
    first, second = batches(two_batches())
    assert (first.name, first.items, first.labels, first.workers, first.recorded) == ("A", 2, 4, 2, False)
    assert ((first.visits - MONDAY) // MINUTE).tolist() == [0, 4, 35]
    assert first.done.tolist() == [2, 1, 1]
    assert first.posted == MONDAY
    assert first.makespan_ms == 37 * MINUTE
    assert first.labels_per_item == 2
    assert (second.name, second.labels) == ("B", 1)


def test_items_posted_together_are_a_batch_where_none_is_named() -> None:
    """Releases of one minute, else days of the first label, else all."""
    frame = two_batches().assign(project=None)
    assert [one.name for one in batches(frame)] == ["all"]
    assert [one.name for one in batches(frame, naming(frame, "UTC"))] == ["2026-01-05"]
    assert [one.name for one in batches(frame, naming(frame, "America/New_York"))] == ["2026-01-04"]
    posted = pd.to_datetime(MONDAY - MINUTE * np.array([9, 9, 9, 9, 9, 4]), unit="ms").astype("datetime64[ms]")
    found = batches(frame.assign(posted_at=posted))
    assert [(one.posted - MONDAY) // MINUTE for one in found] == [-9, -4]
    assert all(one.recorded for one in found)
    found = batches(frame.assign(posted_at=posted, project="one type"))
    assert [(one.posted - MONDAY) // MINUTE for one in found] == [-9, -4], "a project that is posted to twice"


def test_what_was_promised_of_a_batch_that_was_cut() -> None:
    """Of three labels known of four wanted, the batch is not over; what is left of it is one label."""
    frame = two_batches()
    whole = batches(frame)
    known = batches(frame[frame["end_ms"] <= MONDAY + 20 * MINUTE])
    (cut,) = promised(known, whole)
    assert (cut.labels, cut.items, cut.over) == (4, 2, False)
    assert left_of(whole[0], MONDAY + 20 * MINUTE) == (1, 1)
    assert left_of(dataclasses.replace(whole[0], items=3, labels=12), MONDAY + 20 * MINUTE) == (3, 3)


def test_a_part_of_a_log_is_named_by_the_whole_of_it() -> None:
    """Three releases, of the second of which nothing is there yet: the third keeps its moment and its size."""
    frame = judgements(("P", "1", "x", 0, 1), ("P", "2", "x", 12, 13), ("P", "3", "y", 22, 23), ("P", "4", "y", 50, 51))
    posted = pd.to_datetime(MONDAY + MINUTE * np.array([0, 10, 20, 20]), unit="ms").astype("datetime64[ms]")
    frame["posted_at"] = posted
    whole = batches(frame)
    assert [one.labels for one in whole] == [1, 1, 2]
    known = promised(batches(frame.iloc[[0, 2]], naming(frame)), whole)
    assert [(one.posted - MONDAY) // MINUTE for one in known] == [0, 20]
    assert [(one.labels, one.over) for one in known] == [(1, True), (2, False)]


def test_a_batch_of_one_label_hardly_counts() -> None:
    """A label whose first start stands for its posting tells of no rate: its level is no more than of half a visit in a
    minute, and the crowd of the others stays as it is."""
    past = read_back(crowd_log(Truth(), [0.0, 0.2, -0.2, 0.1], 3))
    at = np.array([MONDAY + 500 * HOUR], np.int64)
    ends, label = at + MINUTE, np.ones(1, np.int64)
    one = Batch("one", int(at[0]), False, 1, 1, at, ends, at, label, label, ends, 1, ends)
    crowd = Truth().crowd()
    alone, beside = (fit_crowd(some, crowd.service, "UTC").crowd for some in (past, [*past, one]))
    assert beside.coming.level[-1] <= np.log(0.5 * 60) + 1e-9
    assert beside.level.centre == pytest.approx(alone.level.centre, abs=0.05)
    assert beside.matched == pytest.approx(alone.matched, abs=0.3)


def test_levels_are_visits_over_exposure() -> None:
    """A batch of three labels, posted at 0, begun at 30, 90 and 150 minutes: between two cuts the exposure is the time,
    by the hour's factor, the share on offer to the power of pull, and the hours since posting to that of -fade."""
    begins = MONDAY + MINUTE * np.array([30, 90, 150])
    ends, each = begins + MINUTE, np.ones(3, np.int64)
    batch = Batch("b", MONDAY, True, 3, 3, begins, ends, begins, each, np.arange(3), ends, 3, begins)
    found = fit_coming([batch], 3, "UTC")
    pull, fade = found.pull[0], found.fade[0]
    fine = (np.arange(150 * 60) + 0.5) / 3600  # each second
    waiting = 3 - np.searchsorted(begins, MONDAY + fine * HOUR, side="right")
    hour = found.hours[local_hour((MONDAY + fine * HOUR).astype(np.int64), "UTC")]
    density = hour * (waiting / 3) ** pull * ((fine + EARLY_H) / (1 + EARLY_H)) ** -fade
    assert found.counts.tolist() == [3]
    assert found.exposure[0] == pytest.approx(density.sum() / 3600, rel=0.005)
    assert found.hours.mean() == pytest.approx(1.0)


def test_other_batches_are_seen_by_the_same_laws() -> None:
    """Seen by its own fit, a batch has the exposure that it had; one with the same work and twice the visits, twice the
    level."""
    past = read_back(crowd_log(Truth(), [0.0, 0.2, -0.2], 3))
    coming = fit_coming(past, 150, "UTC")
    again = seen_by(coming, past, "UTC")
    assert np.allclose(again.exposure, coming.exposure)
    twice = dataclasses.replace(past[0], visits=np.sort(np.concatenate([past[0].visits, past[0].visits[1:]])))
    found = seen_by(coming, [twice], "UTC")
    assert found.level[0] - coming.level[0] == pytest.approx(np.log(2))


def test_hours_are_local_ones() -> None:
    """18:30 UTC is half past midnight in India; a day of a summer hour is told by its zone."""
    at = np.array([MONDAY + 18 * HOUR + 30 * MINUTE, MONDAY])
    assert local_hour(at, "Asia/Kolkata").tolist() == [0, 5]


def test_the_filter_gives_the_likelihood_of_a_joint_normal() -> None:
    """Differences to the first value are jointly normal: with a diffuse start the filter's likelihood is theirs."""
    rng = np.random.default_rng(4)
    seen, noise, own2, step2 = rng.normal(2, 1, 6), rng.uniform(0.01, 0.3, 6), 0.2, 0.1
    walk = step2 * np.minimum.outer(np.arange(6), np.arange(6))
    cov = walk + np.diag(noise + own2)
    change = np.hstack([-np.ones((5, 1)), np.eye(5)])
    joint = stats.multivariate_normal(np.zeros(5), change @ cov @ change.T).logpdf(seen[1:] - seen[0])
    centre, spread, likelihood = _filter(seen, noise, own2, step2)
    assert likelihood - 0.5 * 5 * np.log(2 * np.pi) == pytest.approx(joint, abs=2e-3)
    # The last centre, by generalised least squares of a random walk seen with noise.
    whole = np.linalg.inv(cov)
    one = np.ones(6)
    mean = one @ whole @ seen / (one @ whole @ one)
    assert centre == pytest.approx(mean + walk[-1] @ whole @ (seen - mean), abs=2e-3)
    assert spread > 0


def test_a_level_of_few_batches_is_led_by_public_crowds_and_of_many_by_themselves() -> None:
    """One batch: its own value, spreads as usual.  200 alike: hardly any spread.  A batch under way pulls the level
    towards what was seen of it, by the weights of their variances."""
    one = fit_level(np.array([1.5]), np.array([0.05]))
    assert one.centre == pytest.approx(1.5)
    assert (one.own, one.step) == (pytest.approx(0.35, rel=0.01), pytest.approx(0.15, rel=0.01))
    rng = np.random.default_rng(1)
    many = fit_level(rng.normal(0, 0.1, 200), np.full(200, 1e-4))
    assert many.own == pytest.approx(0.1, rel=0.2)
    assert many.step < 0.02
    assert many.ahead_sd == pytest.approx((many.centre_sd**2 + AHEAD * many.step**2 + many.own**2) ** 0.5)
    mean, sd = one.of_one_under_way(2.5, one.ahead_sd**2)
    assert mean == pytest.approx(2.0)
    assert sd == pytest.approx(one.ahead_sd / 2**0.5)


def test_counts_that_meet_a_limit_stay_below_it() -> None:
    """Half of the visits stop at 10: quantiles rise, and none rounds to 11."""
    done = np.array([1, 2, 3, 5, 7, *[10] * 8], float)
    found = list(through(done).parameters.values())
    assert all(low < high for low, high in pairwise(found))
    assert round(found[-1]) == 10
    assert through(np.full(4, 3.0)).parameters == {"value": 3.0}


def came(hours: list[float], who: list[int], labels: int = 100) -> Batch:
    """A batch with visits of a minute and one label."""
    at, each = MONDAY + (HOUR * np.array(hours)).astype(np.int64), np.ones(len(hours), np.int64)
    return Batch("b", MONDAY, True, labels, labels, at, at, at, each, np.array(who), at + MINUTE, len({*who}), at)


def test_stays_by_hand() -> None:
    """Three visits of 4 labels in all: the mean is 4 / 3, and two of the visits may be by known people."""
    found = fit_stays(batches(two_batches())[:1], 0.0, 4)
    assert (found.visits, found.later) == (3, 2)
    assert found.mean[0] == pytest.approx(4 / 3)


def test_who_was_gone_for_long_comes_back_by_the_law() -> None:
    """Visits hours apart of a crowd that comes whatever is on offer: all hide nothing, so that the likeliest chance is
    the plain share, 2 of 4, with the profile's interval of a binomial."""
    chance, low, high = fit_returning([came([0, 2, 4, 6, 8], [0, 1, 0, 2, 0])], 0.0, 100)
    assert chance == pytest.approx(0.5, abs=1e-4)
    rise = float(stats.chi2.ppf(0.95, 1)) / 2
    for end in (low, high):
        assert 2 * np.log(end) + 2 * np.log(1 - end) == pytest.approx(4 * np.log(0.5) - rise, abs=1e-3)


def test_who_is_still_there_cannot_come_back() -> None:
    """Two visits within half an hour: who came first could not be seen to return, so the second tells nothing; nor does
    a batch of one visit, or none."""
    assert fit_returning([came([0, 0.2], [0, 1])], 0.0, 100)[1:] == (0.0, 1.0)
    assert fit_returning([came([0], [0])], 0.0, 100) == (0.0, 0.0, 1.0)
    assert fit_returning([], 0.0, 100) == (0.0, 0.0, 1.0)


def test_visits_that_did_not_come_about_hide_people() -> None:
    """The same visits at a tenth of the offer, of which every third comes about by a pull of a half: known people are
    seen less often than they come, so that the chance is higher; and none of five is still none."""
    plain = fit_returning([came([0, 2, 4, 6, 8], [0, 1, 0, 2, 0])], 0.5, 100)
    hidden = fit_returning([came([0, 2, 4, 6, 8], [0, 1, 0, 2, 0])], 0.5, 1000)
    assert hidden[0] > plain[0] + 0.1
    assert fit_returning([came([0, 2, 4, 6, 8], [0, 1, 2, 3, 4])], 0.5, 1000)[0] == 0.0


def test_many_people_who_are_there_for_little_are_a_crowd() -> None:
    """25 people of an hour: a crowd; of three hours, or five people: a staff; and whatever is asked for."""
    sessions = pd.DataFrame({"worker": [f"w{n}" for n in range(25)], "from_ms": 0, "to_ms": HOUR})
    assert people_of(sessions) == "crowd"
    assert people_of(sessions.assign(to_ms=3 * HOUR)) == "staff"
    assert people_of(sessions.head(5)) == "staff"
    assert people_of(sessions, "staff") == "staff"
    assert people_of(sessions.head(5), "crowd") == "crowd"
    with pytest.raises(ScenarioRefused, match="auto, staff or crowd"):
        people_of(sessions, "robots")


def test_a_simulated_batch_takes_about_what_a_fluid_takes() -> None:
    """The law of pull and fade, of many short visits: within a tenth, over 8 runs; later, it takes longer."""
    truth = Truth(rate=240.0, tasks=1.0, returning=0.0, items=200, each=2, offer=400, median=1.0)
    crowd = truth.crowd()
    line = crowd.line(truth.items, truth.each, MONDAY, float(np.log(truth.rate)), 0.0)
    took = [(one.ends[-1] - MONDAY) / HOUR for one in simulate(line, MONDAY, 8, 1)]
    assert np.mean(took) == pytest.approx(crowd.hours_of(400, float(np.log(truth.rate))), rel=0.1)
    late = crowd.line(truth.items, truth.each, MONDAY, float(np.log(truth.rate)), 0.0, 10 * HOUR)
    took = [(one.ends[-1] - MONDAY) / HOUR for one in simulate(late, MONDAY, 8, 1)]
    assert np.mean(took) == pytest.approx(crowd.hours_of(400, float(np.log(truth.rate)), 10.0), rel=0.1)


def test_simulated_batches_take_as_long_as_the_past_did() -> None:
    """The crowd is fitted to batches of our own engine; matched, half of the simulated makespans are longer."""
    truth = Truth()
    past = read_back(crowd_log(truth, levels(truth, 10, np.random.default_rng(3)), 5))
    crowd = truth.crowd()
    fit = fit_crowd(past, crowd.service, "UTC")
    assert fit.matched_by == 10
    ratios = []
    for number, (batch, level) in enumerate(zip(past, fit.crowd.coming.level, strict=True)):
        line = fit.crowd.line(truth.items, truth.each, batch.posted, float(level), 0.0)
        ends = simulate(line, batch.posted, 40, 1000 + number)
        ratios.append(np.median([np.log((one.ends[-1] - batch.posted) / batch.makespan_ms) for one in ends]))
    assert np.median(ratios) == pytest.approx(0.0, abs=0.1)
    assert abs(np.median(ratios) + fit.crowd.matched) > 0.1, "without it they would not"


def test_a_crowd_has_a_profile_that_a_scenario_runs(tmp_path: Path) -> None:
    """From a table of labels to the words of a scenario: visits, pull, tasks; and no headcount."""
    truth = Truth()
    path = tmp_path / "labels.csv"
    crowd_log(truth, levels(truth, 8, np.random.default_rng(2)), 7).to_csv(path, index=False)
    fit = calibrate([path], people="crowd")
    pool = fit.scenario["pools"]["annotators"]
    assert set(pool) >= {"sessions", "tasks_per_session"}
    assert "headcount" not in pool
    assert pool["sessions"]["pull"]["tasks"] == "150 tasks"
    rate = fit.parameter("pools.annotators.sessions.rate")
    assert rate is not None
    assert rate.low < rate.value < rate.high
    assert fit.evidence.on_shift is None
    assert any("is a crowd" in note for note in fit.notes)


def test_batches_of_a_label_each_tell_of_no_crowd(tmp_path: Path) -> None:
    """Forty people with a batch of one label each: nothing tells how often they come, and the fit says so."""
    start = pd.to_datetime(MONDAY + HOUR * np.arange(40), unit="ms", utc=True)
    table = {"batch": range(40), "item": range(40), "worker": [f"w{n}" for n in range(40)], "label": "yes"}
    frame = pd.DataFrame({**table, "started_at": start, "submitted_at": start + pd.Timedelta(30, "s")})
    path = tmp_path / "labels.csv"
    frame.to_csv(path, index=False)
    fit = calibrate([path])
    assert "headcount" in fit.scenario["pools"]["annotators"]
    assert any("too few visits" in note for note in fit.notes)


@pytest.mark.verify
def test_visits_come_back_within_their_intervals() -> None:
    """40 logs of 12 batches of crowds drawn at random: pull, fade, and by how much batches lie about their level, are
    within their 95% intervals in at least 34 of 40, the least that a 99% binomial interval allows. Nor do pull and fade
    lean: their mean errors are within 3.3 standard errors, which honest ones leave in one case of a thousand. The rate
    of visits has no truth of its own here, since fruitless ones leave no trace: that is what `matched` is for."""
    rng = np.random.default_rng(20_261_129)
    hits, errors = {"pull": 0, "fade": 0, "own": 0}, []
    for number in range(40):
        truth = Truth(
            rate=float(rng.uniform(30, 60)), pull=float(rng.uniform(0.1, 0.7)), fade=float(rng.uniform(0.05, 0.5)),
            returning=0.0, tasks=float(rng.integers(3, 9)), items=60, offer=300, own=float(rng.uniform(0.15, 0.6)),
        )  # fmt: skip
        past = read_back(crowd_log(truth, levels(truth, 12, rng), number))
        found = fit_coming(past, truth.offer, "UTC")
        level = fit_level(found.level, found.variance)
        hits["pull"] += found.pull[1] <= truth.pull <= found.pull[2]
        hits["fade"] += found.fade[1] <= truth.fade <= found.fade[2]
        hits["own"] += level.own_interval[0] <= truth.own <= level.own_interval[1]
        errors.append((found.pull[0] - truth.pull, found.fade[0] - truth.fade))
    assert min(hits.values()) >= 34, hits
    lean = np.mean(errors, axis=0) / (np.std(errors, axis=0, ddof=1) / np.sqrt(len(errors)))
    assert np.abs(lean).max() < 3.3, lean


def test_visits_of_levels_that_differ_are_negative_binomial() -> None:
    """With levels integrated out, visits of batches have scipy's negative binomial law at its likeliest mean; of levels
    that hardly differ, Poisson's at the pooled rate."""
    counts, exposure = np.array([0, 3, 40, 17]), np.array([0.5, 1.0, 2.0, 0.7])
    alone = special.gammaln(counts + 1) - counts * np.log(exposure)
    for spread in (0.2, 0.6, 1.5):
        shape = spread**-2

        def cost(log: float, shape: float = shape) -> float:
            return -float(stats.nbinom.logpmf(counts, shape, shape / (shape + exposure * np.exp(log))).sum())

        best = optimize.minimize_scalar(cost, bounds=(-5, 8), method="bounded", options={"xatol": 1e-9})
        assert _of_counts(counts, exposure, spread) == pytest.approx(float(alone.sum()) - best.fun, abs=1e-7)
    pooled = stats.poisson.logpmf(counts, exposure * counts.sum() / exposure.sum()).sum() + alone.sum()
    assert _of_counts(counts, exposure, 1e-3) == pytest.approx(pooled, abs=1e-3)
    assert np.isfinite(_of_counts(np.zeros(2, np.int64), np.ones(2), 0.3)), "nobody came"


def test_the_interval_of_the_rate_by_hand() -> None:
    """A level in doubt by .3, matched with an error of .4, spreads known as of two degrees of freedom: half of the
    interval of the log rate is Student's 4.303 times .5."""
    crowd = dataclasses.replace(
        Truth().crowd(), level=Level(np.log(20.0), 0.3, 0.3, 0.1, 5, (0.1, 0.9), doubt=0.5), matched_sd=0.4
    )
    past = tuple(read_back(crowd_log(Truth(), [0.0], 3)))
    rate = words.parameters(CrowdFit(crowd, past, 1), "p")[0]
    assert (rate.path, rate.value) == ("pools.p.sessions.rate", pytest.approx(20.0))
    assert rate.low is not None
    assert rate.high is not None
    assert np.log([rate.high / 20, 20 / rate.low]) == pytest.approx(4.3027 * 0.5, abs=1e-4)
