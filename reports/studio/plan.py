"""A plan in the studio: a scenario, the levers that were moved, and the way there and back, as a link and as a file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from ...scenarios.check import check
from ...scenarios.layers import Layers, merged
from ...scenarios.load import load
from ...scenarios.nodes import Mapping as Tree
from ...scenarios.nodes import Scalar
from ...scenarios.paths import placed, spot
from ...scenarios.problems import Problems
from ...sim.line import Line
from .levers import HERE, Lever, keys, levers
from .limits import check_size
from .written import written

LONGEST = 200
"""Moves that can be undone."""

LONGEST_LINK = 8_000
"""Characters of a link's query; a longer one is not read."""


@dataclass(frozen=True, eq=False)
class Base:
    """A scenario as it was loaded. known: its levers."""

    path: Path
    root: Tree
    line: Line
    known: tuple[Lever, ...]

    @classmethod
    def of(cls, path: Path) -> Base:
        """The scenario of a file. Raises ScenarioRefused and Infeasible as `load` does, and where it is too large."""
        line = load(path)
        check_size(line, str(path))
        layers = _layers(path)
        return cls(path, layers.root, line, levers(layers.root, line))

    def lever(self, name: str) -> Lever | None:
        """The lever of a name."""
        return next((one for one in self.known if one.name == name), None)

    def moved(self, moves: Moves) -> Line:
        """The line with levers moved. Raises as `load` does, and where it is too large for the studio."""
        line = load(self.path, keys=keys(self.root, self.known, moves))
        check_size(line, line.name)
        return line

    def text(self, moves: Moves) -> str:
        """The whole scenario with levers moved as a file of its own, which extends nothing and names no profile. Where
        any was moved it has a name of its own, so that it can be held against the scenario."""
        root = self.root
        if moves:
            root = placed(root, spot(root, "name"), Scalar(HERE, f"{self.line.name[:90]}, moved"))
        for path, node in keys(self.root, self.known, moves):
            root = placed(root, spot(root, path), node)
        return written(root)


Moves = Mapping[str, float]
"""Levers that were moved, by name."""


def _layers(path: Path) -> Layers:
    problems = Problems()
    layers = merged(path, None, problems)
    problems.stop()
    assert layers is not None, "it could be loaded"
    assert check(layers.root, layers.complete, problems) is not None, "it could be loaded"
    return layers


def move(base: Base, moves: Moves, name: str, value: float) -> dict[str, float]:
    """The moves with one more; a lever that stands where the scenario has it is not moved. ValueError where the
    scenario has no such lever."""
    lever = base.lever(name)
    if lever is None:
        raise ValueError(f"{base.line.name} has no lever {name[:80]!r}")
    at = lever.nearest(value)
    found = {one: number for one, number in moves.items() if one != name}
    return found if at == lever.now else {**found, name: at}


@dataclass(frozen=True)
class Past:
    """Moves, and the way there: states before and, after an undo, behind."""

    now: tuple[tuple[str, float], ...] = ()
    before: tuple[tuple[tuple[str, float], ...], ...] = ()
    behind: tuple[tuple[tuple[str, float], ...], ...] = field(default=())

    @property
    def moves(self) -> dict[str, float]:
        """As a table."""
        return dict(self.now)

    def then(self, moves: Moves) -> Past:
        """After another move; what was undone is forgotten."""
        now = tuple(moves.items())
        return self if dict(now) == dict(self.now) else Past(now, (*self.before, self.now)[-LONGEST:])

    def undone(self) -> Past:
        """One step back, if there is one."""
        if not self.before:
            return self
        return Past(self.before[-1], self.before[:-1], (*self.behind, self.now))

    def redone(self) -> Past:
        """One step on again, if there is one."""
        if not self.behind:
            return self
        return Past(self.behind[-1], (*self.before, self.now), self.behind[:-1])


@dataclass(frozen=True)
class Link:
    """What a link says: a plan by its name, with moves; and another, with moves of its own, to hold it against.
    unread: what of it is no number."""

    plan: str
    moves: Moves = field(default_factory=dict)
    against: str = ""
    against_moves: Moves = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    def pairs(self) -> dict[str, str]:
        """As keys and values of an address's query."""
        told = {"plan": self.plan, **{name: f"{value:g}" for name, value in self.moves.items()}}
        if self.against:
            told |= {"against": self.against}
            told |= {f"{AGAINST}{name}": f"{value:g}" for name, value in self.against_moves.items()}
        return told

    def query(self) -> str:
        """As the query of an address."""
        return urlencode(self.pairs(), safe="/*:")


AGAINST = "b:"
"""Before the name of a lever of the other plan."""


def link_of(query: str) -> Link | None:
    """The link of a query, None where it names no plan."""
    if len(query) > LONGEST_LINK:
        return None
    pairs = dict(parse_qsl(query, max_num_fields=200)) if query.count("&") < 200 else {}
    plan, against = pairs.pop("plan", ""), pairs.pop("against", "")
    if not plan:
        return None
    numbers: dict[str, float] = {}
    unread: list[str] = []
    for name, text in pairs.items():
        try:
            numbers[name] = float(text)
        except ValueError:
            unread.append(f"{name}={text}: no number")
    own = {name: value for name, value in numbers.items() if not name.startswith(AGAINST)}
    others = {name.removeprefix(AGAINST): value for name, value in numbers.items() if name.startswith(AGAINST)}
    return Link(plan, own, against, others, tuple(unread))


def kept(base: Base, moves: Moves) -> tuple[dict[str, float], list[str]]:
    """Of the moves of a link those that the scenario has levers for; and what is taken otherwise than it says."""
    found: dict[str, float] = {}
    otherwise: list[str] = []
    for name, value in moves.items():
        lever = base.lever(name)
        if lever is None or not math.isfinite(value):
            otherwise.append(f"{name}: {'no such lever' if lever is None else 'no number'}")
            continue
        found = move(base, found, name, value)
        if not lever.low <= value <= lever.high:
            otherwise.append(f"{name}={value:g}: beyond its range, taken as {lever.nearest(value):g}")
    return found, otherwise
