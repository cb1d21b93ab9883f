"""The one decorator that makes a function machine code, with the reason for each of its options."""

from __future__ import annotations

import hashlib
import os
import sys
import uuid
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numpy as np

P = ParamSpec("P")
R = TypeVar("R")


def jit(function: Callable[P, R]) -> Callable[P, R]:
    """`function`, compiled at its first call.

    cache: a fresh process must not compile again. Numba's own cache does not notice an edit in a function that is
    called from another file, so the cache lies in a folder named by the text of every file of the function's own part
    of the package, and of this one, and by the versions of what compiles it.
    error_model "numpy": a division by zero gives an infinity, as in the formulas of the label model, and needs no test.
    No fastmath and no parallel: both engines, every machine and every run must agree to the last bit.
    """
    return cached(function)


def cached(function: Callable[P, R], **options: Any) -> Callable[P, R]:
    """`jit`, with further options of Numba."""
    settings: Any = numba.config  # a module without annotations
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(_cache_folder(_part(Path(function.__code__.co_filename))))
    try:
        compiled: Any = numba.njit(cache=True, error_model="numpy", **options)(function)
        _own_names(compiled)
        return cast("Callable[P, R]", compiled)
    finally:
        settings.CACHE_DIR = before


_TOKEN = uuid.uuid4().hex[:12]


def _own_names(compiled: Any) -> None:
    """Lets this process write machine code under names that no other one uses.

    Numba numbers the files of a function's signatures, so two processes that compile at the same time may write two
    signatures into one file, and that function is broken until the cache is deleted. Names of one's own leave only that
    one forgets what the other has compiled. This is not Numba's public interface: a version that changes it fails here.
    """
    file = compiled._cache._cache_file
    numbered = file._data_name
    file._data_name = lambda number: f"{_TOKEN}.{numbered(number)}"


_HERE = Path(__file__).parent


def _part(file: Path) -> Path:
    """The part of the package that a file is in: the folder beside this one's."""
    return next((one for one in (file, *file.parents) if one.parent == _HERE.parent), _HERE)


@lru_cache
def _cache_folder(part: Path) -> Path:
    text = hashlib.sha256(f"{sys.version} {numba.__version__} {np.__version__}".encode())
    for folder in dict.fromkeys([_HERE, part]):
        for file in sorted(folder.rglob("*.py")):
            text.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes())
    root = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "labelcast" / text.hexdigest()[:16]
