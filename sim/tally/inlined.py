"""The decorator of the small functions of the fold."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from ..jit import cached

P = ParamSpec("P")
R = TypeVar("R")


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """`jit`, and put where it is called before anything is compiled.

    A call would pass every array of the sums, a hundred words, and count who holds each of them: measured, that took
    ten times as long as the sums themselves.
    """
    return cached(function, inline="always")
