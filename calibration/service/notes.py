"""What a planner should know about the fit of service times, in sentences."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ...sim.estimates.times import mean
from .choose import LEAST_PAGES
from .fit import Service, Timed
from .items import of_log
from .look import distance
from .words import distribution

PLAIN = {
    "lognormal": "lognormal",
    "gamma": "gamma",
    "weibull": "Weibull",
    "loglogistic": "log-logistic",
    "shifted": "shifted lognormal",
    "mixture": "two lognormals mixed",
    "quantiles": "none of a formula: a curve through quantiles",
}
"""Families in a planner's words."""


def notes(service: Service, pages: pd.DataFrame, judgements: pd.DataFrame) -> list[str]:
    """Family and how far off it is; workers, items, practice, limits and pace where there is something to say."""
    out = [*_family(service), *_practice(service), *_tiring(service), *_items(service, judgements)]
    if service.effects.between is None:
        why = "there is one worker" if service.effects.workers == 1 else "no worker has two pages, or times do not vary"
        out.append(f"The spread of speed between workers cannot be told: {why}.")
    cut = _untold() if service.untold is not None else [*_limits(service.timed), *_open(service.timed)]
    return [*out, *cut, *_pace(service, pages)]


def _untold() -> list[str]:
    return [
        "So much work was taken away at the platform's limit, or still under way, that how long it would have taken "
        "cannot be told: more than half of the mean would lie beyond what the log shows. Times are those of the pages "
        "that ended, and too short for a line without the limit."
    ]


def _limits(timed: Timed) -> list[str]:
    if timed.limit is None:
        return []
    longest = math.exp(float(timed.limit[np.isfinite(timed.limit)].max()))
    taken = f"The platform took work away after at most {longest:.4g} s a unit"
    if not timed.cut_short:
        return [f"{taken}, which hardly any page came near: times are fitted as if there were no limit."]
    return [
        f"{taken}: times are fitted as those that ended before it, and a line without the limit would have longer ones."
    ]


def _open(timed: Timed) -> list[str]:
    if timed.open is None:
        return []
    many = int(timed.open.sum())
    if not timed.many_open:
        return [f"{many} pages of {len(timed.open)} were under way at the end: too few to change the fit."]
    return [
        f"{many} pages were under way at the end: each counts as taking longer than it had, or, with the "
        f"{timed.left:.1%} of pages that are begun and left open, as one of these."
    ]


def _family(service: Service) -> list[str]:
    if service.chosen is None or service.choice is None:
        return []
    if not service.choice.gains:
        return [f"Fewer than {LEAST_PAGES} pages: times are taken as lognormal, what service times are like."]
    told = [f"{PLAIN[name]} {gain:+.3f}" for name, gain in service.choice.gains.items() if gain is not None]
    name = service.chosen.family.name
    out = [
        f"Family of service times: {PLAIN[name]}, chosen by foretelling half of {service.choice.pages} pages from the "
        f"other (log likelihood a page beyond the lognormal: {', '.join(told)})."
    ]
    found = distance(service)
    if found is not None:
        gap, usual = found
        verdict = "no more than chance" if gap <= usual else "more than chance: times have a shape that it lacks"
        out.append(
            f"Largest gap between fitted and actual cumulative shares within workers: {gap:.3f}; logs simulated from "
            f"the fit and fitted anew have up to {usual:.3f} ({verdict})."
        )
    return out


def _practice(service: Service) -> list[str]:
    one = service.practice
    if one is None:
        return []
    seen = f"exponent {one.exponent:.3f} (95% interval {one.low:.3f} to {one.high:.3f}) over {one.workers} workers"
    if one.told:
        return [
            f"Practice makes quicker: {seen}; each doubling of the units done before takes "
            f"{1 - 2**-one.exponent:.0%} off. The fitted time is that of a worker's first unit in the log."
        ]
    return [f"That practice makes quicker cannot be told: {seen}."]


def _tiring(service: Service) -> list[str]:
    one = service.tiring
    if one is None:
        return []
    seen = f"{100 * one.slower:.2g}% an hour (95% interval {100 * one.low:.2g}% to {100 * one.high:.2g}%)"
    rests = f"over {one.workers} workers, at work for up to {one.most:.1f} h"
    if not one.told:
        most = "none" if one.high <= 0 else f"at most {100 * one.high:.2g}% an hour"
        return [f"That people tire is not seen: tasks get longer by {most}; {seen} {rests}."]
    told = f"People tire: in a session tasks get longer by {seen} {rests}"
    if service.tired == 1.0:
        return [f"{told}. Times are as of all hours, and no fatigue is in the profile: shifts of a crowd, or of people "
                "of several stages or pools, are not told by it."]  # fmt: skip
    return [f"{told}. The fitted time is that of the beginning of a session."]


def _items(service: Service, judgements: pd.DataFrame) -> list[str]:
    found = of_log(service, judgements)
    if found is None or found[1] == 0:
        return []
    value, low, high, items = found
    return [
        f"Items differ in time: sd of log time over items {value:.2f} (95% interval {low:.2f} to {high:.2f}; {items} "
        f"items that several workers did). It is part of the scatter of single tasks; that all who do an item "
        "are slow on it is not."
    ]


def _pace(service: Service, pages: pd.DataFrame) -> list[str]:
    """A word of warning where equal hours of all workers would not give the pace of the log."""
    if service.effects.within is None or service.effects.between is None:
        return []
    timed = pages[pages["timed"]]
    actual = float(np.average(timed["seconds"], weights=timed["units"]))
    # In equal hours the fast do more: seconds a unit are the inverse of the mean of lognormal rates.
    practised = float(np.exp(-service.exponent * service.timed.ended.practised).mean())
    equal = mean(distribution(service)) * practised * service.tired * math.exp(-(service.effects.between[0] ** 2) / 2)
    if abs(equal / actual - 1) < 0.1:
        return []
    return [
        f"In the log a unit took {actual:.3g} s on average; workers like these in equal hours would take "
        f"{equal:.3g} s. Who worked most was not typical, and the profile gives every slot the same hours."
    ]
