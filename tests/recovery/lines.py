"""Whole lines: exported, read, cleaned and fitted as a user would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from numpy_line import Truth, synthetic

from labelcast.calibration.availability import fit_availability
from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.export import write_export

from .staff import pages
from .told import Source, Told


def _line(rng: np.random.Generator) -> Iterator[Told]:
    made = Truth(
        headcount=int(rng.integers(12, 24)),
        items=int(rng.integers(900, 1500)),
        labels_per_item=int(rng.integers(2, 5)),
        median=float(rng.uniform(80, 160)),
        sigma=float(rng.uniform(0.3, 0.8)),
        speed=float(rng.uniform(0.2, 0.6)),
        skill=float(rng.uniform(1.0, 2.5)),
        skill_spread=float(rng.uniform(0.2, 0.8)),
        difficulty=float(rng.uniform(0.4, 1.3)),
        bus=float(rng.uniform(0.1, 0.5)),
        gold=0.2,
        hours=((9, 13),),
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.csv"
        write_export(synthetic(made, int(rng.integers(2**31))), path)
        fit = calibrate([path], pool="team")
    for path_of, truth in truths(made).items():
        found = fit.parameter(path_of)
        if found is not None:
            kind = path_of.replace(".annotate", "").replace(".team", "").replace(".items", "").replace(".bus", "")
            yield Told.of(f"{kind}, from an export", truth, found)


def truths(made: Truth) -> dict[str, float]:
    """What each parameter of a `synthetic` line is, by its path, of the pool team."""
    return {
        "stages.annotate.time.lognormal.median": made.median,
        "stages.annotate.time.lognormal.sigma": made.sigma,
        "pools.team.speed.spread": made.speed,
        "pools.team.skill.mean": made.skill,
        "pools.team.skill.spread": made.skill_spread,
        "work.items.difficulty.spread": made.difficulty,
        "work.items.classes.bus": made.bus,
        "pools.team.headcount": made.headcount,
        "stages.annotate.labels_per_item": made.labels_per_item,
    }


LINES = Source(
    "whole lines",
    {
        "stages.time.lognormal.median, from an export": "as of lognormal times above, 12 to 23 workers",
        "stages.time.lognormal.sigma, from an export": "the same",
        "pools.speed.spread, from an export": "the same",
        "pools.skill.mean, from an export": "mean skill of workers (1 to 2.5 logits)",
        "pools.skill.spread, from an export": "its sd (.2 to .8)",
        "work.difficulty.spread, from an export": "sd of items' difficulty (.4 to 1.3)",
        "work.classes, from an export": "share of a class (10 to 50%)",
        "pools.headcount, from an export": "people who are there in all hours",
        "stages.labels_per_item, from an export": "2 to 4 labels for every item",
    },
    60,
    0,
    _line,
    81,
)


def _present(rng: np.random.Generator) -> Iterator[Told]:
    """Twenty days of people who each come with a chance of their own kind."""
    people, here = int(rng.integers(5, 25)), float(rng.uniform(0.6, 0.95))
    table = pages(rng, people, 20, 0.05, here)
    table = table[table["begin_ms"] // 86_400_000 % 7 < 7]
    yield Told.of("pools.headcount", people * here, fit_availability(table, "p", "UTC", 1).slots)


def _several(rng: np.random.Generator) -> Iterator[Told]:
    """Items whose number of labels differs, as where the platform asks for more of some."""
    from labelcast.calibration.calibrate import _redundancy

    share, n = float(rng.uniform(0.2, 0.45)), int(rng.integers(20, 400))
    sizes = rng.choice([3, 4, 5], n, p=[share, 1 - share - share / 2, share / 2])
    table = pd.DataFrame({"item": np.repeat(np.arange(n), sizes), "golden": False, "counts": True})
    truth = 3 if share >= 0.5 else 4
    yield Told.of("stages.labels_per_item", truth, _redundancy(table, "annotate"))


SOURCES = (LINES,)
