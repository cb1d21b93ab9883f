"""What a search's answer rests on beyond the search: replications and foretellings made once it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...sim.crew import Crew
from .beside import Beside, Told
from .choices import Choice, choices
from .fits import Fits, fits
from .foretold import Left, Weight, left, weights
from .given_up import Traded, traded
from .judged import Judged, Mean, judged, promises
from .question import Plan
from .same import as_today
from .search import Found
from .volumes import AtVolume, at_volumes
from .way import Way, way

NEAREST = 200
"""Replications that say by how much a plan misses."""


@dataclass(frozen=True, eq=False)
class Recommended:
    """All that is told of the certified plan. plan: as near to today's as the same line can be written.  goals, means:
    by its certificate.  kpis: of the way's columns.  choices: where there are several objectives.  replications: beside
    the search's budget."""

    plan: Plan
    goals: Sequence[Judged]
    means: Sequence[Mean]
    kpis: tuple[str, ...]
    way: Way
    traded: Sequence[Traded]
    volumes: Sequence[Sequence[AtVolume]]
    fits: Fits | None
    weights: Sequence[Weight]
    left: Left | None
    choices: Sequence[Choice]
    replications: int


@dataclass(frozen=True, eq=False)
class Short:
    """Of the plan that came nearest, where none is certified: its goals, on luck that it was not chosen by."""

    goals: Sequence[Judged]
    replications: int


def after(found: Found, crew: Crew, told: Told = lambda _: None) -> Recommended | Short:
    """Looks at what was found: the certified plan, or how far the nearest is from keeping the goals."""
    beside = Beside(found, crew, told)
    if found.plan is None:
        (values,) = beside.values([found.view.theory.line_of(found.nearest)], NEAREST)
        goals = [judged(one, beside.column(values, one.goal.kpi)) for one in found.question.constraints]
        return Short(goals, beside.used)
    goals, means = promises(found, found.plan)
    plan = as_today(found, found.plan)
    along = way(found.question, plan, beside)
    rows = at_volumes(found, plan, beside)
    drawn = fits(found, plan, beside)
    return Recommended(
        plan, goals, means, beside.kpis, along, traded(along, beside), rows, drawn,
        weights(found), left(found), choices(found), beside.used,
    )  # fmt: skip
