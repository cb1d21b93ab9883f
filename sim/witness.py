"""Which runs an answer rests on: whoever listens is told of all that are made meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass

from .kept import Origin
from .line import Line
from .replication import Lines


@dataclass(frozen=True)
class Ran:
    """Replications 0, 1, .. of a line. name: of the line.  drawn: each has a line of its own, of drawn parameters.
    digest, seed, engine, version: what they depend on, see Origin."""

    name: str
    replications: int
    drawn: bool
    digest: str
    seed: int
    engine: str
    version: str

    @property
    def id(self) -> str:
        """Names the runs: equal for replications that are equal."""
        told = f"{self.digest} {self.seed} {self.engine} {self.version}"
        return hashlib.sha256(told.encode()).hexdigest()[:12]


_listening: ContextVar[list[Ran] | None] = ContextVar("listening", default=None)


@contextmanager
def witnessed() -> Iterator[list[Ran]]:
    """Every set of replications that is made in the block, in order, each once; of more replications of the same, all
    of them."""
    found: list[Ran] = []
    token = _listening.set(found)
    try:
        yield found
    finally:
        _listening.reset(token)


def tell(
    line: Line, seed: int, engine: str, lines: Lines | None, replications: int, *, drawn: bool | None = None
) -> None:
    """Tells whoever listens of replications that were made. lines: in place of `line`, None where all are of it.
    drawn: where `line` alone is what they depend on, though each has one of its own; None as `lines` say."""
    found = _listening.get()
    if found is None:
        return
    origin = asdict(Origin.of(line, seed, engine, lines))
    made = Ran(line.name, replications, lines is not None if drawn is None else drawn, **origin)
    same = next((place for place, one in enumerate(found) if one.id == made.id), None)
    if same is None:
        found.append(made)
    elif found[same].replications < replications:
        found[same] = made
