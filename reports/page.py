"""The report of a run or a comparison: one HTML file that a manager can read, print and send on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..scenarios.compare import Comparison
from ..sim.files import write_text
from ..sim.replicate import Runs
from . import cells, figures, floor, html, numbers, panels, segments, windows, words
from .charts import chart_sentences
from .comparison.figure import CAPTION, trade_offs
from .comparison.words import (
    best_rows,
    failing_sentence,
    head_sentences,
    notes,
    other_pairs,
    standing_sentences,
    verdicts_open,
)
from .foot import level, rests_on
from .reading import Reading, read
from .scorecard import scorecard


def write_report(path: Path, runs: Sequence[Runs], comparison: Comparison | None, cautions: Sequence[str] = ()) -> None:
    """Writes the report of one scenario, or of several with their comparison, all of it or nothing."""
    write_text(path, report(runs, comparison, cautions))


def report(runs: Sequence[Runs], comparison: Comparison | None, cautions: Sequence[str] = ()) -> str:
    """The report as HTML text, equal for equal runs. cautions: what a reader must be warned of besides."""
    readings = read(runs)
    names = [reading.name for reading in readings]
    return html.page(
        "report.html",
        f"Forecast: {', '.join(names)}",
        {
            "names": names,
            "many": len(readings) > 1,
            **_opening(readings, comparison, cautions),
            **_pictures(readings),
            **_standing(readings, comparison),
            "level": level(readings[0]),
            "replications": numbers.plain(readings[0].replications),
            "averages": cells.averages(readings, comparison),
            "goals": cells.goals(readings),
            "risks": cells.risks(readings),
            "windows": windows.windows(readings),
            "scorecard": scorecard(readings),
            "segments": segments.segments(readings),
            "waits": floor.waits(readings),
            **_wait_words(readings),
            "findings": floor.findings(readings),
            "pools": floor.pools(readings),
            **rests_on(readings),
        },
    )


def _opening(
    readings: Sequence[Reading], comparison: Comparison | None, cautions: Sequence[str]
) -> dict[str, list[str]]:
    """The verdict, what stands behind it, and what a reader must be warned of."""
    own = [words.sentence(reading) for reading in readings]
    if comparison is None or not comparison.verdicts:
        chances = []
        if len(readings) == 1:
            (only,) = readings
            chances = [*words.goal_sentences(only), *windows.window_sentences(only), *chart_sentences(only)]
        more = [f"{told[0].upper()}{told[1:]}." for told in chances]
        return {"verdicts": own, "more": more, "cautions": [*cautions, *words.cautions(readings)]}
    told = [*cautions, *notes(readings), *words.cautions(readings)]
    if verdicts_open(comparison):
        return {"verdicts": list(comparison.verdicts), "more": own[:1], "cautions": told}
    failing = failing_sentence(readings)
    more = [*([failing] if failing else []), own[0]]
    return {"verdicts": head_sentences(readings, comparison), "more": more, "cautions": told}


def _pictures(readings: Sequence[Reading]) -> dict[str, html.Picture | None]:
    bands = "Line: median over replications; dark band: P20 to P80; light band: P5 to P95."
    last = figures.time_span(readings)
    drawn = any(figures.drawn(window, last) for reading in readings for window in reading.line.windows)
    wanted = " Diamond: items wanted for a training window." if drawn else ""
    step = max(reading.waiting(stage, last).step_h for reading in readings for stage in reading.stages)
    averaged = "" if step == 1 else f" Each point is the mean of {step} hours."
    return {
        "burn_up": html.picture(
            lambda width: figures.burn_up(readings, width),
            words.burn_up_words(readings),
            f"Items delivered. {bands}{wanted}",
        ),
        "costs": html.picture(
            lambda width: panels.cost_by_activity(readings, width),
            words.cost_words(readings),
            "Cost by activity. Idle, hatched, is paid time without work. Bar: mean; line at its end: P5 to P95 over "
            "replications.",
        )
        if any(reading.costs for reading in readings)
        else None,
        "queues": html.picture(
            lambda width: panels.queue_over_time(readings, width),
            words.queue_words(readings),
            f"Tasks waiting, by stage. {bands}{averaged}{_unqueued(readings, last)}",
        ),
    }


def _standing(readings: Sequence[Reading], comparison: Comparison | None) -> dict[str, object]:
    """Who is best in what, who is on the frontier, and the picture of what is traded for what."""
    if comparison is None or len(readings) < 2:
        return {"frontier": None, "best": (), "standings": (), "others": ()}
    told = [] if verdicts_open(comparison) else list(comparison.verdicts)
    dominated = [one.scenario for one in comparison.standings if one.kind == "dominated"]
    return {
        "frontier": html.picture(
            lambda width: trade_offs(readings, width, dominated), words.frontier_words(readings), CAPTION
        )
        if all(reading.paid for reading in readings)
        else None,
        "best": best_rows(readings, comparison),
        "standings": [*told, *standing_sentences(comparison)],
        "others": other_pairs(readings, comparison),
    }


def _unqueued(readings: Sequence[Reading], last: float) -> str:
    """Which stages the picture of queues leaves out."""
    drawn = panels.queued(readings, last)
    absent = dict.fromkeys(stage for reading in readings for stage in reading.stages if stage not in drawn)
    return f" Next to nothing waits at {', '.join(absent)}." if absent else ""


def _wait_words(readings: Sequence[Reading]) -> dict[str, object]:
    """The parts of a wait with what they are, and those that nobody waits for."""
    shown = floor.wait_parts(readings)
    absent = [part for part in words.WAITS if part not in shown]
    return {"wait_parts": [(part, words.WAITS[part]) for part in shown], "no_waits": " or ".join(absent)}
