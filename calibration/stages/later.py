"""The other stages of a line than the first: times, people and ways of each, and the block of the whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ..availability import Availability, fit_availability
from ..block import MOST_IDLE, learning_of, percentages, shift_end_of
from ..cleaning import Cleaned, clean
from ..fit import Assumption, Parameter, Together
from ..readers.judgements import Refusals
from ..service.fit import Service, fit_service, timed
from ..service.words import assumptions, parameters
from ..service.words import together as of_times
from .lines import Flow, Step
from .practice import by_one_law, fitted_by, home, main_stages
from .rates import wilson
from .routes import DELIVER, LOOP, Routes, chances, routes_of
from .teams import shares_of, teams_of


@dataclass(frozen=True, eq=False)
class Later:
    """flow: all steps.  told: roles of the log told pools.  cleaned: by name of the stage, but the first's.  service:
    of all stages.  pools: availability by name, but that of the first stage's pool.
    pages: of the first stage's pool, at all stages.  shares: of each stage's work by pool.  both: people
    seen at several stages.  nameless: people without a role, where roles are told.
    main: of each pool the stage that tells its speed and practice.  lawful: stages whose times go by the practice that
    another of their pool's tells.
    routes: None in a line of labelling.
    """

    flow: Flow
    told: bool
    cleaned: dict[str, Cleaned]
    service: dict[str, Service]
    pools: dict[str, Availability]
    pages: pd.DataFrame
    shares: dict[str, dict[str, float]]
    counts: dict[str, int]
    both: int
    nameless: int
    main: dict[str, str]
    lawful: tuple[str, ...]
    routes: Routes | None

    @property
    def rows(self) -> int:
        """Rows of the other stages that were used."""
        return sum(len(one.judgements) for one in self.cleaned.values())

    @property
    def reached(self) -> set[str]:
        """Names of the stages that have times and, where routes are known, that items come to from the first."""
        first = self.flow.steps[0].name
        known = set(self.service)
        if self.routes is None:
            return known
        found, ahead = {first}, [first]
        while ahead:
            new = {to for to, _ in self.routes.ways[ahead.pop()] if to in known} - found
            found |= new
            ahead += sorted(new)
        return found

    def home(self, stage: str) -> str:
        """The pool that does most of a stage's work."""
        return home(self.shares[stage])


def clean_steps(judgements: pd.DataFrame, refusals: Refusals, flow: Flow, skip: Collection[str]) -> dict[str, Cleaned]:
    """The work of each step after the first, by name of the stage; rows of steps that are no stages are refused."""
    stage = judgements["stage"].fillna("")
    for word, _, why in flow.left_out:
        refusals.add_frame(f"of the step {word or '(no name)'}, which is no stage: {why}", judgements[stage == word])
    out = {}
    for step in flow.steps[1:]:
        # The verdict of a review is no judgement of its own work.
        mine = judgements[stage == step.word]
        out[step.name] = clean(mine.assign(outcome=mine["outcome"].replace("rejected", "accepted")), refusals, skip)
    return out


def fit_later(
    judgements: pd.DataFrame,
    refusals: Refusals,
    flow: Flow,
    steps: Mapping[str, Cleaned],
    of_first: Service,
    pool: str,
    timezone: str,
) -> Later:
    """What the log says of the stages after the first.

    steps: the work of all.  of_first: times of the first stage.  pool: the name of its pool."""
    stage = judgements["stage"].fillna("")
    cleaned, service = {}, {flow.steps[0].name: of_first}
    for step in flow.steps[1:]:
        found = steps[step.name]
        if found.pages["timed"].any():
            cleaned[step.name], service[step.name] = found, fit_service(timed(found.pages))
        else:
            refusals.add_frame(f"of the step {step.word}, none of which has a usable service time", found.judgements)
    team, told, pages, by = _placed(judgements, flow, [steps[flow.steps[0].name], *cleaned.values()], pool)
    pools = {
        name: fit_availability(pages[by == name], name, timezone, 1)
        for name in sorted(set(by[pages["timed"]]) - {pool})
    }
    mine = pages[by == pool]
    # Who has no usable time at all has no hours either, and so no part in the line.
    known = team[team.isin([pool, *pools])]
    shares = {step.name: shares_of(known[stage[known.index] == step.word]) for step in flow.steps}
    counts = {step.name: int((stage == step.word).sum()) for step in flow.steps}
    main = main_stages({name: shares[name] for name in service}, counts) | {pool: flow.steps[0].name}
    tells = {name: main[home(shares[name])] for name in service}
    lawful = by_one_law(service, cleaned, tells)
    service |= {name: fitted_by(cleaned[name], service[name], service[tells[name]]) for name in sorted(lawful)}
    there = tuple(step for step in flow.steps if step.name in service)
    routes = None if flow.labelling else routes_of(judgements, replace(flow, steps=there))
    people = judgements.loc[team.index].groupby("worker")
    at, roles = people["stage"].nunique(), people["role"].count()
    both, nameless = int((at > 1).sum()), int((roles == 0).sum())
    return Later(
        flow=flow,
        told=told,
        cleaned=cleaned,
        service=service,
        pools=pools,
        pages=mine,
        shares=shares,
        counts=counts,
        both=both,
        nameless=nameless,
        main=main,
        lawful=tuple(sorted(lawful)),
        routes=routes,
    )


def _placed(
    judgements: pd.DataFrame, flow: Flow, cleaned: Sequence[Cleaned], pool: str
) -> tuple[pd.Series[str], bool, pd.DataFrame, pd.Series[str]]:
    """(Pool of each row, whether roles told it, pages of all stages, pool of each: its worker's where roles are told,
    else its stage's). Roles tell nothing where that of most of the first stage's work has no usable time at all."""
    team, told = teams_of(judgements, flow, pool)
    by: pd.Series[str]
    if told:
        of_worker = dict(zip(judgements.loc[team.index, "worker"], team, strict=True))
        by = pd.concat([one.pages["worker"].map(of_worker) for one in cleaned], ignore_index=True)
    else:
        of_stage = dict(zip(judgements.loc[team.index, "stage"], team, strict=True))
        at = [np.full(len(one.pages), of_stage[one.judgements["stage"].iloc[0]]) for one in cleaned]
        by = pd.Series(np.concatenate(at), dtype="str")
    pages = pd.concat([one.pages for one in cleaned], ignore_index=True)
    if told and not pages.loc[by == pool, "timed"].any():
        return _placed(judgements.assign(role=None), flow, cleaned, pool)
    return team, told, pages, by


def fitted(later: Later) -> list[Parameter]:
    """Parameters of the stages after the first and of their pools; of a pool's speed and practice those at the stage
    that it works most at."""
    out: list[Parameter] = []
    for name, one in later.pools.items():
        out += one.parameters
        out += [p for p in _speeds(later, name) if p.path.startswith("pools.")]
    for step in later.flow.steps[1:]:
        if step.name in later.service:
            found = parameters(later.service[step.name], later.home(step.name), step.name)
            out += [p for p in found if p.path.startswith("stages.")]
    for stage, shares in later.shares.items():
        if len(shares) > 1:
            out += _shares(stage, shares, later.counts[stage])
    if later.routes is not None:
        for stage, ways in later.routes.ways.items():
            out += [
                Parameter(
                    f"stages.{stage}.next.done.{to}", one.value, one.low, one.high, one.n,
                    "share of the visits that were followed by it; Wilson interval, items as clusters", "share",
                )
                for to, one in ways
            ]  # fmt: skip
    return out


def together(later: Later) -> list[Together]:
    """How errors hang together in the times of the stages after the first."""
    out: list[Together] = []
    for step in later.flow.steps[1:]:
        if step.name in later.service:
            out += of_times(later.service[step.name], later.home(step.name), step.name)
    return out


def _speeds(later: Later, pool: str) -> list[Parameter]:
    most = later.main.get(pool)
    return [] if most is None else parameters(later.service[most], pool, most)


def _shares(stage: str, shares: Mapping[str, float], n: int) -> list[Parameter]:
    method = "share of the stage's work; Wilson interval"
    return [
        Parameter(f"stages.{stage}.pools.{name}", share, one.low, one.high, n, method, "share")
        for name, share in shares.items()
        for one in [wilson(share, n, n, n - 1)]
    ]


def assumed(later: Later) -> list[Assumption]:
    """What times of the other stages lack, and practice of their pools."""
    of_stages = [
        one
        for name in later.cleaned
        for one in assumptions(later.service[name], later.home(name), name)
        if one.path.startswith("stages.")
    ]
    of_pools = [
        one
        for pool in later.pools
        if pool in later.main
        for one in assumptions(later.service[later.main[pool]], pool, later.main[pool])
        if one.path.startswith("pools.")
    ]
    return of_stages + of_pools


def with_stages(
    block: Mapping[str, Any], later: Later, known: Mapping[str, float], times: Mapping[str, Any], timezone: str
) -> dict[str, Any]:
    """`block` of the first stage with the other stages, their pools and the ways between.

    known: all values by path.  times: of each stage in the scenario's words.
    """
    pools, calendars, stages = dict(block["pools"]), dict(block["calendars"]), dict(block["stages"])
    reached = later.reached
    at_work = {name for stage in reached for name in later.shares[stage]}
    for name, there in later.pools.items():
        if name not in at_work:
            continue  # of a stage that is not in the scenario, or with hardly any part in one
        calendar = f"{name}-hours"
        calendars[calendar] = {"availability": there.shares(), "timezone": timezone}
        pools[name] = {
            **pools.get(name, {}),
            "headcount": str(there.headcount),
            "calendar": calendar,
            "shrinkage": f"{100 * min(there.shrinkage.value, MOST_IDLE):.4g}%",
        }
        spread = known.get(f"pools.{name}.speed.spread")
        if spread is not None:
            pools[name]["speed"] = {"spread": f"{spread:.4g}"}
        if learning := learning_of(known, name):
            pools[name]["learning"] = learning
    steps = {step.name: step for step in later.flow.steps if step.name in reached}
    for name, step in steps.items():
        mine = {**stages.get(name, {}), **_stage(later, step, set(steps))}
        if name in times:
            mine["time"] = times[name]
        if name in later.cleaned:
            mine["shift_end"] = shift_end_of(later.service[name])
        stages[name] = {key: value for key, value in mine.items() if value is not None}
    out: dict[str, Any] = {**block, "calendars": calendars, "pools": pools, "stages": stages}
    if later.routes is not None:
        out["first"] = later.flow.steps[0].name
        stages[out["first"]].pop("labels_per_item", None)
        for segment in out.get("work", {}).values():
            segment.pop("classes", None)
    return {name: value for name, value in out.items() if value}


def _stage(later: Later, step: Step, there: set[str]) -> dict[str, Any]:
    """Kind, pools and ways of a stage."""
    pools = later.shares[step.name]
    out: dict[str, Any] = {"pools": [*pools] if len(pools) == 1 else percentages(pools)}
    if step.name != step.kind:
        out["kind"] = step.kind
    if later.routes is not None:
        ways = [one for one in later.routes.ways[step.name] if one[0] in there or one[0] == DELIVER]
        found = chances(tuple(ways), step.name) if ways else {DELIVER: "100%"}
        out["next"] = {"done": next(iter(found)) if len(found) == 1 else found}
    return out


def notes(later: Later) -> list[str]:
    """What a planner should know of the stages."""
    flow = later.flow
    shown = ", ".join(f"{step.word!r} as {step.name}" for step in flow.steps[:12])
    out = [f"{len(flow.steps)} steps of work are stages of the line: {shown}."]
    if flow.left_out:
        what = "; ".join(f"{word or '(no name)'}, {rows} rows: {why}" for word, rows, why in flow.left_out[:8])
        out.append(f"{len(flow.left_out)} steps are no stages, and are passed over ({what}).")
    how = "stages that have half of their work by the same people"
    if later.told:
        how = "the roles that the log names"
    elif flow.labelling:
        who = "1 person works" if later.both == 1 else f"{later.both} people work"
        how = f"one a stage, since a reviewer is no author; {who} at several"
    names = sorted({name for shares in later.shares.values() for name in shares})
    out.append(f"Pools are {how}: {', '.join(names)}.")
    if later.told and later.nameless:
        out.append(
            f"People without a role, {later.nameless} of them, are of the pool that does most where they are most."
        )
    lawful = [name for name in later.lawful if name in later.reached]
    if lawful:
        out.append(
            f"A scenario knows one law of practice a pool: times at {', '.join(lawful)} go by that which is told where "
            "their pool does most."
        )
    if later.routes is None:
        return out
    if flow.enters < 1:
        out.append(
            f"{1 - flow.enters:.1%} of the items begin at another step than {flow.steps[0].word!r}; in the scenario "
            "all begin there."
        )
    lost = [step.name for step in flow.steps if step.name not in later.reached]
    if lost:
        out.append(
            f"Not in the scenario: {', '.join(lost)}, where items only begin, or where no service time can be used; "
            "items pass them over."
        )
    out.append(
        "Where an item goes next depends on nothing but where it is: a scenario draws it by chance. Steps are work "
        "without labels; what is right or wrong is not modelled."
    )
    if flow.side_by_side > 0.01:
        out.append(
            f"{flow.side_by_side:.0%} of the steps begin before the item's step before has ended: they run side by "
            "side. A scenario does them one after another: what people have to do comes right, and items take too long."
        )
    if later.routes.open:
        out.append(
            f"{later.routes.open} items may not be done yet: where they were last seen is not taken as their end."
        )
    if later.routes.ends:
        out.append(
            f"All items whose last step is {', '.join(later.routes.ends)} were seen there so late that they may go on; "
            "they are taken as done, since nothing would ever be done else."
        )
    for stage, ways in later.routes.ways.items():
        back = dict(ways).get(stage)
        if back is not None and back.value > LOOP:
            out.append(
                f"{back.value:.0%} of what leaves {stage} comes back to it at once; a scenario takes 90% at most."
            )
    return out
