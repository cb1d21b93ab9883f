"""Debian's Chromium, as tests drive it: whether it is here, what axe-core finds, what a page says and asks."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

LONG_MS = 120_000
"""How long anything may take before a test fails: far longer than it takes, as machines may be busy."""


def missing(*modules: str) -> str:
    """Why tests in a browser that need these modules cannot run here, "" where they can."""
    for module in (*modules, "playwright", "axe_playwright_python"):
        if find_spec(module) is None:
            return f"BROWSER TESTS SKIPPED: {module} is not installed (pip install -e '.[dev]')"
    if chromium() is None:
        return "BROWSER TESTS SKIPPED: no chromium is installed (Debian: apt-get install chromium)"
    return ""


def chromium() -> str | None:
    """Where it is."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def serious(page: Any) -> list[str]:
    """Violations on a page that axe-core calls serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in Axe().run(page).response["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@dataclass
class Heard:
    """Errors on a page's console, and what it asked of others than `own`."""

    own: tuple[str, ...]
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def listen(self, page: Any) -> None:
        """Notes them from now on."""
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(self.own) else self.outside.append(asked.url))

    def nothing(self) -> None:
        """No page may leave an error on the console, or ask anything of another machine."""
        assert not self.errors, "the console is free of errors"
        assert not self.outside, "nothing is asked of another machine"
