"""What an answer's spread is of: chance, data, or which plan is taken; told as a table, sentences and JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..scenarios.twofold import Plan, Sources, longer_log
from ..sim.registry import unit_of
from ..sim.twofold import Part, Twofold
from . import numbers, style, words
from .tables import plain_text, table

MORE_DAYS = 14.0
"""Days more of log that advice speaks of."""

IMPRECISE = 0.02
"""Half-width of a mean, as a share of it, above which more draws are advised."""

NAMED = 3
"""Variables that are named."""

RANGES = "changes "
"""How the names of ranges begin."""

WORTH_NAMING = 0.1
"""Share of data's variance below which a variable is not named."""


def twofold_text(plans: Sequence[Plan], found: Sequence[Sources], inner: int) -> str:
    """A table of each plan's spreads, then what they mean."""
    draws = len(plans[0].runs.kpis) // inner
    out = [f"{draws} draws of what the profile does not know, {inner} runs of each, the same for all plans.", ""]
    for place, plan in enumerate(plans):
        out += [style.name(plan.line.name) + ":", table(plan_rows(plan, found, place)), ""]
    out += [*(sentence for one in found for sentence in sentences(plans, one)), ""]
    out += [f"- {one}" for one in notes(plans)]
    return plain_text("\n".join([*out, ""]))


def plan_rows(plan: Plan, found: Sequence[Sources], place: int) -> list[list[str]]:
    """A row a KPI under a header: its mean, its spread, and how much of that is of the data. place: of the plan."""
    rows = [["", f"mean {numbers.PLUS_MINUS} error (95%)", "sd of a run", "of chance", "of data", "data's share (95%)"]]
    for one in found:
        each, unit = one.plans[place], unit_of(one.kpi, plan.line.currency)
        spread = [_sd(value, unit, each) for value in (each.spread, each.chance, each.data)]
        share = f"{each.share:.0%} ({each.low:.0%} to {each.high:.0%})" if math.isfinite(each.share) else ""
        mean = numbers.mean_half_width(each.mean, each.mean - each.error, each.mean + each.error, unit)
        rows.append([words.title(one.kpi), mean, *spread, share])
    return rows


def _sd(value: float, unit: str, of: Twofold) -> str:
    text = numbers.number(value, unit, of.spread / 10 or None)
    return f"{text.removesuffix('%')} points" if unit == numbers.SHARE and math.isfinite(value) else text


def sentences(plans: Sequence[Plan], one: Sources) -> Iterator[str]:
    """What moves a KPI most, and what would make it surer."""
    title = words.title(one.kpi)
    for plan in plans:
        if unfinished := int((~np.isfinite(plan.runs.kpis[one.kpi].to_numpy(np.float64))).sum()):
            yield (
                f"{title}: {unfinished} of {len(plan.runs.kpis)} runs of {plan.line.name} never come to one, so its "
                "spread cannot be told. Raise the horizon."
            )
            return
    if not one.largest:
        yield f"{title}: no two runs differ."
        return
    unit = unit_of(one.kpi, plans[0].line.currency)
    if one.policy is not None:
        low, high = int(np.argmin(one.means)), int(np.argmax(one.means))
        between = _gap(float(one.means[high] - one.means[low]), unit)
        if one.largest == "policy":
            yield (
                f"{title}: most of it is which plan is taken: {plans[low].line.name} and {plans[high].line.name} are "
                f"{between} apart, more than chance or the log's silence move either."
            )
            return
    for plan, each, by in zip(plans, one.plans, one.by, strict=True):
        name = f"{title}" if len(plans) == 1 else f"{title}, {plan.line.name}"
        yield f"{name}: {_advice(plan, each, unit, by)}{_named(each, by)}"


def _gap(value: float, unit: str) -> str:
    text = numbers.number(value, unit)
    return f"{text.removesuffix('%')} points" if unit == numbers.SHARE else text


def _advice(plan: Plan, each: Twofold, unit: str, by: Sequence[Part]) -> str:
    if each.spread == 0:
        return "every run is the same."
    more = ""
    if each.mean and each.error > IMPRECISE * abs(each.mean):
        share = f"{each.error / abs(each.mean):.0%}"
        more = f" The mean itself is known to {share} only: more --draws make it surer, and nothing else."
    if not plan.deviates:
        return f"all of it is chance, since the plan takes everything as known.{more}"
    if each.low > 0.5:
        return f"most of it is what the log does not tell. {_longer(plan, each, unit, by)}{more}"
    if each.high < 0.5:
        return f"most of it is chance, which no log takes away: plan for it (`labelcast run` tells P80 and P95).{more}"
    return f"chance and what the log does not tell weigh about alike. {_longer(plan, each, unit, by)}{more}"


def _longer(plan: Plan, each: Twofold, unit: str, by: Sequence[Part]) -> str:
    if by and by[0].variable.startswith(RANGES):
        return (
            "Mostly it is a range that the scenario gives an effect of `changes`: a trial would narrow it, a log not."
        )
    if not plan.days:
        return "A longer log makes it smaller, more runs do not."
    after = longer_log(each, plan.days, MORE_DAYS)
    now, then = _sd(each.spread, unit, each), _sd(after, unit, each)
    return (
        f"Two more weeks of log, beside the {numbers.significant(plan.days)} days that it covers, would bring the sd "
        f"of a run from {now} to about {then}; more runs would not."
    )


def _named(each: Twofold, by: Sequence[Part]) -> str:
    largest = [one for one in by if one.share >= WORTH_NAMING][:NAMED]
    if not largest or not each.low > 0:
        return ""
    return " It goes with " + ", ".join(f"{one.variable} ({one.share:.0%})" for one in largest) + "."


def notes(plans: Sequence[Plan]) -> Iterator[str]:
    """What a reader should know of the split."""
    if len(plans) > 1:
        yield "Plans on one profile share its draws, so that their differences are of the plans alone."
    yield (
        "Data: parameters drawn from the profile's 95% intervals. What the scenario says itself, people and labels per "
        "item are taken as known."
    )
    yield (
        "Shares of variables that err together overlap; below "
        f"{WORTH_NAMING:.0%} none is named. A log twice as long is taken to halve what it does not tell."
    )


def twofold_json(plans: Sequence[Plan], found: Sequence[Sources], inner: int) -> dict[str, Any]:
    """All of it as plain data; null where it is not known."""
    return {
        "draws": len(plans[0].runs.kpis) // inner,
        "runs_of_each": inner,
        "seed": plans[0].runs.seed,
        "kpis": [
            {
                "kpi": one.kpi,
                "unit": unit_of(one.kpi, plans[0].line.currency),
                "largest": one.largest,
                "policy_sd": one.policy,
                "plans": [
                    {
                        "scenario": plan.line.name,
                        **{name: _finite(getattr(each, name)) for name in ("mean", "error", "chance", "data", "share")},
                        "share_low": _finite(each.low),
                        "share_high": _finite(each.high),
                        "log_days": plan.days,
                        "variables": [
                            {"variable": part.variable, "share": part.share, "slope": part.slope} for part in by
                        ],
                    }
                    for plan, each, by in zip(plans, one.plans, one.by, strict=True)
                ],
                "advice": list(sentences(plans, one)),
            }
            for one in found
        ],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
