"""What a pilot is worth: sentences, table, picture and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ..scenarios.pilot import Pilot, Size
from ..sim.information import Estimate
from ..sim.line import MICRO
from . import numbers, palette, style
from .tables import plain_text, table

if TYPE_CHECKING:
    from .drawing import Drawing

NAMED = 6
"""Names of what is not known that are told."""


def pilot_text(found: Pilot) -> str:
    """The verdict, a table of sizes, and how it was made."""
    out = [*verdict(found), "", table(size_rows(found)), "", *(f"- {one}" for one in notes(found)), ""]
    return plain_text("\n".join(out))


def size_rows(found: Pilot) -> list[list[str]]:
    """A row a size: what it is worth, what it costs, how often it turns the choice."""
    rows = [["labels", "people", "worth (95%)", "costs", "net (95%)", "turns the choice", *_head(found)]]
    for one in found.sizes:
        told = [f"{one.trial.labels:,}", f"{one.trial.people:,}", _band(one.found.worth, found)]
        told += [_money(one.cost, found), _band(one.net, found), f"{one.found.turns:.0%}"]
        rows.append([*told, *([_from(one)] if _head(found) else [])])
    return rows


def _head(found: Pilot) -> list[str]:
    known = any(one.needed is not None for one in found.sizes)
    return [f"{style.name(found.lines[1].name)} from"] if known else []


def _from(one: Size) -> str:
    return "" if one.needed is None else f"{one.needed:,} right"


def _money(value: float, found: Pilot) -> str:
    """An amount, to the coin from one unit up: a price per label may be less than a coin."""
    currency = found.lines[0].currency
    exact = round(value, numbers.coins(currency)) if abs(value) >= 1 else value
    return numbers.money(round(exact * MICRO), currency)


def _band(one: Estimate, found: Pilot) -> str:
    if one.low == one.high:
        return _money(one.value, found) if one.value else "nothing"
    currency, half = found.lines[0].currency, (one.high - one.low) / 2
    band = numbers.interval(one.low, one.high, currency).removesuffix(f" {currency}")
    return f"{numbers.number(one.value, currency, half)} ({band})"


def verdict(found: Pilot) -> Iterator[str]:
    """Whether to sign, stay, or look first; no more than the intervals bear."""
    yield _now(found)
    yield _look(found)
    best = found.best
    if best.net.low > 0 and best.needed is not None:
        second, first = (style.name(line.name) for line in (found.lines[1], found.lines[0]))
        alone = "By right labels alone, whatever their times, " if _varies(found.truths.pace) else "Then "
        yield f"{alone}take {second} if {best.needed:,} of {best.trial.labels:,} or more are right, else {first}."
    if best.net.low > 0 and len(found.sizes) > 1:
        yield _sizes(found)
    subject = f"how often people of {style.name(found.pool)} are right and how fast they are"
    yield f"Knowing {subject} exactly would be worth {_band(found.gains.perfect, found)}: no pilot is worth more."


def _now(found: Pilot) -> str:
    mean, chance = found.gains.mean, found.gains.chance
    second = mean.value > 0
    names = [style.name(line.name) for line in found.lines]
    better, other = (names[1], names[0]) if second else (names[0], names[1])
    by = mean if second else Estimate(-mean.value, -mean.high, -mean.low)
    share = chance if second else Estimate(1 - chance.value, 1 - chance.high, 1 - chance.low)
    told = f"is the better with probability {share.value:.0%} ({share.low:.0%} to {share.high:.0%})"
    if share.low == 1:
        told = "is the better in every draw"
    if by.low <= 0:
        return (
            f"Without a pilot no difference could be seen between {better} and {other} on average "
            f"({_band(by, found)}); {better} {told}."
        )
    return f"Without a pilot take {better}: it is worth {_band(by, found)} more than {other}, and {told}."


def _look(found: Pilot) -> str:
    best, now = found.best, style.name(found.now.name)
    labels = f"{best.trial.labels:,} label{'' if best.trial.labels == 1 else 's'}"
    people = f"{best.trial.people:,} {'person' if best.trial.people == 1 else 'people'}"
    told = (
        f"A pilot of {labels} by {people} is worth {_band(best.found.worth, found)} and costs "
        f"{_money(best.cost, found)}"
    )
    if best.net.low > 0:
        return f"{told}: buy it. It turns the choice with probability {best.found.turns:.0%}."
    if best.net.high < 0 or best.found.worth.high == 0:
        most = "it is not" if len(found.sizes) == 1 else "no size of those asked is"
        return f"{told}: {most} worth what it costs. Decide now: {now}."
    return f"{told}: whether it pays, {found.draws:,} draws cannot tell. Say more with -n."


def _sizes(found: Pilot) -> str:
    best = found.best
    level = [f"{one.trial.labels:,}" for one in found.sizes if one.level and one is not best]
    told = f"Best size of those asked: {best.trial.labels:,} (net {_band(best.net, found)})"
    return f"{told}; {', '.join(level)} may be as good." if level else f"{told}."


def notes(found: Pilot) -> Iterator[str]:
    """How it was made, what counts, and what it takes for granted."""
    yield f"Worth of a plan: {_formula(found)}."
    names = [style.name(one, 60) for one in found.unknown[:NAMED]]
    more = len(found.unknown) - len(names)
    unknown = f"{', '.join(names)}{f' and {more:,} more' if more else ''}"
    yield f"Not known: {unknown}; {found.draws:,} draws, a run of each plan a draw."
    yield _range(found)
    if found.terms.harm is None and _varies(found.truths.right):
        yield "A wrong label costs nothing here but what contracts and rework make of it: say --harm."
    if found.terms.delay_days > 0:
        days = numbers.with_unit(numbers.significant(found.terms.delay_days), "days")
        cost = found.sizes[0].cost - found.sizes[0].trial.labels * found.terms.price
        own = f"costs {_money(cost, found)}" if cost >= 0.005 else "costs nothing, as the work ends in time"
        if found.terms.day is None:
            own = "costs nothing, as nobody says what a day is worth: --day"
        yield f"A pilot puts off either plan by {days}, which {own}."
    yield "Who does the pilot need not do the work: more labels by the same few people tell ever less of the others."


def _formula(found: Pilot) -> str:
    terms = found.terms
    parts = ["less its cost"]
    if terms.harm is not None:
        parts.append(f"less {_money(terms.harm, found)} for each unit of harm of delivered errors")
    if terms.day is not None:
        since = "after the deadline" if found.deadline else "from the start to the end"
        parts.append(f"less {_money(terms.day, found)} for each day {since}")
    return ", ".join(parts)


def _range(found: Pilot) -> str:
    truths, told = found.truths, []
    if _varies(truths.right):
        low, high = np.quantile(truths.right, [0.025, 0.975])
        told.append(f"right {100 * low:.1f}% to {100 * high:.1f}%")
    if _varies(truths.pace):
        low, high = np.exp(np.quantile(truths.pace, [0.025, 0.975]))
        told.append(f"typically {numbers.duration(float(low))} to {numbers.duration(float(high))} a label")
    return f"People of {style.name(found.pool)} at {style.name(found.stage)}, in 95% of the draws: {', '.join(told)}."


def _varies(values: Any) -> bool:
    return bool(np.ptp(values) > 1e-6)


def pilot_json(found: Pilot) -> dict[str, Any]:
    """All of it as plain data."""
    terms = found.terms
    return {
        "plans": [line.name for line in found.lines],
        "currency": found.lines[0].currency,
        "pool": found.pool,
        "stage": found.stage,
        "unknown": list(found.unknown),
        "draws": found.draws,
        "seed": found.seed,
        "price": terms.price,
        "harm": terms.harm,
        "day": terms.day,
        "delay_days": terms.delay_days,
        "from_deadline": found.deadline,
        "now": found.now.name,
        "second_worth_more": _estimate(found.gains.mean),
        "second_better": _estimate(found.gains.chance),
        "perfect_knowledge": _estimate(found.gains.perfect),
        "best": found.best.trial.labels,
        "sizes": [
            {
                "labels": one.trial.labels,
                "people": one.trial.people,
                "worth": _estimate(one.found.worth),
                "cost": one.cost,
                "net": _estimate(one.net),
                "turns": one.found.turns,
                "second_from_right": one.needed,
                "may_be_best": one.level,
            }
            for one in found.sizes
        ],
        "verdict": list(verdict(found)),
        "notes": list(notes(found)),
    }


def _estimate(one: Estimate) -> dict[str, float]:
    return {"value": one.value, "low": one.low, "high": one.high}


def pilot_figure(found: Pilot, width: int = style.WIDE) -> str:
    """As `draw_pilot`, as SVG text."""
    return style.svg(draw_pilot(found, width))


def draw_pilot(found: Pilot, width: int = style.WIDE) -> Drawing:
    """Worth with its band and cost against the number of labels, and what perfect knowledge is worth."""
    labels = [one.trial.labels for one in found.sizes]
    worth, costs = [one.found.worth for one in found.sizes], [one.cost for one in found.sizes]
    perfect = found.gains.perfect.value
    top = max(perfect, *(one.high for one in worth), 1e-9)
    with style.canvas("pilot", width, 330) as figure:
        axes = style.frame(figure, style.margin(numbers.plain(top)), 26, 22, 44)
        axes.fill_between(
            labels, [one.low for one in worth], [one.high for one in worth], color=palette.series(0), alpha=0.15, lw=0
        )
        axes.plot(labels, [one.value for one in worth], color=palette.series(0), marker="o", markersize=3.5)
        axes.plot(labels, costs, color=palette.series(1), marker="o", markersize=3.5)
        axes.axhline(perfect, color=palette.MUTED, lw=1, ls=(0, (4, 3)))
        ends = (("worth", worth[-1].value, 0), ("costs", min(costs[-1], top), 1))
        for text, at, which in ends:
            axes.annotate(
                text, (labels[-1], at), (-4, -16 if which == 0 else 8), textcoords="offset points", ha="right",
                color=palette.series(which),
            )  # fmt: skip
        axes.annotate(
            "perfect knowledge", (0, perfect), (4, 4), xycoords=("axes fraction", "data"),
            textcoords="offset points", color=palette.MUTED,
        )  # fmt: skip
        if labels[-1] / labels[0] > 4:
            axes.set_xscale("log")
            axes.set_xticks(labels)
            axes.minorticks_off()
        axes.set_ylim(0, 1.12 * top)
        axes.xaxis.set_major_formatter(lambda value, _: numbers.plain(value))
        axes.yaxis.set_major_formatter(lambda value, _: numbers.plain(value, 0 if top >= 10 else 2))
        axes.set_xlabel("labels of the pilot")
        axes.set_ylabel(found.lines[0].currency)
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        return figure
