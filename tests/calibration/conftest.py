"""The labelling line of known truth, for tests that take it as a fixture."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from numpy_line import Truth, synthetic

from labelcast.sim.log import Log


@pytest.fixture(scope="session")
def line() -> Callable[[Truth, int], Log]:
    """`synthetic`."""
    return synthetic


@pytest.fixture(scope="session")
def truth() -> type[Truth]:
    """The class `Truth`."""
    return Truth
