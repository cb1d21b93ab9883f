"""What happens on dates: ramps, changes, dips, and what they become."""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from short_scenario import changed, loaded
from twins import run

from labelcast.sim.line import Line, digest
from labelcast.sim.plan import Plan

DAY = 86_400.0
FIRST_OF_MARCH = 56 * DAY - 9 * 3600.0
"""Seconds from Monday 2027-01-04 09:00 to 2027-03-01 00:00, both in winter."""


def with_changes(*entries: str, old: str = "stages:", new: str = "stages:") -> str:
    listing = "".join(f"  - {{{entry}}}\n" for entry in entries)
    return changed((old, new)) + f"changes:\n{listing}"


LEAD = "{lead: 2, max: 4}"

PAIRS = [
    ("stages.annotate.time", "30 s", ("time: 42 s", "time: 30 s")),
    ("stages.review.fraction", "50%", ("fraction: 20%", "fraction: 50%")),
    ("pools.team.headcount", "9", ("headcount: 4", "headcount: 9")),
    ("pools.team.pay.hourly", "22 EUR", ("hourly: 20 EUR", "hourly: 22 EUR")),
    ("pools.team.absence", "5%", ("headcount: 4", "headcount: 4, absence: 5%")),
    ("calendars.office.hours", '"08:00-12:00"', ("09:00-17:00", "08:00-12:00")),
    ("work.images.difficulty.attractor", "2", ("attractor: 3", "attractor: 2")),
    ("stages.annotate.labels_per_item", LEAD, ("time: 42 s", f"time: 42 s, labels_per_item: {LEAD}")),
]


@pytest.mark.parametrize(("path", "value", "written"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_a_change_is_what_would_stand_there(tmp_path: Path, path: str, value: str, written: tuple[str, str]) -> None:
    """From its date on, the line has the parts of a file in which the new value is written; before, the old ones; and
    parts of other kinds are not given again."""
    before = loaded(tmp_path, changed())
    line = loaded(tmp_path, with_changes(f"on: 2027-03-01, path: {path}, value: {value}"))
    after = loaded(tmp_path, changed(written))
    (epoch,) = line.epochs
    assert epoch.at_s == FIRST_OF_MARCH
    for kind in ("segments", "calendars", "pools", "stages"):
        assert getattr(line, kind) == getattr(before, kind)
        new = getattr(after, kind)
        assert getattr(epoch, kind) == (None if new == getattr(before, kind) else new)


def test_a_value_and_factors_of_one_date_in_any_order(tmp_path: Path) -> None:
    """The value comes first and then all factors, wherever they stand in the file."""
    path = "on: 2027-03-01, path: stages.annotate.time"
    entries = [f"{path}, factor: 0.5", f"{path}, value: 40 s", f"{path}, factor: 3"]
    lines = {digest(loaded(tmp_path, with_changes(*order))) for order in itertools.permutations(entries)}
    assert lines == {digest(loaded(tmp_path, with_changes(f"{path}, value: 60 s")))}


def test_changes_in_any_order(tmp_path: Path) -> None:
    """Entries of different dates and keys are a set: their order in the file means nothing."""
    entries = [
        "on: 2027-03-01, path: stages.annotate.time, factor: 0.5, cost: 10 EUR",
        "on: 2027-02-01, path: stages.annotate.time, value: 50 s",
        "on: 2027-04-01, train: {pool: team, time: 4 h}",
        "on: 2027-02-15, dip: {time: 1.2, over: 2 weeks}",
    ]
    lines = [loaded(tmp_path, with_changes(*order)) for order in itertools.permutations(entries)]
    assert len({digest(line) for line in lines}) == 1
    times = [epoch.stages[0].time.parameters["value"] for epoch in lines[0].epochs if epoch.stages is not None]
    assert times == [50.0, 25.0]


def test_a_ramp_is_changes_of_the_headcount(tmp_path: Path) -> None:
    """A ramp and a list of changes of the headcount give the same line, but for what was written."""
    ramp = changed(("headcount: 4", "headcount: {ramp: {2027-01-04: 4, 2027-02-01: 8, 2027-03-01: 6}}"))
    steps = (
        "on: 2027-02-01, path: pools.team.headcount, value: 8",
        "on: 2027-03-01, path: pools.team.headcount, factor: 0.75",
    )
    lines = (loaded(tmp_path, text) for text in (ramp, with_changes(*steps)))
    one, other = (digest(replace(line, stated=None)) for line in lines)
    assert one == other


def test_nobody_works_before_the_site_opens(tmp_path: Path) -> None:
    """With a headcount of 0 until a date, the engine starts no task before it and delivers everything after."""
    line = loaded(tmp_path, changed(("headcount: 4", "headcount: {ramp: {2027-01-11: 4}}")))
    log = run(Plan.of(line), 1, 0)
    assert line.pools[0].headcount == 0
    assert log.tasks["started_at"].min() >= line.epochs[0].at_s * 1000
    assert log.items["delivered_at"].notna().all()


def test_what_changes_nothing_is_no_epoch(tmp_path: Path) -> None:
    """A change to the value that is there already leaves no trace in the line."""
    assert loaded(tmp_path, with_changes("on: 2027-03-01, path: stages.annotate.time, value: 0.7 min")).epochs == ()


def test_harder_work_does_not_raise_skill(tmp_path: Path) -> None:
    """Accuracy is meant for the work at the start: a drift, or a new weakness of the people, leaves mean skill; a new
    accuracy moves it, by the same work."""
    drift = "on: 2027-03-01, path: work.images.class_effects.bus, value: -2"
    better = "on: 2027-03-01, path: pools.team.skill.accuracy, value: 95%"
    line = loaded(tmp_path, with_changes(drift))
    assert [epoch.pools for epoch in line.epochs] == [None]
    worse = (
        loaded(tmp_path, with_changes("on: 2027-03-01, path: pools.team.class_effects.bus, value: -1")).epochs[0].pools
    )
    assert worse is not None
    assert (worse[0].skill_mean, worse[0].class_effects) == (line.pools[0].skill_mean, {"bus": -1.0})
    both = loaded(tmp_path, with_changes(drift, better)).epochs[0].pools
    alone = loaded(tmp_path, with_changes(better)).epochs[0].pools
    assert both == alone
    assert alone is not None
    assert alone[0].skill_mean > line.pools[0].skill_mean


def pools_at(line: Line, at_s: float) -> tuple[float, float]:
    """Speed and mean skill of the first pool from a moment on."""
    pool = line.pools[0]
    for epoch in line.epochs:
        if epoch.at_s <= at_s and epoch.pools is not None:
            pool = epoch.pools[0]
    return pool.speed, pool.skill_mean


def test_a_dip_wears_off_in_equal_steps(tmp_path: Path) -> None:
    """At first all of it, then less by the same amount each time, and in the end nothing; other pools keep theirs."""
    dip = "on: 2027-03-01, dip: {pools: [team], time: 1.4, logits: -0.8, over: 4 weeks, steps: 4}"
    line = loaded(tmp_path, with_changes(dip))
    usual = line.pools[0].skill_mean
    for number, left in enumerate([1.0, 0.75, 0.5, 0.25, 0.0]):
        speed, skill = pools_at(line, FIRST_OF_MARCH + number * 7 * DAY)
        assert speed == pytest.approx(1 + 0.4 * left, abs=1e-11)
        assert skill == pytest.approx(usual - 0.8 * left, abs=1e-11)
    assert pools_at(line, FIRST_OF_MARCH - 1) == (1.0, usual)
    assert all(epoch.pools is None or epoch.pools[1] == line.pools[1] for epoch in line.epochs)


def test_a_dip_stays_as_deep_until_feedback_comes(tmp_path: Path) -> None:
    """With verdicts after ten days each step of recovery is ten days later, and nothing else is other; with none it is
    the dip that it was."""
    plain = "on: 2027-03-01, dip: {pools: [team], time: 1.4, logits: -0.8, over: 4 weeks, steps: 4}"
    usual = loaded(tmp_path, with_changes(plain))
    at_once, late = (
        loaded(tmp_path, with_changes(plain.replace("steps: 4", f"steps: 4, feedback_delay: {delay}")))
        for delay in ("0 s", "10 days")
    )
    assert at_once.epochs == usual.epochs
    assert [epoch.at_s for epoch in late.epochs] == [
        epoch.at_s + (10 * DAY if epoch.at_s > FIRST_OF_MARCH else 0.0) for epoch in usual.epochs
    ]
    assert [epoch.pools for epoch in late.epochs] == [epoch.pools for epoch in usual.epochs]


def test_two_dips_add_up(tmp_path: Path) -> None:
    """Dips that overlap multiply their factors and add their logits."""
    dip = "on: 2027-03-01, dip: {time: 1.5, logits: -0.5, over: 2 weeks, steps: 1}"
    line = loaded(tmp_path, with_changes(dip, dip))
    assert pools_at(line, FIRST_OF_MARCH) == pytest.approx((2.25, line.pools[0].skill_mean - 1.0))


def test_what_happens_once(tmp_path: Path) -> None:
    """Training, rollback and cost stand in the line with their moments; a rollback goes to the labels by default."""
    entry = (
        "on: 2027-03-01, train: {pool: team, time: 90 min}, relabel: {since: 2027-02-01}, cost: 12.50 EUR, why: rules"
    )
    line = loaded(tmp_path, with_changes(entry))
    (training,), (relabel,), (cost,) = line.trainings, line.relabels, line.one_offs
    assert dataclasses.astuple(training) == (FIRST_OF_MARCH, "team", 1.5)
    assert dataclasses.astuple(relabel) == (FIRST_OF_MARCH, "annotate", 1.0, FIRST_OF_MARCH - 28 * DAY, None)
    assert dataclasses.astuple(cost) == (FIRST_OF_MARCH, 12_500_000, "rules")
    assert line.epochs == ()
