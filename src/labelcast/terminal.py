"""What commands say to the terminal, and what they refuse before any work is done. stdout is data, stderr progress."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class Interrupted(BaseException):
    """Ctrl-C. Not KeyboardInterrupt, which the command line's library would end without a word."""


def found(scenario: Path) -> Path:
    """The file of a scenario, or the library's scenario of that name."""
    if scenario.exists() or scenario.suffix:
        return scenario
    from .scenarios.library import scenarios

    return scenarios().get(str(scenario), scenario)


KINDS = {
    "csv": ("a CSV file", (".csv",)),
    "events": ("an event log", (".xes", ".jsonocel", ".json")),
    "html": ("a page", (".html", ".htm")),
    "parquet": ("a Parquet file", (".parquet",)),
    "svg": ("a picture", (".svg",)),
    "xlsx": ("a workbook", (".xlsx",)),
    "yaml": ("a YAML file", (".yaml", ".yml")),
}
"""What files are, and how their names end."""


def files(*paths: Path | None, **kinds: Path | None) -> None:
    """Refuses, before any work is done, to write a file where a folder is, or one whose name does not end as its kind
    asks. paths: of files of no such kind.  kinds: by the kind, of KINDS."""
    from .sim.errors import ScenarioRefused

    named = [path for path in (*paths, *kinds.values()) if path is not None]
    problems = [f"{path}: a folder is there. Name a file to write." for path in named if path.is_dir()]
    for kind, path in kinds.items():
        what, ends = KINDS[kind]
        if path is not None and not path.is_dir() and path.suffix.lower() not in ends:
            found = f"ends in {path.suffix}" if path.suffix else "has no ending"
            mend = path.with_suffix(ends[0]) if path.name else f"NAME{ends[0]}"
            problems.append(
                f"{path}: {what} is written here, which ends in {ends[0]}, but this {found}. Name it {mend}."
            )
    if problems:
        raise ScenarioRefused(problems)


def folder(path: Path | None) -> None:
    """Refuses, before any work is done, to write a folder where a file is."""
    from .sim.errors import ScenarioRefused

    if path and path.exists() and not path.is_dir():
        raise ScenarioRefused(f"{path}: a file is there. Name a folder to write into.")


def typed_now() -> dict[str, str]:
    """When it is (ISO 8601), and which command was typed."""
    return {
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": shlex.join(["labelcast", *sys.argv[1:]]),
    }


def show(text: str) -> None:
    """Prints data."""
    sys.stdout.write(text.rstrip("\n") + "\n")


def say(text: str) -> None:
    """Prints what a person at the terminal should know."""
    sys.stderr.write(text + "\n")


def prepare(engine: str) -> None:
    """Makes an engine ready to run, and says so, because it takes a while the first time."""
    from .sim import engines

    if not engines.ready(engine):
        say("Compiling the engine, once on this machine: about a minute.")
        with progress("Compiling the engine") as tell:
            engines.prepare(engine, tell)


@contextmanager
def progress(what: str) -> Iterator[Callable[..., None]]:
    """A bar with time left on stderr, when that is a terminal; told (done, of how many) and, if it changes, a text."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns: list[Any] = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()]
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def tell(done: int, total: int, what: str | None = None) -> None:
            bar.update(task, completed=done, total=total, description=what)

        yield tell
