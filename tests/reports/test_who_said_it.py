"""What is called stated is what the scenario's own files say, as a reader of YAML that knows no scenario sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from complete_scenario import COMPLETE
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from short_scenario import SHORT as SHORT_SCENARIO

from labelcast.reports.assumptions import Assumption, assumptions
from labelcast.scenarios.library import scenario_path, scenarios
from labelcast.scenarios.load import load
from labelcast.sim.line import Line

HERE = Path(__file__).parents[1]
OWN = sorted(path for path in (HERE.parent / "examples").glob("*.yaml") if path.stem != "crisis")
"""Examples, but for the one whose profile is of a real export."""

FILES = {
    **{path.stem: path for path in sorted((HERE / "cases" / "valid").glob("*.yaml"))},
    **{f"library-{name}": path for name, path in scenarios().items()},
    **{f"example-{path.stem}": path for path in OWN},
}

SHORT = {
    "absence": "share",
    "fraction": "rest",
    "gather": "size",
    "gold": "share",
    "hard": "share",
    "sampling": "items",
    "sessions": "rate",
    "spammers": "share",
    "turnover": "leaving",
}
"""Keys of which text stands for one of several that have rows of their own."""

ELSEWHERE = {
    "skill.accuracy": "skill.mean",
    "model.skill": "model.accuracy",
    "on_reject.to": "next",
    "on_reject.then": "next",
    "gold.retrain.time": "gold.ban_below",
    "gold.retrain.gain": "gold.ban_below",
    "gold.retrain.half_life": "gold.ban_below",
    "overtime": "hourly",
}
"""Ends of paths that are told in the row of another: accuracy and skill are one value, where rejected items go is among
the ways out of the stage, a training is told with whom it is for, a premium with the wage."""

UNTOLD = {
    "first": "the stage at which items enter is the one that no way leads to",
    "granularities": "told where a segment takes one",
    "pools": "a pool that no stage names is no part of the line",
    "calendars": "a calendar that nothing uses is no part of the line",
    "sites": "ways between sites are told where a pool is at one; without a pool they are no part of the line",
    "contracts": "a contract that no pool has is no part of the line",
    "changes": "a change to what a value is already changes nothing",
    "search": "tells of other plans, and of no value of the line",
}
"""Written sections of which there may be no row."""

UNTOLD_HERE = {
    ("design", "work.street.sample"): "100% is told by its absence",
    ("example-granularity", "work.boxes.granularity"): "that of boxes, whose factors are 1, is told by its absence",
    ("short-over-long", "stages.annotate.labels_per_item.lead"): "the file that extends this one wrote another rule",
    ("short-over-long", "stages.annotate.labels_per_item.max"): "the file that extends this one wrote another rule",
}
"""Written paths of one file that have no row."""


def leaves(node: Node, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Paths of single values and lists, short forms under what they stand for."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from leaves(value, (*path, key.value.strip()))
    elif isinstance(node, ScalarNode) and path[-1] in SHORT:
        yield ".".join((*path, SHORT[path[-1]]))
    else:
        yield ".".join(path)


def written(path: Path) -> set[str]:
    """Paths that a file and what it extends say, without keys that are about the file."""
    root = YAML().compose(path)
    about = {key.value: value for key, value in root.value if isinstance(value, ScalarNode)}
    found = {one for one in leaves(root) if one not in ("labelcast", "name", "extends", "profile")}
    return found | (written(scenario_path(about["extends"].value, path.parent)) if "extends" in about else set())


def rows_of(leaf: str, rows: dict[str, Assumption]) -> list[Assumption]:
    """Rows in which a written path is told."""
    told = [leaf, *(leaf.removesuffix(end) + other for end, other in ELSEWHERE.items() if leaf.endswith(f".{end}"))]
    return [
        row
        for path, row in rows.items()
        for one in told
        for at in {path, path.removeprefix("changes.")}
        if at == one or at.startswith(f"{one}.") or one.startswith(f"{at}.")
    ]


def partly(line: Line, path: str) -> bool:
    """Whether a value is in parts of which one is a default on which the answer rests: its row is then ours."""
    return path.startswith("changes.pools.") and "changes.dip.steps" in line.assumed


def check(path: Path, exceptions: set[str]) -> None:
    """A row of which a written path tells is stated or fitted, any other is not; each written path has its row."""
    line = load(path)
    rows = {row.path: row for row in assumptions(line)}
    by_leaf = {leaf: rows_of(leaf, rows) for leaf in sorted(written(path))}
    told = {row.path for found in by_leaf.values() for row in found}
    assert not [row.path for row in rows.values() if row.origin == "stated" and row.path not in told]
    assert not [path for path in sorted(told) if rows[path].origin == "default" and not partly(line, path)]
    assert {one for one, found in by_leaf.items() if not found and one.split(".")[0] not in UNTOLD} == exceptions


@pytest.mark.parametrize("name", FILES)
def test_what_is_written_is_stated_and_nothing_else(name: str) -> None:
    """Of every valid case, every example and the library, but for named exceptions."""
    check(FILES[name], {leaf for file, leaf in UNTOLD_HERE if file == name})


def test_of_a_scenario_with_something_of_everything(tmp_path: Path) -> None:
    """Whose values are all told."""
    (tmp_path / "complete.yaml").write_text(COMPLETE, encoding="utf-8")
    check(tmp_path / "complete.yaml", set())


def test_what_nobody_wrote_is_a_default(tmp_path: Path) -> None:
    """Though no number rests on it: a priority, who does rework, how long a run may last; and of a short form what it
    stands for alone. What extends a file says what that one says; what varies a scenario is said as well."""
    (tmp_path / "base.yaml").write_text(SHORT_SCENARIO, encoding="utf-8")
    (tmp_path / "upper.yaml").write_text(
        "labelcast: 1\nextends: base.yaml\npools: {team: {absence: 5%}}\n", encoding="utf-8"
    )
    who = {row.path: row.origin for row in assumptions(load(tmp_path / "upper.yaml"))}
    ours = ("horizon", "work.images.priority", "stages.annotate.rework_by", "stages.annotate.next")
    assert {path: who[path] for path in ours} == dict.fromkeys(ours, "default")
    said = ("start", "pools.team.headcount", "pools.team.absence.share", "stages.annotate.time")
    assert {path: who[path] for path in said} == dict.fromkeys(said, "stated")
    assert who["pools.team.absence.paid"] == "default"
    varied = load(tmp_path / "upper.yaml", vary=("work.images.priority", "2"))
    assert {row.path: row.origin for row in assumptions(varied)}["work.images.priority"] == "stated"


@pytest.mark.parametrize("key", ["to: annotate", "then: adjudicate"])
def test_where_rejected_items_go_is_a_way_out_that_is_stated(tmp_path: Path, key: str) -> None:
    """Each of its keys by itself; how many rounds there are is not said by it."""
    (tmp_path / "base.yaml").write_text(SHORT_SCENARIO, encoding="utf-8")
    stages = f"{{review: {{on_reject: {{{key}}}}}, adjudicate: {{pools: [reviewers], time: 60 s}}}}"
    text = f"labelcast: 1\nextends: base.yaml\nstages: {stages}\n"
    (tmp_path / "upper.yaml").write_text(text, encoding="utf-8")
    who = {row.path: row.origin for row in assumptions(load(tmp_path / "upper.yaml"))}
    assert (who["stages.review.next"], who["stages.adjudicate.next"]) == ("stated", "default")
    assert who["stages.review.on_reject.rounds"] == "default"


def test_of_a_line_without_a_file_all_is_stated_that_is_not_named() -> None:
    """Nobody can say who wrote the values of a line that was made in Python."""
    line = replace(load(FILES["all-keys"]), stated=None)
    assert {row.origin for row in assumptions(line) if row.path not in line.assumed} >= {"stated"}
    assert {row.path: row.origin for row in assumptions(line)}["stages.annotate.next"] == "stated"
