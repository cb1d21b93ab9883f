"""Links of the repository's pages lead on the site to where they led in the repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from extras import notebook
from folded import WIDTH, folded
from links import led

ROOT = Path(__file__).parents[2]
PAGES = {"docs/budget.md": "budget.md", "README.md": "readme.md", "docs/decisions/001.md": "decisions/001.md"}
PAGES |= {"examples/README.md": "examples/index.md", "docs/images/demo.png": "images/demo.png"}


@pytest.mark.parametrize(
    ("text", "here", "there", "found"),
    [
        ("[a](budget.md#x)", "docs/run.md", "run.md", "[a](budget.md#x)"),
        ("[a](../README.md)", "docs/run.md", "run.md", "[a](readme.md)"),
        ("[a](../../README.md)", "docs/how-to/b.md", "how-to/b.md", "[a](../readme.md)"),
        ("[a](docs/budget.md)", "README.md", "readme.md", "[a](budget.md)"),
        ("[a](../docs/budget.md)", "examples/README.md", "examples/index.md", "[a](../budget.md)"),
        ("[a](examples)", "README.md", "readme.md", "[a](examples/index.md)"),
        ("![a](docs/images/demo.png)", "README.md", "readme.md", "![a](images/demo.png)"),
        ("[the `a`](../Makefile), b", "docs/run.md", "run.md", "the `a`, b"),
        ("[a](nothing.md)", "docs/run.md", "run.md", "[a](nothing.md)"),
        ("[a](https://example.org/x.md)", "docs/run.md", "run.md", "[a](https://example.org/x.md)"),
        ("`[a](../README.md)`", "docs/run.md", "run.md", "`[a](../README.md)`"),
        ("```\n[a](../README.md)\n```\n", "docs/run.md", "run.md", "```\n[a](../README.md)\n```\n"),
    ],
)
def test_a_link_leads_to_its_page(text: str, here: str, there: str, found: str) -> None:
    """Pages and pictures by their new place; code by its name alone; what is nowhere stays, for the build to refuse."""
    assert led(text, here, there, PAGES, ROOT) == found


def test_a_notebook_becomes_a_page() -> None:
    """Text, code, and what stands below it, tables as they are and without lines that Markdown would read."""
    out = {"output_type": "execute_result", "data": {"text/plain": ["x"], "text/html": ["<table>\n", "\n", "</table>"]}}
    cells = [{"cell_type": "markdown", "source": ["# A"]}, {"cell_type": "code", "source": ["f()"], "outputs": [out]}]
    assert notebook({"cells": cells}) == ('# A\n\n```python\nf()\n```\n\n<div class="cell"><table>\n</table></div>\n')


def test_sentences_of_output_are_folded_and_tables_are_not() -> None:
    """What is folded has the same words; a table, a command and prose keep their lines."""
    sentence = "a plan " * 40 + "ends"
    table = "cost" + " " * WIDTH + "1 EUR"
    page = f"{sentence}\n\n```\n{sentence}\n```\n\n```text\n{sentence}\n{table}\n```\n"
    found = folded(page)
    assert found.split() == page.split()
    assert found.startswith(f"{sentence}\n\n```\n{sentence}\n```\n\n```text\n")
    assert table in found.splitlines()
    assert all(len(line) <= WIDTH for line in found.rpartition("```text\n")[2].splitlines() if line != table)
