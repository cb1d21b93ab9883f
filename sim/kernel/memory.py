"""Memory of the kernel: rows of records that stay where they are, however many come.

A compiled function is given the whole state of a run as one record (world.py), which holds addresses. What may grow has
room for more rows than any run has; the machine gives memory only to what is used of it. So a row that a function
holds stays valid while others are made, no function has to hand arrays back, and none has the seven arguments of an
array for each of them, which would make compiling slow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core.types import ExternalFunction
from numba.extending import intrinsic
from numpy.typing import NDArray

from ..compiling import inner

Row = Any
"""A record of a dtype, by reference."""

realloc: Any = ExternalFunction("realloc", types.intp(types.intp, types.intp))
free: Any = ExternalFunction("free", types.void(types.intp))

VECTOR = np.dtype([(name, np.int64) for name in ("start", "size", "room", "free", "width")])
"""Rows of `width` bytes. size: made so far; room: for so many; free: the first that was given back, NONE for none."""

ARRAY = np.dtype([(name, np.int64) for name in ("start", "size", "room", "width")])
"""Rows in one piece of memory, which moves as it grows."""

NONE = -1

_numba: Any = numba
_carray = _numba.carray


def flat(dtype: np.dtype[Any], world: np.dtype[Any], field: str, fixed: bool = True) -> Callable[..., Row]:
    """The function (w, i) -> row i of the rows whose address is in a field of the world.

    fixed: the address is the same all through a run, so that the compiler need not read it again after every write.
    """
    record, inside = numba.from_dtype(dtype), numba.from_dtype(world)
    assert world.fields is not None
    offset = world.fields[field][1]

    @intrinsic
    def at(_: Any, w: Any, i: Any) -> Any:
        """Its type, and its code."""

        def _code(context: Any, builder: Any, __: Any, args: Any) -> Any:
            whole, number = args
            word = number.type
            start = builder.add(builder.ptrtoint(whole, word), word(offset))
            start = builder.load(builder.inttoptr(start, word.as_pointer()))
            if fixed:
                start.set_metadata("invariant.load", builder.module.add_metadata([]))
            place = builder.add(start, builder.mul(number, word(dtype.itemsize)))
            return builder.inttoptr(place, context.get_value_type(record))

        return record(inside, types.int64), _code

    return cast("Callable[..., Row]", at)


def _load(kind: Any) -> Any:
    @intrinsic
    def at(_: Any, address: Any, i: Any) -> Any:
        """Its type, and its code."""

        def _code(context: Any, builder: Any, __: Any, args: Any) -> Any:
            start, number = args
            place = builder.add(start, builder.shl(number, start.type(3)))
            return builder.load(builder.inttoptr(place, context.get_value_type(kind).as_pointer()))

        return kind(types.int64, types.int64), _code

    return at


def _store(kind: Any) -> Any:
    @intrinsic
    def put(_: Any, address: Any, i: Any, value: Any) -> Any:
        """Its type, and its code."""

        def _code(context: Any, builder: Any, __: Any, args: Any) -> Any:
            start, number, what = args
            place = builder.add(start, builder.shl(number, start.type(3)))
            builder.store(what, builder.inttoptr(place, context.get_value_type(kind).as_pointer()))
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, kind), _code

    return put


int_at: Any = _load(types.int64)
"""(address, i) -> the i-th int64 from an address on."""
float_at: Any = _load(types.float64)
put_int: Any = _store(types.int64)
"""(address, i, value): writes it."""
put_float: Any = _store(types.float64)


def rows(dtype: np.dtype[Any]) -> Callable[..., Row]:
    """The function (address, i) -> row i of the array at an address."""
    record = numba.from_dtype(dtype)

    @intrinsic
    def at(_: Any, address: Any, i: Any) -> Any:
        """Its type, and its code."""

        def _code(context: Any, builder: Any, __: Any, args: Any) -> Any:
            start, number = args
            place = builder.add(start, builder.mul(number, start.type(dtype.itemsize)))
            return builder.inttoptr(place, context.get_value_type(record))

        return record(types.int64, types.int64), _code

    return cast("Callable[..., Row]", at)


@intrinsic
def _address(_: Any, row: Any) -> Any:
    def _code(__: Any, builder: Any, ___: Any, args: Any) -> Any:
        return builder.ptrtoint(args[0], ir.IntType(64))

    return types.int64(row), _code


address: Any = _address
"""Where a row stands."""

vector_row, array_row = rows(VECTOR), rows(ARRAY)


@inner
def take(vector: Row) -> int:
    """The number of a row that is not in use; what stands in it is not cleared."""
    i = vector.free
    if i != NONE:
        vector.free = int_at(vector.start + i * vector.width, 0)
        return i
    i = vector.size
    if i == vector.room:
        raise MemoryError("there is more work in progress than this machine's memory has room for")
    vector.size += 1
    return i


@inner
def give(vector: Row, i: int) -> None:
    """Gives a row back."""
    put_int(vector.start + i * vector.width, 0, vector.free)
    vector.free = i


@inner
def append(array: Row) -> int:
    """The address of a new row at the end of an array; it holds until the next one is appended."""
    if array.size == array.room:
        array.room = max(64, 2 * array.room)
        array.start = realloc(array.start, array.room * array.width)
    array.size += 1
    return array.start + (array.size - 1) * array.width


@inner
def push(array: Row, value: int) -> None:
    """Appends a whole number to an array of them."""
    put_int(append(array), 0, value)


@intrinsic
def _as_pointer(_: Any, address: Any) -> Any:
    def _code(__: Any, builder: Any, ___: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], ir.IntType(8).as_pointer())

    return types.voidptr(types.int64), _code


_pointer: Any = _as_pointer


@inner
def floats(address: int, size: int) -> NDArray[np.float64]:
    """An array over memory that something else owns."""
    return _carray(_pointer(address), (size,), np.float64)


@inner
def ints(address: int, size: int) -> NDArray[np.int64]:
    """An array over memory that something else owns."""
    return _carray(_pointer(address), (size,), np.int64)


@inner
def matrix(address: int, rows: int, columns: int) -> NDArray[np.float64]:
    """A matrix over memory that something else owns."""
    return _carray(_pointer(address), (rows, columns), np.float64)
