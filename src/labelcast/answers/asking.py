"""What questions take: scenarios by path, by name or loaded, words one at a time or several, and numbers in bounds."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from .. import terminal
from ..sim.errors import ScenarioRefused
from .scenario import Scenario, load

PathLike = str | os.PathLike[str]

Asked = PathLike | Scenario
"""A scenario: its file, its name in the library, or what `load` gave."""

Words = str | Sequence[str]
"""One, or several."""

MOST = 100_000
"""Replications."""


def opened(scenario: Asked, profile: PathLike | None = None) -> Scenario:
    """The scenario, loaded unless it is already. profile: to put under it in place of its own."""
    if not isinstance(scenario, Scenario):
        return load(scenario, profile)
    return scenario if profile is None else load(scenario.path, profile)


def reread(scenario: Asked, profile: PathLike | None = None) -> Scenario:
    """The scenario, for questions that read its file anew, once for each draw. Raises ScenarioRefused where the file is
    no longer what was loaded."""
    found = opened(scenario, profile)
    if found is scenario and load(found.path, found.profile).line != found.line:
        raise ScenarioRefused(f"{found.path}: has changed since it was loaded. Load it again.")
    return found


def typed(scenario: Asked) -> str:
    """How a scenario was named."""
    return scenario.name if isinstance(scenario, Scenario) else str(scenario)


def path_of(path: PathLike | None) -> Path | None:
    """A path, where there is one."""
    return None if path is None else Path(path)


def several(words: Words | None) -> list[str]:
    """The words, one or several or none."""
    if words is None:
        return []
    return [words] if isinstance(words, str) else [str(word) for word in words]


def check_numbers(**numbers: tuple[int | None, int, int | None]) -> None:
    """Raises ScenarioRefused with all that are out of their bounds. numbers: (value, least, most) by option; None is
    what nobody said, or no bound."""
    problems = []
    for name, (value, least, most) in numbers.items():
        if value is None:
            continue
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or value < least or (most is not None and value > most):
            rule = f"at least {least:,}" if most is None else f"from {least:,} to {most:,}"
            option = f"--{name.replace('_', '-')}"
            problems.append(f"{option}: must be a whole number {rule}, but got {value!r}. Write {least}, or more.")
    if problems:
        raise ScenarioRefused(problems)


def check_luck(replications: int | None, seed: int, processes: int | None, least: int = 1) -> None:
    """Raises ScenarioRefused with what no runs can be made of. least: replications."""
    check_numbers(replications=(replications, least, MOST), seed=(seed, 0, None), processes=(processes, 1, None))


def folder(path: PathLike | None) -> Path | None:
    """The path of a folder to write into. Raises ScenarioRefused where a file is there."""
    found = path_of(path)
    terminal.folder(found)
    return found
