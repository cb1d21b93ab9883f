"""Logs of several steps whose routes and teams are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from labelcast.calibration.readers.judgements import Refusals, typed
from labelcast.calibration.stages.later import fit_later, fitted
from labelcast.calibration.stages.lines import flow_of
from labelcast.calibration.stages.routes import routes_of

from .told import Source, Told

Ways = Mapping[str, Mapping[str, float]]

WAYS: Ways = {
    "Intake": {"Check": 0.7, "Call": 0.3},
    "Check": {"Call": 0.2, "": 0.8},
    "Call": {"Intake": 0.4, "": 0.6},
}
"""Of each step where items go next; the empty word is the end."""

MINUTES = {"Intake": 5.0, "Check": 12.0, "Call": 3.0}


def events(items: int, seed: int = 1, ways: Ways = WAYS) -> pd.DataFrame:
    """A log of `ways`: median times MINUTES (sigma 0.4), ten hours between steps, an item every ten hours; four
    people at intake and call, three who check."""
    rng = np.random.default_rng(seed)
    rows = []
    for item in range(items):
        at, now = 600.0 * item, "Intake"
        while now:
            took = MINUTES[now] * np.exp(0.4 * rng.standard_normal())
            who = f"c{rng.integers(3)}" if now == "Check" else f"w{rng.integers(4)}"
            rows.append((item, now, who, at, at + took))
            at += took + 60 * rng.exponential(10.0)
            now = str(rng.choice([*ways[now]], p=[*ways[now].values()]))
    frame = pd.DataFrame(rows, columns=["item", "stage", "worker", "from", "to"])
    start = pd.Timestamp("2026-01-05 08:00")
    for name, of in (("started_at", "from"), ("submitted_at", "to")):
        frame[name] = (start + pd.to_timedelta(frame[of], unit="min")).dt.round("ms")
    return frame.drop(columns=["from", "to"])


def judged(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` as readers give it, as far as stages need it."""
    given = frame.assign(role=frame.get("role", None), source=0, row=np.arange(len(frame)))
    return given.astype({"item": "str", "stage": "str", "worker": "str"})


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
    found = {one.path: one for one in fitted(fit_later(frame, Refusals(["log"]), flow, "p", "UTC", ()), "p")}
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
