"""The promise of a 95% interval, on few experiments; `make prove` has a thousand."""

from __future__ import annotations

import pytest
from theory.coverage import TARGET, covered

pytestmark = pytest.mark.verify


def test_intervals_keep_their_promise() -> None:
    """The exact 99% interval of the coverage holds 95%, and of intervals half as wide does not."""
    for one in covered(120, 1):
        assert one.share.low <= TARGET <= one.share.high, one
        assert one.halved.high < TARGET, one
