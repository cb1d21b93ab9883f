"""One key of a scenario at several values, each a plan of its own: `stages.annotate.batch.size=1,5,10,20`."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..sim.errors import Infeasible, ScenarioRefused
from ..sim.line import Line, anonymous
from .load import load
from .problems import quoted
from .ranges import read_range

_FORM = "stages.review.fraction=0%, 10%, 25%, 100%"
_NUMBER = re.compile(r"([\d_]+(?:\.\d+)?)(\s*[^\d\s].*)?")
_BARE = re.compile(r"[\d_]+(?:\.\d+)?")
_PARTS = re.compile(r"\s*([^=\s]+)\s*=\s*(.+?)\s*")

POINTS = 7
"""Values of a range."""


@dataclass(frozen=True)
class Sweep:
    """path: of the key.  values: as a file would write them, in the order given."""

    path: str
    values: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its last word."""
        return self.path.rpartition(".")[2]

    def plan(self, value: str) -> str:
        """What the plan with a value is called."""
        return f"{self.key.replace('_', ' ')} {value}"


@dataclass(frozen=True, eq=False)
class Swept:
    """lines: of each value, by the name of its plan.  base: the place of the one that is the scenario as it stands,
    None where no value is."""

    sweep: Sweep
    lines: tuple[Line, ...]
    base: int | None


def read_sweep(text: str) -> Sweep:
    """Reads PATH=VALUE,VALUE,.. or PATH=LOW..HIGH, of which POINTS values are taken. Bare numbers have the unit of the
    last value: 1, 5, 10 items. ValueError: the rule, what was found, how to mend it."""
    match = _PARTS.fullmatch(text)
    if match is None:
        raise ValueError(f"must be a key and its values, but got {quoted(text)}. Write it like {quoted(_FORM)}.")
    path, told = match.groups()
    if ".." in told and "," not in told:
        span = read_range(text)
        return Sweep(path, tuple(dict.fromkeys(span.text(value) for value in span.points(POINTS))))
    values = _with_units([value.strip() for value in told.split(",")])
    if len(values) < 2 or not all(values):
        raise ValueError(f"needs two values or more, but got {quoted(told)}. Write it like {quoted(_FORM)}.")
    twice = next((value for number, value in enumerate(values) if value in values[:number]), None)
    if twice is not None:
        raise ValueError(f"values must be different, but {quoted(twice)} is there twice. Leave one out.")
    return Sweep(path, tuple(values))


def _with_units(values: list[str]) -> list[str]:
    """Values of which those that are bare numbers have the unit of the last one."""
    last = _NUMBER.fullmatch(values[-1])
    unit = "" if last is None or last[2] is None else last[2]
    return [f"{value}{unit}" if _BARE.fullmatch(value) else value for value in values]


def swept(path: Path, profile: Path | None, sweep: Sweep) -> Swept:
    """The plans of a sweep, all but the key as in the file. Raises ScenarioRefused and Infeasible with what is wrong at
    which value, of all values."""
    problems: list[str] = []
    unmet: list[str] = []
    lines: list[Line] = []
    for value in sweep.values:
        try:
            lines.append(load(path, profile, (sweep.path, value)))
        except Infeasible as refused:
            unmet += _once(refused.problems, unmet)
        except ScenarioRefused as refused:
            problems += _once(refused.problems, problems)
    if problems:
        raise ScenarioRefused(problems)
    if unmet:
        raise Infeasible(unmet)
    as_is = load(path, profile)
    alike = [f"{path} with --over {sweep.path}: {one}" for one in _alike(lines, sweep)]
    if alike:
        raise ScenarioRefused(alike)
    base = next((place for place, line in enumerate(lines) if _same_plan(line, as_is)), None)
    named = (dataclasses.replace(line, name=sweep.plan(value)) for line, value in zip(lines, sweep.values, strict=True))
    return Swept(sweep, tuple(named), base)


def _once(problems: tuple[str, ...], told: list[str]) -> list[str]:
    return [problem for problem in problems if problem not in told]


def _alike(lines: list[Line], sweep: Sweep) -> Iterator[str]:
    """Values that mean the same."""
    for second in range(len(lines)):
        for first in range(second):
            if _same_plan(lines[first], lines[second]):
                one, other = quoted(sweep.values[first]), quoted(sweep.values[second])
                yield f"values must be different, but {one} and {other} are the same plan. Leave one out."


def _same_plan(one: Line, other: Line) -> bool:
    """Whether two lines are the same, whoever said so."""
    return anonymous(one) == anonymous(other)
