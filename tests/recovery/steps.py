"""Logs of several steps whose routes and teams are known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from routed import events, judged

from labelcast.calibration.cleaning import clean
from labelcast.calibration.readers.judgements import Refusals, typed
from labelcast.calibration.service.fit import fit_service, timed
from labelcast.calibration.stages.later import clean_steps, fit_later, fitted
from labelcast.calibration.stages.lines import flow_of, folded
from labelcast.calibration.stages.routes import routes_of

from .told import Source, Told


def _routes(rng: np.random.Generator) -> Iterator[Told]:
    on, back, over = (float(one) for one in rng.uniform([0.5, 0.1, 0.1], [0.9, 0.5, 0.5]))
    ways = {
        "Intake": {"Check": on, "Call": 1 - on},
        "Check": {"Call": over, "": 1 - over},
        "Call": {"Intake": back, "": 1 - back},
    }
    frame = judged(events(int(rng.integers(60, 300)), int(rng.integers(2**31)), ways))
    flow, _ = flow_of(frame, "annotate")
    assert flow is not None
    found = routes_of(frame, flow)
    for kind, here, to, truth in (
        ("stages.next.done: a choice", "intake", "check", on),
        ("stages.next.done: a way back", "call", "intake", back),
        ("stages.next.done: the end", "check", "deliver", 1 - over),
    ):
        one = dict(found.ways[here]).get(to)
        if one is not None:
            yield Told(kind, truth, one.value, one.low, one.high)


ROUTES = Source(
    "routes",
    {
        "stages.next.done: a choice": "chance (50 to 90%) of one of two ways, of 60 to 299 items",
        "stages.next.done: a way back": "chance (10 to 50%) to go back to the first step",
        "stages.next.done: the end": "chance (50 to 90%) to be delivered",
    },
    300,
    0,
    _routes,
    41,
)


def _teams(rng: np.random.Generator) -> Iterator[Told]:
    """Check is shared by two roles, by chance at each item."""
    share = float(rng.uniform(0.1, 0.9))
    table = events(int(rng.integers(60, 300)), int(rng.integers(2**31)))
    check = (table["stage"] == "Check").to_numpy()
    senior = check & (rng.random(len(table)) < share)
    table["role"] = np.where(senior, "Senior", np.where(check, "Checker", "Clerk"))
    table["worker"] = table["role"].str[0] + table["worker"]
    frame = typed(judged(table).assign(outcome="accepted"))
    flow, _ = flow_of(frame, "annotate")
    assert flow is not None
    refusals = Refusals(["log"])
    first = clean(folded(frame, flow), refusals, ())
    steps = {flow.steps[0].name: first, **clean_steps(frame, refusals, flow, ())}
    later = fit_later(frame, refusals, flow, steps, fit_service(timed(first.pages)), "p", "UTC")
    found = {one.path: one for one in fitted(later)}
    yield Told.of("stages.pools", share, found["stages.check.pools.senior"])


TEAMS = Source(
    "pools that share a stage",
    {"stages.pools": "chance (10 to 90%) that a stage's work goes to one of its two pools"},
    40,
    12,
    _teams,
    42,
)

SOURCES = (ROUTES, TEAMS)
