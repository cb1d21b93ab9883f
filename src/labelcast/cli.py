"""The command line: a command loads, calls one function, prints. stdout is data, stderr is progress."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from . import (
    breaking_even,
    budgeting,
    calibrating,
    catching_up,
    comparing,
    covering,
    explaining,
    from_profile,
    investing,
    living,
    measuring,
    narrowing,
    piloting,
    saving,
    searching,
    selecting,
    sensing,
    studio,
    sweeping,
    terminal,
    uncertain,
    valuing,
)
from .interrupts import interruptible
from .sim.engines import ENGINES

# Heavy rooms are imported inside the commands: `labelcast --help` must not wait for numpy, numba and pydantic.

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Forecasts a data-annotation production line: how long, what cost, how good, how sure, and what to change.",
)

ScenarioFile = Annotated[Path, typer.Argument(help="A scenario file, or the name of one in the library.")]
Replications = Annotated[int, typer.Option("--replications", "-n", min=1, max=100_000, help="How many runs.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")]
Processes = Annotated[int | None, typer.Option(min=1, help="Processes to run in; one a core, if that is quicker.")]
Profile = Annotated[Path | None, typer.Option(help="A profile, or library:NAME, to put under the scenario.")]


@app.command()
def run(
    scenario: ScenarioFile,
    replications: Annotated[
        str, typer.Option("--replications", "-n", metavar="N|auto", help="How many runs; auto: until --precision.")
    ] = "20",
    precision: Annotated[
        str | None, typer.Option(help="With auto: largest error of cost, finish and goals; 2% if not said.")
    ] = None,
    most: Annotated[
        int | None, typer.Option(min=10, max=100_000, help="With auto: no more runs than this; 1000 if not said.")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Keep finished runs in this file, and begin with those that are in it.")
    ] = None,
    seed: Seed = 1,
    processes: Processes = None,
    engine: Annotated[str, typer.Option(metavar="|".join(ENGINES), help="What simulates.")] = ENGINES[0],
    profile: Profile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    log: Annotated[Path | None, typer.Option(help="Write the logs of all replications to this Parquet file.")] = None,
    tables: Annotated[
        Path | None, typer.Option(help="Write the first replication's tables, and idle time by week, here as CSV.")
    ] = None,
    events: measuring.Events = None,
    report: Annotated[Path | None, typer.Option(help="Write a report to this HTML file.")] = None,
    save: saving.Save = None,
    expect: Annotated[
        list[str] | None, typer.Option("--assert", help='Fail with exit code 6 unless this holds: "on_time >= 90%".')
    ] = None,
) -> None:
    """Simulate a scenario: cost, finish, quality, waits, each with its interval and its risk."""
    from .answers import run as question
    from .answers.scenario import load
    from .replications import interrupted, reached
    from .scenarios.expectations import expectation
    from .sim.engines import engine as engine_of
    from .sim.plan import Plan

    terminal.files(html=report, events=events)
    terminal.folder(tables)
    loaded = load(scenario, profile)
    line = loaded.line
    rests_on = saving.rests_on(save, loaded.path, profile)
    expectations = [expectation(text, line) for text in expect or []]
    try:
        found = question.run(
            loaded, replications=replications, precision=precision, most=most, keep=keep, seed=seed,
            processes=processes, engine=engine, log=log,
        )  # fmt: skip
    except terminal.Interrupted:
        raise terminal.Interrupted(interrupted(keep)) from None
    runs = found.runs
    if report is not None:
        terminal.say(f"Report: {found.report(report)}")
    if log is not None:
        terminal.say(f"Log: {log}")
    if keep is not None:
        terminal.say(f"Kept: {keep}")
    if tables is not None or events is not None:
        measuring.write(engine_of(engine)(Plan.of(line), seed, 0), runs, tables, events)
    terminal.show(json.dumps(found.data, indent=2, allow_nan=False) if as_json else found.text)
    saving.write(save, rests_on, runs.precision or len(runs.kpis), engine, runs)
    broken = [each.report(runs) for each in expectations if not each.holds(runs)]
    for text in [*filter(None, [reached(runs)]), *found.shortfall, *broken]:
        terminal.say(text)
    if broken or found.shortfall:
        raise typer.Exit(6 if broken else 5)


@app.command()
def check(scenario: ScenarioFile, profile: Profile = None) -> None:
    """Say whether a scenario file can be simulated, with every problem that it has, and what to expect of it."""
    from .answers.scenario import load
    from .scenarios.search.read import question_of

    found = load(scenario, profile)
    question_of(found.path, found.profile)  # what is wrong with its `search:` is told as well
    terminal.show(f"{scenario}: {found.text}")


@app.command()
def show(scenario: ScenarioFile, profile: Profile = None) -> None:
    """Print a scenario's machine form: the line in seconds, shares and logits, every default written out."""
    from .scenarios.load import load, show

    terminal.show(show(load(terminal.found(scenario), profile)))


@app.command()
def schema() -> None:
    """Print the JSON Schema (draft-07) of scenario files, for editors."""
    from .scenarios.schema import schema

    terminal.show(json.dumps(schema(), indent=2))


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="Where to write the scenario file.")] = Path("scenario.yaml"),
    force: Annotated[bool, typer.Option(help="Overwrite a file that is there.")] = False,
) -> None:
    """Write a commented scenario file to start from."""
    from .scenarios.template import template
    from .sim.errors import ScenarioRefused
    from .sim.files import write_text

    terminal.files(yaml=path)
    if path.exists() and not force:
        raise ScenarioRefused(f"{path}: a file is there already. Name another one, or say --force to overwrite it.")
    write_text(path, template())
    terminal.say(f"Wrote {path}. Next: labelcast run {path}")


@app.command()
def library() -> None:
    """List the scenarios that come with labelcast; run one by its name."""
    from .scenarios.library import scenarios

    for name, path in scenarios().items():
        terminal.show(f"{name}\t{path}")


budgeting.add(app)
breaking_even.add(app)
investing.add(app)
living.add(app)
measuring.add(app)
calibrating.add(app)
catching_up.add(app)
comparing.add(app)
covering.add(app)
explaining.add(app)
from_profile.add(app)
narrowing.add(app)
sensing.add(app)
sweeping.add(app)
selecting.add(app)
searching.add(app)
uncertain.add(app)
piloting.add(app)
valuing.add(app)
saving.add(app)
studio.add(app)


@app.command()
def consensus(
    accuracy: Annotated[str, typer.Option(metavar="SHARE", help="How often one label is right: 0.85, or 85%.")],
    correlation: Annotated[
        str, typer.Option(metavar="SHARE", help="Correlation of the errors of an item's labels; 0: independent.")
    ],
    classes: Annotated[str, typer.Option(metavar="N", help="How many classes a label is one of.")],
    price: Annotated[str, typer.Option(metavar="MONEY", help='What a label costs: 0.04, or "0.04 EUR".')],
    attractor: Annotated[
        str,
        typer.Option(metavar="KAPPA", help="Wrong labels of an item agree, the more the less this is; inf: none."),
    ] = "3",
    plot: Annotated[Path | None, typer.Option(help="Write the picture to this SVG file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say what majorities, leads and certainty leave wrong and cost, when errors correlate. Needs no scenario."""
    from .reports.consensus import consensus_json, consensus_text
    from .reports.consensus_figure import draw_consensus
    from .scenarios.question import question
    from .sim.estimates.rules import answers
    from .sim.files import write_text

    terminal.files(svg=plot)
    found = answers(question(accuracy, correlation, classes, price, attractor))
    if plot is not None:
        write_text(plot, draw_consensus(found).svg())
        terminal.say(f"Picture: {plot}")
    terminal.show(json.dumps(consensus_json(found), indent=2, allow_nan=False) if as_json else consensus_text(found))


@app.command()
def quality(
    files: Annotated[
        list[Path],
        typer.Argument(help="Labels: CSV or Parquet with worker, item, label and maybe gold; an export; or a log."),
    ],
    gold: Annotated[
        Path | None, typer.Option(help="True labels: CSV or Parquet with item, and gold, truth or label.")
    ] = None,
    price: Annotated[str | None, typer.Option(metavar="MONEY", help='What a label costs: 0.04, or "0.04 EUR".')] = None,
    report: Annotated[Path | None, typer.Option(help="Write a report to this HTML file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    label: Annotated[str | None, typer.Option(help="Column of an export that holds the label.")] = None,
) -> None:
    """Say how good labels are: agreement, and with known truths workers, confusions and what consensus delivers."""
    from .calibration.workers.quality import quality
    from .calibration.workers.reading import read_labels
    from .reports.quality import write_quality_report
    from .reports.quality_text import quality_json, quality_text
    from .scenarios.question import price_of

    terminal.files(html=report)
    paid = None if price is None else price_of(price)
    labels = read_labels(files, gold, label)
    with terminal.progress("Fitting the label model") as tell:
        found = quality(labels.data, tell)
    if report is not None:
        write_quality_report(report, labels, found, paid)
        terminal.say(f"Report: {report}")
    told = (found, labels.left_out, labels.notes, paid)
    terminal.show(json.dumps(quality_json(*told), indent=2, allow_nan=False) if as_json else quality_text(*told))


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for the profile, the report and the figures of the run.")] = Path(
        "labelcast-demo"
    ),
    replications: Replications = 20,
    processes: Processes = None,
) -> None:
    """The whole way on a bundled sample: calibrate, simulate in-house, vendor and mixed, compare, report."""
    from .demo import demo as whole_way
    from .sim.engines import ENGINES

    terminal.prepare(ENGINES[0])
    whole_way(out, replications, processes, terminal.progress, terminal.show, terminal.say)


def main() -> None:
    """Runs the command line; a refusal is told without a traceback and ends with its own exit code."""
    from .sim.errors import Refused

    with interruptible():
        try:
            app()
        except Refused as refused:
            for problem in refused.problems:
                terminal.say(problem)
            sys.exit(refused.exit_code)
        except terminal.Interrupted as end:
            terminal.say(str(end) or "Interrupted. Nothing was half-written; run the same command to start again.")
            sys.exit(130)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(0)
        except OSError as error:
            if error.filename is None:
                raise
            terminal.say(f"{error.filename}: {error.strerror}. Name a path that can be read, or written.")
            sys.exit(2)
