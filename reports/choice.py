"""The choice among several plans: what is promised of it, the ranking, what could not be told apart, what it took."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..scenarios.choice import Choice
from ..scenarios.together import FIRST
from ..sim.line import digest
from ..sim.paired import WITHHELD, difference
from ..sim.registry import kpi_of, unit_of
from ..sim.replicate import Runs
from ..sim.statistics import Difference, Summary, summarise
from . import numbers, palette, style, words
from .comparison.words import notes, titled
from .reading import read
from .tables import plain_text, table

if TYPE_CHECKING:
    from .drawing import Drawing

Standing = Literal["chosen", "leads", "left", "out", "aside"]
"""left: it may be the best, or as good; out: it fell out; aside: it has no mean."""

NAMED = 6
"""Plans that a sentence names."""


@dataclass(frozen=True)
class Ranked:
    """A plan in its place. mean: of all its runs.  apart: its mean less that of the leader, over the runs of both.
    at: runs after which it fell out, 0 if it did not.  by: the plan that outdid it then."""

    runs: Runs
    standing: Standing
    mean: Summary
    apart: Difference
    at: int = 0
    by: str = ""

    @property
    def name(self) -> str:
        """Of the plan, fit for a table."""
        return style.name(self.runs.line.name)


def ranking(choice: Choice) -> list[Ranked]:
    """All plans: the leader, those that may be as good, those that fell out, the better first, and those without a
    mean."""
    found, best = choice.found, choice.values(choice.leader)
    fell = {choice.places[one.system]: one for one in found.dropped}
    rows = []
    for place, runs in enumerate(choice.runs):
        own = choice.values(runs)
        if place not in choice.places:
            rows.append(Ranked(runs, "aside", summarise([math.nan]), WITHHELD))
            continue
        many = min(own.size, best.size)
        apart = difference(own[:many], best[:many], choice.promise.confidence, FIRST)
        mean = summarise(own, choice.promise.confidence)
        if place in fell:
            by = choice.runs[choice.places[fell[place].by]].line.name
            rows.append(Ranked(runs, "out", mean, apart, fell[place].at, by))
        elif runs is choice.leader:
            rows.append(Ranked(runs, "leads" if found.chosen is None else "chosen", mean, apart))
        else:
            rows.append(Ranked(runs, "left", mean, apart))
    order = ("chosen", "leads", "left", "out", "aside")
    sign = -1.0 if kpi_of(choice.promise.kpi).better == "high" else 1.0
    return sorted(rows, key=lambda one: (order.index(one.standing), np.nan_to_num(sign * one.apart.mean)))


def choice_sentences(choice: Choice) -> Iterator[str]:
    """What is promised, who else may be the best, who is left out, and what it took."""
    rows = ranking(choice)
    top, kpi = rows[0], words.title(choice.promise.kpi)
    mean = numbers.mean_half_width(top.mean.mean, top.mean.low, top.mean.high, _unit(choice))
    left = [one for one in rows if one.standing == "left"]
    yield from _promise(choice, top, kpi, mean, bool(left))
    if choice.promise.procedure == "good":
        yield from _among(choice, top, left, sum(one.standing == "out" for one in rows))
    aside = [one.name for one in rows if one.standing == "aside"]
    if aside:
        verb = "has" if len(aside) == 1 else "have"
        yield f"{_listed(aside, 'and')} {verb} no mean of {kpi}, as some run does not finish by the horizon: left out."
    counts = sorted(len(one.runs.kpis) for one in rows)
    each = f"{counts[0]:,}" if counts[0] == counts[-1] else f"{counts[0]:,} to {counts[-1]:,}"
    yield f"{choice.spent:,} runs, {each} of each plan, all on the same luck (seed {top.runs.seed})."


def _promise(choice: Choice, top: Ranked, kpi: str, mean: str, more: bool) -> Iterator[str]:
    zone, level = _amount(choice.zone, choice), numbers.significant(100 * choice.promise.confidence)
    if choice.found.chosen is None:
        told = (
            f"Nothing is chosen: {choice.found.stage:,} runs are too few for {zone} of {kpi} at {level}% confidence. "
            f"{top.name} leads ({mean})"
        )
        behind = choice.found.behind
        if math.isnan(behind):
            yield f"{told}, of which nothing is promised."
        else:
            yield f"{told}; it may lie up to {_amount(behind, choice, up=True)} behind the best."
    elif choice.promise.procedure == "kn":
        yield (
            f"If one plan is better in {kpi} than all others by {zone} or more, it is {top.name} ({mean}), with "
            f"{level}% confidence."
        )
    elif more:
        yield f"{top.name} is the best in {kpi}, or within {zone} of it, with {level}% confidence ({mean})."
    else:
        yield f"{top.name} is the best in {kpi}, with {level}% confidence ({mean})."


def _among(choice: Choice, top: Ranked, left: Sequence[Ranked], out: int) -> Iterator[str]:
    """By the procedure that lets none fall out that may be the best."""
    same = [one.name for one in left if _identical(one, top, choice)]
    if same:
        yield f"{_listed(same, 'and')} came out the same in every run."
    others = [one.name for one in left if one.name not in same]
    if others:
        yield f"{_listed(others, 'or')} may be as good, or better by less than that."
    if out and (left or choice.found.chosen is None):
        which = "The one that fell out" if out == 1 else f"The {out} that fell out"
        yield f"{which} cannot be the best, with the same confidence."


def _identical(one: Ranked, top: Ranked, choice: Choice) -> bool:
    mine, best = choice.values(one.runs), choice.values(top.runs)
    many = min(mine.size, best.size)
    return bool((mine[:many] == best[:many]).all())


def choice_rows(choice: Choice) -> list[list[str]]:
    """A row a plan under a header: its mean, its difference from the leader, its runs, where it stands."""
    rows, unit = ranking(choice), _unit(choice)
    heading = titled(choice.promise.kpi, unit).replace("points", "%")
    told = [["", heading, f"against {rows[0].name}", "runs", ""]]
    halves = [(one.mean.high - one.mean.low) / 2 for one in rows]
    precision = max((half for half in halves if math.isfinite(half)), default=0.0)
    for place, one in enumerate(rows, 1):
        mean = numbers.mean_half_width(one.mean.mean, one.mean.low, one.mean.high, unit, precision)
        apart = "" if place == 1 else numbers.difference(one.apart.mean, one.apart.low, one.apart.high, unit)
        cells = [words.bare(mean, unit).removesuffix("%"), words.bare(apart.removesuffix(" points"), unit)]
        name = "-" if one.standing == "aside" else f"{place}"
        told.append([f"{name}  {one.name}", *cells, f"{len(one.runs.kpis):,}", _standing(one)])
    return told


def _standing(one: Ranked) -> str:
    if one.standing == "out":
        return f"out after {one.at:,}, by {style.name(one.by, 24)}"
    told = {"chosen": "chosen", "leads": "leads", "left": "may be as good", "aside": "no mean"}
    return told[one.standing]


def choice_text(choice: Choice) -> str:
    """Sentences, the ranking, and how to read it."""
    level = numbers.significant(100 * choice.promise.confidence)
    error = (
        f"Means and differences \N{PLUS-MINUS SIGN} half-width of their {level}% intervals, each by itself; runs that "
        "end with a choice flatter it a little."
    )
    readings = read(choice.runs)
    more = [*notes(readings), *words.cautions(readings)]
    told = [*choice_sentences(choice), "", table(choice_rows(choice)), "", error, *more, ""]
    return plain_text("\n".join(told))


def choice_json(choice: Choice) -> dict[str, Any]:
    """All of it as plain data; None where a number is withheld."""
    promise, found = choice.promise, choice.found
    return {
        "version": version("labelcast"),
        "best": promise.kpi,
        "unit": _unit(choice),
        "better": kpi_of(promise.kpi).better,
        "within": choice.zone,
        "confidence": promise.confidence,
        "procedure": promise.procedure,
        "chosen": None if choice.chosen is None else choice.chosen.line.name,
        "leader": choice.leader.line.name,
        "behind_at_most": _finite(found.behind),
        "decided_after": None if found.chosen is None else found.stage,
        "runs": choice.spent,
        "most": promise.most,
        "seed": choice.leader.seed,
        "ranking": [_row(one) for one in ranking(choice)],
        "sentences": [*choice_sentences(choice)],
    }


def _row(one: Ranked) -> dict[str, Any]:
    return {
        "scenario": one.runs.line.name,
        "digest": digest(one.runs.line),
        "standing": one.standing,
        "replications": len(one.runs.kpis),
        "mean": {name: _finite(getattr(one.mean, name)) for name in ("mean", "low", "high")},
        "against_leader": {name: _finite(getattr(one.apart, name)) for name in ("mean", "low", "high")},
        "out_after": one.at or None,
        "out_by": one.by or None,
    }


def draw_choice(choice: Choice, width: int = style.WIDE) -> Drawing:
    """Each plan's difference from the leader with its interval, and the zone that does not matter."""
    rows = [one for one in ranking(choice) if math.isfinite(one.apart.mean)][::-1]
    scale = 100.0 if _unit(choice) == numbers.SHARE else 1.0
    better = -scale if kpi_of(choice.promise.kpi).better == "low" else scale
    with style.canvas("choice", width, 90 + 26 * len(rows)) as figure:
        axes = style.frame(figure, 230, 30, 22, 48)
        axes.axvspan(0, better * choice.zone, color=palette.MUTED, alpha=0.15, lw=0)
        axes.axvline(0, color=palette.MUTED, lw=1)
        for place, one in enumerate(rows):
            colour = palette.series(0) if one.standing != "out" else palette.MUTED
            if math.isfinite(one.apart.low):
                axes.plot([scale * one.apart.low, scale * one.apart.high], [place] * 2, color=colour, lw=2.5)
            face = "none" if one.standing == "out" else colour
            axes.plot([scale * one.apart.mean], [place], marker="o", ms=6, mfc=face, mec=colour)
        axes.set_yticks(range(len(rows)), [f"{one.name} ({len(one.runs.kpis):,})" for one in rows])
        axes.set_ylim(-0.6, len(rows) - 0.4)
        told = "within the zone of the leader" if choice.found.chosen is None else "within the zone of the choice"
        axes.annotate(
            f"grey: better, {told}; hollow: fell out; in brackets: runs", (1, 1), (0, 8), xycoords="axes fraction",
            textcoords="offset points", ha="right", color=palette.MUTED,
        )  # fmt: skip
        axes.xaxis.set_major_formatter(lambda value, _: numbers.significant(value, 4))
        axes.set_xlabel(f"difference in {titled(choice.promise.kpi, _unit(choice))}, from {rows[-1].name}")
        axes.grid(axis="x")
        axes.set_axisbelow(True)
    return figure


def choice_figure(choice: Choice, width: int = style.WIDE) -> str:
    """The picture as SVG text."""
    return style.svg(draw_choice(choice, width))


def _unit(choice: Choice) -> str:
    return unit_of(choice.promise.kpi, choice.leader.line.currency)


def _amount(value: float, choice: Choice, *, up: bool = False) -> str:
    """An amount of the KPI with its unit; up: no less than it is."""
    unit = _unit(choice)
    scale, unit = (100.0, "points") if unit == numbers.SHARE else (1.0, unit)
    shown = scale * value
    if up and shown > 0:
        step = 10.0 ** (math.floor(math.log10(shown)) - 1)
        shown = math.ceil(shown / step - 1e-9) * step
    return numbers.with_unit(numbers.significant(shown), unit)


def _listed(names: Sequence[str], word: str) -> str:
    shown = [*names[:NAMED], *([f"{len(names) - NAMED} more"] if len(names) > NAMED else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {word} {shown[-1]}"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
