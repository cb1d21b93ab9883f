"""Logs of several steps: which are stages, who works there, and where items go from each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reviewed import line, steps
from routed import MINUTES, WAYS, events, judged, labelled, scenario_of, whole
from scipy import stats

from labelcast.calibration.block import time_of
from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.stages.lines import Flow, Step, flow_of
from labelcast.calibration.stages.rates import Rate
from labelcast.calibration.stages.routes import chances, endless, routes_of
from labelcast.sim.errors import DataRefused
from labelcast.sim.estimates.times import mean
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run


def test_a_line_of_labelling_with_its_reviewers(tmp_path: Path) -> None:
    """The engine's annotate and review, told as an event log without verdicts: the fraction, both times and both teams
    come back within 1.7 times their intervals, and rejections are known by what came back."""
    log = run(Plan.of(line(0.6, items=1000, wait_s=600.0)), seed=2, replication=0)
    steps(log).to_csv(tmp_path / "steps.csv", index=False)
    fit = calibrate([tmp_path / "steps.csv"], pool="team")
    truth = {"annotate.time.lognormal.median": 100.0, "review.time.lognormal.median": 20.0, "review.fraction": 0.6}
    for name, value in truth.items():
        found = fit.parameter(f"stages.{name}")
        low, high = (found.value + 1.7 * (end - found.value) for end in (found.low, found.high))
        assert low <= value <= high, found
    assert (fit.parameter("pools.team.headcount").value, fit.parameter("pools.review-team.headcount").value) == (8, 3)
    review = log.tasks[log.tasks["stage"] == "review"]
    rejected = ((review["outcome"] == "rejected") & (review["round"] < 3)).sum()
    assert fit.parameter("stages.review.rejected").value == pytest.approx(rejected / len(review), abs=1e-9)
    assert fit.rows_used + sum(one.rows for one in fit.refused) == fit.rows_read
    built = scenario_of(fit, tmp_path)
    assert [(one.name, one.kind) for one in built.stages] == [("annotate", "annotate"), ("review", "review")]
    assert [one.pools[0][0] for one in built.stages] == ["team", "review-team"]


def test_an_event_log_is_a_line_of_work(tmp_path: Path) -> None:
    """Routes, times and teams of a drawn log come back, and the profile's line leads items as often to each step."""
    table = events(700)
    table.to_csv(tmp_path / "events.csv", index=False)
    fit = calibrate([tmp_path / "events.csv"], pool="clerks")
    for step, ways in WAYS.items():
        for to, chance in ways.items():
            found = fit.parameter(f"stages.{step.lower()}.next.done.{to.lower() or 'deliver'}")
            low, high = (found.value + 1.7 * (end - found.value) for end in (found.low, found.high))
            assert low <= chance <= high, found
    built = scenario_of(fit, tmp_path)
    for stage in built.stages:
        assert mean(stage.time) == pytest.approx(60 * MINUTES[stage.name.capitalize()] * np.exp(0.08), rel=0.15)
    assert built.first == "intake"
    assert {one.kind for one in built.stages} == {"work"}
    teams = {one.name: one.pools[0][0] for one in built.stages}
    assert teams == {"intake": "clerks", "call": "clerks", "check": "check-team"}
    assert any("Steps are work without labels" in note for note in fit.notes)
    assert not [one for one in fit.parameters if "labels_per_item" in one.path]


def test_a_team_that_reviews_itself(tmp_path: Path) -> None:
    """Two people who label, and review each other, are two pools, each with the hours it took, so that the line can
    be simulated; a note says that they are the same people."""
    table = steps(run(Plan.of(line(1.0, items=200, people=2, reviewers=2, wait_s=600.0)), seed=2, replication=0))
    table["worker"] = "w" + table["worker"].str[-1]
    table.to_csv(tmp_path / "two.csv", index=False)
    fit = calibrate([tmp_path / "two.csv"], pool="team")
    assert [one.pools[0][0] for one in scenario_of(fit, tmp_path).stages] == ["team", "review-team"]
    assert any("since a reviewer is no author; 2 people work at several" in note for note in fit.notes)


def test_marks_and_rare_steps_are_passed_over() -> None:
    """A step without any time is no work, and one of three rows is no stage; items go on to what follows."""
    table = events(300)
    ends = table.groupby("item").tail(1).assign(stage="Closed", worker="system")
    ends["started_at"] = ends["submitted_at"] = ends["submitted_at"] + pd.Timedelta(seconds=1)
    odd = table.head(3).assign(stage="Typo")
    frame = judged(pd.concat([table, ends, odd], ignore_index=True))
    flow, why = flow_of(frame, "annotate")
    assert why == ""
    assert {step.name for step in flow.steps} == {"intake", "check", "call"}
    assert {(word, reason) for word, _, reason in flow.left_out} == {
        ("Closed", "nobody works on it"),
        ("Typo", "too rare"),
    }
    assert {to for to, _ in routes_of(frame, flow).ways["check"]} == {"call", "deliver"}


def test_odd_names_become_names_of_stages() -> None:
    """Signs and capitals go, two steps that would be called alike are not, and nothing is called deliver."""
    table = events(100)
    table["stage"] = table["stage"].map({"Intake": "Deliver!", "Check": "检查", "Call": "deliver"})
    flow, _ = flow_of(judged(table), "annotate")
    names = [step.name for step in flow.steps]
    assert len(set(names)) == 3
    assert "deliver" not in names
    assert all(name.replace("-", "").isalnum() and name.isascii() for name in names)


def test_one_step_is_no_flow() -> None:
    """A log of one step, or of one and a rare one, is fitted as before, and the second says why."""
    table = events(200)
    one = table[table["stage"] == "Check"]
    assert flow_of(judged(one), "annotate") == (None, "")
    both = pd.concat([one, table[table["stage"] == "Call"].head(2)], ignore_index=True)
    flow, why = flow_of(judged(both), "annotate")
    assert flow is None
    assert "only one of its steps" in why
    marks = table.assign(submitted_at=table["started_at"])
    assert flow_of(judged(marks), "annotate") == (None, "none of its steps has rows enough, with times, to be a stage")


def test_items_last_seen_late_have_no_end() -> None:
    """Of a log cut off in the middle, items under way are not delivered: shares stay what they were."""
    table = events(900)
    half = table[table["submitted_at"] <= table["started_at"].min() + pd.Timedelta(minutes=600 * 450)]
    frame = judged(half)
    flow, _ = flow_of(frame, "annotate")
    found = routes_of(frame, flow)
    assert found.open > 0
    assert dict(found.ways["call"])["deliver"].value == pytest.approx(0.6, abs=0.1)


def test_items_end_where_all_were_last_seen_late(tmp_path: Path) -> None:
    """All checks of a lot on its last day, some of them sent back: the last ones may go on, but are taken as done, as
    the line would go round without end, and a note says so. Other steps' late items stay open."""
    rows = []
    for item in range(300):
        rows += [(item, "Intake", f"w{item % 4}", 6.0 * item), (item, "Check", f"c{item % 3}", 8640 + 1.2 * item)]
        if item % 10 == 0 and item < 150:
            rows += [
                (item, "Intake", f"w{item % 4}", 8670 + 1.2 * item),
                (item, "Check", f"c{item % 3}", 8700 + 1.2 * item),
            ]
    rows += [(item, "Intake", f"w{item % 4}", 8640 + 1.2 * item) for item in range(300, 310)]
    table = pd.DataFrame(rows, columns=["item", "stage", "worker", "minute"])
    table["started_at"] = pd.Timestamp("2026-01-05 08:00") + pd.to_timedelta(table.pop("minute"), unit="min")
    took = 60 + 40 * np.random.default_rng(1).random(len(table))
    table["submitted_at"] = (table["started_at"] + pd.to_timedelta(took, unit="s")).dt.round("ms")
    fit = calibrate([whole(table, tmp_path)])
    assert scenario_of(fit, tmp_path).first == "intake"
    frame = judged(table)
    flow, _ = flow_of(frame, "annotate")
    routes = routes_of(frame, flow)
    assert {to: one.value for to, one in routes.ways["check"]} == pytest.approx(
        {"deliver": 300 / 315, "intake": 15 / 315}
    )
    assert [to for to, _ in routes.ways["intake"]] == ["check"]
    assert (routes.ends, routes.open) == (("check",), 10)
    assert any("All items whose last step is check" in note for note in fit.notes)


def test_chances_sum_to_the_whole() -> None:
    """Percentages of two digits that sum to 100 to the last, whatever the shares."""
    table = events(333)
    frame = judged(table)
    flow, _ = flow_of(frame, "annotate")
    for ways in routes_of(frame, flow).ways.values():
        assert sum(round(float(one.rstrip("%")) * 100) for one in chances(ways).values()) == 10_000


def test_what_comes_back_leaves_in_the_end() -> None:
    """No more than 90% comes back to a stage, the most that a scenario takes; the rest keeps its proportions."""
    rates = [Rate(value, 0.0, 1.0, 100, 100.0) for value in (0.96, 0.03, 0.01)]
    assert chances((("a", rates[0]), ("b", rates[1]), ("deliver", rates[2])), "a") == {
        "a": "90%", "b": "7.5%", "deliver": "2.5%",
    }  # fmt: skip
    assert chances((("a", Rate(1.0, 0.0, 1.0, 100, 100.0)),), "a") == {"a": "100%"}


def test_the_only_way_out_is_no_rare_way() -> None:
    """Of a step that hardly anything leaves the way out is kept, rare as it is; else a line has no end."""
    start = pd.Timestamp("2026-01-05 08:00")
    rows = [("Intake" if k % 2 == 0 else "Check", f"w{k % 3}", start + pd.Timedelta(minutes=k)) for k in range(1202)]
    table = pd.DataFrame(rows, columns=["stage", "worker", "started_at"]).assign(item=np.arange(1202) // 1201)
    table["submitted_at"] = table["started_at"] + pd.Timedelta(seconds=30)
    frame = judged(table)
    steps = (Step("Intake", "intake", "work"), Step("Check", "check", "work"))
    assert endless(routes_of(frame, Flow(steps, (), 1.0, 0.0)).ways) == set()


@pytest.mark.verify
def test_routes_lie_within_their_intervals() -> None:
    """100 drawn logs, three chances each: as many lie within their 95% intervals as a binomial of 95% reaches with
    chance 99.9% each."""
    hits = dict.fromkeys(["Intake", "Check", "Call"], 0)
    to = {"Intake": "check", "Check": "call", "Call": "intake"}
    logs = 100
    for seed in range(logs):
        frame = judged(events(120, seed))
        flow, _ = flow_of(frame, "annotate")
        found = routes_of(frame, flow)
        for step in hits:
            one = dict(found.ways[step.lower()])[to[step]]
            hits[step] += one.low <= WAYS[step][to[step].capitalize()] <= one.high
    assert min(hits.values()) >= stats.binom.ppf(0.001, logs, 0.95), hits


def test_steps_that_a_line_cannot_have(tmp_path: Path) -> None:
    """Steps where items only begin, whose times are all idle, or always the same: the profile is still a line that can
    be simulated, of pools that have work in it, every row is counted, and what is left out is said."""
    table = events(300)
    begun = table.groupby("item").head(1).query("item % 8 == 0").assign(stage="Front desk", worker="f0")
    begun["submitted_at"] = begun["started_at"]
    begun["started_at"] = begun["started_at"] - pd.Timedelta(minutes=2)
    ends = table.groupby("item").tail(1).copy()
    slow = ends.assign(stage="Archive", worker="a" + ends["item"].astype(str))
    slow["started_at"] = ends["submitted_at"] + pd.Timedelta(minutes=1)
    slow["submitted_at"] = slow["started_at"] + pd.Timedelta(hours=30)
    table.loc[table["stage"] == "Call", "submitted_at"] = table["started_at"] + pd.Timedelta(minutes=3)
    path = tmp_path / "odd.csv"
    pd.concat([table, begun, slow], ignore_index=True).to_csv(path, index=False)
    fit = calibrate([path])
    assert set(fit.scenario["stages"]) == {"intake", "check", "call"}
    assert set(fit.scenario["pools"]) == {"annotators", "check-team"}
    assert scenario_of(fit, tmp_path).first == "intake"
    assert fit.rows_used + sum(one.rows for one in fit.refused) == fit.rows_read
    assert any("Not in the scenario: " in note and "front-desk" in note and "archive" in note for note in fit.notes)


def test_a_time_without_spread_is_a_constant() -> None:
    """A scenario refuses a sigma of 0, which times that hardly vary have to four digits."""
    known = {"stages.a.time.lognormal.median": 180.0, "stages.a.time.lognormal.sigma": 0.0}
    assert time_of(known, "stages.a") == {"constant": "180 s"}
    assert time_of(known | {"stages.a.time.lognormal.sigma": 0.3}, "stages.a") == {
        "lognormal": {"median": "180 s", "sigma": "0.3"}
    }


def test_coming_twice_takes_no_two_at_once(tmp_path: Path) -> None:
    """Items that pass intake twice, each time by another, need no two people there at once: one slot, as was taken."""
    rows = [(item, "Check" if k % 2 else "Intake", f"{'wc'[k % 2]}{(item + k) % 5}", 200 * item + 40 * k)
            for item in range(100) for k in range(4)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["item", "stage", "worker", "minute"])
    table["started_at"] = pd.Timestamp("2026-01-05 08:00") + pd.to_timedelta(table.pop("minute"), unit="min")
    table["submitted_at"] = table["started_at"] + pd.to_timedelta(60 + table.index % 50, unit="s")
    found = calibrate([whole(table, tmp_path)], pool="clerks").parameter("pools.clerks.headcount")
    assert (found.value, "in session at once" in found.method) == (1, True)


def test_what_is_set_apart_counts_all_stages(tmp_path: Path) -> None:
    """What is set apart of a line is what is set apart of its steps, each fitted alone."""
    table = events(150)
    for stage in ("Intake", "Check"):
        left = table.index[table["stage"] == stage][::10]
        table.loc[left, "submitted_at"] = table.loc[left, "started_at"] + pd.Timedelta(hours=9)
    path = whole(table, tmp_path)
    alone = Counter[str]()
    for step in MINUTES:
        alone.update({one.reason: one.rows for one in calibrate([path], step=step).set_apart})
    assert {one.reason: one.rows for one in calibrate([path]).set_apart} == alone
    assert alone["left open (idle): not a service time"] > 20


def test_verdicts_on_labels_count_where_no_step_reviews(tmp_path: Path) -> None:
    """In a line of labels and decisions each signed verdict counts, not only that on an item's last label."""
    rng = np.random.default_rng(5)
    table = labelled(3, "adjudicate")
    labels = table["stage"] == "annotate"
    table["reviewer"] = np.where(labels & (rng.random(len(table)) < 0.5), "r1", "")
    table["outcome"] = np.where(rng.random(len(table)) < 0.2, "rejected", "accepted")
    fit = calibrate([whole(table, tmp_path)])
    assert set(fit.scenario["stages"]) >= {"annotate", "adjudicate"}
    assert fit.counts["reviewed"] == (table["reviewer"] != "").sum()


def test_a_file_may_hold_one_step(tmp_path: Path) -> None:
    """A log told in a file a step, that of a mere mark among them, gives the line of the one file that holds all; a
    file of which no row can be used is refused as ever."""
    table = events(150)
    ends = table.groupby("item").tail(1).assign(stage="Closed", worker="system")
    ends["started_at"] = ends["submitted_at"]
    both = pd.concat([table, ends], ignore_index=True)
    files = []
    for name, mine in both.groupby("stage"):
        files.append(tmp_path / f"{name}.csv")
        mine.to_csv(files[-1], index=False)
    fit = calibrate(files)
    assert fit.scenario == calibrate([whole(both, tmp_path)]).scenario
    assert fit.rows_used + sum(one.rows for one in fit.refused) == fit.rows_read
    backward = table[table["stage"] == "Call"].rename(
        columns={"started_at": "submitted_at", "submitted_at": "started_at"}
    )
    backward.head(20).to_csv(tmp_path / "more.csv", index=False)
    with pytest.raises(DataRefused, match=r"more.csv: none of its 20 rows can be used: 20 x finish before start"):
        calibrate([*files, tmp_path / "more.csv"])
