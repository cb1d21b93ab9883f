"""What holds a line up: sentences, tables, picture and JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..scenarios.bottleneck import KPIS, RANKED, Cell, Effects, busiest, longest_queue, seen
from ..sim.estimates.pay import weekly_pay
from ..sim.levers import MORE_VISITS, POINTS, Lever
from ..sim.line import Goal
from ..sim.paired import Claim
from ..sim.registry import unit_of
from ..sim.statistics import summarise
from . import numbers, palette, style, words
from .assumptions import goal_words
from .days import WEEKDAYS, weekday
from .tables import plain_text, table

if TYPE_CHECKING:
    from .drawing import Drawing


def bottleneck_text(found: Effects, cells: Sequence[Cell], pool: str) -> str:
    """The verdict; what each lever does; which stage held the line up; the map."""
    line = found.base.line
    out = [*verdict(found), "", "What each would change, the whole run long:", table(effect_rows(found)), ""]
    out += ["Which stage held the line up, of the hours in which tasks waited:", table(held_rows(found)), ""]
    if cells:
        out += [f"Which stage holds it up with other work and other people in {style.name(pool)}:", table(_map(cells))]
        out += [""]
    out += [f"- {one}" for one in notes(found, bool(cells))]
    return plain_text("\n".join([style.name(line.name) + ":", *out, ""]))


def lever_words(lever: Lever) -> str:
    """What is moved."""
    target = style.name(lever.target)
    return {
        "person": f"one more person in {target}",
        "visits": f"{MORE_VISITS - 1:.0%} more visits to {target}",
        "hour": f"an hour more a day for {target}",
        "day": f"a day more a week for {target}{'' if lever.day is None else f' ({WEEKDAYS[lever.day]})'}",
        "review": f"{100 * POINTS:.0f} points fewer reviewed at {target}",
        "label": f"one label fewer at {target}",
    }[lever.kind]


NOTHING = 0.005
"""Items a week that are no difference."""


def verdict(found: Effects) -> Iterator[str]:
    """What the numbers say, and no more."""
    if found.bottleneck is None:
        yield "No lever of people could be judged: none of the line's pools has one, or nothing was delivered."
        return
    people = [k for k in found.order if found.levers[k].kind in ("person", "visits")]
    able = [k for k in people if _adds(found, k)]
    if not able:
        yield (
            f"In {len(found.base.kpis)} runs no pool with one more is seen to deliver more: either nobody holds the "
            "line up, or it takes more runs to tell who."
        )
    else:
        sure = [k for k, best in found.best.items() if best.among] or able[:1]
        names = " or ".join(style.name(found.levers[k].target) for k in people if k in sure)
        if len(sure) == 1:
            yield f"The bottleneck is {names}: one more there delivers more than one more anywhere else."
        else:
            yield f"The bottleneck is {names}: {len(found.base.kpis)} runs cannot tell which; more would."
    yield from _toward_goals(found)
    for k in people:
        what = lever_words(found.levers[k])
        yield f"{what[0].upper()}{what[1:]}: {_gain(found, k)}{_paid(found, k)}."
    yield from _rivals(found)


def _toward_goals(found: Effects) -> Iterator[str]:
    """Which change brings the line nearest to each of its goals, of those that are seen to."""
    line = found.base.line
    for goal in {one.kpi: one for one in line.goals if one.kpi in KPIS}.values():
        sign = 1.0 if goal.relation == ">=" else -1.0
        claims = {k: claim for k in found.order if (claim := found.claim(k, goal.kpi)) is not None}
        able = {k: sign * claim.difference.mean for k, claim in claims.items() if seen(claim)}
        best = max((k for k, more in able.items() if more > 0), key=lambda k: able[k], default=None)
        title, now = words.title(goal.kpi), _as_it_is(found, goal.kpi)
        if not claims:
            continue
        if best is None:
            yield f"No change is seen to bring {title} ({now} as it is) nearer to its goal."
            continue
        claim, unit = claims[best], unit_of(goal.kpi, line.currency)
        more = numbers.difference(claim.difference.mean, claim.low, claim.high, unit)
        reached = _reached(found, goal, claim.difference.mean)
        told = f"Nearest to the goal of {title} ({now} as it is) brings {lever_words(found.levers[best])}: {more}"
        yield f"{told}{reached}{_paid(found, best)}{_untold(found, best, goal.kpi)}."


def _reached(found: Effects, goal: Goal, more: float) -> str:
    """Where a change takes the mean that a goal is about, beside the goal."""
    mean = float(found.base.kpis[goal.kpi].mean()) + more
    if goal.probability is not None or not math.isfinite(mean):
        return ""
    line = found.base.line
    dated = goal.kpi == "finish_days"
    about = weekday(line, mean) if dated else numbers.number(mean, unit_of(goal.kpi, line.currency))
    return f", to about {about} (goal: {goal_words(line, goal)})"


def _paid(found: Effects, lever: int) -> str:
    """What a change costs while it lasts, of pay for time."""
    more = found.added_pay(lever)
    return f", for {_pay(more, found.base.line.currency)} of pay a week" if more > 0 else ""


MOST_UNTOLD = 2
"""Other changes that a sentence names."""


def _untold(found: Effects, lever: int, kpi: str) -> str:
    """Which other changes may do as much for a KPI."""
    others = [lever_words(found.levers[k]) for k in found.order if k in found.leading.get(kpi, ()) and k != lever]
    if not others:
        return ""
    more = [f"{len(others) - MOST_UNTOLD} more"] if len(others) > MOST_UNTOLD + 1 else []
    named = others if not more else others[:MOST_UNTOLD]
    return f"; {len(found.base.kpis)} runs cannot tell it from {' or '.join([*named, *more])}"


def named(found: Effects) -> str | None:
    """The pool whose people hold the line up; None where one more of nobody is seen to deliver more."""
    best = found.bottleneck
    return found.levers[best].target if best is not None and _adds(found, best) else None


def _adds(found: Effects, lever: int) -> bool:
    claim = found.claim(lever, RANKED)
    return claim is not None and seen(claim) and claim.difference.mean > 0


def _gain(found: Effects, lever: int) -> str:
    claim = found.claim(lever, RANKED)
    if claim is None:
        return "cannot be told"
    low, high = claim.low, claim.high
    if seen(claim):
        more = "more" if claim.difference.mean > 0 else "fewer"
        least, most = sorted((abs(low), abs(high)))
        size = numbers.number(abs(claim.difference.mean), "", (high - low) / 2)
        return f"{size} items a week {more} ({numbers.interval(least, most)})"
    if max(abs(low), abs(high)) < NOTHING:
        return "nothing at all"
    return f"nothing that could be seen ({numbers.interval(low, high)} items a week)"


def _rivals(found: Effects) -> Iterator[str]:
    """What utilisation and queues say, and where they disagree."""
    (pool, use), (stage, queue) = busiest(found.base), longest_queue(found.base)
    if pool:
        told = f"Busiest pool: {style.name(pool)} ({use:.0%})"
        told += f"; longest queue on average: {style.name(stage)} ({numbers.significant(queue)} tasks)" if stage else ""
        if named(found) not in (None, pool):
            told += ". The busiest is not where one more person helps most"
        yield told + "."


def effect_rows(found: Effects, *, units_above: bool = False) -> list[list[str]]:
    """Under a header a row of the line as it is, and a row a lever: what it changes of each KPI, in brackets where
    nothing could be seen. units_above: in the header, and not beside each number."""
    currency = found.base.line.currency
    kpis = [kpi for kpi in KPIS if any((k, kpi) in found.claims for k in range(len(found.levers)))]
    units = {kpi: unit_of(kpi, currency) for kpi in kpis}
    points = {kpi: "points" if unit == numbers.SHARE else unit for kpi, unit in units.items()}

    def cell(text: str, kpi: str) -> str:
        return text.removesuffix(f" {points[kpi]}") if units_above else text

    heads = [f"{words.title(kpi)}, {points[kpi]}" if units_above else words.title(kpi) for kpi in kpis]
    rows = [["", *heads], ["as it is", *(cell(_as_it_is(found, kpi), kpi) for kpi in kpis)]]
    paid = weekly_pay(found.base.line) > 0
    if paid:
        rows[0].append(f"pay a week, {currency}" if units_above else "pay a week")
        rows[1].append(_pay(weekly_pay(found.base.line), "" if units_above else currency))
    for k in found.order:
        cells = []
        for kpi in kpis:
            claim = found.claim(k, kpi)
            if claim is None:
                cells.append(numbers.NOT_COMPUTED)
                continue
            text = numbers.difference(claim.difference.mean, claim.low, claim.high, units[kpi])
            told = cell(text, kpi)
            cells.append(told if _told(claim, text) else f"({told})")
        more = found.added_pay(k)
        pay = "+" + _pay(more, "" if units_above else currency) if more > 0 else "0"
        rows.append([lever_words(found.levers[k]), *cells, *([pay] if paid else [])])
    return rows


def _pay(amount: float, unit: str) -> str:
    """To three digits, or to the unit."""
    return numbers.number(amount, unit, amount / 10)


def _as_it_is(found: Effects, kpi: str) -> str:
    one = summarise(found.base.kpis[kpi].to_numpy(), found.base.level)
    if not math.isfinite(one.mean):
        return numbers.NOT_COMPUTED
    return numbers.mean_half_width(one.mean, one.low, one.high, unit_of(kpi, found.base.line.currency))


def _told(claim: Claim, text: str) -> bool:
    """Whether a difference stands without brackets: it is seen, and not too small for the digits that are shown."""
    return text == "no difference" or (seen(claim) and any(digit in text for digit in "123456789"))


def held_rows(found: Effects) -> list[list[str]]:
    """A row a stage under a header: for what share of the time it held the line up, alone and with another."""
    rows = [["", "alone", "with another"]]
    for name, one in sorted(found.held.items(), key=lambda each: -each[1].whole):
        rows.append([style.name(name), f"{one.sole:.0%}", f"{one.shifting:.0%}"])
    return rows


def _map(cells: Sequence[Cell]) -> list[list[str]]:
    volumes = list(dict.fromkeys(one.volume for one in cells))
    rows = [["people", *(f"{one:.0%} of the work" for one in volumes)]]
    for more in dict.fromkeys(one.more for one in cells):
        mine = {one.volume: one for one in cells if one.more == more}
        rows.append([_more(more), *(_cell(mine[volume]) for volume in volumes)])
    return rows


def _more(more: int) -> str:
    return "as it is" if not more else f"{'+' if more > 0 else numbers.MINUS}{abs(more)}"


def _cell(one: Cell) -> str:
    name = one.likeliest
    chance, low, high = one.chances[name]
    return f"{style.name(name) if name else 'none'} {chance:.0%} ({low:.0%} to {high:.0%})"


def notes(found: Effects, mapped: bool) -> Iterator[str]:
    """How it was made."""
    yield (
        f"{len(found.base.kpis)} runs of each, on the same luck; the intervals of a column hold all at once with 95%. "
        "In brackets: no difference could be seen, or none that these digits show."
    )
    yield (
        "One more is there from the first day to the last; how long hiring takes is not in these numbers. Cost is of "
        "the whole run: where work ends sooner, all who are paid by the hour are paid for less time. Pay a week is "
        "what hours and salaries come to while people are there, whether or not they have work."
    )
    yield (
        "A stage holds the line up while its queue has been there longest without a break (shifting bottleneck, Roser "
        "2002); with another while two such times overlap."
    )
    if mapped:
        yield "Map: the chance that a stage holds the line up longest, with Wilson's 95% interval."


def bottleneck_json(found: Effects, cells: Sequence[Cell], pool: str) -> dict[str, Any]:
    """All of it as plain data; null where it is not known."""
    return {
        "scenario": found.base.line.name,
        "currency": found.base.line.currency,
        "replications": len(found.base.kpis),
        "seed": found.base.seed,
        "weekly_pay": weekly_pay(found.base.line),
        "bottleneck": named(found),
        "verdict": list(verdict(found)),
        "levers": [
            {
                "kind": found.levers[k].kind,
                "target": found.levers[k].target,
                "what": lever_words(found.levers[k]),
                "weekly_pay": found.added_pay(k),
                "effects": {
                    kpi: {
                        "mean": claim.difference.mean,
                        "low": _finite(claim.low),
                        "high": _finite(claim.high),
                        "adjusted_p": _finite(claim.adjusted_p),
                        "differs": claim.differs,
                        "unit": unit_of(kpi, found.base.line.currency),
                        "may_be_best": k in found.leading.get(kpi, ()),
                    }
                    for kpi in KPIS
                    if (claim := found.claim(k, kpi)) is not None
                },
            }
            for k in found.order
        ],
        "held_up": {name: {"alone": one.sole, "with_another": one.shifting} for name, one in found.held.items()},
        "map": {
            "pool": pool,
            "cells": [
                {
                    "volume": one.volume,
                    "more_people": one.more,
                    "stages": {
                        name or "none": {"chance": chance, "low": low, "high": high}
                        for name, (chance, low, high) in one.chances.items()
                    },
                }
                for one in cells
            ],
        }
        if cells
        else None,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def draw_levers(found: Effects, width: int = style.WIDE) -> Drawing:
    """What each lever adds to items a week, with its interval; on a phone each name stands above its interval."""
    order = [k for k in found.order if found.claim(k, RANKED) is not None][::-1]
    wide = width >= 600
    with style.canvas("bottleneck", width, 60 + (26 if wide else 40) * max(len(order), 1)) as figure:
        axes = style.frame(figure, 250 if wide else 16, 8 if wide else 26, 22, 44)
        for place, k in enumerate(order):
            claim = found.claim(k, RANKED)
            assert claim is not None
            colour = palette.series(0) if seen(claim) else palette.MUTED
            axes.plot([claim.low, claim.high], [place, place], color=colour, lw=2)
            axes.plot([claim.difference.mean], [place], color=colour, marker="o", markersize=5)
        axes.axvline(0, color=palette.RULE, lw=1)
        axes.set_ylim(-0.6, max(len(order), 1) - 0.4)
        names = [lever_words(found.levers[k]) for k in order]
        axes.set_yticks(range(len(order)), names if wide else [""] * len(order))
        for place, name in enumerate([] if wide else names):
            axes.annotate(
                style.name(name, 44), (0, place), (0, 8), xycoords=("axes fraction", "data"),
                textcoords="offset points", va="bottom", color=palette.MUTED, size=style.SMALL,
            )  # fmt: skip
        axes.xaxis.set_major_formatter(lambda value, _: numbers.plain(value))
        told = "; 95% intervals that hold all at once, grey where none could be seen" if wide else ""
        axes.set_xlabel(f"items a week more{told}")
    return figure


def bottleneck_figure(found: Effects) -> str:
    """What each lever adds to items a week, with its interval, as SVG."""
    return style.svg(draw_levers(found))
