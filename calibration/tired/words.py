"""What is said of skill that falls by hour at work, and skill as of the beginning of a session where it does."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..cleaning import Cleaned
from ..fit import Parameter, Together
from ..pools.skills import known_of
from ..service.practice import finished_before
from ..service.tiring import LEAST_WORKERS, hours_at_work
from ..skill import Skill
from ..together import LEAST
from .skill import HALF_DAY, LEAST_LABELS, MATERIAL, STEEPEST, Blunting, Truths, fit_blunting


def by_hour(skill: Skill, cleaned: Cleaned, pool: str, segment: str, *, alone: bool) -> Skill:
    """`skill` with what labels of known truth say of hours at work; as it is without any.

    alone: whether hours at work are those of shifts: of one staff at one stage. Only there, and where people do get
    worse, the fit has `fatigue.logits`, and its mean skill is that of the beginning of a session.
    """
    known = known_of(skill, pool, segment)
    if known is None:
        return skill
    found = fit_blunting(_truths(skill, cleaned, pool), known.difficulty)
    if found is not None and found.told and alone:
        skill = _rested(skill, found, pool)
    return replace(skill, notes=(*skill.notes, _note(found, alone)))


def _truths(skill: Skill, cleaned: Cleaned, pool: str) -> Truths:
    """Labels whose time and truth are known. Pages that were left open do not tell when theirs were given."""
    rows = cleaned.judgements
    rows = rows[rows["counts"] & rows["correct"].notna() & rows["timed"]]
    page = rows["page"].to_numpy(np.int64)
    worker, item = (np.unique(rows[name], return_inverse=True)[1].astype(np.int64) for name in ("worker", "item"))
    path = f"pools.{pool}.class_effects."
    effects = {one.path.removeprefix(path): one.value for one in skill.parameters if one.path.startswith(path)}
    return Truths(
        rows["correct"].to_numpy(np.float64),
        worker,
        item,
        finished_before(cleaned.pages)[page],
        hours_at_work(cleaned.pages)[page],
        np.array([effects.get(one, 0.0) for one in rows["gold"]], np.float64),
    )


def _rested(skill: Skill, found: Blunting, pool: str) -> Skill:
    """With `fatigue.logits`, and mean skill as of hour 0. The two err together: the mean was that of the hours seen."""
    path, mean = f"pools.{pool}.fatigue.logits", f"pools.{pool}.skill.mean"
    how = (
        f"Rasch model with workers' intercepts, difficulty averaged over and practice taken out, by {found.workers} "
        f"workers at work for up to {found.most:.1f} h; interval by worker and item"
    )
    lost = Parameter(path, found.logits, found.low, found.high, found.labels, how, "logits/hour")
    old = next(one for one in skill.parameters if one.path == mean)
    assert old.low is not None
    assert old.high is not None
    more = found.mean * (found.high - found.logits)
    value = old.value + found.mean * found.logits
    low, high = value - math.hypot(old.value - old.low, more), value + math.hypot(old.high - old.value, more)
    fresh = replace(old, value=value, low=low, high=high, method=f"{old.method}; as of the beginning of a session")
    shared = 2 * more / (high - low)
    both = [
        replace(one, correlation=one.correlation * (old.high - old.low) / (high - low))
        if mean in (one.first, one.second)
        else one
        for one in skill.together
    ]
    both.append(Together(mean, path, shared))
    return replace(
        skill,
        parameters=(*(fresh if one is old else one for one in skill.parameters), lost),
        together=tuple(one for one in both if abs(one.correlation) >= LEAST),
    )


def _note(found: Blunting | None, alone: bool) -> str:
    if found is None:
        return (
            "Whether people err more the longer they have been at work cannot be told: it takes labels of known truth "
            f"by {LEAST_WORKERS} workers or more at different hours, {LEAST_LABELS} right and {LEAST_LABELS} wrong "
            "ones at least, and chances that change gradually."
        )
    seen = f"{found.logits:.2g} logits of skill an hour (95% interval {found.low:.2g} to {found.high:.2g})"
    rests = (
        f"over {found.labels} labels of known truth, {found.wrong} of them wrong, by {found.workers} workers, at work "
        f"for up to {found.most:.1f} h"
    )
    if not found.told:
        return f"That people err more the longer they have been at work is not {_why(found)}; {seen} {rests}."
    told = f"People err more the longer they have been at work: they lose {seen}, {_points(found.points)}, {rests}"
    if alone:
        return f"{told}. The fitted skill is that of the beginning of a session."
    return (
        f"{told}. Skill is as of all hours, and no fatigue is in the profile: shifts of a crowd, or of people of "
        "several stages or pools, are not told by it."
    )


def _why(found: Blunting) -> str:
    """What is not, after "is not"."""
    if found.low > 0 and found.logits > STEEPEST:
        return f"taken for tiring: to lose more than {STEEPEST:.2g} logits an hour is another kind of work"
    if found.low > 0:
        return f"enough to matter: under {MATERIAL:.2g} logits an hour change no plan"
    if found.high <= 0:
        return "seen: they err no more"
    if found.high > STEEPEST:
        return "seen, and the labels are too few to say how much it could be"
    return f"seen: they lose at most {found.high:.2g} logits of skill an hour, {_points(found.points_high)}"


def _points(share: float) -> str:
    return f"about {100 * share:.{0 if share >= 0.1 else 1}f} points of accuracy after {HALF_DAY} hours"
