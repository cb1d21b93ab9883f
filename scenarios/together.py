"""Scenarios simulated together: the same replications of each, added until their differences are precise."""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..sim.line import Line
from ..sim.paired import difference
from ..sim.replicate import Progress, Runs, replicate
from ..sim.stopping import BATCH
from .tolerance import Tolerance

FIRST = 30
"""Replications before the first look; their variance bounds the intervals from below, see sim/paired.py."""


@dataclass(frozen=True)
class Wanted:
    """How precise differences from the first scenario must be: by KPI, the largest half-width of an interval; and how
    many replications at most."""

    halves: Mapping[str, Tolerance]
    most: int = 1_000

    def __post_init__(self) -> None:
        assert self.halves, "nothing is asked for"
        assert self.most >= FIRST


@dataclass(frozen=True)
class Reached:
    """How precisely a difference from the baseline is known: half-width found and wanted, in the KPI's unit. half is
    NaN where there is no mean in either, and more replications are of no use; wanted, where the baseline has none."""

    scenario: str
    kpi: str
    half: float
    wanted: float

    @property
    def lacking(self) -> bool:
        """Whether there is nothing to be precise about."""
        return math.isnan(self.half) or math.isnan(self.wanted)

    @property
    def enough(self) -> bool:
        """Whether it is as precise as was asked."""
        return self.half <= self.wanted


Simulating = Callable[[Line, int], Progress]
"""Given a line and how many replications of it are asked for, what is told of each that is done."""

Looked = Callable[[Sequence[Reached], int], None]


def simulate(
    lines: Sequence[Line],
    wanted: int | Wanted,
    seed: int = 1,
    processes: int | None = None,
    *,
    keep: Path | None = None,
    progress: Simulating | None = None,
    looked: Looked | None = None,
    level: float = 0.95,
) -> tuple[list[Runs], tuple[Reached, ...]]:
    """The runs of all lines, with the same seed and replications, and how precise their differences are.

    wanted: how many, or how precise.  keep: a folder in which what is finished is kept, a file a line, see replicate().
    looked: called at each look with what has been reached in how many.
    The looks are at FIRST replications and then where the variance found so far says that it might be enough, in whole
    BATCHes, at least one and at most as many again; they hang on nothing else.
    """

    def runs_of(number: int, folder: Path | None) -> list[Runs]:
        """So many replications of each line."""
        return [
            replicate(
                line, number, seed, processes, level=level,
                progress=None if progress is None else progress(line, number),
                keep=None if folder is None else kept_in(folder, line.name),
            )
            for line in lines
        ]  # fmt: skip

    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    if not isinstance(wanted, Wanted):
        return runs_of(wanted, keep), ()
    with folder_of(keep) as folder:
        number = FIRST
        while True:
            runs = runs_of(number, folder)
            found = reached(runs, wanted.halves, FIRST)
            if looked is not None:
                looked(found, number)
            missing = [each for each in found if not each.lacking and not each.enough]
            if not missing or number >= wanted.most:
                return runs, found
            number = min(wanted.most, _next(number, missing))


def reached(runs: Sequence[Runs], halves: Mapping[str, Tolerance], first: int | None) -> tuple[Reached, ...]:
    """How precisely each difference from the first scenario is known."""
    found = []
    for kpi, wanted in halves.items():
        values = [each.kpis[kpi].to_numpy(np.float64) if kpi in each.kpis.columns else None for each in runs]
        base = values[0]
        for each, one in zip(runs[1:], values[1:], strict=True):
            if base is None or one is None or not (np.isfinite(base).all() and np.isfinite(one).all()):
                found.append(Reached(each.line.name, kpi, math.nan, math.nan))
                continue
            interval = difference(one, base, each.level, first)
            found.append(Reached(each.line.name, kpi, interval.high - interval.mean, wanted.of(float(base.mean()))))
    return tuple(found)


def _next(number: int, missing: Sequence[Reached]) -> int:
    """How many replications to look at next: what the widest interval asks for, in whole batches."""
    share = max(each.half / each.wanted if each.wanted else math.inf for each in missing)
    asked = min(2.0 * number, number * share * share)
    return max(number + BATCH, BATCH * math.ceil(asked / BATCH))


@contextmanager
def folder_of(keep: Path | None) -> Iterator[Path]:
    """Where replications are kept between looks."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="labelcast-") as made:
        yield Path(made)


def kept_in(folder: Path, name: str) -> Path:
    """The file of a scenario's replications, told apart by a hash where characters of its name are lost."""
    return folder / f"{_file(name)}.npz"


def _file(name: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)[:60].lstrip(".") or "scenario"
    if plain == name:
        return plain
    import hashlib

    return f"{plain}-{hashlib.blake2b(name.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()}"
