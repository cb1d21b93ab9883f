"""Pages that are written from the code say what the code says."""

from __future__ import annotations

from pathlib import Path

import api_page
import commands_page
import pytest
import typer.main

import labelcast
from labelcast.cli import app

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_python_is_the_docstrings() -> None:
    """docs/api.md is what `python docs/tools/api_page.py` writes, and has every public name."""
    page = api_page.page()
    assert (DOCS / "api.md").read_text(encoding="utf-8") == page
    assert all(f"\n### {name}\n" in page for name in labelcast.__all__)


def test_the_page_of_commands_is_the_help() -> None:
    """docs/commands.md is what `python docs/tools/commands_page.py` writes, and has every command and option."""
    page = commands_page.page()
    assert (DOCS / "commands.md").read_text(encoding="utf-8") == page
    for name, command in typer.main.get_command(app).commands.items():
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert all(
            opt in section for one in command.params for opt in one.opts if opt.startswith("--") and opt != "--help"
        )


def test_a_new_option_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: another public name, and another sentence of help."""
    before = api_page.page(), commands_page.page()
    monkeypatch.setattr(labelcast.run, "__doc__", "Planted.")
    assert api_page.page() != before[0]
    monkeypatch.setattr(app.registered_commands[0].callback, "__doc__", "Planted.")
    assert commands_page.page() != before[1]
