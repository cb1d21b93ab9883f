"""The proof of promises: a project hangs on its number alone, and budgets that promise too much are seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from promises.projects import Project, drawn, project, scenario
from promises.prove import page
from promises.shares import Share, share_of

from labelcast.scenarios.load import load
from labelcast.sim.engines import ENGINES, prepare

PAGE = Path(__file__).parents[2] / "docs" / "promises.md"


def test_plans_say_what_planners_know(tmp_path: Path) -> None:
    """Twenty truths load as pilots and as their next work, of the people and hours that the plan says."""
    for number in range(20):
        truth = drawn(np.random.default_rng(number))
        lines = []
        for pilot in (False, True):
            path = tmp_path / "s.yaml"
            path.write_text(scenario(truth, pilot=pilot), encoding="utf-8")
            lines.append(load(path))
        after, before = lines
        assert after.pools[0] == before.pools[0]
        assert [after.segments[0].backlog, before.segments[0].backlog] == [truth.ahead, truth.pilot]
        assert truth.team not in scenario(truth, profile="p.yaml")


@pytest.mark.parametrize(("held", "holds"), [(376, True), (375, False), (422, True), (423, False)])
def test_the_verdict_is_the_binomial_interval(held: int, holds: bool) -> None:
    """Of 500 projects; the ends are SciPy's Clopper-Pearson at 99%."""
    assert Share(held, 500).holds == holds


def test_the_page_sees_a_promise_that_is_too_low() -> None:
    """Costs that exceed what was promised as fitted half the time: the page says so, and of the other that it holds."""
    costs = np.random.default_rng(1).uniform(0, 1, 500)
    projects = [Project("by the hour", float(cost), 0.8, 0.5) for cost in costs]
    text = page(projects, "abc", 1.0)
    assert "| all | drawn | 500 |" in text
    rows = [line for line in text.splitlines() if line.startswith("| all")]
    assert [row.endswith("| 80% |") for row in rows] == [True, False]
    other = [replace(one, p80=2.0) for one in projects]
    assert not share_of(other, known=False).holds


def test_the_proof_stands() -> None:
    """The page was proved, of 500 projects or more, and holds."""
    row = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| all | drawn"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert int(cells[2]) >= 500
    assert Share(int(cells[3]), int(cells[2])).holds


@pytest.mark.verify
def test_a_project_hangs_on_its_number() -> None:
    """The same again is the same; what is drawn promises more than what is taken as known, on average over four."""
    prepare(ENGINES[0])
    found = [project(number) for number in range(4)]
    assert found[3] == project(3)
    assert float(np.mean([one.p80 / one.as_fitted for one in found])) > 1
    assert all(0.3 < one.cost / one.p80 < 3 for one in found)
