"""What a line rests on, as rows a planner can check: every path with its value, and who said so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ...sim.line import Epoch, Kind, Line
from .. import numbers
from .changes import change_words, event_words, window_words
from .charts import chart_words
from .people import contract_words, pool_words
from .phrases import calendar_words, date_of, goal_words, whole
from .stages import stage_words
from .work import sampling_words, segment_words

Origin = Literal["stated", "fitted", "default"]

GOAL_WORDS: Mapping[str, str] = {"finish_days": "deadline", "cost": "budget"}
"""What a scenario calls a goal on a KPI, where that is not the KPI's name."""


@dataclass(frozen=True)
class Assumption:
    """One value of a line. section: work, sampling, calendars, pools, contracts, stages,
    changes, goals or line."""

    section: str
    path: str
    value: str
    origin: Origin


def assumptions(line: Line) -> tuple[Assumption, ...]:
    """Every value of the line in words, in the order of a scenario file, and every path that was fitted or assumed."""
    values = list(_values(line))
    told = [path for path, _ in values]
    told += [other for path in told for other in _also(path)]
    for path in (*line.fitted, *line.assumed):
        if not any(_touch(path, other) for other in told):
            values.append((path, "as `labelcast show` prints it"))
            told.append(path)
    return tuple(
        Assumption(path.split(".")[0] if "." in path else "line", path, value, origin(line, path))
        for path, value in values
    )


def origin(line: Line, path: str) -> Origin:
    """Who gave the value at a scenario path; of a value in parts, the most doubtful: our default before a fit. What
    nobody wrote is a default as well."""
    keys = {path, *_also(path)}
    if any(_touches(keys, line.assumed)):
        return "default"
    if any(_touches(keys, line.fitted)):
        return "fitted"
    return "stated" if line.stated is None or any(behind(path, line.stated)) else "default"


def behind(path: str, paths: Iterable[str]) -> Iterator[str]:
    """Those of some paths at which stands what the row of an assumption tells."""
    # a headcount that follows a ramp changes where no entry of `changes` says so
    return _touches({path, *_also(path), path.removeprefix("changes.")}, paths)


def _touches(keys: set[str], paths: Iterable[str]) -> Iterator[str]:
    return (other for other in paths if any(_touch(one, other) for one in keys))


_ALIKE = (
    ("skill.mean", "skill.accuracy"),
    ("model.accuracy", "model.skill"),
    ("next", "on_reject.to"),
    ("next", "on_reject.then"),
)
"""Ends of paths whose rows another key of a scenario sets as well."""


def _also(path: str) -> tuple[str, ...]:
    """Other keys of a scenario that set the same value."""
    found = [path.removesuffix(end) + other for end, other in _ALIKE if path.endswith(f".{end}")]
    dipped = path.startswith("changes.pools.") and path.endswith((".skill.mean", ".speed.factor"))
    return (*found, "changes.dip") if dipped else (*found,)


def _touch(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}.") or other.startswith(f"{path}.")


def _values(line: Line) -> Iterator[tuple[str, str]]:
    yield "start", f"{line.start:%Y-%m-%d %H:%M}"
    yield "timezone", line.timezone
    yield "currency", line.currency
    for currency in dict.fromkeys(one.currency for one in line.exchange):
        rates = [one for one in line.exchange if one.currency == currency]
        dated = (f", {one.rate:g} {line.currency} from {date_of(line, one.at_s)} on" for one in rates[1:])
        yield f"exchange.{currency}", f"{rates[0].rate:g} {line.currency}" + "".join(dated)
    yield "horizon", numbers.duration(line.horizon_s)
    if line.tick_s != 0.001:
        yield "tick", f"times are whole multiples of {numbers.duration(line.tick_s)}"
    if line.wip is not None:
        yield "wip", f"at most {whole(line.wip, 'item')} are in the line; others wait before it"
    if line.initial:
        yield "initial", f"{whole(len(line.initial), 'task')} waiting or in progress at the start"
    if line.sampling is not None:
        yield from sampling_words(line.sampling)
    lines = [line, *_later(line)]
    parts, *later = (dict(_parts(each, _kinds(lines))) for each in lines)
    yield from parts.items()
    yield from change_words(line, parts, [(e.at_s, values) for e, values in zip(line.epochs, later, strict=True)])
    yield from event_words(line)
    for goal in line.goals:
        yield f"goals.{GOAL_WORDS.get(goal.kpi, goal.kpi)}", goal_words(line, goal)
    yield from window_words(line)
    yield from chart_words(line)


def _kinds(lines: Sequence[Line]) -> dict[str, set[Kind]]:
    """Kinds of the stages at which each pool works at any time."""
    found: dict[str, set[Kind]] = {pool.name: set() for pool in lines[0].pools}
    for stage in (stage for line in lines for stage in line.stages):
        for name, _ in stage.pools:
            found[name].add(stage.kind)
    return found


def _parts(line: Line, kinds: Mapping[str, set[Kind]]) -> Iterator[tuple[str, str]]:
    """Paths and values of what may change on a date. kinds: of stages, by pool."""
    for segment in line.segments:
        yield from ((f"work.{segment.name}.{key}", value) for key, value in segment_words(line, segment))
    for calendar in line.calendars:
        yield f"calendars.{calendar.name}", calendar_words(calendar)
    for pool in line.pools:
        told = pool_words(line, pool, kinds[pool.name])
        yield from ((f"pools.{pool.name}.{key}", value) for key, value in told)
    contracts = {pool.contract.account: pool.contract for pool in line.pools if pool.contract.account}
    for name, contract in contracts.items():
        yield from ((f"contracts.{name}.{key}", value) for key, value in contract_words(line, contract))
    suggested = any(stage.kind == "prelabel" for stage in line.stages)
    for stage in line.stages:
        yield from ((f"stages.{stage.name}.{key}", value) for key, value in stage_words(stage, suggested))


def _later(line: Line) -> Iterator[Line]:
    """The line as it is from each epoch on."""
    now = line
    for epoch in line.epochs:
        now = _from(now, epoch)
        yield now


def _from(line: Line, epoch: Epoch) -> Line:
    """The line as it is from an epoch on."""
    return replace(
        line,
        segments=epoch.segments or line.segments,
        calendars=epoch.calendars or line.calendars,
        pools=epoch.pools or line.pools,
        stages=epoch.stages or line.stages,
    )
