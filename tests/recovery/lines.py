"""Whole lines: exported, read, cleaned and fitted as a user would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from numpy_line import Truth, synthetic

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.export import write_export
from labelcast.calibration.sizes import page_units, redundancy

from .told import Source, Told


def any_line(rng: np.random.Generator, items: tuple[int, int], labels: tuple[int, int], gold: float) -> Truth:
    """A random line; items, labels: of an item, from .. to, the end out.  gold: share of test questions."""
    return Truth(
        headcount=int(rng.integers(12, 24)),
        items=int(rng.integers(*items)),
        labels_per_item=labels[0] if labels[1] == labels[0] + 1 else int(rng.integers(*labels)),
        median=float(rng.uniform(80, 160)),
        sigma=float(rng.uniform(0.3, 0.8)),
        speed=float(rng.uniform(0.2, 0.6)),
        skill=float(rng.uniform(1.0, 2.5)),
        skill_spread=float(rng.uniform(0.2, 0.8)),
        difficulty=float(rng.uniform(0.4, 1.3)),
        bus=float(rng.uniform(0.1, 0.5)),
        gold=gold,
        hours=((9, 13),),
    )


def _line(rng: np.random.Generator) -> Iterator[Told]:
    made = any_line(rng, (900, 1500), (2, 5), 0.2)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.csv"
        write_export(synthetic(made, int(rng.integers(2**31))), path)
        fit = calibrate([path], pool="team")
    for path_of, truth in truths(made).items():
        found = fit.parameter(path_of)
        if found is not None and not path_of.endswith("headcount"):
            kind = path_of.replace(".annotate", "").replace(".team", "").replace(".items", "").replace(".bus", "")
            yield Told.of(f"{kind}: of a whole line", truth, found)


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
        "stages.time.lognormal.median: of a whole line": "as of lognormal times above, 12 to 23 workers",
        "stages.time.lognormal.sigma: of a whole line": "the same",
        "pools.speed.spread: of a whole line": "the same",
        "pools.skill.mean: of a whole line": "mean skill of workers (1 to 2.5 logits)",
        "pools.skill.spread: of a whole line": "its sd (.2 to .8)",
        "work.difficulty.spread: of a whole line": "sd of items' difficulty (.4 to 1.3)",
        "work.classes: of a whole line": "share of a class (10 to 50%)",
        "stages.labels_per_item: of a whole line": "2 to 4 labels for every item",
    },
    50,
    0,
    _line,
    81,
)


def _several(rng: np.random.Generator) -> Iterator[Told]:
    """Items of 3 to 5 labels, as where a platform asks for more of some; more than half have 4 and fewer."""
    few, many, n = float(rng.uniform(0.2, 0.45)), float(rng.uniform(0.2, 0.45)), int(rng.integers(20, 400))
    sizes = rng.choice([3, 4, 5], n, p=[few, 1 - few - many, many])
    table = pd.DataFrame({"item": np.repeat(np.arange(n), sizes), "golden": False, "counts": True})
    yield Told.of("stages.labels_per_item", 4, redundancy(table, "annotate"))


SEVERAL = Source(
    "labels of an item",
    {"stages.labels_per_item": "median of the law (3 to 5) of the labels of 20 to 399 items"},
    400,
    200,
    _several,
    82,
)


def _pages(rng: np.random.Generator) -> Iterator[Told]:
    """Each worker keeps to a page of a size of their own, any from 1 to an odd number being as likely."""
    largest, workers = 2 * int(rng.integers(10, 30)) + 1, int(rng.integers(15, 60))
    pages = rng.integers(3, 20, workers)
    sizes = rng.integers(1, largest + 1, workers)
    table = pd.DataFrame({"worker": np.repeat(np.arange(workers), pages), "units": np.repeat(sizes, pages)})
    for found in page_units(table, "annotate"):
        yield Told.of("stages.page.units", (largest + 1) / 2, found)


PAGES = Source(
    "units of a page",
    {"stages.page.units": "median of the law of page sizes of 15 to 59 workers, each of whom keeps to one"},
    400,
    200,
    _pages,
    83,
)

SOURCES = (LINES, SEVERAL, PAGES)
