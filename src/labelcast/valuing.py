"""The command that tells what more labels are worth to a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import terminal

if TYPE_CHECKING:
    from .reports.learning_curve import Worth


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(modelvalue)


def modelvalue(
    points: Annotated[
        Path, typer.Argument(help="CSV of your own trainings: labels, accuracy and, where known, noise.")
    ],
    worth: Annotated[
        str | None, typer.Option(metavar="MONEY", help='What a point (1%) of accuracy is worth: "5000 EUR".')
    ] = None,
    price: Annotated[str | None, typer.Option(metavar="MONEY", help='What a label costs: "0.10 EUR".')] = None,
    scenario: Annotated[
        Path | None, typer.Option(help="Take price and noise of further labels from runs of this scenario.")
    ] = None,
    labels: Annotated[
        int | None, typer.Option(min=1, help="Labels that there are; the largest point if not said.")
    ] = None,
    noise: Annotated[str, typer.Option(metavar="SHARE", help="Share of further labels that are wrong.")] = "0%",
    classes: Annotated[int, typer.Option(min=2, max=1_000, help="Classes of the labels.")] = 2,
    replications: Annotated[int, typer.Option("--replications", "-n", min=1, max=100_000, help="Of --scenario.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Seed of --scenario.")] = 1,
    plot: Annotated[Path | None, typer.Option(help="Write the curve to this SVG file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say what the next thousand labels add to a model's accuracy, whether they pay, and where to stop."""
    from .calibration.learning_curve import fit_curve
    from .calibration.learning_points import read_points
    from .reports.learning_curve import worth_figure, worth_json, worth_text
    from .sim.errors import ScenarioRefused
    from .sim.files import write_text

    terminal.files(plot)
    if scenario is not None and price is not None:
        raise ScenarioRefused("--price and --scenario are both said, but one of them tells the price. Leave one out.")
    found = read_points(terminal.found(points))
    curve = fit_curve(found, classes)
    asked = _asked(worth, price, noise, labels or round(curve.most))
    if scenario is not None:
        asked = _from_scenario(asked, terminal.found(scenario), replications, seed)
    if plot is not None:
        write_text(plot, worth_figure(curve, found, asked))
        terminal.say(f"Picture: {plot}")
    told = worth_json(curve, asked)
    terminal.show(json.dumps(told, indent=2, allow_nan=False) if as_json else worth_text(curve, asked))


def _asked(worth: str | None, price: str | None, noise: str, labels: int) -> Worth:
    from .reports.learning_curve import Worth
    from .scenarios.question import amount
    from .scenarios.readers import Number
    from .sim.errors import ScenarioRefused

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


def _from_scenario(asked: Worth, path: Path, replications: int, seed: int) -> Worth:
    """Price and noise of what a scenario delivers: cost and wrong share of an accepted label."""
    from dataclasses import replace

    from .scenarios.load import load
    from .sim.engines import ENGINES
    from .sim.errors import ScenarioRefused
    from .sim.replicate import replicate, summaries

    line = load(path)
    if asked.currency and asked.currency != line.currency:
        raise ScenarioRefused(f"--worth: must be in {line.currency}, the scenario's currency. Convert it.")
    terminal.prepare(ENGINES[0])
    with terminal.progress(f"{line.name}: {replications} replications") as tell:
        found = summaries(replicate(line, replications, seed, progress=tell))
    price, accuracy = found["cost_per_accepted_label"].mean, found["accuracy"].mean
    if price != price or accuracy != accuracy:
        raise ScenarioRefused(f"{path}: tells no price or no accuracy of what it delivers. Give pools a `pay`.")
    source = (
        f"{line.name}: an accepted label costs {price:.4g} {line.currency}, and {1 - accuracy:.1%} are wrong: means of "
        f"{replications} replications."
    )
    return replace(asked, noise=1 - accuracy, price=price, currency=line.currency, source=source)
