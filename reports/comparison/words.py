"""What a comparison says besides its verdicts: who stands where, and how far each is behind the best."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from ...scenarios.chances import Together, chances_of, likeliest_first, missed, share_words, together
from ...scenarios.compare import Comparison
from ...scenarios.standing import Standing
from ...sim.paired import paired_chance
from ...sim.registry import kpi_of
from .. import numbers, style, words
from ..days import weekday
from ..reading import Reading

EVEN = 0.5
"""A chance below which something is not likely."""

MOST_PAIRED = 4
"""Scenarios of which all pairs are shown; those of more are in JSON and CSV."""


def standing_sentences(comparison: Comparison) -> list[str]:
    """Who is on the frontier of cost, finish and accuracy, who is surely not, and of whom the numbers do not say."""
    found = comparison.standings
    criteria = _and([words.title(kpi) for kpi in comparison.criteria])
    told = []
    efficient = [one.scenario for one in found if one.kind == "efficient"]
    if efficient and criteria and sum(one.kind != "withheld" for one in found) > 1:
        told.append(f"On the frontier of {criteria}: {_and(efficient)}.")
    told += [_dominated(one, criteria) for one in found if one.kind == "dominated"]
    unsure = [one for one in found if one.kind == "open"]
    told += [
        f"Whether {' or '.join(one.by)} dominates {one.scenario} cannot be told from these runs." for one in unsure
    ]
    for one in found:
        if one.kind == "withheld":
            lacking = _and([words.title(kpi) for kpi in one.by])
            verb = "is" if len(one.by) == 1 else "are"
            told.append(f"{one.scenario} has no place on the frontier: its {lacking} {verb} withheld.")
    return told


def _dominated(one: Standing, criteria: str) -> str:
    return f"{one.scenario} is dominated by {_and(one.by)}: of {criteria} worse in at least one, and better in none."


def notes(readings: Sequence[Reading]) -> list[str]:
    """What a reader of differences must know: that the work is not the same, or does not begin together."""
    found = []
    items = [reading.total_items for reading in readings]
    if None not in items and len(set(items)) > 1:
        told = _and([f"{reading.name} has {numbers.plain(reading.total_items or 0)} items" for reading in readings])
        found.append(f"The work differs ({told}): so does what it costs and when it ends, whatever the plan.")
    if len({reading.line.origin for reading in readings}) > 1:
        found.append(
            "They begin on different dates: finish in days is from each one's own start, its differences are of dates."
        )
    return found


@dataclass(frozen=True)
class BestCell:
    """A scenario against the best of a KPI. among: it may be the best; sole: it surely is."""

    text: str
    among: bool = False
    sole: bool = False


def titled(kpi: str, unit: str) -> str:
    """A KPI with the unit of its numbers: cost, EUR; accuracy, points; cost per label, EUR."""
    shown = "points" if unit == numbers.SHARE else unit
    shown = shown.partition("/")[0] if "per" in words.title(kpi).split() else shown
    return f"{words.title(kpi)}, {shown}" if shown else words.title(kpi)


def best_rows(readings: Sequence[Reading], comparison: Comparison) -> list[tuple[str, list[BestCell]]]:
    """(title, a cell a scenario) for each KPI with a better side and at least two scenarios that have a mean."""
    rows = []
    for kpi, group in comparison.best.groupby("kpi", sort=False):
        if group["low"].notna().sum() < 2:
            continue
        unit = words.unit(str(kpi), readings[0])
        sole = int(group["among"].sum()) == 1
        behind = group["high"] if kpi_of(str(kpi)).better == "low" else -group["low"]
        facts = zip(behind, group["among"], strict=True)
        cells = [_best(float(far), bool(among), sole, unit) for far, among in facts]
        rows.append((titled(str(kpi), unit), cells))
    return rows


def verdicts_open(comparison: Comparison) -> bool:
    """Whether a page opens with the verdicts: that of two plans is the answer, those of more stand where it is
    chosen."""
    return len(comparison.verdicts) == 1


def head_sentences(readings: Sequence[Reading], comparison: Comparison) -> list[str]:
    """What a page opens with: who likeliest keeps all goals, and who is the best in what; the verdicts where no mean is
    known of two."""
    kept, best = together_sentence(readings), best_sentence(readings, comparison)
    return [*([kept] if kept else []), *([best] if best else comparison.verdicts)]


SUPERLATIVES = {"cost": "cheapest", "finish_days": "soonest", "accuracy": "most accurate"}


def best_sentence(readings: Sequence[Reading], comparison: Comparison) -> str:
    """Who is the best in cost, finish and accuracy, with its mean, or who may be; "" where nothing is known of any."""
    table, told = comparison.best, []
    for kpi, word in SUPERLATIVES.items():
        mine = table[(table["kpi"] == kpi) & table["low"].notna()]
        names = [str(name) for name in mine.loc[mine["among"], "scenario"]]
        if len(mine) < 2 or not names:
            continue
        if len(names) == len(mine):
            told.append(f"{word}: no difference that could be seen")
            continue
        means = [f"{one.name} ({words.mean(one, kpi)})" for one in readings if one.name in names]
        told.append(f"{word}: {' or '.join(means)}")
    return f"{told[0][0].upper()}{'; '.join(told)[1:]}." if told else ""


def together_sentence(readings: Sequence[Reading]) -> str:
    """How likely each scenario keeps all of its goals in one and the same run, the likeliest first, and from which of
    the others its lead cannot be told, in pairs of runs; "" where none has two goals."""
    having = [(reading.name, together(reading.runs)) for reading in readings]
    known = likeliest_first(having)
    if not known or not any(len(one.goals) > 1 for _, one in having):
        return ""
    told = "; ".join(f"{name} {words.chance(one)}" for name, one in known)
    lacking = [name for name, one in having if one.goals and one.met is None]
    more = f"; not known of {_and(lacking)}" if lacking else ""
    if len(readings) == 1:
        return f"Chance to keep all goals at once: {told}."
    (first, best), *others = known
    likely = (
        "No plan is likely to keep all its goals at once" if best.high < EVEN else "Likeliest to keep all goals at once"
    )
    level = 1 - (1 - readings[0].runs.level) / max(len(others), 1)
    alike = [name for name, one in others if not _ahead(best, one, level)]
    runs = numbers.plain(readings[0].replications)
    untold = f" {runs} runs cannot tell {_and([first, *alike])} apart in this." if alike else ""
    return f"{likely}: {told}{more}.{untold}"


def likeliest(readings: Sequence[Reading]) -> str:
    """Who keeps all goals in most runs; "" where that is known of none."""
    known = likeliest_first([(reading.name, together(reading.runs)) for reading in readings])
    return known[0][0] if known else ""


def means_sentence(readings: Sequence[Reading]) -> str:
    """What each scenario costs on average, and by when eight runs of ten are done."""
    told = []
    for reading in readings:
        finish = reading.kpis["finish_days"].p80
        late = "nothing to finish" if math.isnan(finish) else "not done by the horizon"
        done = f"done by {weekday(reading.line, finish)}" if math.isfinite(finish) else late
        told.append(f"{reading.name} {words.mean(reading, 'cost') if reading.paid else 'unpaid'}, {done}")
    return f"Mean cost, and finish in 8 of 10 runs: {'; '.join(told)}."


def failing_sentence(readings: Sequence[Reading]) -> str:
    """Which of its goals each scenario may miss, and how likely; "" where none has a goal that its runs can judge."""
    told, fine, others = [], [], False
    for reading in readings:
        found = [one for one in chances_of(reading.runs).values() if one.met is not None]
        missing = [f"{missed(one.goal, reading.line)} in {share_words(one)} of runs" for one in found if one.share < 1]
        others = others or 0 < len(missing) < len(found)
        if missing:
            told.append(f"{reading.name} {_and(missing)}")
        elif found:
            fine.append(reading.name)
    if not told:
        return ""
    kept = f"; {_and(fine)} {'keeps' if len(fine) == 1 else 'keep'} every goal in every run" if fine else ""
    rest = "; every other goal was met in every run" if others and not fine else ""
    return f"What may fail: {'; '.join(told)}{kept}{rest}."


def _ahead(one: Together, other: Together, level: float) -> bool:
    """Whether one surely keeps its goals in more runs than another."""
    assert one.met is not None
    assert other.met is not None
    return paired_chance(one.met, other.met, level).low > 0


def _best(behind: float, among: bool, sole: bool, unit: str) -> BestCell:
    """behind: by how much at most, in the unit; NaN where it is withheld."""
    if math.isnan(behind):
        return BestCell("withheld")
    if among and sole:
        return BestCell("the best", among=True, sole=True)
    far = words.bare(numbers.number(behind, unit, behind / 10), unit).removesuffix("%")
    if among:
        return BestCell(f"may be best, or {far} behind" if behind else "may be best", among=True)
    return BestCell(f"up to {far} behind")


@dataclass(frozen=True)
class PairRow:
    """Two scenarios other than the baseline: how they are named, and (text, whether it stands) of each KPI."""

    title: str
    cells: list[tuple[str, bool]]


def other_pairs(readings: Sequence[Reading], comparison: Comparison) -> tuple[list[str], list[PairRow]] | None:
    """KPIs, and a row for each pair without the baseline; None where there is none, or where there are too many."""
    if not 2 < len(readings) <= MOST_PAIRED:
        return None
    table = comparison.pairs
    kpis = [str(kpi) for kpi in dict.fromkeys(table["kpi"])]
    rows = []
    for one, other in combinations(readings, 2):
        if one.name == comparison.baseline:
            continue
        row = []
        found = table[(table["scenario"] == other.name) & (table["against"] == one.name)]
        columns = (found[name] for name in ("kpi", "mean", "low", "high", "differs"))
        for kpi, mean, low, high, differs in zip(*columns, strict=True):
            known = math.isfinite(mean)
            unit = words.unit(str(kpi), one)
            text = numbers.difference(mean, low, high, unit) if known else "withheld"
            row.append((words.bare(text.removesuffix(" points"), unit), bool(differs)))
        rows.append(PairRow(f"{style.name(other.name, 20)} less {style.name(one.name, 20)}", row))
    return [titled(kpi, words.unit(kpi, readings[0])) for kpi in kpis], rows


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
