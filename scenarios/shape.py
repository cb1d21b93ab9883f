"""The shape of a scenario file, read off the models: which keys a place has, and what stands under them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from .parts import Part, Short
from .written import Whole


@dataclass(frozen=True)
class Named:
    """A mapping whose keys are names that the planner gives; of: the shape of each entry."""

    of: Shape


@dataclass(frozen=True)
class Listed:
    """A list; of: the shape of each entry."""

    of: Shape


Shape = type[Part] | Named | Listed | None
"""A mapping with keys of ours, a mapping by name, a list, or a single value."""


def shape_under(shape: Shape, key: str) -> Shape:
    """The shape under a key; None for a single value, and for a key that is not known."""
    if isinstance(shape, Named | Listed):
        return shape.of
    if shape is None or key not in shape.model_fields:
        return None
    return _field(shape, key)[0]


def replaced(shape: Shape, key: str) -> bool:
    """Whether what stands under a key is one value: written over a file that is extended, it replaces the other."""
    return isinstance(shape, type) and key in shape.model_fields and _field(shape, key)[1]


def short_under(shape: Shape, key: str) -> Short | None:
    """What text under a key stands for, None for a key that has no short form."""
    return _field(shape, key)[2] if isinstance(shape, type) and key in shape.model_fields else None


def known_keys(shape: Shape) -> tuple[str, ...]:
    """The keys that a place has, none where the planner gives the names."""
    return () if shape is None or isinstance(shape, Named | Listed) else tuple(shape.model_fields)


@lru_cache(maxsize=512)
def _field(part: type[Part], key: str) -> tuple[Shape, bool, Short | None]:
    info = part.model_fields[key]
    marks = [*info.metadata, *_marks(info.annotation)]
    whole = any(isinstance(one, Whole) for one in marks)
    short = next((one for one in marks if isinstance(one, Short)), None)
    shape = _of(info.annotation)
    return (None if whole and isinstance(shape, Named) else shape), whole, short


def _marks(annotation: Any) -> list[Any]:
    """What is annotated at any depth of an optional value."""
    if get_origin(annotation) is Annotated:
        arguments = get_args(annotation)
        return [*arguments[1:], *_marks(arguments[0])]
    if NoneType in get_args(annotation):
        return [mark for one in get_args(annotation) for mark in _marks(one)]
    return []


def _of(annotation: Any) -> Shape:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        shape = _of(arguments[0])
        return None if isinstance(shape, Named) and any(isinstance(one, Whole) for one in arguments[1:]) else shape
    if origin is dict:
        return Named(_of(arguments[1]))
    if origin in (list, tuple) and arguments:
        inner = _of(arguments[0])
        return Listed(inner) if inner is not None else None
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, Part) else None
    others = [one for one in arguments if one is not NoneType]
    return _of(others[0]) if len(others) == 1 and NoneType in arguments else None
