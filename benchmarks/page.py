"""What the measurements say, as a page: docs/engines.md and its plot."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import plot
from common import CYCLE_TIME_HALF, CYCLE_TIME_MIN, EVENTS
from table import ENGINES

Figures = dict[str, Any]

HEAD = """# Engines

Written by `python benchmarks/engines.py`; do not edit. {machine}

CPU seconds of all threads after compiling, each measurement in a process of its own, the engines in turn; medians of
the rounds. A ratio is how many times longer an engine takes than `{fastest}`: the median of the rounds' ratios,
and their range. Memory is the most that the process ever held, in megabytes, the Python libraries and Numba included.

![Events a second and memory of the engines](images/engines.svg)
"""

COMMON = f"""
## The common model

Poisson arrivals, two stages, rework that goes first (`benchmarks/common.py`); written anew for each engine, in the way
of its users. Logical events: {EVENTS:.3f} an item, an arrival and a completion a visit. The mean cycle time from empty
to empty is {CYCLE_TIME_MIN} ± {CYCLE_TIME_HALF} minutes at 95%; means here are over one run a round.
"""

FULL = """
## The full line

`benchmarks/full_line.py`: sites around the clock with breaks, who may do what, people who differ, learn and tire,
priorities, three distinct labels and their majority, review, rework twice at most, adjudication; about 85% busy in
every size. Events: arrivals and tasks done. Against the reference over 10,000 items; speed over 200,000.
"""


def write(figures: Figures, docs: Path) -> None:
    """Writes docs/engines.md and docs/images/engines.svg."""
    sections = [
        HEAD.format(machine=machine(), fastest=ENGINES[figures["fastest"]].title),
        COMMON,
        _common(figures),
        FULL,
        _full(figures),
        "\n## Memory by items, common model\n",
        _memory(figures["memory"]),
        "\n## The rest\n",
        _rest(figures),
    ]
    (docs / "engines.md").write_text("\n".join(sections) + "\n")
    plot.write(figures, docs / "images" / "engines.svg")


def machine(packages: Sequence[str] = ("numba", "numpy", "simpy", "ciw", "salabim")) -> str:
    """The processor, the versions and the commit; no name of a host."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    versions = ", ".join(f"{name} {version}" for name in packages if (version := _version(name)))
    here = {"cwd": Path(__file__).parent, "capture_output": True, "text": True}
    commit = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], **here).stdout.strip()  # type: ignore[call-overload]
    changed = subprocess.run(["git", "status", "--porcelain", "--untracked-files=no"], **here).stdout.strip()  # type: ignore[call-overload]
    return (
        f"Machine: {names[0] if names else platform.processor()}, {os.cpu_count()} cores, {platform.system()}, Python "
        f"{platform.python_version()}, {versions}. Commit {commit}{' with changes' if changed else ''}."
    )


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _common(figures: Figures) -> str:
    rows = []
    for items, by_engine in figures["common"].items():
        fast = [measure["cpu_s"] for measure in by_engine[figures["fastest"]]]
        for name, measures in by_engine.items():
            cpu = [measure["cpu_s"] for measure in measures]
            means = [measure["mean_min"] for measure in measures if measure["mean_min"] is not None]
            rows.append(
                (
                    f"{items:,}",
                    ENGINES[name].title,
                    f"{statistics.median(cpu):.3g}",
                    f"{items / statistics.median(cpu):,.0f}",
                    f"{items * EVENTS / statistics.median(cpu):,.0f}",
                    _peak(measures),
                    _ratio(cpu, fast),
                    f"{statistics.mean(means):.2f}" if means else "",
                )
            )
    head = ("Items", "Engine", "CPU s", "Items/s", "Logical events/s", "Memory MB", "Ratio", "Mean cycle time, min")
    return table(head, rows)


def _full(figures: Figures) -> str:
    rows: list[tuple[str, ...]] = []
    for workers, by_engine in figures["full"].items():
        kernel = [measure["cpu_s"] for measure in by_engine["kernel"]]
        reference = [measure["cpu_s"] for measure in by_engine["reference"]]
        events = [measure["events"] for measure in by_engine["reference"]]
        slow = statistics.median(events) / statistics.median(reference)
        rows.append((f"{workers:,}", ENGINES["reference"].title, "10,000", f"{slow:,.0f}", _ratio(reference, kernel)))
        rows.extend(_long(workers, figures["long"][workers]))
    return table(("Workers", "Engine", "Items", "Events/s", "Ratio to the kernel with log"), rows)


def _long(workers: int, by_engine: dict[str, list[Figures]]) -> Iterable[tuple[str, ...]]:
    # The kernel's two modes simulate the same, and only the one with a log counts.
    events = statistics.median(measure["events"] for measure in by_engine["kernel"])
    for name, measures in by_engine.items():
        cpu = statistics.median(measure["cpu_s"] for measure in measures)
        yield f"{workers:,}", ENGINES[name].title, "200,000", f"{events / cpu:,.0f}", ""


def _memory(memory: dict[str, dict[int, float]]) -> str:
    sizes = sorted({items for peaks in memory.values() for items in peaks})
    rows = [
        (ENGINES[name].title, *(f"{peaks[items]:,.0f}" if items in peaks else "" for items in sizes))
        for name, peaks in memory.items()
    ]
    return table(("MB", *(f"{items:,} items" for items in sizes)), rows)


def _rest(figures: Figures) -> str:
    start, equality = figures["startup"], figures["equality"]
    rows = [
        (f"100 replications of 10,000 items, common model, CPU s: {ENGINES[name].title}", f"{100 * one['cpu_s']:.3g}")
        for name, one in figures["hundred"].items()
    ]
    one_by_one, at_once = (figures["at_once"][model]["cpu_s"] for model in ("common", "backlog"))
    rows += [
        ("common model with all items at the start, CPU s by those of arrivals", f"{at_once / one_by_one:.2f}"),
        ("rows of the full line equal in kernel and reference, ticks of 1 ms and 60 s", f"{equality['rows_equal']:,}"),
        ("rows that differ", f"{equality['rows_different']:,}"),
        ("`labelcast run` of a tiny scenario, wall s", f"{start['labelcast_run_s']:.2f}"),
        ("`import labelcast`, wall s", f"{start['import_labelcast_s']:.2f}"),
        ("a tiny run of the kernel in a fresh process, compiled before, wall s", f"{start['warm_run_s']:.2f}"),
        ("the same with an empty compile cache, wall s", f"{start['cold_run_s']:.1f}"),
    ]
    return table(("What", "Figure"), rows)


def _peak(measures: list[Figures]) -> str:
    return f"{statistics.median(measure['peak_mb'] for measure in measures):,.0f}"


def _ratio(slow: list[float], fast: list[float]) -> str:
    ratios = sorted(one / other for one, other in zip(slow, fast, strict=True))
    return f"{statistics.median(ratios):,.3g} ({ratios[0]:,.3g} to {ratios[-1]:,.3g})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown, numbers to the right."""
    right = "|".join("---" if number == 0 or "ngine" in name else "---:" for number, name in enumerate(head))
    return "\n".join([f"| {' | '.join(head)} |", f"|{right}|", *(f"| {' | '.join(row)} |" for row in rows)])
