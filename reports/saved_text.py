"""Saved runs as a list, and what running one again has shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..scenarios.saved import Again, Saved
from ..sim.errors import Refused
from . import numbers
from .tables import plain_text, table

HEADLINES = ("cost", "finish_days", "accuracy")

MOST = 12
"""KPIs that are told of a run that came out differently."""


def runs_json(found: Sequence[Saved | Refused]) -> list[dict[str, Any]]:
    """A dict for each run, or for one that cannot be read its problems."""
    return [_told(one) if isinstance(one, Saved) else {"problems": list(one.problems)} for one in found]


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


def runs_text(root: Path, found: Sequence[Saved | Refused]) -> str:
    """The list as text; runs that cannot be read come after it, with the reason."""
    whole = [one for one in found if isinstance(one, Saved)]
    rows = [["run", "when (UTC)", "n", "seed", "cost", "finish", "accuracy"]]
    for one in whole:
        at = one.when.get("created_at", "")
        asked = one.manifest.asked
        told = [at[:16].replace("T", " ") or "unknown", numbers.plain(one.manifest.replications), str(asked.seed)]
        rows.append([one.name, *told, *(_headline(one, kpi) for kpi in HEADLINES)])
    lines = [table(rows)] if whole else []
    lines += [f"\n{problem}" for one in found if isinstance(one, Refused) for problem in one.problems]
    return plain_text("\n".join(lines) or f"No run is saved in {root}. Save one: labelcast run PLAN --save {root}")


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
    lines.append(
        f"Other versions: {'; '.join(found.surroundings)}."
        if found.surroundings
        else "All versions are the same, so this is a fault of labelcast's or of the machine. Please report it."
    )
    if not found.kpis:
        lines.append("No mean of a KPI differs: only how the file is packed, or what the means do not show.")
    for kpi, (before, now) in list(found.kpis.items())[:MOST]:
        lines.append(f"  {kpi}: {before:.9g}, now {now:.9g}")
    if len(found.kpis) > MOST:
        lines.append(f"  and {len(found.kpis) - MOST} more KPIs")
    return plain_text("\n".join(lines))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
