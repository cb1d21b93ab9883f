"""Scenarios simulated together: the same replications of each, as many as a difference asks for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lines import constant, exponential, queue

from labelcast.scenarios.together import FIRST, Reached, Wanted, reached, simulate
from labelcast.scenarios.tolerance import Tolerance
from labelcast.sim.line import Contract, Line
from labelcast.sim.paired import difference
from labelcast.sim.replicate import replicate

COST = {"cost": Tolerance("cost", 0.025, relative=True)}


def line(name: str, workers: int = 2) -> Line:
    made = queue(workers, 4_000.0, 20, exponential(120.0), name=name)
    return replace(made, pools=tuple(replace(pool, contract=Contract(hourly=30_000_000)) for pool in made.pools))


def test_a_number_is_that_number_of_each() -> None:
    """The runs are those that each line has by itself, and no precision is told of them."""
    runs, found = simulate([line("a"), line("b", 3)], 4, 7, 1)
    assert found == ()
    for each in runs:
        alone = replicate(each.line, 4, 7, 1)
        assert each.kpis.equals(alone.kpis)
        assert each.seed == 7


def test_replications_are_added_until_the_difference_is_precise() -> None:
    """It stops at the first look at which every half-width, with the variance of the first 30 as its floor, is small
    enough; the looks are in whole tens and begin at 30; what comes out hangs on the number alone."""
    seen: list[tuple[int, float]] = []

    def looked(found: Sequence[Reached], number: int) -> None:
        seen.append((number, found[0].half / found[0].wanted))

    runs, (found,) = simulate([line("a"), line("b", 3)], Wanted(COST, 400), 1, 1, looked=looked)
    number = len(runs[0].kpis)
    a, b = (each.kpis["cost"].to_numpy() for each in runs)
    assert found.enough
    assert found.half == pytest.approx(difference(b, a, 0.95, FIRST).high - (b - a).mean())
    assert found.wanted == pytest.approx(0.025 * a.mean())
    assert seen[0][0] == FIRST
    assert [count for count, _ in seen] == sorted({count for count, _ in seen})
    assert all(count % 10 == 0 for count, _ in seen)
    assert all(share > 1 for _, share in seen[:-1])
    assert (seen[-1][0], seen[-1][1] <= 1) == (number, True)
    assert 1 < len(seen) < 8
    assert all(each.kpis.equals(replicate(each.line, number, 1, 1).kpis) for each in runs)


def test_it_ends_at_the_most_and_says_so() -> None:
    """What cannot be reached in 40 replications is not, and all 40 are there."""
    runs, (found,) = simulate(
        [line("a"), line("b", 3)], Wanted({"cost": Tolerance("cost", 1e-6, relative=True)}, 40), 1, 1
    )
    assert len(runs[0].kpis) == 40
    assert not found.enough
    assert not found.lacking


def test_what_is_identical_is_precise_at_once() -> None:
    """A line against itself under another name: zero is known exactly after the first look."""
    runs, (found,) = simulate([line("a"), line("b")], Wanted(COST), 1, 1)
    assert (found.half, found.enough, len(runs[0].kpis)) == (0.0, True, FIRST)


def test_what_has_no_difference_does_not_keep_it_going() -> None:
    """Of lines that pay nobody there is no cost: it stops after the first look, and the precision is not reached."""
    lines = [queue(n, 4_000.0, 8, constant(60.0), name=f"free-{n}") for n in (1, 2)]
    runs, (found,) = simulate(lines, Wanted(COST, 200), 1, 1)
    assert len(runs[0].kpis) == FIRST
    assert found.lacking
    assert not found.enough
    finish = {"finish_days": Tolerance("finish_days", 1.0, relative=False)}
    late = replace(runs[1], kpis=runs[1].kpis.assign(finish_days=[math.inf, *np.ones(FIRST - 1)]))
    assert reached([runs[0], late], finish, None)[0].lacking
    assert reached([runs[0], runs[1]], {"aoq": Tolerance("aoq", 0.1, relative=True)}, None)[0].lacking


def test_kept_runs_are_begun_with(tmp_path: Path) -> None:
    """A folder holds a file a line, whatever it is called, and changes no number; what is there is not run again."""
    lines = [line("a"), line("b/../c: \N{GREEK SMALL LETTER MU}", 3), line("b_.._c_ _", 4)]
    told: list[str] = []

    def progress(which: Line, number: int):  # type: ignore[no-untyped-def]
        return lambda done, most: told.append(f"{which.name} {done}/{most}")

    first, _ = simulate(lines, 3, 1, 1, keep=tmp_path / "kept")
    files = sorted(path.name for path in (tmp_path / "kept").iterdir())
    assert len(files) == 3
    assert all(name.endswith(".npz") for name in files)
    again, _ = simulate(lines, 3, 1, 1, keep=tmp_path / "kept", progress=progress)
    assert all(one.kpis.equals(other.kpis) for one, other in zip(first, again, strict=True))
    assert told[0] == "a 1/3"
    more, _ = simulate(lines, 5, 1, 1, keep=tmp_path / "kept")
    assert more[0].kpis.iloc[:3].equals(first[0].kpis)
