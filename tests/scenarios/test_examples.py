"""Every key's example stands in the documentation, and works: put in its place in a complete scenario, it loads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labelcast.scenarios.load import load
from labelcast.scenarios.parts import Part
from labelcast.scenarios.shape import Listed, Named, Shape, shape_under
from labelcast.scenarios.spec import Scenario
from labelcast.scenarios.spec.stages import OWN_KEYS
from labelcast.sim.plan import Plan

COMPLETE = """labelcast: 1
start: 2027-01-04T09:00
timezone: Europe/Paris
currency: EUR
work:
  street:
    backlog: 40_000 items
    arrivals: {rate: 100 items/week}
    classes: {car: 70%, truck: 20%, bus: 10%}
granularities: {polygon: {time: 2}}
calendars:
  office: {days: Mon-Fri, hours: "09:00-17:00"}
pools:
  team:
    headcount: 90
    calendar: office
    mentoring: {time: 2 h/week}
    pay: {hourly: 20 EUR, per_label: 0.1 EUR}
    cleared: yes
  vendor: {headcount: 90, calendar: always, cleared: yes}
  crowd: {sessions: 90/hour, tasks_per_session: 9, cleared: yes}
  experts: {headcount: 90, calendar: office, cleared: yes}
stages:
  dedup: {time: 1 s}
  prelabel: {time: 1 s}
  annotate:
    pools: {team: 80%, crowd: 20%}
    time: 30 s
    gold: {share: 1%, ban_below: 50%, retrain: {time: 1 h}}
    batch: {size: 10 items}
    gather: {size: 10 items}
    escalation: {after: 5 days, to: adjudicate}
    rotation: {every: 1 week, people: 80}
  review: {pools: [experts], time: 10 s}
  inspect: {pools: [experts], time: 10 s}
  adjudicate: {pools: [experts], time: 90 s}
goals: {windows: {june: {on: 2027-05-01, items: 100 items}}}
"""

NAMES = {"work": "street", "calendars": "office", "pools": "team", "granularities": "polygon", "windows": "june"}

BESIDE = {
    "median": "p95",
    "mean": "p95",
    "p95": "median",
    "sigma": "median",
    "start": "threshold",
    "max": "lead",
    "value": "path",
    "factor": "path",
    "path": "factor",
    "on": "cost",
    "why": "cost",
    "error": "by",
}
"""What a key needs beside it, in a mapping that has both; its own example stands there."""


def keys(part: type[Part] = Scenario, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key of the models, with <name> and <number> for what the planner gives."""
    for key in part.model_fields:
        under: Shape = shape_under(part, key)
        here = (*before, key)
        yield here
        if isinstance(under, Named | Listed):
            here, under = (*here, "<name>" if isinstance(under, Named) else "<number>"), under.of
        if isinstance(under, type):
            yield from keys(under, here)


KEYS = list(keys())


def steps_of(key: tuple[str, ...]) -> tuple[str, ...]:
    """The key with names of the complete scenario."""
    name = NAMES.get(key[0] if len(key) < 2 or key[1] != "windows" else "windows", "")
    if key[0] == "pools" and len(key) > 2 and key[2] in ("sessions", "tasks_per_session"):
        name = "crowd"
    if key[0] == "stages":
        name = "annotate" if len(key) < 3 else OWN_KEYS.get(key[2], ("annotate",))[0]
        name = "review" if key[2:] == ("kind",) else name
    return tuple(name if step == "<name>" else step for step in key)


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


def example(part: type[Part], key: str) -> str:
    examples = part.model_fields[key].examples
    assert examples, f"{part.__name__}.{key} has no example"
    return str(examples[0])


def beside(part: type[Part], key: str) -> dict[str, str]:
    """What stands beside a key, so that its mapping is whole: what it needs, and what is required."""
    wanted = {BESIDE[key]} & set(part.model_fields) if key in BESIDE else set()
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
