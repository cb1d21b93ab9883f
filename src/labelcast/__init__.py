"""labelcast forecasts a data-annotation production line: how long, what cost, how good, how sure.

    from pathlib import Path
    import labelcast

    line = labelcast.load(Path("my-plan.yaml"))
    runs = labelcast.replicate(line, replications=20, seed=1, processes=1)
    labelcast.summaries(runs)["cost"]      # mean with its interval, and percentiles
    runs.kpis                              # a pandas frame: a row a replication, a column a KPI

Names are imported when first used: `import labelcast` alone loads nothing heavy.
"""

from __future__ import annotations

from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .calibration.calibrate import calibrate
    from .reports.page import write_report
    from .scenarios.compare import compare
    from .scenarios.load import load
    from .sim.agreement import agreement_of
    from .sim.replicate import replicate, summaries
    from .sim.store import read_log, write_log

__all__ = [
    "agreement_of",
    "calibrate",
    "compare",
    "load",
    "read_log",
    "replicate",
    "summaries",
    "write_log",
    "write_report",
]

_ROOMS = {
    "agreement_of": "sim.agreement",
    "calibrate": "calibration.calibrate",
    "compare": "scenarios.compare",
    "load": "scenarios.load",
    "read_log": "sim.store",
    "replicate": "sim.replicate",
    "summaries": "sim.replicate",
    "write_log": "sim.store",
    "write_report": "reports.page",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return metadata.version("labelcast")
    if name not in _ROOMS:
        raise AttributeError(f"labelcast has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f".{_ROOMS[name]}", __name__), name)
