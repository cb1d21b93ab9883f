"""What models foretell of labels held out, set by set in a pool of processes: the figures of quality.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hierarchical import hierarchical
from workers import GOLD

from labelcast.calibration.workers.heldout import FACTS, Fit, HeldOut, held_out, independent, of_model
from labelcast.calibration.workers.model import fit_model
from labelcast.calibration.workers.reading import read_labels

MODELS: Mapping[str, Fit] = {
    "ours": of_model(fit_model),
    "independent": of_model(independent),
    "hierarchical": hierarchical,
}
NEW = ("tias_web", "snow_rte", "snow_temp", "zheng_dog")
"""Sets whose new workers are counted; on Web workload and skill go together. The choice is ours."""

DIVISIONS, DRAWS = 3, 20
"""Of the proof: six halves held out, in pairs."""

NEW_DRAWS = 4
NEW_MODEL = "ours, new workers"

WITHIN = 3.0
"""Points that the majority of three new workers may be off."""


@dataclass(frozen=True)
class Task:
    """A set, and one of MODELS, or NEW_MODEL with so many divisions of items and workers."""

    folder: Path
    name: str
    model: str
    divisions: int = DIVISIONS


def tasks(folder: Path, models: Iterable[str], new: Iterable[str], new_divisions: int) -> list[Task]:
    """All that is to be measured, the longest first. new: sets of which workers are held out too."""
    halved = [Task(folder, name, NEW_MODEL, new_divisions) for name in new]
    return [*halved, *(Task(folder, name, model) for model in models for name in GOLD)]


def missing(folder: Path) -> list[str]:
    """Files of the sets that are not there."""
    return [f"{name}.parquet" for name in GOLD if not (folder / f"{name}.parquet").exists()]


def measure(task: Task) -> HeldOut:
    """The figures of one."""
    data = read_labels([task.folder / f"{task.name}.parquet"]).data
    if task.model == NEW_MODEL:
        return held_out(data, divisions=task.divisions, draws=NEW_DRAWS, new_workers=True)
    return held_out(data, MODELS[task.model], divisions=task.divisions, draws=DRAWS)


def measured(wanted: list[Task], processes: int) -> Iterator[tuple[Task, HeldOut]]:
    """Each with its figures, in order."""
    with ProcessPoolExecutor(processes) as pool:
        yield from zip(wanted, pool.map(measure, wanted), strict=True)


def errors(found: Mapping[str, HeldOut], fact: str) -> list[float]:
    """The error of each set: points where the fact is an accuracy, else plain."""
    unit = 100.0 if fact.startswith("k") else 1.0
    return [unit * float(one.error[FACTS.index(fact)]) for one in found.values()]


def mae(found: Mapping[str, HeldOut], fact: str) -> float:
    """The mean absolute error over the sets."""
    return float(np.mean(np.abs(errors(found, fact))))


def worst(found: Mapping[str, HeldOut], fact: str) -> float:
    """The greatest absolute error of a set."""
    return float(np.max(np.abs(errors(found, fact))))


def within(found: Mapping[str, HeldOut]) -> int:
    """Of how many of the sets NEW the majority of three is foretold within WITHIN points."""
    return sum(abs(error) <= WITHIN for error in errors({name: found[name] for name in NEW}, "k3"))
