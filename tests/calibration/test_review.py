"""Reviews told by an export: who judged, how much, when, and what became of rejected work."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from recovery.reviews import START, drawn, rows
from reviewed import export, line
from scipy import stats

from labelcast.calibration import profile
from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.readers.recognise import read
from labelcast.calibration.stages import words
from labelcast.calibration.stages.delay import _interval, _thinned, curve_of, fit_delay
from labelcast.calibration.stages.rates import rate
from labelcast.calibration.stages.review import Review, fit_review
from labelcast.calibration.stages.words import Where
from labelcast.scenarios.load import load

HOUR = 3_600_000


def told(frame: pd.DataFrame) -> Review:
    """The review of `frame`, which has one."""
    review = fit_review(frame)
    assert review is not None
    return review


@pytest.mark.parametrize("until", [None, 0.6])
def test_the_engines_review_comes_back(tmp_path: Path, until: float | None) -> None:
    """Fraction and quantiles of the hand-off lie within 1.7 times their intervals, of a log that is whole, and of one
    cut off while verdicts were still to come; one seed, fixed."""
    path = tmp_path / "reviewed.csv"
    export(line(0.4, items=1500), path, seed=3, until=until)
    fit = calibrate([path], pool="team")
    truth = {"fraction": 0.4} | {
        f"handoff.quantiles.{key}": 20_000 * np.exp(0.5 * stats.norm.ppf(p)) + 25
        for key, p in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9))
    }
    for name, value in truth.items():
        found = fit.parameter(f"stages.review.{name}")
        low, high = (found.value + 1.7 * (end - found.value) for end in (found.low, found.high))
        assert low <= value <= high, found
    assert fit.parameter("pools.reviewers.headcount").value == 3


def test_the_profile_is_a_line_with_a_review(tmp_path: Path) -> None:
    """A scenario that names the profile is one that can be simulated, and says of the review what was fitted."""
    path = tmp_path / "reviewed.csv"
    export(line(0.4, items=600), path)
    fit = calibrate([path], pool="team")
    profile.write(fit, tmp_path / "team.profile.yaml")
    scenario = tmp_path / "s.yaml"
    scenario.write_text(
        "labelcast: 1\nprofile: team.profile.yaml\nstart: 2027-01-04T09:00\ncurrency: EUR\n"
        "work: {items: {backlog: 100 items}}\n"
    )
    review = next(one for one in load(scenario).stages if one.name == "review")
    assert review.kind == "review"
    assert review.fraction == pytest.approx(fit.parameter("stages.review.fraction").value, abs=1e-4)
    assert review.handoff is not None
    assert review.handoff.family == "quantiles"
    assert review.pools == (("reviewers", 1.0),)


def test_what_a_scenario_assumes_is_what_we_say_it_does(tmp_path: Path) -> None:
    """The rates by which an accuracy is read from rejections are the scenario's defaults."""
    scenario = tmp_path / "s.yaml"
    scenario.write_text(
        "labelcast: 1\nstart: 2027-01-04T09:00\ncurrency: EUR\nwork: {items: {backlog: 100 items}}\n"
        "pools: {team: {headcount: 2, calendar: always}, leads: {headcount: 2, calendar: always}}\n"
        "stages: {annotate: {pools: [team], time: 42 s}, review: {pools: [leads], time: 9 s}}\n"
    )
    leads = load(scenario).pools[1]
    assert (leads.sensitivity, leads.false_alarm) == (words.SENSITIVITY, words.FALSE_ALARM)


def test_work_approved_by_the_platform_is_not_reviewed() -> None:
    """Approvals at the end of the delay count as work that nobody looked at, and are said."""
    frame = rows(200)
    frame["reviewed_at"] = (frame["submitted_at"] + pd.Timedelta(hours=5)).astype("datetime64[ms]")
    frame["automatic"] = np.arange(200) % 4 == 0
    review = told(frame)
    assert review.fraction.value == pytest.approx(0.75, abs=0.01)
    assert "50 were approved by the platform itself, which is no review" in words.notes(review, Where.of("a", "p"))[0]
    assert fit_review(frame.assign(automatic=True)) is None


def test_work_not_yet_reviewed_is_not_counted_as_never() -> None:
    """All of the work is reviewed after exactly three days; of a log that ends after twenty, the last three days'
    has no verdict yet: the fraction is all of it, where the plain share is 85%."""
    frame = rows(600)
    at = frame["submitted_at"] + pd.Timedelta(days=3)
    frame["reviewed_at"] = at.where(at <= frame["submitted_at"].max()).astype("datetime64[ms]")
    review = told(frame)
    assert frame["reviewed_at"].notna().mean() < 0.87
    assert review.fraction.value == pytest.approx(1.0, abs=0.02)
    assert review.delay.quantiles == pytest.approx(3 * 86_400.0)
    assert review.delay.young > 0


def test_thrown_out_by_nobody_is_no_review() -> None:
    """Rejections without a reviewer or a time are the platform's own rules, as CrowdFlower's tainted judgements are."""
    assert fit_review(rows(100, outcome="rejected")) is None


def test_one_reviewer_no_rejection() -> None:
    """One name, all accepted: nothing of rework, an interval of the rate that ends below 3/n, no accuracy assumed."""
    frame = rows(300, reviewer="only")
    frame["reviewed_at"] = (frame["submitted_at"] + pd.Timedelta(hours=1)).astype("datetime64[ms]")
    review = told(frame)
    where = Where.of("annotate", "team")
    assert (review.rejected.value, review.people) == (0.0, 1)
    assert review.rejected.high < 0.014
    assert not [one for one in words.parameters(review, where) if "on_reject" in one.path]
    assert not [one for one in words.assumptions(review, where, skill_known=False) if "accuracy" in one.path]
    assert "rework_by" not in words.block(review, where) or words.block(review, where)["rework_by"] is None
    assert any("which no accuracy gives" in one for one in words.notes(review, where))


def test_all_rejected_and_never_done_again() -> None:
    """No round comes back: a scenario's rejected items are delivered at once, and a note says so."""
    frame = rows(300, reviewer="r", outcome="rejected")
    frame["reviewed_at"] = (frame["submitted_at"] + pd.Timedelta(hours=1)).astype("datetime64[ms]")
    review = told(frame)
    where = Where.of("annotate", "team")
    assert review.rejected.value == 1.0
    assert words.block(review, where)["stages"]["review"]["on_reject"] == {"rounds": "0"}
    assert any("300 of 300 rejected judgements were never done again" in one for one in words.notes(review, where))


def test_rework_by_hand() -> None:
    """Four rejections: two done again by the author, one by another, one left; rounds are counted by rejections."""
    hours = [0, 10, 0, 10, 1, 11, 2, 30]
    frame = rows(8)
    frame = frame.assign(
        item=["a", "a", "b", "b", "c", "c", "d", "e"],
        worker=["w1", "w1", "w2", "w2", "w1", "w3", "w1", "w2"],
        submitted_at=pd.to_datetime([START + h * HOUR for h in hours], unit="ms"),
        outcome=["rejected", "accepted", "rejected", "accepted", "rejected", "accepted", "rejected", "accepted"],
        reviewer="r",
    )
    frame["reviewed_at"] = (frame["submitted_at"] + pd.Timedelta(hours=2)).astype("datetime64[ms]")
    review = told(frame)
    assert [review.rework.count(way) for way in ("same", "other", "none")] == [2, 1, 1]
    assert (review.rework.rounds, review.rework.open) == (1, 0)
    ordered = review.verdicts.rows.sort_values(["item", "submitted_ms"])
    assert ordered["round"].tolist() == [1, 2, 1, 2, 1, 2, 1, 1]


def test_reviews_of_single_labels_stay_out_of_the_block(tmp_path: Path) -> None:
    """Three labels an item, each with its verdict: told in parameters, refused in the block with the reason."""
    frame = rows(300, item=[f"i{k // 3}" for k in range(300)], worker=[f"w{k % 3}" for k in range(300)], reviewer="r")
    frame["reviewed_at"] = (frame["submitted_at"] + pd.Timedelta(hours=1)).astype("datetime64[ms]")
    review = told(frame)
    where = Where.of("annotate", "team")
    assert words.block(review, where) == {}
    assert words.assumptions(review, where, skill_known=False) == []
    assert any("Items get 3 labels, and each is reviewed by itself" in one for one in words.notes(review, where))


def test_names_that_are_taken() -> None:
    """A stage called review, or a pool called reviewers, is the work's own; the review gets another name and a kind."""
    where = Where.of("Review", "reviewers")
    assert (where.stage, where.pool) == ("review-2", "reviewers-2")
    frame = rows(50, reviewer="r")
    assert words.block(told(frame), where)["stages"]["review-2"]["kind"] == "review"


def test_verdicts_before_the_submit() -> None:
    """Their time is a clock's fault: they count as verdicts, and say nothing of the wait."""
    frame = rows(100, reviewer="r")
    frame["reviewed_at"] = (frame["submitted_at"] - pd.Timedelta(hours=1)).astype("datetime64[ms]")
    review = told(frame)
    assert review.delay is None
    assert review.fraction.value == 1.0
    assert any("100 verdicts are stamped before the submit" in one for one in words.notes(review, Where.of("a", "p")))


def test_work_done_again_counts_after_a_rejection(tmp_path: Path) -> None:
    """The label of a worker who does rejected work again is the item's label; the rejected one is not."""
    path = tmp_path / "rework.csv"
    path.write_text(
        "item,worker,started_at,submitted_at,label,outcome,reviewer,reviewed_at\n"
        + "".join(
            f"{k},w{k % 3},2026-03-02T08:{k:02d}:00,2026-03-02T08:{k:02d}:{30 + k % 7},{label},{outcome},r,{at}\n"
            f"{k},w{k % 3},2026-03-03T08:{k:02d}:00,2026-03-03T08:{k:02d}:{30 + k % 5},yes,accepted,r,\n"
            for k, label, outcome, at in ((k, "no", "rejected", "2026-03-02T12:00:00") for k in range(40))
        )
    )
    fit = calibrate([path])
    assert fit.log.items["final_label"].astype(str).unique().tolist() == ["yes"]
    assert len(fit.log.tasks) == 40


def test_mturk_tells_who_approved(tmp_path: Path) -> None:
    """A verdict at or after the time of automatic approval is the platform's, in whichever layout it is stamped; one
    before it is the requester's; Submitted has none; of an overturned rejection the approval counts."""
    head = (
        "HITId,HITTypeId,AssignmentId,WorkerId,AssignmentStatus,CreationTime,AcceptTime,SubmitTime,AutoApprovalTime,"
        "ApprovalTime,RejectionTime,WorkTimeInSeconds,Reward,Answer.label\n"
    )
    auto, soon = "Mon Oct 02 09:39:11 PDT 2017", "Tue Sep 26 08:00:00 PDT 2017"
    cases = [
        ("Approved", "2017-10-02 16:39:18 UTC", ""),
        ("Approved", soon, ""),
        ("Rejected", "", soon),
        ("Submitted", "", ""),
        ("Approved", soon, "Mon Sep 25 10:00:00 PDT 2017"),
    ]
    path = tmp_path / "batch.csv"
    path.write_text(
        head
        + "".join(
            f"H{k},T,A{k},W{k},{status},Fri Sep 22 06:40:55 PDT 2017,Mon Sep 25 09:38:{k}0 PDT 2017,"
            f"Mon Sep 25 09:39:11 PDT 2017,{auto},{approved},{rejected},60,$0.05,x\n"
            for k, (status, approved, rejected) in enumerate(cases)
        )
    )
    found = read([path]).judgements
    assert found["automatic"].tolist() == [True, False, False, False, False]
    assert found["outcome"].tolist() == ["accepted", "accepted", "rejected", "accepted", "accepted"]
    assert found["reviewed_at"].notna().tolist() == [True, True, True, False, True]
    assert found["reviewed_at"].iloc[4] == pd.Timestamp("2017-09-26 15:00:00")


@pytest.mark.parametrize(("hits", "n"), [(0, 50), (50, 50), (7, 50)])
def test_rates_of_independent_cases_are_wilsons(hits: int, n: int) -> None:
    """One cluster a case: Wilson's interval with Student's quantile, which holds the rate."""
    found = rate(np.arange(n) < hits, (np.arange(n),))
    z = stats.t.ppf(0.975, n - 1)
    exact = stats.binomtest(hits, n).proportion_ci(method="wilson")
    assert found.low == pytest.approx(exact.low, abs=0.01)
    assert found.high == pytest.approx(exact.high, abs=0.01)
    assert found.low <= hits / n <= found.high
    assert z > 1.96


def test_waits_without_censoring_are_plain_quantiles() -> None:
    """Every row has a verdict: the delays are the sample's own quantiles."""
    waited = np.random.default_rng(1).exponential(100.0, 1001)
    delay = fit_delay(waited, np.ones(1001, bool), np.zeros(1001, np.int64))
    assert delay.quantiles[5] == pytest.approx(np.quantile(waited, 0.5, method="inverted_cdf"))
    assert delay.quantiles[-1] == pytest.approx(np.quantile(waited, 0.95, method="inverted_cdf"))


def test_intervals_of_waits() -> None:
    """Two resamplings of ten days, a tenth below and above on the log scale: Student's 2.262 on nine degrees of freedom
    times sd sqrt(.02) times sqrt(10 / 9). Of exponential waits resampled by rows the interval of the median is that of
    theory, 1 / (log 2 sqrt(n)) on the log scale, as near as 300 resamplings tell. One day alone: no width."""
    at = np.array([100.0, 0.0])
    low, high = _interval(at, np.array([at * np.exp(0.1), at * np.exp(-0.1)]), 10)
    half = 2.2622 * np.sqrt(0.02) * np.sqrt(10 / 9)
    assert np.log([high[0] / 100, 100 / low[0]]) == pytest.approx(half, rel=1e-4)
    assert (low[1], high[1]) == (0.0, 0.0)
    assert _interval(at, np.array([at, 2 * at]), 1) == (at, at)
    delay = fit_delay(np.random.default_rng(1).exponential(100.0, 4001), np.ones(4001, bool), np.zeros(4001, np.int64))
    assert np.log(delay.high[5] / delay.low[5]) / 2 == pytest.approx(1.96 / np.log(2) / np.sqrt(4001), rel=0.15)


def test_late_verdicts_tell_no_wait() -> None:
    """Eight verdicts, each when fewer rows than ten are still at risk: no wait is told, and a note says why."""
    frame = rows(200)
    last = frame["submitted_at"].max() + pd.Timedelta(days=40)
    frame["reviewed_at"] = last.as_unit("ms")
    frame.loc[8:, "reviewed_at"] = pd.NaT
    review = told(frame)
    assert (review.delay, review.fraction.value) == (None, 8 / 200)
    where = Where.of("annotate", "team")
    assert words.block(review, where)["stages"]["review"]["handoff"] is None
    assert any("how long is usual cannot be told" in one for one in words.notes(review, where))


def test_rare_verdicts_are_not_thinned_away() -> None:
    """Of 50,000 rows one got a verdict: its wait is told, though the interval is of fewer rows."""
    waited = np.linspace(100.0, 1e6, 50_000)
    seen = np.arange(50_000) == 25_001
    delay = fit_delay(waited, seen, np.arange(50_000) % 10)
    assert set(delay.quantiles) == set(delay.low) == set(delay.high) == {waited[25_001]}


def test_thinned_rows_keep_their_proportion() -> None:
    """Of 60,000 rows a tenth without a verdict: thinned rows, weighed, give the curve of all."""
    rng = np.random.default_rng(1)
    waited = np.sort(rng.exponential(1000.0, 60_000))
    seen = rng.random(60_000) < 0.9
    whole = curve_of(waited, seen, np.ones(60_000))
    picked, weight = _thinned(seen)
    some = curve_of(waited[picked], seen[picked], weight)
    assert len(picked) < 30_000
    assert some[0] == pytest.approx(whole[0], rel=0.03)
    assert some[1] == pytest.approx(whole[1], rel=0.01)


def test_one_verdict_without_a_time_changes_little() -> None:
    """Of 600 rows whose verdicts come after three days, one is stamped before its submit: the fraction stays that of
    work whose verdict is still to come, not the plain share."""
    frame = rows(600)
    at = frame["submitted_at"] + pd.Timedelta(days=3)
    frame["reviewed_at"] = at.where(at <= frame["submitted_at"].max()).astype("datetime64[ms]")
    before = told(frame).fraction.value
    frame.loc[0, "reviewed_at"] = frame["submitted_at"][0] - pd.Timedelta(hours=1)
    assert told(frame).fraction.value == pytest.approx(before, abs=0.002)


@pytest.mark.verify
def test_reviews_come_back_within_their_intervals() -> None:
    """150 drawn logs: fraction, rate of rejection, median and 90% quantile of the wait lie within their 95% intervals
    in as many of them as a binomial of 95% reaches with chance 99.9%."""
    late = 2 * 86_400 * np.exp(0.5 * stats.norm.ppf(0.9))
    truth = {"fraction": 0.6, "rejected": 0.15, "p50": 2 * 86_400.0, "p90": late}
    hits = dict.fromkeys(truth, 0)
    logs = 150
    for seed in range(logs):
        review = told(drawn(seed, fraction=0.6, rejects=0.15))
        at = {"p50": 5, "p90": 9}
        for name, value in truth.items():
            if name in at:
                low, high = review.delay.low[at[name]], review.delay.high[at[name]]
            else:
                low, high = getattr(review, name).low, getattr(review, name).high
            hits[name] += low <= value <= high
    least = stats.binom.ppf(0.001, logs, 0.95)
    assert min(hits.values()) >= least, hits
