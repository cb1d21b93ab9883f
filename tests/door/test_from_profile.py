"""The commands about profiles as a user types them, and a server that is asked for what it cannot give."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typed import labelcast

from labelcast.scenarios.library import profiles

STAND_IN = profiles()["typical"].read_text()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a profile in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "team.profile.yaml").write_text(STAND_IN)
    return tmp_path


def test_a_scenario_is_written_checked_and_run(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the profile's name where no other is said; the next commands that it names take the file as it is."""
    assert labelcast(monkeypatch, "scenario", "team.profile.yaml") == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "Wrote team.yaml. Next: labelcast check team.yaml, labelcast run team.yaml\n")
    assert labelcast(monkeypatch, "check", "team.yaml") == 0
    assert "team can be simulated" in capsys.readouterr().out
    assert labelcast(monkeypatch, "run", "team.yaml", "-n", 2, "--processes", 1, "--json") == 0
    assert json.loads(capsys.readouterr().out)["scenario"] == "team"


def test_no_file_is_overwritten_unasked(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is there stays, unless --force is said; the profile itself stays even then."""
    (here / "team.yaml").write_text("mine")
    assert labelcast(monkeypatch, "scenario", "team.profile.yaml") == 2
    assert "team.yaml: a file is there already" in capsys.readouterr().err
    assert (here / "team.yaml").read_text() == "mine"
    assert labelcast(monkeypatch, "scenario", "team.profile.yaml", "--force") == 0
    assert (here / "team.yaml").read_text().endswith("`due`\n")
    assert labelcast(monkeypatch, "scenario", "team.profile.yaml", "--out", "team.profile.yaml", "--force") == 2
    assert (here / "team.profile.yaml").read_text() == STAND_IN
    (here / "folder").mkdir()
    assert labelcast(monkeypatch, "scenario", "team.profile.yaml", "--out", "folder") == 2


def test_another_folder_names_the_profile_from_there(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The scenario's path to the profile is relative to the scenario, wherever one stands."""
    assert labelcast(monkeypatch, "scenario", "team.profile.yaml", "--out", "plans/q1/team.yaml") == 0
    assert "../../team.profile.yaml" in (here / "plans" / "q1" / "team.yaml").read_text()
    assert labelcast(monkeypatch, "check", "plans/q1/team.yaml") == 0


def test_the_library_is_listed_and_named(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every profile of the listing makes a scenario; a name that is not in it is told."""
    assert labelcast(monkeypatch, "profiles") == 0
    listing = capsys.readouterr().out
    assert labelcast(monkeypatch, "profiles", "--json") == 0
    names = [one["name"] for one in json.loads(capsys.readouterr().out)]
    assert names == [*profiles()]
    for name in names:
        assert name in listing
        assert labelcast(monkeypatch, "scenario", f"library:{name}") == 0
        assert labelcast(monkeypatch, "check", f"{name}.yaml") == 0
    capsys.readouterr()
    assert labelcast(monkeypatch, "scenario", "library:typcal") == 2
    assert 'Did you mean "typical"?' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "No file was given"),
        (("--from", "label-studio"), "--url: is missing"),
        (("--from", "label-studio", "--url", "localhost"), "--url: must be the address"),
        (("a.csv", "--project", "3"), "--project: belongs to --from"),
    ],
)
def test_what_is_calibrated_must_be_clear(
    words: tuple[str, ...], told: str, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 2, one sentence, no profile, and the token of the environment in no message, help included."""
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "f1d2d2f924e986ac86fdf7b36c94bcdf32beec15")
    assert labelcast(monkeypatch, "calibrate", *words, "--out", "new.profile.yaml") == 2
    said = capsys.readouterr()
    assert told in said.err
    assert labelcast(monkeypatch, "calibrate", "--help") == 0
    assert "f1d2d2f9" not in said.out + said.err + capsys.readouterr().out
    assert not (here / "new.profile.yaml").exists()
