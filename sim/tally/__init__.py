"""Rows of items and tasks -> whole-number sums, from which all KPIs and curves are worked out.

A log and a run without a log are tallied alike, all rows at once or a few thousand at a time.
"""

from .of_log import rows_of, shape_of, tally_of
from .shape import Shape
from .tally import Tally, fold

__all__ = ["Shape", "Tally", "fold", "rows_of", "shape_of", "tally_of"]
