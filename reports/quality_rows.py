"""What labels say of their quality, in words and rows of text that the terminal and the page share."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ..calibration.workers.forecast import Forecast
from ..calibration.workers.quality import Accuracy, Number, Quality
from ..sim.estimates.consensus import Majority
from . import numbers
from .consensus import rule_words

Row = tuple[str, ...]

MEASURES = {
    "percent": "share of equal pairs",
    "cohen": "Cohen's kappa, mean over pairs of workers",
    "fleiss": "Fleiss' kappa",
    "alpha": "Krippendorff's alpha, nominal",
    "alpha_ordinal": "Krippendorff's alpha, ordinal",
    "alpha_interval": "Krippendorff's alpha, interval",
    "ac1": "Gwet's AC1",
}

SHOWN = Majority(5)
"""The rule that the verdict speaks of, or the longest majority that there are workers for."""

FORECAST_HEAD = ("rule", "labels/item", "accuracy", "95% interval", "if independent", "seen")
NUMBER_HEAD = ("number", "value", "95% interval", "rests on")
WORKER_HEAD = ("worker", "labels", "judged", "right", "accuracy", "95% interval")
AGREEMENT_HEAD = ("measure", "value", "95% interval")


def verdict(found: Quality) -> list[str]:
    """The quality in a sentence or two."""
    accuracy = found.accuracy
    if accuracy is None:
        alpha = found.agreement.alpha
        if alpha.value is None:
            return ["Neither accuracy nor agreement can be told."]
        between = f"{alpha.low:.2f} to {alpha.high:.2f}"
        return [f"Labels agree with alpha {alpha.value:.2f} ({between}); how often they are right cannot be told."]
    told = [f"A label is right in {_percent(accuracy.forecasts[0])} of cases{_unsure(accuracy.forecasts[0])}."]
    rules = [one for one in accuracy.forecasts if isinstance(one.rule, Majority) and one.rule.labels % 2]
    best = next((one for one in rules if one.rule == SHOWN), rules[-1])
    if best.rule != Majority(1):
        told.append(
            f"A {rule_words(best.rule)} is right in {_percent(best)}{_unsure(best)}; independent errors would promise "
            f"{_share(best.independent)}."
        )
    return told


def counts(found: Quality) -> str:
    """What there is, in a sentence."""
    data = found.data
    known = int((data.truth >= 0).sum())
    there = (
        f"{_many(len(data.label), 'label')} of {_many(len(data.items), 'item')} by "
        f"{_many(len(data.workers), 'worker')} in {_many(len(data.classes), 'class', 'classes')}"
    )
    return f"{there}; {numbers.plain(known)} of the items {'has' if known == 1 else 'have'} a known truth."


def agreement_rows(found: Quality) -> Iterator[Row]:
    """(measure, value, interval or the reason why there is none)."""
    for name, one in found.agreement:
        unit = numbers.SHARE if name == "percent" else ""
        if one.value is None:
            yield (MEASURES[name], "-", one.note)
            continue
        between = "" if one.low is None or one.high is None else _between(one.low, one.high, unit)
        value = numbers.number(one.value, unit) if unit else f"{one.value:.3f}"
        yield (MEASURES[name], value, f"{between}; {one.note}" if one.note else between)


def forecast_rows(accuracy: Accuracy, price: float | None) -> Iterator[Row]:
    """As FORECAST_HEAD, and cost per item and per correct label where there is a price."""
    for one in accuracy.forecasts:
        labels = numbers.plain(one.labels, 2)
        cost = () if price is None else (_cost(price * one.labels), _cost_per_correct(price, one))
        seen = "" if one.observed is None else _share(one.observed)
        independent = _share(one.independent)
        between = _between(one.low, one.high, numbers.SHARE)
        yield (rule_words(one.rule), labels, _percent(one), between, independent, seen, *cost)


def forecast_head(price: float | None, currency: str) -> Row:
    """FORECAST_HEAD, and costs where there is a price."""
    of = f" {currency}".rstrip()
    return (*FORECAST_HEAD, *(() if price is None else (f"cost/item{of}", f"cost/correct{of}")))


def number_rows(accuracy: Accuracy) -> Iterator[Row]:
    """As NUMBER_HEAD; in logits, but for the attractor."""
    for one in accuracy.numbers:
        yield (one.name, numbers.significant(one.value), _ends(one), f"{numbers.plain(one.n)} {one.of}")


def worker_rows(accuracy: Accuracy) -> Iterator[Row]:
    """As WORKER_HEAD, who labelled most first."""
    for one in accuracy.workers.itertuples():
        told: Any = one
        fitted = (
            ("-", "-")
            if math.isnan(told.accuracy)
            else (_share(told.accuracy), _between(told.low, told.high, numbers.SHARE))
        )
        yield (told.worker, *(numbers.plain(each) for each in (told.labels, told.judged, told.right)), *fitted)


def confusion_rows(found: Quality, accuracy: Accuracy) -> Iterator[Row]:
    """Header and rows: of the labels at items of each true class, the share of each label."""
    classes = found.data.classes
    yield ("true class", "labels", *classes)
    for name, row in zip(classes, accuracy.confusion, strict=True):
        total = int(row.sum())
        shares = ("-" if not total else numbers.number(each / total, numbers.SHARE) for each in row)
        yield (name, numbers.plain(total), *shares)


def pocket_sentences(found: Quality) -> Iterator[str]:
    """Which classes are taken for one another, the most frequent first."""
    data = found.data
    for one in found.pockets:
        a, b = (data.classes[c] for c in one.classes)
        told = f"{a} or {b}: {numbers.number(one.share, numbers.SHARE)} of all disagreement, on "
        told += f"{_many(one.items, 'item')}."
        if one.worker is not None:
            told += (
                f" {data.workers[one.worker]} stands out: {one.alone} of {one.labels} labels there are alone against "
                "all others."
            )
        yield told


def change_sentences(found: Quality, accuracy: Accuracy) -> Iterator[str]:
    """Whose accuracy changed, the surest first; or that nobody's did, or that no time is known."""
    if accuracy.changes is None:
        yield "No time of labelling is known, so changes of workers over time cannot be told."
        return
    for one in accuracy.changes:
        name = accuracy.model.workers[one.worker]
        yield (
            f"{name}: {numbers.number(one.before, numbers.SHARE)} right in the first {numbers.plain(one.after)} of "
            f"{numbers.plain(one.labels)} judged labels, {numbers.number(one.since, numbers.SHARE)} since "
            f"(p {numbers.probability(one.p)})."
        )
    if not accuracy.changes:
        yield "No worker's accuracy changed more than chance would have it (5% for all workers together)."


def _percent(one: Forecast) -> str:
    return _share(one.accuracy)


def _share(value: float) -> str:
    """A percentage that says 100% of what is whole only."""
    text = numbers.number(value, numbers.SHARE)
    return text if value == 1.0 or not text.startswith("100") else "over 99.9%"


def _unsure(one: Forecast) -> str:
    return f" ({_between(one.low, one.high, numbers.SHARE)})"


def _between(low: float, high: float, unit: str) -> str:
    return numbers.interval(low, high, unit) if unit else f"{low:.3f} to {high:.3f}".replace("-", numbers.MINUS)


def _ends(one: Number) -> str:
    if one.low is None or one.high is None:
        return "-"
    return f"{numbers.significant(one.low)} to {numbers.significant(one.high)}"


def _cost(value: float) -> str:
    return f"{value:#.4g}" if 0.0 < value < 1_000.0 else numbers.plain(value)


def _cost_per_correct(price: float, one: Forecast) -> str:
    return _cost(price * one.labels / one.accuracy) if one.accuracy > 0 else "-"


def _many(count: int, one: str, several: str = "") -> str:
    return f"{numbers.plain(count)} {one if count == 1 else several or one + 's'}"
