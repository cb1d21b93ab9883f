"""The bundled sample: an export in CrowdFlower's layout of a team that never existed, made by simulation.

Real exports may not be redistributed. `python -m labelcast.calibration.sample` writes the file anew.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path

import numpy as np

from ..sim.line import Calendar, Distribution, Line, Pool, Segment, Stage
from ..sim.log import Log
from ..sim.plan import Plan
from ..sim.reference import run
from .export import write_export

PATH = Path(__file__).with_name("sample_crowdflower.csv.gz")

GOLD_EVERY = 6
"""Every so many items is a test question."""


def sample_line() -> Line:
    """A team of four in Paris with 2,400 images of three kinds waiting, three labels each: about seven working days."""
    office = tuple((day, start * 3600, end * 3600) for day in range(5) for start, end in ((9, 13), (14, 18)))
    return Line(
        name="sample",
        start=datetime(2026, 9, 7, 9),
        timezone="Europe/Paris",
        currency="EUR",
        horizon_s=8 * 7 * 86_400.0,
        segments=(
            Segment(
                "items",
                backlog=2_400,
                classes={"car": 0.62, "truck": 0.26, "bus": 0.12},
                difficulty_sd=0.9,
                attractor=3.0,
            ),
        ),
        calendars=(Calendar("office", "Europe/Paris", office),),
        pools=(Pool("annotators", 4, "office", speed_sd=0.3, shrinkage=0.1, skill_mean=2.6, skill_sd=0.5),),
        stages=(
            Stage(
                "annotate",
                "annotate",
                (("annotators", 1.0),),
                Distribution("lognormal", {"median": 75.0, "sigma": 0.55}),
                {"labelled": "deliver", "tied": "deliver"},
                labels_per_item=3,
            ),
        ),
        first="annotate",
    )


def sample_log() -> Log:
    """One replication of it, every sixth item a test question."""
    log = run(Plan.of(sample_line()), seed=2026, replication=0)
    gold = np.arange(len(log.items)) % GOLD_EVERY == 0
    return dataclasses.replace(log, items=log.items.assign(gold=gold).astype({"gold": "boolean"}))


def write_sample(path: Path) -> None:
    """Writes the sample export; always the same bytes."""
    write_export(sample_log(), path, format="crowdflower")


if __name__ == "__main__":
    write_sample(PATH)
