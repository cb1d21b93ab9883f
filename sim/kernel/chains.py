"""Chains of cells: short lists of what an item has met."""

from __future__ import annotations

from ..compiling import inner
from .memory import NONE, Row, give, take
from .world import CELLS, cell, vector


@inner
def cell_of(w: Row, a: int, b: int, c: int, x: float, following: int) -> int:
    """A new cell that stands before another."""
    n = take(vector(w, CELLS))
    one = cell(w, n)
    one.next, one.a, one.b, one.c, one.x = following, a, b, c, x
    return n


@inner
def has(w: Row, head: int, a: int) -> bool:
    """Whether a chain has a cell with this `a`."""
    while head != NONE:
        one = cell(w, head)
        if one.a == a:
            return True
        head = one.next
    return False


@inner
def without(w: Row, head: int, a: int) -> int:
    """The head of a chain without the first cell that has this `a`."""
    before, n = NONE, head
    while n != NONE:
        one = cell(w, n)
        if one.a == a:
            after = one.next
            give(vector(w, CELLS), n)
            if before == NONE:
                return after
            cell(w, before).next = after
            return head
        before, n = n, one.next
    return head


@inner
def dropped(w: Row, head: int) -> int:
    """Gives the cells of a chain back; the head of the empty chain."""
    while head != NONE:
        after = cell(w, head).next
        give(vector(w, CELLS), head)
        head = after
    return NONE
