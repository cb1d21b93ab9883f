"""The report on labels: how far they agree, how right they are, who gave them, and what consensus delivers."""

from __future__ import annotations

from pathlib import Path

from ..calibration.workers.quality import Accuracy, Quality
from ..calibration.workers.reading import Labels
from ..sim.files import write_text
from . import html, numbers, quality_figures
from . import quality_rows as rows

TITLE = "Quality of labels"

FIRST, MOST = 15, 1_000
"""Workers whose row is in sight, and whose row is on the page at all."""


def write_quality_report(path: Path, labels: Labels, found: Quality, price: tuple[float, str] | None) -> None:
    """Writes the report, all of it or nothing. price: of a label, and its currency."""
    write_text(path, quality_report(labels, found, price))


def quality_report(labels: Labels, found: Quality, price: tuple[float, str] | None) -> str:
    """The report as HTML text, equal for equal labels."""
    accuracy = found.accuracy
    paid, currency = price or (None, "")
    workers = list(rows.worker_rows(accuracy)) if accuracy else []
    return html.page(
        "quality.html",
        TITLE,
        {
            "heading": TITLE,
            "verdicts": rows.verdict(found),
            "counts": rows.counts(found),
            "pictures": [] if accuracy is None else _pictures(found, accuracy),
            "agreement_head": rows.AGREEMENT_HEAD,
            "agreement": list(rows.agreement_rows(found)),
            "forecast_head": rows.forecast_head(paid, currency),
            "forecasts": list(rows.forecast_rows(accuracy, paid)) if accuracy else [],
            "worker_head": rows.WORKER_HEAD,
            "workers": workers[:FIRST],
            "more_workers": workers[FIRST:MOST],
            "unlisted": numbers.plain(len(workers) - MOST) if len(workers) > MOST else "",
            "confusion": list(rows.confusion_rows(found, accuracy)) if accuracy else [],
            "number_head": rows.NUMBER_HEAD,
            "numbers": list(rows.number_rows(accuracy)) if accuracy else [],
            "pockets": list(rows.pocket_sentences(found)),
            "changes": list(rows.change_sentences(found, accuracy)) if accuracy else [],
            "told_accuracy": accuracy is not None,
            "notes": [*labels.notes, *found.notes],
            "left_out": [(one.reason, numbers.plain(one.rows), one.first) for one in labels.left_out],
            "sources": [(one.name, one.format, numbers.plain(one.rows), one.sha256) for one in labels.sources],
        },
    )


def _pictures(found: Quality, accuracy: Accuracy) -> list[html.Picture]:
    classes = found.data.classes
    first, last = accuracy.forecasts[0], [one for one in accuracy.forecasts if one.observed is not None][-1:]
    shown = [
        html.picture(
            lambda w: quality_figures.majorities(accuracy, w),
            f"Accuracy of majorities: one label is right in {numbers.number(first.accuracy, numbers.SHARE)}."
            + "".join(
                f" Of {one.items} items seen, {numbers.number(one.observed or 0.0, numbers.SHARE)} are right."
                for one in last
            ),
            "What more labels buy. People err together, because some items are hard and look like something else: the "
            "broken line is what a plan promises that takes their errors to be independent.",
        ),
        html.picture(
            lambda w: quality_figures.workers(accuracy, w),
            f"Accuracy of {int(accuracy.workers['accuracy'].notna().sum())} workers against the labels they gave.",
            "How right workers are, at items mixed like those of known truth. Few judged labels leave a long line, and "
            "draw the dot toward the others.",
        ),
    ]
    if 1 < len(classes) <= quality_figures.MOST_CLASSES:
        shown.append(
            html.picture(
                lambda w: quality_figures.confusion(accuracy, classes, w),
                "Confusion: share of each label at items of each true class, as in the table.",
                "What is taken for what. The diagonal is right.",
            )
        )
    return shown
