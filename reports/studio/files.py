"""What can be taken home: the scenario as a file, the report as a page, the budget as a workbook."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from ...sim.files import plain_name
from ...sim.ledger import Terms
from ...sim.line import Line
from ...sim.replicate import Runs
from ..budget.sheets import write_budget
from ..budget.whole import Asked, budget_of, goal_of
from ..page import report
from .plan import Base, Moves
from .quick import ENOUGH, Quick

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def downloads(quick: Quick, base: Base, moves: Moves, line: Line) -> None:
    """Buttons, in a row; what takes time is made when it is asked for."""
    called = f"{line.name[:90]}, moved" if moves else line.name
    name = plain_name(called, "plan")
    one, two, three = st.columns(3)
    one.download_button(
        "Scenario file",
        partial(scenario, base, moves),
        f"{name}.yaml",
        "application/yaml",
        on_click="ignore",
        width="stretch",
    )
    two.download_button(
        "Report", partial(page, quick, line, called), f"{name}.html", "text/html", on_click="ignore", width="stretch"
    )
    if Terms.of(line).pays:
        three.download_button(
            "Workbook", partial(workbook, quick, line, called), f"{name}.xlsx", XLSX, on_click="ignore", width="stretch"
        )


def scenario(base: Base, moves: Moves) -> bytes:
    """The plan as a scenario file of its own."""
    return base.text(moves).encode()


def page(quick: Quick, line: Line, called: str) -> bytes:
    """The report, as `labelcast run --report` writes it of as many replications. called: the plan's name in it."""
    return report([_runs(quick, line, called)], None).encode()


def _runs(quick: Quick, line: Line, called: str) -> Runs:
    (runs,) = quick.same([line], ENOUGH)
    return replace(runs, line=replace(line, name=called))


def workbook(quick: Quick, line: Line, called: str) -> bytes:
    """Cost by month, with its ledger and assumptions, as `labelcast budget --xlsx` writes it of as many replications of
    the line as it stands: what a fit does not know is not drawn."""
    runs = _runs(quick, line, called)
    limit, told_by = goal_of(line)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "budget.xlsx"
        write_budget(path, budget_of(runs, Asked(budget=limit, budget_of=told_by)))
        return path.read_bytes()
