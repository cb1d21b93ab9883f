"""The command that opens the studio: a line on a local web page, with levers to move."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from . import terminal


def add(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(studio)


def studio(
    scenario: Annotated[
        Path | None, typer.Argument(help="A scenario file, or the name of one in the library; it may be opened later.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0: any that is free.")] = 8501,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
) -> None:
    """Open the studio on this machine: move people, reviews, labels and prices, and see what comes of it."""
    from .reports.studio import serve

    serve.check_extra()
    path = None if scenario is None else terminal.found(scenario)
    if path is not None:
        from .answers.scenario import load

        load(path)  # what is wrong with it is told here, before a page opens
        os.environ[serve.FILE] = str(path.resolve())
    else:
        os.environ.pop(serve.FILE, None)
    terminal.prepare("fast")
    at = port or _free()
    terminal.say(f"The studio: http://{serve.LOOPBACK}:{at}  (Ctrl-C ends it)")
    serve.serve(at, browser)


def _free() -> int:
    """A port that is free now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
