"""From the planner's words to the line: mathematics, calendars and metamorphoses."""

from __future__ import annotations

import dataclasses
import math
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from short_scenario import changed, loaded, refusal

from labelcast.scenarios.skill import mean_skill
from labelcast.sim.line import Line, digest


def times(folder: Path, written: str) -> dict[str, float]:
    line = loaded(folder, changed(("time: 42 s", f"time: {{lognormal: {written}}}")))
    return dict(line.stages[0].time.parameters)


@pytest.mark.parametrize(
    "written",
    [f"{{{first}: 42 s, {second}}}" for first in ("median", "mean") for second in ("p95: 160 s", "sigma: 0.8")],
)
def test_lognormals_have_what_was_written(tmp_path: Path, written: str) -> None:
    """The resolved lognormal has the median, mean, p95 and sigma that were asked for, by scipy."""
    p = times(tmp_path, written)
    made = stats.lognorm(s=p["sigma"], scale=p["median"])
    for word in written.strip("{}").split(", "):
        key, value = word.split(": ")
        got = {"median": made.median(), "mean": made.mean(), "p95": made.ppf(0.95), "sigma": p["sigma"]}[key]
        assert got == pytest.approx(float(value.removesuffix(" s")), rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(
    accuracy=st.floats(0.05, 0.999),
    spread=st.floats(0, 3),
    effects=st.lists(st.tuples(st.floats(0.1, 9), st.floats(-2, 2), st.floats(0, 3)), min_size=1, max_size=3),
)
def test_mean_skill_gives_the_accuracy(
    accuracy: float, spread: float, effects: list[tuple[float, float, float]]
) -> None:
    """At the mean skill, the share of right labels is the accuracy asked for, by adaptive quadrature."""
    mean = mean_skill(accuracy, spread, effects)
    total = sum(weight for weight, _, _ in effects)
    got = 0.0
    for weight, effect, difficulty in effects:
        sd = math.hypot(spread, difficulty)

        def right(z: float, sd: float = sd, effect: float = effect) -> float:
            return float(stats.norm.pdf(z) / (1 + math.exp(-(mean + effect + sd * z))))

        got += weight / total * integrate.quad(right, -12, 12, epsabs=1e-10, limit=200)[0]
    assert got == pytest.approx(accuracy, abs=1e-8)


def test_mean_skill_without_spread_is_the_logit() -> None:
    """With people and items all alike, skill is the logit of the accuracy."""
    assert mean_skill(0.9, 0.0, [(1.0, 0.0, 0.0)]) == pytest.approx(math.log(9), abs=1e-8)


@pytest.mark.parametrize("difficulty", ["{}", "{spread: 0.5, hard: {share: 30%, harder: 3, spread: 2}}"])
def test_accuracy_is_of_the_works_items(tmp_path: Path, difficulty: str) -> None:
    """Simulated labels are right in the share that was asked for, over segments of different size and difficulty, and
    ordinary and hard items."""
    more = "hard: {backlog: 300 items, classes: {a: 50%, b: 50%}, class_effects: {a: -1}, difficulty: DIFFICULTY}"
    text = changed(
        ("work:\n", f"work:\n  {more.replace('DIFFICULTY', difficulty)}\n"),
        ("pay: {hourly: 20 EUR}", "skill: {accuracy: 85%, spread: 0.7}"),
    )
    line = loaded(tmp_path, text)
    pool = line.pools[0]
    rng = np.random.default_rng(1)
    shares = []
    for segment in line.segments:
        n = 2_000 * segment.backlog
        effects = rng.choice(
            [segment.class_effects.get(one, 0.0) for one in segment.classes], n, p=list(segment.classes.values())
        )
        hard, is_hard = segment.hard, rng.random(n) < segment.hard.share
        difficulty_of = np.where(is_hard, rng.normal(hard.harder, hard.sd, n), rng.normal(0, segment.difficulty_sd, n))
        logit = rng.normal(pool.skill_mean, pool.skill_sd, n) + effects - difficulty_of
        shares.append((segment.backlog, float(np.mean(1 / (1 + np.exp(-logit))))))
    got = sum(n * share for n, share in shares) / sum(n for n, _ in shares)
    assert got == pytest.approx(0.85, abs=0.002)  # five standard errors are 0.001


SAME = [
    (("42 s", "0.7 min"),),
    (("42 s", "42_000 ms"), ("10 s", "0.166666666666666666666666667 min")),
    (("20%", "20.0 %"), ("100 items", "1e2 item")),
    (("headcount: 4", "headcount: 4 people"), ("20 EUR", "20.000000 EUR")),
    (("70%, bus: 30%", "70.0%, bus: 3e1%"),),
    (("[team]", "{team: 100%}"),),
    (("time: 42 s", "time: {constant: 42 s}, labels_per_item: 1, rework_by: author, kind: annotate"),),
    (("2027-01-04T09:00", '"2027-01-04 09:00:00"'),),
    (("Mon-Fri", '"Wed-Fri, Mon, Tue"'), ("09:00-17:00", "12:00-17:00, 9:00-12:00")),
    (("currency: EUR", "currency: EUR\nhorizon: 364 days"),),
    (("20%", "{rest: 20%}"), ("headcount: 4", "headcount: {constant: 4 people}")),
    (("headcount: 4", "headcount: {ramp: {2026-12-01: 2, 2027-01-04T09:00: 4}}"),),
    (("days: Mon-Fri, hours: ", "hours: "), ('"09:00-17:00"', '{Mon-Wed: "09:00-17:00", Thu-Fri: "9:00-17:00"}')),
    (("time: 42 s", "time: 42 s, labels_per_item: {majority: 1}, next: {labelled: {review: 100%, deliver: 0%}}"),),
    (
        ("backlog: 100 items", "backlog: 100 items, sample: 100%, duplicates: 0%, granularity: box, sensitive: no"),
        ("work:", "granularities: {box: {}}\ntick: 0.001 s\nchanges: []\nfirst: annotate\nwork:"),
    ),
    (
        (
            "headcount: 4",
            "headcount: 4, absence: 0%, overtime: 0 s, turnover: {}, learning: {}, fatigue: {}, hurry: 1, "
            "elasticity: 0, speed: {factor: 1}, cleared: no, discipline: first, preempts: no, pick: idle",
        ),
    ),
    (
        (
            "time: 42 s",
            "time: 42 s, gather: 1 items, batch: 1 items, gold: 0%, route: share, shift_end: pause, "
            "suggestion: {anchoring: 20%}",
        ),
    ),
]


@pytest.mark.parametrize("change", SAME)
def test_other_words_for_the_same_line(tmp_path: Path, change: tuple[tuple[str, str], ...]) -> None:
    """Units, order of words and defaults written out change nothing of the line, but who said it."""
    assert _bare(loaded(tmp_path, changed(*change))) == _bare(loaded(tmp_path, changed()))


def _bare(line: Line) -> str:
    """The digest of a line, touching shifts joined, without the lists of who said what."""
    calendars = tuple(dataclasses.replace(one, intervals=_joined(one.intervals)) for one in line.calendars)
    return digest(dataclasses.replace(line, assumed=(), stated=(), calendars=calendars))


def _joined(intervals: tuple[tuple[int, int, int], ...]) -> tuple[tuple[int, int, int], ...]:
    out: list[tuple[int, int, int]] = []
    for day, start, end in intervals:
        if out and out[-1][0] == day and out[-1][2] == start:
            out[-1] = (day, out[-1][1], end)
        else:
            out.append((day, start, end))
    return tuple(out)


@pytest.mark.parametrize(
    ("zone", "start", "deadline", "days"),
    [
        ("UTC", "2027-01-04T09:00", "2027-01-05T09:00", 1.0),
        ("UTC", "2027-01-04T09:00", "2027-01-04", 15 / 24),
        ("Europe/Paris", "2027-03-27T09:00", "2027-03-28T09:00", 23 / 24),
        ("Europe/Paris", "2027-10-30T09:00", "2027-10-31T09:00", 25 / 24),
        ("Asia/Kolkata", "2027-03-27T09:00", "2027-03-28T09:00", 1.0),
        ("Europe/Paris", "2027-10-31T02:30", "2027-10-31T03:30", 2 / 24),
    ],
)
def test_deadlines_are_real_time(tmp_path: Path, zone: str, start: str, deadline: str, days: float) -> None:
    """Days to the deadline are of 24 real hours, across changes of the clocks; of a time that comes twice, the first
    is the start; a bare date ends with its day."""
    change = (
        ("Europe/Paris", zone),
        ("2027-01-04T09:00", start),
        ("stages:", f"goals: {{deadline: {deadline}}}\nstages:"),
    )
    line = loaded(tmp_path, changed(*change))
    assert line.goals[0].value == pytest.approx(days, abs=1e-9)
    assert line.origin == datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))


def test_a_start_that_does_not_exist_is_refused_by_hand_worked_case(tmp_path: Path) -> None:
    """In New York on 2027-03-14, 02:00 to 03:00 does not exist; 01:59 and 03:00 do."""
    zone = ("Europe/Paris", "America/New_York")
    for clock in ("01:59", "03:00"):
        loaded(tmp_path, changed(zone, ("2027-01-04T09:00", f"2027-03-14T{clock}")))
    assert "Write 2027-03-14T03:30" in refusal(tmp_path, changed(zone, ("2027-01-04T09:00", "2027-03-14T02:30")))


def test_loading_is_quick(tmp_path: Path) -> None:
    """A file of usual size loads within 50 ms of processor time once everything is imported."""
    import time

    loaded(tmp_path, changed())
    spent = []
    for _ in range(5):
        begun = time.process_time()
        loaded(tmp_path, changed())
        spent.append(time.process_time() - begun)
    assert min(spent) < 0.05
