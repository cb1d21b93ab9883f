"""Arrays that nobody counts."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.core import cgutils as _cgutils
from numba.extending import intrinsic

_tools: Any = _cgutils  # a module without annotations


@intrinsic
def _borrowed(_: Any, given: Any) -> Any:
    def _code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _view(context, builder, signature.args[0], args[0])

    return given(given), _code


def _view(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    if isinstance(kind, types.BaseTuple):
        kinds: Any = kind
        members = [
            _view(context, builder, *one) for one in zip(kinds, _tools.unpack_tuple(builder, value), strict=True)
        ]
        return context.make_tuple(builder, kind, members)
    if not isinstance(kind, types.Array):
        return value
    view = context.make_array(kind)(context, builder, value)
    view.meminfo = view.meminfo.type(None)
    view.parent = view.parent.type(None)
    return view._getvalue()


borrowed: Any = _borrowed
"""(array, or a tuple that holds some) -> the same, which does not keep its memory: the caller holds it meanwhile.

In machine code every use of an array counts who holds it, by atomic steps. Where millions of rows are read one by one,
that costs ten times as much as the sums."""
