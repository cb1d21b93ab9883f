"""The one grammar of paths: `pools.reviewers.headcount` names a key of the tree, and is checked like any key.

`changes` use it, and whatever varies a scenario. A path names things by their names and keys by theirs, with points
between. It may lead to a key that is not written, whose default then counts, and through a short form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from . import units
from .layers import over, written_out
from .nodes import Mapping, Node, Scalar
from .parts import Part
from .problems import Mark, guess, listed, quoted
from .shape import Named, Shape, known_keys, shape_under
from .spec import Scenario

CHANGEABLE = ("work", "calendars", "sites", "pools", "stages", "granularities", "contracts")
"""Sections whose keys may change in a run."""

FIXED = {
    "work": ("backlog", "releases"),
    "pools": ("headcount.ramp", "pay.contract", "pay.set_up", "pay.tax", "pay.termination", "pay.lots"),
    "contracts": ("set_up", "tax", "termination", "lots"),
    "stages": ("kind",),
}
"""Keys below a name that may not: what comes at dates of its own, and what a thing is."""

_NUMBER = re.compile(rf"\s*({units.NUMBER})(\s*[A-Za-z%/ ]*)", re.ASCII)

_ONE = {
    "work": "segment",
    "calendars": "calendar",
    "sites": "site",
    "pools": "pool",
    "stages": "stage",
    "granularities": "granularity",
    "contracts": "contract",
}


@dataclass(frozen=True)
class Spot:
    """A key of the tree. under: the shape of what stands there; of: the shape around it."""

    steps: tuple[str, ...]
    under: Shape
    of: Shape

    @property
    def path(self) -> str:
        """The path in words."""
        return ".".join(self.steps)


def spot(root: Mapping, path: str) -> Spot:
    """The key that a path names. ValueError: no such key, with a guess."""
    steps = tuple(path.split("."))
    shape: Shape = Scenario
    node: Node | None = root
    for number, step in enumerate(steps):
        before = ".".join(steps[:number])
        if isinstance(shape, Named):
            names = list(node.entries) if isinstance(node, Mapping) else []
            if number == 1 and step not in names:
                there = f"there are: {listed(names)}" if names else "there are none"
                raise ValueError(f"no {_ONE[steps[0]]} is named {quoted(step)} ({there}).{guess(step, names)}")
        elif shape is None or not known_keys(shape):
            raise ValueError(f"{before} is one value, and nothing stands under it. End the path there.")
        elif step not in known_keys(shape):
            known = CHANGEABLE if not number else known_keys(shape)
            raise ValueError(f"{before or 'a scenario'} has no key {quoted(step)}.{guess(step, known)}")
        around, shape = shape, shape_under(shape, step)
        node = _under(node, around, step)
    return Spot(steps, shape, around)


def changeable(root: Mapping, path: str) -> Spot:
    """The key that a path names, if it may change in a run. ValueError: why it may not."""
    section, _, rest = path.partition(".")
    if section in known_keys(Scenario) and section not in CHANGEABLE:
        raise ValueError(f"{section} holds for the whole run. Only {', '.join(CHANGEABLE)} have keys that change.")
    found = spot(root, path)
    name, key = f"{section}.{rest.partition('.')[0]}", rest.partition(".")[2]
    if not key:
        raise ValueError(f"must name one key, but {quoted(path)} is a whole. Write it like stages.annotate.time.")
    for fixed in FIXED.get(section, ()):
        if f"{key}.".startswith(f"{fixed}."):
            raise ValueError(f"{fixed} holds for the whole run. Write it in its place, and take this entry out.")
    for own in ("headcount", "sessions"):
        if (
            section == "pools"
            and f"{key}.".startswith(f"{own}.")
            and value_at(root, spot(root, f"{name}.{own}")) is None
        ):
            raise ValueError("staff stay staff and a crowd stays one. Add a pool, and change the shares of stages.")
    return found


def value_at(root: Mapping, at: Spot) -> Node | None:
    """What stands at a key, short forms written out on the way; None if nothing does."""
    node: Node | None = root
    shape: Shape = Scenario
    for step in at.steps[:-1]:
        node = _under(node, shape, step)
        shape = shape_under(shape, step)
    return node.entries.get(at.steps[-1]) if isinstance(node, Mapping) else None


def put(root: Mapping, at: Spot, value: Node) -> Mapping:
    """The tree with a value at a key; its alternatives give way, as in a file that extends another."""
    for step in reversed(at.steps):
        value = Mapping(value.mark, {step: value}, {step: value.mark})
    assert isinstance(value, Mapping)
    return over(root, value, Scenario)


def placed(root: Mapping, at: Spot, value: Node) -> Mapping:
    """The tree with a value at a key, in place of all that stands there and of its alternatives; a value that is empty
    takes the key out."""
    return _placed(root, root.mark, Scenario, at.steps, value)


def _placed(node: Node | None, mark: Mark, shape: Shape, steps: tuple[str, ...], value: Node) -> Mapping:
    """mark: where what is around stands, of what is not there yet."""
    step, rest = steps[0], steps[1:]
    lower = node if isinstance(node, Mapping) else Mapping(mark)
    entries, keys = dict(lower.entries), dict(lower.keys)
    gone = [key for group in _alternatives(shape) if step in group for key in group if key != step]
    if rest:
        under, around = _under(lower, shape, step), keys.setdefault(step, lower.mark)
        entries[step] = _placed(under, around, shape_under(shape, step), rest, value)
    elif isinstance(value, Scalar) and value.empty:
        gone.append(step)
    else:
        entries[step], keys[step] = value, value.mark
    for key in gone:
        entries.pop(key, None)
        keys.pop(key, None)
    return Mapping(lower.mark, entries, keys)


def _alternatives(shape: Shape) -> tuple[tuple[str, ...], ...]:
    return shape.alternatives if isinstance(shape, type) else ()


def same_place(one: Spot, other: Spot) -> bool:
    """Whether a value at one key takes the place of a value at the other: they are the same, one stands within the
    other, or on their ways are alternatives, of which only one may be written."""
    shape: Shape = Scenario
    for mine, theirs in zip(one.steps, other.steps, strict=False):
        if mine != theirs:
            return any(mine in group and theirs in group for group in _alternatives(shape))
        shape = shape_under(shape, mine)
    return True


def text_of(root: Mapping, at: Spot) -> str:
    """The number that stands at a key, or is its default, as a file writes it; "" where it is no number."""
    node = value_at(root, at)
    default = at.of.model_fields[at.steps[-1]].default if node is None and isinstance(at.of, type) else None
    text = node.text if isinstance(node, Scalar) else default if isinstance(default, str) else ""
    return text if _NUMBER.fullmatch(text) else ""


def multiplied(root: Mapping, at: Spot, factor: Decimal, mark: Mark) -> Node:
    """What stands at a key, times a factor. ValueError: it is no number, nor made of numbers that a factor fits."""
    node = value_at(root, at)
    if node is None:
        node = _default(at, mark)
    return _times(node, at.under, at.path, factor, mark)


def _default(at: Spot, mark: Mark) -> Node:
    default = at.of.model_fields[at.steps[-1]].default if isinstance(at.of, type) else None
    if not isinstance(default, str):
        raise ValueError(f"nothing stands at {at.path} that a factor could multiply. Give its new value.")
    return Scalar(mark, default)


def _times(node: Node, shape: Shape, path: str, factor: Decimal, mark: Mark) -> Node:
    if isinstance(node, Scalar):
        return Scalar(mark, _scaled(node.text, path, factor))
    if isinstance(node, Mapping) and isinstance(shape, type) and issubclass(shape, Part):
        found = [key for key in node.entries if key in shape.scales]
        if found:
            entries = dict(node.entries)
            for key in found:
                under = shape_under(shape, key)
                entries[key] = _times(node.entries[key], under, f"{path}.{key}", factor, mark)
            return Mapping(node.mark, entries, node.keys)
    elif isinstance(node, Mapping) and path.endswith(".tiers"):
        entries = {key: _times(one, None, f"{path}.{key}", factor, mark) for key, one in node.entries.items()}
        return Mapping(node.mark, entries, node.keys)
    raise ValueError(f"a factor multiplies a number, but {path} is a table. Name one of its keys, or give its value.")


def _scaled(text: str, path: str, factor: Decimal) -> str:
    match = _NUMBER.fullmatch(text)
    if not match:
        raise ValueError(f"a factor multiplies a number, but {path} is {quoted(text)}. Give its new value.")
    number, unit = Decimal(match[1].replace("_", "")) * factor, match[2]
    if unit.strip()[:3] in units.CURRENCIES:
        number = round(number, 6)
    return f"{number.normalize():f}{unit}"


def _under(node: Node | None, shape: Shape, step: str) -> Node | None:
    """What stands under a key, written out if it is a short form."""
    under = node.entries.get(step) if isinstance(node, Mapping) else None
    return None if under is None else written_out(under, shape, step)
