"""Saved runs and answers as a list, and what making one again has shown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..scenarios.saved import Again, Saved, SavedAnswer
from ..sim.errors import Refused
from . import numbers
from .tables import plain_text, table

HEADLINES = ("cost", "finish_days", "accuracy")

MOST = 12
"""KPIs that are told of a run that came out differently."""


Found = Saved | SavedAnswer | Refused


def runs_json(found: Sequence[Found]) -> list[dict[str, Any]]:
    """A dict for each run and answer, or for one that cannot be read its problems."""
    return [
        {"problems": list(one.problems)}
        if isinstance(one, Refused)
        else (_told(one) if isinstance(one, Saved) else _answer(one))
        for one in found
    ]


def _answer(saved: SavedAnswer) -> dict[str, Any]:
    manifest = saved.manifest
    return {
        "answer": saved.name,
        "question": manifest.question.name,
        "arguments": dict(manifest.question.arguments),
        "created_at": saved.when.get("created_at"),
        "command": saved.when.get("command"),
        "version": manifest.versions.get("labelcast"),
        "runs": [one.id for one in manifest.runs],
    }


def _told(saved: Saved) -> dict[str, Any]:
    manifest = saved.manifest
    kpis = saved.results["kpis"]
    return {
        "run": saved.name,
        "scenario": manifest.name,
        "created_at": saved.when.get("created_at"),
        "command": saved.when.get("command"),
        "replications": manifest.replications,
        "seed": manifest.asked.seed,
        "engine": manifest.asked.engine,
        "version": manifest.versions.get("labelcast"),
        "digest": manifest.digest,
        "kpis": {name: kpis[name] for name in HEADLINES if name in kpis},
    }


def runs_text(root: Path, found: Sequence[Found]) -> str:
    """The list as text: runs, answers, and those that cannot be read with the reason."""
    rows = [["run", "when (UTC)", "n", "seed", "cost", "finish", "accuracy"]]
    for one in found:
        if isinstance(one, Saved):
            many = numbers.plain(one.manifest.replications)
            told = [_when(one), many, str(one.manifest.asked.seed)]
            rows.append([one.name, *told, *(_headline(one, kpi) for kpi in HEADLINES)])
    asked = [["answer", "when (UTC)", "asks", "of runs"]]
    for one in found:
        if isinstance(one, SavedAnswer):
            asked.append([one.name, _when(one), one.manifest.question.name, str(len(one.manifest.runs))])
    parts = [table(each) for each in (rows, asked) if len(each) > 1]
    parts += [problem for one in found if isinstance(one, Refused) for problem in one.problems]
    return plain_text("\n\n".join(parts) or f"No run is saved in {root}. Save one: labelcast run PLAN --save {root}")


def _when(one: Saved | SavedAnswer) -> str:
    return one.when.get("created_at", "")[:16].replace("T", " ") or "unknown"


def _headline(saved: Saved, kpi: str) -> str:
    told = saved.results["kpis"].get(kpi)
    if told is None:
        return ""
    mean, low, high = (math.nan if told[key] is None else float(told[key]) for key in ("mean", "low", "high"))
    if math.isnan(mean):
        return "not finished" if told.get("never") else numbers.NOT_COMPUTED
    return numbers.mean_half_width(mean, low, high, told["unit"])


def again_json(found: Again) -> dict[str, Any]:
    """What differs, as a dict."""
    return {
        "run": found.saved.name,
        "same": found.same,
        "files": list(found.files),
        "versions": list(found.surroundings),
        "kpis": {name: {"before": _finite(a), "now": _finite(b)} for name, (a, b) in found.kpis.items()},
    }


def again_text(found: Again) -> str:
    """Whether the bytes are the same; if not, which files, how much, and why that may be."""
    name, many = found.saved.name, numbers.plain(len(found.runs.kpis))
    if found.same:
        return plain_text(f"{name}: {many} replications came out again, every byte the same.")
    lines = [f"{name}: came out differently in {', '.join(found.files)}."]
    lines.append(_reason(found.surroundings))
    if not found.kpis:
        lines.append("No mean of a KPI differs: only how the file is packed, or what the means do not show.")
    for kpi, (before, now) in list(found.kpis.items())[:MOST]:
        lines.append(f"  {kpi}: {before:.9g}, now {now:.9g}")
    if len(found.kpis) > MOST:
        lines.append(f"  and {len(found.kpis) - MOST} more KPIs")
    return plain_text("\n".join(lines))


def asked_again_json(
    saved: SavedAnswer, files: Sequence[str], surroundings: Sequence[str], numbers: Mapping[str, tuple[Any, Any]]
) -> dict[str, Any]:
    """What differs in an answer to the same question, as a dict."""
    return {
        "answer": saved.name,
        "same": not files,
        "files": list(files),
        "versions": list(surroundings),
        "numbers": {name: {"before": a, "now": b} for name, (a, b) in numbers.items()},
    }


def asked_again_text(
    saved: SavedAnswer, files: Sequence[str], surroundings: Sequence[str], numbers: Mapping[str, tuple[Any, Any]]
) -> str:
    """Whether the bytes are the same; if not, which numbers, and why that may be."""
    if not files:
        return plain_text(f"{saved.name}: the same answer came out again, every byte of it.")
    lines = [f"{saved.name}: another answer came out, in {', '.join(files)}.", _reason(surroundings)]
    lines += [f"  {name}: {before}, now {now}" for name, (before, now) in [*numbers.items()][:MOST]]
    if len(numbers) > MOST:
        lines.append(f"  and {len(numbers) - MOST} more numbers and words")
    return plain_text("\n".join(lines))


def _reason(surroundings: Sequence[str]) -> str:
    if surroundings:
        return f"Other versions: {'; '.join(surroundings)}."
    return "All versions are the same, so this is a fault of labelcast's or of the machine. Please report it."


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
