"""Goals that a command line sets for all scenarios, in place of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

from ..sim.errors import ScenarioRefused
from ..sim.line import Goal, Line
from . import units
from .dates import moment
from .problems import quoted
from .resolve.distributions import DIGITS

DAY_S = 86_400.0


def aimed(lines: Sequence[Line], deadline: str | None, budget: str | None, accuracy: str | None) -> list[Line]:
    """The lines with these goals in place of their own on finish, cost and accuracy; None leaves what they have.

    deadline: a date, to its end, or a local time of each line's place.  budget: money in the lines' currency, which it
    need not name.  accuracy: at least so much, in %.  Raises ScenarioRefused with all that is wrong.
    """
    problems: list[str] = []
    found = []
    options = (("--deadline", deadline, _deadline), ("--budget", budget, _budget), ("--accuracy", accuracy, _accuracy))
    for line in lines:
        goals = [goal for option in options for goal in _asked(*option, line, problems)]
        taken = {goal.kpi for goal in goals}
        kept = [goal for goal in line.goals if goal.kpi not in taken]
        found.append(replace(line, goals=(*goals, *kept)) if goals else line)
    if problems:
        raise ScenarioRefused(list(dict.fromkeys(problems)))
    return found


def _asked(
    option: str, text: str | None, read: Callable[[str, Line], Goal], line: Line, problems: list[str]
) -> list[Goal]:
    """The goal of an option in a list; none where it is not said, or wrong, which is a problem more."""
    if text is None:
        return []
    try:
        return [read(text, line)]
    except ValueError as error:
        problems.append(f"{option}: {error}")
        return []


def _deadline(text: str, line: Line) -> Goal:
    when = moment(text)
    days = (when.in_zone(ZoneInfo(line.timezone)) - line.origin.astimezone(UTC)).total_seconds() / DAY_S
    if days <= 0:
        raise ValueError(f"must lie after {line.name} starts, {line.start:%Y-%m-%d %H:%M}, but got {quoted(text)}.")
    return Goal("finish_days", "<=", round(days, DIGITS))


def _budget(text: str, line: Line) -> Goal:
    if why := units.grouped(text):
        raise ValueError(why)
    value, unit = units.number(text, f"60_000 {line.currency}")
    if unit not in ("", line.currency):
        rule = f"must be in {line.currency}, the scenarios' currency, but got {quoted(text)}"
        raise ValueError(f"{rule}. Convert it.")
    if value < 0:
        raise ValueError(f"must be at least 0, but got {quoted(text)}.")
    return Goal("cost", "<=", float(value))


def _accuracy(text: str, line: Line) -> Goal:
    value, unit = units.number(text, "97%")
    if unit != "%" or not 0 < value <= 100:
        raise ValueError(f'must lie above 0% and be at most 100%, but got {quoted(text)}. Write it like "97%".')
    return Goal("accuracy", ">=", float(value / 100))
