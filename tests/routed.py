"""Logs of several steps of work with routes by chance, and the line of a fit to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from labelcast.calibration import profile
from labelcast.calibration.fit import Fit
from labelcast.scenarios.load import load
from labelcast.sim.line import Line

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


def labelled(labels: int = 1, second: str = "review") -> pd.DataFrame:
    """A log of 120 items, one every 20 minutes, that get `labels` from six people, a0 to a5, then `second` by one of
    three, r0 to r2; each takes 60 to 100 s."""
    rng = np.random.default_rng(5)
    rows = []
    for item in range(120):
        rows += [(item, "annotate", f"a{who}", 20 * item + 3 * k) for k, who in enumerate(rng.permutation(6)[:labels])]
        rows.append((item, second, f"r{rng.integers(3)}", 20 * item + 15))
    table = pd.DataFrame(rows, columns=["item", "stage", "worker", "minute"])
    table["started_at"] = pd.Timestamp("2026-01-05 08:00") + pd.to_timedelta(table.pop("minute"), unit="min")
    took = pd.to_timedelta(60 + 40 * rng.random(len(table)), unit="s")
    table["submitted_at"] = (table["started_at"] + took).dt.round("ms")
    return table.assign(label=np.where(table["stage"] == "annotate", rng.choice(["car", "bus"], len(table)), ""))


def judged(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` as readers give it, as far as stages need it."""
    given = frame.assign(role=frame.get("role", None), source=0, row=np.arange(len(frame)))
    return given.astype({"item": "str", "stage": "str", "worker": "str"})


def whole(frame: pd.DataFrame, folder: Path) -> Path:
    """`frame` as a file."""
    frame.to_csv(folder / "whole.csv", index=False)
    return folder / "whole.csv"


def scenario_of(fit: Fit, folder: Path) -> Line:
    """The line of a scenario that names the fit's profile and says nothing of its own."""
    profile.write(fit, folder / "p.profile.yaml")
    (folder / "s.yaml").write_text(
        "labelcast: 1\nprofile: p.profile.yaml\nstart: 2027-01-04T09:00\ncurrency: EUR\n"
        "work: {items: {backlog: 100 items}}\n"
    )
    return load(folder / "s.yaml")
