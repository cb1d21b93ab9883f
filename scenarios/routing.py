"""Where items go after each outcome of each stage: what is written, else the usual way.

dedup: kept to prelabel if there is one, else to annotate.  prelabel: suggested to annotate.
annotate: labelled to review if there is one, else to inspect, else deliver; tied to adjudicate, else as labelled.
review: accepted to inspect if there is one, else deliver.  inspect: accepted to deliver.  Both: rejected back to
annotate, exhausted to adjudicate if there is one, else deliver.  adjudicate: decided to deliver.
work: done must be written. Where the usual way would have two stages to choose from, it must be written, too.
Items enter at `first`, else at the first stage to which only stages lead that come after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from ..sim.line import DELIVER, JUDGES, OUTCOMES, Kind, Target, targets
from .problems import listed
from .spec import Scenario, Stage

Broken = tuple[tuple[str | int, ...], str]
"""A broken rule: where, and what."""

Ways = dict[str, Target]

_USUAL: Mapping[str, tuple[Kind, ...]] = {
    "kept": ("prelabel", "annotate"),
    "suggested": ("annotate",),
    "labelled": ("review", "inspect"),
    "tied": ("adjudicate",),
    "rejected": ("annotate",),
    "exhausted": ("adjudicate",),
}
"""Kinds of stage that usually follow an outcome, the first that there is."""

_LATER: tuple[Kind, ...] = ("adjudicate", *JUDGES)
"""Kinds of stage that need a label."""

_NEEDED: tuple[Kind, ...] = ("annotate", "work")


@dataclass(frozen=True)
class Routes:
    """kinds: of each stage.  next: by stage and outcome.  first: where items enter.  broken: what is not settled."""

    kinds: dict[str, Kind]
    next: dict[str, Ways]
    first: str
    broken: list[Broken] = field(default_factory=list)


def routes(scenario: Scenario) -> Routes:
    """The way of the items through the stages."""
    kinds = {name: cast(Kind, stage.kind or name) for name, stage in scenario.stages.items()}
    broken: list[Broken] = []
    ways = {name: _next(name, stage, kinds, broken) for name, stage in scenario.stages.items()}
    if not any(kind in _NEEDED for kind in kinds.values()):
        broken.append((("stages",), "a line needs a stage of kind annotate, but has none. Write one."))
        return Routes(kinds, ways, "", broken)
    judge = next((name for name, kind in kinds.items() if kind in _LATER), None)
    if judge is not None and "annotate" not in kinds.values():
        rule = f"{kinds[judge]} needs labels, but the line has no stage of kind annotate"
        broken.append((("stages", judge), f"{rule}. Write one, or make this one of kind work."))
    first = scenario.first or _entry(kinds, ways)
    if kinds[first] in _LATER:
        broken.append(
            (("first",), f"items enter without a label, but {first} is of kind {kinds[first]}. Name an earlier stage.")
        )
    return Routes(kinds, ways, first, broken)


def _entry(kinds: Mapping[str, Kind], ways: Mapping[str, Ways]) -> str:
    """The first stage that can lead to every stage that leads to it, rejections apart."""
    ahead = {
        name: [to for outcome, way in own.items() if outcome != "rejected" for to, _ in targets(way)]
        for name, own in ways.items()
    }
    able = [name for name, kind in kinds.items() if kind not in _LATER]
    for name in able:
        reached = reach(name, ahead)
        if all(before in reached for before, after in ahead.items() if name in after):
            return name
    return able[0]


def reach(first: str, ahead: Mapping[str, list[str]]) -> set[str]:
    """Stages that items from `first` may come to, itself among them."""
    reached, todo = {first}, [first]
    while todo:
        for target in ahead.get(todo.pop(), ()):
            if target != DELIVER and target not in reached:
                reached.add(target)
                todo.append(target)
    return reached


def _next(name: str, stage: Stage, kinds: Mapping[str, Kind], broken: list[Broken]) -> Ways:
    kind, ways = kinds[name], Ways()
    for outcome in OUTCOMES[kind]:
        written = {"rejected": stage.on_reject.to, "exhausted": stage.on_reject.then}.get(outcome)
        if outcome in stage.next:
            ways[outcome] = _target(stage.next[outcome])
        elif written is not None:
            ways[outcome] = written
        elif outcome == "done":
            ways[outcome] = DELIVER
            rule = "a stage of kind work says what follows, but this does not"
            broken.append((("stages", name), f"{rule}. Write `next: {{done: annotate}}`."))
        else:
            usual: tuple[Kind, ...] = _USUAL.get(outcome, ())
            if kind == "review" and outcome == "accepted":
                usual = ("inspect",)
            otherwise = ways["labelled"] if outcome == "tied" else DELIVER
            ways[outcome] = _usual(name, outcome, usual, otherwise, kinds, broken)
    return ways


def _usual(
    name: str,
    outcome: str,
    usual: tuple[Kind, ...],
    otherwise: Target,
    kinds: Mapping[str, Kind],
    broken: list[Broken],
) -> Target:
    """The only stage of the first kind that there is, or `otherwise` when there is none."""
    for kind in usual:
        there = [one for one, own in kinds.items() if own == kind]
        if len(there) > 1:
            keys = {"rejected": "on_reject: {to", "exhausted": "on_reject: {then"}.get(outcome, f"next: {{{outcome}")
            rule = f"there are {len(there)} {kind} stages ({listed(there)}), so it must say which follows"
            broken.append((("stages", name), f"{rule}, but does not. Write `{keys}: {there[0]}}}`."))
        if there:
            return there[0]
    return otherwise


def _target(shares: Mapping[str, Decimal]) -> Target:
    """One stage, or several with their chances."""
    some = tuple((name, float(share)) for name, share in shares.items() if share > 0)
    return some[0][0] if len(some) == 1 else some
