"""How long a search of a line of 20,000 items over six variables takes."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from answering.section import Figure, Section

from labelcast.scenarios.search.moves import Rules
from labelcast.scenarios.search.search import search
from labelcast.sim.crew import Crew

from .exponential import RATE, problem
from .problem import Problem, no_truth
from .rivals import BUDGET

ITEMS = 20_000
MOST_S = 60.0


def proved(processes: int) -> Section:
    """The section of the page."""
    hours = round(ITEMS / RATE)
    text = problem().text.replace("horizon: 100 h", f"horizon: {hours} h")
    with tempfile.TemporaryDirectory() as folder, Crew(processes) as crew:
        question = Problem("long", text, None, no_truth).question(Path(folder))
        begun = time.perf_counter()
        found = search(question, Rules(BUDGET), crew)
        seconds = time.perf_counter() - begun
    lines = [
        f"The exponential line for {hours:,} h, in which {ITEMS:,} items come; a budget of {BUDGET:,} replications:",
        f"{seconds:.1f} s for {found.history.used:,} replications in {processes} processes, their start included.",
    ]
    figure = Figure(
        "seconds_20k_six_variables",
        "seconds of a search of a line of 20,000 items over six variables",
        f"at most {MOST_S:.0f} s",
        seconds,
        f"{seconds:.1f} s",
        seconds <= MOST_S,
    )
    return Section("How long a search takes", lines, [figure])
