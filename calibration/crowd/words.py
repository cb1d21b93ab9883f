"""A fitted crowd in the scenario's words: parameters with intervals, what is assumed, what a planner should know."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from .. import order
from ..fit import Assumption, Parameter
from .batches import Batch
from .fit import CrowdFit
from .level import Level
from .model import PATIENCE_S

Floats = npt.NDArray[np.float64]

Z = float(stats.norm.ppf(0.975))

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def parameters(fit: CrowdFit, pool: str) -> list[Parameter]:
    """All that was fitted of the pool's visits."""
    crowd, path = fit.crowd, f"pools.{pool}"
    coming, level, stays = crowd.coming, crowd.level, crowd.stays
    visits, rate = int(coming.counts.sum()), math.exp(level.centre + crowd.matched)
    student = float(stats.t.ppf(0.975, level.degrees))
    shift = math.exp(student * math.hypot(level.centre_sd, crowd.matched_sd))
    how = f"visits counted over exposure in {len(fit.batches)} batch(es), level of the last by a local-level filter"
    if fit.matched_by:
        how += (
            f", times {math.exp(crowd.matched):.3g} so that {fit.matched_by} simulated batches take as long as they did"
        )
    how += "; Student interval, as far as the spread of levels is in doubt"
    out = [
        Parameter(f"{path}.sessions.rate", rate, rate / shift, rate * shift, visits, how, "sessions/hour"),
        Parameter(
            f"{path}.sessions.pull.exponent",
            *coming.pull,
            visits,
            "Poisson likelihood of visits given the labels on offer, levels of batches integrated out; profile "
            "interval",
        ),
        Parameter(
            f"{path}.sessions.fade.exponent",
            *coming.fade,
            visits,
            "the same likelihood, by hours since posting; profile interval",
        ),
        Parameter(
            f"{path}.sessions.returning",
            *stays.returning,
            stays.later,
            "chance that a visit is by someone of an earlier one of its batch: likelihood of the visits after the "
            "first, where some leave no trace as they go on within half an hour or found too little on offer; profile "
            "interval",
            "share",
        ),
        Parameter(
            f"{path}.sessions.spread",
            level.ahead_sd,
            *_ahead(fit.crowd.level),
            level.batches,
            "sd of the level of a batch ahead: of the last level, of its moves, of a batch about it; curvature interval"
            + ("" if level.batches >= 10 else "; so few batches that public crowds lead"),
        ),
    ]
    return [*out, *_stays(fit, path)]


def _ahead(level: Level) -> tuple[float, float]:
    """The interval of ahead_sd, by what is known of both spreads in it."""
    wide = math.exp(Z * level.doubt)
    return level.ahead_sd / wide, level.ahead_sd * wide


def _stays(fit: CrowdFit, path: str) -> list[Parameter]:
    stays = fit.crowd.stays
    done = np.sort(np.concatenate([one.done for one in fit.batches])).astype(np.float64)
    out = []
    for name, value in stays.tasks.parameters.items():
        if stays.tasks.family == "constant":
            key, low, high, method = "constant", None, None, "labels given in every visit"
        else:
            key = f"quantiles.{name}"
            value = round(value, 1)  # without what tells equal quantiles apart
            low, high = _between(done, float(name[1:]) / 100, value)
            method = f"labels given in a visit; {order.METHOD if low is not None else order.NONE}"
        out.append(Parameter(f"{path}.tasks_per_session.{key}", value, low, high, stays.visits, method, "labels"))
    return out


def _between(done: Floats, share: float, value: float) -> tuple[float | None, float | None]:
    """The interval of a quantile of labels of a visit, of which there is one at least; none where its upper end cannot
    be told."""
    low, high = order.interval(done, share)
    return (None, None) if high is None else (min(low or 1.0, value), max(high, value))


def assumptions(fit: CrowdFit, pool: str) -> list[Assumption]:
    """What the pool's block has and no log can tell."""
    path = f"pools.{pool}.sessions"
    return [
        Assumption(
            f"{path}.pull.tasks", fit.crowd.coming.offer, "labels of the largest batch of the log: what more draws"
        ),
        Assumption(f"{path}.patience", PATIENCE_S, "seconds; visits without a label leave no trace in an export"),
    ]


def block(fit: CrowdFit, calendar: str) -> dict[str, Any]:
    """The pool's visits as a scenario writes them."""
    crowd = fit.crowd
    hours = " ".join(f"{one:.3g}" for one in crowd.coming.hours)
    tasks = crowd.stays.tasks
    if tasks.family == "constant":
        count: dict[str, Any] = {"constant": f"{tasks.parameters['value']:.4g}"}
    else:
        count = {"quantiles": {name: f"{value:.8g}" for name, value in tasks.parameters.items()}}
    return {
        "sessions": {
            "rate": f"{math.exp(crowd.level.centre + crowd.matched):.4g}/hour",
            "calendar": calendar,
            "shape": dict.fromkeys(DAYS, hours),
            "returning": f"{100 * crowd.stays.returning[0]:.4g}%",
            "patience": f"{PATIENCE_S:g} s",
            "fade": {"exponent": f"{crowd.coming.fade[0]:.4g}"},
            "pull": {"exponent": f"{crowd.coming.pull[0]:.4g}", "tasks": f"{crowd.coming.offer} tasks"},
            "spread": f"{crowd.level.ahead_sd:.4g}",
        },
        "tasks_per_session": count,
    }


def notes(fit: CrowdFit) -> list[str]:
    """What a planner should know of the crowd."""
    sizes = sorted(one.labels for one in fit.batches)
    coming = fit.crowd.coming
    people, power = sum(one.workers for one in fit.batches), (1 - coming.pull[0]) / (1 - coming.fade[0])
    out = [
        f"The pool is a crowd: {people} times somebody came to one of {len(fit.batches)} batch(es), of {sizes[0]} to "
        f"{sizes[-1]} labels. A run of a scenario is one batch, whose backlog draws a crowd of its own; its time grows "
        f"as its labels to the power of {power:.2g}. Run batches that go on side by side apart."
    ]
    if not fit.matched_by:
        out.append("No batch was over, so nothing tells whether simulated batches take as long as real ones.")
    return out


def too_few(batches: Sequence[Batch]) -> str:
    """Why people who are there for little are no crowd."""
    return (
        f"The workers are many and there for little, as a crowd is, but {len(batches)} batch(es) have too few visits "
        "to tell how often they come. They are fitted as a staff."
    )
