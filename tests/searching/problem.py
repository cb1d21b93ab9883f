"""A problem whose cheapest plan is known: a scenario file, what may vary in it, and what is true of every plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal

from labelcast.scenarios.load import load
from labelcast.scenarios.nodes import Mapping
from labelcast.scenarios.problems import Problems
from labelcast.scenarios.search.question import Constraint, Objective, Plan, Question, Variable
from labelcast.scenarios.text import compose
from labelcast.sim.line import Line


@dataclass(frozen=True)
class Varied:
    """A key that may vary. texts: its values, as a file would hold them.  written: all of them, as the block says."""

    path: str
    kind: Literal["whole", "choice"]
    texts: tuple[str, ...]
    written: str


def whole(path: str, low: int, high: int) -> Varied:
    """Whole numbers from low to high."""
    return Varied(path, "whole", tuple(map(str, range(low, high + 1))), f"{low}..{high}")


def choices(path: str, *texts: str) -> Varied:
    """Values without an order."""
    return Varied(path, "choice", texts, f"[{', '.join(texts)}]")


@dataclass(frozen=True)
class Truth:
    """cost: the mean of a plan, currency units.  holds: whether it keeps what every plan must; None: runs must tell."""

    cost: float | None
    holds: bool | None


@dataclass(frozen=True, eq=False)
class Problem:
    """The cheapest plan is asked for.

    scenario: the file without its `search` block.  best: the plan that is known to be the cheapest of those that keep
    the constraints; None where no plan does.  truth: of any plan, as far as it is known without runs.
    """

    name: str
    scenario: str
    varied: tuple[Varied, ...]
    constraints: tuple[Constraint, ...]
    best: Plan | None
    truth: Callable[[Plan], Truth]

    @property
    def plans(self) -> int:
        """How many plans there are."""
        return math.prod(len(one.texts) for one in self.varied)

    @property
    def text(self) -> str:
        """The scenario file."""
        vary = "\n".join(f"    {one.path}: {one.written}" for one in self.varied)
        kept = ", ".join(f'"{one.text}"' for one in self.constraints)
        return f"{self.scenario}search:\n  minimise: cost\n  subject_to: [{kept}]\n  vary:\n{vary}\n"

    def all_plans(self) -> Iterator[Plan]:
        """Every plan, the last variable fastest."""
        return product(*(range(len(one.texts)) for one in self.varied))

    def told(self, plan: Plan) -> str:
        """A plan in words: the values that vary."""
        return ", ".join(one.texts[place] for one, place in zip(self.varied, plan, strict=True))

    def of(self, *texts: str) -> Plan:
        """The plan with these values."""
        return tuple(one.texts.index(text) for one, text in zip(self.varied, texts, strict=True))

    def line(self, plan: Plan, folder: Path) -> Line:
        """The line of a plan. folder: where its files are written; the plan's extends the problem's."""
        base = folder / f"{self.name}.yaml"
        if not base.exists():
            base.write_text(self.scenario, encoding="utf-8")
        values = {one.path: one.texts[place] for one, place in zip(self.varied, plan, strict=True)}
        path = folder / f"{self.name}-{'-'.join(map(str, plan))}.yaml"
        path.write_text(f"labelcast: 1\nextends: {base.name}\n{_nested(values)}", encoding="utf-8")
        line = load(path)
        path.unlink()
        return line

    def question(self, folder: Path) -> Question:
        """What the file asks, made without reading its block."""
        path = folder / f"{self.name}.yaml"
        path.write_text(self.scenario, encoding="utf-8")
        line = load(path)
        root = _composed(self.scenario)
        variables = tuple(_variable(one, root) for one in self.varied)
        return Question(path, None, line, variables, (Objective("cost", "low"),), self.constraints)


def _nested(values: dict[str, str]) -> str:
    """The keys of paths as one tree of a file."""
    tree: dict[str, object] = {}
    for path, text in values.items():
        *above, last = path.split(".")
        node = tree
        for step in above:
            node = node.setdefault(step, {})  # type: ignore[assignment]
        node[last] = text

    def lines(node: dict[str, object], depth: int) -> Iterator[str]:
        for key, value in node.items():
            if isinstance(value, dict):
                yield f"{'  ' * depth}{key}:\n"
                yield from lines(value, depth + 1)
            else:
                yield f"{'  ' * depth}{key}: {value}\n"

    return "".join(lines(tree, 0))


def _composed(text: str) -> Mapping:
    problems = Problems()
    root = compose(text.encode(), "plan", problems)
    problems.stop()
    assert isinstance(root, Mapping)
    return root


def _variable(varied: Varied, root: Mapping) -> Variable:
    nodes = tuple(_composed(f"value: {text}\n").entries["value"] for text in varied.texts)
    numbers = tuple(map(float, varied.texts)) if varied.kind == "whole" else ()
    return Variable(varied.path, varied.kind, nodes, varied.texts, numbers, _today(varied, root))


def _today(varied: Varied, root: Mapping) -> int | None:
    """The place of what the file says, where it is written there."""
    found: object = root
    for step in varied.path.split("."):
        found = found.entries.get(step) if isinstance(found, Mapping) else None
    texts = [_plain(_composed(f"value: {text}\n").entries["value"]) for text in varied.texts]
    told = _plain(found)
    return texts.index(told) if told in texts else None


def _plain(node: object) -> object:
    """A node without its place."""
    if isinstance(node, Mapping):
        return {key: _plain(value) for key, value in node.entries.items()}
    items = getattr(node, "items", None)
    return [_plain(one) for one in items] if items is not None else getattr(node, "text", None)
