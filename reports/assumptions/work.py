"""What there is to label, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from ...sim.line import Arrivals, Line, Release, Sampling, Segment
from .. import numbers
from .phrases import counts_words, date_of, due_date, logits, share, shares, times, week_words, whole

Told = Iterator[tuple[str, str]]

ALLOCATIONS = {
    "random": "any item as likely as any other",
    "proportional": "as many of each segment as its share of the items",
    "doubt": "those that a model doubts most",
    "neyman": "more of large and of mixed segments (Neyman), which makes the estimate of the whole surest",
}


def segment_words(line: Line, segment: Segment) -> Told:
    """Keys of a segment with their values."""
    if segment.backlog or not (segment.arrivals or segment.releases):
        yield "backlog", whole(segment.backlog, "item")
    if segment.releases:
        yield "releases", _releases(line, segment.releases)
    if segment.arrivals is not None:
        yield from _arrivals(line, segment.arrivals)
    yield "classes", shares(segment.classes)
    yield "difficulty.spread", f"{numbers.significant(segment.difficulty_sd)} logits"
    if (hard := segment.hard).share:
        yield "difficulty.hard.share", f"{share(hard.share)} of the items are hard ones"
        yield "difficulty.hard.harder", f"{numbers.significant(hard.harder)} logits harder on average"
        yield "difficulty.hard.spread", f"{numbers.significant(hard.sd)} logits over hard items"
    alike = math.isinf(segment.attractor)
    yield "difficulty.attractor", "none: errors spread alike" if alike else numbers.significant(segment.attractor)
    if segment.class_effects:
        yield "class_effects", logits(segment.class_effects)
    for truth, wrong in segment.confusions.items():
        yield f"confusions.{truth}", shares(wrong)
    for truth, harm in segment.error_costs.items():
        yield f"error_costs.{truth}", f"harm of one delivered error: {_plain(harm)}"
    yield "priority", f"{segment.priority}{' (the lower number is served first)' if segment.priority != 1 else ''}"
    yield "due", _due(line, segment)
    yield from _kind(segment)


def _releases(line: Line, releases: tuple[Release, ...]) -> str:
    some = [f"{whole(one.items, 'item')} on {date_of(line, one.at_s)}" for one in releases]
    if len(some) <= 4:
        return ", ".join(some)
    total = whole(sum(one.items for one in releases), "item")
    return f"{total} in {len(some)} releases: {some[0]}, {some[1]}, .. {some[-1]}"


def _arrivals(line: Line, stream: Arrivals) -> Told:
    yield "arrivals.rate", f"{numbers.significant(stream.per_week)} items a week"
    yield "arrivals.calendar", f"in the hours of {stream.calendar}"
    if stream.growth_per_week:
        yield "arrivals.growth", f"{share(stream.growth_per_week)} a week"
    if stream.items is not None:
        yield "arrivals.items", f"at most {whole(stream.items, 'item')}"
    if stream.until_s is not None:
        yield "arrivals.until", f"none after {due_date(line, stream.until_s)}"
    if stream.shape is not None:
        yield "arrivals.shape", week_words(stream.shape)


def _due(line: Line, segment: Segment) -> str:
    after = [] if segment.due_s is None else [f"{numbers.duration(segment.due_s)} after arrival"]
    date = [] if segment.due_at_s is None else [f"by {due_date(line, segment.due_at_s)}"]
    return " or ".join(after + date) + (", whichever is earlier" if after and date else "") or "no due date"


def _kind(segment: Segment) -> Told:
    if segment.sample < 1:
        yield "sample", f"{share(segment.sample)} of the items are labelled; the others are dropped on arrival"
    if segment.doubt:
        yield "doubt", f"a model's doubt has correlation {numbers.significant(segment.doubt)} with difficulty"
    if segment.duplicates:
        yield "duplicates", f"{share(segment.duplicates)} of the items repeat an earlier one"
    if (segment.time_factor, segment.price_factor) != (1, 1):
        prices = f"a label costs {times(segment.price_factor)} as much"
        yield "granularity", f"annotation takes {times(segment.time_factor)} as long, {prices}"
    if segment.objects is not None:
        yield "objects", f"{counts_words(segment.objects)}; each takes a stage's time"
    if segment.sensitive:
        yield "sensitive", "only pools that are cleared may see it"


def sampling_words(sampling: Sampling) -> Told:
    """Keys of the sampling of all segments together."""
    yield "sampling.items", f"{whole(sampling.items, 'item')} are labelled, of all segments together"
    yield "sampling.allocate", f"{sampling.allocate}: {ALLOCATIONS[sampling.allocate]}"
    if sampling.spreads:
        yield "sampling.spreads", f"sd within each segment: {_plain(sampling.spreads)}"


def _plain(by_name: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {numbers.significant(value)}" for name, value in by_name.items())
