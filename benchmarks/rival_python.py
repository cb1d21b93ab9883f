"""Where the rivals' Python is: they have an environment of their own, as they pin and pull what we do not."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]


HOW = "the rivals are not there: make them by `make rivals`, or name their Python in LABELCAST_RIVALS"


def found() -> Path | None:
    """The rivals' Python: that of LABELCAST_RIVALS (an interpreter, or the folder of an environment), else of
    .venv-rivals at the project's root; None where there is none."""
    told = Path(os.environ.get("LABELCAST_RIVALS", ROOT / ".venv-rivals"))
    python = told / "bin" / "python" if told.is_dir() else told
    return python if python.exists() else None


def interpreter() -> Path:
    """The same; ends with how to make it where there is none."""
    python = found()
    if python is None:
        raise SystemExit(HOW)
    return python
