"""The answer of a search for a terminal."""

from __future__ import annotations

from ...scenarios.search.after import Recommended, Short
from ...scenarios.search.search import Found
from ..tables import plain_text, table
from . import rows
from .names import percent
from .short import short_sentences
from .words import fitted, given_up, headline, importance, method, steps, volumes


def search_text(found: Found, after: Recommended | Short) -> str:
    """All that `labelcast search` prints."""
    told = _short(found, after) if isinstance(after, Short) else _recommended(found, after)
    lines = [line for place, line in enumerate(told) if line or told[place - 1]]  # one empty line between parts
    return plain_text("\n".join([*lines, ""]))


def _short(found: Found, after: Short) -> list[str]:
    told = [*short_sentences(found, after), ""]
    if after.goals:
        told += ["The plan that came nearest, which is no recommendation:", ""]
        return [*told, table(rows.plan_rows(found, after.plan)), "", table(rows.short_rows(found, after))]
    return told


def _recommended(found: Found, after: Recommended) -> list[str]:
    told = [*headline(found, after), "", table(rows.plan_rows(found, after.plan)), ""]
    if after.goals:
        level = percent(found.rules.confidence)
        told += [f"What it keeps (each bound by itself at {level} confidence):", ""]
        told += [table(rows.goal_rows(found, [*after.goals])), ""]
    if len(after.choices) > 1:
        told += ["Certified plans of which no other is better in everything, by their certificates:", ""]
        told += [table(rows.choice_rows(found, after)), "", *rows.choice_lines(found, after), ""]
    if after.way.changes:
        told += ["What to change, in this order, and what each step buys:", "", *steps(found, after), ""]
        told += [table(rows.step_rows(found, after)), "", *given_up(found, after), ""]
        told += [table(rows.traded_rows(found, after)), "", rows.SAME_LUCK, ""]
    told += [*volumes(found, after), "", table(rows.volume_rows(found, after)), "", *rows.rival_lines(found, after), ""]
    told += [*fitted(found, after), ""]
    if after.weights:
        told += [*importance(found, after), "", table(rows.weight_rows(found, after)), "", rows.LEAST_SURE, ""]
    return [*told, *method(found, after)]
