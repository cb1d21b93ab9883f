"""The commands about profiles: which ones come with labelcast, and a scenario on the line of one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from . import terminal


def add(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command()(profiles)
    app.command()(scenario)


def profiles(as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False) -> None:
    """List the profiles that come with labelcast; a scenario names one as `profile: library:NAME`."""
    from .reports.shelf_text import shelf_json, shelf_text
    from .scenarios.shelf import shelf

    found = shelf()
    told = json.dumps(shelf_json(found), indent=2, ensure_ascii=False) if as_json else shelf_text(found)
    terminal.show(told)


def scenario(
    profile: Annotated[str, typer.Argument(help="A profile, or library:NAME for one that `labelcast profiles` lists.")],
    out: Annotated[
        Path | None, typer.Option(help="Where to write the scenario; beside you, by the profile's name, if not said.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Overwrite a file that is there.")] = False,
) -> None:
    """Write a commented scenario on the line of a profile, ready to check and run."""
    from .scenarios.library import PREFIX, profile_path
    from .scenarios.ready import scenario_text
    from .scenarios.shelf import told
    from .sim.errors import ScenarioRefused
    from .sim.files import write_text

    try:
        source = profile_path(profile, Path())
    except ValueError as error:
        raise ScenarioRefused(f"{profile}: {error}") from error
    found = told(source)
    path = out or Path(f"{found.name}.yaml")
    terminal.files(yaml=path)
    if path.exists() and (not force or path.samefile(source)):
        mend = "Name another one" if path.samefile(source) else "Name another one, or say --force to overwrite it"
        raise ScenarioRefused(f"{path}: a file is there already. {mend}: --out FILE.")
    named = profile if profile.startswith(PREFIX) else Path(os.path.relpath(source, path.parent)).as_posix()
    write_text(path, scenario_text(found, named))
    terminal.say(f"Wrote {path}. Next: labelcast check {path}, labelcast run {path}")
