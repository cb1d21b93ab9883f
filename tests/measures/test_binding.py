"""The shifting bottleneck, on queues worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from labelcast.sim.binding import Held, binds, held
from labelcast.sim.curves import Curves


def _curves(**waiting: str) -> Curves:
    """Queues by hour, as digits."""
    queues = {name: np.array([int(sign) for sign in row], np.int64) for name, row in waiting.items()}
    hours = np.arange(len(next(iter(queues.values()))), dtype=np.int64)
    none = np.zeros_like(hours)
    return Curves(hours, none, queues, none, none)


def test_one_after_the_other_and_while_it_shifts() -> None:
    """a waits in hours 0 to 5, b in 4 to 7: each is the bottleneck of its own period, and in hours 4 and 5 it shifts.
    Hour 8 has no queue and does not count."""
    found = held(_curves(a="113311000", b="000022210"))
    assert found["a"] == Held(4 / 8, 2 / 8)
    assert found["b"] == Held(2 / 8, 2 / 8)
    assert binds(found) == "a"


def test_a_shorter_period_within_a_longer_one_never_binds() -> None:
    """However long its queue, and whichever stage comes first."""
    found = held(_curves(a="1111111", b="0099900"))
    assert found == {"a": Held(1.0, 0.0), "b": Held(0.0, 0.0)}
    found = held(_curves(a="0099900", b="1111111"))
    assert found == {"a": Held(0.0, 0.0), "b": Held(1.0, 0.0)}


def test_periods_are_broken_by_an_empty_queue() -> None:
    """a in two periods of two hours; b in one of three that overlaps neither end: hours 2 to 4 are b's."""
    found = held(_curves(a="1100011", b="0011100"))
    assert found["a"] == Held(4 / 7, 0.0)
    assert found["b"] == Held(3 / 7, 0.0)


@pytest.mark.parametrize("queues", [{"a": "000", "b": "000"}, {"a": "0"}])
def test_where_nothing_waits_nothing_binds(queues: dict[str, str]) -> None:
    """Shares are zero and nobody is named."""
    found = held(_curves(**queues))
    assert set(found.values()) == {Held(0.0, 0.0)}
    assert binds(found) == ""
