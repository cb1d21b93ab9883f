"""Where the rivals' Python is: they have an environment of their own, as they pin and pull what we do not."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]


def interpreter() -> Path:
    """The rivals' Python: that of LABELCAST_RIVALS (an interpreter, or the folder of an environment), else of
    .venv-rivals at the project's root. Ends with how to make it where there is none."""
    told = Path(os.environ.get("LABELCAST_RIVALS", ROOT / ".venv-rivals"))
    python = told / "bin" / "python" if told.is_dir() else told
    if not python.exists():
        raise SystemExit(f"no rivals at {told}: make them by `make rivals`, or name their Python in LABELCAST_RIVALS")
    return python
