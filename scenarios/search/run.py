"""A search from its first move to its last."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...sim.line import Line
from ...sim.statistics import Floats
from .history import CHOOSING, History, Move, Step
from .moves import Mover, verdict
from .theory import LineOf

Values = Callable[[Line, int, range], Floats]
"""Given a line, a stream of luck and replications of it: what is watched, float[replications, kpis]."""


def made(mover: Mover, history: History, move: Move, line_of: LineOf, values_of: Values) -> Step:
    """The move as it was made: replications look by look, until there are enough."""
    line, values = line_of(move.plan), np.zeros((0, len(mover.question.kpis)))
    for number, look in enumerate(move.looks):
        more = values_of(line, move.stream, range(move.first + len(values), look))
        values = np.concatenate([values, more])
        if number + 1 < len(move.looks) and not mover.goes_on(move, history, values):
            break
    if move.stream == CHOOSING:
        return Step(move, values)
    return Step(move, values, bool(verdict(mover.question, mover.rules, values, move.looks[-1])))
