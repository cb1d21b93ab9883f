"""Lines rewritten field by field: other names, other times. For laws that say what such a change does to the log."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from labelcast.sim.line import DELIVER, Distribution, Line

Rename = Callable[[str], str]


def renamed(line: Line, pool: Rename, stage: Rename, calendar: Rename) -> Line:
    """The line with other names of its pools, stages and calendars, wherever they stand."""

    def target(value: str) -> str:
        return value if value == DELIVER else stage(value)

    def way(value: Any) -> Any:
        return target(value) if isinstance(value, str) else tuple((target(to), chance) for to, chance in value)

    def by_pool(value: Mapping[str, Any]) -> dict[str, Any]:
        return {pool(name): one for name, one in value.items()}

    by_class: dict[str, dict[str, Callable[[Any], Any]]] = {
        "Pool": {"name": pool, "calendar": calendar, "delays": by_pool},
        "Skip": {"calendar": lambda name: calendar(name) if name else name, "there": by_pool, "back": by_pool},
        "Sessions": {"calendar": calendar},
        "Arrivals": {"calendar": calendar},
        "Calendar": {"name": calendar},
        "Stage": {
            "name": stage,
            "pools": lambda value: tuple((pool(name), share) for name, share in value),
            "next": lambda value: {outcome: way(to) for outcome, to in value.items()},
        },
        "Escalation": {"to": stage},
        "Relabel": {"to": stage},
        "Training": {"pool": pool},
        "OpenTask": {
            "stage": stage,
            "pool": lambda value: None if value is None else pool(value),
            "labels": lambda value: tuple((pool(name), slot, label) for name, slot, label in value),
        },
        "Line": {"first": stage},
    }
    return rewrite(line, lambda owner, field, value: by_class.get(owner, {}).get(field, lambda same: same)(value))  # type: ignore[no-any-return]


SCALES = {
    "constant": ("value",),
    "exponential": ("mean",),
    "lognormal": ("median",),
    "gamma": ("mean",),
    "weibull": ("scale",),
    "uniform": ("low", "high"),
    "shifted": ("shift", "median"),
    "loglogistic": ("median",),
    "mixture": ("median", "other_median"),
    "quantiles": tuple(f"p{percent}" for percent in range(1, 100)),
}
"""Parameters of a distribution that are times."""

COUNTS = ("objects", "tasks")
"""Fields whose distributions are of numbers, not of times."""

RATES = ("per_week", "hazard_per_year", "slower", "logits")
"""Fields that are by time: where everything takes n times as long they are an n-th."""

WAYS = ("delays", "there", "back")
"""Fields that hold times by pool."""

LONG = ("hours",)
"""Fields that are times and do not end in _s."""


def slower(line: Line, n: int) -> Line:
    """The line on which everything takes n times as long. Calendars and what hangs on the days of the week stay as they
    are: the line must have none."""

    def scaled(owner: str, field: str, value: Any) -> Any:
        if value is None:
            return None
        if field.endswith("_s") or field in LONG:
            return value * n
        if field in WAYS:
            return {name: seconds * n for name, seconds in value.items()}
        if field in RATES:
            return value / n
        if isinstance(value, Distribution) and field not in COUNTS:
            times = SCALES[value.family]
            return Distribution(
                value.family, {name: one * n if name in times else one for name, one in value.parameters.items()}
            )
        return value

    return rewrite(line, scaled)  # type: ignore[no-any-return]


def rewrite(value: Any, change: Callable[[str, str, Any], Any]) -> Any:
    """A dataclass whose fields, and those of what is in them, are changed: change(class, field, value) -> value.

    What a change puts in is left as it is."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        owner = type(value).__name__
        fields = {
            field.name: rewrite(change(owner, field.name, getattr(value, field.name)), change)
            for field in dataclasses.fields(value)
        }
        return type(value)(**fields)
    if isinstance(value, tuple):
        return tuple(rewrite(one, change) for one in value)
    if isinstance(value, Mapping):
        return {key: rewrite(one, change) for key, one in value.items()}
    return value
