"""Where items go after each outcome of each stage: what is written, else the usual way.

annotate: labelled to review if there is one, else deliver; tied to adjudicate if there is one, else as labelled.
review: accepted to deliver; rejected back to annotate; exhausted to adjudicate if there is one, else deliver.
adjudicate: decided to deliver. Where the usual way would have two stages to choose from, it must be written.
Items enter at the first annotate stage that no outcome but `rejected` leads to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from ..sim.line import DELIVER, Kind
from .problems import listed
from .spec import Scenario, Stage

Broken = tuple[tuple[str, ...], str]
"""A broken rule: where, and what."""


@dataclass(frozen=True)
class Routes:
    """kinds: of each stage.  next: by stage and outcome.  first: where items enter.  broken: what is not settled."""

    kinds: dict[str, Kind]
    next: dict[str, dict[str, str]]
    first: str
    broken: list[Broken] = field(default_factory=list)


def routes(scenario: Scenario) -> Routes:
    """The way of the items through the stages."""
    kinds = {name: cast(Kind, stage.kind or name) for name, stage in scenario.stages.items()}
    broken: list[Broken] = []
    of_kind: dict[Kind, list[str]] = {
        kind: [name for name, own in kinds.items() if own == kind] for kind in ("annotate", "review", "adjudicate")
    }
    ways = {name: _next(name, stage, kinds[name], of_kind, broken) for name, stage in scenario.stages.items()}
    if not of_kind["annotate"]:
        broken.append((("stages",), "a line needs a stage of kind annotate, but has none. Write one."))
        return Routes(kinds, ways, "", broken)
    led_to = {target for way in ways.values() for outcome, target in way.items() if outcome != "rejected"}
    first = next((name for name in of_kind["annotate"] if name not in led_to), of_kind["annotate"][0])
    return Routes(kinds, ways, first, broken)


def _next(
    name: str, stage: Stage, kind: Kind, of_kind: Mapping[Kind, list[str]], broken: list[Broken]
) -> dict[str, str]:
    def usual(outcome: str, target: Kind, otherwise: str, key: tuple[str, ...]) -> str:
        """The only stage of a kind, or `otherwise` when there is none."""
        if outcome in stage.next:
            return stage.next[outcome]
        there = of_kind[target]
        if len(there) > 1:
            written = ": {".join(key) + f": {there[0]}" + "}" * (len(key) - 1)
            rule = f"there are {len(there)} {target} stages ({listed(there)}), so it must say which follows"
            broken.append((("stages", name), f"{rule}, but does not. Write `{written}`."))
        return there[0] if there else otherwise

    if kind == "annotate":
        labelled = usual("labelled", "review", DELIVER, ("next", "labelled"))
        tied = usual("tied", "adjudicate", labelled, ("next", "tied"))
        return {"labelled": labelled, "tied": tied}
    if kind == "review":
        reject = stage.on_reject
        return {
            "accepted": stage.next.get("accepted", DELIVER),
            "rejected": reject.to or usual("rejected", "annotate", DELIVER, ("on_reject", "to")),
            "exhausted": reject.then or usual("exhausted", "adjudicate", DELIVER, ("on_reject", "then")),
        }
    return {"decided": stage.next.get("decided", DELIVER)}
