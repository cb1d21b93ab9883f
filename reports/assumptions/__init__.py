"""What a forecast rests on: every value of a line in a planner's words."""

from .phrases import calendar_words, distribution_words, due_date, goal_words
from .table import Assumption, Origin, assumptions, behind, origin

__all__ = [
    "Assumption",
    "Origin",
    "assumptions",
    "behind",
    "calendar_words",
    "distribution_words",
    "due_date",
    "goal_words",
    "origin",
]
