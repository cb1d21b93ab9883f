"""What stands behind one number of a saved run: formula, inputs, seeds, versions, rows."""

from .inputs import inputs
from .rows import Rows, rows_of
from .told import explanation_csv, explanation_json, explanation_text
from .whole import Explanation, LogRows, explain, log_rows

__all__ = [
    "Explanation",
    "LogRows",
    "Rows",
    "explain",
    "explanation_csv",
    "explanation_json",
    "explanation_text",
    "inputs",
    "log_rows",
    "rows_of",
]
