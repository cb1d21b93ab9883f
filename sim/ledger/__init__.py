"""log x terms -> money: a time-driven activity-based ledger whose sums are exact however they are grouped."""

from .activities import ACTIVITIES, IDLE, TOOLING
from .amounts import decimal_amount, minor_unit, spread
from .books import COLUMNS, ledger
from .terms import Period, Terms

__all__ = [
    "ACTIVITIES",
    "COLUMNS",
    "IDLE",
    "TOOLING",
    "Period",
    "Terms",
    "decimal_amount",
    "ledger",
    "minor_unit",
    "spread",
]
