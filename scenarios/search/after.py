"""What a search's answer rests on beyond the search: replications and foretellings made once it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

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
from .view import array_of
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
    """Where none is certified. plan: that came nearest.  goals: its, on luck that it was not chosen by.  endless: in
    how many of these replications an objective has no number, as work is not done by the horizon."""

    plan: Plan
    goals: Sequence[Judged]
    endless: int
    replications: int


HOPELESS = 1e-6
"""Chance to be certified below which plans are told apart by how much they miss."""


def after(found: Found, crew: Crew, told: Told = lambda _: None) -> Recommended | Short:
    """Looks at what was found: the certified plan, or how far the nearest is from keeping the goals."""
    beside = Beside(found, crew, told)
    if found.plan is None:
        near = nearest(found)
        (values,) = beside.values([found.view.theory.line_of(near)], NEAREST)
        goals = [judged(one, beside.column(values, one.goal.kpi)) for one in found.question.constraints]
        wanted = np.array([beside.column(values, one.kpi) for one in found.question.objectives])
        endless = int((~np.isfinite(wanted)).any(axis=0).sum())
        return Short(as_today(found, near), goals, endless, beside.used)
    goals, means = promises(found, found.plan)
    plan = as_today(found, found.plan)
    along = way(found.question, plan, beside)
    rows = at_volumes(found, plan, beside)
    drawn = fits(found, plan, beside)
    return Recommended(
        plan, goals, means, beside.kpis, along, traded(along, beside), rows, drawn,
        weights(found), left(found), choices(found), beside.used,
    )  # fmt: skip


def nearest(found: Found) -> Plan:
    """The plan tried that is the likeliest to be certified, or, of plans that are all hopeless, misses least."""
    view = found.view
    chances = view.outlook(array_of(view.tried)).chance
    if chances.max() >= HOPELESS:
        return view.tried[int(chances.argmax())]
    short = [sum(max(of[at].value, 0.0) for of in view.slacks) for at in range(len(view.tried))]
    return view.tried[int(np.argmin(short))]
