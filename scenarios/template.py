"""The scenario file that `labelcast init` writes."""

from __future__ import annotations

from importlib import resources


def template() -> str:
    """A commented scenario, ready to run."""
    return (resources.files(__package__) / "library" / "template.yaml").read_text(encoding="utf-8")
