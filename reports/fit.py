"""The report of a calibration: what was read and refused, what was fitted and how surely, what nobody could tell."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import numpy as np

from ..calibration.fit import Fit, Parameter
from ..calibration.steps import MIXED
from ..sim.estimates.times import quantiles
from ..sim.files import write_text
from ..sim.line import Distribution
from . import fit_figures, html, numbers
from .days import local_moment

COUNTS: Mapping[str, str] = {
    "items": "items",
    "workers": "workers",
    "pages": "pages of work",
    "pages_timed": "pages used for service time",
    "units_per_page": "units on a page, most often",
    "under_way": "pages under way when the log ended: they count as taking longer",
    "hoarded": "pages hoarded: accepted together, worked one after the other",
    "sessions": "sessions of work",
    "gold_items": "test questions",
    "gold_judgements": "answers to test questions",
    "gold_wrong": "of these wrong",
}


def write_fit_report(path: Path, fit: Fit) -> None:
    """Writes the report of a calibration, all of it or nothing."""
    write_text(path, fit_report(fit))


def fit_report(fit: Fit) -> str:
    """The report as HTML text, equal for equal fits."""
    return html.page(
        "fit.html",
        f"Calibration of {fit.pool}",
        {
            "fit": fit,
            "first": local_moment(datetime.fromisoformat(fit.first)),
            "last": local_moment(datetime.fromisoformat(fit.last)),
            "verdicts": verdict(fit),
            "cautions": cautions(fit),
            "parameters": parameter_rows(fit),
            "assumptions": [(one.path, numbers.significant(one.value), one.why) for one in fit.assumptions],
            "refused": [(one.reason, numbers.plain(one.rows), one.first) for one in fit.refused],
            "set_apart": [(one.reason, numbers.plain(one.rows), one.first) for one in fit.set_apart],
            "read": numbers.plain(fit.rows_read),
            "used": numbers.plain(fit.rows_used),
            "sources": [(one.name, one.format, numbers.plain(one.rows), one.sha256) for one in fit.sources],
            "counts": [
                (COUNTS.get(key, key.replace("_", " ")), numbers.plain(value)) for key, value in fit.counts.items()
            ],
            "pictures": _pictures(fit),
        },
    )


def verdict(fit: Fit) -> list[str]:
    """The fit in a sentence or two."""
    told = _time(fit)
    table = fit.evidence.worker_accuracy
    if len(table):
        asked, right = int(table["gold"].sum()), int(table["correct"].sum())
        share = numbers.number(right / asked, numbers.SHARE)
        tires = fit.parameter(f"pools.{fit.pool}.fatigue.logits")
        less = (
            ""
            if tires is None
            else f"; each hour of a session takes {numbers.significant(tires.value, 2)} logits of skill"
        )
        told.append(f"{share} of {numbers.plain(asked)} answers to test questions are right{less}.")
    return told or [f"Nothing could be fitted for {fit.pool}."]


def _time(fit: Fit) -> list[str]:
    """How long a typical worker takes: the median, with its interval where the family has one of its own."""
    start = f"stages.{fit.stage}.time."
    found = {one.path.removeprefix(start): one for one in fit.parameters if one.path.startswith(start)}
    if not found:
        return []
    family = fit_figures.family(fit)
    median = found.get(f"{family}.{'p50' if family == 'quantiles' else 'median'}")
    practice = fit.parameter(f"pools.{fit.pool}.learning.exponent")
    unit = "a unit" if practice is None else "for a first unit"
    if median is not None and family != "mixture":
        told = f"A typical worker of {fit.pool} takes {_value(median)} {unit}{_interval(median)}"
    else:
        values = {path.split(".")[1]: one.value for path, one in found.items()}
        middle = float(quantiles(Distribution(family, values), np.array(0.5)))  # type: ignore[arg-type]
        told = f"A typical worker of {fit.pool} takes {numbers.with_unit(numbers.significant(middle), 's')} {unit}"
    if practice is not None:
        off = numbers.number(1 - 2**-practice.value, numbers.SHARE)
        told = f"{told}; each doubling of the units done before takes {off} off"
    tires = fit.parameter(f"pools.{fit.pool}.fatigue.slower")
    if tires is not None:
        told = f"{told}; each hour of a session makes tasks {numbers.significant(tires.value, 2)}% longer"
    return [f"{told}."]


def cautions(fit: Fit) -> list[str]:
    """What a reader must know before trusting the fit."""
    told = [note for note in fit.notes if MIXED in note]
    if not len(fit.evidence.worker_accuracy):
        told.append("There are no test questions: how right the labels are cannot be fitted, whatever the agreement.")
    if fit.assumptions:
        told.append(f"{len(fit.assumptions)} numbers of the profile are assumed, because the data cannot tell them.")
    return told


def parameter_rows(fit: Fit) -> list[tuple[str, str, str, str, str]]:
    """A row a fitted parameter: path, value, interval, how many it rests on, and how it was fitted."""
    return [_parameter(one) for one in fit.parameters]


def _parameter(one: Parameter) -> tuple[str, str, str, str, str]:
    interval = _ends(one) or "the data allow none"
    return one.path, _value(one), interval, numbers.plain(one.n), one.method


def _interval(one: Parameter) -> str:
    ends = _ends(one)
    return f" (95% interval {ends})" if ends else ""


def _ends(one: Parameter) -> str:
    if one.low is None or one.high is None:
        return ""
    if one.low == one.high:
        return numbers.with_unit(numbers.significant(one.low), _unit(one))
    return numbers.interval(one.low, one.high, _unit(one))


def _value(one: Parameter) -> str:
    if _unit(one) == numbers.SHARE:
        return numbers.number(one.value, numbers.SHARE)
    return numbers.with_unit(numbers.significant(one.value), _unit(one))


def _unit(one: Parameter) -> str:
    """The unit in the plural; classes are shares whether or not they say so."""
    if ".classes." in one.path:
        return numbers.SHARE
    return "logits" if one.unit == "logit" else one.unit


def _pictures(fit: Fit) -> list[html.Picture]:
    seconds = fit.evidence.log_seconds
    middle = numbers.duration(math.exp(float(np.median(seconds)))) if len(seconds) else numbers.NOT_COMPUTED
    gold = " and accuracy" if len(fit.evidence.worker_accuracy) else ""
    shown = []
    if len(seconds):
        shown.append(
            html.picture(
                lambda w: fit_figures.service_time(fit, w),
                f"Service time: histogram of {numbers.plain(len(seconds))} pages, median {middle}, and a QQ plot "
                "against the fitted family.",
                "Service time. The bars count pages and the line takes all workers alike: where busy workers are "
                "faster, the bars lie to its left. Dots that leave their line are times that the fitted family does "
                "not explain.",
            )
        )
        shown.append(
            html.picture(
                lambda w: fit_figures.workers(fit, w),
                f"Workers: mean time a unit{gold} of each of {len(fit.evidence.worker_seconds)} workers, in order.",
                "How much workers differ. They are shown in order and without their names.",
            )
        )
    hours = int(np.count_nonzero(np.nan_to_num(fit.evidence.concurrent)))
    shown.append(
        html.picture(
            lambda w: fit_figures.availability(fit, w),
            f"Availability by hour of the week: work was seen in {hours} of 168 hours.",
            "When people are there. A short dash marks an hour that the log does not cover.",
        )
    )
    if len(fit.evidence.items_per_day):
        shown.append(
            html.picture(
                lambda w: fit_figures.arrivals(fit, w),
                f"New items a day over {len(fit.evidence.items_per_day)} days.",
                "Arrivals: items first seen on each day.",
            )
        )
    return shown
