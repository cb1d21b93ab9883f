"""The demo: the whole way on a bundled sample, from an export to a comparison of three plans."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from .calibration import sample
from .calibration.calibrate import calibrate
from .calibration.profile import write
from .reports.fit import write_fit_report
from .reports.page import write_report
from .reports.tables import comparison_text
from .scenarios.compare import MORE, compare
from .scenarios.library import scenarios
from .scenarios.load import load
from .sim.files import write_text
from .sim.replicate import replicate

PLANS = ("in-house", "vendor", "mixed")
SEED = 1

Progress = Callable[[str], AbstractContextManager[Callable[[int, int], None]]]


def demo(
    out: Path,
    replications: int,
    processes: int | None,
    progress: Progress,
    tell: Callable[[str], None],
    say: Callable[[str], None],
) -> None:
    """Calibrates from the sample, simulates three plans, compares them, and writes profile and reports to `out`.

    progress: opens a progress bar.  tell: prints a result.  say: prints what is going on.  demo.json keeps how many
    seconds it took.
    """
    begin = time.perf_counter()
    say(f"The sample {sample.PATH.name} was made by labelcast's own simulation; no such team exists.")
    profile = out / "team.profile.yaml"
    with progress("1/3 Calibrating from the sample export") as step:
        fit = calibrate([sample.PATH], timezone="Europe/Paris", progress=step)
        write(fit, profile)
        write_fit_report(out / "fit.html", fit)
    lines = [load(scenarios()[name], profile) for name in PLANS]
    runs = []
    for line in lines:
        with progress(f"2/3 Simulating {line.name}, {replications} replications") as step:
            runs.append(replicate(line, replications, SEED, processes, progress=step))
    with progress("3/3 Comparing and writing the report"):
        comparison = compare(runs, besides=MORE)
        write_report(out / "report.html", runs, comparison)
    seconds = time.perf_counter() - begin
    write_text(out / "demo.json", json.dumps({"demo_seconds": round(seconds, 2), "replications": replications}) + "\n")
    tell(comparison_text(runs, comparison))
    say(f"Profile:     {profile}")
    say(f"Calibration: {out / 'fit.html'}")
    say(f"Report:      {out / 'report.html'}  (open it in a browser)")
    say(f"Done in {seconds:.0f} seconds.")
