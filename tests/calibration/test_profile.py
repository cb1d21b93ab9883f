"""A profile says all that the fit knows, reads back as it was, and depends on nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from labelcast.calibration import profile
from labelcast.calibration.availability import fit_availability
from labelcast.calibration.block import scenario_block
from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.export import write_export
from labelcast.calibration.fit import Fit, Parameter
from labelcast.calibration.record import Names
from labelcast.scenarios.load import load
from labelcast.sim.engines import engine
from labelcast.sim.errors import DataRefused
from labelcast.sim.plan import Plan


@pytest.fixture(scope="module")
def fit(line, truth, tmp_path_factory) -> Fit:
    """Of a small synthetic line."""
    path = tmp_path_factory.mktemp("profile") / "report.csv.gz"
    write_export(line(truth(items=300), 5), path)
    return calibrate([path], pool="vendor-b", segment="street")


def test_what_is_written_is_read(fit: Fit, tmp_path: Path) -> None:
    """The scenario block comes back to the letter, parameters to five digits, notes and provenance whole."""
    path = tmp_path / "team.profile.yaml"
    profile.write(fit, path)
    found = profile.read(path)
    assert found.scenario == fit.scenario
    assert found.notes == fit.notes
    assert [one.path for one in found.parameters] == [one.path for one in fit.parameters]
    for mine, theirs in zip(fit.parameters, found.parameters, strict=True):
        assert theirs.value == pytest.approx(mine.value, rel=1e-4)
        assert theirs.n == mine.n
    assert fit.together
    assert [(one.first, one.second) for one in found.together] == [(one.first, one.second) for one in fit.together]
    for pair, again in zip(fit.together, found.together, strict=True):
        assert again.correlation == pytest.approx(pair.correlation, abs=5e-4)
    assert found.provenance["digest"] == fit.digest
    assert found.provenance["sources"][0]["sha256"] == fit.sources[0].sha256
    assert found.provenance["rows_used"] == 900


def test_the_block_speaks_the_scenarios_words(fit: Fit) -> None:
    """Names are the caller's, numbers have their units, and what only a planner knows is not there."""
    block = fit.scenario
    assert list(block) == ["work", "calendars", "pools", "stages"]
    assert set(block["work"]["street"]) == {"classes", "difficulty"}
    pool = block["pools"]["vendor-b"]
    assert pool["calendar"] in block["calendars"]
    assert set(pool) == {"headcount", "calendar", "shrinkage", "speed", "skill"}
    time = block["stages"]["annotate"]["time"]["lognormal"]
    assert time["median"].endswith(" s")
    assert sum(float(share.rstrip("%")) for share in block["work"]["street"]["classes"].values()) == pytest.approx(100)
    for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"):
        shares = block["calendars"]["vendor-b-hours"]["availability"][day].split(" ")
        assert len(shares) == 24
        assert all(share.endswith("%") for share in shares)


def test_hard_items_and_classes_are_the_scenarios_words(fit: Fit, tmp_path: Path) -> None:
    """A profile with effects of classes and hard items is one that a scenario takes as it is."""
    found = [
        Parameter(f"pools.team.class_effects.{name}", value, None, None, 1, "")
        for name, value in (("bus", -0.4), ("car", 0.1))
    ]
    found += [
        Parameter(f"work.street.difficulty.hard.{name}", value, None, None, 1, "")
        for name, value in (("share", 0.12), ("harder", 3.5), ("spread", 0.8))
    ]
    found += [Parameter("stages.annotate.labels_per_item", 1, None, None, 1, "")]
    found += [Parameter("pools.team.shrinkage", 0.1, None, None, 1, "")]
    found += [Parameter("stages.annotate.time.lognormal.median", 40.0, None, None, 1, "")]
    found += [Parameter("stages.annotate.time.lognormal.sigma", 0.5, None, None, 1, "")]
    availability = fit_availability(pages(), "team", "UTC", 1)
    block = scenario_block(
        Names("team", "street", "annotate", "UTC"), found, [], {"bus": 0.5, "car": 0.5}, availability
    )
    assert block["pools"]["team"]["class_effects"] == {"bus": "-0.4", "car": "0.1"}
    assert block["work"]["street"]["difficulty"]["hard"] == {"share": "12%", "harder": "3.5", "spread": "0.8"}
    written = profile._yaml({"labelcast_profile": 1, "provenance": {"digest": "0"}, "scenario": block})
    (tmp_path / "p.yaml").write_text(written)
    (tmp_path / "s.yaml").write_text(
        "labelcast: 1\nprofile: p.yaml\nstart: 2027-01-04T09:00\ncurrency: EUR\nwork: {street: {backlog: 10 items}}\n"
    )
    line = load(tmp_path / "s.yaml")
    assert dict(line.pools[0].class_effects) == {"bus": -0.4, "car": 0.1}
    assert line.segments[0].hard.share == 0.12


def pages() -> pd.DataFrame:
    """A week in which three workers have a page every quarter of an hour."""
    begin = 1_700_000_000_000 + 900_000 * np.arange(600)
    return pd.DataFrame(
        {"worker": [f"w{k % 3}" for k in range(600)], "begin_ms": begin, "end_ms": begin + 600_000}
    ).assign(timed=True)


def test_the_same_export_gives_the_same_bytes(fit: Fit, line, truth, tmp_path: Path) -> None:
    """Nothing of the moment, the machine or the folder enters a profile."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    write_export(line(truth(items=300), 5), folder / "report.csv.gz")
    again = calibrate([folder / "report.csv.gz"], pool="vendor-b", segment="street")
    assert profile.text(again) == profile.text(fit)
    assert str(tmp_path) not in profile.text(again)


@given(st.text(max_size=40))
def test_any_text_survives(word: str) -> None:
    """Class names are what users typed: whatever it was, YAML gives it back as text of the same letters."""
    tree = YAML(typ="safe", pure=True).load(profile._yaml({"names": {word: word}, "list": [word]}))
    assert {str(key): str(value) for key, value in tree["names"].items()} == {word: word}
    assert [str(one) for one in tree["list"]] == [word]


@pytest.mark.parametrize(
    "word", ["0", "01", "1.0", "1.50", "1e3", "0x1f", "2026-01-05", "12:30:00", "no", "~", "12e5", "- a", "5 s"]
)
def test_numbers_and_dates_in_names_stay_text(word: str) -> None:
    """Classes called 01, 1.50 or no are not turned into 1, 1.5 or false."""
    tree = YAML(typ="safe", pure=True).load(profile._yaml({word: word}))
    assert {str(key): str(value) for key, value in tree.items()} == {word: word}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no profile"),
        ("a: [1", "is not YAML"),
        ("labelcast: 1\n", "is no profile"),
        ("labelcast_profile: 9\n", "this version reads 1"),
        ("labelcast_profile: 1\nfitted: []\n", "incomplete"),
        ("labelcast_profile: 1\nfitted: [3]\nassumed: []\nnotes: []\nprovenance: {}\nscenario: {}\n", "incomplete"),
        ("[" * 2000, "is not YAML"),
    ],
)
def test_what_is_no_profile_is_refused(text: str, words: str, tmp_path: Path) -> None:
    """A file that is no profile, or was edited, is refused by name with code 3."""
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(DataRefused) as refused:
        profile.read(path)
    assert words in str(refused.value)
    assert str(refused.value).startswith("bad.yaml: ")


def test_nothing_is_half_written(fit: Fit, tmp_path: Path) -> None:
    """Where the profile cannot be written, an old one stays as it was, and no part of the new one lies about."""
    (tmp_path / "team.yaml").mkdir()
    with pytest.raises(OSError):  # noqa: PT011
        profile.write(fit, tmp_path / "team.yaml")
    assert [one.name for one in tmp_path.iterdir()] == ["team.yaml"]


def test_a_task_in_hand_does_not_wait_for_its_slots_next_hour(line, truth, tmp_path: Path) -> None:
    """A slot that is there for an hour of the week finishes what it began, as people of logs do."""
    path = tmp_path / "report.csv.gz"
    write_export(line(truth(items=600, hours=((9, 10), (14, 15))), 6), path)
    fit = calibrate([path], pool="team", segment="street")
    assert fit.scenario["stages"]["annotate"]["shift_end"] == "finish"
    profile.write(fit, tmp_path / "p.yaml")
    (tmp_path / "s.yaml").write_text(
        "labelcast: 1\nprofile: p.yaml\nstart: 2027-01-04T00:00\ncurrency: EUR\nwork: {street: {backlog: 600 items}}\n"
    )
    tasks = engine("reference")(Plan.of(load(tmp_path / "s.yaml")), 3, 0).tasks
    assert (tasks["finished_at"] - tasks["started_at"]).max() < 3_600_000


def test_long_tasks_go_on_in_the_next_shift(line, truth, tmp_path: Path) -> None:
    """Tasks longer than a quarter of an hour would stretch hours that were fitted to the quarter."""
    path = tmp_path / "report.csv.gz"
    write_export(line(truth(items=100, median=1500.0), 6), path)
    assert "shift_end" not in calibrate([path]).scenario["stages"]["annotate"]
