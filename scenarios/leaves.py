"""The single values of a tree, each with the steps that lead to it."""

from __future__ import annotations

from collections.abc import Iterator

from .nodes import Mapping, Node, Scalar
from .shape import Shape, shape_under, short_under
from .spec import Scenario

OF_THE_FILE = ("labelcast", "name", "extends", "profile", "search")
"""Keys that tell of the file or of other plans, and of no value of the line."""


def leaves(root: Mapping) -> Iterator[tuple[tuple[str, ...], Node]]:
    """The steps to every single value of a scenario, and to every list."""
    todo: list[tuple[tuple[str, ...], Node]] = [((), root)]
    while todo:
        steps, node = todo.pop()
        if isinstance(node, Mapping):
            entries = ((key, value) for key, value in node.entries.items() if steps or key not in OF_THE_FILE)
            todo += [((*steps, key), value) for key, value in reversed(list(entries))]
        else:
            yield steps, node


def long_path(steps: tuple[str, ...], node: Node) -> str:
    """The path to a value; to a short form that of the key that it stands for."""
    shape: Shape = Scenario
    for step in steps[:-1]:
        shape = shape_under(shape, step)
    short = short_under(shape, steps[-1])
    if short is None or not isinstance(node, Scalar):
        return ".".join(steps)
    return ".".join((*steps, short.key_of(node.text)))
