"""The command line: a command loads, calls one function, prints. stdout is data, stderr is progress."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Forecasts a data-annotation production line.")


@app.callback()
def root() -> None:
    """Forecasts a data-annotation production line."""


def main() -> None:
    """Runs the command line."""
    app()
