"""Refusals: what a user's input did wrong, in words for the planner. Bugs of ours are assertions, never these."""

from __future__ import annotations

from collections.abc import Sequence


class Refused(Exception):
    """Input that cannot be used. `problems`: every problem found, one or more lines each, with where, what rule,
    what was found and how to mend it. `exit_code`: what the command line ends with."""

    exit_code = 2

    def __init__(self, problems: str | Sequence[str]) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the problems alone, for no line of code is at fault."""
        return [*self.problems]


class ScenarioRefused(Refused):
    """A scenario file, or a word on the command line, breaks a rule."""

    exit_code = 2


class DataRefused(Refused):
    """An export, a log or a profile cannot be used."""

    exit_code = 3


class Infeasible(Refused):
    """The line, as written, can never do what is asked of it."""

    exit_code = 4
