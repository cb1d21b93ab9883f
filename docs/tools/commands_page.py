"""Writes docs/commands.md from what `--help` says: python docs/tools/commands_page.py. A test holds the two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer.main

from labelcast.cli import app

PAGE = Path(__file__).parents[1] / "commands.md"
_HEAD = """# Commands

Written by `python docs/tools/commands_page.py` from what `--help` says; do not edit.

A command prints data to stdout and all else to stderr. `--json` is for scripts. Exit codes: 0 done, 1 a fault of
labelcast, 2 usage or scenario file, 3 data unusable, 4 infeasible, 5 precision not reached (results are printed), 6 an
`--assert` failed, 130 interrupted.
"""


def page() -> str:
    """The page: a section a command, in the order of `labelcast --help`."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return "\n".join([_HEAD, *(_section(name, one) for name, one in commands.items())])


def _section(name: str, command: Any) -> str:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and "--help" not in one.opts]
    usage = " ".join(["labelcast", name, *(_argument(one) for one in arguments), *(["[OPTIONS]"] if options else [])])
    parts = [f"## {name}\n", f"```text\n{usage}\n```\n", " ".join((command.help or "").split()) + "\n"]
    rows = [f"| `{_argument(one)}` | {_cell(one.help)} | |" for one in arguments]
    rows += [f"| `{_option(one)}` | {_cell(one.help)} | {_default(one)} |" for one in options]
    if rows:
        parts.append("\n".join(["| | what | if not said |", "|---|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _argument(one: Any) -> str:
    word = one.name.upper() + ("..." if one.nargs == -1 else "")
    return word if one.required else f"[{word}]"


def _option(one: Any) -> str:
    names = ", ".join(one.opts) + "".join(f" / {other}" for other in one.secondary_opts)
    value = (one.metavar or one.name.upper()).replace("|", " or ")
    return names if one.is_flag else f"{names} {value}"


def _default(one: Any) -> str:
    if one.is_flag or one.default is None or callable(one.default) or one.default in ((), []):
        return ""
    return f"`{one.default}`"


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
