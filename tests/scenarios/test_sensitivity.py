"""Where a verdict turns, of margins that are written down."""

from __future__ import annotations

import pytest

from labelcast.scenarios.sensitivity import turning


def test_two_linear_tariffs_turn_where_they_must() -> None:
    """0.42 each against 700 and 0.35 each: at 700 / (0.42 - 0.35) = 10,000 items, exactly, wherever the ends lie."""
    for low, high in ((1_000, 40_000), (9_999, 10_001)):
        points = [(value, 700 + 0.35 * value - 0.42 * value) for value in (float(low), float(high))]
        assert turning(points) == pytest.approx([10_000], rel=1e-9)


@pytest.mark.parametrize(
    ("margins", "met_at_zero", "at"),
    [
        ((1, 2, 3), False, []),
        ((-1, 1, 3), False, [0.5]),
        ((1, 1, -3), False, [1.25]),
        ((1, -1, 1), False, [0.5, 1.5]),
        ((-1, 0, 1), False, [1.0]),  # both the same as it is, and apart on either side
        ((0, 0, 1), False, []),
        ((0, 1, 1), False, []),
        ((1, 0, 2), False, []),
        ((0, 0, 0), False, []),
        ((0, 1, 1), True, []),  # just met is met
        ((0, -1, -1), True, [0.0]),
        ((-1, 0, 1), True, [1.0]),
        ((-1, float("nan"), 1), True, []),
        ((-1, float("inf"), 1), False, []),
    ],
)
def test_sides_are_told_apart(margins: tuple[float, ...], met_at_zero: bool, at: list[float]) -> None:
    """A difference of nothing is no side; a goal that is just met is met; what is not known turns nothing."""
    assert turning([(float(k), float(margin)) for k, margin in enumerate(margins)], met_at_zero) == pytest.approx(at)
