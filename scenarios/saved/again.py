"""A saved run, run again from its manifest: are the bytes the same, and if not, what differs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...sim.replicate import Progress, Runs, replicate
from .folder import Saved, origin_of, outputs
from .manifest import differences, sha256, versions


@dataclass(frozen=True)
class Again:
    """files: outputs whose bytes are others.  surroundings: versions that are others.  kpis: those whose mean is
    another: as it was and as it is."""

    saved: Saved
    runs: Runs
    files: tuple[str, ...]
    surroundings: tuple[str, ...]
    kpis: dict[str, tuple[float, float]]

    @property
    def same(self) -> bool:
        """Whether every byte is the same."""
        return not self.files


def again(saved: Saved, processes: int | None = None, progress: Progress | None = None) -> Again:
    """Runs the manifest of a saved run again, and compares. Nothing is written. Raises as `load` does."""
    asked = saved.manifest.asked
    wanted = asked.replications
    runs = replicate(
        saved.line, wanted, asked.seed, processes, progress=progress, level=asked.level, engine=asked.engine
    )
    made = outputs(runs, origin_of(saved.manifest))
    files = tuple(name for name, data in made.items() if sha256(data) != saved.manifest.outputs[name])
    before, after = saved.runs.kpis.mean(), runs.kpis.mean()
    names = [str(name) for name in dict.fromkeys([*before.index, *after.index])] if files else []
    pairs = {name: (float(before.get(name, math.nan)), float(after.get(name, math.nan))) for name in names}
    return Again(
        saved,
        runs,
        files,
        tuple(differences(saved.manifest.versions, versions())),
        {name: pair for name, pair in pairs.items() if not _equal(*pair)},
    )


def _equal(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))
