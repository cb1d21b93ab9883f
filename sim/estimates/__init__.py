"""First answers without simulation: offered load, waits, time in the line, people wanted and the end of a backlog."""

from .answers import Estimate, PoolEstimate, StageEstimate
from .line import estimate

__all__ = ["Estimate", "PoolEstimate", "StageEstimate", "estimate"]
