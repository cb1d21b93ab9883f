"""The sentence of two scenarios, word by word, for differences of our choice."""

from __future__ import annotations

import math

from labelcast.scenarios.verdict import Found, verdict
from labelcast.sim.statistics import Difference


def found(mean: float, half: float, differs: bool, never: tuple[int, int] = (0, 0)) -> Found:
    return Found(Difference(mean, mean - half, mean + half, 0.0 if differs else 0.5), differs, never)


def told(level: float = 0.95, replications: int = 20, **kpis: Found) -> str:
    return verdict("vendor", "in-house", kpis, "EUR", level, replications)


def test_what_differs_is_told_with_its_interval() -> None:
    """Cost in the currency, the finish in days, accuracy in points of a hundred; the level is named once."""
    assert told(
        cost=found(-1240.0, 140.0, True), finish_days=found(-3.2, 0.31, True), accuracy=found(0.0125, 0.0025, True)
    ) == (
        "vendor costs 1,240 EUR less than in-house (95% interval 1,100 to 1,380), finishes 3.20 days earlier "
        "(2.89 to 3.51) and is 1.25 points more accurate (1.00 to 1.50)."
    )


def test_what_was_not_seen_is_told_as_a_bound() -> None:
    """No difference larger than the far end of the interval, rounded up: 3.141 days are at most 3.2."""
    assert told(
        cost=found(50.0, 10.0, True), finish_days=found(0.1, 3.041, False), accuracy=found(0.0, 0.004, False)
    ) == (
        "vendor costs 50 EUR more than in-house (95% interval 40 to 60); no difference in finish larger than 3.2 days "
        "or in accuracy larger than 0.40 points could be seen."
    )
    assert told(accuracy=found(-0.001, 0.0031, False)) == (
        "vendor against in-house: no difference in accuracy larger than 0.41 points could be seen (95% intervals)."
    )


def test_an_interval_that_holds_zero_says_so() -> None:
    """A difference that stands at 5% has a 99% interval on both sides of zero."""
    assert told(0.99, cost=found(-100.0, 110.0, True)) == (
        "vendor costs 100 EUR less than in-house (99% interval 210 less than in-house to 10 more than in-house)."
    )


def test_unfinished_runs_and_withheld_numbers_are_told() -> None:
    """Where runs never finished the finish is not compared, and the cost is not that of the whole work."""
    nothing = Difference(math.nan, math.nan, math.nan, math.nan)
    assert told(
        cost=found(-5.0, 1.0, True), finish_days=Found(nothing, False, (3, 0)), accuracy=Found(nothing, False)
    ) == (
        "vendor costs 5.0 EUR less than in-house (95% interval 4.0 to 6.0); 3 of 20 runs of vendor and 0 of 20 of "
        "in-house had not delivered everything by the horizon, so finish is not compared, and cost is of what was done "
        "by then; accuracy could not be computed in every run."
    )
