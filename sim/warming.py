"""Whether all that a run calls as machine code is compiled already on this machine, and making it so.

The kernel is compiled by itself; the functions around it, which Numba compiles for the arguments that they meet, by
running a line of a few items.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core import event

from . import intensity, natures, paid, streaming
from .compiling import INNER
from .kernel import engine
from .kernel.world import WORLD
from .ledger import Terms, fold_labels
from .line import Arrivals, Calendar, Contract, Distribution, Line, Pool, Segment, Stage, Tier
from .plan import Plan
from .tally.folding import fold_rows

_ENTRIES: tuple[Any, ...] = (engine.close_world, engine.run)
_AROUND: tuple[Any, ...] = (natures.natures, intensity.further_moments, fold_rows, fold_labels, paid.add_time)


def compiled() -> bool:
    """Whether these are in the cache, for this version of the code; see jit.py."""
    return all(list(Path(one.stats.cache_path).glob(f"*.{one.__name__}-*.nbi")) for one in (*_ENTRIES, *_AROUND))


def compile_all(progress: Callable[[int, int], None]) -> None:
    """Compiles what is not in the cache. progress: called with (functions done, of how many)."""
    told = _Told(progress)
    event.register("numba:compile", told)
    try:
        for one in _ENTRIES:
            one.compile((numba.typeof(np.zeros(1, WORLD)),))
        line = _first_line()
        streaming.run(streaming.Setting.of(Plan.of(line), Terms.of(line)), 1, 0)
    finally:
        event.unregister("numba:compile", told)
    progress(1, 1)


class _Told(event.Listener):
    """Tells how many functions have been compiled."""

    def __init__(self, progress: Callable[[int, int], None]) -> None:
        self._progress = progress

    def on_start(self, _: Any) -> None:
        """A function is begun."""
        self._tell()

    def on_end(self, _: Any) -> None:
        """A function is done."""
        self._tell()

    def _tell(self) -> None:
        functions = (*INNER, *_ENTRIES, *_AROUND)
        self._progress(sum(bool(one.overloads) for one in functions), len(functions))


def _first_line() -> Line:
    """A line of three items that arrive, and labels that are paid by tiers."""
    return Line(
        name="first",
        start=datetime(2027, 1, 4),
        timezone="UTC",
        currency="EUR",
        horizon_s=7 * 86400.0,
        segments=(Segment("items", arrivals=Arrivals(1000.0, "always", items=3)),),
        calendars=(Calendar("always", "UTC", tuple((day, 0, 86400) for day in range(7))),),
        pools=(Pool("people", 1, "always", contract=Contract(1, (Tier(1, 1), Tier(None, 1)))),),
        stages=(
            Stage(
                "annotate",
                "annotate",
                (("people", 1.0),),
                Distribution("exponential", {"mean": 60.0}),
                {"labelled": "deliver", "tied": "deliver"},
            ),
        ),
        first="annotate",
    )
