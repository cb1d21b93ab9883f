"""What answers hang on: sentences, tables, picture and JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..scenarios.chances import missed
from ..scenarios.parameters import Parameter
from ..scenarios.ranges import FACTOR
from ..scenarios.screening import LEVELS, TRAJECTORIES
from ..scenarios.sensitivity import ENDS, Bar, Margin, Overtaken, Sensitivity, Turn, Verdict
from ..sim.paired import Claim
from ..sim.registry import unit_of
from . import numbers, palette, style, words
from .tables import plain_text, table

if TYPE_CHECKING:
    from .drawing import Drawing

LONGEST = 60
"""Characters of a parameter's name."""

SHOWN = 15
"""Bars of a table and of a picture; JSON has all."""

MOST_OVERTAKEN = 4
"""Ends of parameters that a sentence names."""

Naming = Callable[[str], str]
"""How a parameter is named in words; as it is, the path that --over takes."""


def sensitivity_text(found: Sensitivity) -> str:
    """What each parameter does; what would change the verdict; how much each matters when all vary."""
    names = [style.name(runs.line.name) for runs in found.runs]
    base, unit = found.base, _unit(found)
    mean = numbers.mean_half_width(base.mean, base.low, base.high, unit)
    out = [f"{names[0]}: {words.title(found.kpi)} {mean}.", ""]
    if found.bars:
        out += [f"What {words.title(found.kpi)} hangs on, each alone from end to end of its interval:"]
        out += [table(bar_rows(found, found.bars)), *_others(found.bars), ""]
    if found.apart:
        out += [f"What the difference hangs on, {difference_words(found)}, each alone:"]
        out += [table(bar_rows(found, found.apart)), *_others(found.apart), ""]
    out += ["What would change the verdict:", *verdict_lines(found), ""]
    if found.screened is not None:
        out += [f"All at once, screened (Morris), in {unit or 'its unit'}:", table(_screened_rows(found)), ""]
    if found.indices is not None:
        out += [f"All at once, shares of the variance of {words.title(found.kpi)} (Sobol):", table(_index_rows(found))]
        out += [""]
    return plain_text("\n".join([*out, *(f"- {one}" for one in notes(found)), ""]))


def value_text(one: Parameter, value: float) -> str:
    """A parameter's value with its unit."""
    if one.over is not None:
        return _written(one.over.text(value))
    assert one.fitted is not None
    if one.fitted.unit == "%":
        return numbers.with_unit(numbers.significant(value), numbers.SHARE)
    if one.fitted.unit == "share":
        return numbers.with_unit(numbers.significant(100 * value), numbers.SHARE)
    return numbers.with_unit(numbers.significant(value), one.fitted.unit)


def _written(text: str) -> str:
    """A value of a scenario file with its thousands separated: 20_000 items as 20,000 items."""
    number, _, unit = text.replace("_", "").partition(" ")
    return f"{int(number):,} {unit}".strip() if number.isdigit() else f"{number} {unit}".strip()


def _ends(one: Parameter) -> tuple[str, str]:
    return value_text(one, one.at(ENDS["low"])), value_text(one, one.at(ENDS["high"]))


def _planned(one: Parameter) -> str:
    """What plans say, in words; "" where that is no number, or not the same in all and not multiplied."""
    if one.over is not None and one.over.unit == FACTOR:
        return f"{FACTOR}1"
    return _written(one.planned) if one.over is not None else value_text(one, one.at(0.0))


def _unit(found: Sensitivity) -> str:
    return unit_of(found.kpi, found.runs[0].line.currency)


def difference_words(found: Sensitivity) -> str:
    """Of what `apart` has the bars: cost of vendor less that of in-house."""
    first, second = (style.name(name) for name in found.pair)
    return f"{words.title(found.kpi)} of {second} less that of {first}"


def bar_rows(found: Sensitivity, bars: Sequence[Bar], named: Naming = str) -> list[list[str]]:
    """A row a parameter under a header, the largest first, at most SHOWN: its ends and what they change."""
    rows = [["", "from", "to", "planned", "at the low end", "at the high end", "swing"]]
    for bar in bars[:SHOWN]:
        effects = [_effect(bar.effects[end], _unit(found)) for end in ENDS]
        name = style.name(named(bar.parameter.name), LONGEST)
        rows.append([name, *_ends(bar.parameter), _planned(bar.parameter) or "-", *effects, _swing(bar, found)])
    return rows


def _others(bars: Sequence[Bar]) -> Iterator[str]:
    """What is said of those that are not shown."""
    others = bars[SHOWN:]
    idle = sum(bar.swing == 0 for bar in others)
    unknown = sum(math.isnan(bar.swing) for bar in others)
    counts = {
        "move it less": len(others) - idle - unknown,
        "do nothing at all to it": idle,
        "leave it unknown": unknown,
    }
    told = [f"{count} {what}" for what, count in counts.items() if count]
    if told:
        yield f"Of {len(bars)}, {', '.join(told)}; --json has all."


def _effect(claim: Claim, unit: str) -> str:
    text = numbers.difference(claim.difference.mean, claim.low, claim.high, unit)
    plain = claim.differs or text in ("no difference", numbers.NOT_COMPUTED)
    return text if plain else f"({text})"


def _swing(bar: Bar, found: Sensitivity) -> str:
    halves = [(claim.high - claim.low) / 2 for claim in bar.effects.values()]
    known = [half for half in halves if math.isfinite(half) and half > 0]
    return numbers.number(bar.swing, _unit(found), max(known, default=None))


def verdict_lines(found: Sensitivity) -> Iterator[str]:
    """Each verdict as it is, and which parameter turns it, about where."""
    if not found.verdicts:
        yield "There is none to change: the scenario has no goals, and no other is held --against it."
    yield from first_lines(found)
    for verdict in found.verdicts:
        yield f"{verdict_words(found, verdict)}."
        yield from turn_lines(found, verdict)
        if not verdict.turns and not verdict.withheld:
            yield "- No parameter turns this within its interval, one at a time."


def first_lines(found: Sensitivity, named: Naming = str) -> Iterator[str]:
    """Who keeps all goals in most runs, and where another does; nothing where that is not known of two scenarios."""
    if not found.first:
        return
    first = style.name(found.first)
    if not found.overtaken:
        yield f"No plan keeps all its goals more often than {first}, nor at either end of anything that was moved."
        return
    yield f"No plan keeps all its goals more often than {first}; one does with"
    for one in found.overtaken:
        (other, more), (_, own) = one.by, one.first
        sure = "" if one.sure else "; too few runs to be sure"
        yield f"- {_at_end(one, named)}: {style.name(other)} in {more:.0%} of runs, {first} in {own:.0%}{sure}."


def _at_end(one: Overtaken, named: Naming) -> str:
    """A parameter with its value."""
    value = value_text(one.parameter, one.parameter.at(ENDS[one.end]))
    return f"{style.name(named(one.parameter.name), LONGEST)} at {value}"


def overtaken_sentence(found: Sensitivity, named: Naming = str) -> str:
    """What would make another scenario keep all goals in most runs, at most MOST_OVERTAKEN; "" where nothing that was
    moved does, or nobody knows."""
    told = [f"{_at_end(one, named)} ({style.name(one.by[0])})" for one in found.overtaken]
    more = [f"{len(told) - MOST_OVERTAKEN} more"] if len(told) > MOST_OVERTAKEN else []
    what = "; ".join([*told[:MOST_OVERTAKEN], *more])
    return f"What would make another plan likelier than {style.name(found.first)}, each alone: {what}." if told else ""


def verdict_words(found: Sensitivity, verdict: Verdict, *, bounds: bool = True) -> str:
    """A verdict as it is. bounds: with the interval that holds of all verdicts of a kind at once."""
    return _difference(found, verdict, bounds) if verdict.goal is None else _goal(found, verdict, bounds)


def turn_lines(found: Sensitivity, verdict: Verdict, named: Naming = str) -> Iterator[str]:
    """Each parameter that turns a verdict, and about where."""
    for turn in verdict.turns:
        yield f"- {_turn(found, verdict, turn, named)}."


def _difference(found: Sensitivity, verdict: Verdict, bounds: bool) -> str:
    first, second = (style.name(name) for name in verdict.scenarios)
    verb, noun, unit, sides = _told(found, verdict)
    base = verdict.base
    if verdict.withheld:
        return f"{second} against {first}: {noun} could not be computed in every run"
    if base.mean == base.low == base.high == 0:
        return f"{second} against {first}: {noun} is the same in every run"
    side = sides[0] if base.mean > 0 else sides[1]
    size = numbers.number(abs(base.mean), unit, (base.high - base.low) / 2)
    ends = sorted((abs(base.low), abs(base.high))) if base.low * base.high > 0 else (base.low, base.high)
    seen = "" if base.low * base.high > 0 else "; that is no difference that could be seen"
    interval = f" ({numbers.interval(ends[0], ends[1], unit)}){seen}" if bounds else ""
    return f"{second} {verb} {size} {side} than {first}{interval}"


def _told(found: Sensitivity, verdict: Verdict) -> tuple[str, str, str, tuple[str, str]]:
    """(verb, noun, unit, what more and less of it are called)."""
    currency = found.runs[0].line.currency
    return {
        "cost": ("costs", "cost", currency, ("more", "less")),
        "finish_days": ("finishes", "finish", "days", ("later", "earlier")),
    }[verdict.kpi]


def _goal(found: Sensitivity, verdict: Verdict, bounds: bool) -> str:
    (scenario,) = verdict.scenarios
    runs = found.runs_of(scenario)
    goal, line, base = verdict.goal, runs.line, verdict.base
    assert goal is not None
    name, fails = style.name(line.name), missed(goal, line)
    if verdict.withheld:
        return f"{name}: whether it {fails} could not be computed in every run"
    met = "the goal is met" if base.mean >= 0 else "the goal is not met"
    if base.low < 0 <= base.high:
        met = f"{numbers.plain(len(runs.kpis))} runs cannot tell whether the goal is met"
    if goal.probability is None:
        unit = unit_of(goal.kpi, line.currency)
        mean = numbers.number(runs.kpis[goal.kpi].mean(), unit)
        if base.low < 0 <= base.high:
            low, high = sorted(goal.value + (one if goal.relation == ">=" else -one) for one in (base.low, base.high))
            mean += f"; {numbers.interval(low, high, unit)} with the intervals of all goals at once"
        return f"{name} {fails if base.mean < 0 else fails.replace('misses', 'keeps').replace('exceeds', 'keeps')} " + (
            f"on average ({words.title(goal.kpi)} {mean}): {met}"
        )
    chance, low, high = (1 - goal.probability - one for one in (base.mean, base.high, base.low))
    told = f"{chance:.0%} ({max(low, 0):.0%} to {min(high, 1):.0%})" if bounds else f"{chance:.0%}"
    return f"{name} {fails} with probability {told}, at most {1 - goal.probability:.0%} is asked for: {met}"


def _turn(found: Sensitivity, verdict: Verdict, turn: Turn, named: Naming) -> str:
    one = turn.parameter
    where = " and ".join(value_text(one, _about(one, at)) for at in turn.ats)
    low, high = _ends(one)
    planned = f", planned {_planned(one)}" if _planned(one) else ""
    name = f"{style.name(named(one.name), LONGEST)}{planned} ({low} to {high})"
    sure = "" if turn.sure else "; too few runs to be sure"
    if len(turn.ats) > 1:
        return f"{name} turns it at about {where}{sure}"
    below, above = _sides(found, verdict, turn.at_low)
    return f"{name}: below about {where} {below}, above it {above}{sure}"


def _about(one: Parameter, value: float) -> float:
    """A value of a key to a hundredth of its range: no straight line tells more."""
    if one.over is None:
        return value
    apart = one.over.high - one.over.low
    return round(value, max(0, 2 - math.floor(math.log10(apart)))) if apart > 0 else value


def _sides(found: Sensitivity, verdict: Verdict, at_low: Margin) -> tuple[str, str]:
    """What holds below and above where a verdict turns."""
    if verdict.goal is not None:
        return ("the goal is met", "not met") if at_low.mean >= 0 else ("the goal is not met", "met")
    verb, _, _, sides = _told(found, verdict)
    first, second = (style.name(name) for name in verdict.scenarios)
    names = (first, second) if at_low.mean > 0 else (second, first)
    return f"{names[0]} {verb} {sides[1]}", f"{names[1]} does"


def _screened_rows(found: Sensitivity) -> list[list[str]]:
    assert found.screened is not None
    rows = [["", "mu*", "sigma"]]
    for one, each in [*found.screened.items()][:SHOWN]:
        rows.append([style.name(one.name, LONGEST), numbers.significant(each.mu_star), numbers.significant(each.sigma)])
    return rows


def _index_rows(found: Sensitivity) -> list[list[str]]:
    assert found.indices is not None
    rows = [["", "by itself", "with all it does together with others"]]
    for one, each in found.indices.items():
        cells = [numbers.plain(part, 2) for part in (each.first, each.first_half, each.total, each.total_half)]
        pairs = [f"{mean} {numbers.PLUS_MINUS} {half}" for mean, half in (cells[:2], cells[2:])]
        rows.append([style.name(one.name, LONGEST), *pairs])
    return rows


def notes(found: Sensitivity) -> Iterator[str]:
    """How it was made."""
    yield (
        f"{len(found.runs[0].kpis)} runs of each, on the same luck; intervals of a table hold all at once with 95%. In "
        "brackets: no difference could be seen."
    )
    yield "Fitted parameters go from end to end of their 95% intervals, keys of --over over the range that was given."
    yield "Where a verdict turns is told as if it went along a straight line between the ends and the value as it is."
    if found.screened is not None:
        yield (
            f"mu*: mean size of the effect of the whole range, from {TRAJECTORIES} walks over {LEVELS} levels; sigma "
            "large beside it: the effect bends, or hangs on others."
        )
    if found.indices is not None:
        yield "Shares: fitted parameters normal, keys uniform, all independent; what errs together is not told here."
    yield from found.notes


def sensitivity_json(found: Sensitivity) -> dict[str, Any]:
    """All of it as plain data; null where it is not known."""
    base = found.base
    return {
        "scenario": found.runs[0].line.name,
        "against": [runs.line.name for runs in found.runs[1:]],
        "currency": found.runs[0].line.currency,
        "replications": len(found.runs[0].kpis),
        "seed": found.runs[0].seed,
        "kpi": found.kpi,
        "unit": _unit(found),
        "base": {"mean": _finite(base.mean), "low": _finite(base.low), "high": _finite(base.high)},
        "parameters": [_bar_json(bar) for bar in found.bars],
        "apart": None
        if not found.pair
        else {"of": found.pair[1], "less": found.pair[0], "parameters": [_bar_json(bar) for bar in found.apart]},
        "verdicts": [_verdict_json(each) for each in found.verdicts],
        "first": found.first or None,
        "overtaken": [
            {
                "name": one.parameter.name,
                "at": one.parameter.at(ENDS[one.end]),
                "by": {"scenario": one.by[0], "share": one.by[1]},
                "first": {"scenario": one.first[0], "share": one.first[1]},
                "sure": one.sure,
            }
            for one in found.overtaken
        ],
        "sentences": list(verdict_lines(found)),
        "morris": None
        if found.screened is None
        else {one.name: {"mu_star": each.mu_star, "sigma": each.sigma} for one, each in found.screened.items()},
        "sobol": None
        if found.indices is None
        else {
            one.name: {
                "first": {"share": each.first, "half_width": each.first_half},
                "total": {"share": each.total, "half_width": each.total_half},
            }
            for one, each in found.indices.items()
        },
        "notes": list(found.notes),
    }


def _bar_json(bar: Bar) -> dict[str, Any]:
    one = bar.parameter
    told = {"at_low": bar.effects["low"], "at_high": bar.effects["high"]}
    return {
        "name": one.name,
        "low": one.at(ENDS["low"]),
        "value": one.at(0.0) if one.fitted is not None else None,
        "high": one.at(ENDS["high"]),
        "planned": _planned(one) or None,
        "unit": one.fitted.unit if one.fitted is not None else one.over.unit if one.over is not None else "",
        "swing": _finite(bar.swing),
        **{
            key: {
                "mean": _finite(claim.difference.mean),
                "low": _finite(claim.low),
                "high": _finite(claim.high),
                "adjusted_p": _finite(claim.adjusted_p),
                "differs": claim.differs,
            }
            for key, claim in told.items()
        },
    }


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    goal, base = verdict.goal, verdict.base
    return {
        "scenarios": list(verdict.scenarios),
        "kpi": verdict.kpi,
        "goal": None
        if goal is None
        else {"relation": goal.relation, "value": goal.value, "probability": goal.probability},
        "margin": {"mean": _finite(base.mean), "low": _finite(base.low), "high": _finite(base.high)},
        "turns": [{"name": one.parameter.name, "at": list(one.ats), "sure": one.sure} for one in verdict.turns],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def draw_tornado(
    found: Sensitivity, width: int = style.WIDE, *, apart: bool = False, most: int = SHOWN, named: Naming = str
) -> Drawing:
    """The tornado: what the KPI is at both ends of each parameter, less what it is as it is. apart: what the difference
    between two scenarios is, with a line where they are the same.  most: bars at most."""
    of = found.apart if apart else found.bars
    bars: Sequence[Bar] = [bar for bar in of if not math.isnan(bar.swing)][:most][::-1]
    middle = found.difference if apart else 0.0
    wide = width >= 600
    with style.canvas(
        "sensitivity", width, 80 + (30 * max(len(bars), 1) if wide else 22 + 76 * max(len(bars), 1))
    ) as figure:
        axes = style.frame(figure, 300 if wide else 16, 26 if wide else 48, 22, 46)
        thick = 0.3 if wide else 0.22
        for place, bar in enumerate(bars):
            for which, end in enumerate(ENDS):
                claim, shift = bar.effects[end], (0.5 if end == "high" else -0.5) * (thick + 0.02)
                axes.barh(
                    [place + shift], [claim.difference.mean], thick, middle, color=palette.series(which), alpha=0.75
                )
                axes.plot([middle + claim.low, middle + claim.high], [place + shift] * 2, color=palette.INK, lw=1)
        keys = ("lower: at the low end", "upper: at the high end")
        for which, text in enumerate(keys):
            axes.annotate(
                text, (0.0 if which == 0 else 1.0, 1), (0, 6 if wide else 22), xycoords="axes fraction",
                textcoords="offset points", ha="left" if which == 0 else "right", color=palette.series(which),
            )  # fmt: skip
        axes.axvline(middle, color=palette.MUTED, lw=1)
        if apart:
            axes.axvline(0, color=palette.INK, lw=1, ls=(0, (4, 3)))
        axes.set_ylim(-0.6, max(len(bars), 1) - 0.4)
        labels = [f"{style.name(named(bar.parameter.name), 40)}\n{' to '.join(_ends(bar.parameter))}" for bar in bars]
        axes.set_yticks(range(len(bars)), labels if wide else [""] * len(bars))
        for place, label in enumerate([] if wide else labels):
            axes.annotate(
                label, (0, place), (0, 19), xycoords=("axes fraction", "data"), textcoords="offset points",
                va="bottom", color=palette.MUTED, size=style.SMALL,
                bbox={"facecolor": palette.LIGHT["paper"], "edgecolor": "none", "pad": 0.5, "alpha": 0.85},
            )  # fmt: skip
        axes.locator_params(axis="x", nbins=9 if wide else 5)
        axes.xaxis.set_major_formatter(lambda value, _: numbers.significant(value))
        unit = f", {_unit(found)}" if _unit(found) else ""
        lines = "; lines: intervals that hold all at once" if wide else ""
        about = difference_words(found) if apart else f"difference in {words.title(found.kpi)}"
        axes.set_xlabel(f"{about}{unit}{lines}")
        axes.grid(axis="x")
        axes.set_axisbelow(True)
    return figure


def sensitivity_figure(found: Sensitivity, width: int = style.WIDE) -> str:
    """The tornado as SVG text."""
    return style.svg(draw_tornado(found, width))
