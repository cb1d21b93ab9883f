"""Writes what is kept in the repository from the models: python -m labelcast.scenarios.publish [ROOT]."""

from __future__ import annotations

import sys
from pathlib import Path

from ..sim.files import write_text
from .schema import FILE, page, schema_text


def publish(root: Path) -> None:
    """Writes the JSON Schema beside the models, and docs/scenario-file.md under `root`."""
    write_text(FILE, schema_text())
    write_text(root / "docs" / "scenario-file.md", page())


if __name__ == "__main__":
    publish(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
