"""What is published from the models: the JSON Schema, for editors, and the page of all keys."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from labelcast.scenarios.nodes import Listing, Node, Scalar
from labelcast.scenarios.problems import Problems
from labelcast.scenarios.schema import FILE, page, schema, schema_text
from labelcast.scenarios.text import compose

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
VALID = sorted((CASES / "valid").glob("*.yaml"))
INVALID = sorted((CASES / "invalid").glob("*.yaml"))

BEYOND = set((CASES / "beyond-schema.txt").read_text(encoding="utf-8").split())
"""What no JSON Schema can see: names against names, sums, order, dates, feasibility, other files, databases."""


def as_an_editor_reads(path: Path) -> Any:
    """The file as an editor's YAML 1.2 server hands it to the validator; None if it is not to be read as YAML."""
    tree = compose(path.read_bytes(), path.name, problems := Problems())
    return None if tree is None or problems.found else _core(tree)


def _core(node: Node) -> Any:
    """Scalars by the core schema of YAML 1.2."""
    if isinstance(node, Listing):
        return [_core(item) for item in node.items]
    if not isinstance(node, Scalar):
        return {key: _core(value) for key, value in node.entries.items()}
    text = node.text
    if node.empty:
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        return float(text)
    return text


@cache
def validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(schema())


def errors(document: Any) -> list[str]:
    return [error.message for error in validator().iter_errors(document)]


def test_the_schema_is_draft_07() -> None:
    """It is a schema of the draft that editors read, without words of later ones, nothing beside a $ref."""
    made = schema()
    jsonschema.Draft7Validator.check_schema(made)
    text = json.dumps(made)
    assert not any(word in text for word in ("$defs", "prefixItems", "unevaluated", "dependentRequired"))
    todo: list[Any] = [made]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            assert "$ref" not in node or len(node) == 1
            todo += node.values()
        elif isinstance(node, list):
            todo += node


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_files_pass(path: Path) -> None:
    """No editor underlines what we take."""
    assert errors(as_an_editor_reads(path)) == []


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_files_fail(path: Path) -> None:
    """An editor underlines every structural fault, and nothing of a file whose fault it cannot see."""
    document = as_an_editor_reads(path)
    if document is not None:
        assert bool(errors(document)) is (path.stem not in BEYOND)


def test_enough_faults_are_structural() -> None:
    """The test above is no list of exceptions."""
    assert {path.stem for path in INVALID} >= BEYOND
    seen = [path for path in INVALID if path.stem not in BEYOND and as_an_editor_reads(path) is not None]
    assert len(seen) >= 30


def test_the_schema_on_disk_is_the_models() -> None:
    """Drift: run `python -m labelcast.scenarios.publish`."""
    assert FILE.read_text(encoding="utf-8") == schema_text()


def test_the_page_on_disk_is_the_models() -> None:
    """Drift: run `python -m labelcast.scenarios.publish`."""
    assert (ROOT / "docs" / "scenario-file.md").read_text(encoding="utf-8") == page()


def test_the_page_has_every_key() -> None:
    """Every key of every model has a row with a meaning that ends in a full stop."""
    rows = [line.split(" | ") for line in page().splitlines() if line.startswith("| `")]
    assert len(rows) > 80
    for row in rows:
        assert row[1].endswith("."), row
        assert len(row) == 4, row
    assert _keys(schema()) - {row[0].strip("|` ") for row in rows} == set()


def _keys(part: Any) -> set[str]:
    """Every key that a schema names, at any depth."""
    if isinstance(part, list):
        return set().union(*map(_keys, part))
    if not isinstance(part, dict):
        return set()
    return set(part.get("properties", ())).union(*map(_keys, part.values()))
