"""log x terms -> money: a time-driven activity-based ledger whose sums are exact however they are grouped."""

from .activities import ACTIVITIES, IDLE, TOOLING, activity_codes
from .amounts import decimal_amount, minor_unit, spread
from .books import COLUMNS, ledger, ledger_of
from .counted import Counted, lots_table, nothing, refused_rows
from .labels import fold_labels
from .prices import Prices, prices
from .spent import Spent, spent, spent_of
from .stretches import Stretches, stretches
from .terms import Period, Terms

__all__ = [
    "ACTIVITIES",
    "COLUMNS",
    "IDLE",
    "TOOLING",
    "Counted",
    "Period",
    "Prices",
    "Spent",
    "Stretches",
    "Terms",
    "activity_codes",
    "decimal_amount",
    "fold_labels",
    "ledger",
    "ledger_of",
    "lots_table",
    "minor_unit",
    "nothing",
    "prices",
    "refused_rows",
    "spent",
    "spent_of",
    "spread",
    "stretches",
]
