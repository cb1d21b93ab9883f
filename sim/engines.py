"""The engines by name. Same plan and seed, same log, row for row: they differ in speed alone."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from .log import Log
    from .plan import Plan
    from .trace import Ends

Engine = Callable[["Plan", int, int], "Log"]
"""run(plan, seed, replication): the log of one replication."""

Telling = Callable[["Plan", int, int], "Ends"]
"""ends(plan, seed, replication): when tasks and items of one replication were done."""

_ROOMS = {"fast": ".kernel", "reference": ".reference"}

ENGINES = tuple(_ROOMS)
"""Their names; the first is the default."""


def engine(name: str) -> Engine:
    """What runs a replication in the engine of this name, one of ENGINES. Its room is loaded when first asked for."""
    assert name in _ROOMS, f"no engine is named {name!r}"
    return cast("Engine", import_module(_ROOMS[name], __package__).run)


def ends(name: str) -> Telling:
    """What tells of a replication in that engine when its tasks and items were done, and nothing more."""
    assert name in _ROOMS, f"no engine is named {name!r}"
    return cast("Telling", import_module(_ROOMS[name], __package__).ends)


def ready(name: str) -> bool:
    """Whether an engine can run at once: the fast one must have been compiled on this machine."""
    if name != "fast":
        return True
    from . import warming

    return warming.compiled()


def prepare(name: str, progress: Callable[[int, int], None] = lambda *_: None) -> None:
    """Makes an engine ready, which takes a while where it is not. progress: called with (done, of how many)."""
    if not ready(name):
        from . import warming

        warming.compile_all(progress)
