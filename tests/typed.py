"""Commands as a user types them."""

from __future__ import annotations

import sys

import pytest

from labelcast import cli


def labelcast(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """Runs a command; its exit code."""
    monkeypatch.setattr(sys, "argv", ["labelcast", *map(str, words)])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0
