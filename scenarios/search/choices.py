"""Of several objectives the plans to choose from: what each has been certified with, and why it is one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .judged import Judged, Mean, promises
from .question import Plan
from .same import as_today
from .search import Found


@dataclass(frozen=True)
class Choice:
    """A plan of the frontier. goals, means: by its certificate.  best: objectives, by place, in which none of the
    others comes out better.  knee: the one whose worst objective is the least bad."""

    plan: Plan
    goals: Sequence[Judged]
    means: Sequence[Mean]
    best: tuple[int, ...]
    knee: bool


def choices(found: Found) -> list[Choice]:
    """By the first objective, the best first; none where there is one objective only."""
    told = [(plan, *promises(found, plan)) for plan in found.frontier]
    signs = [one.sign for one in found.question.objectives]
    best = [min((sign * means[at].mean for _, _, means in told), default=0.0) for at, sign in enumerate(signs)]
    rows = []
    for plan, goals, means in told:
        first = tuple(at for at, sign in enumerate(signs) if sign * means[at].mean == best[at])
        rows.append(Choice(as_today(found, plan), goals, means, first, plan == found.plan))
    return sorted(rows, key=lambda one: signs[0] * one.means[0].mean)
