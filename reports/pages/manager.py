"""The program manager's page: which plan, how sure, what it costs and when, and what would change that answer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...scenarios.breakeven import BreakEven
from ...scenarios.chances import Together, together
from ...scenarios.compare import Comparison
from ...scenarios.sensitivity import Sensitivity, Verdict
from ...sim.replicate import Runs
from .. import breakeven, cells, figures, numbers, sensitivity, windows, words
from ..assumptions import assumptions, goal_words
from ..cells import Cell, Group, Row, Table
from ..charts import chart_sentences
from ..comparison.figure import CAPTION, draw_trade_offs
from ..comparison.words import (
    best_sentence,
    failing_sentence,
    head_sentences,
    likeliest,
    means_sentence,
    notes,
    other_pairs,
    standing_sentences,
    together_sentence,
)
from ..foot import level
from ..keys import key_words
from ..reading import Reading, read
from .sheet import Drawn, Section, Sheet, Shown, listing

TURNS = 5
"""Bars of the tornado on this page: the largest."""

CHANCES = ("p_deadline", "p_budget", "p_accuracy", "p_on_time")

COLUMNS = ("cost", "cost_per_accepted_label", "finish_days", "accuracy", "rework_rate", "wip_max")
"""KPIs that are columns of the table of plans, chances of goals besides."""


def manager_page(
    runs: Sequence[Runs],
    comparison: Comparison | None = None,
    turning: Sensitivity | None = None,
    even: BreakEven | None = None,
    guessed: Sequence[str] = (),
    cautions: Sequence[str] = (),
) -> Sheet:
    """The page of one plan, or of several that were compared.

    runs: of each, the baseline first.  comparison: of all of them.  turning: what their answer hangs on.  even: at
    which value of a key two of them cost the same.  cautions: what a reader must be warned of besides.
    """
    readings = read(runs)
    return Sheet(
        "Plans for the program manager",
        [reading.name for reading in readings],
        _verdicts(readings, comparison),
        readings,
        _proof(readings, comparison),
        [*_more(readings, comparison), *_otherwise(turning)],
        [*cautions, *_rests(readings), *(notes(readings) if comparison else ()), *words.cautions(readings)],
        [*_sections(readings, comparison, turning, even, guessed)],
    )


def _verdicts(readings: Sequence[Reading], comparison: Comparison | None) -> list[str]:
    if comparison is None:
        return [words.sentence(reading) for reading in readings]
    return head_sentences(readings, comparison)


def _rests(readings: Sequence[Reading]) -> Iterator[str]:
    """Of how many runs all is, and how much of it nobody stated."""
    ours = max(sum(one.origin == "default" for one in assumptions(reading.line)) for reading in readings)
    told = f"{numbers.plain(readings[0].replications)} runs{' of each plan' if len(readings) > 1 else ''}."
    if ours:
        told += f" {ours} of the values that {'they rest' if len(readings) > 1 else 'it rests'} on nobody stated: "
        told += "they are marked default at the foot."
    yield told


def _more(readings: Sequence[Reading], comparison: Comparison | None) -> Iterator[str]:
    if comparison is not None:
        yield means_sentence(readings)
        if failing := failing_sentence(readings):
            yield failing
        yield from standing_sentences(comparison)
        return
    (only,) = readings
    for told in (*words.goal_sentences(only), *windows.window_sentences(only), *chart_sentences(only)):
        yield f"{told[0].upper()}{told[1:]}."
    if kept := together_sentence(readings):
        yield kept


def _otherwise(turning: Sensitivity | None) -> Iterator[str]:
    """With what another plan would be likeliest to keep all goals."""
    if turning is not None and (told := sensitivity.overtaken_sentence(turning, key_words)):
        yield told


def _proof(readings: Sequence[Reading], comparison: Comparison | None) -> Drawn:
    """What is traded for what, of several plans that are all paid; else what is delivered when."""
    if comparison is None or not all(reading.paid for reading in readings):
        return _burn_up(readings)
    dominated = [one.scenario for one in comparison.standings if one.kind == "dominated"]
    return Drawn(
        "frontier",
        lambda width: draw_trade_offs(readings, width, dominated),
        words.frontier_words(readings),
        f"Down and to the left is cheaper and sooner; down and to the right cheaper and better. {CAPTION}",
    )


def _burn_up(readings: Sequence[Reading]) -> Drawn:
    return Drawn(
        "burn-up",
        lambda width: figures.draw_burn_up(readings, width),
        words.burn_up_words(readings),
        "Items delivered. Line: median over replications; dark band: P20 to P80; light band: P5 to P95.",
    )


def _sections(
    readings: Sequence[Reading],
    comparison: Comparison | None,
    turning: Sensitivity | None,
    even: BreakEven | None,
    guessed: Sequence[str],
) -> Iterator[Section]:
    yield Section("The plans side by side" if comparison else "The numbers", tables=[*_plans(readings, comparison)])
    if comparison is not None and all(reading.paid for reading in readings):
        yield Section("When the work is done", words.nearly_done(readings), [_burn_up(readings)])
    if comparison is not None:
        yield from _pairs(readings, comparison)
    if turning is not None:
        yield _turning(turning, guessed, readings)
    if even is not None:
        yield _even(even)


def _pairs(readings: Sequence[Reading], comparison: Comparison) -> Iterator[Section]:
    """Each plan against the first in words, where these are not the answer itself, and the other pairs."""
    told = list(comparison.verdicts) if best_sentence(readings, comparison) else []
    tables = []
    if pairs := other_pairs(readings, comparison):
        head, rows = pairs
        body = tuple(Row(row.title, tuple(Cell(text, differs=sure) for text, sure in row.cells)) for row in rows)
        caption = f"Mean difference ± half-width of its {level(readings[0])} interval; bold where it is sure."
        tables.append(Shown("Other pairs", caption, "difference", Table(tuple(head), (Group("", body),))))
    if told or tables:
        mean = "Differences are of means over runs: two plans that most often end on one day may differ."
        yield Section("Pair by pair", told, tables=tables, notes=[mean] if told else [])


def _plans(readings: Sequence[Reading], comparison: Comparison | None) -> Iterator[Shown]:
    best = _best(comparison)
    differences = cells.differences(comparison)
    at = level(readings[0])
    kpis = [kpi for kpi in COLUMNS if any(kpi in reading.kpis for reading in readings)]
    rows = [
        Row(reading.name, tuple(_mean(readings, reading, kpi, best, differences) for kpi in kpis))
        for reading in readings
    ]
    told = f"Mean ± half-width of its {at} interval: the error of the estimate, which more runs make smaller."
    if comparison is not None:
        told += (
            f" Bold, of cost, finish and accuracy: may be the best of all, or cannot be told from it ({at} for each "
            f"column). Small: difference from {comparison.baseline}, on the same luck."
        )
    if "cost_per_accepted_label" in kpis and any(s.labels_per_item > 1 for one in readings for s in one.line.stages):
        told += " An accepted label is the one that an item is delivered with, of however many were paid for it."
    if "wip_max" in kpis:
        told += " In progress: begun by somebody and not over, at a whole hour."
    heads = tuple(cells.titled(kpi, readings) for kpi in kpis)
    yield Shown("Plans", told, "plan", Table(heads, (Group("", tuple(rows)),)))
    runs = numbers.plain(readings[0].replications)
    told = f"How it may turn out, over {runs} runs: P80 is what eight projects in ten do not exceed. More runs do not "
    yield Shown("Risk", f"{told}make this smaller.", "plan", _risks(readings))
    told = (
        f"Chance of each goal, and of all of a plan's goals in one and the same run, with Wilson's {at} interval; and "
        "where most tasks wait at one moment."
    )
    yield Shown("Goals", told, "chance of", _chances(readings))


def _best(comparison: Comparison | None) -> set[tuple[str, str]]:
    """(scenario, KPI) that may be the best, of KPIs of which not all may."""
    if comparison is None:
        return set()
    table = comparison.best
    return {
        (str(name), str(kpi)) for name, kpi, among in zip(table["scenario"], table["kpi"], table["among"], strict=True)
        if among
    }  # fmt: skip


def _mean(
    readings: Sequence[Reading],
    reading: Reading,
    kpi: str,
    best: set[tuple[str, str]],
    differences: cells.Differences,
) -> Cell:
    summary, unit = reading.kpi(kpi), words.unit(kpi, reading)
    if summary is None:
        return cells.NOTHING
    there = math.isfinite(summary.mean)
    text = words.bare(words.mean(reading, kpi, words.coarsest(readings, kpi)), unit)
    under = "" if there else words.WHY_NOT.get(kpi, "")
    if there and (found := differences.get((reading.name, kpi))) and math.isfinite(found[0]):
        shown = numbers.difference(*found[:3], unit, cells.coarsest(differences, kpi))
        under = words.bare(shown, unit)
    return Cell(text, there, under, differs=(reading.name, kpi) in best)


def _risks(readings: Sequence[Reading]) -> Table:
    """Finish and cost at P50, P80 and P95."""
    kpis = [kpi for kpi in ("finish_days", "cost") if any(kpi in reading.kpis for reading in readings)]
    heads = [
        f"{cells.titled(kpi, readings)}, {mark}".replace("finish, days", "finish")
        for kpi in kpis
        for mark in ("P50", "P80", "P95")
    ]
    rows = []
    for reading in readings:
        found = [cell for kpi in kpis for cell in cells.percentiles(reading, kpi)[1:]]
        found = [replace(cell, text=cell.why, why=f"{cell.text} days") if cell.why else cell for cell in found]
        rows.append(Row(reading.name, tuple(found)))
    return Table(tuple(heads), (Group("", tuple(rows)),))


def _chances(readings: Sequence[Reading]) -> Table:
    """The chance of each goal that any plan has, and the longest queue."""
    chances = [name for name in CHANCES if any(name in reading.kpis for reading in readings)]
    whole = [together(one.runs) for one in readings]
    every = any(len(one.goals) > 1 for one in whole)
    rows = [Row("all goals at once", tuple(_all_goals(one) for one in whole))] if every else []
    rows += [Row(words.title(name), tuple(_chance(one, name) for one in readings)) for name in chances]
    rows.append(Row("most waiting at once", tuple(_peak(one) for one in readings)))
    return Table(tuple(one.name for one in readings), (Group("", tuple(rows)),))


def _all_goals(found: Together) -> Cell:
    if not found.goals:
        return Cell("no goals", there=False)
    return Cell(words.chance(found), not math.isnan(found.mean))


def _chance(reading: Reading, name: str) -> Cell:
    summary, goal = reading.kpi(name), reading.goal(words.GOALS[name])
    if summary is None or goal is None:
        return Cell("no such goal", there=False)
    return Cell(words.chance(summary), not math.isnan(summary.mean), goal_words(reading.line, goal))


def _peak(reading: Reading) -> Cell:
    """The stage at which most tasks wait at one moment, and how many, on average over runs."""
    found = [(one.mean, stage) for stage in reading.stages if (one := reading.kpi(f"queue_max.{stage}"))]
    if not found:
        return cells.NOTHING
    most, stage = max(found)
    return Cell(f"{numbers.plain(most)} tasks", why=f"at {stage}")


def _turning(found: Sensitivity, guessed: Sequence[str], readings: Sequence[Reading]) -> Section:
    apart = bool(found.pair)
    bars = [*(found.apart if apart else found.bars)][:TURNS]
    what = sensitivity.difference_words(found) if apart else words.title(found.kpi)
    rows = sensitivity.bar_rows(found, bars, key_words)
    of_planned = "; the picture has it whole" if apart else ""
    caption = f"Each moved alone from end to end of what it may be; the {TURNS} largest."
    if apart:
        caption += " Line: as planned; dashed: where the two are the same."
    return Section(
        "What would change this answer",
        [*_verdict_lines(found, readings)],
        [
            Drawn(
                "tornado",
                lambda width: sensitivity.draw_tornado(found, width, apart=apart, most=TURNS, named=key_words),
                f"What {what} hangs on: {'; '.join(f'{row[0]} swings it by {row[-1]}' for row in rows[1:])}.",
                caption,
            )
        ]
        if len(rows) > 1
        else [],
        [Shown("What it hangs on", f"How {what} changes at either end{of_planned}.", "", listing(rows))],
        [*_first_of(found, readings), *_guessed(found, guessed), *_moved(found), *sensitivity.notes(found)],
    )


def _verdict_lines(found: Sensitivity, readings: Sequence[Reading]) -> Iterator[str]:
    """Verdicts that something turns, each with what, first goals of the plan that the page opens with; then those that
    nothing turns."""
    if not found.verdicts:
        yield from sensitivity.verdict_lines(found)
        return
    yield from sensitivity.first_lines(found, key_words)
    first = likeliest(readings)
    for verdict in sorted(found.verdicts, key=lambda one: one.goal is None or one.scenarios[0] != first):
        if verdict.turns or verdict.withheld:
            yield f"{sensitivity.verdict_words(found, verdict, bounds=False)}."
            yield from sensitivity.turn_lines(found, verdict, key_words)
    firm = [verdict for verdict in found.verdicts if not (verdict.turns or verdict.withheld)]
    if firm:
        yield "Nothing that was moved changes these, one at a time:"
        yield from (f"- {sensitivity.verdict_words(found, one, bounds=False)}." for one in firm if one.goal is None)
        yield from _firm_goals(found, [one for one in firm if one.goal is not None])


KEPT = ((True, "keeps"), (False, "does not keep"), (None, "keeps or misses, which these runs cannot tell"))
"""Whether goals are kept, and how that is told."""


def _firm_goals(found: Sensitivity, firm: Sequence[Verdict]) -> Iterator[str]:
    """A line for the goals of each plan that it keeps whatever is moved, with the chance that they ask for or on
    average, and one for those that it does not."""
    for name in dict.fromkeys(one.scenarios[0] for one in firm):
        line = found.runs_of(name).line
        for kept, verb in KEPT:
            goals = [
                f"{words.title(one.kpi)} {goal_words(line, one.goal)}{'' if one.goal.probability else ' on average'}"
                for one in firm
                if one.scenarios[0] == name and one.goal is not None and _kept(one) is kept
            ]
            if goals:
                yield f"- {name} {verb}: {'; '.join(goals)}."


def _kept(verdict: Verdict) -> bool | None:
    """Whether a goal is kept, None where its interval holds both."""
    return None if verdict.base.low < 0 <= verdict.base.high else verdict.base.mean >= 0


def _first_of(found: Sensitivity, readings: Sequence[Reading]) -> Iterator[str]:
    """That fewer runs were moved than the page has."""
    moved, of_all = len(found.runs[0].kpis), readings[0].replications
    if moved < of_all:
        yield (
            f"Each change was made to the first {numbers.plain(moved)} of the {numbers.plain(of_all)} runs above, so "
            "what is told of the plans as they are differs a little from what stands there."
        )


def _moved(found: Sensitivity) -> Iterator[str]:
    """All that was moved, in words and by the paths that --over takes."""
    names = dict.fromkeys(bar.parameter.name for bar in (*found.bars, *found.apart))
    told = [name if key_words(name) == name else f"{key_words(name)} ({name})" for name in names]
    if told:
        yield f"Moved: {'; '.join(told)}. All else stayed as planned, such as headcounts and shares; --over moves it."


def _guessed(found: Sensitivity, guessed: Sequence[str]) -> Iterator[str]:
    shown = [one.parameter.name for one in (*found.bars, *found.apart) if one.parameter.name in guessed]
    if shown:
        yield (
            "Nobody said how sure volumes, times, skills and prices are that no log tells of, so each was moved by a "
            "fifth to either side (of a skill, what it gets wrong): what would follow, not how likely it is. Say what "
            "may be with --over."
        )


def _even(found: BreakEven) -> Section:
    told = breakeven.verdict(found)
    picture = Drawn(
        "break-even",
        lambda width: breakeven.draw_break_even(found, width),
        " ".join(told),
        "Means with P5 to P95. Grey: the interval of the crossing.",
    )
    costs = Shown(
        "Costs by value", "Mean cost at each value that was simulated.", "", listing(breakeven.cost_rows(found))
    )
    title = f"Where {found.names[0]} and {found.names[1]} cost the same"
    return Section(title, told, [picture], [costs], breakeven.kept(found))
