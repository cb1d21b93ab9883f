"""Who gave each value of a line: the planner, a fit, or we."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ..sim.line import JUDGES, Kind
from .distinct import COUNTED
from .layers import Layers
from .leaves import leaves, long_path
from .parts import Part
from .shape import short_under
from .spec import Pool, Scenario, Stage
from .spec.stages import OWN_KEYS


@dataclass(frozen=True)
class Origins:
    """Scenario paths of a line. fitted: from a profile.  assumed: our defaults on which the answer rests, and what a
    profile holds that was not fitted.  stated: written in the scenario's own files. What is in none of them is a
    default of ours as well."""

    fitted: tuple[str, ...]
    assumed: tuple[str, ...]
    stated: tuple[str, ...]


def origins(
    scenario: Scenario, kinds: Mapping[str, Kind], layers: Layers, calendars: set[str], pools: set[str]
) -> Origins:
    """Who gave the values of a line. calendars, pools: those in use."""
    assumed = ["timezone"] if "timezone" not in scenario.model_fields_set else []
    for name, segment in scenario.work.items():
        assumed += _defaults(segment, f"work.{name}")
    works: dict[str, set[Kind]] = {}
    for name, stage in scenario.stages.items():
        for pool in (one for one, share in (stage.pools or {}).items() if share > 0):
            works.setdefault(pool, set()).add(kinds[name])
    for name, people in scenario.pools.items():
        if name in pools:
            assumed += _pool_defaults(people, f"pools.{name}", works.get(name, set(COUNTED)))
    signed = {
        people.pay.contract for name, people in scenario.pools.items() if name in pools and people.pay is not None
    }
    for name, contract in scenario.contracts.items():
        if name in signed and contract.per_label is not None:
            assumed += _defaults(contract, f"contracts.{name}")
    suggested = "prelabel" in kinds.values()
    for name, stage in scenario.stages.items():
        assumed += _stage_defaults(stage, f"stages.{name}", kinds[name], suggested)
    if scenario.sampling is not None:
        assumed += _defaults(scenario.sampling, "sampling")
    for name, chart in scenario.charts.items():
        assumed += [] if chart.limit is not None else _defaults(chart, f"charts.{name}")
    for change in scenario.changes:
        assumed += _defaults(change, "changes")
    used: Mapping[str, Collection[str | None]] = {"pools": pools, "calendars": calendars, "contracts": signed}
    fitted: list[str] = []
    stated: list[str] = []
    for steps, node in leaves(layers.root):
        if len(steps) > 1 and steps[0] in used and steps[1] not in used[steps[0]]:
            continue
        path = ".".join(steps)
        if not layers.profile or node.mark.file != layers.profile:
            stated.append(long_path(steps, node))
        elif layers.stand_in or any(path == one or path.startswith(f"{one}.") for one in layers.assumed):
            assumed.append(path)
        else:
            fitted.append(path)
    return Origins(*(tuple(dict.fromkeys(one)) for one in (fitted, assumed, stated)))


def _defaults(part: Part, path: str) -> Iterator[str]:
    """Paths of the numbers that nobody wrote and the answer rests on."""
    for name, info in type(part).model_fields.items():
        value = getattr(part, name)
        if isinstance(value, Part):
            short = short_under(type(part), name)
            key = f".{short.name}" if short is not None else None
            for one in _defaults(value, f"{path}.{name}"):
                yield one.removesuffix(key) if key is not None and one == f"{path}.{name}{key}" else one
        elif name not in part.model_fields_set and isinstance(info.json_schema_extra, dict):
            yield f"{path}.{name}"


def _pool_defaults(pool: Pool, path: str, works: set[Kind]) -> Iterator[str]:
    """Without what the pool's work does not use."""
    unused = []
    if works <= {*JUDGES, "work"} or pool.skill.mean is not None:
        unused += ["skill.accuracy"]
    if works == {"work"}:
        unused += ["skill.spread"]
    if not works & set(JUDGES):
        unused += ["reviewing.sensitivity", "reviewing.false_alarm"]
    if pool.pay is not None and pool.pay.per_label is None:
        unused += ["pay.rework_paid"]
    if pool.learning is not None and not pool.learning.gain:
        unused += ["learning.half"]
    yield from (one for one in _defaults(pool, path) if one.removeprefix(f"{path}.") not in unused)


def _stage_defaults(stage: Stage, path: str, kind: Kind, suggested: bool) -> Iterator[str]:
    """Without keys of other kinds and of rules that the stage does not have."""
    labels, gold = stage.labels_per_item, stage.gold
    unused = [key for key, kinds in OWN_KEYS.items() if kind not in kinds]
    if not suggested:
        unused += ["suggestion"]
    if labels.threshold is None:
        unused += ["labels_per_item.start"] + ["labels_per_item.max"] * (labels.lead is None)
    if gold is not None and gold.ban_below is None:
        unused += ["gold.after"]
    if stage.model.skill is not None:
        unused += ["model.accuracy"]
    for one in _defaults(stage, path):
        own = one.removeprefix(f"{path}.")
        if own not in unused and own.split(".")[0] not in unused:
            yield one
