"""The page of coverage, and that what it names is there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from requirements.page import page
from requirements.rows import Row, met, rows
from theory import cases
from theory.case import CASES

ROOT = Path(__file__).parents[2]
SOURCE = ROOT.parent / "shared" / "REQUIREMENTS.md"
ROWS = rows()

assert cases.__all__


@cache
def functions(path: str) -> frozenset[str]:
    """Names of the functions of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def lacks(row: Row) -> list[str]:
    """Tests that a row names and that are not there: no such file, function, or case of theory."""
    found = []
    for test in row.tests:
        match = re.fullmatch(r"(\S+\.py)::(test_\w+)(?:\[(.+)\])?", test)
        assert match, test
        path, name, case = match.groups()
        if not (ROOT / path).is_file() or name not in functions(path) or (case and case not in CASES):
            found.append(test)
    return found


def test_the_page_is_current() -> None:
    """docs/coverage.md is what `PYTHONPATH=tests python -m requirements.page` writes."""
    assert (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == page(ROWS)


def test_all_rows_are_there_once() -> None:
    """R01 to R64, each with a title, and no cell that breaks the table."""
    assert [row.id for row in ROWS] == [f"R{number:02}" for number in range(1, 65)]
    for row in ROWS:
        assert row.title
        assert "|" not in row.title + row.stands + row.missing
        assert row.wave in "ABC"


def test_the_waves_are_those_of_the_requirements() -> None:
    """Where the requirements lie beside the project, their ids and waves are these."""
    if not SOURCE.is_file():
        pytest.skip("no ../shared/REQUIREMENTS.md beside the project")
    asked = re.findall(r"^\| (R\d\d) \|.*\| ([ABC]) \|$", SOURCE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [(row.id, row.wave) for row in ROWS] == asked


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_test_that_is_named_is_there(row: Row) -> None:
    """Its file, its function, and its case, where one is named; none twice."""
    assert lacks(row) == []
    assert max(Counter(row.tests).values(), default=1) == 1


def test_no_row_is_met_without_a_test() -> None:
    """What is met stands and has a test; what is not says what is missing; the count is of those that are met."""
    for row in ROWS:
        assert row.missing or (row.stands and row.tests), row.id
    count, others = met()
    assert count + len(others) == 64
    assert set(others) == {row.id for row in ROWS if row.status != "met"}


def test_what_is_not_there_is_seen() -> None:
    """Planted: a file, a function and a case that there are not."""
    told = (
        "tests/requirements/test_nothing.py::test_a",
        "tests/requirements/test_page.py::test_nothing",
        "tests/theory/test_theory.py::test_the_mean_is_the_theorys[stations: M/M/3, load 9.99]",
    )
    assert lacks(Row("R01", "A", "a row", tests=(*told, *ROWS[0].tests))) == [*told]
