"""The keys that a search may vary, with their values as a file would hold them; what is wrong with them is told first.

A value that breaks a rule of its own is refused when the question is read. One that others may mend (more labels by
item than there are people, where headcounts vary as well) is refused only as part of a plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import prod
from pathlib import Path
from typing import Literal

from ..sim.errors import Infeasible, ScenarioRefused
from ..sim.line import Line, anonymous
from . import units
from .alternatives import expanded, shown, span
from .check import check
from .layers import Layers
from .load import resolved
from .nodes import Listing, Mapping, Node, Scalar
from .paths import Spot, placed, same_place, spot
from .problems import Mark, Problems, listed, quoted
from .references import check_references
from .search.question import Variable
from .shape import Named
from .spec import Scenario

SECTIONS = (
    "work", "sampling", "granularities", "calendars", "contracts", "sites", "pools", "stages", "first", "wip",
)  # fmt: skip
"""Sections whose keys may vary; the others say what is asked, or of when and of whom."""

EVERY = 64
"""Plans that are tried, to know whether a value is refused whatever else is chosen; where there are more, plans with
it are refused one by one."""


@dataclass(frozen=True)
class _Wish:
    """A key that is to vary. mark: of the key.  node: what stands under it."""

    mark: Mark
    at: Spot
    node: Node
    values: tuple[Node, ...]


@dataclass(frozen=True)
class Ground:
    """What values are tried on: the scenario as it stands."""

    path: Path
    layers: Layers
    scenario: Scenario
    line: Line


def variables(vary: Mapping, ground: Ground, problems: Problems) -> tuple[Variable, ...]:
    """The variables of `search.vary`, in its order; problems are added, and a variable with one may lack."""
    wishes = list(_wishes(vary, ground, problems))
    twice = [pair for pair in combinations(wishes, 2) if same_place(pair[0].at, pair[1].at)]
    for first, second in twice:
        rule = f"{second.at.path} and {first.at.path} take each other's place, so they cannot both vary"
        problems.add(second.mark, _shown(second), f"{rule}. Take one out, or put both into choices of one key.")
    apart = [wish for wish in wishes if not any(wish is one for pair in twice for one in pair)]
    found = [_variable(wish, [one for one in wishes if one is not wish], ground, problems) for wish in apart]
    return tuple(one for one in found if one is not None)


def _shown(wish: _Wish) -> str:
    return f"search.vary.{wish.at.path}"


def _wishes(vary: Mapping, ground: Ground, problems: Problems) -> Iterator[_Wish]:
    """Each key that may vary."""
    for key, node in vary.entries.items():
        mark = vary.keys[key]
        try:
            at = _spot(ground.layers.root, key.strip())
        except ValueError as error:
            problems.add(mark, f"search.vary.{key}", str(error))
        else:
            yield _Wish(mark, at, node, tuple(expanded(node)))


def _spot(root: Mapping, path: str) -> Spot:
    """The key that a path names, if it may vary. ValueError: why it may not."""
    section = path.partition(".")[0]
    if section in Scenario.model_fields and section not in SECTIONS:
        raise ValueError(f"{section} is the same in all plans. Only keys of {listed(SECTIONS)} vary.")
    at = spot(root, path)
    if isinstance(at.under, Named) and len(at.steps) == 1:
        raise ValueError(f"must name one key, but {quoted(path)} is a whole. Write it like pools.team.headcount.")
    return at


def _variable(wish: _Wish, others: Sequence[_Wish], ground: Ground, problems: Problems) -> Variable | None:
    """A key with its values; None where one of them is refused, which is a problem more."""
    before = len(problems.found)
    nodes, numbers, kind = _ordered(wish)
    tried: list[_Tried] = []
    refused: set[Mark] = set()
    for node in nodes:
        if node.mark in refused:  # of a range the first that is refused tells enough
            continue
        one = _Tried.of(node, wish, others, ground)
        if one.refused:
            refused.add(node.mark)
            problems.add(node.mark, _shown(wish), one.refused)
        else:
            tried.append(one)
    for first, second in combinations(tried, 2):
        if first.value == second.value:
            rule = f"values must be different, but {quoted(shown(first.node))} and {quoted(shown(second.node))} are one"
            problems.add(second.node.mark, _shown(wish), f"{rule}. Take one out.")
    if len(problems.found) > before:
        return None
    texts = tuple(shown(node) for node in nodes)
    return Variable(wish.at.path, kind, tuple(nodes), texts, numbers, _today(wish, tried, ground))


def _ordered(wish: _Wish) -> tuple[list[Node], tuple[float, ...], Literal["whole", "number", "choice"]]:
    """The values in order, and their numbers where all are of one unit."""
    texts = [node.text for node in wish.values if isinstance(node, Scalar) and not node.empty]
    try:
        found = [units.number(text, "5") for text in texts]
        unit = found[0][1] if found else ""
        numbers = [
            float(value if given == unit else units.quantity(text, unit, "a number", "5"))
            for text, (value, given) in zip(texts, found, strict=True)
            if bool(given) == bool(unit)
        ]
    except ValueError:
        numbers = []
    if not numbers or len(numbers) < len(wish.values):
        return list(wish.values), (), "choice"
    if len(set(numbers)) < len(numbers):
        return list(wish.values), (), "choice"  # told as values that are one
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    whole = unit in units.COUNTED or not unit
    kind: Literal["whole", "number"] = "whole" if whole and all(one.is_integer() for one in numbers) else "number"
    if isinstance(wish.node, Scalar):
        ranged = span(wish.node.text)
        assert ranged is not None
        kind = "whole" if ranged.whole else "number"
    return [wish.values[place] for place in order], tuple(numbers[place] for place in order), kind


@dataclass(frozen=True)
class _Tried:
    """A value in its place, all else as the scenario has it. value: as the scenario reads it, or as it is written where
    it cannot.  refused: why no plan can have it, "" where some may."""

    node: Node
    value: object
    refused: str

    @classmethod
    def of(cls, node: Node, wish: _Wish, others: Sequence[_Wish], ground: Ground) -> _Tried:
        """Tries a value."""
        root = placed(ground.layers.root, wish.at, node)
        own, named = Problems(), Problems()
        scenario = check(root, True, own)
        check_references(root, named)
        known = own.found if _may_be_mended(wish, others) else [*own.found, *named.found]
        marks = set(_marks(node))
        certain = [message for mark, _, message in known if mark in marks]
        value = shown(node) if scenario is None else _value(scenario, wish.at)
        if certain:
            return cls(node, value, certain[0] if isinstance(node, Scalar) else f"{shown(node)}: {certain[0]}")
        return cls(node, value, _never(root, node, others, ground))


def _may_be_mended(wish: _Wish, others: Sequence[_Wish]) -> bool:
    """Whether a name that a value lacks may come with another key's value: of the same thing, or a class of work."""
    return any(one.at.steps[:2] == wish.at.steps[:2] or one.at.steps[0] == "work" for one in others)


def _marks(node: Node) -> Iterator[Mark]:
    """Where a value and its parts stand."""
    yield node.mark
    if isinstance(node, Mapping):
        yield from node.keys.values()
    parts = node.items if isinstance(node, Listing) else node.entries.values() if isinstance(node, Mapping) else ()
    for part in parts:
        yield from _marks(part)


def _value(scenario: Scenario, at: Spot) -> object:
    """What a scenario has at a key."""
    found: object = scenario
    for step in at.steps:
        found = found.get(step) if isinstance(found, dict) else getattr(found, step, None)
    return found


def _never(root: Mapping, node: Node, others: Sequence[_Wish], ground: Ground) -> str:
    """Why a tree is refused whatever values other keys have; "" where it is not, or where there are too many to try."""
    why = _refusal(root, ground)
    if not why or prod(len(one.values) for one in others) > EVERY:
        return ""
    for values in product(*(one.values for one in others)):
        tree = root
        for one, value in zip(others, values, strict=True):
            tree = placed(tree, one.at, value)
        if not _refusal(tree, ground):
            return ""
    also = " whatever else is chosen" if others else ""
    return f"{quoted(shown(node))} is refused{also}: {why}"


def _refusal(root: Mapping, ground: Ground) -> str:
    """The first problem of a tree, "" where it has none."""
    try:
        resolved(replace(ground.layers, root=root), ground.path, Problems())
    except Infeasible:
        return ""
    except ScenarioRefused as refused:
        return refused.problems[0]
    return ""


def _today(wish: _Wish, tried: Sequence[_Tried], ground: Ground) -> int | None:
    """The place of what the scenario has: the same value, or one that gives the same line."""
    now = _value(ground.scenario, wish.at)
    for place, one in enumerate(tried):
        if one.value == now:
            return place
    for place, one in enumerate(tried):
        layers = replace(ground.layers, root=placed(ground.layers.root, wish.at, one.node))
        try:
            line = resolved(layers, ground.path, Problems())
        except (ScenarioRefused, Infeasible):
            continue
        if anonymous(line) == anonymous(ground.line):
            return place
    return None
