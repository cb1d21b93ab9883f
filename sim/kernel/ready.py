"""Whether the kernel is machine code already on this machine, and making it so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core import event

from ..compiling import INNER
from . import engine
from .world import WORLD

_ENTRIES: tuple[Any, ...] = (engine.close_world, engine.run)


def compiled() -> bool:
    """Whether all that Python calls is in the cache, for this version of the code; see sim/jit.py."""
    return all(list(Path(one.stats.cache_path).glob(f"engine.{one.__name__}-*.nbi")) for one in _ENTRIES)


def compile_all(progress: Callable[[int, int], None]) -> None:
    """Compiles what is not in the cache. progress: called with (functions done, of how many)."""
    told = _Told(progress)
    event.register("numba:compile", told)
    try:
        for one in _ENTRIES:
            one.compile((numba.typeof(np.zeros(1, WORLD)),))
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
        self._progress(sum(bool(one.overloads) for one in INNER), len(INNER) + 1)
