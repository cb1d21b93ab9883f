"""The profiles that ship: what they say, what of their sets they must not say, and how a scenario names them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from labelcast.calibration import profile, sample
from labelcast.reports.shelf_text import shelf_json, shelf_text
from labelcast.scenarios import library
from labelcast.scenarios.library import folder, profiles
from labelcast.scenarios.load import load
from labelcast.scenarios.shelf import shelf
from labelcast.scenarios.ship import Shipped, ship, ship_all, sources
from labelcast.sim.errors import ScenarioRefused

ABOUT = Shipped('the "sample": made up', "labelcast", "Europe/Paris")
PLAN = """labelcast: 1
profile: {named}
start: 2027-01-04
currency: EUR
work: {{items: {{backlog: 10 items}}}}
"""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library whose one fitted profile is the sample's."""
    place = tmp_path_factory.mktemp("library")
    said = list(ship_all(tmp_path_factory.mktemp("no sets"), place / "profiles", sources(SOURCES)))
    assert said == ["sample_crowdflower: shipped."]
    return place


SOURCES = folder() / "profiles" / "sources.yaml"


@pytest.fixture
def sets(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Writes the head of the sample with words of it changed, as a set of its own."""

    def write(changed: dict[str, str]) -> Path:
        rows = list(csv.reader(io.StringIO(gzip.decompress(sample.PATH.read_bytes()).decode())))[:900]
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows([[changed.get(cell, cell) for cell in row] for row in rows])
        path = tmp_path / "a_set.csv"
        path.write_text(out.getvalue())
        return path

    return write


def test_a_shipped_profile_tells_its_source_and_n(shipped: Path) -> None:
    """The listing has what it is, where it comes from, how much it rests on and when, in text and in JSON."""
    (one,) = shelf(shipped)
    text, (told,) = shelf_text([one]), shelf_json([one])
    assert "7,200 labels, 2,400 items, 4 workers, 2026-09-07 to 2026-09-15" in text
    for key in ("what", "source"):
        assert told[key] in text
        assert told[key] == getattr(sources(SOURCES)["sample_crowdflower"], key)
    assert (told["name"], told["fitted"], told["labels"], told["items"]) == ("sample_crowdflower", True, 7200, 2400)
    fit = profile.read(profiles(shipped)["sample_crowdflower"])
    assert all(parameter.n >= 1 for parameter in fit.parameters)


def test_it_is_the_fit_without_places_of_rows(shipped: Path) -> None:
    """Parameters and the scenario's block are those of any calibration; where refused rows stand is left out."""
    read = profile.read(profiles(shipped)["sample_crowdflower"])
    books = [*read.provenance["refused"], *read.provenance["set_apart"]]
    assert books
    assert {entry["first"] for entry in books} == {""}
    assert "row " not in profiles(shipped)["sample_crowdflower"].read_text()


def test_a_scenario_names_it(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`library:NAME` is found from any folder, in a scenario and as the profile that is put under one."""
    monkeypatch.setattr(library, "folder", lambda: shipped)
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN.format(named="library:sample_crowdflower"))
    line = load(path)
    assert "stages.annotate.time.lognormal.median" in line.fitted
    path.write_text(PLAN.format(named="nothing.yaml"))
    assert load(path, Path("library:sample_crowdflower")).pools == line.pools


def test_a_name_that_the_library_has_not_is_told(tmp_path: Path) -> None:
    """By position, with what there is and what may have been meant."""
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN.format(named="library:typcal"))
    with pytest.raises(ScenarioRefused, match=r'plan.yaml:2:10 .*named "typcal" .* Did you mean "typical"\?'):
        load(path)
    with pytest.raises(ScenarioRefused, match='no profile of the library is named "typcal"'):
        load(path, Path("library:typcal"))


def test_every_profile_of_the_library_runs(tmp_path: Path) -> None:
    """Each of them loads under a scenario that says nothing but the work, and what was fitted says where."""
    for name in profiles():
        path = tmp_path / f"{name}.yaml"
        path.write_text(PLAN.format(named=f"library:{name}"))
        assert load(path).pools
    for one in shelf():
        assert one.stand_in or (one.what and one.source and one.labels and one.items and one.workers), one.name


def test_what_would_name_people_or_texts_does_not_ship(sets: Callable[[dict[str, str]], Path]) -> None:
    """A worker's name that is a class, an item's name that is one, and classes that are sentences are each found."""
    item = "item 7 of 9"
    text = "a lorry that stands before the house of the mayor"
    with pytest.raises(ValueError, match="names of more than") as refused:
        ship(sets({"truck": "annotators-2", "bus": item, "100000007": item, "car": text}), ABOUT)
    assert "1 names of workers stand in it." in str(refused.value)
    assert "1 names of items stand in it." in str(refused.value)
    assert "1 classes have names of more than 40 characters" in str(refused.value)


def test_answers_that_are_free_text_do_not_go_along(sets: Callable[[dict[str, str]], Path]) -> None:
    """What people typed is as many answers as there are people and moods: none of them stands in the profile."""
    path = sets({})
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    for number, row in enumerate(rows):
        row["label"] = f"{row['label']} no. {number % 20}"
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue())
    text = ship(path, ABOUT)
    assert "Labels are not modelled" in text
    assert not any(row["label"] in text for row in rows)


def test_what_does_not_ship_is_told(tmp_path: Path) -> None:
    """A set of which nothing is known, and one that cannot be fitted, leave no file and a sentence."""
    place, out = tmp_path / "sets", tmp_path / "out"
    place.mkdir()
    for name in ("unknown", "novelty"):
        (place / f"{name}.csv").write_text("a,b\n1,2\n")
    known = {"novelty": sources(SOURCES)["novelty"]}
    said = list(ship_all(place, out, known))
    assert said[0].startswith("novelty: not shipped: novelty.csv: row 1 is the header of no format")
    assert said[1] == "unknown: not shipped: sources.yaml does not say what it is."
    assert said[2].startswith("sample_crowdflower: not shipped")
    assert not out.exists()


def test_words_of_the_source_are_kept_to_the_letter(sets: Callable[[dict[str, str]], Path], tmp_path: Path) -> None:
    """Quotation marks and colons in what a set is survive YAML."""
    path = tmp_path / "profiles" / "x.profile.yaml"
    path.parent.mkdir()
    path.write_text(ship(sets({}), ABOUT))
    (one,) = shelf(tmp_path)
    assert (one.what, one.source) == (ABOUT.what, ABOUT.source)
    assert json.loads(json.dumps(shelf_json([one])))[0]["what"] == ABOUT.what


def test_sets_that_are_here_have_words(exports: Path) -> None:
    """Each set of the folder that holds times and workers' starts is described, so that none is forgotten."""
    here = {path.stem for path in (exports.parent / "annotation").glob("*.parquet")}
    assert here - set(sources(SOURCES)) <= {"cifar10n_times"}  # times only: no date, so nothing to calibrate
