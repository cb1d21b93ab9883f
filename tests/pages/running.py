"""Runs a page: writes its files, types its commands, in order, and holds what it shows against what comes."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
from pathlib import Path

import pytest
from typed import labelcast

from .blocks import ROOT, Command, blocks, commands
from .shown import astray


def run(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Runs a page in a folder, which has the examples; what does not hold, each with its line. No command is run twice
    or left out: `make` is looked up in the Makefile alone, since it installs, and the checks of a change run it."""
    shutil.copytree(ROOT / "examples", folder / "examples", dirs_exist_ok=True)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)  # no processes: they cost more to start than these runs take
    wrong: list[str] = []
    printed: str | None = None
    names: dict[str, object] = {}
    for block in blocks(text):
        typed = commands(block)
        if block.title:
            (folder / block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(block.text, f"line {block.line}", "exec"), names)
            printed = out.getvalue()
        elif block.language == "text":
            if not block.follows or printed is None:
                wrong.append(f"{block.line}: output without a command right before it")
            elif (why := astray(block.text, printed)) is not None:
                wrong.append(f"{block.line}: {why}")
            printed = None
        for command in typed:
            code, printed = _typed(command, monkeypatch)
            if code != command.code:
                wrong.append(f"{command.line}: {command} ended with exit code {code}: {printed[-800:]}")
    return wrong


def _typed(command: Command, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Exit code and what was printed, to stdout and stderr as a terminal shows both."""
    if command.words[0] == "make":
        made = (ROOT / "Makefile").read_text(encoding="utf-8")
        there = re.search(rf"^{re.escape(command.words[-1])}:", made, re.MULTILINE)
        return (0, "") if there else (2, f"no rule to make {command.words[-1]}")
    if command.words[0] != "labelcast":
        return 127, "of commands labelcast and make are run; write Python as a block `python`"
    told, out = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out if command.into else told), contextlib.redirect_stderr(told):
        code = labelcast(monkeypatch, *command.words[1:])
    if command.into:
        Path(command.into).write_text(out.getvalue(), encoding="utf-8")
    return code, told.getvalue()
