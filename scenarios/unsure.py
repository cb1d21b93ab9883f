"""The lines that a scenario may be, as far as its profile and its `changes` tell: one for each replication."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from scipy import special

from ..sim.errors import Infeasible, ScenarioRefused
from ..sim.line import Line
from ..sim.replication import Lines
from .draws import Draw
from .effects import ranges
from .investments import without as taken_out
from .layers import Layers, merged, profile_tree
from .load import load
from .lookup import sub, text_at
from .nodes import Node
from .parameters import Parameter
from .problems import Problems
from .ranges import Range

ATTEMPTS = 20
"""Draws in a row that may be no line."""


@dataclass(frozen=True)
class Unsure:
    """A scenario whose replications each draw what its profile and the ranges of its `changes` do not know; of one seed
    and profile, all scenarios draw alike.

    profile, vary, without, keys: as of `load`.  each: replications that share a draw.  then: what becomes of each line.
    over: keys that are drawn too, evenly over their ranges.  of: as of Draw.
    """

    path: Path
    profile: Path | None
    seed: int
    vary: tuple[str, str] | None = None
    each: int = 1
    then: Callable[[Line], Line] | None = None
    without: tuple[int, ...] = ()
    keys: tuple[tuple[str, str | Node], ...] = ()
    over: tuple[Range, ...] = ()
    of: int = 0

    def __call__(self, replication: int) -> Line:
        """The line of a replication. Raises ScenarioRefused where hardly any draw is a line."""
        line, _ = self._drawn(replication // self.each)
        return line if self.then is None else self.then(line)

    def deviates(self, draw: int) -> dict[str, float]:
        """By how many standard deviations each variable is off its value in the draw of this number."""
        drawn = self._drawn(draw)[1]
        layers = merged(self.path, self.profile, Problems(), drawn)
        assert layers is not None, "the scenario was loaded before"
        return layers.deviates | {name: drawn.normal(name) for name in self._ranges(layers)}

    def _drawn(self, number: int) -> tuple[Line, Draw]:
        """The line of a draw, and which attempt it was."""
        told: Exception | None = None
        for attempt in range(ATTEMPTS):
            draw = Draw(self.seed, number, attempt, self.of)
            keys = [*self.keys, *((one.path, _text(one, draw)) for one in self.over)]
            try:
                return load(self.path, self.profile, self.vary, draw, self.without, keys=keys), draw
            except (ScenarioRefused, Infeasible) as error:
                told = error
        what = "draws of the profile's parameters and of ranges of `changes`"
        rule = f"{ATTEMPTS} {what} were no line, the last since: {told}"
        raise ScenarioRefused(f"{self.path}: {rule} Write what it names into the scenario, or do not draw.") from told

    @cached_property
    def paths(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(fitted paths that are drawn, ranges of `changes`, and keys; fitted ones that have no interval); what else
        the scenario says itself is in neither."""
        layers = merged(self.path, self.profile, Problems())
        assert layers is not None, "the scenario was loaded before"
        return (*layers.unsure, *self._ranges(layers), *(one.path for one in self.over)), layers.bare

    def _ranges(self, layers: Layers) -> list[str]:
        """Names of the ranges of `changes`."""
        return list(ranges(taken_out(layers.root, self.without)))

    @cached_property
    def log_days(self) -> float | None:
        """Days from the first to the last row of the profile's log; None where no profile tells."""
        layers = merged(self.path, self.profile, Problems())
        tree = None if layers is None or not layers.profile else profile_tree(Path(layers.profile), None, Problems())
        ends = [] if tree is None else [text_at(sub(tree[0], "provenance", key)) for key in ("first", "last")]
        if not all(ends) or not ends:
            return None
        first, last = (datetime.fromisoformat(one or "") for one in ends)
        return (last - first).total_seconds() / 86_400

    @property
    def lines(self) -> Lines:
        """For `replicate`. The digest is of the bytes of every file that tells of the lines; what is done to them is
        not in it."""
        problems = Problems()
        merged(self.path, self.profile, problems)
        files = [hashlib.sha256(Path(name).read_bytes()).hexdigest() for name in problems.files]
        own = [self.vary, self.seed, self.each, self.without, *([self.keys] if self.keys else [])]
        parts = " ".join([*files, *map(str, own), *(map(str, [self.over, self.of]) if self.over or self.of else ())])
        return Lines(self, hashlib.sha256(parts.encode()).hexdigest())


def unsure(path: Path, profile: Path | None, seed: int) -> Unsure | None:
    """The lines that a scenario may be; None where nothing is drawn. The scenario is one that loads."""
    lines = Unsure(path, profile, seed)
    return lines if lines.paths[0] else None


def _text(key: Range, draw: Draw) -> str:
    """The value of a key in a draw, as a file would write it: every value of its range is as likely."""
    found = Parameter(key.path, "", over=key)
    return found.text(found.quantile(float(special.ndtr(draw.normal(f"--over {key.path}")))))
