"""Numbers as arrays that are kept, for the kernel to read at their addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Packer:
    """Turns numbers into arrays that are kept, and gives their addresses."""

    def __init__(self) -> None:
        self.kept: list[NDArray[Any]] = []

    def keep(self, array: NDArray[Any]) -> int:
        """The address of an array."""
        whole = np.ascontiguousarray(array)
        self.kept.append(whole)
        return int(whole.ctypes.data)

    def floats(self, values: Any) -> int:
        """The address of float64 values."""
        return self.keep(np.asarray(values, np.float64))

    def ints(self, values: Any) -> int:
        """The address of int64 values."""
        return self.keep(np.asarray(values, np.int64))

    def table(self, dtype: np.dtype[Any], values: Sequence[dict[str, Any]]) -> int:
        """The address of rows of a dtype, see `table`."""
        return self.keep(table(dtype, values))


def copied(rows: NDArray[Any]) -> NDArray[Any]:
    """A copy of rows in one piece of memory, as bytes: field by field it takes ten times as long."""
    found: NDArray[Any] = rows.view(np.uint8).copy().view(rows.dtype)
    return found


def table(dtype: np.dtype[Any], values: Sequence[dict[str, Any]]) -> NDArray[Any]:
    """Rows of a dtype; a field that a row does not name is nought."""
    found = np.zeros(len(values), dtype)
    for row, given in zip(found, values, strict=True):
        for name, value in given.items():
            row[name] = value
    return found
