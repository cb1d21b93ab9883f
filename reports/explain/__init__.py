"""What stands behind one number of a saved run or answer: formula, inputs, seeds, versions, rows."""

from .answer import AnswerExplanation, answer_explanation_json, answer_explanation_text, explain_answer
from .inputs import inputs
from .rows import Rows, rows_of
from .told import explanation_csv, explanation_json, explanation_text
from .whole import Explanation, LogRows, explain, log_rows

__all__ = [
    "AnswerExplanation",
    "Explanation",
    "LogRows",
    "Rows",
    "answer_explanation_json",
    "answer_explanation_text",
    "explain",
    "explain_answer",
    "explanation_csv",
    "explanation_json",
    "explanation_text",
    "inputs",
    "log_rows",
    "rows_of",
]
