"""A comparison for a terminal: verdicts, scenarios side by side, how it may turn out, who is best, every other pair."""

from __future__ import annotations

from collections.abc import Sequence

from ...scenarios.compare import Comparison
from ...sim.replicate import Runs
from .. import cells, numbers, style, words
from ..reading import Reading, read
from ..tables import COLUMN, plain_text, side_by_side, table
from .words import MOST_PAIRED, PairRow, best_rows, notes, other_pairs, standing_sentences


def compare_text(runs: Sequence[Runs], comparison: Comparison) -> str:
    """All that a comparison says, error apart from risk."""
    readings = read(runs)
    level = numbers.significant(100 * runs[0].level)
    names = [style.name(reading.name, COLUMN) for reading in readings]
    error = f"Mean \N{PLUS-MINUS SIGN} half-width of its {level}% interval (error)"
    told = [*comparison.verdicts, *standing_sentences(comparison), "", f"{error}:", ""]
    told += [table(side_by_side(readings, comparison)), "", _star(comparison), ""]
    told += [f"How it may turn out, over {len(runs[0].kpis)} replications (risk):", "", table(_risks(readings)), ""]
    best = best_rows(readings, comparison)
    if best:
        heading = f"Against the best of the others (of each KPI, all at once at {level}%):"
        told += [heading, "", table([["", *names], *([title, *(cell.text for cell in row)] for title, row in best)])]
        told.append("")
    others = other_pairs(readings, comparison)
    if others is not None:
        told += ["Every other pair:", "", table(_pairs(*others)), ""]
    elif len(runs) > MOST_PAIRED:
        told += [f"--json and --csv have all {len(runs) * (len(runs) - 1) // 2} pairs.", ""]
    return plain_text("\n".join([*told, *notes(readings), *words.cautions(readings), ""]))


def _star(comparison: Comparison) -> str:
    tests = int(comparison.pairs["p_value"].notna().sum())
    alarm = "the chance of any false one is 5% at most"
    return f"* the difference stands after Holm's correction over all {tests} of all pairs: {alarm}"


def _risks(readings: Sequence[Reading]) -> list[list[str]]:
    rows = [["", "", "P5", "P50", "P80", "P95"]]
    for group in cells.risks(readings):
        for place, row in enumerate(group.rows):
            shown = [f"{cell.text} ({cell.why})" if cell.why else cell.text for cell in row.cells]
            rows.append([group.title if place == 0 else "", style.name(row.title, COLUMN), *shown])
    return rows


def _pairs(kpis: Sequence[str], rows: Sequence[PairRow]) -> list[list[str]]:
    return [["", *kpis], *([row.title, *(f"{text} *" if sure else text for text, sure in row.cells)] for row in rows)]
