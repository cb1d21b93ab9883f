"""log x terms -> money: a time-driven activity-based ledger whose sums are exact however they are grouped."""

from .accounts import Account, accounts
from .activities import ACTIVITIES, IDLE, TOOLING, activity_codes
from .amounts import decimal_amount, minor_unit, spread
from .books import COLUMNS, Books, books, books_of, frame, ledger
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
    "Account",
    "Books",
    "Counted",
    "Period",
    "Prices",
    "Spent",
    "Stretches",
    "Terms",
    "accounts",
    "activity_codes",
    "books",
    "books_of",
    "decimal_amount",
    "fold_labels",
    "frame",
    "ledger",
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
