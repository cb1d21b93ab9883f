"""How long one waits before anything is simulated: wall seconds of commands in fresh processes.

The scenario is tiny, so that what is measured is imports, compiled code and the door.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCENARIO = """labelcast: 1
start: 2027-01-04T09:00
timezone: UTC
currency: EUR
work:
  images: {backlog: 20 items, difficulty: {spread: 0.8, attractor: 3}}
pools:
  team: {headcount: 3, calendar: always, pay: {hourly: 20 EUR}}
  reviewers: {headcount: 2, calendar: always, pay: {hourly: 30 EUR}}
stages:
  annotate: {pools: [team], time: 42 s}
  review: {pools: [reviewers], time: 10 s}
"""

ONE_RUN = "from table import ENGINES, full; full(ENGINES[{engine!r}], 60, 20)(0)"


def startup(engine: str, repeats: int) -> dict[str, float]:
    """Wall seconds, the median of the repeats: `labelcast run` of the scenario; importing labelcast; one run of a tiny
    line with what was compiled before, and, once, with nothing compiled before."""
    door = str(Path(sys.executable).parent / "labelcast")
    run = [sys.executable, "-c", ONE_RUN.format(engine=engine)]
    with tempfile.TemporaryDirectory() as folder:
        scenario = Path(folder) / "tiny.yaml"
        scenario.write_text(SCENARIO)
        commands = {
            "labelcast_run_s": [door, "run", str(scenario), "-n", "1", "--processes", "1"],
            "import_labelcast_s": [sys.executable, "-c", "import labelcast"],
            "warm_run_s": run,
        }
        found = {}
        for name, command in commands.items():
            _wall_s(command)  # fills the compile cache and the file cache
            found[name] = statistics.median(_wall_s(command) for _ in range(repeats))
        found["cold_run_s"] = _wall_s(run, {"NUMBA_CACHE_DIR": str(Path(folder) / "cache")})
    return found


def _wall_s(command: list[str], more: dict[str, str] | None = None) -> float:
    begin = time.perf_counter()
    subprocess.run(
        command, env={**os.environ, **(more or {})}, cwd=Path(__file__).parent, capture_output=True, check=True
    )
    return time.perf_counter() - begin
