"""The page of the proof: it must say loudly what is not proven."""

from __future__ import annotations

import math

from theory.case import CASES, Estimate, Quantity, agrees, sharp, summed_up
from theory.coverage import Covered, holds
from theory.prove import Row, page

from labelcast.sim.statistics import coverage

EXACT = Quantity("mean wait", "s", 60.0, lambda _: 0.0)
RANGE = Quantity("mean time", "s", 100.0, lambda _: 0.0, 90.0, 110.0)
BOUND = Quantity("mean time, bounded", "s", 100.0, lambda _: 0.0, high=100.0)


def test_a_verdict_is_of_the_interval() -> None:
    """An exact value must lie in the interval, which must be narrow; a range must hold the whole interval."""
    assert agrees(EXACT, Estimate(61.0, 1.0))
    assert not agrees(EXACT, Estimate(61.1, 1.0))
    assert sharp(EXACT, Estimate(61.0, 5.9))
    assert not sharp(EXACT, Estimate(61.0, 6.1))
    assert agrees(RANGE, Estimate(95.0, 5.0))
    assert not agrees(RANGE, Estimate(94.0, 5.0))
    assert not agrees(RANGE, Estimate(106.0, 5.0))
    assert agrees(BOUND, Estimate(1.0, 5.0))
    assert not agrees(BOUND, Estimate(96.0, 5.0))


def test_an_interval_is_students() -> None:
    """Of 1, 2, 3, 4: mean 2.5, sd 1.291, and the 99.95% point of t with three degrees of freedom is 12.924."""
    (found,) = summed_up([[1.0], [2.0], [3.0], [4.0]])
    assert found.mean == 2.5
    assert math.isclose(found.half, 12.924 * 1.29099 / 2, rel_tol=1e-4)


def test_the_page_is_loud() -> None:
    """What disagrees, and what no fault moves, stands out, and is not counted as proven."""
    off = Estimate(80.0, 1.0)
    rows = [
        Row("stations: one", EXACT, Estimate(60.0, 1.0), "a fault", off),
        Row("stations: two", EXACT, off, "a fault", off),
        Row("forks: three", RANGE, Estimate(100.0, 1.0), None, None),
    ]
    kept = Covered("a mean", 1.0, coverage(950, 1000), coverage(680, 1000))
    broken = Covered("another", 1.0, coverage(920, 1000), coverage(680, 1000))
    text = page(rows, [kept, broken], 1.0, 1000, "abc")
    told = [line for line in text.splitlines() if line.startswith("| ")]
    assert f"1 of 3 quantities of {len(CASES)} cases agree" in text
    assert "1 of 2 coverages" in text
    assert "commit `abc`" in text
    assert text.count("**DISAGREES**") == 1
    assert text.count("**NOT SEEN**") == 1
    assert text.count("**BROKEN**") == 1
    assert "| one | mean wait | s | 60 | 60 ± 1 | agrees | a fault | 80 ± 1 |" in told
    assert "| three | mean time | s | 90 to 110 | 100 ± 1 | agrees | **NOT SEEN** |  |" in told
    assert holds(kept.share)
    assert not holds(broken.share)
    assert "## Forks" in text
