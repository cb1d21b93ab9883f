"""`labelcast modelvalue` as a function: what more labels are worth to a model."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import terminal
from ..calibration.learning_curve import Curve, Point, fit_curve
from ..calibration.learning_points import read_points
from ..reports.learning_curve import FACTORS, NEXT, Worth, draw_worth, verdict, worth_json, worth_rows, worth_text
from ..reports.notebook import Table
from ..scenarios.question import amount
from ..scenarios.readers import Number
from ..sim.engines import ENGINES
from ..sim.errors import ScenarioRefused
from ..sim.replicate import replicate, summaries
from .answer import Told
from .asking import Asked, check_luck, check_numbers, opened
from .scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class ModelValueAnswer(Told):
    """What more labels are worth. curve: fitted to the points.  asked: labels, their noise, price and worth."""

    curve: Curve
    points: tuple[Point, ...]
    asked: Worth

    @property
    def title(self) -> str:
        """Of how many trainings."""
        return f"What labels are worth, from {self.curve.points} trainings"

    @property
    def sentences(self) -> list[str]:
        """Whether the next thousand pay, and up to where."""
        return [*verdict(self.curve, self.asked)]

    @property
    def frame(self) -> pd.DataFrame:
        """A row a number of labels: accuracy (share) with low and high, what the next 1,000 add to it (next_accuracy)
        with next_low and next_high, and next_worth and next_cost in `currency`, NaN where nobody says."""
        asked = self.asked
        rows = []
        for labels in (factor * asked.labels for factor in FACTORS):
            accuracy, more = self.curve.at(labels, asked.noise), self.curve.more(labels, NEXT, asked.noise)
            gain = math.nan if asked.point is None else 100 * more[0] * asked.point
            cost = math.nan if asked.price is None else NEXT * asked.price
            rows.append((labels, *accuracy, *more, gain, cost))
        names = (
            "labels",
            "accuracy",
            "low",
            "high",
            "next_accuracy",
            "next_low",
            "next_high",
            "next_worth",
            "next_cost",
        )
        return pd.DataFrame(rows, columns=[*names]).assign(currency=asked.currency)

    @property
    def data(self) -> dict[str, Any]:
        """What `labelcast modelvalue --json` prints."""
        return worth_json(self.curve, self.asked)

    @property
    def text(self) -> str:
        """What `labelcast modelvalue` prints."""
        return worth_text(self.curve, self.asked)

    @property
    def tables(self) -> list[Table]:
        """Accuracy at several numbers of labels, and what the next thousand add."""
        return [Table(worth_rows(self.curve, self.asked))]

    def plot(self) -> Figure:
        """The curve with its band, and the points."""
        return draw_worth(self.curve, self.points, self.asked).on_paper()


def modelvalue(
    points: str | os.PathLike[str],
    *,
    worth: str | float | None = None,
    price: str | float | None = None,
    scenario: Asked | None = None,
    labels: int | None = None,
    noise: str = "0%",
    classes: int = 2,
    replications: int = 20,
    seed: int = 1,
) -> ModelValueAnswer:
    """Says what the next thousand labels add to a model's accuracy, whether they pay, and where to stop.

    points: CSV of your own trainings: labels, accuracy and, where known, noise.
    worth: of a point (1%) of accuracy, "5000 EUR".  price: of a label, "0.10 EUR".
    scenario: to take price and noise of further labels from, in place of `price`; replications and seed are of it.
    labels: that there are; the largest point if not said.  noise: share of further labels that are wrong.
    classes: of the labels.

    Raises DataRefused where points cannot be used, OSError where they cannot be read, ScenarioRefused where an option
    means nothing.

        lc.modelvalue("trainings.csv", worth="5000 EUR", price="0.10 EUR")
    """
    check_luck(replications, seed, None)
    check_numbers(labels=(labels, 1, None), classes=(classes, 2, 1_000))
    if scenario is not None and price is not None:
        raise ScenarioRefused("--price and --scenario are both said, but one of them tells the price. Leave one out.")
    found = read_points(terminal.found(Path(points)))
    curve = fit_curve(found, classes)
    money = [None if one is None else str(one) for one in (worth, price)]
    asked = _asked(money[0], money[1], noise, labels or round(curve.most))
    if scenario is not None:
        asked = _from_scenario(asked, opened(scenario), replications, seed)
    return ModelValueAnswer(curve, tuple(found), asked)


def _asked(worth: str | None, price: str | None, noise: str, labels: int) -> Worth:
    problems: list[str] = []
    money: dict[str, tuple[float, str]] = {}
    for option, text in (("--worth", worth), ("--price", price)):
        if text is not None:
            try:
                money[option] = amount(text)
            except ValueError as error:
                problems.append(f"{option}: {error}")
    share = 0.0
    try:
        share = float(Number("a share", "percent", "5%", "0", "99", divide=100, words="%|percent")(noise))
    except ValueError as error:
        problems.append(f"--noise: {error}")
    currencies = {unit for _, unit in money.values() if unit}
    if len(currencies) > 1:
        problems.append(
            f"--worth and --price need one currency, but are in {' and '.join(sorted(currencies))}. Convert."
        )
    if problems:
        raise ScenarioRefused(problems)
    paid, point = (money[one][0] if one in money else None for one in ("--price", "--worth"))
    return Worth(labels, share, paid, point, next(iter(currencies), ""))


def _from_scenario(asked: Worth, scenario: Scenario, replications: int, seed: int) -> Worth:
    """Price and noise of what a scenario delivers: cost and wrong share of an accepted label."""
    line = scenario.line
    if asked.currency and asked.currency != line.currency:
        raise ScenarioRefused(f"--worth: must be in {line.currency}, the scenario's currency. Convert it.")
    terminal.prepare(ENGINES[0])
    with terminal.progress(f"{line.name}: {replications} replications") as tell:
        found = summaries(replicate(line, replications, seed, progress=tell))
    price, accuracy = found["cost_per_accepted_label"].mean, found["accuracy"].mean
    if price != price or accuracy != accuracy:
        raise ScenarioRefused(
            f"{scenario.path}: tells no price or no accuracy of what it delivers. Give pools a `pay`."
        )
    source = (
        f"{line.name}: an accepted label costs {price:.4g} {line.currency}, and {1 - accuracy:.1%} are wrong: means of "
        f"{replications} replications."
    )
    return replace(asked, noise=1 - accuracy, price=price, currency=line.currency, source=source)
