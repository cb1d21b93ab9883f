"""Tables and event logs of a run, and the command that works out the KPIs of a log that labelcast wrote."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import terminal

if TYPE_CHECKING:
    from .sim.log import Log
    from .sim.replicate import Runs


Events = Annotated[
    Path | None, typer.Option(help="Write the first replication as an event log: .xes, or .jsonocel (OCEL 2.0).")
]


def write(first: Log, runs: Runs, tables: Path | None, events: Path | None) -> None:
    """Writes the log of the first replication as tables with its idle time, or as an event log, and says so."""
    from .calibration.events import write_events
    from .reports.idle_table import idle_csv
    from .sim.files import write_text
    from .sim.store import write_tables_csv

    if events is not None:
        write_events(events, first)
        terminal.say(f"Events: {events}")
    if tables is not None:
        own = runs.ledger[runs.ledger["replication"] == 0]
        write_tables_csv(tables, first)
        write_text(tables / "idle.csv", idle_csv(first, own, runs.line.currency))
        terminal.say(f"Tables: {tables}")


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(kpis)


def kpis(
    log: Annotated[Path, typer.Argument(help="What `run --log` or `run --events` wrote: Parquet, XES or OCEL 2.0.")],
    replication: Annotated[int, typer.Option(min=0, help="Of a Parquet file with several.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Work out the KPIs of a log anew, from its rows alone; those of money are withheld, as a log holds no prices."""
    from .reports.kpis_text import kpis_text
    from .sim.kpis import kpis as measured

    found = measured(_read(log, replication), None)
    if as_json:
        told = {name: value if math.isfinite(value) else None for name, value in found.items()}
        terminal.show(json.dumps(told, indent=2, allow_nan=False))
    else:
        terminal.show(kpis_text(found))


def _read(path: Path, replication: int) -> Log:
    """Raises DataRefused where it is no log of labelcast's."""
    from .calibration.events.files import ENDINGS, read_events
    from .sim.errors import DataRefused
    from .sim.store import read_log

    if path.suffix.lower() not in ENDINGS:
        return read_log(path, replication)
    if not path.is_file():
        raise DataRefused(f"{path}: there is no such file. Name what `run --events` wrote.")
    return read_events(path)
