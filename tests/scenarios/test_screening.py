"""Morris' elementary effects and Sobol's indices, against functions whose indices are known in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labelcast.scenarios import screening
from labelcast.scenarios.screening import check_installed, morris, morris_runs, sobol, sobol_runs
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.statistics import Floats

A, B = 7.0, 0.1
WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0])


def ishigami(point: Floats) -> float:
    """sin x1 + a sin^2 x2 + b x3^4 sin x1 on [-pi, pi]^3 (Ishigami and Homma 1990)."""
    x = math.pi * (2 * point - 1)
    return float(math.sin(x[0]) + A * math.sin(x[1]) ** 2 + B * x[2] ** 4 * math.sin(x[0]))


def ishigami_indices() -> tuple[list[float], list[float]]:
    """(first, total), in closed form."""
    one = 0.5 * (1 + B * math.pi**4 / 5) ** 2
    two = A**2 / 8
    both = B**2 * math.pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + both
    return [one / whole, two / whole, 0.0], [(one + both) / whole, two / whole, both / whole]


def g_function(point: Floats) -> float:
    """Product of (|4x - 2| + a) / (1 + a) (Sobol 1993)."""
    return float(np.prod((np.abs(4 * point - 2) + WEIGHTS) / (1 + WEIGHTS)))


def g_indices() -> tuple[list[float], list[float]]:
    """(first, total), in closed form."""
    parts = 1 / (3 * (1 + WEIGHTS) ** 2)
    whole = np.prod(1 + parts) - 1
    total = [part * np.prod(1 + np.delete(parts, k)) / whole for k, part in enumerate(parts)]
    return [*(parts / whole)], total


@pytest.mark.parametrize(
    ("model", "known"), [(ishigami, ishigami_indices()), (g_function, g_indices())], ids=["ishigami", "g"]
)
def test_indices_are_those_of_the_closed_form(model: screening.Model, known: tuple[list[float], list[float]]) -> None:
    """Of 1,024 points all within 0.05 (seed 1; the intervals' halves are about as large), and the sum of first orders
    stays below one as both functions interact."""
    first, total = known
    found = sobol(len(first), model, seed=1, points=1_024)
    assert found is not None
    assert [one.first for one in found] == pytest.approx(first, abs=0.05)
    assert [one.total for one in found] == pytest.approx(total, abs=0.05)
    assert all(0 <= one.first_half < 0.12 and 0 <= one.total_half < 0.12 for one in found)
    assert sum(one.first for one in found) < 0.99


def test_a_swap_of_inputs_would_be_seen() -> None:
    """The oracle's own check: the indices of Ishigami's function are too far apart to be taken for one another."""
    first, total = ishigami_indices()
    assert min(abs(a - b) for k, a in enumerate(first) for b in first[:k]) > 0.1
    assert total[2] > first[2] + 0.2


def test_elementary_effects_of_a_plane_are_its_slopes() -> None:
    """Without bends and interactions sigma is 0; an input that does nothing has exactly 0."""
    found = morris(3, lambda point: float(5 * point[0] - 2 * point[1]), seed=3)
    assert found is not None
    assert [one.mu_star for one in found] == pytest.approx([5, 2, 0], abs=1e-9)
    assert [one.sigma for one in found] == pytest.approx([0, 0, 0], abs=1e-9)
    assert found[2].mu_star == 0


def test_the_order_of_the_g_function_is_found() -> None:
    """Screening tells the inputs of the G-function apart in the order of their weights, and that they interact."""
    found = morris(5, g_function, seed=1, trajectories=40)
    assert found is not None
    sizes = [one.mu_star for one in found]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 20 * sizes[-1]
    assert found[0].sigma > 0.3 * found[0].mu_star


def test_runs_are_as_many_as_told_and_the_same_again() -> None:
    """The design hangs on the seed alone, and no model run is untold."""
    counted: list[float] = []

    def model(point: Floats) -> float:
        counted.append(float(point.sum()))
        return counted[-1]

    first = morris(4, model, seed=7)
    assert len(counted) == morris_runs(4)
    assert morris(4, model, seed=7) == first
    counted.clear()
    second = sobol(4, model, seed=0, points=16)
    assert len(counted) == sobol_runs(4, 16)
    assert sobol(4, model, seed=0, points=16) == second


def test_nothing_is_told_where_nothing_can_be() -> None:
    """A model that does not vary has no shares of variance; one that is not finite somewhere has neither."""
    assert sobol(2, lambda _: 1.0, seed=1, points=16) is None
    assert sobol(2, lambda point: math.inf if point[0] > 0.5 else 1.0, seed=1, points=16) is None
    assert morris(2, lambda point: math.nan if point[0] > 0.5 else 1.0, seed=1) is None


def test_without_the_library_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any work, with the command to type."""
    monkeypatch.setattr(screening, "find_spec", lambda _: None)
    with pytest.raises(ScenarioRefused, match=r"--morris: needs SALib.*pip install 'labelcast\[sensitivity\]'"):
        check_installed("--morris")
