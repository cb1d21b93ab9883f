"""How much of a KPI matters, as an option says it: "cost=2%", "finish=0.5 days", "accuracy=0.3 points"."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..sim.errors import ScenarioRefused
from ..sim.line import Line
from ..sim.registry import names_of, unit_of
from . import units
from .problems import guess, listed, quoted

ALIASES = {"finish": "finish_days", "throughput": "throughput_per_week"}
"""Short names of KPIs on the command line."""

_FORM = re.compile(r"\s*([^\s=]+)\s*=\s*(\S.*?)\s*")


@dataclass(frozen=True)
class Tolerance:
    """So much of a KPI, in its own unit, or as a share of the baseline's mean."""

    kpi: str
    amount: float
    relative: bool

    def of(self, mean: float) -> float:
        """The amount in the KPI's unit. mean: of the baseline; NaN where it is needed and there is none."""
        return self.amount * abs(mean) if self.relative else self.amount


def kpi_named(word: str, lines: Sequence[Line]) -> str:
    """The KPI of this name, or short name, that at least one line gives. ValueError when there is none."""
    if word.startswith("p_"):
        raise ValueError(f"{quoted(word)} is a chance, which is told for every goal anyway. Name a KPI, such as cost.")
    return kpi_among(word, list(dict.fromkeys(kpi for line in lines for kpi in _known(line))))


def kpi_among(word: str, known: Sequence[str]) -> str:
    """The one of the known KPIs that has this name, or short name. ValueError when there is none."""
    name = ALIASES.get(word, word)
    if name not in known:
        near = guess(name, [*known, *ALIASES]) or f" There are: {listed(known)}; docs/kpis.md has all."
        raise ValueError(f"no KPI is named {quoted(word)}.{near}")
    return name


def read_tolerances(texts: Sequence[str], option: str, lines: Sequence[Line]) -> dict[str, Tolerance]:
    """By KPI. Raises ScenarioRefused with all that is wrong."""
    found: dict[str, Tolerance] = {}
    problems = []
    for text in texts:
        try:
            one = _read(text, lines)
            if one.kpi in found:
                raise ValueError(f"{one.kpi} is said twice. Leave one out.")
            found[one.kpi] = one
        except ValueError as error:
            problems.append(f"{option} {quoted(text)}: {error}")
    if problems:
        raise ScenarioRefused(problems)
    return found


def _read(text: str, lines: Sequence[Line]) -> Tolerance:
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError('must be a KPI and how much of it. Write it like "cost=2%" or "finish=0.5 days".')
    return tolerance(kpi_named(match[1], lines), match[2], lines)


def tolerance(kpi: str, size: str, lines: Sequence[Line]) -> Tolerance:
    """So much of this KPI, "2%" or "500 EUR". ValueError: the rule, what was found, how to mend it."""
    unit = unit_of(kpi, lines[0].currency)
    if why := units.grouped(size):
        raise ValueError(why)
    value, given = units.number(size, "2%")
    if value <= 0:
        raise ValueError(f"must be above 0, but got {quoted(size)}.")
    if given == "%":
        return Tolerance(kpi, float(value) / 100, relative=True)
    return Tolerance(kpi, _absolute(size, float(value), given, unit, kpi), relative=False)


def _absolute(text: str, value: float, given: str, unit: str, kpi: str) -> float:
    if unit == "share":
        if given not in ("points", "point"):
            rule = f"{kpi} is a share, but got {quoted(text)}"
            raise ValueError(f'{rule}. Write "0.5 points", or "1%" for a hundredth of the baseline\'s mean.')
        return value / 100
    if unit == "":
        if given:
            raise ValueError(f"{kpi} has no unit, but got {quoted(text)}. Write a bare number, or a share in %.")
        return value
    if "/" in unit and unit.split("/")[0] in units.CURRENCIES:  # EUR/label: an amount of money for one
        found = float(units.quantity(text.split("/")[0], unit.split("/")[0], "an amount", f"0.01 {unit}"))
    else:
        found = float(units.quantity(text, unit, f"a number of {unit}", f"0.5 {unit}"))
    assert math.isfinite(found)
    return found


def _known(line: Line) -> list[str]:
    parts = ([part.name for part in parts] for parts in (line.pools, line.segments, line.windows, line.charts))
    return [name for name in names_of({stage.name: stage.kind for stage in line.stages}, *parts) if name[:2] != "p_"]
