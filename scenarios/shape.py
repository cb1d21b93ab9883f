"""The shape of a scenario file, read off the models: which keys a place has, and what stands under them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from .parts import Part
from .written import Whole


@dataclass(frozen=True)
class Named:
    """A mapping whose keys are names that the planner gives; of: the shape of each entry."""

    of: Shape


Shape = type[Part] | Named | None
"""A mapping with keys of ours, a mapping by name, or a single value."""


def shape_under(shape: Shape, key: str) -> Shape:
    """The shape under a key; None for a single value, and for a key that is not known."""
    if isinstance(shape, Named):
        return shape.of
    if shape is None or key not in shape.model_fields:
        return None
    return _field_shape(shape, key)


def known_keys(shape: Shape) -> tuple[str, ...]:
    """The keys that a place has, none where the planner gives the names."""
    return () if shape is None or isinstance(shape, Named) else tuple(shape.model_fields)


@lru_cache(maxsize=512)
def _field_shape(part: type[Part], key: str) -> Shape:
    info = part.model_fields[key]
    if any(isinstance(one, Whole) for one in info.metadata):
        return None
    return _of(info.annotation)


def _of(annotation: Any) -> Shape:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return None if any(isinstance(one, Whole) for one in arguments[1:]) else _of(arguments[0])
    if origin is dict:
        return Named(_of(arguments[1]))
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, Part) else None
    inner = [one for one in arguments if one is not NoneType]
    return _of(inner[0]) if len(inner) == 1 and NoneType in arguments else None
