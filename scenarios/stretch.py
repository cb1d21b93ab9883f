"""A scenario as it is from a moment on."""

from __future__ import annotations

from dataclasses import dataclass

from .routing import Routes
from .spec import Scenario


@dataclass(frozen=True)
class Stretch:
    """What holds from a moment (seconds from the start) on, and the ways of its items."""

    at_s: float
    scenario: Scenario
    ways: Routes
