"""Every scenario file of tests/cases gives what stands beside it: the resolved line, or the messages, to the letter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labelcast.scenarios.load import load, show
from labelcast.sim.errors import Infeasible, Refused
from labelcast.sim.plan import Plan

CASES = Path(__file__).parents[1] / "cases"
VALID = sorted(path.stem for path in (CASES / "valid").glob("*.yaml"))
INVALID = sorted(path.stem for path in (CASES / "invalid").glob("*.yaml"))


def test_there_are_cases() -> None:
    """An empty folder would let every test below pass."""
    assert len(VALID) >= 60
    assert len(INVALID) >= 150


@pytest.mark.parametrize("name", VALID)
def test_valid_files_resolve(name: str, monkeypatch: pytest.MonkeyPatch, refresh: bool) -> None:
    """A valid file gives the line that stands beside it, every default written out, and the engine can plan it."""
    monkeypatch.chdir(CASES / "valid")
    line = load(Path(f"{name}.yaml"))
    expected = CASES / "valid" / f"{name}.line.json"
    if refresh:
        expected.write_text(show(line), encoding="utf-8")
    assert json.loads(show(line)) == json.loads(expected.read_text(encoding="utf-8"))
    assert Plan.of(line).line is line


@pytest.mark.parametrize("name", INVALID)
def test_invalid_files_are_refused(name: str, monkeypatch: pytest.MonkeyPatch, refresh: bool) -> None:
    """An invalid file is refused with all of its problems, each with its place and how to mend it."""
    monkeypatch.chdir(CASES / "invalid")
    with pytest.raises(Refused) as refused:
        load(Path(f"{name}.yaml"))
    told = "\n".join(refused.value.problems) + "\n"
    if isinstance(refused.value, Infeasible):
        told += f"exit code {refused.value.exit_code}\n"
    expected = CASES / "invalid" / f"{name}.txt"
    if refresh:
        expected.write_text(told, encoding="utf-8")
    assert told == expected.read_text(encoding="utf-8")
