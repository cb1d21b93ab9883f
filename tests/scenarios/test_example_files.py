"""The scenarios that a newcomer copies: they load, are listed, and show every mechanism between them."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelcast.scenarios.load import load
from labelcast.scenarios.nodes import Listing, Mapping, Node
from labelcast.scenarios.problems import Problems
from labelcast.scenarios.spec import Change, Pool, Segment, Stage
from labelcast.scenarios.text import compose
from labelcast.sim.plan import Plan

FOLDER = Path(__file__).parents[2] / "examples"
FILES = sorted(FOLDER.glob("*.yaml"))
OWN = [path for path in FILES if path.stem != "crisis"]
"""Those that rest on no profile of somebody's export."""


def tree(path: Path) -> Mapping:
    root = compose(path.read_bytes(), path.name, Problems())
    assert root is not None
    return root


def sections(root: Mapping, name: str) -> list[Node]:
    """The entries of a section."""
    node = root.entries.get(name)
    if isinstance(node, Mapping):
        return list(node.entries.values())
    return list(node.items) if isinstance(node, Listing) else []


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_examples_can_be_planned(path: Path) -> None:
    """Every example loads, has a goal or a horizon of its own or both, and the engine can plan it."""
    line = load(path)
    assert Plan.of(line).line is line
    assert path.read_text(encoding="utf-8").startswith("# "), "an example begins with what it shows"


def test_the_list_names_every_example() -> None:
    """The table of the folder's page and the folder agree."""
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert sorted(rows) == [path.name for path in FILES]


@pytest.mark.parametrize(
    ("section", "part"),
    [("work", Segment), ("pools", Pool), ("stages", Stage), ("changes", Change)],
    ids=["work", "pools", "stages", "changes"],
)
def test_every_mechanism_is_shown(section: str, part: type[Segment | Pool | Stage | Change]) -> None:
    """Each key of a segment, a pool, a stage and a change stands in some example."""
    shown = {
        key
        for path in OWN
        for node in sections(tree(path), section)
        if isinstance(node, Mapping)
        for key in node.entries
    }
    assert sorted(set(part.model_fields) - shown) == []
