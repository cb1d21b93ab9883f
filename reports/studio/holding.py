"""Two plans held against one another: which they are, what differs in them, and the comparison on the same luck."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from ...scenarios.compare import Comparison, compare
from ...sim.line import Line
from .plan import Base, Moves
from .quick import Answer, Quick, answer_of


@dataclass(frozen=True, eq=False)
class Side:
    """A plan: a scenario with levers moved."""

    base: Base
    moves: Moves

    @property
    def line(self) -> Line:
        """What is simulated. Raises as `load` does."""
        return self.base.moved(self.moves)

    def told(self) -> str:
        """What was moved, in words."""
        name = self.base.path.stem if self.base.path.stem != "plan" else self.base.line.name
        known = [(lever, self.moves[lever.name]) for lever in self.base.known if lever.name in self.moves]
        if not known:
            return f"{name} as it stands"
        said = [
            f"{lever.label} {lever.shown(lever.now)} \N{RIGHTWARDS ARROW} {lever.shown(value)}"
            for lever, value in known
        ]
        return f"{name}, with {'; '.join(said)}"


@dataclass(frozen=True, eq=False)
class Held:
    """answers: of both.  found: what is claimed of them.  names: what each is, by the name in the comparison."""

    answers: tuple[Answer, Answer]
    found: Comparison
    names: dict[str, str]


def held(quick: Quick, first: Side, second: Side, replications: int) -> Held:
    """The second plan against the first, replication by replication. Raises ScenarioRefused where they cannot be
    compared (two currencies), and as `load` does."""
    lines = _called(first, "kept"), _called(second, "moved")
    if lines[0].name == lines[1].name:
        lines = lines[0], dataclasses.replace(lines[1], name=f"{lines[1].name[:90]}, again")
    runs = quick.same(lines, replications)
    names = {line.name: side.told() for line, side in zip(lines, (first, second), strict=True)}
    return Held((answer_of(runs[0]), answer_of(runs[1])), compare(runs), names)


def _called(side: Side, how: str) -> Line:
    """The line, which says in its name if levers were moved."""
    line = side.line
    return dataclasses.replace(line, name=f"{line.name[:90]}, {how}") if side.moves else line
