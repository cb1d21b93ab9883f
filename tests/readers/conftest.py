"""Pages for each reader of plans with every mechanism, one of them with a name that would be a script if it could."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ledgers import line as ledger_line
from lines import WEEK, whole

from labelcast.reports.budget.whole import Asked, Budget, budget_of
from labelcast.reports.pages import Sheet, finance_page, lead_page, manager_page, page_html
from labelcast.scenarios.bottleneck import Effects, effects
from labelcast.scenarios.compare import Comparison, compare
from labelcast.sim.levers import levers
from labelcast.sim.line import Contract, Goal, Line
from labelcast.sim.replicate import Runs, replicate
from labelcast.sim.replication import Job, one

HOSTILE = '<script>alert("x")</script> ="1+1" $\\alpha$'
PAY = {
    name: Contract(hourly=rate) for name, rate in (("team", 31_000_000), ("crowd", 5_000_000), ("judges", 40_000_000))
}


def paid(name: str, dearer: int = 1) -> Line:
    """Every mechanism, with contracts; the team's wage so many times as high."""
    line = whole(40, name=name, currency="EUR", horizon_s=12 * WEEK, goals=(Goal("cost", "<=", 9_000.0, 0.8),))

    def contract(pool: str) -> Contract:
        return replace(PAY[pool], hourly=dearer * (PAY[pool].hourly or 0))

    def contracted(pools: tuple) -> tuple:
        return tuple(replace(pool, contract=contract(pool.name)) for pool in pools)

    epochs = tuple(replace(one, pools=contracted(one.pools)) for one in line.epochs)
    return replace(line, pools=contracted(line.pools), epochs=epochs)


@pytest.fixture(scope="session")
def runs() -> list[Runs]:
    """Six replications of two plans, of which one is surely dearer and bears a hostile name."""
    return [replicate(line, 6, 1, 1) for line in (paid("cheap"), paid(HOSTILE, 3))]


@pytest.fixture(scope="session")
def comparison(runs: list[Runs]) -> Comparison:
    return compare(runs)


@pytest.fixture(scope="session")
def budget(tmp_path_factory: pytest.TempPathFactory) -> Budget:
    """Of a plan that is paid over several months."""
    return budget_of(replicate(ledger_line(tmp_path_factory.mktemp("plan")), 4, 1, 1), Asked(months=6))


@pytest.fixture(scope="session")
def found(runs: list[Runs]) -> Effects:
    """What one more of everything gives the plan with the hostile name."""
    line = runs[1].line
    return effects(levers(line)[:3], line, lambda one: replicate(one, 3, 1, 1))


@pytest.fixture(scope="session")
def sheets(runs: list[Runs], comparison: Comparison, budget: Budget, found: Effects) -> dict[str, Sheet]:
    """A page of each kind."""
    hostile = replace(
        budget,
        line=replace(budget.line, name=HOSTILE),
        runs=replace(budget.runs, line=replace(budget.runs.line, name=HOSTILE)),
    )
    return {
        "manager": manager_page(runs, comparison),
        "alone": manager_page(runs[1:]),
        "finance": finance_page([hostile]),
        "both": finance_page([budget, hostile]),
        "lead": lead_page(runs[1], found, one(Job(runs[1].line, 1, "fast", keep_log=True), 0).log),
    }


@pytest.fixture(scope="session")
def pages(sheets: dict[str, Sheet]) -> dict[str, str]:
    return {name: page_html(sheet) for name, sheet in sheets.items()}
