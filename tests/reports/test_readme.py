"""What the README shows can be copied."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from labelcast.scenarios.load import load
from labelcast.scenarios.template import template

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PIECES = {
    re.findall(r"^name: (\S+)$", piece, re.M)[0]: piece for piece in re.findall(r"```yaml\n(.*?)```", README, re.S)
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the template as my-plan.yaml, and each piece in a file of its name beside it."""
    (tmp_path / "my-plan.yaml").write_text(template(), encoding="utf-8")
    for name, piece in PIECES.items():
        (tmp_path / f"{name}.yaml").write_text(piece, encoding="utf-8")
    return tmp_path


def test_each_piece_is_a_scenario_that_uses_what_it_shows(folder: Path) -> None:
    """Copied beside the template, every piece loads, and its mechanism is in the line."""
    lines = {name: load(folder / f"{name}.yaml") for name in PIECES}
    assert set(lines) == {"crowd", "new-guideline", "windows"}
    crowd = next(pool for pool in lines["crowd"].pools if pool.name == "crowd")
    assert crowd.sessions is not None
    guideline = lines["new-guideline"]
    assert len(guideline.epochs) > 1
    assert len(guideline.trainings) == len(guideline.relabels) == len(guideline.one_offs) == 1
    assert [window.name for window in lines["windows"].windows] == ["pilot", "full"]


def test_the_files_that_it_links_to_are_there() -> None:
    """Each relative link leads to a file or folder of the project."""
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert len(links) >= 5
    assert all((ROOT / link).exists() for link in links), links


def test_commands_name_files_that_a_reader_has() -> None:
    """Scenarios in commands are those of the library, the first plan, or pieces of the README; what the demo makes; and
    what lies beside the README."""
    blocks = "\n".join(re.findall(r"```\n(.*?)```", README, re.S))
    commands = [line.split("  #")[0].split() for line in blocks.splitlines() if line.startswith("labelcast ")]
    named = {word for words in commands for word in words if word.endswith(".yaml")}
    known = {"my-plan.yaml", "out/demo/team.profile.yaml", *(f"{name}.yaml" for name in PIECES)}
    assert len(commands) >= 20
    assert {name for name in named - known if not (ROOT / name).is_file()} == set()
