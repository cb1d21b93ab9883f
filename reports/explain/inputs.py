"""The values of a scenario that a KPI rests on.

In a line nearly everything hangs on everything: a slower review makes annotators wait for rework. So a value is
left out only where the simulation cannot see it: prices make no event, nor do goals, windows, or what errors cost.
"""

from __future__ import annotations

from ...sim.line import Line
from ...sim.registry import kpi_of
from ...sim.replicate import GOAL_KPIS, P_READY, READY
from ..assumptions import Assumption, assumptions
from ..assumptions.table import GOAL_WORDS

SLACK = "slack_days."

HARM = "error_cost_per_1k"


def inputs(line: Line, kpi: str) -> tuple[Assumption, ...]:
    """Values of the line that the KPI rests on, in the order of a scenario file, with who said each."""
    money = rests_on_money(kpi)
    goals = _goals(kpi)
    return tuple(one for one in assumptions(line) if _matters(one.path, kpi, money, goals))


def rests_on_money(kpi: str) -> bool:
    """Whether it is made of the ledger."""
    return kpi == GOAL_KPIS["cost"] or "ledger.amount" in kpi_of(kpi).columns


def _matters(path: str, kpi: str, money: bool, goals: tuple[str, ...]) -> bool:
    steps = path.removeprefix("changes.").split(".")
    if path in ("currency", "changes.cost", "changes.running") or steps[0] in ("exchange", "contracts"):
        return money
    if steps[0] == "pools" and steps[2:3] == ["pay"]:
        return money
    if steps[0] == "goals":
        return path in goals
    if steps[0] == "charts":
        return kpi.partition(".")[2] == steps[1]
    if steps[0] == "work" and steps[2:3] == ["error_costs"]:
        return kpi.split(".")[0] == HARM
    return True


def _goals(kpi: str) -> tuple[str, ...]:
    """Paths of goals that a KPI is made with."""
    for head in (P_READY, READY, SLACK):
        if kpi.startswith(head):
            return (f"goals.windows.{kpi.removeprefix(head)}",)
    made = [goal for goal, chance in GOAL_KPIS.items() if chance == kpi]
    return tuple(f"goals.{GOAL_WORDS.get(goal, goal)}" for goal in made)
