"""Compiling the kernel as one piece.

Numba finishes every function by itself: it links all that the function calls, optimises that, and makes machine code of
it, again at each caller. Of some two hundred functions that call one another in a dozen layers that takes ten times as
long as it must. Here an inner function is kept as it was lowered; only what Python calls (`entry`) is linked, with all
that it calls, optimised and kept in the cache. Nothing changes in what is computed.

This builds on two classes of Numba that are not its public interface, its lowering pass and its code library; a version
that changes them fails at once, in every test of the kernel.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba
from numba.core import compiler
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering

from .jit import cached

P = ParamSpec("P")
R = TypeVar("R")


class _Draft(JITCodeLibrary):
    """The code of one function, without that of those that it calls."""

    def finalize(self) -> None:
        """Nothing is linked yet."""
        self._finalized = True


class _Whole(JITCodeLibrary):
    """The code of a function that Python calls, with that of all others."""

    def finalize(self) -> None:
        """Links all that is called, near and far."""
        found = list(self._linking_libraries)
        for library in found:
            if isinstance(library, _Draft):
                found += [one for one in library._linking_libraries if one not in found]
        self._linking_libraries = found
        self._own = {one.name for one in self._final_module.functions if not one.is_declaration}
        super().finalize()

    def _optimize_final_module(self) -> None:
        """Nothing but this library calls what was linked in: so the compiler may put it where it is called. Under other
        names, because the loader finds a function by its name even where it is internal, and of some there are others
        that Python calls."""
        for one in list(self._final_module.functions):
            if not one.is_declaration and one.name not in self._own:
                one.name = f"{self.name}.{one.name}"
                one.linkage = "internal"
        super()._optimize_final_module()


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerDraft(NativeLowering):
    """Lowers an inner function, and makes no machine code."""

    _name = "lower_draft"

    def run_pass(self, state: Any) -> bool:
        """See the class."""
        state.library = _Draft(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered = state["cr"]
        key: Any = [].append  # any built-in function that is no other's; it is never called
        state["cr"] = lowered._replace(cfunc=key)
        state.targetctx.insert_user_function(key, lowered.fndesc, [state.library])
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerWhole(NativeLowering):
    """Lowers a function that Python calls."""

    _name = "lower_whole"

    def run_pass(self, state: Any) -> bool:
        """See the class."""
        state.library = _Whole(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return bool(super().run_pass(state))


def _pipeline(lowering: type[NativeLowering]) -> type[compiler.CompilerBase]:
    class Pipeline(compiler.CompilerBase):
        def define_pipelines(self) -> builtins.list[Any]:
            """The usual steps, with this lowering."""
            steps = compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)
            steps.passes = [
                (lowering, "lowering") if one is NativeLowering else (one, why) for one, why in steps.passes
            ]
            steps._finalized = False
            steps.finalize()
            return [steps]

    return Pipeline


_INNER, _ENTRY = _pipeline(_LowerDraft), _pipeline(_LowerWhole)

INNER: list[Any] = []
"""All inner functions."""


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """A function that other functions of the kernel call."""
    njit: Any = numba.njit
    compiled = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=_INNER)(
        function
    )
    INNER.append(compiled)
    return cast("Callable[P, R]", compiled)


def entry(function: Callable[P, R]) -> Callable[P, R]:
    """A function of the kernel that Python calls; other threads may go on meanwhile."""
    return cached(function, pipeline_class=_ENTRY, nogil=True)
