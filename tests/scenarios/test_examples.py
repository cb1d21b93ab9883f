"""Every key's example stands in the documentation, and works: put in its place in a complete scenario, it loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from complete_scenario import COMPLETE, KEYS, example, steps_of

from labelcast.scenarios.load import load
from labelcast.scenarios.parts import Part
from labelcast.scenarios.shape import Shape, shape_under
from labelcast.scenarios.spec import Scenario
from labelcast.scenarios.times import PERCENTILES
from labelcast.sim.plan import Plan

BESIDE = {
    "median": "p95",
    "mean": "p95",
    "p95": "median p50",
    "sigma": "median",
    "start": "threshold",
    "max": "lead",
    "value": "path",
    "factor": "path",
    "path": "factor",
    "on": "cost",
    "why": "cost",
    "error": "by",
    "p50": "p95",
} | {f"p{percent}": "p50" for percent in PERCENTILES if percent not in (50, 95)}
"""What a key needs beside it, in a mapping that has both, one of several in words; its own example stands there."""


def upper(key: tuple[str, ...]) -> str:
    """A file over the complete scenario in which the key's example stands in its place."""
    shapes: list[Shape] = [Scenario]
    for step in key[:-1]:
        shapes.append(shape_under(shapes[-1], step))
    around = shapes[-1]
    assert isinstance(around, type)
    tree: Any = example(around, key[-1])
    for step, shape in zip(reversed(steps_of(key)), reversed(shapes), strict=True):
        if step == "<number>":
            tree = [tree]
        else:
            own = isinstance(shape, type) and shape is not Scenario
            tree = {**(beside(shape, step) if own else {}), step: tree}
    head = {"labelcast": "1", "extends": "base.yaml"}
    return "".join(f"{name}: {flow(value)}\n" for name, value in {**head, **tree}.items())


def beside(part: type[Part], key: str) -> dict[str, str]:
    """What stands beside a key, so that its mapping is whole: what it needs, and what is required."""
    wanted = set(BESIDE.get(key, "").split()) & set(part.model_fields)
    required = {name for name, info in part.model_fields.items() if info.is_required()}
    found = {name: example(part, name) for name in sorted(wanted | required) if name != key}
    return found | ({"by": "difficulty"} if key == "error" else {})


def flow(value: Any) -> str:
    """YAML's flow style; texts stand as they are."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
    return "[" + ", ".join(flow(one) for one in value) + "]" if isinstance(value, list) else str(value)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The complete scenario, and the files that examples name."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "base.yaml").write_text(COMPLETE)
    (folder / "team.profile.yaml").write_text(
        "labelcast_profile: 1\nscenario: {work: {street: {difficulty: {spread: 0.6}}}}\n"
    )
    (folder / "releases.csv").write_text("at,items\n2027-02-01,500\n")
    return folder


def test_the_complete_scenario_loads(folder: Path) -> None:
    """What the examples are put into is right by itself."""
    assert load(folder / "base.yaml").first == "dedup"


@pytest.mark.parametrize("key", KEYS, ids=".".join)
def test_examples_load(key: tuple[str, ...], folder: Path) -> None:
    """The example of every key is a value of it, and the engine can plan the line."""
    if key == ("first",):  # the complete scenario has stages before it
        kept = [line for line in COMPLETE.splitlines(keepends=True) if not line.startswith(("  dedup", "  prelabel"))]
        (folder / "base.yaml").write_text("".join(kept))
    try:
        (folder / "upper.yaml").write_text(upper(key))
        line = load(folder / "upper.yaml")
    finally:
        (folder / "base.yaml").write_text(COMPLETE)
    assert Plan.of(line).line is line


def test_every_key_is_tried() -> None:
    """The list of keys is not empty, nor are the places that hang on names."""
    assert len(KEYS) > 250
    assert ("stages", "<name>", "time", "lognormal", "median") in KEYS
    assert ("changes", "<number>", "dip", "over") in KEYS
