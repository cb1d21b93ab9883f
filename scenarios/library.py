"""The scenarios that come with labelcast."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

NAMES = ("in-house", "vendor", "both", "common-model")


def scenarios() -> dict[str, Path]:
    """Path of each scenario of the library, by name."""
    folder = Path(str(resources.files(__package__))) / "library"
    return {name: folder / f"{name}.yaml" for name in NAMES}
