"""What a scenario inherits from a fit, in the scenario's own words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .availability import BIN_MS, Availability
from .crowd import words
from .crowd.fit import CrowdFit
from .fit import Assumption, Parameter
from .record import Names
from .service.families import in_seconds
from .service.fit import Service

MOST_IDLE = 0.95
"""The most of the time on shift that a scenario lets pass without work."""


def scenario_block(
    names: Names,
    fitted: Sequence[Parameter],
    assumed: Sequence[Assumption],
    shares: Mapping[str, float],
    availability: Availability,
    crowd: CrowdFit | None = None,
    review: Mapping[str, Any] | None = None,
    shift_end: str | None = None,
) -> dict[str, Any]:
    """The block that a scenario inherits, as nested dicts of text in the scenario's words.

    fitted, assumed: of the whole fit; what is in neither is left out.  shares: of the classes, empty for none.
    crowd: None for a staff, whose slots on shift are in `availability`.  review: pools and stages of a review and
    rework_by (of stages/words.py), None or empty for none.  shift_end: of the stage, None for the scenario's own.
    """
    known = {one.path: one.value for one in fitted} | {one.path: one.value for one in assumed}

    def number(path: str, unit: str = "") -> str | None:
        return f"{known[path]:.4g}{unit}" if path in known else None

    segment, stage = f"work.{names.segment}", f"stages.{names.stage}"
    difficulty = {
        "spread": number(f"{segment}.difficulty.spread"),
        "attractor": number(f"{segment}.difficulty.attractor"),
        "hard": _hard(known, f"{segment}.difficulty.hard"),
    }
    after = review or {"pools": {}, "stages": {}, "rework_by": None}
    labels = known.get(f"{stage}.labels_per_item")
    return _pruned(
        {
            "work": {names.segment: {"classes": percentages(shares), "difficulty": difficulty}},
            "calendars": {f"{names.pool}-hours": hours_of(availability, crowd) | {"timezone": names.timezone}},
            "pools": {names.pool: pool_block(known, names.pool, availability, crowd)} | after["pools"],
            "stages": {
                names.stage: {
                    "kind": None if names.stage == "annotate" else "annotate",
                    "pools": [names.pool],
                    "labels_per_item": None if labels is None else str(int(labels)),
                    "time": time_of(known, stage),
                    "shift_end": None if crowd is not None else shift_end,
                    "rework_by": after["rework_by"],
                }
            }
            | after["stages"],
        }
    )


def hours_of(availability: Availability, crowd: CrowdFit | None) -> dict[str, Any]:
    """The calendar of a pool: slots on shift of a staff, all hours of a crowd."""
    return {"availability": availability.shares()} if crowd is None else {"days": "Mon-Sun", "hours": "00:00-24:00"}


def pool_block(
    known: Mapping[str, float], name: str, availability: Availability, crowd: CrowdFit | None
) -> dict[str, Any]:
    """A pool of the first stage in the scenario's words, as far as it is known. known: values by path."""
    pool = f"pools.{name}"

    def number(path: str) -> str | None:
        return f"{known[f'{pool}.{path}']:.4g}" if f"{pool}.{path}" in known else None

    accuracy = known.get(f"{pool}.skill.accuracy")
    skill = {
        "accuracy": None if accuracy is None else f"{100 * accuracy:.4g}%",
        "mean": number("skill.mean"),
        "spread": number("skill.spread"),
    }
    tires = known.get(f"{pool}.fatigue.slower")
    slower = None if tires is None else f"{tires:.4g}%/hour"
    calendar = f"{name}-hours"
    if crowd is None:
        there: dict[str, Any] = {"headcount": str(availability.headcount), "calendar": calendar}
    else:
        there = words.block(crowd, calendar)
    return _pruned(
        there
        | {
            "shrinkage": f"{100 * min(known[f'{pool}.shrinkage'], MOST_IDLE):.4g}%",
            "speed": {"factor": number("speed.factor"), "spread": number("speed.spread")},
            "learning": learning_of(known, name),
            "fatigue": {"slower": slower, "logits": number("fatigue.logits")},
            "skill": skill,
            "class_effects": _effects(known, f"{pool}.class_effects."),
        }
    )


def learning_of(known: Mapping[str, float], pool: str) -> dict[str, str]:
    """Practice of `pool` in the scenario's words, empty where it is not told."""
    path = f"pools.{pool}.learning"
    if f"{path}.exponent" not in known:
        return {}
    return {"exponent": f"{known[f'{path}.exponent']:.4g}", "tasks": f"{known[f'{path}.tasks']:.0f} tasks"}


def _hard(known: Mapping[str, float], path: str) -> dict[str, str]:
    if f"{path}.share" not in known:
        return {}
    share, harder, spread = (known[f"{path}.{name}"] for name in ("share", "harder", "spread"))
    return {"share": f"{100 * share:.4g}%", "harder": f"{harder:.4g}", "spread": f"{spread:.4g}"}


def _effects(known: Mapping[str, float], start: str) -> dict[str, str]:
    """Logits by class."""
    return {path.removeprefix(start): f"{value:.4g}" for path, value in known.items() if path.startswith(start)}


def shift_end_of(service: Service) -> str | None:
    """`finish` where tasks are shorter than what hours of availability are counted in, None for the scenario's own.

    Slots of an hour of the week are no people's shifts: a task in hand would wait for the next hour of its slot, which
    may be a week later, where the log's workers all finished theirs (decision 115).
    """
    usual = math.exp(float(service.timed.log_seconds.mean()))
    return "finish" if usual <= BIN_MS / 1000 else None


def time_of(known: Mapping[str, float], stage: str) -> dict[str, Any]:
    """The one distribution of a stage's time that is known, in its family's words; a constant if it has no spread."""
    start = f"{stage}.time."
    out: dict[str, dict[str, str]] = {}
    for path, value in known.items():
        if path.startswith(start):
            family, name = path.removeprefix(start).split(".")
            percent = {"share": (100 * value, "%")}.get(name)
            value, unit = percent or (value, " s" if in_seconds(family, name) else "")
            out.setdefault(family, {})[name] = f"{value:.4g}{unit}"
    if float(out.get("lognormal", {}).get("sigma", "1")) <= 0:
        return {"constant": out["lognormal"]["median"]}
    return out


def percentages(shares: Mapping[str, float]) -> dict[str, str]:
    """Shares as percentages of two digits after the point that sum to 100 exactly (largest remainder)."""
    if not shares:
        return {}
    exact = {name: share * 10_000 for name, share in shares.items()}
    whole = {name: int(value) for name, value in exact.items()}
    short = 10_000 - sum(whole.values())
    for name in sorted(exact, key=lambda one: (whole[one] - exact[one], one))[:short]:
        whole[name] += 1
    return {name: f"{value / 100:.2f}".rstrip("0").rstrip(".") + "%" for name, value in whole.items()}


def _pruned(block: Mapping[str, Any]) -> dict[str, Any]:
    """`block` without absent values and the mappings that they leave empty."""
    out = {}
    for name, value in block.items():
        inner = _pruned(value) if isinstance(value, Mapping) else value
        if inner is not None and inner != {}:
            out[name] = inner
    return out
