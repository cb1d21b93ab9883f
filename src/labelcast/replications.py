"""What `labelcast run` is told about replications, and what it tells of them: how many, how precise, kept where."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .sim.engines import ENGINES
from .sim.errors import ScenarioRefused
from .sim.registry import unit_of
from .sim.replicate import Looked, Runs
from .sim.stopping import Precision, Reached, precise

MOST = 100_000

_SHARE = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(%?)\s*")


def asked(replications: str, precision: str | None, most: int | None) -> int | Precision:
    """How many replications, or how precise they must be. Raises ScenarioRefused with all that is wrong."""
    problems: list[str] = []
    if replications == "auto":
        relative = _relative(precision, problems) if precision is not None else Precision.relative
        if problems:
            raise ScenarioRefused(problems)
        return Precision(relative, most=most or Precision.most)
    for option, value in (("--precision", precision), ("--most", most)):
        if value is not None:
            rule = f"belongs to --replications auto, but got --replications {replications}"
            problems.append(f"{option} {value}: {rule}. Say auto, or leave {option} out.")
    if not replications.isascii() or not replications.isdigit() or not 1 <= int(replications[:9]) <= MOST:
        rule = f"must be a whole number from 1 to {MOST:,}, or auto"
        problems.append(f"--replications: {rule}, but got {replications!r}. Write 50, or auto --precision 2%.")
    if problems:
        raise ScenarioRefused(problems)
    return int(replications)


def check_engine(name: str) -> None:
    """Raises ScenarioRefused when no engine has this name."""
    if name not in ENGINES:
        raise ScenarioRefused(f"--engine: no engine is named {name!r}. There are: {', '.join(ENGINES)}.")


def check_keep(keep: Path | None, log: Path | None) -> None:
    """Raises ScenarioRefused when a log is wanted of replications that are kept without one."""
    if keep is not None and log is not None:
        rule = "--keep holds what replications came to, not their logs, so --log cannot be written with it"
        raise ScenarioRefused(f"{keep}: {rule}. Leave one of the two out; --tables writes the log of the first one.")


def shortfall(runs: Runs) -> list[str]:
    """Sentences on what is less precise than was asked for; none where all is."""
    if runs.precision is None or precise(runs.reached, runs.precision):
        return []
    asked_for = _percent(runs.precision.relative)
    if not runs.reached:
        watched = "no replication gives a cost, a finish or a KPI with a goal"
        return [f"{runs.line.name}: a precision of {asked_for} means nothing here: {watched}. Say --replications N."]
    told = [_short(each, runs) for each in runs.reached if not each.within(runs.precision)]
    rule = f"a precision of {asked_for} (half-width at most {_percent(runs.precision.half)} of the mean)"
    mend = "Raise --most or ask for less with --precision; with --keep FILE nothing that is done is run again."
    if all(each.lacking for each in runs.reached if not each.within(runs.precision)):
        mend = "More replications cannot help; a longer horizon or another plan may."
    return [f"{runs.line.name}: {rule} was not reached in {len(runs.kpis)} replications. {mend}", *told]


def reached(runs: Runs) -> str | None:
    """A sentence on the precision that a run has reached; None where none was asked for, or it fell short."""
    if runs.precision is None or shortfall(runs):
        return None
    worst = max(runs.reached, key=lambda each: each.half)
    least = f"the least precise is {worst.kpi}, half-width {_percent(worst.half)} of it at {100 * runs.level:g}%"
    return f"{runs.line.name}: {_percent(runs.precision.relative)} reached in {len(runs.kpis)} replications; {least}."


def on_look(what: str, wanted: int | Precision, tell: Callable[[int, int, str], Any]) -> Looked | None:
    """What puts the precision reached into the text of a progress bar; None for a fixed number of replications."""
    if not isinstance(wanted, Precision):
        return None

    def looked(found: tuple[Reached, ...]) -> None:
        with_mean = [each for each in found if not each.lacking]
        if with_mean:
            worst = max(with_mean, key=lambda each: each.half)
            reached = f"{worst.kpi} within {_percent(worst.half)}, wanted {_percent(wanted.half)}"
            tell(worst.replications, wanted.most, f"{what}, {reached}")

    return looked


def interrupted(keep: Path | None) -> str:
    """What to say of a run that was broken off."""
    if keep is not None and keep.exists():
        return f"Interrupted. What is finished is kept in {keep}; run the same command to go on from there."
    mend = "" if keep is not None else " With --keep FILE a run goes on where it stopped."
    return f"Interrupted. Nothing was half-written; run the same command to start again.{mend}"


def _relative(text: str, problems: list[str]) -> float:
    match = _SHARE.fullmatch(text)
    if match is None:
        problems.append(f"--precision: must be a share of the mean, but got {text!r}. Write it in %, as in 2%.")
        return math.nan
    value = float(match[1]) / (100 if match[2] else 1)
    if not 0 < value < 1:
        hint = f"Did you mean {match[1]}%?" if not match[2] and 1 <= value < 100 else "Write it as in 2%."
        problems.append(f"--precision: must lie between 0% and 100%, but got {text!r}. {hint}")
    return value


def _short(each: Reached, runs: Runs) -> str:
    if each.lacking:
        why = f"{each.lacking} of {each.replications} replications gave no finite number"
        return f"  {each.kpi}: has no mean: {why}."
    unit = unit_of(each.kpi, runs.line.currency)
    mean = f"{each.mean:.6g} {unit}".rstrip() if unit != "share" else _percent(each.mean)
    return f"  {each.kpi}: {mean}, half-width {_percent(each.half)} of it at {100 * runs.level:g}%."


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"
