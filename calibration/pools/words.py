"""Pools that a column tells in the scenario's words: parameters with intervals, assumptions, notes and the block."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..block import hours_of, percentages, pool_block
from ..crowd import words as crowds
from ..fit import Assumption, Parameter
from ..service.choose import LEAST_PAGES
from ..service.families import in_seconds
from ..service.thin import ENOUGH
from ..stages.rates import wilson
from ..tenure import fit_tenure
from .fit import Pools
from .together import Together

THIN = 0.1
"""Share of a pool's number that the whole has, from which on a note says so."""

MOVED = 0.01
"""By how much the share of time on shift without tasks must have moved for a note to say so."""

MIXED = 0.02
"""Share of the items with labels of several pools, from which on a note says so."""

DRAWN = "drawn together with the other pools (normal model, sd between pools summed over), {0:.0%} of it the whole's"


def fitted(pools: Pools, of_all: Sequence[Parameter], stage: str, timezone: str) -> list[Parameter]:
    """`of_all`, the parameters of a fit without pools, with those of people told for each pool.

    The stage's times are of the main pool's people: their intervals are as wide as its mean is in doubt.
    """
    path = f"pools.{pools.main}."
    kept = [one for one in of_all if not one.path.startswith(path)]
    out = [_wide(one, pools) if one.path.startswith(f"stages.{stage}.time.") else one for one in kept]
    alike = [one for one in of_all if one.path.startswith(f"{path}class_effects.")]
    if pools.skills is not None and pools.skills.spread is None:
        alike += [one for one in of_all if one.path == f"{path}skill.spread"]
    for number, name in enumerate(pools.names):
        out += _there(pools, name, timezone)
        out += _pace(pools, number, name)
        out += _skill(pools, number, name)
        out += [
            replace(one, path=one.path.replace(path, f"pools.{name}.", 1), method=f"{one.method}; of all pools")
            for one in alike
        ]
    return [*out, *_shares(pools, stage)]


def _wide(one: Parameter, pools: Pools) -> Parameter:
    """A time whose interval is that of people like all these, as of the main pool's."""
    family, name = one.path.split(".time.")[1].split(".")
    if not in_seconds(family, name) or one.low is None or one.high is None or one.low <= 0:
        return one
    _, low, high = pools.pace.means.of(0)
    mu, least, _ = pools.service.effects.mu
    own = 0.0 if least is None else mu - least
    more = math.sqrt(max(0.0, ((high - low) / 2) ** 2 - own**2))
    down, up = math.hypot(math.log(one.value / one.low), more), math.hypot(math.log(one.high / one.value), more)
    method = f"{one.method}; of the people of {pools.main}"
    return replace(one, low=one.value * math.exp(-down), high=one.value * math.exp(up), method=method)


def _there(pools: Pools, name: str, timezone: str) -> list[Parameter]:
    """When people are there."""
    there = pools.there[name]
    value, low, high = pools.shrunk(name)
    method = there.shrinkage.method
    if pools.shrinkage is not None:
        method += "; " + DRAWN.format(pools.shrinkage.borrowed(pools.names.index(name)))
    off = replace(there.shrinkage, value=value, low=low, high=high, method=method)
    if name in pools.crowds:
        return [*crowds.parameters(pools.crowds[name], name), off]
    return [there.slots, off, *fit_tenure(there.sessions, name, timezone)]


def _pace(pools: Pools, number: int, name: str) -> list[Parameter]:
    pace, path = pools.pace, f"pools.{name}"
    practice, spread, mean = (DRAWN.format(one) for one in pace.lent[number])
    workers, pages = int(pace.workers[number]), int(pace.pages[number])
    out = []
    if number:
        how = f"mean log seconds of {workers} workers less that of {pools.main}'s; {mean}"
        out.append(Parameter(f"{path}.speed.factor", *pace.factor(number, 0), pages, how))
    if pace.spread is not None:
        how = f"sd of workers' mean log seconds beyond what tasks differ; {spread}"
        out.append(Parameter(f"{path}.speed.spread", *pace.spread[number], workers, how))
    if pace.exponents is not None:
        how = f"least squares within workers; {practice}"
        out.append(Parameter(f"{path}.learning.exponent", *pace.exponents[number], pages, how))
    return out


def _skill(pools: Pools, number: int, name: str) -> list[Parameter]:
    found, path = pools.skills, f"pools.{name}.skill"
    if found is None:
        return []
    wide = f", interval widened {found.widen:.2f} times" if found.widen > 1 else ""
    how = f"Rasch model of all pools' answers{wide}; {DRAWN.format(found.mean.borrowed(number))}"
    mean = _widened(found.mean.of(number), found.widen)
    out = [Parameter(f"{path}.mean", *mean, int(found.answers[number]), how, "logit")]
    if found.spread is not None:
        how = f"Rasch model of the pool's answers{wide}; {DRAWN.format(found.spread.borrowed(number))}"
        value, low, high = (math.exp(one) for one in _widened(found.spread.of(number), found.widen))
        out.append(Parameter(f"{path}.spread", value, low, high, int(found.workers[number]), how, "logit"))
    return out


def _widened(one: tuple[float, float, float], times: float) -> tuple[float, float, float]:
    value, low, high = one
    return value, value - times * (value - low), value + times * (high - value)


def _shares(pools: Pools, stage: str) -> list[Parameter]:
    shares = pools.shares
    n = sum(pools.labels[name] for name in shares)
    method = "share of the stage's labels; Wilson interval"
    found = ((name, wilson(share, n, n, n - 1)) for name, share in shares.items())
    return [
        Parameter(f"stages.{stage}.pools.{name}", one.value, one.low, one.high, n, method, "share")
        for name, one in found
    ]


def assumed(pools: Pools, of_all: Sequence[Assumption]) -> list[Assumption]:
    """`of_all`, the assumptions of a fit without pools, with those of people made for each pool alike."""
    path = f"pools.{pools.main}."
    out = [one for one in of_all if not one.path.startswith(path)]
    alike = [one for one in of_all if one.path.startswith(f"{path}skill.")]
    for name in pools.names:
        out += [replace(one, path=one.path.replace(path, f"pools.{name}.", 1)) for one in alike]
        if pools.pace.exponents is not None and pools.pace.law is not None:
            why = "the most units that one worker did in the log: nobody knows what more of them teach"
            out.append(Assumption(f"pools.{name}.learning.tasks", max(1, pools.pace.law.most), why))
        if name in pools.crowds:
            out += crowds.assumptions(pools.crowds[name], name)
    return out


def with_pools(
    block: Mapping[str, Any], pools: Pools, known: Mapping[str, float], stage: str, timezone: str
) -> dict[str, Any]:
    """`block` of the main pool with the others, their calendars and their shares of the stage. known: values by
    path."""
    there, calendars, stages = dict(block["pools"]), dict(block["calendars"]), dict(block["stages"])
    shares = pools.shares
    for name in pools.others:
        if name not in shares:
            continue
        crowd = pools.crowds.get(name)
        calendars[f"{name}-hours"] = hours_of(pools.there[name], crowd) | {"timezone": timezone}
        there[name] = pool_block(known, name, pools.there[name], crowd)
    stages[stage] = stages[stage] | {"pools": [*shares] if len(shares) == 1 else percentages(shares)}
    return {**block, "calendars": calendars, "pools": there, "stages": stages}


def notes(pools: Pools, labels_per_item: int) -> list[str]:
    """What a planner should know of the pools: whom they borrow from, and what a scenario cannot say of them."""
    out = [
        f"The stage's time is that of {pools.main}, which does most of the work; pools.X.speed.factor is what others "
        "take by it. The shape of times about a worker's own is the same for all."
    ]
    out += [one for one in (_thin(pools, j) for j in range(len(pools.names))) if one]
    if pools.pace.exponents is not None:
        each = ", ".join(f"{name} {one[0]:.3f}" for name, one in zip(pools.names, pools.pace.exponents, strict=True))
        out.append(f"Practice makes quicker, by an exponent of {each}; times are those of a worker's first unit.")
    cut = pools.service.untold or pools.service.timed
    if cut.cut_short or cut.many_open:
        out.append(
            "A limit or work still open cuts times short: how pools differ in pace is told by the pages that ended, so "
            "that slow pools look nearer to the others than they are."
        )
    if pools.lost:
        out.append(f"Not in the scenario: {', '.join(pools.lost)}, where no service time can be used.")
    if pools.few:
        out.append(
            f"Not in the scenario: {', '.join(pools.few)}, with fewer people than the {labels_per_item} who label an "
            "item; the others have their share of the work."
        )
    if labels_per_item > 1 and pools.mixed > MIXED:
        out.append(
            f"{pools.mixed:.0%} of the items have labels of several pools; in a scenario all labels of an item come "
            "from one, each pool having its share of the items."
        )
    return [*out, *pools.notes]


def _thin(pools: Pools, number: int) -> str:
    """What a pool borrows from the whole, "" where it is hardly anything."""
    name = pools.names[number]
    practice, spread, mean = pools.pace.lent[number]
    parts: list[tuple[str, float]] = [("mean time", mean)]
    if pools.pace.spread is not None:
        parts.append(("spread of speed", spread))
    if pools.pace.exponents is not None:
        parts.append(("practice", practice))
    more: list[tuple[str, Together | None]] = []
    if pools.shrinkage is not None and abs(pools.shrunk(name)[0] - pools.there[name].shrinkage.value) >= MOVED:
        more.append(("time on shift without tasks", pools.shrinkage))
    if pools.skills is not None:
        more += [("mean skill", pools.skills.mean), ("spread of skill", pools.skills.spread)]
    parts += [(word, one.borrowed(number)) for word, one in more if one is not None]
    told = [f"{share:.0%} of its {word}" for word, share in parts if share >= THIN]
    if not told:
        return ""
    workers, pages = int(pools.pace.workers[number]), int(pools.pace.pages[number])
    size = f"({workers} worker{'s' if workers > 1 else ''}, {pages} pages)"
    start = f"{name} is thin {size}:" if workers <= ENOUGH or pages < LEAST_PAGES else f"Of {name} {size}"
    return f"{start} {', '.join(told)} is what all pools together show."
