"""The KPIs of a run in groups: what is worked out at once, and left out where nobody asks for any of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..ledger import Books
from ..line import Window
from ..tally import Shape, Tally
from .ages import of_ages
from .facts import Found
from .flow import of_long_waits, of_promises, of_queues, of_waits
from .gates import of_gates
from .items import of_items
from .labels import ErrorCosts, of_errors, of_labels
from .money import of_money
from .outside import Outside
from .windows import of_windows


@dataclass(frozen=True, eq=False)
class Told:
    """What KPIs are worked out from.

    books: columns of the ledger; None where nothing is ever paid, see Terms.pays.  windows: those of `outside`.
    """

    tally: Tally
    shape: Shape
    outside: Outside
    books: Callable[[], Books] | None
    windows: Sequence[Window]
    error_costs: ErrorCosts


GROUPS: tuple[Callable[[Told], Found], ...] = (
    lambda told: of_items(told.tally, told.shape, told.outside.ended),
    lambda told: of_labels(told.tally, told.shape),
    lambda told: of_errors(told.tally, told.shape, told.error_costs),
    lambda told: of_ages(told.tally),
    lambda told: of_gates(told.tally, told.shape),
    lambda told: of_waits(told.tally, told.shape),
    lambda told: of_long_waits(told.tally, told.shape),
    lambda told: of_queues(told.tally, told.shape, told.outside),
    lambda told: of_promises(told.tally, told.shape),
    lambda told: told.outside.people(),
    lambda told: told.outside.charts(),
    lambda told: of_money(told.tally, told.shape, None if told.books is None else told.books()),
    lambda told: of_windows(told.windows, told.outside.ready_at()),
)
"""Each gives families of the registry that no other one gives, so that a name tells its group."""
