"""Saved runs: what is written, that it comes back to the last bit, and that every doubt is told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from small import SCENARIO, same

from labelcast.scenarios.library import scenarios
from labelcast.scenarios.load import load
from labelcast.scenarios.saved import Asked, Saved, again, opened, run_named, runs_in, save, sources
from labelcast.sim.errors import DataRefused, ScenarioRefused
from labelcast.sim.replicate import Runs, replicate
from labelcast.sim.stopping import Precision

WHEN = {"created_at": "2027-01-01T00:00:00+00:00", "command": "labelcast run"}


def saved(path: Path, root: Path, processes: int = 1, wanted: int | Precision = 3) -> tuple[Saved, Runs]:
    """A run of the scenario at `path`, saved below `root`; and the run."""
    line = load(path)
    runs = replicate(line, wanted, 5, processes)
    return save(root, Asked(wanted, 5, "fast"), sources(path, None), runs, WHEN), runs


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO)
    return path


def test_the_same_manifest_gives_the_same_bytes(scenario: Path, tmp_path: Path) -> None:
    """One process and two: every file but when.json has the same bytes, and the run has the same name."""
    one, _ = saved(scenario, tmp_path / "one")
    two, _ = saved(scenario, tmp_path / "two", processes=2)
    assert one.name == two.name
    assert one.manifest == two.manifest
    names = sorted(path.relative_to(one.folder) for path in one.folder.rglob("*") if path.is_file())
    assert [str(name) for name in names] == [
        "files/plan/small.yaml",
        "line.json",
        "manifest.json",
        "replications.zip",
        "results.json",
        "when.json",
    ]
    assert all((one.folder / name).read_bytes() == (two.folder / name).read_bytes() for name in names)


@pytest.mark.parametrize("wanted", [1, 3, Precision(0.2, least=10, most=20)])
def test_a_run_comes_back_to_the_last_bit(scenario: Path, tmp_path: Path, wanted: int | Precision) -> None:
    """KPIs, ledgers and curves, for a number of replications and for a precision; from a place of its own, with the
    scenario gone."""
    there, runs = saved(scenario, tmp_path / "runs", wanted=wanted)
    moved = tmp_path / "moved"
    shutil.move(there.folder, moved)
    scenario.unlink()
    back = opened(moved)
    same(back.runs, runs)
    assert back.line == runs.line
    assert (back.runs.precision, back.runs.reached) == (runs.precision, runs.reached)
    assert back.results["replications"] == len(runs.kpis)


def test_a_run_from_its_manifest_is_the_same(scenario: Path, tmp_path: Path) -> None:
    """Run again, every byte is the same; with another seed in the manifest (planted) it is not, and
    what differs is told."""
    there, _ = saved(scenario, tmp_path / "runs")
    assert again(there, 1).same
    planted = replace(there, manifest=replace(there.manifest, asked=replace(there.manifest.asked, seed=6)))
    planted.__dict__["runs"] = there.runs
    found = again(planted, 1)
    assert not found.same
    assert found.files == ("replications.zip", "results.json")
    assert "cost" in found.kpis
    assert "items_delivered" not in found.kpis
    assert found.surroundings == ()


@pytest.mark.parametrize("releases", ["{csv: when.csv}", "when.csv"])
def test_files_find_one_another_in_their_new_place(tmp_path: Path, releases: str) -> None:
    """What is extended, a profile, and a table of releases in both its forms, each by a relative name from another
    folder."""
    for folder in ("plans/deep", "base"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "base/base.yaml").write_text(SCENARIO.replace("backlog: 40 items", f"releases: {releases}"))
    (tmp_path / "base/when.csv").write_text("at,items\n2027-01-04T09:00,30\n")
    profile = "labelcast_profile: 1\nscenario: {pools: {team: {shrinkage: 7%}}}\n"
    (tmp_path / "team.profile.yaml").write_text(profile)
    plan = "labelcast: 1\nname: deep\nextends: ../../base/base.yaml\nprofile: ../../team.profile.yaml\n"
    (tmp_path / "plans/deep/deep.yaml").write_text(plan)
    there, runs = saved(tmp_path / "plans/deep/deep.yaml", tmp_path / "runs")
    assert set(there.manifest.files) == {
        "plan/base/base.yaml",
        "plan/base/when.csv",
        "plan/plans/deep/deep.yaml",
        "plan/team.profile.yaml",
    }
    for name in ("base", "plans", "team.profile.yaml"):
        (tmp_path / name).rename(tmp_path / f"away-{name}")
    assert opened(there.folder).line == runs.line
    assert runs.line.pools[0].shrinkage == 0.07


@pytest.mark.parametrize("name", scenarios())
def test_scenarios_of_the_library_are_copied_as_such(name: str) -> None:
    """Their places tell nothing of the machine; what they extend and their profile come with them."""
    read = sources(scenarios()[name], None)
    assert read.scenario == f"library/{name}.yaml"
    assert all(place.startswith("library/") for place in read.data)
    alone = name == "common-model"
    assert set(read.data) >= {f"library/{one}" for one in ([] if alone else ["base.yaml", "typical.profile.yaml"])}


def test_a_profile_that_is_put_under_it_is_copied(scenario: Path, tmp_path: Path) -> None:
    """--profile: the file by its place, or the library's by its name; the line comes back with it."""
    profile = tmp_path / "own.profile.yaml"
    profile.write_text("labelcast_profile: 1\nscenario: {pools: {team: {shrinkage: 7%}}}\n")
    for named, place in ((profile, "plan/own.profile.yaml"), (Path("library:typical"), "library:typical")):
        read = sources(scenario, named)
        assert read.profile == place
        line = load(scenario, named)
        runs = replicate(line, 1, 1, 1)
        assert save(tmp_path / "runs", Asked(1, 1, "fast"), read, runs, WHEN).line == line


def test_a_run_that_is_there_already_stays(scenario: Path, tmp_path: Path) -> None:
    """Saved again, its files and its date are as before; where other bytes came out, that is refused."""
    there, runs = saved(scenario, tmp_path / "runs")
    before = (there.folder / "when.json").read_bytes()
    read, asked = sources(scenario, None), there.manifest.asked
    assert save(tmp_path / "runs", asked, read, runs, {"created_at": "later"}).manifest == there.manifest
    assert (there.folder / "when.json").read_bytes() == before
    other = replicate(runs.line, 3, 6, 1)
    with pytest.raises(DataRefused, match="other bytes came out"):
        save(tmp_path / "runs", asked, read, replace(other, seed=5), WHEN)


def test_what_changed_since_it_was_run_is_not_saved(scenario: Path, tmp_path: Path) -> None:
    """A scenario that was edited while it ran: nothing is written."""
    runs = replicate(load(scenario), 1, 1, 1)
    scenario.write_text(SCENARIO.replace("40 items", "41 items"))
    with pytest.raises(ScenarioRefused, match="read as another line"):
        save(tmp_path / "runs", Asked(1, 1, "fast"), sources(scenario, None), runs, WHEN)
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_line_that_reads_otherwise_today_is_told(tmp_path: Path) -> None:
    """A file that is named by an absolute path and was changed since: what was kept is still there, and a sentence says
    that the line is another; running it again gives other bytes."""
    base = tmp_path / "base.yaml"
    base.write_text(SCENARIO)
    plan = tmp_path / "plan.yaml"
    plan.write_text(f"labelcast: 1\nname: plan\nextends: {base}\n")
    there, runs = saved(plan, tmp_path / "runs", wanted=2)
    assert there.changed == ""
    base.write_text(SCENARIO.replace("headcount: 3", "headcount: 4"))
    today = opened(there.folder)
    assert "read as another line today" in today.changed
    pd.testing.assert_frame_equal(today.runs.kpis, runs.kpis)
    found = again(today, 1)
    assert set(found.files) == {"line.json", "replications.zip", "results.json"}
    assert found.kpis["finish_days"][1] < found.kpis["finish_days"][0]


def _manifest(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / "manifest.json"
        told = json.loads(path.read_text())
        change(told)
        path.write_text(json.dumps(told))

    return spoil


def _cut(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-7]) and None


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "a file cut": (_cut("replications.zip"), r"replications\.zip: damaged or changed: its SHA-256 is"),
    "a copy gone": (lambda f: (f / "files/plan/small.yaml").unlink(), r"small\.yaml: is told of .* cannot be read"),
    "no manifest": (lambda f: (f / "manifest.json").unlink(), "is no run's folder"),
    "no JSON": (lambda f: (f / "manifest.json").write_text("{"), "not the manifest of a run"),
    "binary": (lambda f: (f / "manifest.json").write_bytes(b"\xff\xfe\x00"), "cannot be read"),
    "another layout": (_manifest(lambda told: told.update(labelcast_run=9)), "its layout is version 9"),
    "changed by hand": (_manifest(lambda told: told.update(seed=6)), "but what it says is that of"),
    "a place outside": (_manifest(lambda told: told.update(files={"../x": "0"})), "outside of its folder"),
    "no outputs": (_manifest(lambda told: told.update(outputs={})), "results.json: its manifest does not tell"),
    "a key gone": (_manifest(lambda told: told.pop("seed")), "not the manifest of a run"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_damaged_is_refused(scenario: Path, tmp_path: Path, how: str) -> None:
    """Each way to spoil a folder is told with its place and how to mend it; a list tells it beside the others."""
    there, _ = saved(scenario, tmp_path / "runs", wanted=1)
    spoil, told = SPOILT[how]
    spoil(there.folder)
    with pytest.raises(DataRefused, match=told) as refused:
        opened(there.folder)
    assert str(there.folder) in str(refused.value)
    if how != "no manifest":
        (listed,) = runs_in(tmp_path / "runs")
        assert isinstance(listed, DataRefused)


def test_a_run_is_found_by_the_beginning_of_its_name(scenario: Path, tmp_path: Path) -> None:
    """Where one alone begins so; a near miss is guessed."""
    root = tmp_path / "runs"
    there, _ = saved(scenario, root, wanted=1)
    other, _ = saved(scenario, root, wanted=2)
    assert run_named(str(there.folder), Path("nowhere")) == there.folder
    assert run_named(there.name, root) == there.folder
    assert run_named(other.name[:-3], root) == other.folder
    with pytest.raises(DataRefused, match="2 runs begin like this"):
        run_named("small-", root)
    with pytest.raises(DataRefused, match=f'Did you mean "{there.name}"'):
        run_named(f"x{there.name}", root)


def test_kept_replications_are_those_of_the_run(scenario: Path, tmp_path: Path) -> None:
    """replications.zip is a file that --keep reads: the run can be extended from it."""
    there, runs = saved(scenario, tmp_path / "runs")
    more = tmp_path / "more.npz"
    shutil.copy(there.folder / "replications.zip", more)
    longer = replicate(runs.line, 5, 5, 1, keep=more)
    same(
        replace(
            longer,
            kpis=longer.kpis[:3],
            ledger=longer.ledger[longer.ledger["replication"] < 3],
            curves=longer.curves[:3],
        ),
        replace(runs, curves=longer.curves[:3]),
    )
    assert len(longer.kpis) == 5
