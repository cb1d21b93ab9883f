"""What a page tells a reader to type works, and prints what the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer.main

from labelcast.cli import app
from labelcast.sim.engines import ENGINES, prepare

from .blocks import ROOT, blocks, commands
from .running import run

DOCS = ROOT / "docs"
RUN = sorted([*(DOCS / "tutorials").glob("*.md"), *(DOCS / "how-to").glob("*.md")])
"""Pages that are run, from their first line to their last."""
READ = sorted([ROOT / "README.md", ROOT / "examples" / "README.md", *DOCS.glob("*.md")])
"""Pages that only list commands: of other projects' files, or too long for a test. Their commands are read."""


@pytest.mark.docs
@pytest.mark.parametrize("page", RUN, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_works_as_it_is_written(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command ends as it should, and every line of output that is shown is printed."""
    prepare(ENGINES[0])
    wrong = run(page.read_text(encoding="utf-8"), tmp_path, monkeypatch)
    assert wrong == [], "\n".join(f"{page.relative_to(ROOT)}:{why}" for why in wrong)


@pytest.mark.parametrize("page", READ, ids=lambda page: page.stem)
def test_commands_that_are_listed_can_be_typed(page: Path) -> None:
    """Command, options and the kinds of their values are those of labelcast; `make` names a rule."""
    rules = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    door = typer.main.get_command(app)
    for command in [found for block in blocks(page.read_text(encoding="utf-8")) for found in commands(block)]:
        name, *words = command.words[1:]
        if command.words[0] == "make":
            assert any(line.startswith(f"{command.words[-1]}:") for line in rules), f"line {command.line}: {command}"
        elif command.words[0] == "labelcast":
            assert name in door.commands, f"line {command.line}: {command}"
            try:
                door.commands[name].make_context(name, words)
            except Exception as error:
                pytest.fail(f"line {command.line}: {command}: {error}")


def test_nothing_goes_unseen() -> None:
    """Each page has commands to run, and shows what most of them print."""
    for page in RUN:
        found = blocks(page.read_text(encoding="utf-8"))
        if page.parent.name == "tutorials":
            assert sum(len(commands(block)) for block in found) >= 5, page
            assert sum(block.language == "text" for block in found) >= 5, page
